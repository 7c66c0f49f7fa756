/** Many terms at once, from a file or from pasted rows: looked at first, then read in, with a bar that shows how far. */
import { html, useEffect, useMemo, useRef, useState } from "../shared/html.js";
import { api, apiLines } from "../shared/api.js";
import { Icon } from "../shared/icons.js";
import { cellsOf, headed, sheetOf } from "./paste.js";
import { OFFERED } from "./languages.js";
import { Preview, Problems } from "./preview.js";
import { counted, troubleWords } from "./words.js";

const KINDS = ".csv,.tsv,.txt,.xlsx,.tbx,.xml,text/csv,text/tab-separated-values,application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const STEPS = { reading: "Reading", comparing: "Comparing", writing: "Writing", workers: "Workers take it over" };
const SHOWN_ROWS = 6;

/** `way`: null (closed), "file" or "paste"; `pasted`: what to begin with. */
export function ImportDialog({ way, pasted, languages, names, onClose, onDone, onUndo }) {
  const box = useRef(null);
  const run = useRef(0);
  const [source, setSource] = useState(null); // {name, blob}
  const [state, setState] = useState({}); // {busy, step, preview, result, error}
  const [replace, setReplace] = useState(false);
  const [skip, setSkip] = useState(false);
  const [pair, setPair] = useState({ source: "", target: "" });
  const [over, setOver] = useState(false);

  useEffect(() => {
    if (way && !box.current.open) {
      forget();
      setReplace(false);
      setPair({ source: "", target: "" });
      box.current.showModal();
    }
    if (!way && box.current.open) box.current.close();
  }, [way]);
  const forget = () => {
    run.current += 1;
    setSource(null);
    setState({});
    setSkip(false);
  };

  const send = async (file, { preview, ...more }) => {
    const mine = (run.current += 1);
    const set = (next) => mine === run.current && setState(next);
    setSource(file);
    setState((held) => ({ preview: preview ? null : held.preview, busy: true, step: { step: "reading", done: 0, total: 0 } }));
    const options = { replace, source: pair.source, target: pair.target, ...more };
    const fields = new URLSearchParams({ progress: "1", ...(preview && { preview: "1" }) });
    if (options.replace) fields.set("replace", "1");
    if (options.skip) fields.set("skip_conflicts", "1");
    if (options.seen !== undefined) fields.set("seen", options.seen);
    if (options.source) fields.set("source", options.source);
    if (options.target) fields.set("target", options.target);
    try {
      let result = null;
      for await (const line of apiLines("POST", `glossary/import?${fields}`, file.blob)) {
        if (line.result) result = line.result;
        else set((held) => ({ ...held, step: line }));
      }
      if (preview) set({ preview: result });
      else {
        set({ result });
        onDone();
      }
    } catch (error) {
      set((held) => ({ error, preview: error.code === "moved" ? null : held.preview }));
    }
  };
  const look = (file, more = {}) => send(file, { preview: true, ...more });
  const choose = ([file]) => file && look({ name: file.name, blob: file });
  const { preview, result, error, busy, step } = state;
  const changes = preview ? preview.added + preview.changed + preview.deleted : 0;
  const blocked = preview && preview.conflicts.total > 0 && !skip;

  return html`<dialog class="import" ref=${box} onClose=${onClose} aria-labelledby="import-title">
    <header><h2 id="import-title">${way === "paste" ? "Add many terms" : "Import terms"}</h2>
      <button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button></header>
    ${result
      ? html`<div class="import-done" role="status"><p class="done"><${Icon} name="check" size=${18} /><span>${resultWords(source.name, result)}</span></p>
          <div class="panel-buttons"><button type="button" class="button primary" onClick=${onClose}>Done</button>
            <button type="button" class="button" onClick=${forget}>${way === "paste" ? "Add more" : "Import another file"}</button>
            ${onUndo && result.added + result.changed + result.deleted > 0 && html`<button type="button" class="button" onClick=${() => (onClose(), onUndo(result.version))}>Undo</button>`}</div></div>`
      : html`
        ${way === "paste"
          ? html`<${Paste} key=${run.current === 0} begin=${pasted} languages=${languages} names=${names} held=${source} onRows=${look} onChange=${() => source && forget()} />`
          : html`<label class=${`drop ${over ? "over" : ""} ${busy ? "busy" : ""}`} onDragOver=${(e) => (e.preventDefault(), setOver(true))} onDragLeave=${() => setOver(false)}
              onDrop=${(e) => (e.preventDefault(), setOver(false), choose(e.dataTransfer.files))}>
              <${Icon} name="upload" /><span><strong>${source ? source.name : "Choose a file"}</strong><span class="quiet">${source ? "Choose or drop another one" : "or drop it here: CSV, TSV, Excel (XLSX) or TBX; also as DeepL, Google and Amazon lay them out"}</span></span>
              <input type="file" class="hush" accept=${KINDS} disabled=${busy} onChange=${(e) => (choose(e.currentTarget.files), (e.currentTarget.value = ""))} /></label>
            ${!source && html`<p class="quiet">The first row names the columns: a language code for each language, <code>do_not_translate</code>, <code>note</code>. A file with an error changes nothing.</p>`}`}
        ${busy && html`<div class="import-busy" role="status"><p>${STEPS[step?.step] ?? "Working"}… ${step?.total ? `${step.done.toLocaleString("en")} of ${step.total.toLocaleString("en")}` : ""}</p>
          <progress class="progress" aria-label="Progress" max=${step?.total || undefined} value=${step?.total ? step.done : undefined}></progress></div>`}
        <div role="alert">${error && html`<${Failure} name=${source?.name ?? "The file"} error=${error} />`}</div>
        ${error && error.code === "bad_file" && way === "file" && html`<${Pair} pair=${pair} names=${names} onPair=${(next) => (setPair(next), next.source && next.target && look(source, next))} />`}
        ${preview && !busy && html`<${Preview} preview=${preview} names=${names} languages=${languages} />
          <div class="import-foot">
            ${way === "file" && html`<label class="tick"><input type="checkbox" checked=${replace} onChange=${(e) => (setReplace(e.currentTarget.checked), look(source, { replace: e.currentTarget.checked }))} />
              <span>Delete terms that the file lacks</span></label>`}
            ${preview.conflicts.total > 0 && html`<label class="tick"><input type="checkbox" checked=${skip} onChange=${(e) => setSkip(e.currentTarget.checked)} />
              <span>Leave out the ${counted(preview.conflicts.total, "row")} with conflicts</span></label>`}
            <div class="panel-buttons"><button type="button" class="button primary" disabled=${blocked || !changes} onClick=${() => send(source, { skip, seen: preview.version })}>
              ${changes ? `Import ${counted(changes, "change")}` : "Nothing to change"}</button>
              <button type="button" class="button" onClick=${onClose}>Cancel</button></div>
          </div>`}`}
  </dialog>`;
}

function Paste({ begin, languages, names, held, onRows, onChange }) {
  const [text, setText] = useState(begin ?? "");
  const [columns, setColumns] = useState(null); // chosen by hand
  const field = useRef(null);
  useEffect(() => field.current.focus(), []);
  const known = useMemo(() => {
    const byName = new Map([...OFFERED, ...languages].flatMap((tag) => [[tag.toLowerCase(), tag], [names(tag).toLowerCase(), tag]]));
    for (const name of ["note", "status", "scope", "do_not_translate"]) byName.set(name, name);
    return (cell) => byName.get(cell.toLowerCase()) ?? null;
  }, [languages]);
  const sheet = useMemo(() => headed(cellsOf(text.replaceAll("\r\n", "\n")), languages, known), [text, languages]);
  const named = sheet.columns.map((name, i) => columns?.[i] ?? name);
  const options = ["", ...new Set([...languages, ...OFFERED, ...sheet.columns.filter(Boolean)]), "note", "do_not_translate"].filter((tag, i, all) => all.indexOf(tag) === i);
  const words = (tag) => ({ "": "Leave out", note: "Note", do_not_translate: "Keep as is (yes or no)" })[tag] ?? names(tag);
  const twice = named.some((name, i) => name && named.indexOf(name) !== i);
  const change = (fn) => (onChange(), fn());

  return html`<div class="paste">
    <label class="label" for="paste-rows">Rows from a spreadsheet, a column for each language</label>
    <textarea id="paste-rows" class="field" ref=${field} rows="5" dir="auto" spellcheck="false" placeholder=${"order\tpedido\ntracking code\tcódigo de rastreio"}
      value=${text} onInput=${(e) => change(() => (setText(e.currentTarget.value), setColumns(null)))}></textarea>
    ${held && html`<button type="button" class="link-button" onClick=${onChange}>Choose other columns</button>`}
    ${sheet.rows.length > 0 && !held && html`<div class="paste-table" tabindex="0" role="group" aria-label="Pasted rows"><table>
      <thead><tr>${named.map((name, i) => html`<th key=${i} scope="col"><select class="field" aria-label=${`Column ${i + 1}`} value=${name}
        onChange=${(e) => change(() => setColumns(named.with(i, e.currentTarget.value)))}>
        ${options.map((tag) => html`<option key=${tag} value=${tag} selected=${tag === name}>${words(tag)}</option>`)}</select></th>`)}</tr></thead>
      <tbody>${sheet.rows.slice(0, SHOWN_ROWS).map((row, r) => html`<tr key=${r}>${row.map((cell, i) => html`<td key=${i} dir="auto">${cell}</td>`)}</tr>`)}</tbody>
    </table></div>
    <p class="quiet">${counted(sheet.rows.length, "row")}${sheet.rows.length > SHOWN_ROWS ? `, the first ${SHOWN_ROWS} shown` : ""}</p>
    ${twice && html`<p class="problem" role="alert">Two columns have the same name.</p>`}
    <div class="panel-buttons"><button type="button" class="button primary" disabled=${twice || !named.some(Boolean)}
      onClick=${() => onRows({ name: "The rows", blob: new Blob([sheetOf(named, sheet.rows)], { type: "text/tab-separated-values" }) })}>Check them</button></div>`}
  </div>`;
}

function Pair({ pair, names, onPair }) {
  const choice = (field, label) => html`<label class="choice"><span class="label">${label}</span><select class="field" value=${pair[field]} onChange=${(e) => onPair({ ...pair, [field]: e.currentTarget.value })}>
    <option value="">From the first row</option>${OFFERED.map((tag) => html`<option key=${tag} value=${tag}>${names(tag)}</option>`)}</select></label>`;
  return html`<div class="pair-choice"><p class="quiet">A file of two columns without a first row of names? Say which languages they are.</p>
    <div class="pair">${choice("source", "First column")}${choice("target", "Second column")}</div></div>`;
}

function Failure({ name, error }) {
  return html`<div class="failure">
    <p><strong>${name} was not read. Nothing has changed.</strong></p>
    ${error.details.length ? html`<${Problems} label="Errors" items=${error.details} />` : html`<p>${troubleWords(error)}</p>`}
  </div>`;
}

function resultWords(name, { added, changed, deleted, unchanged }) {
  return `${name}: ${added.toLocaleString("en")} added, ${changed.toLocaleString("en")} changed, ${deleted ? `${deleted.toLocaleString("en")} deleted, ` : ""}${unchanged.toLocaleString("en")} as before.`;
}
