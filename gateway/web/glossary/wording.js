/** What a term is called in one language, as a part of the form. */
import { html, useId, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { GENDERS, NUMBERS } from "./draft.js";

/** @param {{wording: Object, onChange: (wording: Object) => void, onRemove: (() => void)|null, onSuggest: (() => Promise<Object[]>)|null}} props */
export function WordingFields({ wording, name, kept, readOnly, open, onChange, onRemove, onSuggest, refOf }) {
  const id = useId();
  const [more, setMore] = useState(open ?? false);
  const [suggesting, setSuggesting] = useState("");
  const set = (field, value) => onChange({ ...wording, [field]: value });
  const setForm = (index, fields) => set("forms", wording.forms.with(index, { ...wording.forms[index], ...fields }));

  const suggest = async () => {
    setSuggesting("busy");
    const found = await onSuggest();
    const known = new Set([wording.text.trim().toLowerCase(), ...wording.forms.map((form) => form.text.toLowerCase())]);
    const fresh = found.filter((form) => !known.has(form.text.toLowerCase()));
    if (fresh.length) set("forms", [...wording.forms, ...fresh.map((form) => ({ number: "", gender: "", ...form }))]);
    setSuggesting(fresh.length ? "" : "No other forms are known.");
  };

  return html`<fieldset class="wording" disabled=${readOnly}>
    <legend class="hush">${name}</legend>
    <div class="wording-main">
      <label class="wording-name" for=${`${id}-text`}>${name}</label>
      <input id=${`${id}-text`} class="field" ref=${refOf} name=${`text-${wording.language}`} dir="auto" lang=${wording.language} autocomplete="off" spellcheck="false"
        maxlength="200" value=${wording.text} placeholder=${kept ? "As in the other languages" : ""} onInput=${(e) => set("text", e.currentTarget.value)} />
      <button type="button" class=${`icon-button ${hasMore(wording) ? "has-more" : ""}`} aria-expanded=${more ? "true" : "false"} aria-controls=${`${id}-more`}
        aria-label=${`Forms and grammar, ${name}`} title=${hasMore(wording) ? "Forms and grammar: some are set" : "Forms and grammar"} onClick=${() => setMore(!more)}><${Icon} name=${more ? "up" : "down"} size=${18} /></button>
    </div>
    <div class="wording-more" id=${`${id}-more`} hidden=${!more}>
      <div class="pair">
        <${Choice} label="Gender" options=${GENDERS} value=${wording.gender} onChange=${(v) => set("gender", v)} />
        <${Choice} label="Number" options=${NUMBERS} value=${wording.number} onChange=${(v) => set("number", v)} />
      </div>
      <div class="forms" role="group" aria-label=${`Other forms, ${name}`}>
        <p class="label">Other forms</p>
        ${wording.forms.map((form, i) => html`<div class="form-row" key=${i}>
          <input class="field" dir="auto" lang=${wording.language} aria-label=${`Form ${i + 1}, ${name}`} maxlength="200" value=${form.text} onInput=${(e) => setForm(i, { text: e.currentTarget.value })} />
          <${Choice} label=${`Number of form ${i + 1}`} hush options=${NUMBERS} value=${form.number} onChange=${(v) => setForm(i, { number: v })} />
          <${Choice} label=${`Gender of form ${i + 1}`} hush options=${GENDERS} value=${form.gender} onChange=${(v) => setForm(i, { gender: v })} />
          <button type="button" class="icon-button" aria-label=${`Remove form ${form.text || i + 1}`} onClick=${() => set("forms", wording.forms.toSpliced(i, 1))}><${Icon} name="close" size=${16} /></button>
        </div>`)}
        ${!readOnly && html`<div class="form-add">
          <button type="button" class="link-button" onClick=${() => set("forms", [...wording.forms, { text: "", number: "", gender: "" }])}>Add a form</button>
          ${onSuggest && wording.text.trim() && html`<button type="button" class="link-button" disabled=${suggesting === "busy"} onClick=${suggest}>Fill in regular forms</button>`}
          <span class="quiet" role="status">${suggesting === "busy" ? "" : suggesting}</span>
        </div>`}
      </div>
      <${Lines} label="Not meant in" hint="Longer phrases in which the words mean something else, one a line, such as “in order to”." language=${wording.language}
        value=${wording.exceptions} onInput=${(v) => set("exceptions", v)} />
      <${Lines} label="Wordings to avoid" hint="Said by mistake for this term, one a line. They are replaced." language=${wording.language}
        value=${wording.avoid} onInput=${(v) => set("avoid", v)} />
      ${onRemove && !readOnly && html`<button type="button" class="link-button danger" onClick=${onRemove}>Remove ${name}</button>`}
    </div>
  </fieldset>`;
}

export function Choice({ label, hush, options, value, onChange }) {
  return html`<label class="choice"><span class=${hush ? "hush" : "label"}>${label}</span>
    <select class="field" value=${value} onChange=${(e) => onChange(e.currentTarget.value)}>
      ${Object.entries(options).map(([key, words]) => html`<option key=${key} value=${key} selected=${key === value}>${words}</option>`)}
    </select></label>`;
}

export function Lines({ label, hint, language, value, onInput }) {
  const id = useId();
  return html`<div class="lines"><label class="label" for=${id}>${label}</label>
    <textarea id=${id} class="field" rows=${Math.min(6, Math.max(1, value.split("\n").length))} dir="auto" lang=${language} aria-describedby=${`${id}-hint`}
      value=${value} onInput=${(e) => onInput(e.currentTarget.value)}></textarea>
    <p class="hint" id=${`${id}-hint`}>${hint}</p></div>`;
}

function hasMore(wording) {
  return Boolean(wording.forms.length || wording.gender || wording.number || wording.exceptions || wording.avoid);
}
