/** What the desk says about translations, in plain words. */

const WARNINGS = {
  "number-changed": "A number may have changed: check the original.",
  "span-lost": "A code, link or address may be missing: check the original.",
  length: "The translation is much longer or shorter than the original: check it.",
  repetition: "The translation repeats itself: check the original.",
  language: "Part of this may not be translated: check the original.",
  untranslated: "This may not be translated at all: check the original.",
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

/**
 * Where a translation comes from. @param {Object|undefined} receipt @param {string} language the original's name
 * @returns {[string, string]} what may be left out where there is little room, and the rest
 */
export function originWords(receipt, language, me) {
  if (receipt?.edited_by) return ["", `Corrected by ${receipt.edited_by === me ? "you" : receipt.edited_by}`];
  return receipt?.origin && receipt.origin !== "engine" ? ["", `From memory, ${language}`] : ["Translated from ", language];
}

/** @param {{missing: string[], added: string[]}} difference @returns {string[]} a sentence for each side */
export function unsureWords({ missing, added }) {
  const sentences = [];
  if (missing.length) sentences.push(`The original has ${missing.join(", ")}, your text does not.`);
  if (added.length) sentences.push(`Your text has ${added.join(", ")}, the original does not.`);
  return sentences;
}

/** Why a correction was not saved. */
export function saveTrouble(code) {
  if (code === "no_such_conversation") return "This was not saved: open the conversation again.";
  if (code === "bad_frame") return "This translation can’t be corrected.";
  return "This was not saved. Try again in a moment.";
}

export const TERM_STATUS = {
  applied: "applied",
  already: "already right",
  missed: "missed",
};

const AND = new Intl.ListFormat("en", { type: "conjunction" });

/** @returns {string} what a message was translated from, such as "Portuguese and German" for one in both */
export function sourceNames(outcome, names) {
  const several = outcome.receipt?.languages ?? [];
  return AND.format((several.length ? several : [outcome.source]).map(names));
}

const UNSURE = 0.6;
const SET_BY = { visitor: "chosen by the visitor", agent: "set by an agent" };
const READ = "the words of a message";
const REASONS = {
  words: () => READ,
  models: () => READ,
  langdetect: () => READ,
  script: (name) => `${name} letters`,
  "earlier-messages": (n) => (n === "1" ? "1 earlier message" : `${n} earlier messages`),
  "page-locale": (tag) => `page locale ${tag}`,
  "accept-language": (tag) => `browser language ${tag}`,
  country: (code) => `shop page for ${code}`,
  "shop-language": () => "a language of the shop",
  "earlier-conversation": () => "an earlier conversation",
  "nothing-to-read": () => "the last message has no words to tell by",
  guess: () => "a guess",
};

/**
 * @param {{language: string, by: string|null, detected: {language: string, confidence: number, why: string[]}|null}} evidence
 * @param {(tag: string) => string} names
 * @returns {string} such as "Brazilian Portuguese: page locale pt-BR, 3 earlier messages."
 */
export function languageReason({ language, by, detected }, names) {
  const codes = (detected?.why ?? []).map((code) => code.split(/:(.*)/s));
  const variant = codes.find(([kind]) => kind === "variant")?.[1];
  const reasons = SET_BY[by] ? [SET_BY[by]] : codes.map(([kind, value]) => REASONS[kind]?.(value)).filter(Boolean);
  const sure = SET_BY[by] || !detected || detected.confidence >= UNSURE;
  const name = names(language.includes("-") ? language : (variant ?? language));
  return `${sure ? "" : "Perhaps "}${name}${reasons.length ? `: ${[...new Set(reasons)].join(", ")}` : ""}.`;
}
