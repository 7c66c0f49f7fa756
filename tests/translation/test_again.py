"""Which messages are translated once more after the visitor's language was set by hand."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from conversation import events
from conversation.events import Event, LanguageSet, Message, Translation
from translation.again import MOST_CHARACTERS, MOST_MESSAGES, Again, again
from translation.job import Job

WISH = Job("agent", "", source="pt", kind="retranslate", v=2)


def never(text: str, language: str, other: str, lead: float) -> bool:
    return False


def log(*what: Event) -> list[tuple[int, int, bytes]]:
    return [(seq, 0, events.encode(event)) for seq, event in enumerate(what, 1)]


def hers(text: str = "oi", translate: bool = True) -> Message:
    return Message("m", "visitor", text, translate=translate)


def outcome(of: int, source: str, target: str = "en", reason: str | None = None) -> Translation:
    return Translation(of, source, target, "failed" if reason else "done", reason=reason)


def numbers(found: list[Again]) -> list[int]:
    return [each.seq for each in found]


def test_only_what_was_taken_for_another_language() -> None:
    stored = log(hers(), outcome(1, "pt"), hers(), outcome(3, "es"), hers(), LanguageSet("pt", "agent"))
    found = again(WISH, 6, stored, never)
    assert [(each.seq, each.pending) for each in found] == [(3, False), (5, True)]
    assert found[0].job == Job("visitor", "oi", source="pt", revision=6)


def test_the_last_outcome_of_a_message_counts() -> None:
    stored = log(hers(), outcome(1, "es"), outcome(1, "pt"), LanguageSet("pt", "agent"))
    assert again(WISH, 4, stored, never) == []


def test_an_agents_messages_go_into_the_new_language() -> None:
    his = Message("a", "agent", "hello", language="en")
    stored = log(his, outcome(1, "en", "es"), his, outcome(3, "en", "pt-BR"), his, LanguageSet("pt", "visitor"))
    found = again(WISH, 6, stored, never)
    assert numbers(found) == [1, 5]
    assert {each.job for each in found} == {Job("agent", "hello", source="en", target="pt", revision=6)}


def test_what_came_after_or_asked_for_no_translation_or_killed_workers_stays() -> None:
    stored = log(
        hers(translate=False), hers(), outcome(2, "es", reason="worker-died"), LanguageSet("pt", "agent"), hers()
    )  # fmt: skip
    assert again(WISH, 4, stored, never) == []


def test_a_later_setting_by_a_person_makes_it_void_but_not_a_detected_one() -> None:
    before = (hers(), outcome(1, "es"), LanguageSet("pt", "agent"))
    assert again(WISH, 3, log(*before, LanguageSet("it", "visitor")), never) == []
    assert numbers(again(WISH, 3, log(*before, LanguageSet("it", "detected")), never)) == [1]


def test_what_is_beyond_doubt_in_the_other_language_stays() -> None:
    def beyond_doubt(text: str, language: str, other: str, lead: float) -> bool:
        return (text, language, other) == ("hola", "es", "pt")

    stored = log(hers("hola"), outcome(1, "es"), hers("oi"), outcome(3, "es"), LanguageSet("pt", "visitor"))
    assert numbers(again(WISH, 5, stored, beyond_doubt)) == [3]


def test_an_event_of_a_later_version_is_passed_over() -> None:
    stored = [*log(hers(), outcome(1, "es")), (3, 0, b'{"kind":"later"}')]
    assert numbers(again(WISH, 4, stored, never)) == [1]


def test_the_last_messages_up_to_a_bound() -> None:
    many = log(*[hers() for _ in range(80)])
    assert numbers(again(WISH, 99, many, never)) == list(range(80 - MOST_MESSAGES + 1, 81))
    long = log(*[hers("x" * (MOST_CHARACTERS // 3)) for _ in range(10)])
    assert numbers(again(WISH, 99, long, never)) == [8, 9, 10]


_LANGUAGES = st.sampled_from(["pt", "pt-BR", "es", "en", "und"])
_EVENTS = st.one_of(
    st.builds(
        Message, st.just("m"), st.sampled_from(["visitor", "agent"]), st.text(max_size=5), translate=st.booleans()
    ),
    st.builds(Translation, st.integers(0, 30), _LANGUAGES, _LANGUAGES, st.sampled_from(["done", "same", "failed"])),
    st.builds(LanguageSet, _LANGUAGES, st.sampled_from(["detected", "visitor", "agent"])),
)


@given(st.lists(_EVENTS, max_size=30), st.integers(1, 31))
def test_done_twice_it_finds_nothing_more(what: list[Event], at: int) -> None:
    """Each message once, and none again once the outcomes that it asked for are there."""
    stored = log(*what)
    found = again(WISH, at, stored, never)
    assert numbers(found) == sorted(set(numbers(found)))
    assert all(isinstance(what[each.seq - 1], Message) and each.seq < at for each in found)
    done = [outcome(each.seq, each.job.source or "", each.job.target or "en") for each in found]
    after = [*stored, *((len(stored) + n, 0, events.encode(event)) for n, event in enumerate(done, 1))]
    assert again(WISH, at, after, never) == []
