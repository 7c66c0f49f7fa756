/*
 * The one script tag of the widget:
 *
 *   <script src="https://chat.example/widget.js" async></script>
 *
 * Options, all optional: data-locale (else the page's <html lang>), data-title, data-name (the shopper's, if the shop
 * knows it), data-open (opens the chat at once), data-scope (what the page is about, names parted
 * by commas such as "line:garden, channel:web": glossary terms with one of them as their scope are used here). The gateway's address is that of this script.
 */
(() => {
  const script = document.currentScript ?? document.querySelector('script[src*="/widget.js"]');
  if (!script || document.querySelector("dragoman-chat")) return;
  const base = new URL(".", script.src).href;
  import(new URL("web/widget/main.js", base).href).then(({ start }) => start({ base, ...script.dataset }));
})();
