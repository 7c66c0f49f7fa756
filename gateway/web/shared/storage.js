/**
 * The browser's storage as far as it goes: what it does not take (private windows, blocked, full) holds for as long as
 * the page lives. Never throws.
 */

/** @param {() => Storage} find a browser that forbids storage throws already when it is named */
function makeStorage(find) {
  const untaken = new Map();
  const attempt = (action, otherwise) => {
    try {
      return action(find());
    } catch {
      return otherwise;
    }
  };
  return {
    /** @returns {string|null} */
    get: (key) => untaken.get(key) ?? attempt((s) => s.getItem(key), null),
    set(key, value) {
      const taken = attempt((s) => (s.setItem(key, value), true), false);
      if (taken) untaken.delete(key);
      else untaken.set(key, value);
    },
    remove(key) {
      untaken.delete(key);
      attempt((s) => s.removeItem(key));
    },
    /** @returns {string[]} */
    keys: () => [...new Set([...attempt((s) => Object.keys(s), []), ...untaken.keys()])],
  };
}

let ofPage = null;

export function pageStorage() {
  ofPage ??= makeStorage(() => localStorage);
  return ofPage;
}

/** @returns {any} what a kept JSON text holds, null if there is none or it is not ours */
export function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
