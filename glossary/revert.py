"""Takes changes back: one of them, or everything since a version. What was taken back stays in the log."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from glossary.history import TermChange
from glossary.repository import GlossaryError, Progress, Repository


class NoSuchVersion(GlossaryError):
    """The glossary never was at this version."""


class ChangedSince(GlossaryError):
    """Terms were changed again after the change that is to be undone. ``ids``: which."""

    def __init__(self, ids: list[str]) -> None:
        self.ids = ids
        named = ", ".join(ids[:5]) + (" ..." if len(ids) > 5 else "")
        super().__init__(f"changed again since: {named}")


@dataclass(frozen=True, slots=True)
class Reverted:
    """``version``: the glossary's, afterwards. Counts of terms that are there again, are as before, are gone again."""

    version: int
    adds: int
    changes: int
    deletes: int

    @property
    def total(self) -> int:
        return self.adds + self.changes + self.deletes


async def undo(
    repository: Repository, version: int, who: str, *, only: Collection[str] | None = None, force: bool = False
) -> Reverted:
    """Puts the terms of the change ``version`` back to what they were before it.

    ``only``: these terms of it. Raises NoSuchVersion, ChangedSince (unless ``force``), GlossaryMoved.
    """
    seen = await repository.version()
    entry = await repository.log.of_version(version)
    if entry is None:
        raise NoSuchVersion(f"there is no change {version}; the glossary is at version {seen}")
    wanted = [change for change in entry.changes if only is None or change.id in only]
    now = await repository.many([change.id for change in wanted])
    later = [change.id for change in wanted if now.get(change.id) != change.after]
    if later and not force:
        raise ChangedSince(later)
    back = [TermChange(change.id, now.get(change.id), change.before) for change in wanted]
    return await _put(repository, back, who, seen, f"undo {version}")


async def restore(
    repository: Repository, version: int, who: str, *, preview: bool = False, progress: Progress | None = None
) -> Reverted:
    """Makes the whole glossary what it was at ``version``, as a new version. ``preview``: only counts.

    Raises NoSuchVersion, GlossaryMoved.
    """
    seen = await repository.version()
    if not 0 <= version <= seen:
        raise NoSuchVersion(f"there is no version {version}; the glossary is at version {seen}")
    since = await repository.log.before(version)
    back = [TermChange(each.id, each.after, each.before) for each in since.values() if each.after != each.before]
    return await _put(repository, back, who, seen, f"restore {version}", preview=preview, progress=progress)


async def _put(
    repository: Repository,
    changes: list[TermChange],
    who: str,
    seen: int,
    about: str,
    *,
    preview: bool = False,
    progress: Progress | None = None,
) -> Reverted:
    """Makes each term what its change has as ``after``; ``before`` is what it is now."""
    changes = [change for change in changes if change.before != change.after]
    adds = sum(change.before is None for change in changes)
    deletes = sum(change.after is None for change in changes)
    version = seen
    if changes and not preview:
        version = await repository.put_many(
            [change.after for change in changes if change.after is not None],
            who,
            delete=[change.id for change in changes if change.after is None],
            seen=seen,
            progress=progress,
            about=about,
        )
    return Reverted(version, adds, len(changes) - adds - deletes, deletes)
