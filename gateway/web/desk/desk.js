/** The desk: the list of conversations and the one that is open. On phones one of the two is shown. */
import { html, useEffect, useMemo, useRef, useState } from "../shared/html.js";
import { Connection } from "../shared/connection.js";
import { Icon } from "../shared/icons.js";
import { makeKeep } from "../shared/keep.js";
import { languageNames, timeWords } from "../shared/locale.js";
import { useConnection, useLasting, useOnline } from "../shared/hooks.js";
import { useSetting } from "../shared/settings.js";
import { pageStorage } from "../shared/storage.js";
import { TopBar } from "../shared/topbar.js";
import { Help } from "./help.js";
import { actionFor } from "./keys.js";
import { List } from "./list.js";
import { countWaiting, visibleCards } from "./queue.js";
import { Talk } from "./talk.js";

const FLY_OVER_MS = 120;
const SPEECH = { names: languageNames("en"), times: timeWords(navigator.language.startsWith("en") ? navigator.language : "en-GB") };

export function Desk({ user, logOut, expire }) {
  const connection = useMemo(() => makeConnection(user.login, expire), [user.login]);
  const state = useConnection(connection);
  const [selected, select, at] = useSelected();
  const followed = useFollowed(connection, selected);
  const [view, setView] = useSetting("desk:view", "waiting");
  const [both, setBoth] = useSetting("desk:both", false);
  const [lettersOn, setLettersOn] = useSetting("desk:letters", true);
  const [search, setSearch] = useState("");
  const [help, setHelp] = useState(false);
  const list = useRef(null);
  const finder = useRef(null);
  const field = useRef(null);

  const waiting = useMemo(() => countWaiting(state.cards.values()), [state.cards]);
  const cards = useMemo(
    () => visibleCards(state.cards.values(), { view, search, selected, names: SPEECH.names }),
    [state.cards, view, search, selected],
  );
  useEffect(() => {
    document.title = `${waiting ? `(${waiting}) ` : ""}Desk · Dragoman`;
  }, [waiting]);

  const step = (by) => {
    const index = cards.findIndex((card) => card.conversation === selected);
    const next = cards[Math.min(cards.length - 1, Math.max(0, index + by))];
    if (next) select(next.conversation);
  };
  const answer = () => requestAnimationFrame(() => field.current?.focus());
  const actions = {
    next: () => step(1),
    previous: () => step(-1),
    longest() {
      const first = visibleCards(state.cards.values(), { view: "waiting", search: "", selected: null, names: SPEECH.names })[0];
      if (first) select(first.conversation);
    },
    answer,
    both: () => setBoth(!both),
    search: () => finder.current?.focus(),
    help: () => setHelp(true),
    list: () => list.current?.focus(),
    propose: () => dispatchEvent(new Event("dragoman:propose")),
  };
  useEffect(() => {
    const onKeyDown = (event) => {
      if (event.defaultPrevented || event.isComposing || event.target.closest?.("dialog[open]")) return; // open dialogs have keys of their own; closed ones may still have the focus
      const writing = event.target.matches?.("textarea, input, select");
      const action = actionFor(event, { writing, lettersOn });
      if (!action) return;
      event.preventDefault();
      actions[action]();
    };
    addEventListener("keydown", onKeyDown);
    return () => removeEventListener("keydown", onKeyDown);
  });

  const older = () => {
    if (!state.moreCards || state.phase !== "open") return;
    connection.olderCards(Math.min(...[...state.cards.values()].map((card) => card.ts)));
  };
  const isOpen = Boolean(selected);
  return html`<div class=${`desk ${isOpen ? "has-talk" : ""}`}>
    <${TopBar} here="Desk" user=${user} logOut=${logOut}>
      <${Condition} state=${state} />
      <button type="button" class="icon-button" aria-label="Keys" title="Keys (?)" onClick=${() => setHelp(true)}><${Icon} name="keyboard" /></button>
    <//>
    <main class="desk-main">
      <h1 class="hush">Agent desk</h1>
      <div class="side">
        <div class="side-head">
          <div class="tabs" role="group" aria-label="Show">
            <button type="button" aria-pressed=${view === "waiting" ? "true" : "false"} onClick=${() => setView("waiting")}>Waiting <span>${waiting}</span></button>
            <button type="button" aria-pressed=${view === "all" ? "true" : "false"} onClick=${() => setView("all")}>All</button>
          </div>
          <label class="finder"><${Icon} name="search" size=${18} /><span class="hush">Search conversations</span>
            <input class="field" type="search" placeholder="Search" value=${search} ref=${finder} onInput=${(e) => setSearch(e.currentTarget.value)} /></label>
        </div>
        <${List} box=${list} cards=${cards} order=${`${view} ${search}`} selected=${selected} onSelect=${select} onOpen=${answer} onEnd=${older} names=${SPEECH.names}
          empty=${!state.listed ? "" : search ? "Nothing found." : view === "waiting" ? "Nobody is waiting." : "No conversations yet."} />
      </div>
      ${isOpen
        ? html`<${Talk} connection=${connection} state=${state} conversation=${followed} both=${both} onBoth=${() => setBoth(!both)}
            onBack=${() => select(null)} field=${field} speech=${SPEECH} at=${at} />`
        : html`<div class="nothing"><p>Choose a conversation.</p><p class="nothing-keys"><kbd>N</kbd> takes the one that has waited longest, <kbd>?</kbd> shows all keys.</p></div>`}
    </main>
    <${Help} open=${help} onClose=${() => setHelp(false)} keysOn=${lettersOn} onKeysOn=${setLettersOn} />
  </div>`;
}

function Condition({ state }) {
  const network = useOnline();
  const cut = useLasting(!network || state.phase !== "open", 1500);
  const [kind, text] =
    state.phase === "refused" ? ["bad", "Please reload this page: it is out of date."]
    : cut ? ["bad", "No connection. What you write is kept."]
    : state.phase !== "open" ? ["", ""]
    : state.status.store !== "ok" ? ["bad", "Messages can’t be delivered now. They are kept."]
    : state.status.translation === "down" ? ["bad", "Translation is not working. Chat goes on."]
    : state.status.translation === "slow" ? ["slow", "Translation is slower than usual."]
    : ["", ""];
  return html`<span class=${`condition ${kind}`} role="status">${text}</span>`;
}

function makeConnection(login, expire) {
  const url = new URL("../ws", location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  const keep = makeKeep(pageStorage(), `dragoman:desk:${login}`);
  const connection = new Connection({ url: url.href, role: "agent", keep, onRefused: expire });
  return connection;
}

/**
 * The chosen conversation lives in the address: a reload keeps it, and "back" on a phone leads to the list. A link to
 * one message carries its number as well: "#conversation/7".
 */
function useSelected() {
  const read = () => {
    const [conversation, seq] = location.hash.slice(1).split("/");
    return { conversation: decodeURIComponent(conversation) || null, seq: seq || null };
  };
  const [selected, setSelected] = useState(read);
  useEffect(() => {
    const follow = () => setSelected(read());
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const select = (conversation) => {
    if (conversation === read().conversation) return;
    if (!conversation) history.replaceState(null, "", location.pathname);
    else if (read().conversation) history.replaceState(null, "", `#${encodeURIComponent(conversation)}`);
    else history.pushState(null, "", `#${encodeURIComponent(conversation)}`);
    setSelected({ conversation, seq: null });
  };
  return [selected.conversation, select, selected.seq];
}

/** Opens the chosen conversation on the line; who flies over the list with a key held down opens only the last. */
function useFollowed(connection, selected) {
  const [followed, setFollowed] = useState(selected);
  useEffect(() => {
    connection.start();
    return () => connection.stop();
  }, [connection]);
  useEffect(() => {
    if (!selected) return setFollowed(null);
    if (!followed) return setFollowed(selected);
    const timer = setTimeout(() => setFollowed(selected), FLY_OVER_MS);
    return () => clearTimeout(timer);
  }, [selected]);
  useEffect(() => {
    if (!followed) return undefined;
    connection.open(followed);
    return () => connection.leave(followed);
  }, [connection, followed]);
  return followed ?? selected;
}
