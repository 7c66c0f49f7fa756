/** Which conversations the list shows, and in which order. Pure. */

/**
 * @param {Iterable<Object>} cards
 * @param {Object} wish
 * @param {"waiting"|"all"} wish.view
 * @param {string} wish.search
 * @param {string|null} wish.selected stays in view even when it no longer waits: it is being answered
 * @param {(tag: string) => string} wish.names
 * @returns {Object[]} waiting: the longest wait first; all: the newest activity first
 */
export function visibleCards(cards, { view, search, selected, names }) {
  const words = search.trim().toLowerCase();
  const found = [];
  for (const card of cards) {
    if (!card.last_seq) continue; // opened, nothing written yet
    if (view === "waiting" && !card.waiting_since && card.conversation !== selected) continue;
    if (words && !matches(card, words, names)) continue;
    found.push(card);
  }
  return found.sort(view === "waiting" ? byWait : byActivity);
}

export function countWaiting(cards) {
  let n = 0;
  for (const card of cards) if (card.waiting_since && card.last_seq) n += 1;
  return n;
}

/** @returns {boolean} the visitor's last message has not been on an agent's screen */
export function isUnread(card) {
  return card.last_role === "visitor" && (card.last_seq ?? 0) > (card.agent_read ?? 0);
}

/** The last message as the agent reads it. */
export function previewOf(card) {
  return (card.last_role === "visitor" && card.last_translation) || card.last_text || "";
}

export function nameOf(card) {
  return card?.name || "Visitor";
}

function matches(card, words, names) {
  const hay = [nameOf(card), card.last_text, card.last_translation, card.language && names(card.language)];
  return hay.some((text) => text && text.toLowerCase().includes(words));
}

function byWait(a, b) {
  return (a.waiting_since ?? Infinity) - (b.waiting_since ?? Infinity) || byActivity(a, b);
}

function byActivity(a, b) {
  return b.ts - a.ts || (a.conversation < b.conversation ? -1 : 1);
}
