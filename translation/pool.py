"""What a worker has claimed and not yet translated, and which of it goes to the engine next. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import groupby

from store.append import JobRef
from translation.outcome import Task

LONG = 2000  # characters; a message that long takes a good part of a second, and others need not wait for it
PATIENCE = 2  # how often the oldest job may be passed over

_Group = tuple[str, str | None, JobRef | None]  # source, target, and the job itself where it goes alone


class Pool:
    """Tasks that wait, oldest first. The tasks of one job stay together: its end must not overtake the rest."""

    def __init__(self) -> None:
        self._jobs: list[list[Task]] = []
        self._passed_over = 0  # how often the oldest job was

    def __len__(self) -> int:
        """How many jobs wait."""
        return len(self._jobs)

    def add(self, tasks: Iterable[Task]) -> None:
        self._jobs += (list(job) for _, job in groupby(tasks, key=lambda task: task.claim.ref))

    def take(self, most: int) -> list[Task]:
        """The jobs of the direction that most wait for, up to ``most``; empty if nothing waits.

        One direction at a time, because the engine works in batches of one direction, and larger ones cost less. Long
        messages come last and alone. The oldest job is passed over ``PATIENCE`` times at most. A job whose outcome
        needs no engine goes with any.
        """
        groups = [_group(job) for job in self._jobs]
        waiting = Counter(group for group in groups if group is not None)
        oldest = next(iter(waiting), None)
        chosen = max(waiting, key=lambda group: (group[2] is None, waiting[group]), default=None)
        if self._passed_over == PATIENCE:
            chosen = oldest
        self._passed_over = self._passed_over + 1 if chosen != oldest else 0
        taken: list[Task] = []
        left: list[list[Task]] = []
        count = 0
        for job, group in zip(self._jobs, groups, strict=True):
            if count < most and (group is None or group == chosen):
                taken += job
                count += 1
            else:
                left.append(job)
        self._jobs = left
        return taken

    def drain(self) -> list[Task]:
        """All that waits; nothing does afterwards."""
        jobs, self._jobs = self._jobs, []
        return [task for job in jobs for task in job]


def _group(job: Sequence[Task]) -> _Group | None:
    """What a job may go to the engine with, by its first task that needs one. None: none does."""
    first = next((task for task in job if task.request is not None), None)
    if first is None:
        return None
    alone = len(job) == 1 and first.job is not None and len(first.job.text) > LONG
    return first.source, first.target, first.claim.ref if alone else None
