/**
 * One conversation as a client holds it: events in, messages with their translations out. Pure: every function
 * returns a new thread (or the same one if nothing changed) and touches nothing else.
 *
 * Events may come late, twice and out of order; they are placed by `seq`.
 */

/**
 * @typedef {Object} Outcome What became of translating a message.
 * @property {number} seq
 * @property {"done"|"same"|"unavailable"|"failed"} status
 * @property {string} source language of the original
 * @property {string} target language it was wanted in
 * @property {string} [text] the translation, for "done"
 * @property {string} [reason]
 * @property {string[]} [warnings]
 * @property {Object} [receipt] for agents
 *
 * @typedef {Object} Message
 * @property {number} seq
 * @property {number} ts milliseconds since 1970
 * @property {string} id
 * @property {"visitor"|"agent"} role
 * @property {string} text
 * @property {string} [name]
 * @property {string} [language]
 * @property {boolean} [translate] false: no translation will come
 * @property {Outcome[]} outcomes in order of seq
 *
 * @typedef {Object} Thread
 * @property {string} conversation
 * @property {Message[]} messages in order of seq
 * @property {Map<number, Outcome[]>} early translations whose message is not here yet
 * @property {number} upTo everything up to this number is here
 * @property {Set<number>} beyond numbers above `upTo` that are here
 * @property {Object} marks how far each side has received and read
 * @property {string|null} language the visitor's
 * @property {string|null} languageBy who set it last: "detected", "visitor" or "agent"
 * @property {string[]} ask languages that she is to be asked about, likeliest first; empty: no question
 * @property {{name: string, until: number}|null} typing the other side writes; shown until that time
 * @property {boolean} loaded the history has come
 */

const TYPING_SHOWN_MS = 6000;

/** @returns {Thread} */
export function emptyThread(conversation) {
  return {
    conversation,
    messages: [],
    early: new Map(),
    upTo: 0,
    beyond: new Set(),
    marks: { visitor_delivered: 0, visitor_read: 0, agent_delivered: 0, agent_read: 0 },
    language: null,
    languageBy: null,
    ask: [],
    typing: null,
    loaded: false,
  };
}

/** @param {Thread} thread @param {Object[]} events @returns {Thread} */
export function withEvents(thread, events) {
  const fresh = new Map();
  for (const event of events) {
    if (event.seq > thread.upTo && !thread.beyond.has(event.seq)) fresh.set(event.seq, event);
  }
  if (!fresh.size) return thread;

  const beyond = new Set(thread.beyond);
  const early = new Map(thread.early);
  const added = new Map();
  const outcomes = new Map();
  let language = thread.language;
  let languageBy = thread.languageBy;
  let ask = thread.ask;
  let languageSeq = -1;
  let typing = thread.typing;

  for (const [seq, event] of fresh) {
    beyond.add(seq);
    if (event.kind === "message") {
      added.set(seq, { ...event, outcomes: [] });
      if (typing && typing.role === event.role) typing = null;
    } else if (event.kind === "translation") {
      outcomes.set(event.of, [...(outcomes.get(event.of) ?? []), event]);
    } else if (event.kind === "language" && seq > languageSeq) {
      language = event.language;
      languageBy = event.by;
      ask = []; // somebody knows it now
      languageSeq = seq;
    }
  }

  let messages = thread.messages;
  if (added.size) {
    messages = [...messages, ...added.values()].sort((a, b) => a.seq - b.seq);
  }
  for (const [of, found] of early) {
    if (!added.has(of)) continue;
    outcomes.set(of, [...found, ...(outcomes.get(of) ?? [])]);
    early.delete(of);
  }
  if (outcomes.size) {
    messages = messages.map((message) => {
      const found = outcomes.get(message.seq);
      if (!found) return message;
      outcomes.delete(message.seq);
      return { ...message, outcomes: [...message.outcomes, ...found].sort((a, b) => a.seq - b.seq) };
    });
    for (const [of, found] of outcomes) early.set(of, [...(early.get(of) ?? []), ...found]);
  }

  let upTo = thread.upTo;
  while (beyond.delete(upTo + 1)) upTo += 1;
  return { ...thread, messages, early, upTo, beyond, language, languageBy, ask, typing };
}

/** A history frame. @returns {Thread} */
export function withHistory(thread, frame) {
  const next = withEvents(thread, frame.events);
  return {
    ...next,
    marks: raised(next.marks, frame.marks ?? {}),
    language: frame.language ?? next.language,
    ask: frame.ask ?? next.ask,
    loaded: next.loaded || !frame.more,
  };
}

/** What the visitor is to be asked about; none takes the question away. @returns {Thread} */
export function withAsk(thread, languages) {
  return { ...thread, ask: languages };
}

/** How far one side has come. Values only grow. @returns {Thread} */
export function withMark(thread, role, delivered, read) {
  const marks = raised(thread.marks, { [`${role}_delivered`]: delivered, [`${role}_read`]: read });
  return marks === thread.marks ? thread : { ...thread, marks };
}

/** @returns {Thread} */
export function withTyping(thread, frame, now) {
  const typing = frame.on ? { role: frame.role, name: frame.name ?? "", until: now + TYPING_SHOWN_MS } : null;
  return { ...thread, typing };
}

/** Takes a shown "is writing" away when it was not repeated in time. @returns {Thread} */
export function withoutStaleTyping(thread, now) {
  return thread.typing && thread.typing.until <= now ? { ...thread, typing: null } : thread;
}

/** @returns {boolean} an event below one that is here has not come */
export function hasGap(thread) {
  return thread.beyond.size > 0;
}

/**
 * The outcome that a reader of `language` should see: the newest in that language, else the newest.
 * @param {Message} message @param {string|null} language @returns {Outcome|null}
 */
export function outcomeFor(message, language) {
  const all = message.outcomes;
  for (let i = all.length - 1; i >= 0; i -= 1) {
    if (sameLanguage(all[i].target, language)) return all[i];
  }
  return all.length ? all[all.length - 1] : null;
}

/** @returns {"sent"|"delivered"|"read"} how far the other side is with a stored message of `role` */
export function deliveryOf(message, marks) {
  const other = message.role === "visitor" ? "agent" : "visitor";
  if ((marks[`${other}_read`] ?? 0) >= message.seq) return "read";
  if ((marks[`${other}_delivered`] ?? 0) >= message.seq) return "delivered";
  return "sent";
}

/** Language tags are compared by language alone: pt-BR and pt are one. */
export function sameLanguage(a, b) {
  return Boolean(a && b) && a.split("-")[0].toLowerCase() === b.split("-")[0].toLowerCase();
}

function raised(marks, to) {
  let next = marks;
  for (const [name, value] of Object.entries(to)) {
    if (value > (next[name] ?? 0)) next = { ...next, [name]: value };
  }
  return next;
}
