/** Where the shopper writes. Enter sends, Shift+Enter begins a new line; a text not sent yet is there when she comes back. */
import { html, useId } from "../shared/html.js";
import { useDraft } from "../shared/draft.js";
import { Icon } from "../shared/icons.js";
import { lengthOf, useGrowing, useTypingSignal } from "../shared/hooks.js";

const NEAR_LIMIT = 200;

/** `conversation`: "" before the first one has begun. */
export function Composer({ connection, conversation, limit, words, field }) {
  const [text, setText] = useDraft(connection.keep, conversation, { carried: true });
  const counter = useId();
  const signal = useTypingSignal(connection);
  useGrowing(field, text);

  const left = limit - lengthOf(text);
  const ready = text.trim() !== "" && left >= 0;
  const send = () => {
    if (ready) {
      connection.send(text.trim());
      setText("");
      signal("");
    }
    field.current?.focus();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };

  return html`<form class="composer" onSubmit=${(e) => (e.preventDefault(), send())}>
    <div class=${`writer ${left < 0 ? "over" : ""}`}>
      <textarea ref=${field} rows="1" dir="auto" enterkeyhint="send" aria-label=${words.placeholder} placeholder=${words.placeholder}
        aria-invalid=${left < 0 ? "true" : "false"} aria-describedby=${counter} value=${text}
        onInput=${(e) => (setText(e.currentTarget.value), signal(e.currentTarget.value))} onKeyDown=${onKeyDown}></textarea>
      <button type="submit" class="send" aria-label=${words.send} disabled=${!ready}><${Icon} name="send" /></button>
    </div>
    <p class="counter" id=${counter} aria-live="polite">
      ${left < 0 ? words.tooLong(-left) : left <= NEAR_LIMIT ? words.left(left) : ""}
    </p>
  </form>`;
}
