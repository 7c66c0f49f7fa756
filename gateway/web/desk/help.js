/** The dialog that "?" opens: what the keys do. */
import { html, useEffect, useRef } from "../shared/html.js";
import { Icon } from "../shared/icons.js";

const KEYS = [
  [["↓", "↑"], "Next and previous conversation (in the list)"],
  [["Alt ↓", "Alt ↑"], "The same from anywhere, also while writing"],
  [["J", "K"], "The same with one key, outside of text fields"],
  [["N"], "The conversation that has waited longest"],
  [["R"], "Write an answer"],
  [["Enter"], "Send"],
  [["Shift Enter"], "New line"],
  [["Esc"], "From the answer back to the list"],
  [["O"], "Show both languages, or only yours"],
  [["/"], "Search"],
  [["?"], "This help"],
];

export function Help({ open, onClose, keysOn, onKeysOn }) {
  const box = useRef(null);
  useEffect(() => {
    if (open && !box.current.open) box.current.showModal();
    if (!open && box.current.open) box.current.close();
  }, [open]);
  return html`<dialog class="help" ref=${box} onClose=${onClose} aria-labelledby="help-title">
    <header><h2 id="help-title">Keys</h2>
      <button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button></header>
    <dl>${KEYS.map(([keys, words]) => html`<div key=${words}><dt>${keys.map((key) => html`<kbd key=${key}>${key}</kbd>`)}</dt><dd>${words}</dd></div>`)}</dl>
    <label class="help-option"><input type="checkbox" checked=${keysOn} onChange=${(e) => onKeysOn(e.currentTarget.checked)} />
      Use the single-letter keys</label>
  </dialog>`;
}
