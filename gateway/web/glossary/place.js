/** Which part of the page is shown and which term is open live in the address: reload and "back" keep them. */
import { useEffect, useState } from "../shared/html.js";

export const VIEWS = { terms: "Terms", proposals: "Proposals", history: "History", try: "Try out" };

/** @returns {{view: string, term: string|null}} from "#history" or "#terms/ID" */
export function placeOf(hash) {
  const [view, term] = hash.replace(/^#/, "").split("/");
  if (!(view in VIEWS)) return { view: "terms", term: null };
  return { view, term: view === "terms" && term ? decodeURIComponent(term) : null };
}

export function usePlace() {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  useEffect(() => {
    const follow = () => setPlace(placeOf(location.hash));
    addEventListener("popstate", follow);
    return () => removeEventListener("popstate", follow);
  }, []);
  const go = (next) => {
    const hash = next.term ? `#terms/${encodeURIComponent(next.term)}` : next.view === "terms" ? "" : `#${next.view}`;
    const moves = next.view !== placeOf(location.hash).view;
    history[moves ? "pushState" : "replaceState"](null, "", hash || location.pathname);
    setPlace(next);
  };
  return [place, go];
}
