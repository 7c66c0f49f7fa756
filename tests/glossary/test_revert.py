"""Changes taken back: one, some terms of one, everything since a version; on a real store."""

from __future__ import annotations

import pytest

from glossary import revert
from glossary.repository import Repository
from glossary.term import Term, Wording
from store.connect import Store


def pair(en: str, pt: str) -> Term:
    return Term(en, {"en": Wording(en), "pt": Wording(pt)})


@pytest.fixture
def repository(store: Store, prefix: str) -> Repository:
    return Repository(store.client, prefix)


async def texts(repository: Repository) -> dict[str, str]:
    return {term.id: term.wordings["pt"].text for term in await repository.list()}


async def test_every_kind_of_change_can_be_undone_and_the_undoing_too(repository: Repository) -> None:
    await repository.add(pair("order", "pedido"), "ana")
    await repository.change(pair("order", "encomenda"), "ana")
    await repository.delete("order", "ana")
    steps = [(3, {"order": "encomenda"}), (4, {}), (5, {"order": "encomenda"})]
    for version, expected in steps:
        done = await revert.undo(repository, version, "bea")
        assert (done.version, done.total) == (version + 1, 1)
        assert await texts(repository) == expected
    [entry] = await repository.log.history(most=1)
    assert (entry.who, entry.about) == ("bea", "undo 5")


async def test_what_was_changed_again_is_left_alone_unless_forced(repository: Repository) -> None:
    await repository.put_many([pair("order", "pedido"), pair("box", "caixa")], "ana")
    await repository.change(pair("order", "encomenda"), "bea")
    with pytest.raises(revert.ChangedSince) as caught:
        await revert.undo(repository, 1, "ana")
    assert caught.value.ids == ["order"]
    assert await repository.version() == 2
    await revert.undo(repository, 1, "ana", only=["box"])
    assert await texts(repository) == {"order": "encomenda"}
    await revert.undo(repository, 1, "ana", force=True)
    assert await texts(repository) == {}


async def test_there_is_nothing_before_the_first_version_and_after_the_last(repository: Repository) -> None:
    for version in (0, 1, -1):
        with pytest.raises(revert.NoSuchVersion):
            await revert.undo(repository, version, "ana")
    for version in (-1, 1):
        with pytest.raises(revert.NoSuchVersion):
            await revert.restore(repository, version, "ana")


@pytest.mark.parametrize("many", [3, 450])
async def test_the_whole_glossary_goes_back_to_any_version(repository: Repository, many: int) -> None:
    states = [{}]
    await repository.add(pair("order", "pedido"), "ana")
    states.append(await texts(repository))
    await repository.put_many([pair(f"w{n}", "a") for n in range(many)], "ana")
    states.append(await texts(repository))
    await repository.put_many([pair(f"w{n}", "b") for n in range(0, many, 2)], "ana", delete=["order", "w1"])
    states.append(await texts(repository))
    await repository.add(pair("order", "encomenda"), "ana")
    states.append(await texts(repository))
    for version in (2, 3, 0, 4, 1):
        before = await repository.version()
        planned = await revert.restore(repository, version, "bea", preview=True)
        assert await repository.version() == before
        done = await revert.restore(repository, version, "bea")
        assert (done.adds, done.changes, done.deletes) == (planned.adds, planned.changes, planned.deletes)
        assert await texts(repository) == states[version]
    assert (await revert.restore(repository, await repository.version(), "bea")).total == 0


async def test_the_history_of_one_term_finds_it_in_large_changes(repository: Repository) -> None:
    await repository.put_many([pair(f"w{n}", "a") for n in range(450)], "ana", about="import")
    await repository.change(pair("w7", "b"), "bea")
    await repository.change(pair("w77", "b"), "bea")
    entries = await repository.log.of_term("w7")
    assert [(entry.version, entry.who, entry.about, entry.count) for entry in entries] == [
        (2, "bea", "", 1), (1, "ana", "import", 450),
    ]  # fmt: skip
    assert [len(entry.changes) for entry in entries] == [1, 1]
    assert [entry.version for entry in await repository.log.of_term("w7", before=2)] == [1]
    assert await repository.log.of_term("none") == []
    [shown] = await repository.log.history(most=1, before=2, shown=5)
    assert (shown.count, len(shown.changes)) == (450, 5)
