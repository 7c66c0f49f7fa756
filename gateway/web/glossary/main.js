import { html, render } from "../shared/html.js";
import { Session } from "../shared/session.js";
import { Glossary } from "./glossary.js";

render(
  html`<${Session} title="Glossary" page=${(user, logOut, expire) =>
    html`<${Glossary} key=${user.login} user=${user} logOut=${logOut} expire=${expire} />`} />`,
  document.getElementById("app"),
);
