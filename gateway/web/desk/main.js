import { html, render } from "../shared/html.js";
import { Session, may } from "../shared/session.js";
import { TopBar } from "../shared/topbar.js";
import { Desk } from "./desk.js";

function NotForYou({ user, logOut }) {
  return html`<div>
    <${TopBar} here="Desk" user=${user} logOut=${logOut} />
    <main class="gate"><p>This login has no place at the desk. It takes the role “agent” or “supervisor”.</p></main>
  </div>`;
}

render(
  html`<${Session} title="Agent desk" page=${(user, logOut, expire) =>
    may(user, "agent", "supervisor")
      ? html`<${Desk} key=${user.login} user=${user} logOut=${logOut} expire=${expire} />`
      : html`<${NotForYou} user=${user} logOut=${logOut} />`} />`,
  document.getElementById("app"),
);
