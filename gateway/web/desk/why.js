/** Why the visitor is taken to write her language: told on hover, focus and click. */
import { html, useId, useState } from "../shared/html.js";
import { sameLanguage } from "../shared/thread.js";
import { languageReason } from "./words.js";

/** What a thread knows about it. Pure. @returns {{language: string, by: string|null, detected: Object|null}|null} */
export function evidenceOf(thread, language) {
  if (!language) return null;
  const told = thread.messages
    .filter((message) => message.role === "visitor")
    .map((message) => message.outcomes.findLast((outcome) => outcome.receipt?.detected)?.receipt.detected);
  const detected = told.findLast((each) => each && sameLanguage(each.language, language)) ?? null;
  return detected || ["visitor", "agent"].includes(thread.languageBy) ? { language, by: thread.languageBy, detected } : null;
}

export function Why({ evidence, names }) {
  const [shown, setShown] = useState(false);
  const id = useId();
  if (!evidence) return null;
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !shown) return;
    event.preventDefault();
    event.stopPropagation();
    setShown(false);
  };
  return html`<span class="why" onMouseEnter=${() => setShown(true)} onMouseLeave=${() => setShown(false)}>
    <button type="button" class="link-button" aria-label="Why this language?" aria-describedby=${id} onKeyDown=${onKeyDown}
      onFocus=${() => setShown(true)} onBlur=${() => setShown(false)} onClick=${() => setShown(true)}>Why?</button>
    <span class="tip" role="tooltip" id=${id} hidden=${!shown}>${languageReason(evidence, names)}</span>
  </span>`;
}
