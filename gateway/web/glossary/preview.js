/** What reading a file in would do: figures, then adds, changes and conflicts to look at. */
import { html, useState } from "../shared/html.js";
import { titleOf } from "./draft.js";
import { Difference } from "./history.js";
import { counted, sentence } from "./words.js";

export function Preview({ preview, names, languages }) {
  const parts = [
    ["conflicts", "Conflicts", preview.conflicts.total],
    ["adds", "New", preview.added],
    ["changes", "Changed", preview.changed],
    ["deletes", "Deleted", preview.deleted],
    ["warnings", "To look at", preview.warnings.total],
  ].filter(([, , count]) => count);
  const [chosen, setChosen] = useState(null);
  const part = parts.some(([key]) => key === chosen) ? chosen : parts[0]?.[0];
  return html`<section class="preview" aria-label="What the import would do">
    <p role="status">${counted(preview.rows, "row")}: ${preview.added.toLocaleString("en")} new, ${preview.changed.toLocaleString("en")} changed, ${preview.unchanged.toLocaleString("en")} as before${preview.deleted ? `, ${preview.deleted.toLocaleString("en")} deleted` : ""}${preview.conflicts.total ? `, ${counted(preview.conflicts.total, "conflict")}` : ""}.</p>
    ${parts.length > 0 && html`<div class="tabs" role="group" aria-label="Show">${parts.map(([key, words, count]) => html`<button type="button" key=${key} aria-pressed=${part === key ? "true" : "false"}
      onClick=${() => setChosen(key)}>${words} <span>${count.toLocaleString("en")}</span></button>`)}</div>`}
    ${part === "conflicts" && html`<${Problems} label="Conflicts" items=${preview.conflicts.items} total=${preview.conflicts.total} />`}
    ${part === "warnings" && html`<${Problems} label="To look at" items=${preview.warnings.items} total=${preview.warnings.total} />`}
    ${part === "adds" && html`<${Terms} terms=${preview.adds} total=${preview.added} names=${names} languages=${preview.languages.length ? preview.languages : languages} />`}
    ${part === "deletes" && html`<${Terms} terms=${preview.deletes} total=${preview.deleted} names=${names} languages=${preview.languages.length ? preview.languages : languages} />`}
    ${part === "changes" && html`<div class="preview-box" tabindex="0" role="group" aria-label="Changed terms"><ul class="preview-changes">
      ${preview.changes.map((each) => html`<li key=${each.row}><strong dir="auto">${titleOf(each.after, languages)}</strong> <span class="quiet">row ${each.row}</span><${Difference} change=${each} names=${names} /></li>`)}
    </ul><${Rest} shown=${preview.changes.length} total=${preview.changed} /></div>`}
  </section>`;
}

export function Problems({ label, items, total = items.length }) {
  return html`<div class="preview-box" tabindex="0" role="group" aria-label=${label}><table>
    <thead><tr><th scope="col">Row</th><th scope="col">Column</th><th scope="col">What is wrong</th></tr></thead>
    <tbody>${items.map((each, i) => html`<tr key=${i}><td>${each.row ?? ""}</td><td>${each.column ?? ""}</td><td dir="auto">${sentence(each.message)}</td></tr>`)}</tbody>
  </table><${Rest} shown=${items.length} total=${total} /></div>`;
}

function Terms({ terms, total, names, languages }) {
  return html`<div class="preview-box" tabindex="0" role="group" aria-label="Terms"><table>
    <thead><tr>${languages.map((tag) => html`<th key=${tag} scope="col">${names(tag)}</th>`)}</tr></thead>
    <tbody>${terms.map((term, i) => html`<tr key=${i}>${languages.map((tag) => html`<td key=${tag} dir="auto" lang=${tag}>${term.wordings[tag]?.text ?? ""}</td>`)}</tr>`)}</tbody>
  </table><${Rest} shown=${terms.length} total=${total} /></div>`;
}

function Rest({ shown, total }) {
  return total > shown && html`<p class="quiet">and ${(total - shown).toLocaleString("en")} more</p>`;
}
