/** Terms that agents' corrections speak for: take one as it is, change it first, or say no. */
import { html, useEffect, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { draftOf } from "./draft.js";
import { conflictWords, counted, troubleWords } from "./words.js";

const AGAIN_MS = 300; // between requests while corrections wait to be looked at

export function Candidates({ names, languages, stamp, onOpen, onChanged, tell }) {
  const [found, setFound] = useState(null); // {candidates, waiting}
  const [trouble, setTrouble] = useState("");
  useEffect(() => {
    let timer = 0;
    let last = Infinity;
    const load = () =>
      api("GET", "glossary/candidates").then(
        (answer) => {
          setFound(answer);
          setTrouble("");
          // No fewer than before: nobody answers, and asking again would not help.
          if (answer.waiting > 0 && answer.waiting < last) timer = setTimeout(load, AGAIN_MS);
          last = answer.waiting;
        },
        (error) => setTrouble(troubleWords(error)),
      );
    load();
    return () => clearTimeout(timer);
  }, [stamp]);

  const gone = (key) => setFound((held) => ({ ...held, candidates: held.candidates.filter((each) => each.key !== key) }));
  const accept = async (candidate) => {
    await api("POST", "glossary/terms", { texts: candidate.texts });
    gone(candidate.key);
    tell("Added. The next message uses it.");
    onChanged();
  };
  const refuse = async (candidate) => {
    await api("POST", "glossary/candidates/refuse", { key: candidate.key });
    gone(candidate.key);
    tell("It won’t be offered again.");
  };
  const change = (candidate) =>
    onOpen({
      blank: true, from: "proposals", key: candidate.key, title: "Change and add", sendLabel: "Add",
      draft: { ...draftOf({ wordings: Object.fromEntries(Object.entries(candidate.texts).map(([tag, text]) => [tag, { text }])) }, languages), id: null },
      send: async (form) => {
        await api("POST", "glossary/terms", form);
        await api("POST", "glossary/candidates/refuse", { key: candidate.key });
        gone(candidate.key);
        tell("Added. The next message uses it.");
        onChanged();
      },
    });
  if (!trouble && !found?.candidates.length && !found?.waiting) return null;
  return html`<section class="candidates" aria-labelledby="candidates-title">
    <h2 id="candidates-title">From corrections</h2>
    <p class="quiet">Agents put these words in place of what was said. Should they be terms?</p>
    ${trouble && html`<p class="note danger" role="alert">${trouble}</p>`}
    ${found?.waiting > 0 && html`<p class="quiet" role="status">${counted(found.waiting, "correction")} not looked at yet.</p>`}
    <ul class="proposals">${found?.candidates.map((each) => html`<${Candidate} key=${each.key} candidate=${each} names=${names} onAccept=${accept} onChange=${() => change(each)} onRefuse=${refuse} />`)}</ul>
  </section>`;
}

function Candidate({ candidate, names, onAccept, onChange, onRefuse }) {
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const act = (work) => async () => {
    setBusy(true);
    try {
      await work(candidate);
    } catch (error) {
      setTrouble(troubleWords(error));
      setBusy(false);
    }
  };
  const contradicts = candidate.warnings.length > 0;
  return html`<li class="proposal">
    <dl class="proposal-texts">${Object.entries(candidate.texts).map(([tag, text]) => html`<div key=${tag}><dt>${names(tag)}</dt><dd dir="auto" lang=${tag}>${text}</dd></div>`)}</dl>
    <p class="quiet">Instead of ${candidate.instead.map((text, i) => html`${i > 0 && ", "}<bdi lang=${candidate.target}>${text}</bdi>`)}, in ${counted(candidate.count, "message")}${candidate.messages.map(({ conversation, seq }, i) =>
      html`${i ? ", " : ": "}<a href=${`../desk/#${encodeURIComponent(conversation)}/${seq}`}>${i ? i + 1 : "show the message"}</a>`)}</p>
    ${candidate.warnings.map((each) => html`<p class="note warn" key=${each.other}><span>${conflictWords(each, names)}</span></p>`)}
    <p class="problem" role="alert">${trouble}</p>
    <div class="panel-buttons">
      <button type="button" class="button primary" disabled=${busy || contradicts} onClick=${act(onAccept)}>Accept</button>
      <button type="button" class="button" disabled=${busy} onClick=${onChange}>Change</button>
      <button type="button" class="button" disabled=${busy} onClick=${act(onRefuse)}>Refuse</button>
    </div>
  </li>`;
}
