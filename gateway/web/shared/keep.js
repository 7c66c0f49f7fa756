/**
 * What must outlive a reload: the visitor's token, her language, the messages that are not stored yet, and what is
 * written but not sent. Each message has a key of its own, so that two tabs never overwrite each other.
 */
import { parsed } from "./storage.js";

const DRAFTS_KEPT_MS = 30 * 86_400_000;

/** @param {ReturnType<import("./storage.js").pageStorage>} storage @param {string} space first part of every key */
export function makeKeep(storage, space) {
  const tokenKey = `${space}:token`;
  const conversationKey = `${space}:conversation`;
  const unaskedKey = `${space}:unasked`;
  const languageKey = `${space}:language`;
  const outPrefix = `${space}:out:`;
  const draftPrefix = `${space}:draft:`;
  const draftKey = (conversation) => draftPrefix + conversation;
  const below = (prefix) =>
    storage
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key) => ({ key, content: parsed(storage.get(key)) }));

  return {
    conversationKey,
    draftKey,
    token: () => storage.get(tokenKey),
    /** The conversation that the token belongs to: tells tabs apart that hold another one. */
    conversation: () => storage.get(conversationKey),
    setToken(token, conversation) {
      storage.set(tokenKey, token);
      storage.set(conversationKey, conversation);
    },
    forgetToken() {
      storage.remove(tokenKey);
      storage.remove(conversationKey);
    },
    /** The conversation in which she did not want to be asked for her language. */
    unasked: () => storage.get(unaskedKey),
    setUnasked: (conversation) => storage.set(unaskedKey, conversation),
    /** The language that was found in a conversation: tells the next one what to expect. */
    setLanguage: (language, conversation) => storage.set(languageKey, JSON.stringify({ language, conversation })),
    /** The language of the last conversation before `conversation`, or null. */
    earlierLanguage(conversation) {
      const kept = parsed(storage.get(languageKey));
      return kept && kept.conversation !== conversation ? kept.language : null;
    },
    put: ({ id, conversation, text, ts }) => storage.set(outPrefix + id, JSON.stringify({ conversation, text, ts })),
    remove: (id) => storage.remove(outPrefix + id),
    /** @returns {Object[]} kept messages in the order of writing */
    outbox: () =>
      below(outPrefix)
        .filter(({ content }) => content)
        .map(({ key, content }) => ({ id: key.slice(outPrefix.length), ...content }))
        .sort((a, b) => (a.id < b.id ? -1 : 1)),
    /** What is written in a conversation and not sent; "" stands for a conversation that has not begun. */
    draft: (conversation) => parsed(storage.get(draftKey(conversation)))?.text ?? "",
    setDraft(conversation, text) {
      if (text) storage.set(draftKey(conversation), JSON.stringify({ text, ts: Date.now() }));
      else storage.remove(draftKey(conversation));
    },
    /** Drafts that nobody went on with for long: their conversations may be gone, and they hold what people wrote. */
    forgetOldDrafts() {
      const oldest = Date.now() - DRAFTS_KEPT_MS;
      for (const { key, content } of below(draftPrefix)) if (!(content?.ts > oldest)) storage.remove(key);
    },
  };
}

let last = 0;

/** A message id: unique, and later ones sort after earlier ones. */
export function newMessageId() {
  last = Math.max(Date.now(), last + 1);
  const random = crypto.getRandomValues(new Uint32Array(2));
  return `${last.toString(36).padStart(9, "0")}-${random[0].toString(36)}${random[1].toString(36)}`;
}
