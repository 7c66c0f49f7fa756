/**
 * The widget's own words. One file a language, all with the keys of en.js; a page in another language gets English.
 * Names of languages come from the browser (Intl.DisplayNames), already in the reader's language.
 */
import { baseLanguage } from "../../shared/locale.js";

const FILES = {
  ar: () => import("./ar.js"),
  de: () => import("./de.js"),
  en: () => import("./en.js"),
  es: () => import("./es.js"),
  fr: () => import("./fr.js"),
  it: () => import("./it.js"),
  ko: () => import("./ko.js"),
  nl: () => import("./nl.js"),
  pt: () => import("./pt.js"),
};

/** Languages with words of their own. */
export const KNOWN = Object.keys(FILES);

/** @returns {Promise<{language: string, words: typeof import("./en.js").default}>} */
export async function wordsFor(locale) {
  const language = baseLanguage(locale) in FILES ? baseLanguage(locale) : "en";
  return { language, words: (await FILES[language]()).default };
}
