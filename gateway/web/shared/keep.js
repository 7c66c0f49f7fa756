/**
 * What must outlive a reload: the visitor's token, her language, and the messages that are not stored yet. Each message has a key
 * of its own, so that two tabs never overwrite each other. Works without storage (private windows): then nothing
 * outlives the page.
 */

/** @param {Storage|null} storage @param {string} space first part of every key */
export function makeKeep(storage, space) {
  const tokenKey = `${space}:token`;
  const conversationKey = `${space}:conversation`;
  const unaskedKey = `${space}:unasked`;
  const languageKey = `${space}:language`;
  const outPrefix = `${space}:out:`;

  const attempt = (action, otherwise) => {
    try {
      return storage ? action(storage) : otherwise;
    } catch {
      return otherwise; // blocked or full
    }
  };

  return {
    conversationKey,
    token: () => attempt((s) => s.getItem(tokenKey), null),
    /** The conversation that the token belongs to: tells tabs apart that hold another one. */
    conversation: () => attempt((s) => s.getItem(conversationKey), null),
    setToken: (token, conversation) =>
      attempt((s) => {
        s.setItem(tokenKey, token);
        s.setItem(conversationKey, conversation);
      }, undefined),
    forgetToken: () =>
      attempt((s) => {
        s.removeItem(tokenKey);
        s.removeItem(conversationKey);
      }, undefined),
    /** The conversation in which she did not want to be asked for her language. */
    unasked: () => attempt((s) => s.getItem(unaskedKey), null),
    setUnasked: (conversation) => attempt((s) => s.setItem(unaskedKey, conversation), undefined),
    /** The language that was found in a conversation: tells the next one what to expect. */
    setLanguage: (language, conversation) =>
      attempt((s) => s.setItem(languageKey, JSON.stringify({ language, conversation })), undefined),
    /** The language of the last conversation before `conversation`, or null. */
    earlierLanguage: (conversation) =>
      attempt((s) => {
        const kept = JSON.parse(s.getItem(languageKey));
        return kept && kept.conversation !== conversation ? kept.language : null;
      }, null),
    put: (message) =>
      attempt(
        (s) =>
          s.setItem(
            outPrefix + message.id,
            JSON.stringify({ conversation: message.conversation, text: message.text, ts: message.ts }),
          ),
        undefined,
      ),
    remove: (id) => attempt((s) => s.removeItem(outPrefix + id), undefined),
    /** @returns {Object[]} kept messages in the order of writing */
    outbox: () =>
      attempt((s) => {
        const found = [];
        for (let i = 0; i < s.length; i += 1) {
          const key = s.key(i);
          if (!key?.startsWith(outPrefix)) continue;
          try {
            found.push({ id: key.slice(outPrefix.length), ...JSON.parse(s.getItem(key)) });
          } catch {
            // not ours
          }
        }
        return found.sort((a, b) => (a.id < b.id ? -1 : 1));
      }, []),
  };
}

let last = 0;

/** A message id: unique, and later ones sort after earlier ones. */
export function newMessageId() {
  last = Math.max(Date.now(), last + 1);
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `${last.toString(36).padStart(9, "0")}-${random[0].toString(36)}${random[1].toString(36)}`;
}
