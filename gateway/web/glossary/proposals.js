/** What agents proposed: take it as it is, change it first, or refuse it. */
import { html, useEffect, useState } from "../shared/html.js";
import { api } from "../shared/api.js";
import { timeWords } from "../shared/locale.js";
import { Candidates } from "./candidates.js";
import { draftOf } from "./draft.js";
import { troubleWords } from "./words.js";

const times = timeWords("en-GB");
const STATES = { open: "Open", accepted: "Accepted", refused: "Refused", all: "All" };

export function Proposals({ editor, names, languages, stamp, onOpen, onChanged, tell }) {
  const [state, setState] = useState(editor ? "open" : "all");
  const [found, setFound] = useState(null);
  const [trouble, setTrouble] = useState("");
  const load = () => api("GET", `glossary/proposals?state=${state}`).then((answer) => (setFound(answer.proposals), setTrouble("")), (error) => setTrouble(troubleWords(error)));
  useEffect(() => void load(), [state, stamp]);

  const decide = async (proposal, what, body = {}) => {
    const decided = await api("POST", `glossary/proposals/${encodeURIComponent(proposal.id)}/${what}`, body);
    setFound((held) => held.filter((each) => state === "all" || each.id !== proposal.id).map((each) => (each.id === proposal.id ? decided : each)));
    tell(what === "accept" ? "Accepted. The next message uses it." : "Refused.");
    onChanged();
  };
  const change = (proposal) =>
    onOpen({
      blank: true, from: "proposals", key: proposal.id, title: "Change and accept", sendLabel: "Accept",
      draft: { ...draftOf(formTerm(proposal), languages), id: proposal.term.id ?? null },
      lead: proposal.comment && html`<p class="note"><span><bdi>${proposal.by}</bdi>: ${proposal.comment}</span></p>`,
      send: (form) => decide(proposal, "accept", { term: form }),
    });
  return html`<section class="inbox" aria-label="Proposals">
    <div class="tabs" role="group" aria-label="Show">${Object.entries(STATES).map(([key, words]) => html`<button type="button" key=${key} aria-pressed=${state === key ? "true" : "false"}
      onClick=${() => setState(key)}>${words}</button>`)}</div>
    ${trouble && html`<p class="note danger" role="alert">${trouble}</p>`}
    ${found?.length === 0 && html`<div class="none"><p>${state === "open" ? "No proposals to decide on." : "Nothing here."}</p><p>Agents propose terms at the desk: they select words in a message and choose “Propose term”.</p></div>`}
    <ul class="proposals">${found?.map((each) => html`<${Proposal} key=${each.id} proposal=${each} editor=${editor} names=${names} onDecide=${decide} onChange=${() => change(each)} />`)}</ul>
    ${editor && state === "open" && found && html`<${Candidates} names=${names} languages=${languages} stamp=${stamp} onOpen=${onOpen} onChanged=${onChanged} tell=${tell} />`}
  </section>`;
}

function Proposal({ proposal, editor, names, onDecide, onChange }) {
  const [refusing, setRefusing] = useState(false);
  const [answer, setAnswer] = useState("");
  const [trouble, setTrouble] = useState("");
  const [busy, setBusy] = useState(false);
  const act = async (what, body) => {
    setBusy(true);
    try {
      await onDecide(proposal, what, body);
    } catch (error) {
      setTrouble(error.code === "decided" ? "Somebody has decided on this already." : troubleWords(error));
      setBusy(false);
    }
  };
  const texts = Object.entries(proposal.texts);
  return html`<li class="proposal">
    <dl class="proposal-texts">${texts.map(([tag, text]) => html`<div key=${tag}><dt>${names(tag)}</dt><dd dir="auto" lang=${tag}>${text}</dd></div>`)}</dl>
    ${proposal.term.id && html`<p class="quiet">Changes a term that is there.</p>`}
    ${proposal.comment && html`<p dir="auto">${proposal.comment}</p>`}
    <p class="quiet">${proposal.by}, ${times.day(proposal.when).toLowerCase()}, ${times.clock(proposal.when)}${proposal.conversation &&
      html`, <a href=${`../desk/#${encodeURIComponent(proposal.conversation)}${proposal.seq ? `/${proposal.seq}` : ""}`}>show the message</a>`}</p>
    ${proposal.state !== "open" && html`<p><span class=${`tag ${proposal.state === "refused" ? "retired" : ""}`}>${STATES[proposal.state]}</span>
      <span class="quiet">by ${proposal.decided_by}${proposal.answer && `: ${proposal.answer}`}</span></p>`}
    <p class="problem" role="alert">${trouble}</p>
    ${editor && proposal.state === "open" && (refusing
      ? html`<form class="refuse" onSubmit=${(e) => (e.preventDefault(), act("refuse", { answer: answer.trim() }))}>
          <input class="field" aria-label="Why not" placeholder="Why not? (may stay empty)" ref=${(e) => e && !answer && e.focus()} value=${answer} onInput=${(e) => setAnswer(e.currentTarget.value)}
            onKeyDown=${(e) => e.key === "Escape" && (e.preventDefault(), e.stopPropagation(), setRefusing(false))} />
          <button class="button" disabled=${busy}>Refuse</button><button type="button" class="button" onClick=${() => setRefusing(false)}>Cancel</button></form>`
      : html`<div class="panel-buttons">
          <button type="button" class="button primary" disabled=${busy || (texts.length < 2 && proposal.term.kind !== "do-not-translate")} onClick=${() => act("accept")}>Accept</button>
          <button type="button" class="button" disabled=${busy} onClick=${onChange}>Change</button>
          <button type="button" class="button" disabled=${busy} onClick=${() => setRefusing(true)}>Refuse</button></div>`)}
  </li>`;
}

/** The proposed form as a term: short texts as wordings. */
function formTerm({ term, texts }) {
  const wordings = { ...Object.fromEntries(Object.entries(texts).map(([tag, text]) => [tag, { text }])), ...term.wordings };
  return { ...term, wordings, rules: term.rules ?? {}, scope: term.scope ?? [] };
}
