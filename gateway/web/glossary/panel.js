/** One term in all its parts: beside the table on wide screens, a sheet over it on phones. */
import { html, useEffect, useLayoutEffect, useMemo, useRef, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { Icon } from "../shared/icons.js";
import { draftOf, differs, problemOf, termOf, titleOf } from "./draft.js";
import { EntryFields } from "./entry.js";
import { History } from "./history.js";
import { TryOut } from "./tryout.js";
import { Usage } from "./usage.js";
import { conflictWords, isSerious, troubleWords } from "./words.js";

const CHECK_MS = 400;
const NARROW = "(max-width: 1000px)";

export function Panel({ open, editor, names, languages, offered, onSaved, onOpen, onClose, onDelete, tell, fail }) {
  const [term, setTerm] = useState(null); // as it is stored; null: new, or not here yet
  const [draft, setDraft] = useState(() => (open.id ? null : open.draft ?? draftOf(null, languages)));
  const [base, setBase] = useState(null); // what the draft began as
  const [tab, setTab] = useState(open.tab ?? "entry");
  const [checked, setChecked] = useState({ warnings: [], forms: {} });
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const [insists, setInsists] = useState(false);
  const box = useRef(null);
  const first = useRef(null);
  const proposes = !editor;
  const readOnly = proposes && Boolean(open.id);

  const take = (got) => {
    const held = draftOf(got, languages);
    setTerm(got);
    setDraft(held);
    setBase(held);
    setChecked((before) => ({ ...before, warnings: got.warnings ?? [] }));
  };
  useEffect(() => {
    if (!open.id) {
      setBase(draftOf(null, languages));
      return;
    }
    api("GET", `glossary/terms/${encodeURIComponent(open.id)}`).then(take, (error) => (fail(error), onClose()));
  }, []);
  const here = draft !== null;
  useLayoutEffect(() => {
    const dialog = box.current;
    if (dialog.open) return;
    if (matchMedia(NARROW).matches) dialog.showModal();
    else if (open.follow) dialog.setAttribute("open", ""); // the focus stays in the table
    else dialog.show();
  }, []);
  useEffect(() => {
    if (here && !open.follow && tab === "entry" && !readOnly) first.current?.focus({ preventScroll: true });
  }, [here]);

  const dirty = Boolean(draft && base && differs(draft, base));
  const form = useMemo(() => draft && termOf(draft), [draft]);
  useLayoutEffect(() => {
    open.guard.current = dirty ? () => (setProblem("Save this term first, or discard the changes."), false) : null;
    return () => (open.guard.current = null);
  }, [dirty]);

  // Conflicts are told while the term is being written.
  useEffect(() => {
    setInsists(false);
    if (!draft || problemOf(draft) || !dirty) return undefined;
    const stopper = new AbortController();
    const timer = setTimeout(() => {
      api("POST", "glossary/terms/check", { id: draft.id ?? undefined, term: form }, { signal: stopper.signal }).then(setChecked, () => {});
    }, CHECK_MS);
    return () => {
      clearTimeout(timer);
      stopper.abort();
    };
  }, [draft]);

  const suggest = async (wording) => {
    const known = { ...draft, kind: "do-not-translate" }; // one language is enough to ask for its forms
    const answer = await api("POST", "glossary/terms/check", { id: draft.id ?? undefined, term: termOf(known) }).catch(() => null);
    return answer?.forms?.[wording.language] ?? [];
  };

  const save = async () => {
    const missing = problemOf(draft);
    if (missing) return setProblem(missing);
    setBusy(true);
    setProblem("");
    try {
      const { warnings } = await api("POST", "glossary/terms/check", { id: draft.id ?? undefined, term: form });
      setChecked((held) => ({ ...held, warnings }));
      if (warnings.some(isSerious) && !insists) {
        setInsists(true);
        setProblem("It contradicts another term, see above. Save it all the same?");
        return;
      }
      if (open.send) {
        await open.send(form);
        open.guard.current = null;
        onClose();
      } else if (proposes) {
        await api("POST", "glossary/proposals", { term: form });
        tell("Proposed. A maintainer decides.");
        open.guard.current = null;
        onClose();
      } else if (draft.id) {
        const saved = await api("PUT", `glossary/terms/${encodeURIComponent(draft.id)}`, form, { headers: { "if-match": `"${term.changed}"` } });
        take(saved);
        onSaved(saved);
        tell(`Saved “${titleOf(saved, languages)}”. The next message uses it.`);
      } else {
        const saved = await api("POST", "glossary/terms", form);
        tell(`Saved “${titleOf(saved, languages)}”. The next message uses it.`);
        open.guard.current = null;
        onSaved(saved);
        onOpen(null);
        onOpen({ blank: true, key: saved.id }); // ready for the next one
      }
    } catch (error) {
      if (error.code === "moved" && error.content.term) {
        setTerm(error.content.term);
        setProblem("Somebody changed this term meanwhile. Save again to put yours in its place.");
      } else setProblem(error.content?.field ? `${names(error.content.field)}: ${error.message}` : troubleWords(error));
    } finally {
      setBusy(false);
    }
  };
  const discard = () => {
    setDraft(base);
    setProblem("");
    setChecked((held) => ({ ...held, warnings: term?.warnings ?? [] }));
    open.guard.current = null;
    if (!draft.id) onClose();
  };
  const close = () => {
    if (open.guard.current && !open.guard.current()) return;
    onClose();
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if ((event.key === "Enter" && (event.ctrlKey || event.metaKey)) || (event.key === "s" && (event.ctrlKey || event.metaKey))) {
      event.preventDefault();
      if (!readOnly && dirty) void save();
    } else if (event.key === "Enter" && tab === "entry" && event.target.matches("input.field") && !readOnly) {
      event.preventDefault();
      void save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  };
  const title = open.title ?? (open.id ? titleOf(term, languages) : proposes ? "Propose a term" : "New term");
  const tabs = [["entry", "Entry"], ...(editor ? [["try", "Try out"]] : []), ...(open.id ? [["use", "Use"], ["history", "History"]] : [])];
  const shown = checked.warnings;

  return html`<dialog class="panel" ref=${box} aria-labelledby="panel-title" onKeyDown=${onKeyDown} onCancel=${(e) => (e.preventDefault(), close())}>
    <header class="panel-head">
      <h2 id="panel-title" dir="auto">${title}</h2>
      ${open.id && editor && html`<button type="button" class="icon-button" aria-label=${`Delete ${title}`} title="Delete" onClick=${() => term && onDelete(term)}><${Icon} name="trash" size=${18} /></button>`}
      <button type="button" class="icon-button" aria-label="Close" title="Close (Esc)" onClick=${close}><${Icon} name="close" /></button>
    </header>
    <div class="panel-tabs" role="group" aria-label="Parts of the term">
      ${tabs.map(([key, words]) => html`<button type="button" key=${key} aria-pressed=${tab === key ? "true" : "false"} onClick=${() => setTab(key)}>${words}</button>`)}
    </div>
    <div class="panel-body" tabindex="-1">
      ${draft && tab === "entry" && html`${open.lead}
        <${EntryFields} draft=${draft} onChange=${(next) => (setDraft(next), setProblem(""))} names=${names} offered=${offered} readOnly=${readOnly} first=${first} onSuggest=${readOnly ? null : suggest} />
        ${term && html`<p class="byline">${bylineOf(term)}</p>`}`}
      ${draft && tab === "try" && html`<${TryOut} drafts=${[{ ...form, ...(draft.id && { id: draft.id }) }]} changed=${dirty || !draft.id} names=${names} languages=${Object.keys(form.wordings)} example=${form.wordings} editor=${editor} />`}
      ${tab === "use" && html`<${Usage} id=${open.id} use=${term?.use} />`}
      ${tab === "history" && html`<${History} id=${open.id} editor=${editor} names=${names} languages=${languages} tell=${tell} fail=${fail} onChanged=${() => {
        api("GET", `glossary/terms/${encodeURIComponent(open.id)}`).then((got) => (take(got), onSaved(got)), () => (onSaved({ id: open.id }), onClose()));
      }} />`}
    </div>
    ${draft && !readOnly && (tab === "entry" || tab === "try") && html`<footer class="panel-foot">
      <div class="warnings" role="status">${shown.map((each) => html`<p class=${`note ${isSerious(each) ? "warn" : ""}`} key=${each.code + each.language + each.other}><${Icon} name="warning" size=${16} />
        <span>${conflictWords(each, names)}${each.other && each.other !== open.id && html` <button type="button" class="link-button" onClick=${() => onOpen({ id: each.other })}>Show that term</button>`}</span></p>`)}</div>
      <p class="problem" role="alert">${problem}</p>
      <div class="panel-buttons">
        <button type="button" class="button primary" disabled=${busy || (!dirty && !open.send)} onClick=${save}>${open.sendLabel ?? (insists ? "Save all the same" : proposes ? "Propose" : "Save")}</button>
        <button type="button" class="button" disabled=${!dirty && Boolean(draft.id)} onClick=${discard}>${draft.id ? "Discard changes" : "Cancel"}</button>
        <span class="quiet">${dirty && draft.id ? "Not saved yet" : ""}</span>
      </div>
    </footer>`}
  </dialog>`;
}

function bylineOf(term) {
  const day = (ts) => new Date(ts).toLocaleDateString("en-GB", { day: "numeric", month: "short", year: "numeric" });
  const added = term.created ? `Added ${day(term.created)}${term.author ? ` by ${term.author}` : ""}.` : "";
  return term.changed > term.created ? `${added} Last changed ${day(term.changed)}.` : added;
}
