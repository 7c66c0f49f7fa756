/** What was changed, by whom and when: of one term or of the whole glossary, each change with its undo. */
import { html, useEffect, useRef, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { Icon } from "../shared/icons.js";
import { timeWords } from "../shared/locale.js";
import { titleOf } from "./draft.js";
import { changeWords, counted, differences } from "./words.js";

const times = timeWords("en-GB");

/** `id`: only that term's changes; without it the whole glossary's, which can be restored to a point, too. */
export function History({ id, editor, names, languages, tell, fail, onChanged }) {
  const [entries, setEntries] = useState(null);
  const [more, setMore] = useState(false);
  const [asking, setAsking] = useState(null); // {entry, kind: "undo"|"restore", words, force}
  const load = (before) => {
    const fields = new URLSearchParams({ limit: "50", ...(id && { term: id }), ...(before && { before }) });
    return api("GET", `glossary/history?${fields}`).then((answer) => {
      setEntries((held) => (before ? [...held, ...answer.entries] : answer.entries));
      setMore(answer.more);
    }, fail);
  };
  useEffect(() => void load(), [id]);

  const done = (words) => {
    setAsking(null);
    tell(words);
    onChanged();
    void load();
  };
  const undo = (entry, force = false) =>
    api("POST", `glossary/history/${entry.version}/undo`, { ...(id && { terms: [id] }), force }).then(
      ({ restored }) => done(`Undone: ${counted(restored, "term")} as before.`),
      (error) => {
        if (error.code !== "changed_since") return fail(error);
        const count = error.details.length;
        return setAsking({ entry, kind: "undo", force: true, words: `${counted(count, "term")} of this change ${count === 1 ? "was" : "were"} changed again later. Undoing it overwrites that.` });
      },
    );
  const askRestore = (entry) =>
    api("POST", "glossary/restore", { version: entry.version, preview: true }).then(({ adds, changes, deletes }) => {
      const parts = [[adds, "comes back", "come back"], [changes, "changes", "change"], [deletes, "goes", "go"]].filter(([n]) => n);
      const words = parts.length ? parts.map(([n, one, many]) => `${counted(n, "term")} ${n === 1 ? one : many}`).join(", ") : "Nothing would change";
      setAsking({ entry, kind: "restore", words: `The whole glossary as it was after this change: ${words}. This can be undone, too.`, nothing: !parts.length });
    }, fail);
  const restore = (entry) =>
    api("POST", "glossary/restore", { version: entry.version }).then(() => done("The glossary is as it was then."), fail);

  if (!entries) return html`<p class="quiet" aria-busy="true"> </p>`;
  return html`<div class="history">
    ${entries.length === 0 && html`<p class="none">Nothing was changed yet.</p>`}
    <ol class="changes">${entries.map((entry, i) => html`<li key=${entry.version} class="change">
      <div class="change-line">
        <p class="change-what" dir="auto">${changeWords(entry, (term) => titleOf(term, languages))}</p>
        <p class="quiet">${entry.who || "Somebody"}, <time dateTime=${new Date(entry.when).toISOString()} title=${times.full(entry.when)}>${times.day(entry.when).toLowerCase()}, ${times.clock(entry.when)}</time>, change ${entry.version}</p>
      </div>
      ${editor && html`<div class="change-buttons">
        <button type="button" class="button small" aria-label=${`Undo change ${entry.version}`} onClick=${() => undo(entry)}><${Icon} name="undo" size=${16} />Undo</button>
        ${!id && i > 0 && html`<button type="button" class="button small" aria-label=${`Restore to change ${entry.version}`} onClick=${() => askRestore(entry)}>Restore to this point</button>`}
      </div>`}
      <${Differences} entry=${entry} names=${names} single=${Boolean(id) || entry.count === 1} languages=${languages} />
    </li>`)}</ol>
    ${more && html`<button type="button" class="button more" onClick=${() => load(entries.at(-1).version)}>Show older changes</button>`}
    <${Ask} asking=${asking} onClose=${() => setAsking(null)} onYes=${() => (asking.kind === "undo" ? undo(asking.entry, true) : restore(asking.entry))} />
  </div>`;
}

function Differences({ entry, names, single, languages }) {
  if (single) return html`<${Difference} change=${entry.changes[0]} names=${names} />`;
  return html`<details class="change-terms"><summary>Show the terms</summary>
    <ul>${entry.changes.map((change) => html`<li key=${change.id}><strong dir="auto">${titleOf(change.after ?? change.before, languages)}</strong>
      <span class="quiet"> ${!change.before ? "added" : !change.after ? "deleted" : "changed"}</span><${Difference} change=${change} names=${names} /></li>`)}</ul>
    ${entry.count > entry.changes.length && html`<p class="quiet">and ${counted(entry.count - entry.changes.length, "more term")}</p>`}
  </details>`;
}

export function Difference({ change, names }) {
  if (!change) return null;
  const found = differences(change.before, change.after, names);
  return html`<dl class="difference">${found.map(({ label, before, after }) => html`<div key=${label}><dt>${label}</dt>
    <dd>${before && html`<del dir="auto">${before}</del>`}${before && after && html`<span aria-hidden="true"> → </span>`}${after && html`<ins dir="auto">${after}</ins>`}</dd></div>`)}</dl>`;
}

function Ask({ asking, onClose, onYes }) {
  const box = useRef(null);
  useEffect(() => {
    if (asking && !box.current.open) box.current.showModal();
    if (!asking && box.current.open) box.current.close();
  }, [asking]);
  return html`<dialog class="ask" ref=${box} onClose=${onClose} aria-labelledby="ask-title">
    ${asking && html`<h2 id="ask-title">${asking.kind === "undo" ? `Undo change ${asking.entry.version}?` : `Restore to change ${asking.entry.version}?`}</h2>
      <p>${asking.words}</p>
      <div class="panel-buttons"><button type="button" class="button primary" disabled=${asking.nothing} onClick=${onYes}>${asking.kind === "undo" ? "Undo it" : "Restore"}</button>
        <button type="button" class="button" onClick=${onClose}>Cancel</button></div>`}
  </dialog>`;
}
