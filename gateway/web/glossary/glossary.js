/** The glossary page: terms, proposals, history and a place to try drafts out; the next message uses what is saved. */
import { html, useCallback, useEffect, useRef, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { Icon } from "../shared/icons.js";
import { KeyHelp } from "../shared/keyhelp.js";
import { languageNames } from "../shared/locale.js";
import { may } from "../shared/session.js";
import { useSetting } from "../shared/settings.js";
import { TopBar } from "../shared/topbar.js";
import { Browse } from "./browse.js";
import { titleOf } from "./draft.js";
import { ExportMenu } from "./export.js";
import { History } from "./history.js";
import { ImportDialog } from "./import.js";
import { KEYS, actionFor } from "./keys.js";
import { VIEWS, usePlace } from "./place.js";
import { Proposals } from "./proposals.js";
import { shownLanguages } from "./query.js";
import { TryOut } from "./tryout.js";
import { counted, troubleWords } from "./words.js";

const TOLD_MS = 10_000;
const names = languageNames("en");

export function Glossary({ user, logOut, expire }) {
  const editor = may(user, "maintainer");
  const [place, go] = usePlace();
  const [open, setOpen] = useState(null);
  const [facts, setFacts] = useState({ all: null, languages: [] });
  const [proposed, setProposed] = useState(0);
  const [stamp, setStamp] = useState(0);
  const [bringing, setBringing] = useState({ way: null });
  const [help, setHelp] = useState(false);
  const [chosen, setChosen] = useSetting("glossary:columns", null);
  const [said, say] = useState(null); // {text, undo, bad}
  const guard = useRef(null);
  const finder = useRef(null);

  const tell = useCallback((text, undo) => say({ text, undo }), []);
  const fail = useCallback((error) => {
    if (error.status === 401) expire();
    say({ text: troubleWords(error), bad: true });
  }, []);
  const count = () => api("GET", "glossary/stats").then((stats) => setProposed(stats.proposals), () => {});
  const renew = () => {
    setStamp((n) => n + 1);
    void count();
  };
  useEffect(() => void count(), []);
  useEffect(() => {
    if (!said || said.bad) return undefined;
    const timer = setTimeout(() => say(null), TOLD_MS);
    return () => clearTimeout(timer);
  }, [said]);

  /** A panel with unsaved changes stays: who only moves through the table is not stopped, who opens another is told. */
  const show = (next) => {
    if (guard.current && (!next || next.id !== open?.id)) {
      if (next?.follow || !guard.current()) return;
    }
    setOpen(next && { ...next, guard });
    go(!next && open?.from ? { view: open.from, term: null } : { view: "terms", term: next?.id ?? null });
  };
  useEffect(() => {
    if (place.term && open?.id !== place.term) show({ id: place.term });
  }, [place.term]);

  const undo = async (version) => {
    try {
      await api("POST", `glossary/history/${version}/undo`, {});
      tell("Undone.");
      renew();
    } catch (error) {
      fail(error);
    }
  };
  const remove = async (term) => {
    try {
      await api("DELETE", `glossary/terms/${encodeURIComponent(term.id)}`);
      guard.current = null;
      if (open?.id === term.id) show(null);
      renew();
      const { entries } = await api("GET", `glossary/history?limit=1&term=${encodeURIComponent(term.id)}`);
      tell(`Deleted “${titleOf(term)}”.`, entries[0] && (() => undo(entries[0].version)));
      document.querySelector(".sheet")?.focus();
    } catch (error) {
      fail(error);
    }
  };

  const actions = {
    add: () => show({ blank: true, key: Date.now() }),
    many: () => editor && setBringing({ way: "paste" }),
    search: () => (go({ view: "terms", term: open?.id ?? null }), requestAnimationFrame(() => finder.current?.focus())),
    help: () => setHelp(true),
  };
  useEffect(() => {
    const onKeyDown = (event) => {
      if (event.defaultPrevented || event.isComposing || document.querySelector("dialog:modal")) return;
      const action = actionFor(event, event.target.matches?.("textarea, input, select") ?? false);
      if (!action) return;
      event.preventDefault();
      actions[action]();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  });

  const languages = shownLanguages(facts.languages, chosen, user.language || "en");
  const all = [...new Set([...languages, ...facts.languages.map((each) => each.code)])];
  const tab = (view) => html`<a key=${view} href=${`#${view}`} aria-current=${place.view === view ? "page" : undefined}
    onClick=${(e) => (e.preventDefault(), go({ view, term: view === "terms" ? open?.id ?? null : null }))}>${VIEWS[view]}${view === "proposals" && proposed > 0 && html`<span class="badge">${proposed}<span class="hush"> open</span></span>`}</a>`;

  return html`<div class="page">
    <${TopBar} here="Glossary" user=${user} logOut=${logOut}>
      <button type="button" class="icon-button" aria-label="Keys" title="Keys (?)" onClick=${() => setHelp(true)}><${Icon} name="keyboard" /></button>
    <//>
    <main class="glossary">
      <header class="glossary-head">
        <h1>Glossary</h1><p class="quiet all-count">${facts.all === null ? " " : counted(facts.all, "term")}</p>
        <nav class="views" aria-label="Parts of the glossary">${Object.keys(VIEWS).filter((view) => editor || view !== "try").map(tab)}</nav>
        <div class="tools">
          <${ExportMenu} languages=${all} names=${names} />
          ${editor && html`<button type="button" class="button" onClick=${() => setBringing({ way: "file" })}><${Icon} name="upload" size=${18} /><span class="menu-label">Import</span></button>
            <button type="button" class="button" onClick=${actions.many}><${Icon} name="paste" size=${18} /><span class="menu-label">Add many</span></button>`}
          <button type="button" class="button primary" onClick=${actions.add}><${Icon} name="plus" size=${18} /><span>${editor ? "Add term" : "Propose a term"}</span></button>
        </div>
      </header>
      <${Browse} user=${user} editor=${editor} names=${names} hidden=${place.view !== "terms"} open=${open} onOpen=${show} stamp=${stamp} tell=${tell} fail=${fail}
        chosen=${chosen} onChosen=${setChosen} finder=${finder} onCount=${setFacts} remove=${remove} onAddMany=${(text) => setBringing({ way: "paste", text })} />
      ${place.view !== "terms" && html`<div class="view">
        ${place.view === "proposals" && html`<${Proposals} editor=${editor} names=${names} languages=${languages} stamp=${stamp} onOpen=${show} onChanged=${renew} tell=${tell} />`}
        ${place.view === "history" && html`<section class="view-in" aria-label="History"><${History} key=${stamp} editor=${editor} names=${names} languages=${languages} tell=${tell} fail=${fail} onChanged=${renew} /></section>`}
        ${place.view === "try" && editor && html`<section class="view-in" aria-label="Try out"><p class="quiet">A sentence with the terms in use, and with those that are still drafts.</p>
          <${TryOut} drafts=${null} names=${names} languages=${all} editor=${editor} /></section>`}
      </div>`}
    </main>
    <div class=${`toast ${said?.bad ? "bad" : ""}`} role="status">
      ${said && html`<span>${said.text}</span>
        ${said.undo && html`<button type="button" class="link-button" onClick=${said.undo}>Undo</button>`}
        <button type="button" class="icon-button" aria-label="Close this note" onClick=${() => say(null)}><${Icon} name="close" size=${16} /></button>`}
    </div>
    <${ImportDialog} way=${bringing.way} pasted=${bringing.text} languages=${all} names=${names} onClose=${() => setBringing({ way: null })} onDone=${renew} onUndo=${undo} />
    <${KeyHelp} open=${help} onClose=${() => setHelp(false)} keys=${KEYS} />
  </div>`;
}
