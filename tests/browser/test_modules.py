"""The pure modules of the pages, run in the browser that they are written for."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from fake_gateway import FakeGateway
from playwright.async_api import Browser, Page

pytestmark = pytest.mark.asyncio(loop_scope="session")

PLAY = """async ([batches]) => {
  const { emptyThread, withEvents } = await import("/web/shared/thread.js");
  let thread = emptyThread("c1");
  for (const batch of batches) thread = withEvents(thread, batch);
  return {
    upTo: thread.upTo, beyond: [...thread.beyond], early: thread.early.size, language: thread.language,
    messages: thread.messages.map((m) => [m.seq, m.text, m.outcomes.map((o) => o.text)]),
  };
}"""


@pytest_asyncio.fixture(loop_scope="session", scope="module")
async def blank(browser: Browser) -> AsyncIterator[Page]:
    """A page of the gateway's origin that does nothing by itself."""
    gateway = FakeGateway()
    await gateway.start()
    page = await browser.new_page()
    await page.goto(f"{gateway.url}/web/shared/mark.svg")
    yield page
    await page.close()
    await gateway.stop()


def talk(length: int) -> list[dict[str, Any]]:
    events: list[dict[str, Any]] = []
    for n in range(length):
        seq = 2 * n + 1
        role = "visitor" if n % 2 else "agent"
        events.append({"seq": seq, "ts": seq, "kind": "message", "id": f"m{n}", "role": role, "text": f"text {n}"})
        outcome = {"of": seq, "source": "pt", "target": "en", "status": "done", "text": f"translated {n}"}
        events.append({"seq": seq + 1, "ts": seq, "kind": "translation", **outcome})
    return events


async def test_events_in_any_order_and_any_number_of_times_make_the_same_thread(blank: Page) -> None:
    events = talk(12)
    events.append({"seq": 25, "ts": 9, "kind": "language", "language": "pt", "by": "detected"})
    expected = await blank.evaluate(PLAY, [[events]])
    assert expected["upTo"] == 25
    assert expected["language"] == "pt"
    assert expected["messages"][3] == [7, "text 3", ["translated 3"]]
    for seed in range(40):
        dice = random.Random(seed)
        mixed = events + dice.sample(events, 10)
        dice.shuffle(mixed)
        cuts = sorted(dice.sample(range(1, len(mixed)), 4))
        batches = [mixed[a:b] for a, b in zip([0, *cuts], [*cuts, len(mixed)], strict=True)]
        assert await blank.evaluate(PLAY, [batches]) == expected, seed


async def test_a_missing_event_leaves_a_gap_until_it_comes(blank: Page) -> None:
    events = talk(3)
    held = await blank.evaluate(PLAY, [[events[:2] + events[3:]]])
    assert (held["upTo"], held["beyond"], held["early"]) == (2, [4, 5, 6], 1)
    assert (await blank.evaluate(PLAY, [[events[:2] + events[3:], [events[2]]]]))["upTo"] == 6


async def test_messages_leave_one_by_one_in_each_conversation(blank: Page) -> None:
    due = await blank.evaluate(
        """async () => {
          const { initial, reduce, due } = await import("/web/shared/client.js");
          let state = initial("agent");
          const act = (action) => { state = reduce(state, action); return due(state, 1000).map((m) => m.id); };
          const write = (id, conversation) => act({ type: "write", message: { id, conversation, text: "x", ts: 1 } });
          const frame = (frame) => act({ type: "frame", frame, now: 1000 });
          const seen = [write("a1", "a"), write("a2", "a"), write("b1", "b")];
          seen.push(frame({ type: "welcome", you: { role: "agent" } }));
          seen.push(act({ type: "flying", id: "a1" }));
          seen.push(frame({ type: "ack", id: "a1", conversation: "a", seq: 1, ts: 1 }));
          seen.push(frame({ type: "error", code: "too_fast", id: "a2", retry_after: 3 }));
          seen.push(frame({ type: "error", code: "too_long", id: "b1" }));
          seen.push(act({ type: "phase", phase: "waiting" }));
          seen.push(frame({ type: "welcome", you: { role: "agent" } }));
          seen.push(frame({ type: "status", store: "down", translation: "ok" }));
          return seen;
        }"""
    )
    assert due == [[], [], [], ["a1", "b1"], ["b1"], ["a2", "b1"], ["b1"], [], [], ["a2"], []]


async def test_a_stored_message_is_not_kept_for_sending_though_its_ack_was_lost(blank: Page) -> None:
    outbox = await blank.evaluate(
        """async () => {
          const { initial, reduce } = await import("/web/shared/client.js");
          let state = initial("visitor");
          state = reduce(state, { type: "write", message: { id: "m1", text: "x", ts: 1 } });
          state = reduce(state, { type: "write", message: { id: "m2", text: "y", ts: 2 } });
          const event = { seq: 1, ts: 1, kind: "message", id: "m1", role: "visitor", text: "x" };
          const frame = { type: "history", conversation: "c", events: [event], more: false, marks: {}, language: null };
          state = reduce(state, { type: "frame", frame, now: 1 });
          return state.outbox.map((m) => m.id);
        }"""
    )
    assert outbox == ["m2"]


async def test_backoff_grows_stays_bounded_and_is_spread(blank: Page) -> None:
    low, high = await blank.evaluate(
        """async () => {
          const { backoff } = await import("/web/shared/connection.js");
          return [0, 1].map((dice) => [0, 1, 2, 3, 4, 5, 6, 20].map((n) => backoff(n, dice)));
        }"""
    )
    assert low == [half / 2 for half in high]
    assert high == sorted(high)
    assert high[-1] <= 15_000


PIECES = """async ([text, terms, side]) => {
  const { piecesOf } = await import("/web/desk/marked.js");
  return piecesOf(text, terms, side).map((p) => [p.text, p.term ? p.term.source : null]);
}"""


async def test_terms_are_marked_by_code_points(blank: Page) -> None:
    text = "😭👍 the order 🧡 is here"
    terms = [{"source": "is", "target_span": [15, 17]}, {"source": "pedido", "target_span": [7, 12]}]
    assert await blank.evaluate(PIECES, [text, terms, "target_span"]) == [
        ["😭👍 the ", None], ["order", "pedido"], [" 🧡 ", None], ["is", "is"], [" here", None],
    ]  # fmt: skip


async def test_marked_pieces_always_join_to_the_text(blank: Page) -> None:
    dice = random.Random(5)
    alphabet = "ab é😭👨‍👩‍👧مر\n"
    for _ in range(60):
        text = "".join(dice.choices(alphabet, k=dice.randrange(12)))
        spans = [[dice.randrange(-2, 15), dice.randrange(-2, 15)] for _ in range(dice.randrange(5))]
        terms = [{"source": "x", "source_span": span} for span in spans] + [{"source": "y"}]
        pieces = await blank.evaluate(PIECES, [text, terms, "source_span"])
        assert "".join(piece for piece, _ in pieces) == text, (text, spans)


async def test_every_language_has_all_the_words(blank: Page) -> None:
    dictionaries = await blank.evaluate(
        """async () => {
          const { KNOWN, wordsFor } = await import("/web/widget/words/index.js");
          const found = {};
          for (const language of KNOWN) {
            const { words } = await wordsFor(language);
            found[language] = Object.fromEntries(Object.entries(words).map(([key, value]) =>
              [key, typeof value === "function" ? value("Alex", "Beta") : value]));
          }
          return found;
        }"""
    )
    assert set(dictionaries) >= {"en", "pt", "es", "fr", "de", "it", "nl", "ko", "ar"}
    for language, words in dictionaries.items():
        assert set(words) == set(dictionaries["en"]), language
        assert all(words.values()), language
        same = [key for key in words if words[key] == dictionaries["en"][key]]
        assert language == "en" or set(same) <= {"original", "messages"}, (language, same)


@pytest.mark.parametrize(
    ("language", "source", "says"),
    [
        ("de", "en", "Aus dem Englischen übersetzt"),
        ("de", "hi", "Aus dem Hindi übersetzt"),
        ("fr", "en", "Traduit de l’anglais"),
        ("fr", "pt", "Traduit du portugais"),
        ("it", "es", "Tradotto dallo spagnolo"),
        ("it", "en", "Tradotto dall’inglese"),
        ("pt", "en", "Traduzido do inglês"),
    ],
)
async def test_names_of_languages_are_bent_as_the_language_wants(
    blank: Page, language: str, source: str, says: str
) -> None:
    said = await blank.evaluate(
        """async ([language, source]) => {
          const { wordsFor } = await import("/web/widget/words/index.js");
          const { languageNames } = await import("/web/shared/locale.js");
          return (await wordsFor(language)).words.translatedFrom(languageNames(language)(source));
        }""",
        [language, source],
    )
    assert said == says


async def test_the_list_shows_the_longest_wait_first_and_keeps_the_open_one(blank: Page) -> None:
    cards = [
        {"conversation": "a", "ts": 5, "last_seq": 1, "last_role": "visitor", "waiting_since": 300, "name": "Ana"},
        {"conversation": "b", "ts": 9, "last_seq": 1, "last_role": "agent", "last_text": "Sent today"},
        {"conversation": "c", "ts": 7, "last_seq": 1, "last_role": "visitor", "waiting_since": 100, "language": "pt"},
        {"conversation": "d", "ts": 8, "last_seq": 0, "waiting_since": 50},
    ]

    async def order(view: str, search: str = "", selected: str | None = None) -> list[str]:
        return await blank.evaluate(
            """async ([cards, view, search, selected]) => {
              const { visibleCards } = await import("/web/desk/queue.js");
              const names = (tag) => ({ pt: "Portuguese" })[tag] ?? tag;
              return visibleCards(cards, { view, search, selected, names }).map((c) => c.conversation);
            }""",
            [cards, view, search, selected],
        )

    assert await order("waiting") == ["c", "a"]
    assert await order("waiting", selected="b") == ["c", "a", "b"]
    assert await order("all") == ["b", "c", "a"]
    assert await order("all", search="portu") == ["c"]
    assert await order("all", search="ANA") == ["a"]
    assert await order("all", search="today") == ["b"]
