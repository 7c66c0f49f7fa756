/**
 * What a client of the socket protocol knows, and how frames change it. Pure: `reduce(state, action)` returns the
 * next state. The socket itself is in connection.js.
 */
import { emptyThread, withAsk, withEvents, withHistory, withMark, withoutStaleTyping, withTyping } from "./thread.js";

/**
 * @typedef {Object} Outgoing A message that is not stored yet.
 * @property {string} id the same on every attempt, so that it is stored once
 * @property {string|null} conversation null for a visitor, who has one
 * @property {string} text
 * @property {number} ts when it was written
 * @property {boolean} flying sent on this line, its acknowledgement not here yet
 * @property {number} notBefore not to be sent before this time (ms since 1970)
 * @property {string|null} refused the error code, if sending again would not help
 *
 * @typedef {Object} State
 * @property {"idle"|"connecting"|"open"|"waiting"|"refused"} phase waiting: the line is lost and will be tried again
 * @property {{store: string, translation: string}} status
 * @property {{role: string, name?: string, language?: string}} you
 * @property {{text: number, rate: number}} limits
 * @property {string|null} token visitor
 * @property {string|null} conversation visitor
 * @property {Map<string, import("./thread.js").Thread>} threads
 * @property {Map<string, Object>} cards agents: the list of conversations
 * @property {boolean} moreCards older ones can be asked for
 * @property {boolean} listed the list has come
 * @property {Outgoing[]} outbox in the order of writing
 * @property {Map<string, Correction>} corrections agents: those that are not stored yet, by id
 *
 * @typedef {Object} Correction An agent's words for a translation.
 * @property {string} id the same on every attempt
 * @property {string} conversation
 * @property {number} translation the number of the translation's event
 * @property {string} text
 * @property {boolean} anyway the agent has seen what the gateway was unsure of
 * @property {"flying"|"unsure"|"refused"} state
 * @property {string[]} [missing] of what should be the same in both: what the original has alone
 * @property {string[]} [added] what the correction has alone
 * @property {string} [code] of the error
 */

const RETRY_UNAVAILABLE_MS = 5000;
const REFUSALS = new Set(["too_long", "empty", "no_such_conversation", "bad_frame"]);

/** @returns {State} */
export function initial(role) {
  return {
    phase: "idle",
    status: { store: "ok", translation: "ok" },
    you: { role },
    limits: { text: 5000, rate: 2 },
    token: null,
    conversation: null,
    threads: new Map(),
    cards: new Map(),
    moreCards: false,
    listed: false,
    outbox: [],
    corrections: new Map(),
  };
}

/** @param {State} state @param {Object} action @returns {State} */
export function reduce(state, action) {
  switch (action.type) {
    case "phase":
      return { ...state, phase: action.phase, outbox: landed(state.outbox) };
    case "frame":
      return reduceFrame(state, action.frame, action.now);
    case "write":
      return state.outbox.some((m) => m.id === action.message.id)
        ? state
        : { ...state, outbox: [...state.outbox, outgoing(action.message)] };
    case "flying":
      return { ...state, outbox: changed(state.outbox, action.id, { flying: true }) };
    case "correct":
      return withCorrection(state, action.correction.id, { ...action.correction, state: "flying" });
    case "drop-correction":
      return withCorrection(state, action.id, null);
    case "again":
      return { ...state, outbox: changed(state.outbox, action.id, { refused: null, notBefore: 0 }) };
    case "drop":
      return { ...state, outbox: state.outbox.filter((m) => m.id !== action.id) };
    case "begin-anew":
      return { ...state, token: null, conversation: null, threads: new Map() };
    case "clock":
      return atTime(state, action.now);
    default:
      return state;
  }
}

/**
 * The messages to send now: of each conversation the first that waits, if nothing of it is on its way.
 * @param {State} state @returns {Outgoing[]}
 */
export function due(state, now) {
  if (state.phase !== "open" || state.status.store !== "ok") return [];
  const found = [];
  const seen = new Set();
  for (const message of state.outbox) {
    if (message.refused || seen.has(message.conversation)) continue;
    seen.add(message.conversation);
    if (!message.flying && message.notBefore <= now) found.push(message);
  }
  return found;
}

/** @returns {import("./thread.js").Thread} */
export function threadOf(state, conversation) {
  return state.threads.get(conversation) ?? emptyThread(conversation);
}

function reduceFrame(state, frame, now) {
  switch (frame.type) {
    case "welcome":
      return {
        ...state,
        phase: "open",
        you: { ...state.you, ...frame.you },
        limits: frame.limits ?? state.limits,
        token: frame.token ?? state.token,
        conversation: frame.conversation ?? state.conversation,
      };
    case "status": {
      const back = frame.store === "ok" && state.status.store !== "ok";
      return {
        ...state,
        status: { store: frame.store, translation: frame.translation },
        outbox: back ? state.outbox.map((m) => ({ ...m, notBefore: 0 })) : state.outbox,
      };
    }
    case "history":
      return arrived(withThread(state, frame.conversation, (t) => withHistory(t, frame)), frame.events);
    case "event":
      return arrived(withThread(state, frame.conversation, (t) => withEvents(t, [frame.event])), [frame.event]);
    case "ack":
      return acknowledged(state, frame);
    case "typing":
      return frame.role === state.you.role
        ? state
        : withThread(state, frame.conversation, (t) => withTyping(t, frame, now));
    case "mark":
      return withThread(state, frame.conversation, (t) => withMark(t, frame.role, frame.delivered, frame.read));
    case "ask":
      return withThread(state, frame.conversation, (t) => withAsk(t, frame.languages));
    case "cards": {
      const cards = new Map(state.cards);
      for (const card of frame.cards) cards.set(card.conversation, newest(cards.get(card.conversation), card));
      return { ...state, cards, moreCards: frame.more, listed: true };
    }
    case "card": {
      const cards = new Map(state.cards);
      cards.set(frame.card.conversation, newest(cards.get(frame.card.conversation), frame.card));
      return { ...state, cards };
    }
    case "error":
      return refused(state, frame, now);
    default:
      return state;
  }
}

function acknowledged(state, frame) {
  if (state.corrections.has(frame.id)) return withCorrection(state, frame.id, null);
  const message = state.outbox.find((m) => m.id === frame.id);
  if (!message) return state;
  const event = { seq: frame.seq, ts: frame.ts, kind: "message", id: frame.id, role: state.you.role, text: message.text };
  if (state.you.name) event.name = state.you.name;
  return {
    ...withThread(state, frame.conversation, (t) => withEvents(t, [event])),
    outbox: state.outbox.filter((m) => m.id !== frame.id),
  };
}

/** Own messages that come back as events were stored, though their acknowledgement may have been lost. */
function arrived(state, events) {
  if (!state.outbox.length) return state;
  const ids = new Set(events.filter((e) => e.kind === "message").map((e) => e.id));
  const outbox = state.outbox.filter((m) => !ids.has(m.id));
  return outbox.length === state.outbox.length ? state : { ...state, outbox };
}

function refused(state, frame, now) {
  if (!frame.id) return state;
  const correction = state.corrections.get(frame.id);
  if (correction) {
    const { code, missing = [], added = [] } = frame;
    return withCorrection(state, frame.id, { ...correction, code, missing, added, state: code === "unsure" ? "unsure" : "refused" });
  }
  if (REFUSALS.has(frame.code)) {
    return { ...state, outbox: changed(state.outbox, frame.id, { flying: false, refused: frame.code }) };
  }
  const wait = frame.retry_after ? frame.retry_after * 1000 : RETRY_UNAVAILABLE_MS;
  return { ...state, outbox: changed(state.outbox, frame.id, { flying: false, notBefore: now + wait }) };
}

function withCorrection(state, id, correction) {
  const corrections = new Map(state.corrections);
  if (correction) corrections.set(id, correction);
  else corrections.delete(id);
  return { ...state, corrections };
}

function atTime(state, now) {
  let threads = state.threads;
  for (const [id, thread] of state.threads) {
    const next = withoutStaleTyping(thread, now);
    if (next === thread) continue;
    if (threads === state.threads) threads = new Map(state.threads);
    threads.set(id, next);
  }
  return threads === state.threads ? state : { ...state, threads };
}

function withThread(state, conversation, change) {
  const before = threadOf(state, conversation);
  const after = change(before);
  if (after === before && state.threads.has(conversation)) return state;
  return { ...state, threads: new Map(state.threads).set(conversation, after) };
}

/** Frames may overtake each other: of two cards the one with the higher number stands. */
function newest(held, card) {
  return held && held.seq > card.seq ? held : card;
}

function outgoing(message) {
  return { conversation: null, flying: false, notBefore: 0, refused: null, ...message };
}

function landed(outbox) {
  return outbox.map((m) => (m.flying || m.notBefore ? { ...m, flying: false, notBefore: 0 } : m));
}

function changed(outbox, id, fields) {
  return outbox.map((m) => (m.id === id ? { ...m, ...fields } : m));
}
