/**
 * Words of a message become a proposal for the glossary: select them, "Propose term", send. Who selects nothing (with
 * keys alone, most browsers can't) types the words.
 */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { Icon } from "../shared/icons.js";
import { baseLanguage } from "../shared/locale.js";
import { outcomeFor } from "../shared/thread.js";

const MOST = 200; // characters of a term
const TOLD_MS = 6000;
const EDGE_PX = 8;

/** `thread`: the open conversation. `reader`: the agent's language. */
export function ProposeTerm({ thread, conversation, reader, names }) {
  const [found, setFound] = useState(null); // {text, message, source, target, onSource, box}
  const [form, setForm] = useState(null);
  const [told, setTold] = useState("");
  const spot = useRef(null);

  useEffect(() => {
    const look = () => setFound(selected(thread, reader));
    document.addEventListener("selectionchange", look);
    addEventListener("scroll", look, true);
    addEventListener("resize", look);
    return () => {
      document.removeEventListener("selectionchange", look);
      removeEventListener("scroll", look, true);
      removeEventListener("resize", look);
    };
  }, [thread, reader]);
  useLayoutEffect(() => {
    if (!found || !spot.current) return;
    const { offsetWidth: width, offsetHeight: height } = spot.current;
    const { left, right, top, bottom } = found.box;
    const below = bottom + 6 + height < innerHeight - EDGE_PX;
    spot.current.style.left = `${Math.min(innerWidth - width - EDGE_PX, Math.max(EDGE_PX, (left + right - width) / 2))}px`;
    spot.current.style.top = `${below ? bottom + 6 : Math.max(EDGE_PX, top - height - 6)}px`;
  }, [found]);
  useEffect(() => {
    if (!told) return undefined;
    const timer = setTimeout(() => setTold(""), TOLD_MS);
    return () => clearTimeout(timer);
  }, [told]);

  const begin = () => {
    const chosen = found ?? selected(thread, reader) ?? pointedAt(thread, reader);
    if (!chosen) return setTold("No message has been translated here yet.");
    getSelection().removeAllRanges();
    return setForm(chosen);
  };
  useEffect(() => {
    const onAsked = () => !form && begin();
    addEventListener("dragoman:propose", onAsked);
    return () => removeEventListener("dragoman:propose", onAsked);
  });
  return html`
    ${found && !form && html`<button type="button" class="button propose" ref=${spot} onMouseDown=${(e) => e.preventDefault()} onClick=${begin}>
      <${Icon} name="plus" size=${16} />Propose term</button>`}
    ${form && html`<${Form} key=${form.text} chosen=${form} conversation=${conversation} names=${names} onClose=${() => setForm(null)}
      onDone=${() => (setForm(null), setTold("Proposed. A maintainer of the glossary decides."))} />`}
    <div class="toast" role="status">${told && html`<span class="toast-words">${told}</span>`}</div>
  `;
}

function Form({ chosen, conversation, names, onClose, onDone }) {
  const { text, source, target, onSource, message } = chosen;
  const [own, other] = onSource ? [source, target] : [target, source];
  const [texts, setTexts] = useState({ [own]: text, [other]: "" });
  const [keep, setKeep] = useState(false);
  const [comment, setComment] = useState("");
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const box = useRef(null);
  const field = useRef(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    const dialog = box.current;
    dialog.showModal();
    field.current.focus();
    return () => {
      dialog.close(); // while it is open nothing else takes the focus
      before?.focus();
    };
  }, []);
  useEffect(() => {
    if (!text) return;
    // What stands for it in this message is a beginning.
    api("POST", "glossary/counterpart", { conversation, seq: message.seq, words: text, of_translation: !onSource }).then(
      (answer) => answer.text && setTexts((held) => (held[other] ? held : { ...held, [other]: answer.text })),
      () => {},
    );
  }, []);

  const send = async (event) => {
    event.preventDefault();
    const kept = Object.fromEntries(Object.entries(texts).map(([tag, words]) => [tag, words.trim()]).filter(([, words]) => words));
    if (!kept[own] || (!kept[other] && !keep)) return setProblem(`Write what it should be in ${names(kept[own] ? other : own)}.`);
    setBusy(true);
    try {
      const term = { texts: kept, ...(keep && { kind: "do-not-translate" }) };
      await api("POST", "glossary/proposals", { term, comment: comment.trim(), conversation, seq: message.seq });
      onDone();
    } catch (error) {
      setProblem(error.message || "That did not work.");
      setBusy(false);
    }
    return undefined;
  };
  const input = (tag, ref) => html`<label class="propose-field" key=${tag}><span>${names(tag)}</span>
    <input class="field" dir="auto" lang=${tag} autocomplete="off" maxlength=${MOST} ref=${ref} value=${texts[tag]} placeholder=${tag === other && keep ? "As it is" : ""}
      onInput=${(e) => (setProblem(""), setTexts({ ...texts, [tag]: e.currentTarget.value }))} /></label>`;
  return html`<dialog class="propose-form" ref=${box} aria-labelledby="propose-title" onClose=${onClose}>
    <form onSubmit=${send}>
      <h2 id="propose-title">Propose a term</h2>
      ${input(own, text ? null : field)}${input(other, text ? field : null)}
      <label class="help-option plain"><input type="checkbox" checked=${keep} onChange=${(e) => (setProblem(""), setKeep(e.currentTarget.checked))} />Keep as is, never translate</label>
      <label class="propose-field"><span>Why (may stay empty)</span><input class="field" dir="auto" autocomplete="off" maxlength="2000" value=${comment} onInput=${(e) => setComment(e.currentTarget.value)} /></label>
      <p class="problem" role="alert">${problem}</p>
      <div class="propose-buttons"><button class="button primary" disabled=${busy}>Propose</button><button type="button" class="button" onClick=${onClose}>Cancel</button></div>
    </form>
  </dialog>`;
}

/** What is selected within one text of one message, and the languages of that message; null if there is nothing to propose. */
function selected(thread, reader) {
  const selection = getSelection();
  if (!selection.rangeCount || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const root = range.commonAncestorContainer;
  const element = (root.nodeType === Node.TEXT_NODE ? root.parentElement : root)?.closest?.("[data-seq] .text");
  const text = selection.toString().trim().replace(/\s+/g, " ").replace(/^[\s.,;:!?¡¿"“”«»()]+|[\s.,;:!?"“”«»()]+$/g, "");
  if (!element || !text || text.length > MOST) return null;
  const message = thread.messages.find((each) => each.seq === seqAt(element));
  const pair = message && languagesOf(message, reader);
  return pair && { text, message, ...pair, onSource: baseLanguage(element.lang) === pair.source, box: range.getBoundingClientRect() };
}

/** Without words: of the message that has the focus, else of the last one that has a translation. */
function pointedAt(thread, reader) {
  const seq = seqAt(document.activeElement);
  const message = thread.messages.findLast((each) => (!seq || each.seq === seq) && languagesOf(each, reader));
  if (!message) return null;
  const pair = languagesOf(message, reader);
  return { text: "", message, ...pair, onSource: baseLanguage(reader) === pair.source };
}

function seqAt(element) {
  return Number(element?.closest("[data-seq]")?.dataset.seq ?? 0);
}

/** @returns {{source: string, target: string}|null} null for a message that was not translated */
function languagesOf(message, reader) {
  const outcome = outcomeFor(message, message.role === "visitor" ? reader : null);
  const [source, target] = [baseLanguage(outcome?.source), baseLanguage(outcome?.target)];
  return target && source !== target ? { source, target } : null;
}
