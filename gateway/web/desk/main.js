import { html, render } from "../shared/html.js";
import { Session } from "../shared/session.js";
import { Desk } from "./desk.js";

render(
  html`<${Session} title="Agent desk" page=${(user, logOut, expire) =>
    html`<${Desk} key=${user.login} user=${user} logOut=${logOut} expire=${expire} />`} />`,
  document.getElementById("app"),
);
