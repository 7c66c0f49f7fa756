/** What the desk says about translations, in plain words. */

const WARNINGS = {
  "number-changed": "A number may have changed: check the original.",
  "span-lost": "A code, link or address may be missing: check the original.",
  length: "The translation is much longer or shorter than the original: check it.",
  repetition: "The translation repeats itself: check the original.",
  language: "Part of this may not be translated: check the original.",
  "term-missed": "A glossary term was not used.",
  "low-score": "The translation is unsure: check the original.",
};

/** @param {string[]} codes @returns {string[]} one sentence for each thing to look at, none twice */
export function warningWords(codes) {
  const sentences = codes.map((code) => WARNINGS[code.split(":")[0]] ?? "This translation may not be exact: check the original.");
  return [...new Set(sentences)];
}

const FAILURES = {
  "worker-died": "The translation broke off.",
  "engine-error": "The translation did not work.",
  "too-long": "The message is too long to be translated.",
  "not-understood": "The language of this message was not understood.",
};

export function failureWords(reason) {
  return FAILURES[reason] ?? "The translation did not work.";
}

export const TERM_STATUS = {
  applied: "applied",
  already: "already right",
  missed: "missed",
};
