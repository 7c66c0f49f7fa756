/** The glossary page: find, add, change and delete terms; the next message uses them. */
import { html, useEffect, useMemo, useRef, useState } from "../shared/html.js";
import { api, apiAddress } from "../shared/api.js";
import { Icon } from "../shared/icons.js";
import { languageNames } from "../shared/locale.js";
import { may } from "../shared/session.js";
import { TopBar } from "../shared/topbar.js";
import { ImportDialog } from "./import.js";
import { EditRow, Row } from "./row.js";
import { found, languagesOf } from "./terms.js";

const PAGE = 100;
const UNDO_MS = 10_000;
const NEW = "new";
const FIRST_LANGUAGES = ["en", "pt"];
const OFFERED = ["ar", "cs", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "uk", "zh"];
const names = languageNames("en");

export function Glossary({ user, logOut, expire }) {
  const [terms, setTerms] = useState(null);
  const [search, setSearch] = useState("");
  const [editing, setEditing] = useState(null); // {id, focus}
  const [extra, setExtra] = useState([]);
  const [count, setCount] = useState(PAGE);
  const [importing, setImporting] = useState(false);
  const [said, say] = useState(null); // {text, undo, bad}
  const table = useRef(null);
  const editor = may(user, "maintainer");

  const trouble = (error) => {
    if (error.status === 401) expire();
    const text = error.status === 403 ? "You may read the glossary, not change it." : error.message || "That did not work.";
    return text;
  };
  const load = () =>
    api("GET", "glossary/terms").then(
      (answer) => setTerms(answer.terms),
      (error) => say({ text: trouble(error), bad: true }),
    );
  useEffect(() => void load(), []);
  useEffect(() => {
    if (!said?.undo) return undefined;
    const timer = setTimeout(() => say(null), UNDO_MS);
    return () => clearTimeout(timer);
  }, [said]);

  const languages = useMemo(() => {
    const held = languagesOf(terms ?? [], extra);
    return held.length > 1 ? held : [...new Set([...held, ...FIRST_LANGUAGES])];
  }, [terms, extra]);
  const shown = useMemo(() => found(terms ?? [], search, languages), [terms, search, languages]);

  const save = async (id, fields) => {
    try {
      const term = id === NEW ? await api("POST", "glossary/terms", fields) : await api("PUT", `glossary/terms/${encodeURIComponent(id)}`, fields);
      setTerms((held) => [...held.filter((t) => t.id !== term.id), term]);
      setEditing(null);
      say({ text: `Saved “${titleOf(term)}”. The next message uses it.` });
      return "";
    } catch (error) {
      return trouble(error);
    }
  };
  const remove = async (term) => {
    try {
      await api("DELETE", `glossary/terms/${encodeURIComponent(term.id)}`);
      setTerms((held) => held.filter((t) => t.id !== term.id));
      table.current?.focus();
      say({ text: `Deleted “${titleOf(term)}”.`, undo: () => restore(term) });
    } catch (error) {
      say({ text: trouble(error), bad: true });
    }
  };
  const restore = async ({ texts, do_not_translate, note }) => {
    say(null);
    await save(NEW, { texts, do_not_translate, note }).then((problem) => problem && say({ text: problem, bad: true }));
  };

  return html`<div class="page">
    <${TopBar} here="Glossary" user=${user} logOut=${logOut} />
    <main class="glossary">
      <header class="glossary-head">
        <div><h1>Glossary</h1><p>${terms === null ? " " : summary(shown.length, terms.length)}</p></div>
        <div class="tools">
          <a class="button" href=${apiAddress("glossary/export.csv")} download><${Icon} name="download" size=${18} /><span>Export</span></a>
          ${editor && html`<button type="button" class="button" onClick=${() => setImporting(true)}><${Icon} name="upload" size=${18} /><span>Import</span></button>
          <button type="button" class="button primary" onClick=${() => setEditing({ id: NEW })}><${Icon} name="plus" size=${18} /><span>Add term</span></button>`}
        </div>
      </header>
      <div class="filters">
        <label class="finder"><${Icon} name="search" size=${18} /><span class="hush">Search terms</span>
          <input class="field" type="search" placeholder="Search" value=${search}
            onInput=${(e) => (setSearch(e.currentTarget.value), setCount(PAGE))} /></label>
        <label class="more-language"><span class="hush">Add a language</span>
          <select class="field" value="" onChange=${(e) => (setExtra([...extra, e.currentTarget.value]), (e.currentTarget.value = ""))}>
            <option value="">Add a language</option>
            ${OFFERED.filter((tag) => !languages.includes(tag)).map((tag) => html`<option key=${tag} value=${tag}>${names(tag)}</option>`)}
          </select></label>
      </div>
      <div class="sheet" tabindex="0" ref=${table} role="group" aria-label="Terms">
        <table role="table">
          <thead role="rowgroup"><tr role="row">
            ${languages.map((language) => html`<th key=${language} scope="col" role="columnheader">${names(language)}</th>`)}
            <th scope="col" role="columnheader">Note</th><th scope="col" role="columnheader"><span class="hush">Actions</span></th>
          </tr></thead>
          <tbody role="rowgroup">
            ${editing?.id === NEW &&
            html`<${EditRow} key=${NEW} languages=${languages} names=${names} onSave=${(f) => save(NEW, f)} onCancel=${() => setEditing(null)} />`}
            ${shown.slice(0, count).map((term) =>
              editing?.id === term.id
                ? html`<${EditRow} key=${term.id} term=${term} languages=${languages} names=${names} focus=${editing.focus}
                    onSave=${(f) => save(term.id, f)} onCancel=${() => setEditing(null)} />`
                : html`<${Row} key=${term.id} term=${term} languages=${languages} names=${names} onDelete=${editor && (() => remove(term))}
                    onEdit=${editor && ((focus) => setEditing({ id: term.id, focus }))} />`,
            )}
          </tbody>
        </table>
        ${terms?.length === 0 && editing?.id !== NEW &&
        html`<div class="none"><p>No terms yet.</p><p>Add one, or import a CSV file: the next message uses it.</p></div>`}
        ${terms?.length > 0 && shown.length === 0 && html`<div class="none"><p>Nothing found.</p></div>`}
        ${shown.length > count &&
        html`<button type="button" class="button more" onClick=${() => setCount(count + PAGE)}>Show more (${shown.length - count} left)</button>`}
      </div>
    </main>
    <div class=${`toast ${said?.bad ? "bad" : ""}`} role="status">
      ${said && html`<span>${said.text}</span>
        ${said.undo && html`<button type="button" class="link-button" onClick=${said.undo}>Undo</button>`}
        <button type="button" class="icon-button" aria-label="Close this note" onClick=${() => say(null)}><${Icon} name="close" size=${16} /></button>`}
    </div>
    <${ImportDialog} open=${importing} onClose=${() => setImporting(false)} onDone=${load} />
  </div>`;
}

function titleOf(term) {
  return Object.values(term.texts)[0] ?? "";
}

function summary(shown, all) {
  const words = all === 1 ? "1 term" : `${all} terms`;
  return shown === all ? words : `${shown} of ${words}`;
}
