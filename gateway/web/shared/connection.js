/**
 * The socket to the gateway: connects, reconnects, resumes, sends what waits. All knowledge is in the state of
 * client.js; this file only moves frames and watches the clock.
 */
import { due, initial, reduce, threadOf } from "./client.js";
import { newMessageId } from "./keep.js";
import { hasGap } from "./thread.js";

const VERSION = 1;
const FIRST_WAIT_MS = 400;
const LONGEST_WAIT_MS = 15000;
const GAP_MS = 1000;
const SILENCE_MS = 30000;
const PONG_MS = 5000;
const CONNECT_MS = 10000; // until a line that does not come about is tried anew
const HURRIED_MS = 1000; // the same when the network has just come back
const TICK_MS = 1000;
const NOT_ALLOWED = 4401;
const BAD_HELLO = 4400;

/** How long to wait before the next attempt: doubling, with a random half so that clients don't come back at once. */
export function backoff(attempt, random = Math.random()) {
  const whole = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** attempt);
  return whole / 2 + (whole / 2) * random;
}

export class Connection {
  /**
   * @param {Object} options
   * @param {string} options.url of the socket
   * @param {"visitor"|"agent"} options.role
   * @param {ReturnType<import("./keep.js").makeKeep>} options.keep
   * @param {() => Object} [options.greeting] more fields for `hello`
   * @param {() => void} [options.onRefused] an agent's session is over
   */
  constructor({ url, role, keep, greeting = () => ({}), onRefused = () => {} }) {
    this.url = url;
    this.role = role;
    this.keep = keep;
    this.greeting = greeting;
    this.onRefused = onRefused;
    this.state = initial(role);
    this.listeners = new Set();
    this.socket = null;
    this.attempt = 0;
    this.opened = new Set(); // agent: conversations that are followed
    this.gaps = new Map(); // conversation: since when a number is missing
    this.lastHeard = 0;
    this.askedAt = 0;
    this.notice = null;
    this.timer = null;
    this.stopped = true;
  }

  subscribe(listener) {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start() {
    if (!this.stopped) return;
    this.stopped = false;
    this.keep.forgetOldDrafts();
    this.adopt();
    this.ticking = setInterval(() => this.tick(), TICK_MS);
    this.wake = () => this.hurry();
    addEventListener("online", this.wake);
    addEventListener("pageshow", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.connect();
  }

  stop() {
    this.stopped = true;
    clearInterval(this.ticking);
    clearTimeout(this.timer);
    removeEventListener("online", this.wake);
    removeEventListener("pageshow", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    this.socket?.close(1000);
    this.socket = null;
    this.dispatch({ type: "phase", phase: "idle" });
  }

  /** Writes a message: it is kept until the gateway has stored it. @returns {string} its id */
  send(text, conversation = null) {
    const message = { id: newMessageId(), conversation, text, ts: Date.now() };
    this.keep.put(message);
    this.dispatch({ type: "write", message });
    return message.id;
  }

  /** Gives up a message that is not stored. */
  drop(id) {
    this.keep.remove(id);
    this.dispatch({ type: "drop", id });
  }

  sendAgain(id) {
    this.dispatch({ type: "again", id });
  }

  typing(on, conversation) {
    this.transmit({ type: "typing", on, ...(conversation && { conversation }) });
  }

  mark(delivered, read, conversation) {
    this.transmit({ type: "mark", delivered, read, ...(conversation && { conversation }) });
  }

  setLanguage(language, conversation) {
    this.transmit({ type: "language", language, ...(conversation && { conversation }) });
  }

  /**
   * Agent: other words for a translation. It is sent again after a lost line, until it is stored or refused.
   * @param {{id: string|null, conversation: string, translation: number, text: string, anyway: boolean}} wish
   *   `id`: of an attempt before, to go on with it
   * @returns {string} its id, under which `state.corrections` tells how it is; stored ones are no longer there
   */
  correct(wish) {
    const correction = { ...wish, id: wish.id ?? newMessageId() };
    this.dispatch({ type: "correct", correction });
    this.sendCorrection(correction);
    return correction.id;
  }

  dropCorrection(id) {
    this.dispatch({ type: "drop-correction", id });
  }

  sendCorrection({ id, conversation, translation, text, anyway }) {
    this.transmit({ type: "correct", id, conversation, translation, text, anyway });
  }

  /** Agent: follow a conversation. */
  open(conversation) {
    this.opened.add(conversation);
    this.transmit({ type: "open", conversation, after: threadOf(this.state, conversation).upTo });
  }

  leave(conversation) {
    this.opened.delete(conversation);
    this.transmit({ type: "leave", conversation });
  }

  olderCards(before) {
    this.transmit({ type: "more", before });
  }

  connect() {
    if (this.stopped || this.socket) return;
    this.dispatch({ type: "phase", phase: "connecting" });
    const socket = new WebSocket(this.url);
    this.socket = socket;
    this.lastHeard = Date.now();
    socket.onopen = () => socket.send(JSON.stringify(this.hello()));
    socket.onmessage = ({ data }) => this.socket === socket && this.hear(data);
    socket.onclose = ({ code }) => this.socket === socket && this.lost(code);
  }

  hello() {
    const hello = { type: "hello", v: VERSION, role: this.role, ...this.greeting() };
    if (this.role === "visitor") {
      const token = this.keep.token();
      const held = this.state.conversation;
      // Another tab may have begun anew: what this one holds belongs to another conversation.
      if (token && held && this.keep.conversation() !== held) this.dispatch({ type: "begin-anew" });
      if (token) hello.token = token;
      this.askedWithToken = Boolean(token);
      if (token && this.state.conversation) hello.after = threadOf(this.state, this.state.conversation).upTo;
    }
    return hello;
  }

  hear(data) {
    this.lastHeard = Date.now();
    this.askedAt = 0;
    let frame;
    try {
      frame = JSON.parse(data);
    } catch {
      return;
    }
    if (frame.type === "welcome") this.welcomed(frame);
    else this.dispatch({ type: "frame", frame, now: Date.now() });
  }

  welcomed(frame) {
    if (this.role === "visitor" && frame.token) {
      const kept = this.keep.conversation();
      // Two tabs opened at once both asked for a new conversation: the first to keep its token wins.
      if (!this.askedWithToken && kept && kept !== frame.conversation) return this.reconnect();
      this.keep.setToken(frame.token, frame.conversation);
    }
    this.attempt = 0;
    this.adopt();
    this.dispatch({ type: "frame", frame, now: Date.now() });
    for (const conversation of this.opened) this.open(conversation);
    for (const correction of this.state.corrections.values()) {
      if (correction.state === "flying") this.sendCorrection(correction);
    }
    return undefined;
  }

  /** Takes over messages that an earlier page (or a tab that is gone) kept but could not send. */
  adopt() {
    for (const message of this.keep.outbox()) {
      if (this.role === "visitor" || message.conversation) this.dispatch({ type: "write", message });
    }
  }

  lost(code) {
    this.socket = null;
    if (this.stopped) return;
    if (code === NOT_ALLOWED && this.role === "agent") {
      this.stop();
      this.onRefused();
      return;
    }
    if (code === NOT_ALLOWED) {
      this.keep.forgetToken();
      this.dispatch({ type: "begin-anew" });
    }
    if (code === BAD_HELLO) {
      this.dispatch({ type: "phase", phase: "refused" });
      return;
    }
    this.dispatch({ type: "phase", phase: "waiting" });
    this.timer = setTimeout(() => this.connect(), backoff(this.attempt));
    this.attempt += 1;
  }

  /** Ends this line and makes a new one at once. */
  reconnect() {
    const socket = this.socket;
    this.socket = null;
    socket?.close(1000);
    clearTimeout(this.timer);
    this.dispatch({ type: "phase", phase: "waiting" });
    this.connect();
  }

  /** The network is back or the page is looked at again: don't wait for the clock. */
  hurry() {
    if (this.stopped || document.visibilityState === "hidden") return;
    if (this.state.phase === "waiting") {
      clearTimeout(this.timer);
      this.connect();
    } else if (this.state.phase === "connecting" && Date.now() - this.lastHeard > HURRIED_MS) {
      this.reconnect(); // what was begun while there was no network may hang
    } else if (this.state.phase === "open") {
      this.ask();
    }
  }

  tick() {
    const now = Date.now();
    this.dispatch({ type: "clock", now });
    if (!this.socket) return undefined;
    if (this.state.phase === "connecting") return now - this.lastHeard > CONNECT_MS ? this.reconnect() : undefined;
    this.sendDue();
    if (this.askedAt && now - this.askedAt > PONG_MS) return this.reconnect();
    const waits = this.state.outbox.some((m) => m.flying);
    if (!this.askedAt && now - this.lastHeard > (waits ? PONG_MS : SILENCE_MS)) this.ask();
    this.closeGaps(now);
    return undefined;
  }

  ask() {
    this.askedAt = this.askedAt || Date.now();
    this.transmit({ type: "ping" });
  }

  closeGaps(now) {
    for (const [conversation, thread] of this.state.threads) {
      if (!hasGap(thread)) this.gaps.delete(conversation);
      else if (!this.gaps.has(conversation)) this.gaps.set(conversation, now);
      else if (now - this.gaps.get(conversation) >= GAP_MS) {
        this.gaps.delete(conversation);
        if (this.role === "visitor") this.reconnect();
        else if (this.opened.has(conversation)) this.open(conversation);
      }
    }
  }

  transmit(frame) {
    if (this.state.phase === "open" && this.socket?.readyState === WebSocket.OPEN) {
      this.socket.send(JSON.stringify(frame));
    }
  }

  dispatch(action) {
    const before = this.state;
    this.state = reduce(before, action);
    if (this.state === before) return;
    this.forgetStored(before);
    this.sendDue();
    // One repaint for a burst of frames.
    this.notice ??= setTimeout(() => {
      this.notice = null;
      for (const listener of this.listeners) listener(this.state);
    }, 0);
  }

  sendDue() {
    for (const { id, text, conversation } of due(this.state, Date.now())) {
      this.transmit({ type: "send", id, text, ...(conversation && { conversation }) });
      this.state = reduce(this.state, { type: "flying", id });
    }
  }

  forgetStored(before) {
    if (before.outbox === this.state.outbox) return;
    const waiting = new Set(this.state.outbox.map((m) => m.id));
    for (const { id } of before.outbox) if (!waiting.has(id)) this.keep.remove(id);
  }
}
