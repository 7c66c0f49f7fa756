/** Small hooks that the pages share. */
import { useEffect, useLayoutEffect, useRef, useState } from "./html.js";

/** Follows a Connection. @returns {import("./client.js").State} */
export function useConnection(connection) {
  const [state, setState] = useState(connection.state);
  useEffect(() => {
    setState(connection.state);
    return connection.subscribe(setState);
  }, [connection]);
  return state;
}

/** The time, renewed every `every` ms. */
export function useNow(every) {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every);
    return () => clearInterval(timer);
  }, [every]);
  return now;
}

/** True once `value` has been true for `ms`: short hiccups are not worth a word. */
export function useLasting(value, ms) {
  const [lasting, setLasting] = useState(false);
  useEffect(() => {
    if (!value) return setLasting(false);
    const timer = setTimeout(() => setLasting(true), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return lasting && value;
}

/** False while the browser knows that there is no network. */
export function useOnline() {
  const [online, setOnline] = useState(navigator.onLine);
  useEffect(() => {
    const renew = () => setOnline(navigator.onLine);
    addEventListener("online", renew);
    addEventListener("offline", renew);
    return () => {
      removeEventListener("online", renew);
      removeEventListener("offline", renew);
    };
  }, []);
  return online;
}

/** True while the page is visible and has the focus: what is on screen then counts as read. */
export function useAttention() {
  const look = () => document.visibilityState === "visible" && document.hasFocus();
  const [attention, setAttention] = useState(look);
  useEffect(() => {
    const renew = () => setAttention(look());
    addEventListener("focus", renew);
    addEventListener("blur", renew);
    document.addEventListener("visibilitychange", renew);
    return () => {
      removeEventListener("focus", renew);
      removeEventListener("blur", renew);
      document.removeEventListener("visibilitychange", renew);
    };
  }, []);
  return attention;
}

/** Tells the other side how far this one has received and read, once for each step forward. */
export function useMarks(connection, thread, role, reading, conversation) {
  const told = useRef({ conversation: null, delivered: 0, read: 0 });
  const delivered = thread.upTo;
  const open = connection.state.phase === "open";
  useEffect(() => {
    const before = told.current;
    if (before.conversation !== thread.conversation) {
      told.current = { conversation: thread.conversation, delivered: 0, read: thread.marks[`${role}_read`] ?? 0 };
    }
    const read = reading ? delivered : told.current.read;
    if (!open || !delivered) return;
    if (delivered <= told.current.delivered && read <= told.current.read) return;
    told.current = { conversation: thread.conversation, delivered, read };
    connection.mark(delivered, read, conversation);
  }, [connection, open, delivered, reading, thread.conversation, role, conversation]);
  // A lost line may have lost the last word with it: tell again after a reconnect.
  useEffect(() => {
    if (!open) told.current = { ...told.current, delivered: 0 };
  }, [open]);
}

const TYPING_REPEAT_MS = 2500;
const TYPING_IDLE_MS = 4000;

/** @returns {(text: string) => void} to be called on every change of the text */
export function useTypingSignal(connection, conversation) {
  const ref = useRef({ sent: 0, timer: null });
  useEffect(
    () => () => {
      clearTimeout(ref.current.timer);
      if (ref.current.sent) connection.typing(false, conversation);
      ref.current.sent = 0;
    },
    [connection, conversation],
  );
  return (text) => {
    const now = Date.now();
    const stop = () => {
      clearTimeout(ref.current.timer);
      if (ref.current.sent) connection.typing(false, conversation);
      ref.current.sent = 0;
    };
    if (!text.trim()) return stop();
    if (now - ref.current.sent >= TYPING_REPEAT_MS) {
      connection.typing(true, conversation);
      ref.current.sent = now;
    }
    clearTimeout(ref.current.timer);
    ref.current.timer = setTimeout(stop, TYPING_IDLE_MS);
    return undefined;
  };
}

/** Lets a text field grow with its text up to the height that its style allows, also when it is shown or made narrower. */
export function useGrowing(ref, text) {
  const fit = () => {
    const field = ref.current;
    if (!field) return;
    field.style.height = "auto";
    if (!field.offsetWidth) return; // not shown: there is nothing to measure
    field.style.height = `${field.scrollHeight + field.offsetHeight - field.clientHeight}px`;
  };
  useLayoutEffect(fit, [text]);
  useEffect(() => {
    let width = ref.current.offsetWidth;
    const watcher = new ResizeObserver(([{ target }]) => {
      if (target.offsetWidth === width) return;
      width = target.offsetWidth;
      if (width) fit();
    });
    watcher.observe(ref.current);
    return () => watcher.disconnect();
  }, []);
}

const TIGHTEST = 3;

/**
 * For a row that has to say more than may fit: `data-tight` on it tells the style sheet how much to leave out, from 0
 * (all of it is shown) to 3. Measured before anything is painted, and again when the row or its place changes.
 * @returns {Object} a ref for the row
 */
export function useTight() {
  const ref = useRef(null);
  useEffect(() => {
    const row = ref.current;
    const fit = () => {
      for (let level = 0; level <= TIGHTEST; level += 1) {
        row.dataset.tight = level;
        if (!overflows(row)) return;
      }
    };
    const watcher = new ResizeObserver(fit);
    watcher.observe(row);
    watcher.observe(row.parentElement);
    return () => watcher.disconnect();
  }, []);
  return ref;
}

function overflows(row) {
  const boxes = [...row.children].map((child) => child.getBoundingClientRect());
  const cut = [...row.children].some((child) => child.scrollWidth > child.clientWidth && child.clientWidth);
  const left = Math.min(...boxes.map((box) => box.left));
  const right = Math.max(...boxes.map((box) => box.right));
  return cut || right - left > row.clientWidth;
}

/** @returns {number} characters as the gateway counts them: code points */
export function lengthOf(text) {
  let n = 0;
  for (const _ of text) n += 1;
  return n;
}
