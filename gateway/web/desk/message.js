/** One message at the desk: what the visitor wrote, in the agent's language; what the agent wrote, and what she reads. */
import { html, useEffect, useId, useState } from "../shared/html.js";
import { useTight } from "../shared/hooks.js";
import { Icon, Ticks } from "../shared/icons.js";
import { deliveryOf, outcomeFor, sameLanguage } from "../shared/thread.js";
import { readingOf } from "../shared/reading.js";
import { MarkedText } from "./terms.js";
import { Correct, useCorrecting } from "./correct.js";
import { failureWords, originWords, sourceNames, warningWords } from "./words.js";

const DELIVERY = { sent: "Sent", delivered: "Delivered", read: "Read" };

export function Message(props) {
  return props.message.role === "visitor" ? html`<${Visitors} ...${props} />` : html`<${Agents} ...${props} />`;
}

function Visitors({ message, follows, repeated, language, both, visitor, me, speech, line }) {
  const { names } = speech;
  const { state, text, language: textLanguage, outcome } = readingOf(message, language);
  const terms = outcome?.receipt?.terms ?? [];
  const warnings = state === "done" ? (outcome.warnings ?? outcome.receipt?.warnings ?? []) : [];
  const correcting = useCorrecting(line.conversation, message, outcome);
  const [shown, toggle] = useShown(both || warnings.length > 0, both);
  const row = useTight();
  const id = useId();

  return html`<article class=${`message ${follows ? "follows" : ""} ${correcting.open ? "correcting" : ""}`} data-seq=${message.seq} aria-label=${`${visitor}, ${speech.times.clock(message.ts)}`}
    aria-busy=${state === "translating" ? "true" : "false"}>
    <div class="bubble">
      ${correcting.open
        ? html`<${Correct} ...${line} message=${message} outcome=${outcome} language=${names(outcome.target)} me=${me} onEnd=${correcting.end} />`
        : html`<${MarkedText} key=${state === "done" ? "translation" : "original"} text=${text} terms=${terms} language=${textLanguage}
            side=${state === "done" ? "target_span" : "source_span"} fresh=${state === "done"} />`}
      ${state === "done" &&
      html`<div class="aside" id=${id} hidden=${!shown && !correcting.open}>
        <span class="aside-title">Original</span>
        <${MarkedText} text=${message.text} terms=${terms} side="source_span" language=${outcome.source} />
      </div>`}
    </div>
    <div class="meta" ref=${row}>
      <${Time} ts=${message.ts} speech=${speech} />
      ${state === "translating" && html`<span class="dot translating">Translating</span>`}
      ${state === "plain" && outcome && html`<span class="dot">Written in ${names(outcome.source)}</span>`}
      ${state === "unavailable" && repeated && html`<span class="dot">Original in ${names(outcome.source)}</span>`}
      ${state === "done" &&
      html`<${Origin} receipt=${outcome.receipt} language=${sourceNames(outcome, names)} me=${me} />
        <${Other} id=${id} shown=${shown} name="original" short="Original" onClick=${toggle} />
        <${Begin} correcting=${correcting} />`}
    </div>
    <${Notes} warnings=${warnings} terms=${terms} />
    ${state === "unavailable" && !repeated &&
    html`<p class="note">We can’t translate ${names(outcome.source)} to ${names(outcome.target)} here: no model for it is installed. You see the original.</p>`}
    ${state === "failed" && html`<p class="note">${failureWords(outcome.reason)} You see the original.</p>`}
  </article>`;
}

function Agents({ message, follows, last, repeated, language, both, marks, me, visitor, isLastOwn, speech, line }) {
  const { names } = speech;
  const outcome = outcomeFor(message, null);
  const done = outcome?.status === "done";
  const written = outcome?.status === "same" && !sameLanguage(outcome.source, message.language ?? language);
  const terms = outcome?.receipt?.terms ?? [];
  const warnings = done ? (outcome.warnings ?? outcome.receipt?.warnings ?? []) : [];
  const correcting = useCorrecting(line.conversation, message, outcome);
  const [shown, toggle] = useShown(both || warnings.length > 0, both);
  const row = useTight();
  const id = useId();
  const state = deliveryOf(message, marks);
  const author = message.name && message.name !== me ? message.name : "You";

  return html`<article class=${`message own ${follows ? "follows" : ""} ${correcting.open ? "correcting" : ""}`} data-seq=${message.seq} aria-label=${`${author}, ${speech.times.clock(message.ts)}`}>
    ${!follows && author !== "You" && html`<span class="author">${author}</span>`}
    <div class="bubble">
      <${MarkedText} text=${message.text} terms=${terms} side="source_span" language=${message.language ?? language} />
      ${done &&
      html`<div class="aside" id=${id} hidden=${!shown && !correcting.open}>
        <span class="aside-title">${visitor} reads</span>
        ${correcting.open
          ? html`<${Correct} ...${line} message=${message} outcome=${outcome} language=${names(outcome.target)} me=${me} onEnd=${correcting.end} />`
          : html`<${MarkedText} text=${outcome.text} terms=${terms} side="target_span" language=${outcome.target} />`}
      </div>`}
    </div>
    <div class="meta" ref=${row}>
      <${Time} ts=${message.ts} speech=${speech} />
      ${(isLastOwn || (last && state !== "read")) && html`<span class="dot state"><${Ticks} state=${state} />${DELIVERY[state]}</span>`}
      ${!outcome && message.translate !== false && html`<span class="dot translating">Translating</span>`}
      ${outcome?.status === "unavailable" && repeated && html`<span class="dot">Not translated</span>`}
      ${written && html`<span class="dot origin">Not translated, already in ${names(outcome.source)}</span>`}
      ${done &&
      html`${outcome.receipt?.edited_by && html`<${Origin} receipt=${outcome.receipt} me=${me} />`}
        <${Other} id=${id} shown=${shown} name=${names(outcome.target)} short=${names(outcome.target)} onClick=${toggle} />
        <${Begin} correcting=${correcting} />`}
    </div>
    <${Notes} warnings=${warnings} terms=${terms} />
    ${outcome?.status === "unavailable" && !repeated &&
    html`<p class="note">We can’t translate ${names(outcome.source)} to ${names(outcome.target)} here: no model for it is installed. ${visitor} sees your original.</p>`}
    ${outcome?.status === "failed" && html`<p class="note">${failureWords(outcome.reason)} ${visitor} sees your original.</p>`}
  </article>`;
}

export function Pending({ message, follows, online, onDrop, speech }) {
  const label = message.refused
    ? message.refused === "too_long" ? "Too long to be sent" : "Not sent"
    : online ? "Sending" : "Waiting to be sent";
  return html`<article class=${`message own ${follows ? "follows" : ""} ${message.refused ? "refused" : "pending"}`}
    aria-label=${`You, ${speech.times.clock(message.ts)}`}>
    <div class="bubble"><p class="text" dir="auto">${message.text}</p></div>
    <div class="meta">
      <span class=${`state ${message.refused ? "refused" : ""}`}>${!message.refused && html`<${Ticks} state="sending" />`}${label}</span>
      ${message.refused && html`<span class="dot"><button type="button" class="link-button" onClick=${onDrop}>Remove</button></span>`}
    </div>
  </article>`;
}

/** Shows and hides the same in the other language. */
function Other({ id, shown, name, short, onClick }) {
  return html`<span class="dot"><button type="button" class="link-button" aria-expanded=${shown ? "true" : "false"} aria-controls=${id} onClick=${onClick}>
    <span class="roomy">${shown ? "Hide" : "Show"} ${name}</span><span class="brief">${shown ? "Hide" : short}</span></button></span>`;
}

function Begin({ correcting }) {
  return !correcting.open && html`<span class="dot"><button type="button" class="link-button" ref=${correcting.button} onClick=${correcting.begin}>Correct</button></span>`;
}

function Notes({ warnings, terms }) {
  const missed = terms.filter((term) => term.status === "missed");
  const sentences = warningWords(warnings.filter((code) => code.split(":")[0] !== "term-missed" || !missed.length));
  return [
    ...sentences.map((text) => html`<p class="note warn" key=${text}><${Icon} name="warning" size=${16} /><span>${text}</span></p>`),
    missed.length > 0 &&
      html`<p class="note" key="missed"><span>Glossary term not used: ${missed.map(
        (term, i) => html`${i > 0 && ", "}<bdi>${term.source}</bdi> → <bdi>${term.target}</bdi>`,
      )}</span></p>`,
  ];
}

function Origin({ receipt, language, me }) {
  const [lead, rest] = originWords(receipt, language, me);
  return html`<span class=${`dot origin ${receipt?.edited_by ? "edited" : ""}`}><span class="origin-lead">${lead}</span>${rest}</span>`;
}

function Time({ ts, speech }) {
  return html`<time dateTime=${new Date(ts).toISOString()} title=${speech.times.full(ts)}>${speech.times.clock(ts)}</time>`;
}

/** Shown or not: as the setting says until somebody clicks; a change of the setting holds for all again. */
function useShown(normally, setting) {
  const [asked, setAsked] = useState(null);
  useEffect(() => setAsked(null), [setting]);
  const shown = asked ?? normally;
  return [shown, () => setAsked(!shown)];
}
