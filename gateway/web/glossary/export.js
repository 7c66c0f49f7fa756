/** The menu of files that the glossary can be written to. */
import { html, useState } from "../shared/html.js";
import { apiAddress } from "../shared/api.js";
import { Menu } from "./menu.js";
import { Choice } from "./wording.js";

const WHOLE = [
  ["export.csv", "CSV", "everything, for scripts and other tools"],
  ["export.csv?bom=1", "CSV for Excel", "the same, opens with accents in place"],
  ["export.tsv", "TSV", "everything, with tabs"],
  ["export.xlsx", "Excel (XLSX)", "everything"],
  ["export.tbx", "TBX", "for translation tools"],
];
const LAYOUTS = [["deepl", "DeepL"], ["google", "Google"], ["amazon", "Amazon"]];

export function ExportMenu({ languages, names }) {
  return html`<${Menu} label="Export" icon="download">${(close) => html`<${Files} languages=${languages} names=${names} onDone=${close} />`}<//>`;
}

function Files({ languages, names, onDone }) {
  const [source, setSource] = useState(languages[0] ?? "en");
  const [target, setTarget] = useState(languages[1] ?? "pt");
  const options = Object.fromEntries(languages.map((tag) => [tag, names(tag)]));
  const link = (path, name, words) => html`<li key=${path}><a href=${apiAddress(`glossary/${path}`)} download onClick=${() => setTimeout(onDone)}><strong>${name}</strong><span class="quiet">${words}</span></a></li>`;
  return html`<div class="exports">
    <ul>${WHOLE.map((each) => link(...each))}</ul>
    ${languages.length > 1 && html`<p class="label">For other services, two languages</p>
      <div class="pair"><${Choice} label="From" hush options=${options} value=${source} onChange=${setSource} /><${Choice} label="To" hush options=${options} value=${target} onChange=${setTarget} /></div>
      <ul>${LAYOUTS.map(([layout, name]) => link(`export.csv?layout=${layout}&source=${source}&target=${target}`, name, "CSV, as it wants to have it"))}</ul>`}
  </div>`;
}
