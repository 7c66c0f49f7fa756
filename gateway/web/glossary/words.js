/** What the glossary's page says, in plain words. Pure. */

/** @param {import("../shared/api.js").ApiError} error */
export function troubleWords(error) {
  if (error.status === 403) return "You may read the glossary, not change it.";
  if (error.code === "no_such_term") return "This term is not there any more. Somebody deleted it.";
  if (error.code === "moved") return "Somebody changed the glossary meanwhile. Look again, then repeat it.";
  if (error.code === "term_exists") return "There is such a term already: change that one.";
  if (error.code === "no_worker") return "Translation is not working now, so this can’t be tried out.";
  if (error.code === "no_answer") return "The translation took too long. Please try again.";
  return sentence(error.message || "That did not work.");
}

/** A message of the gateway as a sentence: with a capital and a full stop. */
export function sentence(text) {
  const words = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(words) ? words : `${words}.`;
}

const CONFLICTS = { "two-targets": "Two wordings for one term: ", duplicate: "This term is there already: " };

/** A conflict of a term with another, with languages by name. */
export function conflictWords({ code, message }, names) {
  const said = message.replace(/ \(([a-z]{2,3}(?:-\w+)*)\)$/, (_, tag) => ` in ${names(tag)}`);
  return CONFLICTS[code] ? `${CONFLICTS[code]}${said}.` : sentence(said);
}

/** Conflicts that should make somebody think twice; the others are only told. */
export function isSerious(warning) {
  return warning.code === "two-targets" || warning.code === "duplicate";
}

export function counted(count, one, many = `${one}s`) {
  return `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
}

const HOW = {
  kept: "kept as it is",
  "stand-in": "a made-up name held its place while translating",
  given: "the word was put into the message before translating",
  forced: "the model was made to say it and went on by itself",
  aligned: "put in place of what the model said",
  "no-alignment": "its place in the translation was not found",
};

/** What became of a term in a message. */
export function useWords({ status, how }) {
  const what = { applied: "Used", already: "Said by itself", missed: "Missed" }[status] ?? status;
  if (status === "already" || !how) return what;
  return `${what}: ${HOW[how] ?? how.replaceAll("-", " ")}`;
}

const ABOUT = { import: "Import", undo: "Undo of change", restore: "Restored to change", proposal: "Proposal accepted" };

/** What a change of the glossary was, e.g. "Changed “order”". @param {(term: Object) => string} title */
export function changeWords(entry, title) {
  const [kind, number] = (entry.about ?? "").split(" ");
  const [first] = entry.changes;
  const term = first && (first.after ?? first.before);
  const verb = !first ? "" : !first.before ? "Added" : !first.after ? "Deleted" : "Changed";
  const what = entry.count === 1 && term ? `${verb} “${title(term)}”` : counted(entry.count, "term");
  if (!ABOUT[kind]) return what;
  return `${ABOUT[kind]}${kind === "undo" || kind === "restore" ? ` ${number}` : ""}: ${what.charAt(0).toLowerCase()}${what.slice(1)}`;
}

const FIELDS = {
  kind: "kind", status: "status", part_of_speech: "part of speech", note: "note", scope: "scope", rules: "how it is found",
};

/**
 * What differs between two states of a term, a line for each.
 * @returns {{label: string, before: string, after: string}[]}
 */
export function differences(before, after, names) {
  const found = [];
  const tags = [...new Set([...Object.keys(before?.wordings ?? {}), ...Object.keys(after?.wordings ?? {})])];
  for (const tag of tags) {
    const [one, other] = [before?.wordings?.[tag], after?.wordings?.[tag]];
    if (one?.text !== other?.text) found.push({ label: names(tag), before: one?.text ?? "", after: other?.text ?? "" });
    if (one && other && rest(one) !== rest(other)) found.push({ label: `${names(tag)}: forms and grammar`, before: rest(one), after: rest(other) });
  }
  for (const [field, label] of Object.entries(FIELDS)) {
    const [one, other] = [plain(before?.[field]), plain(after?.[field])];
    if (before && after && one !== other) found.push({ label, before: one, after: other });
  }
  return found;
}

function rest(wording) {
  const { forms = [], gender = "", number = "", exceptions = [], avoid = [] } = wording;
  const parts = [forms.map((form) => form.text).join(", "), gender, number];
  if (exceptions.length) parts.push(`not in: ${exceptions.join(", ")}`);
  if (avoid.length) parts.push(`avoid: ${avoid.join(", ")}`);
  return parts.filter(Boolean).join("; ");
}

function plain(value) {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.join(", ");
  if (typeof value === "object") return Object.entries(value).filter(([, on]) => on).map(([name]) => name.replaceAll("_", " ")).join(", ");
  return String(value);
}
