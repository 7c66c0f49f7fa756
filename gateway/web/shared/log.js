/**
 * A scrolling list of messages that never jumps: it stays at the end only if the reader was there; otherwise the
 * message at the top of the view stays where it is, whatever grows or shrinks above it.
 */
import { Component, createRef, html } from "./html.js";

const NEAR_END_PX = 40;

export class Log extends Component {
  constructor(props) {
    super(props);
    this.box = createRef();
    this.inner = createRef();
    this.atEnd = true;
    this.anchor = null;
    this.onScroll = this.onScroll.bind(this);
  }

  componentDidMount() {
    this.toEnd();
    this.watcher = new ResizeObserver(() => this.settle());
    this.watcher.observe(this.box.current);
    this.watcher.observe(this.inner.current);
  }

  componentWillUnmount() {
    this.watcher.disconnect();
  }

  componentDidUpdate(before) {
    if (before.endKey !== this.props.endKey) this.atEnd = true; // the reader's own message, or another conversation
    this.settle();
  }

  settle() {
    const box = this.box.current;
    if (!box) return;
    if (this.atEnd) {
      this.toEnd();
    } else if (this.anchor?.node.isConnected) {
      const moved = this.anchor.node.offsetTop - box.scrollTop - this.anchor.offset;
      if (moved) box.scrollTop += moved;
    }
    this.remember();
  }

  toEnd(smooth = false) {
    const box = this.box.current;
    box.scrollTo({ top: box.scrollHeight, behavior: smooth && !calm() ? "smooth" : "instant" });
  }

  onScroll() {
    const box = this.box.current;
    const atEnd = box.scrollHeight - box.scrollTop - box.clientHeight <= NEAR_END_PX;
    if (atEnd !== this.atEnd) {
      this.atEnd = atEnd;
      this.props.onEnd?.(atEnd);
      this.setState({});
    }
    this.remember();
  }

  /** Notes which message is at the top of the view, and where. */
  remember() {
    const box = this.box.current;
    const rows = this.inner.current.children;
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (rows[middle].offsetTop + rows[middle].offsetHeight > box.scrollTop) high = middle;
      else low = middle + 1;
    }
    this.anchor = rows[low] ? { node: rows[low], offset: rows[low].offsetTop - box.scrollTop } : null;
  }

  render({ label, children, newest, busy }) {
    return html`<div class="log">
      <div class="log-box" ref=${this.box} onScroll=${this.onScroll} tabindex="0" role="log"
        aria-live="polite" aria-relevant="additions" aria-label=${label} aria-busy=${busy ? "true" : "false"}>
        <div class="log-rows" ref=${this.inner}>${children}</div>
      </div>
      ${!this.atEnd &&
      html`<button type="button" class="log-newest" onClick=${() => this.toEnd(true)}>${newest}</button>`}
    </div>`;
  }
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
