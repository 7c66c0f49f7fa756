/** What the desk's keys do. */
import { html } from "../shared/html.js";
import { KeyHelp } from "../shared/keyhelp.js";

const KEYS = [
  [["↓", "↑"], "Next and previous conversation (in the list)"],
  [["Alt ↓", "Alt ↑"], "The same from anywhere, also while writing"],
  [["J", "K"], "The same with one key, outside of text fields"],
  [["N"], "The conversation that has waited longest"],
  [["R"], "Write an answer"],
  [["Enter"], "Send, or save a correction"],
  [["Shift Enter"], "New line"],
  [["Esc"], "From the answer back to the list, or give up a correction"],
  [["O"], "Show both languages, or only yours"],
  [["T"], "Propose words for the glossary: those selected, or others"],
  [["Shift Tab"], "From the answer to answers used before, where some are offered"],
  [["/"], "Search"],
  [["?"], "This help"],
];

export function Help({ open, onClose, keysOn, onKeysOn }) {
  return html`<${KeyHelp} open=${open} onClose=${onClose} keys=${KEYS}>
    <label class="help-option"><input type="checkbox" checked=${keysOn} onChange=${(e) => onKeysOn(e.currentTarget.checked)} />
      Use the single-letter keys</label>
  <//>`;
}
