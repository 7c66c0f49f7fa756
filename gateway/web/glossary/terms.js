/** The glossary's terms as the page orders and searches them. Pure. */

/**
 * @typedef {{id: string, texts: Record<string, string>, do_not_translate: boolean, note: string}} Term
 */

/** @param {Term[]} terms @param {string[]} more @returns {string[]} languages, those of the most terms first */
export function languagesOf(terms, more = []) {
  const counts = new Map(more.map((language) => [language, 0]));
  for (const term of terms) {
    for (const language of Object.keys(term.texts)) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).map(([language]) => language);
}

/** Terms with every word of the search somewhere, in the order of the first language. */
export function found(terms, search, languages) {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const order = new Intl.Collator(undefined, { sensitivity: "base", numeric: true });
  const key = (term) => languages.map((language) => term.texts[language]).find(Boolean) ?? "";
  return terms
    .filter((term) => {
      const hay = [...Object.values(term.texts), term.note].join("\n").toLowerCase();
      return words.every((word) => hay.includes(word));
    })
    .map((term) => [key(term), term])
    .sort((a, b) => order.compare(a[0], b[0]))
    .map(([, term]) => term);
}

/**
 * What a form holds, as a term: blank texts left out. A name that must not change needs only one text.
 * @returns {{term: Omit<Term, "id">, problem: string}} problem: in plain words, empty if there is none
 */
export function fromForm({ texts, do_not_translate, note }) {
  const kept = Object.fromEntries(
    Object.entries(texts)
      .map(([language, text]) => [language, text.trim()])
      .filter(([, text]) => text),
  );
  const count = Object.keys(kept).length;
  const problem =
    count === 0 ? "Write the term in at least one language."
    : count === 1 && !do_not_translate ? "Write the term in a second language, or choose “Keep as is”."
    : "";
  return { term: { texts: kept, do_not_translate, note: note.trim() }, problem };
}
