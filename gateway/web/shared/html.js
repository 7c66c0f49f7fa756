/** Preact and htm behind one import: `html` makes elements from template strings, without a build step. */
import { h, render, Component, Fragment, createRef } from "../vendor/preact.js";
import htm from "../vendor/htm.js";

export { render, Component, Fragment, createRef, h };
export {
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from "../vendor/preact-hooks.js";
export const html = htm.bind(h);
