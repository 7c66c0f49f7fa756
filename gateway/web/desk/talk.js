/** One open conversation: whom with, what was said, what to answer. */
import { html, useEffect, useMemo, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { Log } from "../shared/log.js";
import { grouped } from "../shared/reading.js";
import { baseLanguage, sameDay } from "../shared/locale.js";
import { threadOf } from "../shared/client.js";
import { useAttention, useMarks, useOnline } from "../shared/hooks.js";
import { Composer } from "./composer.js";
import { Message, Pending } from "./message.js";
import { ProposeTerm } from "./propose.js";
import { nameOf } from "./queue.js";
import { Why, evidenceOf } from "./why.js";

const SHOWN_MS = 2500;
const COMMON = ["ar", "cs", "de", "en", "es", "fr", "hi", "it", "ja", "ko", "nl", "pl", "pt", "ru", "sv", "tr", "uk", "zh"];

export function Talk({ connection, state, conversation, both, onBoth, onBack, field, speech, at }) {
  const [atEnd, setAtEnd] = useState(true);
  const attention = useAttention();
  const network = useOnline();
  const thread = threadOf(state, conversation);
  const card = state.cards.get(conversation);
  const visitor = nameOf(card);
  const mine = state.you.language ?? "en";
  const theirs = thread.language ?? card?.language ?? null;
  useMarks(connection, thread, "agent", attention && atEnd, conversation);

  useShownMessage(at, thread.loaded && conversation);

  const rows = useMemo(() => grouped(thread.messages, sameDay), [thread.messages]);
  const lastOwn = thread.messages.findLast((m) => m.role === "agent");
  const why = useMemo(() => evidenceOf(thread, theirs), [thread.messages, thread.languageBy, theirs]);
  const pending = state.outbox.filter((m) => m.conversation === conversation);
  const hint = theirs && baseLanguage(theirs) !== baseLanguage(mine)
    ? `Write in ${speech.names(mine)}. ${visitor} reads ${speech.names(theirs)}.`
    : `Write to ${visitor}`;

  return html`<section class="talk" aria-label=${`Conversation with ${visitor}`}>
    <header class="talk-head">
      <button type="button" class="icon-button talk-back" aria-label="Back to the list" onClick=${onBack}><${Icon} name="back" /></button>
      <div class="talk-who">
        <h2 dir="auto">${visitor}</h2>
        <p>
          <${LanguageChoice} language=${theirs} names=${speech.names} onChange=${(tag) => connection.setLanguage(tag, conversation)} />
          <${Why} evidence=${why} names=${speech.names} />
          ${card?.visitor_online && html`<span class="talk-online">Online</span>`}
        </p>
      </div>
      <button type="button" class="button toggle" aria-pressed=${both ? "true" : "false"} onClick=${onBoth}>
        <span class="wide">Both languages</span><span class="narrow">Both</span>
      </button>
    </header>
    <${Log} key=${conversation} label=${`Messages with ${visitor}`} newest="Newest messages" onEnd=${setAtEnd}
      endKey=${pending.at(-1)?.id ?? lastOwn?.id} busy=${!thread.loaded}>
      ${rows.flatMap(({ message, newDay, follows, last, repeated }) => [
        newDay && html`<div class="day" key=${`day-${message.seq}`}>${speech.times.day(message.ts)}</div>`,
        html`<${Message} key=${message.id} message=${message} follows=${follows} last=${last} repeated=${repeated} language=${mine} both=${both}
          marks=${thread.marks} line=${{ connection, state, conversation }} me=${state.you.name} visitor=${visitor} isLastOwn=${message === lastOwn} speech=${speech} />`,
      ])}
      ${pending.map((message, i) => html`<${Pending} key=${message.id} message=${message} speech=${speech}
        follows=${i > 0 || thread.messages.at(-1)?.role === "agent"} online=${network && state.phase === "open" && state.status.store === "ok"}
        onDrop=${() => connection.drop(message.id)} />`)}
    <//>
    <div class="writing" aria-live="polite">
      ${thread.typing &&
      html`<span class="writing-dots" aria-hidden="true"><i></i><i></i><i></i></span><span>${thread.typing.name || visitor} is writing</span>`}
    </div>
    <${Composer} connection=${connection} conversation=${conversation} limit=${state.limits.text} field=${field} hint=${hint}
      language=${mine} theirs=${theirs} />
    <${ProposeTerm} key=${`propose-${conversation}`} thread=${thread} conversation=${conversation} reader=${mine} names=${speech.names} />
  </section>`;
}

/** Brings the message that a link leads to into view, once. */
function useShownMessage(seq, loaded) {
  useEffect(() => {
    const message = seq && loaded && document.querySelector(`.talk [data-seq="${Number(seq)}"]`);
    if (!message) return undefined;
    message.scrollIntoView({ block: "center" });
    message.classList.add("shown");
    const timer = setTimeout(() => message.classList.remove("shown"), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [seq, loaded]);
}

function LanguageChoice({ language, names, onChange }) {
  const base = baseLanguage(language);
  const choices = [...new Set([...COMMON, ...(base ? [base] : [])])].sort((a, b) => names(a).localeCompare(names(b)));
  return html`<label class="language">
    <${Icon} name="globe" size=${16} /><span class="hush">Visitor’s language</span>
    <select value=${base} onChange=${(e) => e.currentTarget.value && onChange(e.currentTarget.value)}>
      ${!base && html`<option value="" selected>Not known yet</option>`}
      ${choices.map((tag) => html`<option key=${tag} value=${tag} selected=${tag === base}>${names(tag)}</option>`)}
    </select>
  </label>`;
}
