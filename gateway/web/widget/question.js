/** Asks her which language she writes in while that is not clear, in those languages. The chat goes on meanwhile. */
import { html, useEffect, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { baseLanguage, ownName } from "../shared/locale.js";
import { KNOWN, wordsFor } from "./words/index.js";

/** The question in each language that it is about, as far as there are words; null until they are there. */
function useQuestions(tags, words) {
  const [asked, setAsked] = useState(null);
  const languages = [...new Set(tags.map(baseLanguage))].filter((language) => KNOWN.includes(language)).join(" ");
  useEffect(() => {
    let stale = false;
    const ownWords = [{ text: words.whichLanguage }];
    setAsked(null);
    Promise.all(languages.split(" ").filter(Boolean).map(wordsFor)).then(
      (found) => stale || setAsked(found.length ? found.map((each) => ({ text: each.words.whichLanguage, lang: each.language })) : ownWords),
      () => stale || setAsked(ownWords), // the line is bad: her page's language will do
    );
    return () => {
      stale = true;
    };
  }, [languages, words]);
  return asked;
}

export function Question({ connection, thread, online, words, field }) {
  const [unasked, setUnasked] = useState(connection.keep.unasked());
  const questions = useQuestions(thread.ask, words);
  const asks = thread.ask.length > 0 && questions !== null && unasked !== thread.conversation;
  const choose = (tag) => {
    connection.setLanguage(tag); // the question goes when the gateway has stored the answer
    field.current?.focus();
  };
  const dismiss = () => {
    connection.keep.setUnasked(thread.conversation);
    setUnasked(thread.conversation);
    field.current?.focus();
  };

  return html`<div class="question-place" aria-live="polite">
    ${asks &&
    html`<div class="question" role="group" aria-label=${words.whichLanguage}>
      <div class="asks">${questions.map(({ text, lang }) => html`<p key=${text} lang=${lang} dir="auto">${text}</p>`)}</div>
      <button type="button" class="icon-button" aria-label=${words.notNow} onClick=${dismiss}><${Icon} name="close" size=${16} /></button>
      <div class="chips">
        ${thread.ask.map((tag) => html`<button type="button" class="chip" key=${tag} lang=${tag} dir="auto" disabled=${!online}
          onClick=${() => choose(tag)}>${ownName(tag)}</button>`)}
      </div>
    </div>`}
  </div>`;
}
