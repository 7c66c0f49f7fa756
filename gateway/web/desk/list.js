/** The list of conversations. Only the rows in view are in the page, so thousands cost no more than ten. */
import { html, useEffect, useLayoutEffect, useRef, useState } from "../shared/html.js";
import { baseLanguage, shortSpan } from "../shared/locale.js";
import { useNow } from "../shared/hooks.js";
import { isUnread, nameOf, previewOf } from "./queue.js";

const ROW_PX = 72;
const SPARE_ROWS = 6;
const LONG_WAIT_MS = 5 * 60_000;

/** `order`: names what the list shows and how; another one is looked at from its top. */
export function List({ cards, order, selected, onSelect, onOpen, onEnd, names, box, empty }) {
  const [view, setView] = useState({ top: 0, height: 900 });
  const now = useNow(15_000);
  const index = cards.findIndex((card) => card.conversation === selected);
  const first = Math.max(0, Math.floor(view.top / ROW_PX) - SPARE_ROWS);
  const end = Math.min(cards.length, Math.ceil((view.top + view.height) / ROW_PX) + SPARE_ROWS);

  const measure = () => box.current && setView({ top: box.current.scrollTop, height: box.current.clientHeight });
  useLayoutEffect(() => {
    const watcher = new ResizeObserver(measure);
    watcher.observe(box.current);
    return () => watcher.disconnect();
  }, []);
  useEffect(() => {
    if (end >= cards.length) onEnd?.();
  }, [end, cards.length]);

  // Rows that come and go above do not move what is in view; who looks at the top sees the newest come in.
  const before = useRef({ cards, order });
  useLayoutEffect(() => {
    const earlier = before.current;
    before.current = { cards, order };
    const { scrollTop } = box.current;
    if (earlier.order !== order) box.current.scrollTop = 0;
    else if (scrollTop > 0) box.current.scrollTop = scrollTop + ROW_PX * rowsMoved(earlier.cards, cards, scrollTop, box.current.clientHeight);
  }, [cards, order]);

  // The chosen row comes into view when another one is chosen, not when the list moves around it.
  const chosen = useRef(null);
  useLayoutEffect(() => {
    if (index < 0 || chosen.current === selected) return;
    chosen.current = selected;
    const { scrollTop, clientHeight } = box.current;
    const top = index * ROW_PX;
    if (top < scrollTop) box.current.scrollTop = top;
    else if (top + ROW_PX > scrollTop + clientHeight) box.current.scrollTop = top + ROW_PX - clientHeight;
  }, [index, selected]);

  const onKeyDown = (event) => {
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -cards.length, End: cards.length };
    if (event.key in steps && !event.altKey && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      const to = Math.min(cards.length - 1, Math.max(0, index + steps[event.key]));
      if (cards[to]) onSelect(cards[to].conversation);
    } else if (event.key === "Enter" && index >= 0) {
      event.preventDefault();
      onOpen();
    }
  };

  return html`<div class="list" ref=${box} onScroll=${measure} onKeyDown=${onKeyDown} tabindex="0" role="listbox" aria-label="Conversations"
    aria-activedescendant=${index >= first && index < end ? rowId(selected) : undefined}>
    ${cards.length === 0 && html`<p class="list-empty">${empty}</p>`}
    <div class="list-space" role="presentation" style=${{ height: `${cards.length * ROW_PX}px` }}>
      ${cards.slice(first, end).map(
        (card, i) => html`<${Card} key=${card.conversation} card=${card} top=${(first + i) * ROW_PX} position=${first + i + 1}
          total=${cards.length} selected=${card.conversation === selected} onClick=${() => (onSelect(card.conversation), onOpen())}
          names=${names} now=${now} />`,
      )}
    </div>
  </div>`;
}

/** By how many rows most of those in view would move. Pure. */
function rowsMoved(earlier, cards, scrollTop, height) {
  const first = Math.floor(scrollTop / ROW_PX);
  const inView = earlier.slice(first, Math.ceil((scrollTop + height) / ROW_PX));
  const places = new Map(cards.map((card, i) => [card.conversation, i]));
  const moves = inView.map((card, i) => places.get(card.conversation) - first - i).filter((by) => !Number.isNaN(by));
  return moves.sort((a, b) => a - b)[moves.length >> 1] ?? 0;
}

function Card({ card, top, position, total, selected, onClick, names, now }) {
  const unread = isUnread(card);
  const waits = card.waiting_since ? Math.max(0, now - card.waiting_since) : null;
  return html`<div class=${`card ${unread ? "unread" : ""}`} id=${rowId(card.conversation)} role="option" aria-selected=${selected ? "true" : "false"}
    aria-posinset=${position} aria-setsize=${total} style=${{ transform: `translateY(${top}px)` }} onClick=${onClick}>
    <span class=${`tongue ${card.visitor_online ? "online" : ""}`} title=${card.language ? names(card.language) : "Language not known yet"}>
      <span aria-hidden="true">${card.language ? baseLanguage(card.language) : "··"}</span>
      <span class="hush">${card.language ? names(card.language) : "Language not known yet"}${card.visitor_online ? ", online" : ""}.</span>
    </span>
    <span class="card-name" dir="auto">${nameOf(card)}</span>
    <span class=${`card-wait ${waits > LONG_WAIT_MS ? "long" : ""}`}>
      ${waits === null ? html`<span class="hush">Answered </span>${shortSpan(now - card.ts)}` : html`<span class="hush">Waiting </span>${shortSpan(waits)}`}
    </span>
    <span class="card-text" dir="auto">${card.last_role === "agent" && html`<span class="card-you">You: </span>`}${previewOf(card)}</span>
    ${unread && html`<span class="card-dot"><span class="hush">Unread</span></span>`}
  </div>`;
}

function rowId(conversation) {
  return `row-${conversation}`;
}
