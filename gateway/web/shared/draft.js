/**
 * What somebody has written in a conversation and not sent yet. It waits with its conversation, outlives reloads and
 * closed tabs, and is the same in every tab that shows the conversation, so that it can't be sent from each of them.
 */
import { useEffect, useLayoutEffect, useState } from "./html.js";

/**
 * @param {ReturnType<import("./keep.js").makeKeep>} keep
 * @param {string} conversation
 * @param {{carried?: boolean}} [options] carried: the text goes along when the conversation becomes another one
 * @returns {[string, (text: string) => void]}
 */
export function useDraft(keep, conversation, { carried = false } = {}) {
  const [held, setHeld] = useState(() => ({ conversation, text: keep.draft(conversation) }));
  const here = held.conversation === conversation;
  const text = here ? held.text : (carried && held.text) || keep.draft(conversation);
  const write = (words) => {
    keep.setDraft(conversation, words);
    setHeld({ conversation, text: words });
  };

  // Before the next key can be pressed: what is written after the change must not be put back to what was before it.
  useLayoutEffect(() => {
    if (here) return;
    if (carried) {
      keep.setDraft(conversation, text);
      keep.setDraft(held.conversation, "");
    }
    setHeld({ conversation, text });
  }, [keep, conversation]);

  useEffect(() => {
    const renew = () => setHeld({ conversation, text: keep.draft(conversation) });
    const follow = (event) => event.key === keep.draftKey(conversation) && renew();
    addEventListener("storage", follow);
    addEventListener("pageshow", renew); // a page that was left and comes "back" has heard nothing meanwhile
    return () => {
      removeEventListener("storage", follow);
      removeEventListener("pageshow", renew);
    };
  }, [keep, conversation]);
  return [text, write];
}
