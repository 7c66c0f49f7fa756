/** How often a term was met in messages, what became of it, and where. */
import { html, useEffect, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { timeWords } from "../shared/locale.js";
import { troubleWords, useWords } from "./words.js";

const times = timeWords("en-GB");

export function Usage({ id }) {
  const [found, setFound] = useState(null);
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    api("GET", `glossary/terms/${encodeURIComponent(id)}/use`).then(setFound, (error) => setTrouble(troubleWords(error)));
  }, [id]);
  if (trouble) return html`<p class="note danger" role="alert">${trouble}</p>`;
  if (!found) return html`<p class="quiet" aria-busy="true"> </p>`;

  const { use, messages } = found;
  const figure = (label, value, bad) => html`<div class=${bad ? "bad" : ""}><dt>${label}</dt><dd>${value.toLocaleString("en")}</dd></div>`;
  return html`<div class="usage">
    <dl class="figures">
      ${figure("Met in messages", use.used)}${figure("Put in its place", use.applied)}${figure("Said by itself", use.already)}${figure("Missed", use.missed, use.missed > 0)}
    </dl>
    <p class="quiet">${use.last_seen ? `Last seen ${times.full(use.last_seen)}.` : "No message had it yet."}</p>
    ${messages.length > 0 && html`<h3>Latest messages</h3>
      <ul class="message-links">${messages.map((each) => html`<li key=${`${each.conversation} ${each.seq}`}>
        <a href=${`../desk/#${encodeURIComponent(each.conversation)}/${each.seq}`}>${times.day(each.when)}, ${times.clock(each.when)}</a>
        <span class=${each.status === "missed" ? "miss" : "quiet"}>${useWords(each)}</span></li>`)}</ul>`}
  </div>`;
}
