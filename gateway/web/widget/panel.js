/** The open chat: head, messages, what the system has to say, and the place to write. */
import { html, useEffect, useMemo, useRef } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { useOnline } from "../shared/hooks.js";
import { Log } from "../shared/log.js";
import { grouped } from "../shared/reading.js";
import { baseLanguage, ownName, sameDay } from "../shared/locale.js";
import { Composer } from "./composer.js";
import { Message, Pending } from "./message.js";
import { Notice } from "./notice.js";
import { Question } from "./question.js";
import { KNOWN } from "./words/index.js";

export function Panel({ open, onClose, title, connection, state, thread, speech, onEnd }) {
  const { words, locale, times } = speech;
  const box = useRef(null);
  const field = useRef(null);
  const language = thread.language ?? baseLanguage(locale);
  const rows = useMemo(() => grouped(thread.messages, sameDay), [thread.messages]);
  const lastOwn = thread.messages.findLast((m) => m.role === "visitor");
  const network = useOnline();
  const online = network && state.phase === "open" && state.status.store === "ok";

  useEffect(() => {
    if (open) field.current?.focus();
  }, [open]);
  useVisibleHeight(box, open);

  return html`<section class="panel" ref=${box} hidden=${!open} role="dialog" aria-label=${title}>
    <header class="head">
      <div class="head-words">
        <h2>${title}</h2>
        <p>${words.intro}</p>
      </div>
      <button type="button" class="icon-button head-close" aria-label=${words.close} onClick=${onClose}>
        <${Icon} name="close" />
      </button>
      <${LanguageChoice} label=${words.language} language=${language}
        onChange=${(chosen) => connection.setLanguage(chosen)} />
    </header>
    <div class="talk">
      <${Notice} state=${state} words=${words} />
      <${Log} label=${words.messages} newest=${words.newest} onEnd=${onEnd}
        endKey=${state.outbox.at(-1)?.id ?? lastOwn?.id}>
        <p class="greeting" dir="auto">${words.greeting}</p>
        ${rows.flatMap(({ message, newDay, follows, last, repeated }) => [
          newDay && html`<div class="day" key=${`day-${message.seq}`}>${times.day(message.ts)}</div>`,
          html`<${Message} key=${message.id} message=${message} follows=${follows} last=${last} repeated=${repeated}
            language=${language} marks=${thread.marks} isLastOwn=${message === lastOwn} speech=${speech} />`,
        ])}
        ${state.outbox.map((message, i) => html`<${Pending} key=${message.id} message=${message} speech=${speech}
          follows=${i > 0 || thread.messages.at(-1)?.role === "visitor"} last=${i === state.outbox.length - 1}
          online=${online} onDrop=${() => connection.drop(message.id)} />`)}
      <//>
      <${Question} connection=${connection} thread=${thread} online=${online} words=${words} field=${field} />
      <div class="writing" aria-live="polite">
        ${thread.typing &&
        html`<span class="writing-dots" aria-hidden="true"><i></i><i></i><i></i></span>
          <span>${words.writing(thread.typing.name || words.support)}</span>`}
      </div>
    </div>
    <${Composer} connection=${connection} conversation=${state.conversation ?? connection.keep.conversation() ?? ""} limit=${state.limits.text} words=${words} field=${field} />
  </section>`;
}

function LanguageChoice({ label, language, onChange }) {
  const base = baseLanguage(language);
  const choices = KNOWN.includes(base) ? KNOWN : [...KNOWN, base];
  return html`<label class="language">
    <${Icon} name="globe" size=${16} />
    <span class="hush">${label}</span>
    <select value=${base} onChange=${(e) => onChange(e.currentTarget.value)}>
      ${choices.map((tag) => html`<option key=${tag} value=${tag} lang=${tag} selected=${tag === base}>${ownName(tag)}</option>`)}
    </select>
  </label>`;
}

/** On phones the keyboard covers part of the page: the panel takes the height that is left. */
function useVisibleHeight(box, open) {
  useEffect(() => {
    const view = globalThis.visualViewport;
    if (!open || !view) return undefined;
    const fit = () => {
      box.current?.style.setProperty("--visible", `${view.height}px`);
      box.current?.style.setProperty("--shifted", `${view.offsetTop}px`);
    };
    fit();
    view.addEventListener("resize", fit);
    view.addEventListener("scroll", fit);
    return () => {
      view.removeEventListener("resize", fit);
      view.removeEventListener("scroll", fit);
    };
  }, [open]);
}
