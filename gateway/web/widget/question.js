/** Asks her which language she writes in while that is not clear. The chat goes on meanwhile. */
import { html, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { ownName } from "../shared/locale.js";

export function Question({ connection, thread, online, words, field }) {
  const [unasked, setUnasked] = useState(connection.keep.unasked());
  const asks = thread.ask.length > 0 && unasked !== thread.conversation;
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
      <p>${words.whichLanguage}</p>
      <button type="button" class="icon-button" aria-label=${words.notNow} onClick=${dismiss}><${Icon} name="close" size=${16} /></button>
      <div class="chips">
        ${thread.ask.map((tag) => html`<button type="button" class="chip" key=${tag} lang=${tag} dir="auto" disabled=${!online}
          onClick=${() => choose(tag)}>${ownName(tag)}</button>`)}
      </div>
    </div>`}
  </div>`;
}
