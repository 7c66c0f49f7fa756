/** A term as the form holds it while somebody changes it: lists as lines, a row for each language. Pure. */

/**
 * @typedef {{text: string, number?: string, gender?: string}} Form
 * @typedef {{text: string, forms?: Form[], gender?: string, number?: string, exceptions?: string[], avoid?: string[]}} Wording
 * @typedef {Object} Term as the gateway has it; what keeps its default may be missing
 * @property {string} [id]
 * @property {Record<string, Wording>} wordings
 * @property {"preferred"|"do-not-translate"|"forbidden"} [kind]
 * @property {"draft"|"approved"|"retired"} [status]
 */

export const KINDS = {
  preferred: "Say it this way",
  "do-not-translate": "Keep as is, never translate",
  forbidden: "Only replace the wordings to avoid",
};
export const STATUSES = { draft: "Draft", approved: "Approved", retired: "Retired" };
export const PARTS = { "": "Not said", noun: "Noun", name: "Name", verb: "Verb", adjective: "Adjective", phrase: "Phrase" };
export const GENDERS = { "": "Not said", m: "Masculine", f: "Feminine", n: "Neuter" };
export const NUMBERS = { "": "Not said", s: "Singular", p: "Plural" };
export const RULES = {
  case: ["Capitals as written", "“Lume” is found, “lume” is not."],
  accents: ["Accents as written", "Otherwise “codigo” counts as “código”."],
  whole_word: ["Whole words only", "Otherwise it is found inside longer words, too."],
  inflected: ["Regular plurals, too", "“orders” counts as “order”."],
  after_determiner: ["Only as a noun", "“the order”, not “to order”: for words that are verbs as well."],
};
const RULE_DEFAULTS = { case: false, accents: false, whole_word: true, inflected: true, after_determiner: false };

/** @param {Term|null} term @param {string[]} languages shown even if the term lacks them */
export function draftOf(term, languages = []) {
  const held = term?.wordings ?? {};
  const tags = [...new Set([...Object.keys(held), ...languages])];
  return {
    id: term?.id ?? null,
    kind: term?.kind ?? "preferred",
    status: term?.status ?? "approved",
    rules: { ...RULE_DEFAULTS, ...term?.rules },
    part_of_speech: term?.part_of_speech ?? "",
    scope: (term?.scope ?? []).join("\n"),
    note: term?.note ?? "",
    wordings: tags.map((language) => wordingDraft(language, held[language])),
  };
}

export function wordingDraft(language, wording) {
  return {
    language,
    text: wording?.text ?? "",
    forms: (wording?.forms ?? []).map((form) => ({ text: form.text, number: form.number ?? "", gender: form.gender ?? "" })),
    gender: wording?.gender ?? "",
    number: wording?.number ?? "",
    exceptions: (wording?.exceptions ?? []).join("\n"),
    avoid: (wording?.avoid ?? []).join("\n"),
  };
}

/** What the form holds, as the gateway takes it: blank languages and lines left out. */
export function termOf(draft) {
  const wordings = {};
  for (const each of draft.wordings) {
    const text = each.text.trim();
    if (!text) continue;
    wordings[each.language] = {
      text,
      forms: each.forms.map((form) => ({ ...form, text: form.text.trim() })).filter((form) => form.text),
      gender: each.gender,
      number: each.number,
      exceptions: lines(each.exceptions),
      avoid: lines(each.avoid),
    };
  }
  return {
    wordings,
    kind: draft.kind,
    status: draft.status,
    rules: draft.rules,
    part_of_speech: draft.part_of_speech,
    scope: lines(draft.scope),
    note: draft.note.trim(),
  };
}

/** @returns {string} what is missing, in plain words; empty if nothing is */
export function problemOf(draft) {
  const count = draft.wordings.filter((each) => each.text.trim()).length;
  if (count === 0) return "Write the term in at least one language.";
  if (count === 1 && draft.kind !== "do-not-translate") return "Write the term in a second language, or choose “Keep as is”.";
  if (draft.kind === "forbidden" && !draft.wordings.some((each) => lines(each.avoid).length)) {
    return "List at least one wording to avoid, or choose “Say it this way”.";
  }
  return "";
}

/** @returns {boolean} the two drafts would be stored differently */
export function differs(one, other) {
  return JSON.stringify(termOf(one)) !== JSON.stringify(termOf(other));
}

/** @returns {string} what to call a term: its text in the first of `languages` that it has */
export function titleOf(term, languages = []) {
  const held = term?.wordings ?? {};
  for (const language of languages) if (held[language]) return held[language].text;
  return Object.values(held)[0]?.text ?? "";
}

function lines(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}
