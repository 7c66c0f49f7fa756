/** Small choices that this browser remembers, each page's under its own name: "desk:view". */
import { useState } from "../shared/html.js";

export function useSetting(name, otherwise) {
  const key = `dragoman:${name}`;
  const [value, setValue] = useState(() => {
    try {
      return JSON.parse(localStorage.getItem(key)) ?? otherwise;
    } catch {
      return otherwise;
    }
  });
  const change = (next) => {
    setValue(next);
    try {
      localStorage.setItem(key, JSON.stringify(next));
    } catch {
      // then it holds for this page only
    }
  };
  return [value, change];
}
