"""Terms that hold in a part of the shop: from the page to the translation, and back to who asked there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from glossary.matcher import Matcher
from glossary.term import Term, Wording
from store.append import Append, Update
from store.connect import Store
from tests.translation.crews import Chat, Pipeline, crew_on
from translation.pipeline import Done
from translation.pipeline import Pipeline as Real
from translation.request import Request

HOSE = Term("hose", {"en": Wording("hose"), "pt": Wording("mangueira")})
GARDEN = Term("garden", {"en": Wording("hose"), "pt": Wording("mangueirinha")}, scope=("line:garden",))
ELSEWHERE = Term("pool", {"en": Wording("hose"), "pt": Wording("tubo")}, scope=("line:pool",))


@pytest.mark.parametrize(
    ("scope", "expected"),
    [((), "mangueira"), (("line:garden", "channel:web"), "mangueirinha"), (("line:shoes",), "mangueira")],
)
def test_a_term_goes_before_one_for_the_whole_shop_where_it_holds(
    fake: Callable[..., Any], scope: tuple[str, ...], expected: str
) -> None:
    engines = fake(links=True).engines
    pipeline = Real(engines, lambda: Matcher([HOSE, GARDEN, ELSEWHERE], 3))
    [done] = pipeline.translate([Request("hose", "en", "pt", scope=frozenset(scope))])
    assert isinstance(done, Done)
    assert [use.target for use in done.receipt.terms] == [expected]
    assert done.receipt.glossary_version == 3


async def test_what_the_page_says_holds_for_her_message_and_for_the_answer(
    store: Store, chat: Chat, pipeline: Pipeline
) -> None:
    async with crew_on(store, pipeline):
        await chat.outcome("c", await chat.say("c", "olá @pt", scope=("line:garden",)))
        await chat.writer.append(Append("c", updates=(Update("set", "scope", "line:garden\nchannel:web"),)))
        await chat.outcome("c", await chat.say("c", "Hello", "agent", source="en"))
        await chat.outcome("d", await chat.say("d", "olá @pt"))
    scopes = [request.scope for batch in pipeline.batches for request in batch]
    assert scopes == [{"line:garden"}, {"line:garden", "channel:web"}, set()]
