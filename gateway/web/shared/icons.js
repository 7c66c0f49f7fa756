/** Line icons, 20 units square, drawn in the colour of the text around them. */
import { html } from "./html.js";

const PATHS = {
  chat: "M3.5 9.2c0-3.2 2.9-5.7 6.5-5.7s6.5 2.5 6.5 5.7-2.9 5.7-6.5 5.7c-.8 0-1.6-.1-2.3-.4L4.2 16l.7-2.9c-.9-1-1.4-2.4-1.4-3.9Z",
  close: "m5 5 10 10M15 5 5 15",
  down: "m5 8 5 5 5-5",
  up: "m5 12 5-5 5 5",
  detail: "M7.500 4.500 13 10l-5.500 5.500",
  filter: "M3.500 5h13M6 10h8M8.500 15h3",
  columns: "M3.500 4h13v12h-13ZM8 4v12M12 4v12",
  paste: "M7 4.500H5c-.600 0-1 .400-1 1v10c0 .600.400 1 1 1h10c.600 0 1-.400 1-1v-10c0-.600-.400-1-1-1h-2M7.500 3h5v3h-5ZM7 10h6M7 13h4",
  undo: "M4 8h8a4 4 0 0 1 0 8H8M4 8l3.500-3.500M4 8l3.500 3.500",
  send: "M16.5 10H4M4 10 2.8 3.9c-.1-.6.5-1 1-.8l13 6.3c.5.3.5 1 0 1.2l-13 6.3c-.5.2-1.1-.2-1-.8L4 10Z",
  back: "m12 4.5-5.5 5.5 5.5 5.5",
  search: "M8.8 14.1a5.3 5.3 0 1 0 0-10.6 5.3 5.3 0 0 0 0 10.6Zm3.8-1.5 4.1 4.1",
  globe: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14ZM3 10h14M10 3c2 2 2.8 4.4 2.8 7S12 15 10 17c-2-2-2.8-4.4-2.8-7S8 5 10 3Z",
  warning: "M10 7.5v3.2m0 2.5v.1M8.8 3.7 2.6 14.4c-.5.9.1 2.1 1.2 2.1h12.4c1.1 0 1.7-1.2 1.2-2.1L11.2 3.7c-.5-.9-1.9-.9-2.4 0Z",
  plus: "M10 4v12M4 10h12",
  upload: "M10 13V3.5M6 7l4-3.5L14 7M3.5 13v2c0 .8.7 1.5 1.5 1.5h10c.8 0 1.5-.7 1.5-1.5v-2",
  download: "M10 3.5V13M6 9.5l4 3.5 4-3.5M3.5 13v2c0 .8.7 1.5 1.5 1.5h10c.8 0 1.5-.7 1.5-1.5v-2",
  edit: "m12.5 4.5 3 3L7 16l-3.5.5L4 13l8.5-8.5Z",
  trash: "M4 5.5h12M8 5.5V4c0-.3.2-.5.5-.5h3c.3 0 .5.2.5.5v1.5M5.5 5.5l.6 10c0 .5.5 1 1 1h5.8c.5 0 1-.5 1-1l.6-10M8.5 8.5v5M11.5 8.5v5",
  keyboard: "M3 5.5h14c.6 0 1 .4 1 1v7c0 .6-.4 1-1 1H3c-.6 0-1-.4-1-1v-7c0-.6.4-1 1-1ZM5 8.5h.1M8.3 8.5h.1M11.6 8.5h.1M15 8.5h.1M6.5 11.5h7",
  check: "m4.5 10.5 3.5 3.5 7.5-8",
};

export function Icon({ name, size = 20 }) {
  return html`<svg class="icon icon-${name}" viewBox="0 0 20 20" width=${size} height=${size} fill="none"
    stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d=${PATHS[name]} />
  </svg>`;
}

/** How far an own message is: a clock, one tick, two ticks, two full ticks. The words stand beside it. */
export function Ticks({ state }) {
  const shape = {
    sending: "M10 17a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm0-10.5V10l2.3 1.5",
    sent: "m5.5 10.5 3 3 6.5-7",
    delivered: "m2 10.5 3 3 6.5-7M9 13.5 15.5 6.5",
    read: "m2 10.5 3 3 6.5-7M9 13.5 15.5 6.5",
  }[state];
  if (!shape) return null;
  return html`<svg class="ticks ticks-${state}" viewBox="0 0 20 20" width="16" height="16" fill="none"
    stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">
    <path d=${shape} />
  </svg>`;
}
