/** Answers given before that are almost what the agent is writing: offered above his field, never sent by themselves. */
import { html, useEffect, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { baseLanguage } from "../shared/locale.js";
import { lengthOf } from "../shared/hooks.js";

const PAUSE_MS = 300; // of his writing, before he is offered anything
const READING_MS = 1500; // until the gateway is asked again that is still reading the memory
const SHORTEST = 8; // characters: shorter texts are written faster than chosen
const LONGEST = 1000;

/**
 * @param {string} text what he is writing @param {string} source his language @param {string|null} target the visitor's
 * @returns {{source: string, text: string}[]} each with its translation, best first
 */
export function useUsedBefore(text, source, target) {
  const [found, setFound] = useState([]);
  const length = lengthOf(text.trim());
  const wanted = Boolean(target) && baseLanguage(source) !== baseLanguage(target) && length >= SHORTEST && length <= LONGEST;
  useEffect(() => {
    if (!wanted) return setFound([]);
    const stopper = new AbortController();
    let timer;
    const ask = async () => {
      try {
        const { near, ready } = await api("POST", "memory/near", { text, source, target }, { signal: stopper.signal });
        if (stopper.signal.aborted) return;
        setFound(near);
        if (!ready) timer = setTimeout(ask, READING_MS);
      } catch {
        if (!stopper.signal.aborted) setFound([]); // an offer that fails is no offer
      }
    };
    timer = setTimeout(ask, PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stopper.abort();
    };
  }, [wanted, text, source, target]);
  return wanted ? found : [];
}

/** `onPick`: gets the words for his field. `onLeave`: back to the field. */
export function UsedBefore({ found, source, target, onPick, onLeave }) {
  const onKeyDown = (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    event.stopPropagation();
    onLeave();
  };
  const told = found.length === 1 ? "One answer used before is offered" : `${found.length} answers used before are offered`;
  return html`
    <span class="hush" role="status">${found.length > 0 && `${told} before the text field.`}</span>
    ${found.length > 0 &&
    html`<div class="used" role="group" aria-label="Used before" onKeyDown=${onKeyDown}>
      <span class="used-title" aria-hidden="true">Used before</span>
      ${found.map((each) => html`<button type="button" key=${each.source} title="Put this into your answer" onClick=${() => onPick(each.source)}>
        <span dir="auto" lang=${source}>${each.source}</span><span class="used-translation" dir="auto" lang=${target}>${each.text}</span></button>`)}
    </div>`}
  `;
}
