/** Small choices that this browser remembers, each page's under its own name: "desk:view". */
import { useState } from "./html.js";
import { pageStorage, parsed } from "./storage.js";

export function useSetting(name, otherwise) {
  const key = `dragoman:${name}`;
  const [value, setValue] = useState(() => parsed(pageStorage().get(key)) ?? otherwise);
  const change = (next) => {
    setValue(next);
    pageStorage().set(key, JSON.stringify(next));
  };
  return [value, change];
}
