/** The terms: search, filters, the table, and the panel of the one that is open. */
import { html, useEffect, useMemo, useRef, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { Icon } from "../shared/icons.js";
import { Grid } from "./grid.js";
import { Menu } from "./menu.js";
import { Panel } from "./panel.js";
import { ALL, FILTERS, countFilters, shownLanguages, termsPath, turned } from "./query.js";
import { Rows } from "./rows.js";
import { OFFERED } from "./languages.js";
import { conflictWords, counted, isSerious, troubleWords } from "./words.js";

const SEARCH_MS = 160;
const LOOK_MS = 8000; // how often to look whether somebody else changed the glossary

/** `open`: {id} or {blank, draft}, null; `stamp` rises when the glossary was changed elsewhere on this page. */
export function Browse({ user, editor, names, hidden, open, onOpen, stamp, tell, fail, chosen, onChosen, finder, onCount, remove, onAddMany }) {
  const own = user.language || "en";
  const [query, setQuery] = useState(ALL);
  const [asked, setAsked] = useState(ALL);
  const [sort, setSort] = useState({ by: `text:${own}`, down: false });
  const [facts, setFacts] = useState({ version: null, all: null, total: null, languages: [], scopes: [] });
  const [rows, setRows] = useState(null);
  const [current, setCurrent] = useState({ row: 0, column: 0 });
  const [editing, setEditing] = useState(null);
  const [fresh, setFresh] = useState(0);
  const box = useRef(null);
  const latest = useRef(null);
  const insisted = useRef("");
  const changedHere = useRef(false);

  useEffect(() => {
    const timer = setTimeout(() => setAsked(query), query.q === asked.q ? 0 : SEARCH_MS);
    return () => clearTimeout(timer);
  }, [query]);

  // The rows in view stay until the first ones of another search are here, so that nothing blinks.
  const keepPlace = useRef("");
  useEffect(() => {
    const name = JSON.stringify([asked, sort]);
    const same = keepPlace.current === name;
    const next = new Rows(async (offset, limit) => {
      const answer = await api("GET", termsPath(asked, sort, offset, limit));
      const { version, all, total, languages, scopes } = answer;
      setFacts({ version, all, total, languages, scopes });
      return { total, rows: answer.terms };
    }, (error) => fail(error));
    latest.current = next;
    next.listener = () => {
      if (latest.current !== next) return;
      keepPlace.current = name;
      if (!same) {
        setCurrent({ row: 0, column: 0 });
        if (box.current) box.current.scrollTop = 0;
      }
      setRows((before) => {
        if (before !== next) before?.stop();
        return next;
      });
    };
    const top = same && box.current ? Math.floor(box.current.scrollTop / 44) : 0;
    next.want(top, top + 40);
  }, [asked, sort, fresh, stamp]);

  useEffect(() => {
    const look = () => {
      if (document.hidden || hidden || editing || facts.version === null) return;
      api("GET", "glossary/terms?limit=1").then(({ version }) => {
        if (version === facts.version) return;
        // What was changed in place stays where it stands, whatever the order says: only others' changes are fetched.
        if (changedHere.current) setFacts((held) => ({ ...held, version }));
        else setFresh((n) => n + 1);
        changedHere.current = false;
      }, () => {});
    };
    const timer = setInterval(look, LOOK_MS);
    document.addEventListener("visibilitychange", look);
    return () => {
      clearInterval(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [facts.version, hidden, editing]);
  useEffect(() => onCount(facts), [facts]);

  const languages = useMemo(() => shownLanguages(facts.languages, chosen, own), [facts.languages, chosen, own]);
  const columns = useMemo(
    () => [
      ...languages.map((language) => ({ key: `text-${language}`, language, label: names(language), width: "minmax(170px, 1fr)", sort: `text:${language}` })),
      { key: "state", label: "Kind and status", width: "176px", sort: "status" },
      { key: "used", label: "Used", width: "122px", sort: "used" },
      ...(open ? [] : [{ key: "note", label: "Note", width: "minmax(120px, 0.8fr)" }]), // the panel shows it
    ],
    [languages, names, !open],
  );

  const saveCell = async (term, language, text) => {
    const form = { texts: { ...term.texts, [language]: text } };
    const name = `${term.id} ${language} ${text}`;
    try {
      if (text && insisted.current !== name) {
        const { warnings } = await api("POST", "glossary/terms/check", { id: term.id, term: form });
        const serious = warnings.filter(isSerious);
        if (serious.length) {
          insisted.current = name;
          return `${serious.map((each) => conflictWords(each, names)).join(" ")} Enter saves it all the same.`;
        }
      }
      const saved = await api("PUT", `glossary/terms/${encodeURIComponent(term.id)}`, form, { headers: { "if-match": `"${term.changed}"` } });
      latest.current.replace(saved);
      changedHere.current = true;
      tell(`Saved. The next message uses “${text || Object.values(saved.texts)[0]}”.`);
      return "";
    } catch (error) {
      if (error.code === "moved" && error.content.term) latest.current.replace(error.content.term);
      return troubleWords(error);
    }
  };

  const set = (name, value) => setQuery((held) => ({ ...held, [name]: value }));
  const onSaved = (term) => {
    latest.current.replace(term);
    setFresh((n) => n + 1);
  };
  const onPaste = (event) => {
    const text = event.clipboardData.getData("text/plain");
    if (!/[\t\n]/.test(text.trim())) return;
    event.preventDefault();
    onAddMany(text);
  };
  const used = countFilters(query);
  const filters = [
    ...Object.entries(FILTERS),
    ["language", ["Has a text in", Object.fromEntries(facts.languages.map(({ code, terms }) => [code, `${names(code)} (${terms.toLocaleString("en")})`]))]],
    ["scope", ["Only for", Object.fromEntries(facts.scopes.map((scope) => [scope, scope]))]],
  ].filter(([, [, options]]) => Object.keys(options).length);

  return html`<div class=${`browse ${open ? "has-panel" : ""}`} hidden=${hidden}>
    <section class="browse-list" aria-label="All terms">
      <div class="filters">
        <label class="finder"><${Icon} name="search" size=${18} /><span class="hush">Search terms</span>
          <input class="field" type="search" placeholder="Search" ref=${finder} value=${query.q} onInput=${(e) => set("q", e.currentTarget.value)}
            onKeyDown=${(e) => e.key === "ArrowDown" && (e.preventDefault(), box.current.focus())} /></label>
        <${Menu} label="Filter" icon="filter" badge=${used || null}>${() => html`<div class="filter-panel">
          ${filters.map(([name, [label, options]]) => html`<label class="choice" key=${name}><span class="label">${label}</span>
            <select class="field" value=${query[name]} onChange=${(e) => set(name, e.currentTarget.value)}>
              <option value="">All</option>${Object.entries(options).map(([key, words]) => html`<option key=${key} value=${key} selected=${query[name] === key}>${words}</option>`)}
            </select></label>`)}
          <button type="button" class="link-button" disabled=${!used} onClick=${() => setQuery({ ...ALL, q: query.q })}>Show all</button>
        </div>`}<//>
        <${Menu} label="Columns" icon="columns" className="wide-only">${() => html`<${Columns} languages=${languages} held=${facts.languages} names=${names} onChosen=${onChosen} />`}<//>
        <span class="found" role="status">${rows && (query.q || used) ? counted(facts.total ?? 0, "term found", "terms found") : ""}</span>
      </div>
      ${rows
        ? html`<${Grid} rows=${rows} columns=${columns} current=${current} box=${box} names=${names} editor=${editor} editing=${editing} onEditing=${setEditing}
            onCurrent=${(place, term) => (setCurrent(place), open?.id && term && open.id !== term.id && matchMedia("(min-width: 1001px)").matches && onOpen({ id: term.id, follow: true }))}
            sort=${sort} onSort=${(by) => setSort(turned(sort, by))} onSave=${saveCell} onOpen=${(term) => onOpen({ id: term.id })} onDelete=${remove} onPaste=${onPaste}
            opened=${open?.id} empty=${html`<${Nothing} asked=${asked} editor=${editor} />`} />`
        : html`<div class="sheet" aria-busy="true"></div>`}
    </section>
    ${open && html`<${Panel} key=${open.id ?? open.key ?? "new"} open=${open} editor=${editor} names=${names} languages=${languages} offered=${[...new Set([...facts.languages.map((l) => l.code), ...OFFERED])]}
      onSaved=${onSaved} onOpen=${onOpen} onClose=${() => (onOpen(null), requestAnimationFrame(() => box.current?.focus()))} onDelete=${remove} tell=${tell} fail=${fail} />`}
  </div>`;
}

function Columns({ languages, held, names, onChosen }) {
  const tags = [...new Set([...languages, ...held.map((each) => each.code), ...OFFERED])];
  return html`<fieldset class="column-list"><legend class="label">Languages to show</legend>
    ${tags.map((tag) => html`<label class="tick" key=${tag}><input type="checkbox" checked=${languages.includes(tag)} disabled=${languages.length === 1 && languages.includes(tag)}
      onChange=${(e) => onChosen(e.currentTarget.checked ? [...languages, tag] : languages.filter((each) => each !== tag))} /><span>${names(tag)}</span></label>`)}
  </fieldset>`;
}

function Nothing({ asked, editor }) {
  const filtered = Object.values(asked).some(Boolean);
  return html`<div class="none">${filtered
    ? html`<p>Nothing found.</p>`
    : html`<p>No terms yet.</p>${editor && html`<p>Add one, or import a file: the next message uses it.</p>`}`}</div>`;
}
