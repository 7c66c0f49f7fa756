/** One message in the widget, stored (Message) or still on its way (Pending). */
import { html, useId, useState } from "../shared/html.js";
import { useTight } from "../shared/hooks.js";
import { Icon, Ticks } from "../shared/icons.js";
import { deliveryOf, outcomeFor } from "../shared/thread.js";
import { readingOf } from "../shared/reading.js";

export function Message({ message, follows, last, repeated, language, marks, isLastOwn, speech }) {
  return message.role === "visitor"
    ? html`<${Own} message=${message} follows=${follows} shown=${last || isLastOwn} marks=${marks}
        withState=${isLastOwn} language=${language} repeated=${repeated} speech=${speech} />`
    : html`<${Theirs} message=${message} follows=${follows} language=${language} repeated=${repeated} speech=${speech} />`;
}

function Own({ message, follows, shown, marks, withState, language, repeated, speech }) {
  const { words, times, names } = speech;
  const state = deliveryOf(message, marks);
  const outcome = outcomeFor(message, null);
  return html`<article class=${`message own ${follows ? "follows" : ""}`} aria-label=${`${words.you}, ${times.clock(message.ts)}`}>
    <div class="bubble"><p class="text" dir="auto" lang=${outcome?.source ?? language}>${message.text}</p></div>
    ${shown &&
    html`<div class="meta">
      <time dateTime=${new Date(message.ts).toISOString()} title=${times.full(message.ts)}>${times.clock(message.ts)}</time>
      ${withState && html`<span class="dot state"><${Ticks} state=${state} />${words[state]}</span>`}
    </div>`}
    ${outcome?.status === "unavailable" && !repeated &&
    html`<p class="note">${words.ownUnavailable(names(outcome.source), names(outcome.target))}</p>`}
    ${outcome?.status === "failed" && html`<p class="note">${words.ownFailed}</p>`}
  </article>`;
}

function Theirs({ message, follows, language, repeated, speech }) {
  const { words, times, names } = speech;
  const [asked, setAsked] = useState(null); // null: as the translation deserves
  const id = useId();
  const row = useTight();
  const { state, text, language: textLanguage, outcome } = readingOf(message, language);
  const warnings = (state === "done" && outcome.warnings) || [];
  const shown = state === "done" && (asked ?? warnings.length > 0);
  const name = message.name || words.support;

  return html`<article class=${`message ${follows ? "follows" : ""}`} aria-label=${`${name}, ${times.clock(message.ts)}`}
    aria-busy=${state === "translating" ? "true" : "false"}>
    ${!follows && html`<span class="author" dir="auto">${name}</span>`}
    <div class="bubble">
      <p class=${`text ${state === "done" ? "fresh" : ""}`} key=${state === "done" ? "translation" : "original"} dir="auto"
        lang=${textLanguage}>${text}</p>
      <div class="aside" id=${id} hidden=${!shown}>
        <span class="aside-title">${words.original}</span>
        <p class="text" dir="auto" lang=${outcome?.source}>${message.text}</p>
      </div>
    </div>
    <div class="meta" ref=${row}>
      <time dateTime=${new Date(message.ts).toISOString()} title=${times.full(message.ts)}>${times.clock(message.ts)}</time>
      ${state === "translating" && html`<span class="dot translating">${words.translating}</span>`}
      ${state === "unavailable" && repeated && html`<span class="dot">${words.original}</span>`}
      ${state === "done" &&
      html`<span class="dot origin">${outcome.edited ? words.corrected : words.translatedFrom(names(outcome.source))}</span>
        <span class="dot"><button type="button" class="link-button" aria-expanded=${shown ? "true" : "false"} aria-controls=${id}
          onClick=${() => setAsked(!shown)}>
          <span class="roomy">${shown ? words.hideOriginal : words.showOriginal}</span><span class="brief">${words.original}</span></button></span>`}
    </div>
    ${warnings.length > 0 &&
    html`<p class="note warn"><${Icon} name="warning" size=${16} /><span>${
      warnings.includes("number-changed") ? words.checkNumber : words.checkOriginal
    }</span></p>`}
    ${state === "unavailable" && !repeated &&
    html`<p class="note">${words.unavailable(names(outcome.source), names(outcome.target))}</p>`}
    ${state === "failed" && html`<p class="note">${words.failed}</p>`}
  </article>`;
}

export function Pending({ message, follows, last, online, speech, onDrop }) {
  const { words, times } = speech;
  const label = message.refused ? words.notSent : online ? words.sending : words.waitingToSend;
  return html`<article class=${`message own ${follows ? "follows" : ""} ${message.refused ? "refused" : "pending"}`}
    aria-label=${`${words.you}, ${times.clock(message.ts)}`}>
    <div class="bubble"><p class="text" dir="auto">${message.text}</p></div>
    ${(last || message.refused) &&
    html`<div class="meta">
      <span class=${`state ${message.refused ? "refused" : ""}`}>
        ${!message.refused && html`<${Ticks} state="sending" />`}${label}
      </span>
      ${message.refused &&
      html`<span class="dot"><button type="button" class="link-button" onClick=${onDrop}>${words.remove}</button></span>`}
    </div>`}
  </article>`;
}
