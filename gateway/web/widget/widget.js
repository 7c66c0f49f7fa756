import { start } from "./main.js";

/*
 * The one script tag of the widget:
 *
 *   <script src="https://chat.example/widget.js" async></script>
 *
 * Options, all optional: data-locale (else the page's <html lang>), data-title, data-name (the shopper's, if the shop
 * knows it), data-open (opens the chat at once), data-scope (what the page is about, names parted by commas such as
 * "line:garden, channel:web": glossary terms with one of them as their scope are used here). The gateway's address is
 * that of this script. The gateway sends it as a classic script with all that it imports.
 */
const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
if (script && !document.querySelector("dragoman-chat")) {
  start({ base: new URL(".", script.src).href, ...script.dataset });
}
