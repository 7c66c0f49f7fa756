/** Puts the widget into a page: a shadow root with its own styles, so that page and widget leave each other alone. */
import { html, render } from "../shared/html.js";
import { Connection } from "../shared/connection.js";
import { makeKeep } from "../shared/keep.js";
import { usableLocale } from "../shared/locale.js";
import { pageStorage } from "../shared/storage.js";
import { App } from "./app.js";
import { wordsFor } from "./words/index.js";
import tokens from "../shared/tokens.css" with { type: "css" };
import controls from "../shared/controls.css" with { type: "css" };
import widget from "./widget.css" with { type: "css" };

/**
 * @param {Object} options
 * @param {string} options.base the gateway's address, with a slash at the end
 * @param {string} [options.locale]
 * @param {string} [options.title]
 * @param {string} [options.name]
 * @param {string} [options.open]
 * @param {string} [options.scope] what the page is about, names parted by commas
 */
export async function start(options) {
  await pageReady();
  if (document.querySelector("dragoman-chat")) return;
  const host = document.createElement("dragoman-chat");
  const root = host.attachShadow({ mode: "open" });
  root.adoptedStyleSheets = [tokens, controls, widget];
  document.body.append(host);

  const pageLocale = () => usableLocale(options.locale || document.documentElement.lang || navigator.language);
  const keep = makeKeep(pageStorage(), `dragoman:${new URL(options.base).host}`);
  const connection = new Connection({
    url: socketAddress(options.base),
    role: "visitor",
    keep,
    greeting: () => {
      const earlier = keep.earlierLanguage(keep.conversation());
      return {
        page_locale: pageLocale(),
        ...(earlier && { earlier_language: earlier }),
        ...(options.name && { name: options.name }),
        ...(options.scope && { scope: namesIn(options.scope) }),
      };
    },
  });

  const paint = async () => {
    const locale = pageLocale();
    const { language, words } = await wordsFor(locale);
    // Times and names of languages follow the words: a page in a language without words gets all of it in English.
    const shown = language === usableLocale(locale).split("-")[0].toLowerCase() ? locale : language;
    render(html`<${App} connection=${connection} words=${words} locale=${shown} title=${options.title}
      opened=${options.open !== undefined} />`, root);
  };
  await paint();
  new MutationObserver(paint).observe(document.documentElement, { attributeFilter: ["lang"] });

  // Who never opened the chat costs the gateway nothing.
  if (keep.token() || keep.outbox().length) connection.start();
  addEventListener("storage", (event) => {
    if (event.key !== keep.conversationKey || !event.newValue) return;
    if (connection.stopped) connection.start();
    else if (event.newValue !== connection.state.conversation) connection.reconnect();
  });
}

function namesIn(text) {
  return text.split(",").map((name) => name.trim()).filter(Boolean);
}

function pageReady() {
  if (document.body) return Promise.resolve();
  return new Promise((done) => document.addEventListener("DOMContentLoaded", done, { once: true }));
}

function socketAddress(base) {
  const url = new URL("ws", base);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}
