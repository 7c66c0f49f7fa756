/** Who is logged in; asks for login and password where nobody is. */
import { html, useEffect, useRef, useState } from "./html.js";
import { api } from "./api.js";

/**
 * @typedef {{login: string, name: string, roles: string[], language: string}} User
 *
 * Shows `page(user, logOut, expire)` to whoever is logged in, else the login form.
 */
export function Session({ title, page }) {
  const [user, setUser] = useState(undefined); // undefined: not known yet, null: nobody
  const [trouble, setTrouble] = useState("");
  const look = () =>
    api("GET", "me").then(setUser, (error) => {
      if (error.status !== 401) setTrouble("The gateway does not answer. Trying again…");
      if (error.status !== 401) return setTimeout(look, 2000);
      setTrouble("");
      return setUser(null);
    });
  useEffect(() => void look(), []);

  const logOut = () => api("POST", "logout").finally(() => setUser(null));
  if (user) return page(user, logOut, () => setUser(null));
  if (user === null) return html`<${LoginForm} title=${title} onUser=${setUser} />`;
  return trouble ? html`<main class="gate"><p class="note warn" role="status">${trouble}</p></main>` : null;
}

/** Whether one of the roles is the user's; an admin may everything. */
export function may(user, ...roles) {
  return user.roles.includes("admin") || roles.some((role) => user.roles.includes(role));
}

function LoginForm({ title, onUser }) {
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const field = useRef(null);
  useEffect(() => field.current?.focus(), []);

  const submit = async (event) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setBusy(true);
    setError("");
    try {
      onUser(await api("POST", "login", { login: form.get("login"), password: form.get("password") }));
    } catch (failure) {
      setError(wordsFor(failure));
      setBusy(false);
      field.current?.focus();
    }
  };

  return html`<main class="gate">
    <form class="gate-form" onSubmit=${submit}>
      <p class="brand"><${Mark} />Dragoman</p>
      <h1>${title}</h1>
      <label>Login<input class="field" name="login" autocomplete="username" autocapitalize="none" required ref=${field} /></label>
      <label>Password<input class="field" name="password" type="password" autocomplete="current-password" required /></label>
      <p class="problem" role="alert">${error}</p>
      <button class="button primary" disabled=${busy}>Log in</button>
    </form>
  </main>`;
}

function wordsFor(failure) {
  if (failure.status === 401) return "Login or password is not right.";
  if (failure.status === 429) return "Too many attempts. Please wait a minute.";
  return failure.status === 0 ? "The gateway does not answer. Is it running?" : failure.message || "That did not work.";
}

/** The sign of the product: two speech bubbles that meet. */
export function Mark({ size = 24 }) {
  return html`<svg class="mark" viewBox="0 0 24 24" width=${size} height=${size} aria-hidden="true">
    <path class="mark-a" d="M2 6.500C2 4.600 3.600 3 5.500 3h7C14.400 3 16 4.600 16 6.500v3c0 1.900-1.600 3.500-3.500 3.500H7.500L4 15.800V12.700C2.800 12.100 2 10.900 2 9.500z" />
    <path class="mark-b" d="M22 12.500c0-1.900-1.600-3.500-3.500-3.500H18v.800c0 3.100-2.400 5.500-5.500 5.500H8.100c.300 1.600 1.700 2.700 3.400 2.700h5l3.500 2.800v-3.100c1.200-.600 2-1.800 2-3.200z" />
  </svg>`;
}
