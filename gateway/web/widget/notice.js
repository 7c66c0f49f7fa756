/** One line, in plain words, when something is not as it should be. Lies over the messages: nothing moves. */
import { html } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { useLasting, useOnline } from "../shared/hooks.js";

const HICCUP_MS = 1500;

export function Notice({ state, words }) {
  const online = useOnline();
  const cut = useLasting(state.phase === "waiting" || state.phase === "connecting", HICCUP_MS);
  const text = noticeFor({ state, online, cut, words });
  return html`<div class="notice-place" role="status">
    ${text && html`<p class="notice"><${Icon} name="warning" size=${16} /><span>${text}</span></p>`}
  </div>`;
}

function noticeFor({ state, online, cut, words }) {
  if (state.phase === "refused") return words.outdated;
  if (!online) return words.offline;
  if (cut) return words.connecting;
  if (state.phase !== "open") return "";
  if (state.status.store !== "ok") return words.storeDown;
  if (state.status.translation === "down") return words.translationDown;
  if (state.status.translation === "slow") return words.slow;
  return "";
}
