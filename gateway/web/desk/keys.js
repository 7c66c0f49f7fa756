/** Which key does what at the desk. Pure: an event's fields in, the name of an action or null out. */

const LETTERS = { j: "next", k: "previous", n: "longest", r: "answer", o: "both", t: "propose", "/": "search", "?": "help" };

/**
 * @param {{key: string, altKey: boolean, ctrlKey: boolean, metaKey: boolean}} event
 * @param {{writing: boolean, lettersOn: boolean}} where writing: the focus is in a text field
 */
export function actionFor(event, { writing, lettersOn }) {
  if (event.altKey && !event.ctrlKey && !event.metaKey) {
    return { ArrowDown: "next", ArrowUp: "previous" }[event.key] ?? null;
  }
  if (event.ctrlKey || event.metaKey) return null;
  if (writing) return event.key === "Escape" ? "list" : null;
  if (event.key === "?") return "help"; // the help must be reachable to switch the letters on again
  return lettersOn ? (LETTERS[event.key.toLowerCase()] ?? null) : null;
}
