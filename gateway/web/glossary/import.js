/** Reading a CSV file into the glossary, with its errors by row and column. */
import { html, useEffect, useRef, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { api } from "../shared/api.js";

export function ImportDialog({ open, onClose, onDone }) {
  const box = useRef(null);
  const [state, setState] = useState({});
  useEffect(() => {
    if (open && !box.current.open) {
      setState({});
      box.current.showModal();
    }
    if (!open && box.current.open) box.current.close();
  }, [open]);

  const read = async (event) => {
    const [file] = event.currentTarget.files;
    event.currentTarget.value = ""; // the same file again, mended, must count as chosen
    if (!file) return;
    setState({ busy: true, name: file.name });
    try {
      const result = await api("POST", "glossary/import", await file.text());
      setState({ name: file.name, result });
      onDone();
    } catch (error) {
      setState({ name: file.name, error });
    }
  };

  return html`<dialog class="import" ref=${box} onClose=${onClose} aria-labelledby="import-title">
    <header><h2 id="import-title">Import terms</h2>
      <button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button></header>
    <p>A CSV file with a column for each language, headed by its code:</p>
    <pre class="example" tabindex="0" aria-label="Example of a file">en,pt,do_not_translate,note
order,pedido,,
tracking code,código de rastreio,,
Lume,Lume,yes,our name</pre>
    <p>Terms that are there already are changed, the others added. A file with an error changes nothing.</p>
    <label class="button primary file ${state.busy ? "busy" : ""}"><${Icon} name="upload" size=${18} />${state.busy ? "Reading…" : "Choose a file"}
      <input type="file" class="hush" accept=".csv,text/csv" disabled=${state.busy} onChange=${read} /></label>
    <div role="status">
      ${state.result && html`<p class="done"><${Icon} name="check" size=${18} /><span>${resultWords(state.name, state.result)}</span></p>`}
    </div>
    <div role="alert">${state.error && html`<${Failure} name=${state.name} error=${state.error} />`}</div>
  </dialog>`;
}

function Failure({ name, error }) {
  return html`<div class="failure">
    <p><strong>${name} was not read. Nothing has changed.</strong></p>
    ${error.details.length
      ? html`<div class="failure-rows" tabindex="0" role="group" aria-label="Errors"><table>
          <thead><tr><th scope="col">Row</th><th scope="col">Column</th><th scope="col">What is wrong</th></tr></thead>
          <tbody>${error.details.map((d, i) => html`<tr key=${i}><td>${d.row ?? ""}</td><td>${d.column ?? ""}</td><td>${d.message}</td></tr>`)}</tbody>
        </table></div>`
      : html`<p>${error.message}</p>`}
  </div>`;
}

function resultWords(name, { added, changed, unchanged }) {
  return `${name}: ${added} added, ${changed} changed, ${unchanged} as before.`;
}
