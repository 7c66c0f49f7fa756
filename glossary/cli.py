"""`dragoman glossary`: terms between files and the store, their history, what became of them.

``options.add_commands`` registers the subcommands; ``run`` does what they ask, given an open client. Text for people
goes to standard error, so that an export can go through a pipe. Exit codes: 0 done, 1 failed, 2 the file or option is
wrong.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from redis.asyncio import Redis

from glossary import revert
from glossary.exchange import FORMATS, ExchangeError, LayoutError, read, write
from glossary.history import TermChange
from glossary.merge import Preview, Remark, preview, remarks
from glossary.repository import GlossaryError, Repository
from glossary.spelling import Unwritable, misspelt
from glossary.term import Term, TermError
from glossary.use import Uses
from store.console import DONE, WRONG, Progress, complain, say
from store.errors import StoreError

_SHOWN = 20  # conflicts and remarks that are printed one by one


async def run(
    options: argparse.Namespace, client: Redis, prefix: str = "dragoman", unwritable: Unwritable | None = None
) -> int:
    """Does what ``options.action`` says. ``client`` is open and stays open. ``unwritable``: what the models cannot
    write."""
    repository = Repository(client, prefix)
    try:
        if options.action == "import":
            return await _import(repository, options, unwritable)
        match options.action:
            case "export":
                return await _export(repository, options)
            case "history":
                return await _history(repository, options)
            case "undo":
                done = await revert.undo(repository, options.version, who(), force=options.force)
                return _reverted(done, dry=False)
            case "restore":
                bar = Progress(sys.stderr)
                done = await revert.restore(repository, options.version, who(), preview=options.dry_run, progress=bar)
                bar.end()
                return _reverted(done, dry=options.dry_run)
            case "stats":
                return await _stats(repository, Uses(client, prefix))
        return await _list(repository)
    except LayoutError as error:
        return complain(str(error), WRONG)
    except (StoreError, GlossaryError, TermError) as error:
        return complain(str(error))


async def _import(repository: Repository, options: argparse.Namespace, unwritable: Unwritable | None) -> int:
    path: Path = options.file
    try:
        data = path.read_bytes()
    except OSError as error:
        return complain(f"{path} cannot be read: {error.strerror}", WRONG)
    try:
        sheet = read(data, format=options.format or "", source=options.source, target=options.target)
    except ExchangeError as error:
        for problem in error.problems:
            say(f"{path}: {problem}")
        return complain(f"{error.total} problems in {path}: nothing was imported", WRONG)
    version = await repository.version()
    existing = await repository.list()
    plan = preview(sheet, existing)
    _tell(path, [(each.row, each.language, each.message) for each in plan.conflicts])
    if plan.conflicts and not options.skip_conflicts:
        return complain(f"{len(plan.conflicts)} conflicts: nothing was imported (--skip-conflicts takes the rest)")
    noted = remarks(plan, existing, unwritable) if options.dry_run else _misspelt(plan, unwritable)
    _tell(path, [(each.row, each.column, each.message) for each in noted])
    gone = [term.id for term in plan.missing(existing)] if options.replace else []
    if not options.dry_run:
        bar = Progress(sys.stderr)
        version = await repository.put_many(
            plan.terms(), who(), delete=gone, seen=version, progress=bar, about="import"
        )
        bar.end()
    counts = [(len(plan.adds), "added"), (len(plan.changes), "changed"), (plan.unchanged, "unchanged")]
    counts += [(len(gone), "deleted"), (len(plan.conflicts), "left out as conflicts")]
    told = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing to do"
    say(f"would be: {told}" if options.dry_run else f"{told}; the glossary is at version {version}")
    return DONE


def _misspelt(plan: Preview, unwritable: Unwritable | None) -> Iterator[Remark]:
    """What should be looked at even by who has not asked for a dry run."""
    if unwritable is not None:
        for term in sorted(plan.terms(), key=lambda term: plan.rows.get(term.id, 0)):
            for clash in misspelt(term, unwritable):
                yield Remark(plan.rows.get(term.id, 0), clash.language, clash.message, clash.code)


def _tell(path: Path, notes: Sequence[tuple[int, str, str]]) -> None:
    for row, column, message in notes[:_SHOWN]:
        say(f"{path}: row {row}, column {column}: {message}")
    if len(notes) > _SHOWN:
        say(f"... and {len(notes) - _SHOWN} more")


async def _export(repository: Repository, options: argparse.Namespace) -> int:
    path: Path | None = options.file
    terms = await repository.list()
    named = path.suffix.lower().lstrip(".") if path is not None else ""
    data = write(
        terms,
        format=options.format or (named if named in FORMATS else "csv"),
        layout=options.layout,
        source=options.source,
        target=options.target,
    )
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return DONE
    try:
        path.write_bytes(data)
    except OSError as error:
        return complain(f"{path} cannot be written: {error.strerror}")
    say(f"{len(terms)} terms written to {path}")
    return DONE


async def _list(repository: Repository) -> int:
    terms = await repository.list()
    for term in terms:
        print(_line(term))
    if not terms:
        say("the glossary is empty")
    return DONE


async def _history(repository: Repository, options: argparse.Namespace) -> int:
    if options.term:
        entries = await repository.log.of_term(options.term, most=options.most)
    else:
        entries = await repository.log.history(most=options.most, shown=1)
    for entry in entries:
        when = datetime.fromtimestamp(entry.when / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        what = _change(entry.changes[0]) if entry.changes else ""
        more = f" and {entry.count - 1} more" if entry.count > 1 else ""
        print("\t".join([str(entry.version), when, entry.who, entry.about or "edit", what + more]))
    if not entries:
        say("nothing was changed yet")
    return DONE


def _change(change: TermChange) -> str:
    verb = "added" if change.before is None else "deleted" if change.after is None else "changed"
    term = change.after or change.before
    return f"{verb} {change.id}: {_texts(term) if term else ''}"


def _reverted(done: revert.Reverted, *, dry: bool) -> int:
    counts = [(done.adds, "there again"), (done.changes, "as before"), (done.deletes, "gone again")]
    told = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing to do"
    say(f"would be: {told}" if dry else f"{told}; the glossary is at version {done.version}")
    return DONE


async def _stats(repository: Repository, uses: Uses) -> int:
    terms = await repository.list()
    found = await uses.of([term.id for term in terms])
    print("term\ttexts\tused\tapplied\talready\tmissed\tlast seen")
    for term, use in sorted(zip(terms, found, strict=True), key=lambda item: -item[1].used):
        seen = datetime.fromtimestamp(use.last_seen / 1000, UTC).strftime("%Y-%m-%d %H:%M") if use.last_seen else ""
        counts = [str(count) for count in (use.used, use.applied, use.already, use.missed)]
        print("\t".join([term.id, _texts(term), *counts, seen]))
    return DONE


def _texts(term: Term) -> str:
    return " = ".join(f"{wording.text} ({language})" for language, wording in term.wordings.items())


def _line(term: Term) -> str:
    marks = [mark for mark in (term.kind, term.status) if mark not in ("preferred", "approved")]
    note = " ".join(term.note.split())
    return "\t".join([term.id, _texts(term), ", ".join(marks), note]).rstrip()


def who() -> str:
    """Who changes things from the command line, for the history."""
    try:
        return f"command line ({getpass.getuser()})"
    except (KeyError, OSError):  # a user id without a name, as in containers
        return "command line"
