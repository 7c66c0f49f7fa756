/** A sentence with the glossary as it is and with the draft, beside each other; and what a draft would have changed. */
import { html, useEffect, useId, useRef, useState } from "../shared/html.js";
import { api, apiLines } from "../shared/api.js";
import { MarkedText } from "../desk/terms.js";
import { counted, troubleWords } from "./words.js";
import { Choice } from "./wording.js";

const LOOKED_AT = { 200: "200 messages", 500: "500 messages", 2000: "2,000 messages" };

/** `drafts`: terms as they would be; null: all terms whose status is draft. `example`: wordings to begin a sentence with. */
export function TryOut({ drafts, changed, names, languages, example, editor }) {
  const tags = languages.length ? languages : ["en", "pt"];
  const [source, setSource] = useState(tags.includes("en") ? "en" : tags[0]);
  const [target, setTarget] = useState(tags.find((tag) => tag !== source) ?? (source === "en" ? "pt" : "en"));
  const [text, setText] = useState("");
  const [said, setSaid] = useState(null); // {with, without, plain, of}
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState("");
  const own = [...new Set((drafts ?? []).flatMap((draft) => draft.scope ?? []))];
  const [scopes, setScopes] = useState([]);
  const [scope, setScope] = useState(null); // null: where the draft holds, "": the whole shop
  const id = useId();
  useEffect(() => {
    api("GET", "glossary/terms?limit=1").then((answer) => setScopes(answer.scopes), () => {});
  }, []);
  const parts = [...new Set([...own, ...scopes])];
  const chosen = scope !== null && (scope === "" || parts.includes(scope)) ? scope : (own[0] ?? "");
  const options = Object.fromEntries([...new Set([...tags, source, target, "en", "pt"])].map((tag) => [tag, names(tag)]));

  const tryIt = async (event) => {
    event?.preventDefault();
    if (!text.trim()) return;
    setBusy(true);
    setTrouble("");
    try {
      setSaid({ ...(await api("POST", "glossary/try", { text: text.trim(), source, target, scope: chosen ? [chosen] : [], ...(drafts && { drafts }) })), target });
    } catch (error) {
      setTrouble(troubleWords(error));
    } finally {
      setBusy(false);
    }
  };
  return html`<div class="try">
    <form class="try-form" onSubmit=${tryIt}>
      <div class="pair">
        <${Choice} label="From" options=${options} value=${source} onChange=${(v) => (setSource(v), v === target && setTarget(source))} />
        <${Choice} label="To" options=${options} value=${target} onChange=${(v) => (setTarget(v), v === source && setSource(target))} />
      </div>
      ${parts.length > 0 && html`<${Choice} label="Said in" options=${{ "": "The whole shop", ...Object.fromEntries(parts.map((name) => [name, name])) }} value=${chosen} onChange=${setScope} />`}
      <label class="label" for=${id}>A sentence</label>
      <textarea id=${id} class="field" rows="2" maxlength="500" dir="auto" lang=${source} value=${text} placeholder=${example?.[source] ? `with “${example[source].text}” in it` : ""}
        onInput=${(e) => setText(e.currentTarget.value)} onKeyDown=${(e) => e.key === "Enter" && !e.shiftKey && !e.isComposing && (e.stopPropagation(), void tryIt(e))}></textarea>
      <button class="button" disabled=${busy || !text.trim()}>${busy ? "Translating…" : "Try it"}</button>
    </form>
    <p class="problem" role="alert">${trouble}</p>
    <div class="try-pair" aria-live="polite">
      ${said && html`<${Said} title=${drafts ? "As it is now" : "Approved terms only"} said=${said.without} language=${said.target} />
        <${Said} title=${drafts ? (changed ? "With your draft" : "With this term") : "With all drafts"} said=${said.with} other=${said.without} language=${said.target} />`}
    </div>
    ${editor && drafts && html`<${DryRun} drafts=${drafts} names=${names} />`}
  </div>`;
}

function Said({ title, said, other, language }) {
  const same = other && said.text === other.text;
  return html`<section class="said" aria-label=${title}>
    <h3>${title}${same && html`<span class="quiet">, the same</span>`}</h3>
    ${said.text
      ? html`<${MarkedText} text=${said.text} terms=${said.terms} side="target_span" language=${language} />`
      : html`<p class="quiet">${said.status === "same" ? "Nothing to translate." : said.status === "unavailable" ? "No model for these languages is installed." : "The translation did not work."}</p>`}
    ${(said.terms ?? []).filter((use) => use.status === "missed").map((use) => html`<p class="note warn" key=${use.term + use.source}><span>Not used: <bdi>${use.source}</bdi> → <bdi>${use.target}</bdi></span></p>`)}
  </section>`;
}

function DryRun({ drafts, names }) {
  const [count, setCount] = useState("500");
  const [run, setRun] = useState(null); // {looked, matching, done, total, changed: [], over}
  const [trouble, setTrouble] = useState("");
  const stopper = useRef(null);
  useEffect(() => () => stopper.current?.abort(), []);

  const start = async () => {
    stopper.current?.abort();
    const mine = new AbortController();
    stopper.current = mine;
    setTrouble("");
    setRun({ done: 0, total: null, changed: [] });
    try {
      for await (const line of apiLines("POST", "glossary/dry-run", { drafts, messages: Number(count) }, { signal: mine.signal })) {
        if (line.step === "found") setRun((held) => ({ ...held, looked: line.looked_at, matching: line.matching, total: line.total }));
        else if (line.step === "message") setRun((held) => ({ ...held, done: line.done, total: line.total, changed: line.changed ? [...held.changed, line] : held.changed }));
        else setRun((held) => ({ ...held, over: true }));
      }
    } catch (error) {
      if (error.name === "AbortError") setRun((held) => held && { ...held, over: true, stopped: true });
      else setTrouble(troubleWords(error));
    }
  };
  const running = run && !run.over && !trouble;
  return html`<section class="dry" aria-labelledby="dry-title">
    <h3 id="dry-title">What would change</h3>
    <p class="quiet">Translates the latest messages again, with and without this term. Nothing is stored and nobody sees it.</p>
    <div class="dry-form">
      <${Choice} label="Look at the last" hush options=${LOOKED_AT} value=${count} onChange=${setCount} />
      ${running ? html`<button type="button" class="button" onClick=${() => stopper.current.abort()}>Stop</button>` : html`<button type="button" class="button" onClick=${start}>Run</button>`}
    </div>
    ${run && html`<progress class="progress" aria-label="Messages translated" max=${run.total || 1} value=${run.over && !run.stopped ? run.total || 1 : run.done}></progress>
      <p role="status">${dryWords(run)}</p>
      <ul class="dry-list">${run.changed.map((line, i) => html`<li key=${i}>
        ${line.text !== null
          ? html`<p class="quiet" dir="auto" lang=${line.source}>${line.text}</p><p dir="auto" lang=${line.target}><del>${line.before}</del></p><p dir="auto" lang=${line.target}><ins>${line.after}</ins></p>`
          : html`<p class="quiet">${names(line.source)} to ${names(line.target)}</p><p><del>${line.said_before.join(", ") || "–"}</del> → <ins>${line.said_after.join(", ") || "–"}</ins></p>`}
        ${line.conversation && html`<a href=${`../desk/#${encodeURIComponent(line.conversation)}/${line.seq}`}>Show the message</a>`}
      </li>`)}</ul>`}
    <p class="problem" role="alert">${trouble}</p>
  </section>`;
}

function dryWords({ looked, matching, done, total, changed, over, stopped }) {
  if (looked === undefined) return "Looking…";
  if (!over) return `${counted(matching, "message")} with this term among ${looked.toLocaleString("en")}. ${done} of ${total} translated.`;
  if (!matching) return `None of the last ${looked.toLocaleString("en")} messages has this term.`;
  const tried = stopped ? done : total;
  const words = `${counted(changed.length, "translation")} of ${tried.toLocaleString("en")} would change`;
  return `${words}${tried < matching ? `; ${matching.toLocaleString("en")} messages have the term` : ""}.`;
}
