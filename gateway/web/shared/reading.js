/** What a reader sees of a message that somebody else wrote. Pure. */
import { outcomeFor } from "./thread.js";

/**
 * @typedef {Object} Reading
 * @property {"plain"|"translating"|"done"|"unavailable"|"failed"} state plain: nothing to translate
 * @property {string} text what to show first
 * @property {string|undefined} language of that text
 * @property {import("./thread.js").Outcome|null} outcome
 *
 * @param {import("./thread.js").Message} message
 * @param {string|null} language the reader's
 * @returns {Reading}
 */
export function readingOf(message, language) {
  const outcome = outcomeFor(message, language);
  if (!outcome) {
    const state = message.translate === false ? "plain" : "translating";
    return { state, text: message.text, language: message.language, outcome: null };
  }
  if (outcome.status === "done") return { state: "done", text: outcome.text, language: outcome.target, outcome };
  const state = outcome.status === "same" ? "plain" : outcome.status;
  return { state, text: message.text, language: outcome.source, outcome };
}

/**
 * Messages with the day and the group they belong to: those of one author within a few minutes stand together.
 * @template {{role: string, ts: number, name?: string}} M
 * @param {M[]} messages
 * `repeated`: the author's message before had no translation for the same reason; it need not be explained again.
 * @returns {{message: M, newDay: boolean, follows: boolean, last: boolean, repeated: boolean}[]}
 */
export function grouped(messages, sameDay) {
  const TOGETHER_MS = 5 * 60_000;
  const untranslated = { visitor: false, agent: false };
  const rows = messages.map((message, i) => {
    const before = messages[i - 1];
    const newDay = !before || !sameDay(before.ts, message.ts);
    const follows =
      !newDay &&
      before.role === message.role &&
      (before.name ?? "") === (message.name ?? "") &&
      message.ts - before.ts < TOGETHER_MS;
    const unavailable = message.outcomes.at(-1)?.status === "unavailable";
    const repeated = unavailable && untranslated[message.role];
    untranslated[message.role] = unavailable;
    return { message, newDay, follows, last: true, repeated };
  });
  for (let i = 0; i + 1 < rows.length; i += 1) rows[i].last = !rows[i + 1].follows;
  return rows;
}
