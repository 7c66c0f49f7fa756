/** What the table shows and in which order, as the gateway is asked for it. Pure. */

export const ALL = { q: "", language: "", kind: "", status: "", scope: "", used: "", conflicts: "" };
export const FILTERS = {
  kind: ["Kind", { preferred: "Said this way", "do-not-translate": "Kept as is", forbidden: "Wordings to avoid" }],
  status: ["Status", { draft: "Draft", approved: "Approved", retired: "Retired" }],
  used: ["Use", { yes: "Used", no: "Never used", missed: "Missed at least once" }],
  conflicts: ["Conflicts", { 1: "Only terms that contradict another" }],
};

/** @returns {string} below /api/v1/ */
export function termsPath(query, sort, offset, limit) {
  const fields = new URLSearchParams({ sort: `${sort.down ? "-" : ""}${sort.by}`, offset, limit });
  for (const [name, value] of Object.entries(query)) if (value.trim()) fields.set(name, value.trim());
  return `glossary/terms?${fields}`;
}

/** @returns {number} filters in use, the search aside */
export function countFilters(query) {
  return Object.entries(query).filter(([name, value]) => name !== "q" && value).length;
}

/** Another column is sorted upwards first, numbers and dates downwards; the same column turns round. */
export function turned(sort, by) {
  if (sort.by === by) return { by, down: !sort.down };
  return { by, down: ["used", "missed", "last_seen", "changed", "created"].includes(by) };
}

/**
 * @param {{code: string, terms: number}[]} languages most terms first
 * @param {string[]|null} chosen
 * @param {string} own the reader's, which comes first
 */
export function shownLanguages(languages, chosen, own) {
  if (chosen?.length) return chosen;
  const all = languages.map((each) => each.code);
  const held = [...all.filter((tag) => tag === own), ...all.filter((tag) => tag !== own)].slice(0, 3);
  for (const tag of [own, "en", "pt"]) if (held.length < 2 && !held.includes(tag)) held.push(tag);
  return held;
}
