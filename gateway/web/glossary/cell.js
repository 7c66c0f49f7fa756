/** One cell of the table of terms: what stands there, or a field in its place. */
import { html, useLayoutEffect, useRef, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { shortSpan } from "../shared/locale.js";
import { STATUSES } from "./draft.js";

export function Cell({ term, column, names }) {
  if (column.language) {
    const wording = term.wordings[column.language];
    return wording
      ? html`<span class="cell-word" dir="auto" lang=${column.language} title=${wording.text}>${wording.text}</span>`
      : html`<span class="blank" aria-label=${`No text in ${names(column.language)}`}>–</span>`;
  }
  if (column.key === "state") return html`<${Tags} term=${term} />`;
  if (column.key === "used") return html`<${Used} use=${term.use} />`;
  return html`<span class="cell-note" dir="auto" title=${term.note || undefined}>${term.note}</span>`;
}

export function Tags({ term }) {
  return [
    term.kind === "do-not-translate" && html`<span class="tag" key="kind">Keep as is</span>`,
    term.kind === "forbidden" && html`<span class="tag warn" key="kind">Wordings to avoid</span>`,
    term.status && term.status !== "approved" && html`<span class=${`tag ${term.status}`} key="status">${STATUSES[term.status]}</span>`,
  ];
}

function Used({ use }) {
  if (!use?.used) return html`<span class="blank" aria-label="Not used yet">–</span>`;
  return html`<span class="used" title=${use.last_seen ? `Last seen ${shortSpan(Date.now() - use.last_seen)} ago` : undefined}>${use.used.toLocaleString("en")}
    ${use.missed > 0 && html`<span class="used-missed">${use.missed.toLocaleString("en")} missed</span>`}</span>`;
}

/**
 * Enter saves and goes down, Tab saves and goes on, Escape leaves it as it was; who clicks elsewhere saves, too.
 * `onLeave` gets the step to the next cell as [down, across], null if the focus is elsewhere already.
 */
export function CellEditor({ term, language, label, onSave, onLeave }) {
  const before = term.wordings[language]?.text ?? "";
  const [text, setText] = useState(before);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef(null);
  const gone = useRef(false);
  useLayoutEffect(() => {
    field.current.focus(); // at once: the next key may be pressed already
    field.current.select();
  }, []);

  const leave = (where) => {
    if (gone.current) return;
    gone.current = true;
    onLeave(where);
  };
  const save = async (where) => {
    if (busy || gone.current) return;
    if (text.trim() === before) return leave(where);
    setBusy(true);
    const trouble = await onSave(term, language, text.trim());
    setBusy(false);
    if (!trouble) leave(where);
    else {
      setProblem(trouble);
      field.current?.focus();
    }
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    event.stopPropagation();
    const where = { Enter: [1, 0], Tab: [0, event.shiftKey ? -1 : 1] }[event.key];
    if (where) {
      event.preventDefault();
      void save(where);
    } else if (event.key === "Escape") {
      event.preventDefault();
      leave([0, 0]);
    }
  };
  return html`<span class="cell-edit">
    <input class="field" ref=${field} name=${`cell-${language}`} dir="auto" lang=${language} autocomplete="off" spellcheck="false" aria-label=${label}
      aria-invalid=${problem ? "true" : undefined} readonly=${busy} value=${text} onInput=${(e) => (setText(e.currentTarget.value), setProblem(""))} onKeyDown=${onKeyDown}
      onBlur=${() => !problem && !busy && save(null)} />
    ${problem && html`<span class="cell-problem" role="alert"><${Icon} name="warning" size=${16} /><span>${problem} <span class="quiet">Esc leaves it as it was.</span></span></span>`}
  </span>`;
}
