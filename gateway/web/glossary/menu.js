/** A button that opens a small panel below itself: Escape and a click elsewhere close it. */
import { html, useEffect, useId, useRef, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";

export function Menu({ label, icon, badge, className = "", children }) {
  const [open, setOpen] = useState(false);
  const box = useRef(null);
  const button = useRef(null);
  const id = useId();
  useEffect(() => {
    if (!open) return undefined;
    const onDown = (event) => !box.current.contains(event.target) && setOpen(false);
    addEventListener("mousedown", onDown);
    return () => removeEventListener("mousedown", onDown);
  }, [open]);
  const onKeyDown = (event) => {
    if (event.key !== "Escape" || !open) return;
    event.preventDefault();
    event.stopPropagation();
    setOpen(false);
    button.current.focus();
  };
  const onFocusOut = (event) => event.relatedTarget && !box.current.contains(event.relatedTarget) && setOpen(false);
  return html`<div class=${`menu ${className}`} ref=${box} onKeyDown=${onKeyDown} onFocusOut=${onFocusOut}>
    <button type="button" class="button" ref=${button} aria-expanded=${open ? "true" : "false"} aria-controls=${id} onClick=${() => setOpen(!open)}>
      <${Icon} name=${icon} size=${18} /><span class="menu-label">${label}</span>${badge ? html`<span class="badge">${badge}</span>` : null}</button>
    <div class="menu-panel" id=${id} hidden=${!open}>${open && children(() => setOpen(false))}</div>
  </div>`;
}
