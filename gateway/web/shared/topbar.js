/** The bar at the top of the pages for people who are logged in. */
import { html } from "./html.js";
import { Mark } from "./session.js";

export function TopBar({ here, user, logOut, children }) {
  const link = (name, address) =>
    html`<a href=${address} aria-current=${here === name ? "page" : undefined}>${name}</a>`;
  return html`<header class="bar">
    <span class="brand"><${Mark} /><span class="brand-word">Dragoman</span></span>
    <nav aria-label="Pages">${link("Desk", "../desk/")}${link("Glossary", "../glossary/")}</nav>
    <div class="bar-end">
      ${children}
      <span class="who">${user.name || user.login}</span>
      <button type="button" class="button" onClick=${logOut}>Log out</button>
    </div>
  </header>`;
}
