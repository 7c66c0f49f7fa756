/** Which key does what on the glossary's page. Pure. */

export const KEYS = [
  [["↓", "↑", "→", "←"], "Move through the table"],
  [["Ctrl Home", "Ctrl End"], "First and last term"],
  [["Enter"], "Change the text; then save and go down"],
  [["Tab"], "Save and go to the next language"],
  [["Esc"], "Leave it as it was; close the term"],
  [["Space"], "Everything about the term"],
  [["Delete"], "Delete the term (it can be undone)"],
  [["Ctrl V"], "In the table: add copied rows of a spreadsheet"],
  [["N"], "New term"],
  [["M"], "Add many"],
  [["Ctrl S"], "Save the open term"],
  [["/"], "Search; ↓ goes to the table"],
  [["?"], "This help"],
];
const LETTERS = { n: "add", m: "many", "/": "search", "?": "help" };

/** @returns {string|null} the name of an action; letters count outside of text fields only */
export function actionFor(event, writing) {
  if (writing || event.altKey || event.ctrlKey || event.metaKey) return null;
  return LETTERS[event.key.toLowerCase()] ?? null;
}
