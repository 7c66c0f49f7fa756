/** The widget: a button, and the chat that it opens. */
import { html, useEffect, useMemo, useRef, useState } from "../shared/html.js";
import { Icon } from "../shared/icons.js";
import { directionOf, languageNames, timeWords } from "../shared/locale.js";
import { useAttention, useConnection, useMarks } from "../shared/hooks.js";
import { threadOf } from "../shared/client.js";
import { Panel } from "./panel.js";

export function App({ connection, words, locale, title, opened }) {
  const state = useConnection(connection);
  const [open, setOpen] = useState(opened);
  const [atEnd, setAtEnd] = useState(true);
  const launcher = useRef(null);
  const attention = useAttention();
  const speech = useMemo(() => ({ words, locale, names: languageNames(locale), times: timeWords(locale) }), [words, locale]);

  const thread = threadOf(state, state.conversation ?? "");
  useMarks(connection, thread, "visitor", open && attention && atEnd);
  const unread = open ? 0 : countUnread(thread);

  useEffect(() => {
    if (open) connection.start();
  }, [open, connection]);

  useEffect(() => {
    if (thread.language) connection.keep.setLanguage(thread.language, thread.conversation);
  }, [thread.language, thread.conversation, connection]);

  const close = () => {
    setOpen(false);
    requestAnimationFrame(() => launcher.current?.focus());
  };
  const onKeyDown = (event) => {
    if (event.key === "Escape" && open && !event.defaultPrevented) close();
    event.stopPropagation(); // the page's own shortcut keys must not see what is written here
  };

  return html`<div class=${`widget ${open ? "is-open" : ""}`} dir=${directionOf(locale)} lang=${locale}
    onKeyDown=${onKeyDown}>
    <${Panel} open=${open} onClose=${close} title=${title || words.title} connection=${connection} state=${state}
      thread=${thread} speech=${speech} onEnd=${setAtEnd} />
    <button type="button" class="launcher" ref=${launcher} aria-expanded=${open ? "true" : "false"}
      aria-label=${open ? words.close : unread ? words.openUnread(unread) : words.open}
      onClick=${() => (open ? close() : setOpen(true))}>
      <${Icon} name=${open ? "down" : "chat"} size=${26} />
      ${unread > 0 && html`<span class="badge" aria-hidden="true">${unread > 9 ? "9+" : unread}</span>`}
    </button>
    <div class="hush" role="status">${unread ? words.openUnread(unread) : ""}</div>
  </div>`;
}

function countUnread(thread) {
  let n = 0;
  for (let i = thread.messages.length - 1; i >= 0; i -= 1) {
    const message = thread.messages[i];
    if (message.seq <= thread.marks.visitor_read) break;
    if (message.role === "agent") n += 1;
  }
  return n;
}
