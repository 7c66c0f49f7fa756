/** The form for everything that a term holds. The panel saves it. */
import { html, useState } from "../shared/html.js";
import { KINDS, PARTS, RULES, STATUSES, wordingDraft } from "./draft.js";
import { Choice, Lines, WordingFields } from "./wording.js";

export function EntryFields({ draft, onChange, names, offered, readOnly, first, onSuggest }) {
  const set = (field, value) => onChange({ ...draft, [field]: value });
  const setWording = (index, wording) => set("wordings", draft.wordings.with(index, wording));
  const missing = offered.filter((tag) => !draft.wordings.some((each) => each.language === tag));
  const [added, setAdded] = useState(null);

  return html`<div class="entry">
    <div class="wordings">
      ${draft.wordings.map((wording, i) => html`<${WordingFields} key=${wording.language} wording=${wording} name=${names(wording.language)}
        kept=${draft.kind === "do-not-translate"} readOnly=${readOnly} refOf=${i === 0 ? first : wording.language === added ? (e) => e && (e.focus(), setAdded(null)) : undefined}
        open=${draft.kind === "forbidden" || undefined} onChange=${(w) => setWording(i, w)} onSuggest=${onSuggest && (() => onSuggest(wording))}
        onRemove=${draft.wordings.length > 1 ? () => set("wordings", draft.wordings.toSpliced(i, 1)) : null} />`)}
      ${!readOnly && html`<label class="more-language"><span class="hush">Add a language</span>
        <select class="field" value="" onChange=${(e) => {
          const tag = e.currentTarget.value;
          if (!tag) return;
          set("wordings", [...draft.wordings, wordingDraft(tag)]);
          setAdded(tag);
        }}>
          <option value="">Add a language…</option>
          ${missing.map((tag) => html`<option key=${tag} value=${tag}>${names(tag)}</option>`)}
        </select></label>`}
    </div>
    <fieldset class="plain" disabled=${readOnly}>
      <legend class="hush">What the term does</legend>
      <div class="kinds">
        ${Object.entries(KINDS).map(([kind, words]) => html`<label class="tick" key=${kind}><input type="radio" name="kind" value=${kind} checked=${draft.kind === kind}
          onChange=${() => set("kind", kind)} /><span>${words}</span></label>`)}
      </div>
      <div class="pair">
        <${Choice} label="Status" options=${STATUSES} value=${draft.status} onChange=${(v) => set("status", v)} />
        <${Choice} label="Part of speech" options=${PARTS} value=${draft.part_of_speech} onChange=${(v) => set("part_of_speech", v)} />
      </div>
      <${Lines} label="Note" hint="For colleagues. The desk shows it with the term." value=${draft.note} onInput=${(v) => set("note", v)} />
      <${Lines} label="Only for" hint="Channels or product lines, one a line, such as “channel:whatsapp”. Empty: the whole shop." value=${draft.scope} onInput=${(v) => set("scope", v)} />
      <div class="rules" role="group" aria-label="How it is found">
        <p class="label">How it is found</p>
        ${Object.entries(RULES).map(([rule, [words, hint]]) => html`<label class="tick" key=${rule}><input type="checkbox" checked=${draft.rules[rule]}
          onChange=${(e) => set("rules", { ...draft.rules, [rule]: e.currentTarget.checked })} /><span>${words}<small>${hint}</small></span></label>`)}
      </div>
    </fieldset>
  </div>`;
}
