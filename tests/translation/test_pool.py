"""Which of the waiting jobs go to the engine together."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from store.append import JobRef
from store.jobs import Claim
from translation.job import Job
from translation.outcome import Task
from translation.pool import LONG, PATIENCE, Pool


def task(number: int, source: str = "pt", target: str | None = "en", text: str = "olá", ends: bool = True) -> Task:
    claim = Claim(JobRef(0, f"{number}-0"), "c", number, 0, b"", 1)
    return Task(claim, 0.0, Job("visitor", text), source, target, ends=ends)


def numbers(tasks: list[Task]) -> list[int]:
    return [each.claim.seq for each in tasks]


def test_takes_the_direction_that_most_wait_for_in_their_order() -> None:
    pool = Pool()
    pool.add([task(1), task(2, "en", "pt"), task(3, "en", "pt"), task(4), task(5, "en", "pt")])
    assert numbers(pool.take(10)) == [2, 3, 5]
    assert numbers(pool.take(10)) == [1, 4]
    assert pool.take(10) == []


def test_takes_no_more_than_it_is_asked_for() -> None:
    pool = Pool()
    pool.add([task(n) for n in range(5)])
    assert numbers(pool.take(3)) == [0, 1, 2]
    assert len(pool) == 2


def test_the_oldest_is_passed_over_only_so_often() -> None:
    pool = Pool()
    pool.add([task(0, "de", "en")])
    for turn in range(PATIENCE):
        pool.add([task(10 * turn + 1), task(10 * turn + 2)])
        assert 0 not in numbers(pool.take(10))
    pool.add([task(100), task(101)])
    assert numbers(pool.take(10)) == [0]


def test_a_long_message_comes_last_and_alone() -> None:
    pool = Pool()
    long = "a" * (LONG + 1)
    pool.add([task(1, text=long), task(2, text=long), task(3)])
    assert [numbers(pool.take(10)) for _ in range(3)] == [[3], [1], [2]]


def test_what_needs_no_engine_goes_with_any() -> None:
    pool = Pool()
    pool.add([task(1), task(2, target=None), task(3, "en", "pt"), task(4)])
    assert numbers(pool.take(10)) == [1, 2, 4]


def test_the_tasks_of_one_job_stay_together() -> None:
    pool = Pool()
    pool.add([task(1, "en", "pt"), task(1, ends=False), task(1), task(2), task(3)])
    assert numbers(pool.take(10)) == [2, 3]
    assert numbers(pool.take(10)) == [1, 1, 1]


jobs = st.lists(
    st.tuples(st.sampled_from(["pt", "de", "en"]), st.sampled_from(["en", None]), st.sampled_from(["olá", "x" * 2001]))
)


@given(jobs, st.integers(1, 4))
def test_everything_comes_once_and_in_order_within_a_direction(what: list[tuple[str, str, str]], most: int) -> None:
    pool = Pool()
    pool.add([task(number, *each) for number, each in enumerate(what)])
    taken: list[Task] = []
    while batch := pool.take(most):
        assert len(batch) <= most
        assert len({each.source for each in batch if each.target}) <= 1
        taken += batch
    assert sorted(numbers(taken)) == list(range(len(what)))
    for source in ("pt", "de", "en"):
        short = [n for n in numbers(taken) if what[n] == (source, "en", "olá")]
        assert short == sorted(short)
