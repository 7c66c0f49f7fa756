/** Where the agent writes. Enter sends, Shift+Enter begins a new line; a text not sent yet waits with its conversation. */
import { html, useId } from "../shared/html.js";
import { useDraft } from "../shared/draft.js";
import { Icon } from "../shared/icons.js";
import { lengthOf, useGrowing, useTypingSignal } from "../shared/hooks.js";
import { UsedBefore, useUsedBefore } from "./used.js";

const NEAR_LIMIT = 200;

/** `language`: his. `theirs`: the visitor's, null while nobody knows it. */
export function Composer({ connection, conversation, limit, field, hint, language, theirs }) {
  const [text, setText] = useDraft(connection.keep, conversation);
  const note = useId();
  const signal = useTypingSignal(connection, conversation);
  useGrowing(field, text);
  const found = useUsedBefore(text, language, theirs);

  const change = (value) => {
    setText(value);
    signal(value);
  };
  const left = limit - lengthOf(text);
  const ready = text.trim() !== "" && left >= 0;
  const send = () => {
    if (!ready) return;
    connection.send(text.trim(), conversation);
    change("");
    field.current?.focus();
  };
  const onKeyDown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };

  const pick = (words) => {
    change(words);
    field.current?.focus();
  };

  return html`<form class="composer" onSubmit=${(e) => (e.preventDefault(), send())}>
    <${UsedBefore} found=${found} source=${language} target=${theirs} onPick=${pick} onLeave=${() => field.current?.focus()} />
    <div class=${`writer ${left < 0 ? "over" : ""}`}>
      <textarea ref=${field} rows="1" dir="auto" aria-label="Your message" placeholder=${hint} value=${text} aria-describedby=${note}
        aria-invalid=${left < 0 ? "true" : "false"} onInput=${(e) => change(e.currentTarget.value)} onKeyDown=${onKeyDown}></textarea>
      <button type="submit" class="send" aria-label="Send" disabled=${!ready}><${Icon} name="send" /></button>
    </div>
    <p class="counter" id=${note} aria-live="polite">
      ${left < 0 ? `${-left} characters too long` : left <= NEAR_LIMIT ? `${left} characters left` : ""}
    </p>
  </form>`;
}
