/** A text with its glossary terms underlined; each tells about itself on hover and focus. */
import { html, useId, useLayoutEffect, useMemo, useRef, useState } from "../shared/html.js";
import { piecesOf } from "./marked.js";
import { TERM_STATUS } from "./words.js";

const EDGE_PX = 8;

export function TermText({ text, terms, side }) {
  const pieces = useMemo(() => piecesOf(text, terms, side), [text, terms, side]);
  return pieces.map((piece, i) => (piece.term ? html`<${Term} key=${i} text=${piece.text} term=${piece.term} />` : piece.text));
}

function Term({ text, term }) {
  const [shown, setShown] = useState(false);
  const mark = useRef(null);
  const tip = useRef(null);
  const id = useId();

  useLayoutEffect(() => {
    if (!shown) return;
    const at = mark.current.getClientRects()[0];
    const { offsetWidth: width, offsetHeight: height } = tip.current;
    const left = Math.min(innerWidth - width - EDGE_PX, Math.max(EDGE_PX, at.left + at.width / 2 - width / 2));
    const above = at.top - height - 6;
    tip.current.style.left = `${left}px`;
    tip.current.style.top = `${above > EDGE_PX ? above : at.bottom + 6}px`;
  }, [shown]);

  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !shown) return;
    event.preventDefault();
    event.stopPropagation();
    setShown(false);
  };
  return html`<span class="term-place" onMouseEnter=${() => setShown(true)} onMouseLeave=${() => setShown(false)}>
    <mark class=${`term ${term.status}`} ref=${mark} tabindex="0" aria-describedby=${id} onFocus=${() => setShown(true)}
      onBlur=${() => setShown(false)} onKeyDown=${onKeyDown}>${text}</mark>
    <span class="tip" role="tooltip" id=${id} ref=${tip} hidden=${!shown}>
      <span class="tip-pair"><bdi>${term.source}</bdi> → <bdi>${term.target}</bdi></span>
      <span class="tip-status">Glossary term, ${TERM_STATUS[term.status] ?? term.status}</span>
    </span>
  </span>`;
}
