/** Other words for a translation: written in its place, saved for both sides, used again when somebody says the same. */
import { html, useEffect, useId, useLayoutEffect, useRef, useState } from "../shared/html.js";
import { lengthOf, useGrowing } from "../shared/hooks.js";
import { saveTrouble, unsureWords } from "./words.js";

const NEAR_LIMIT = 200;
const begun = new Map(); // corrections not saved yet, by message: they wait while the agent looks elsewhere

const keyOf = (conversation, seq) => `${conversation}/${seq}`;

/**
 * Whether a message's translation is being corrected, and how to begin and end that.
 * @returns {{open: boolean, begin: () => void, end: () => void, button: Object}} `button`: a ref for the one that begins
 */
export function useCorrecting(conversation, message, outcome) {
  const key = keyOf(conversation, message.seq);
  const [open, setOpen] = useState(begun.has(key));
  const button = useRef(null);
  const ended = useRef(false);
  useLayoutEffect(() => {
    if (!open && ended.current) button.current?.focus();
  }, [open]);
  const begin = () => {
    begun.set(key, { translation: outcome.seq, was: outcome.text, text: outcome.text, id: null });
    setOpen(true);
  };
  const end = () => {
    begun.delete(key);
    ended.current = true;
    setOpen(false);
  };
  return { open: open && begun.has(key), begin, end, button };
}

/** `outcome`: as it stands now; another agent may have corrected it since this one began. */
export function Correct({ connection, state, conversation, message, outcome, language, me, onEnd }) {
  const key = keyOf(conversation, message.seq);
  const [draft, setDraft] = useState(begun.get(key));
  const field = useRef(null);
  const note = useId();
  useGrowing(field, draft.text);
  useLayoutEffect(() => {
    const { length } = field.current.value;
    field.current.focus(); // at once: the next key may be pressed already, and mean something else elsewhere
    field.current.setSelectionRange(length, length);
  }, []);

  // Not from `state`: that follows a moment later, and would make one that was just sent look stored.
  const sent = draft.id && connection.state.corrections.get(draft.id);
  useEffect(() => {
    if (draft.id && !sent) onEnd(); // it is stored
  }, [draft.id, sent]);

  const change = (fields) => {
    const next = { ...draft, ...fields };
    begun.set(key, next);
    setDraft(next);
  };
  const text = draft.text.trim();
  const left = 2 * state.limits.text - lengthOf(text);
  const saving = sent?.state === "flying";
  const unsure = sent?.state === "unsure";
  const ready = text !== "" && text !== draft.was && left >= 0 && !saving;
  const save = () => {
    if (!ready) return;
    change({ id: connection.correct({ id: draft.id, conversation, translation: draft.translation, text, anyway: unsure }) });
  };
  const cancel = () => {
    if (draft.id) connection.dropCorrection(draft.id);
    onEnd();
  };
  const write = (words) => {
    // What was said about the text before does not hold for another one: it is sent anew.
    if (draft.id) connection.dropCorrection(draft.id);
    change({ text: words, id: null });
  };
  const onKeyDown = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") cancel();
    else if (event.key !== "Enter" || event.shiftKey) return;
    else if (!unsure) save(); // an Enter in a hurry is no answer to a warning
    event.preventDefault();
    event.stopPropagation();
  };
  const by = outcome.seq !== draft.translation && outcome.receipt?.edited_by;
  return html`<form class="correct" onSubmit=${(e) => (e.preventDefault(), save())}>
    <textarea ref=${field} class="field" rows="1" dir="auto" lang=${outcome.target} aria-label=${`Your translation into ${language}`} aria-describedby=${note}
      readonly=${saving} value=${draft.text} onInput=${(e) => write(e.currentTarget.value)} onKeyDown=${onKeyDown}></textarea>
    <div id=${note}>
      ${by && by !== me && html`<p class="note">${by} has corrected this meanwhile: <bdi>${outcome.text}</bdi></p>`}
      <div role="alert">
        ${unsure && unsureWords(sent).map((words) => html`<p class="note warn" key=${words}>${words}</p>`)}
        ${sent?.state === "refused" && html`<p class="note warn">${saveTrouble(sent.code)}</p>`}
      </div>
      ${left <= NEAR_LIMIT && html`<p class="note">${left < 0 ? `${-left} characters too long` : `${left} characters left`}</p>`}
    </div>
    <div class="correct-buttons">
      <button class="button primary" disabled=${!ready}>${saving ? "Saving" : unsure ? "Save anyway" : "Save"}</button>
      <button type="button" class="button" onClick=${cancel}>Cancel</button>
    </div>
  </form>`;
}
