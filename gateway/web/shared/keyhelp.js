/** The dialog that "?" opens: what the keys do. */
import { html, useEffect, useRef } from "./html.js";
import { Icon } from "./icons.js";

/** @param {{keys: [string[], string][]}} props keys: which ones, and what they do in plain words */
export function KeyHelp({ open, onClose, keys, children }) {
  const box = useRef(null);
  useEffect(() => {
    if (open && !box.current.open) box.current.showModal();
    if (!open && box.current.open) box.current.close();
  }, [open]);
  return html`<dialog class="help" ref=${box} onClose=${onClose} aria-labelledby="help-title">
    <header><h2 id="help-title">Keys</h2>
      <button type="button" class="icon-button" aria-label="Close" onClick=${onClose}><${Icon} name="close" /></button></header>
    <dl>${keys.map(([names, words]) => html`<div key=${words}><dt>${names.map((key) => html`<kbd key=${key}>${key}</kbd>`)}</dt><dd>${words}</dd></div>`)}</dl>
    ${children}
  </dialog>`;
}
