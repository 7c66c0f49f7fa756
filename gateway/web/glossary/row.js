/** One term of the list: as it stands, or as a form in the same place. Who may only read gets no `onEdit`. */
import { html, useEffect, useRef, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { fromForm } from "./terms.js";

export function Row({ term, languages, names, onEdit, onDelete }) {
  const title = Object.values(term.texts)[0] ?? "";
  return html`<tr role="row">
    ${languages.map((language) => html`<td key=${language} role="cell" data-language=${names(language)} onDblClick=${onEdit && (() => onEdit(language))}>
      ${term.texts[language]
        ? html`<span class="term-text" dir="auto" lang=${language}>${term.texts[language]}</span>`
        : html`<span class="blank" aria-label=${`No text in ${names(language)}`}>–</span>`}
    </td>`)}
    <td role="cell" class="note-cell">
      ${term.do_not_translate && html`<span class="tag">Keep as is</span>`}
      <span dir="auto">${term.note}</span>
    </td>
    <td role="cell" class="actions">
      ${onEdit &&
      html`<button type="button" class="icon-button" aria-label=${`Edit ${title}`} onClick=${() => onEdit(null)}><${Icon} name="edit" size=${18} /></button>
        <button type="button" class="icon-button" aria-label=${`Delete ${title}`} onClick=${onDelete}><${Icon} name="trash" size=${18} /></button>`}
    </td>
  </tr>`;
}

/** `focus`: the language whose field gets the focus; else the first. `onSave` gives an error text or "". */
export function EditRow({ term, languages, names, focus, onSave, onCancel }) {
  const [texts, setTexts] = useState(term?.texts ?? {});
  const [keep, setKeep] = useState(term?.do_not_translate ?? false);
  const [note, setNote] = useState(term?.note ?? "");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const row = useRef(null);
  useEffect(() => row.current.querySelector(focus ? `[name="text-${focus}"]` : "input").focus(), []);

  const save = async () => {
    const made = fromForm({ texts, do_not_translate: keep, note });
    if (made.problem) return setProblem(made.problem);
    setBusy(true);
    setProblem((await onSave(made.term)) ?? "");
    return setBusy(false);
  };
  const onKeyDown = (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=checkbox])") && !event.isComposing) {
      event.preventDefault();
      save();
    } else if (event.key === "Escape") {
      event.preventDefault();
      onCancel();
    }
  };
  return html`<tr role="row" class="editing" ref=${row} onKeyDown=${onKeyDown}>
    ${languages.map((language) => html`<td key=${language} role="cell" data-language=${names(language)}>
      <input class="field" name=${`text-${language}`} dir="auto" lang=${language} autocomplete="off" spellcheck="false" aria-label=${names(language)}
        value=${texts[language] ?? ""} onInput=${(e) => setTexts({ ...texts, [language]: e.currentTarget.value })} />
    </td>`)}
    <td role="cell" class="note-cell">
      <input class="field" name="note" aria-label="Note" placeholder="Note" autocomplete="off" value=${note} onInput=${(e) => setNote(e.currentTarget.value)} />
      <label class="keep"><input type="checkbox" checked=${keep} onChange=${(e) => setKeep(e.currentTarget.checked)} />Keep as is, never translate</label>
    </td>
    <td role="cell" class="actions">
      <button type="button" class="button primary" disabled=${busy} onClick=${save}>Save</button>
      <button type="button" class="button" onClick=${onCancel}>Cancel</button>
      <p class="problem" role="alert">${problem}</p>
    </td>
  </tr>`;
}
