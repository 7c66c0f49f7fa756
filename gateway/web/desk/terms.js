/** A text with its glossary terms underlined; each tells about itself on hover and focus. */
import { html, useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { piecesOf } from "./marked.js";
import { TERM_STATUS } from "./words.js";

const EDGE_PX = 8;
const KEPT_MS = 60_000; // how long an entry that was asked for is believed
const LEAVE_MS = 150; // time to move the pointer from the term to what it tells

/** A paragraph; what its terms tell stands beside it, so that the text itself can be read and copied as it is. */
export function MarkedText({ text, terms, side, language, fresh }) {
  const pieces = useMemo(() => piecesOf(text, terms, side), [text, terms, side]);
  const [shown, setShown] = useState(null);
  const timer = useRef(null);
  const base = useId();
  const show = (i) => {
    clearTimeout(timer.current);
    setShown(i);
  };
  const leave = () => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setShown(null), LEAVE_MS);
  };
  useEffect(() => () => clearTimeout(timer.current), []);
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || shown === null) return;
    event.preventDefault();
    event.stopPropagation();
    setShown(null);
  };
  return html`
    <p class=${`text ${fresh ? "fresh" : ""}`} dir="auto" lang=${language} onKeyDown=${onKeyDown}>${pieces.map((piece, i) =>
      piece.term
        ? html`<mark key=${i} id=${`${base}-${i}`} class=${`term ${piece.term.status}`} tabindex="0" aria-describedby=${`${base}-${i}-tip`}
            onMouseEnter=${() => show(i)} onMouseLeave=${leave} onFocus=${() => show(i)} onBlur=${leave}>${piece.text}</mark>`
        : piece.text,
    )}</p>
    ${pieces.map((piece, i) => piece.term && html`<${Tip} key=${i} id=${`${base}-${i}`} term=${piece.term} shown=${shown === i}
      onEnter=${() => show(i)} onLeave=${leave} />`)}
  `;
}

const entries = new Map(); // id: {at, entry}, a promise

/** The glossary's entry, asked for when it is first looked at; null where there is none any more. */
function useEntry(id, wanted) {
  const [entry, setEntry] = useState(null);
  useEffect(() => {
    if (!id || !wanted) return undefined;
    let current = true;
    const held = entries.get(id);
    const fresh = held && Date.now() - held.at < KEPT_MS;
    const asked = fresh ? held.entry : api("GET", `glossary/terms/${encodeURIComponent(id)}`).catch(() => null);
    if (!fresh) entries.set(id, { at: Date.now(), entry: asked });
    asked.then((found) => current && setEntry(found));
    return () => (current = false);
  }, [id, wanted]);
  return entry;
}

function Tip({ id, term, shown, onEnter, onLeave }) {
  const tip = useRef(null);
  const entry = useEntry(term.term, shown);
  useLayoutEffect(() => {
    if (!shown) return;
    const at = document.getElementById(id).getClientRects()[0];
    const { offsetWidth: width, offsetHeight: height } = tip.current;
    const left = Math.min(innerWidth - width - EDGE_PX, Math.max(EDGE_PX, at.left + at.width / 2 - width / 2));
    const above = at.top - height - 6;
    tip.current.style.left = `${left}px`;
    tip.current.style.top = `${above > EDGE_PX ? above : at.bottom + 6}px`;
  }, [shown, entry]);
  return html`<div class="tip" role="tooltip" id=${`${id}-tip`} ref=${tip} hidden=${!shown} onMouseEnter=${onEnter} onMouseLeave=${onLeave}>
    <span class="tip-pair"><bdi>${term.source}</bdi> → <bdi>${term.target}</bdi></span>
    <span class="tip-status">Glossary term, ${TERM_STATUS[term.status] ?? term.status}</span>
    ${entry?.note && html`<span class="tip-note" dir="auto">${entry.note}</span>`}
    ${entry?.kind === "do-not-translate" && html`<span class="tip-status">Kept as it is in every language</span>`}
  </div>`;
}
