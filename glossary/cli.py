"""`dragoman glossary import|export|list`: terms between files and the store.

``add_commands`` registers the subcommands; ``run`` does what they ask, given an open client. Text for people goes to
standard error, so that an export can go through a pipe. Exit codes: 0 done, 1 failed, 2 the file or option is wrong.
"""

from __future__ import annotations

import argparse
import getpass
import sys
from pathlib import Path
from typing import IO, Any

from redis.asyncio import Redis

from glossary.exchange import ExchangeError, read, write
from glossary.merge import Preview, preview
from glossary.repository import GlossaryError, Repository
from glossary.term import Term, TermError
from store.errors import StoreError

DONE, FAILED, WRONG = 0, 1, 2
_SHOWN = 20  # conflicts that are printed one by one


def add_commands(commands: Any) -> None:
    """Adds import, export and list to the subparsers of `dragoman glossary`; each sets ``action``."""
    load = commands.add_parser("import", help="add terms from a CSV or TSV file with a column for each language")
    load.add_argument("file", type=Path)
    load.add_argument("--dry-run", action="store_true", help="only say what would change")
    load.add_argument("--skip-conflicts", action="store_true", help="leave conflicting rows out instead of giving up")
    load.add_argument("--replace", action="store_true", help="delete the terms that the file does not have")
    load.set_defaults(action="import")
    save = commands.add_parser("export", help="write all terms as CSV, or as TSV if the file is named so")
    save.add_argument("file", type=Path, nargs="?", help="standard output if left out")
    save.set_defaults(action="export")
    show = commands.add_parser("list", help="print all terms")
    show.set_defaults(action="list")


async def run(options: argparse.Namespace, client: Redis, prefix: str = "dragoman") -> int:
    """Does what ``options.action`` says. ``client`` is open and stays open."""
    repository = Repository(client, prefix)
    try:
        if options.action == "import":
            return await _import(repository, options)
        if options.action == "export":
            return await _export(repository, options.file)
        return await _list(repository)
    except (StoreError, GlossaryError, TermError) as error:
        return _complain(str(error))


async def _import(repository: Repository, options: argparse.Namespace) -> int:
    path: Path = options.file
    try:
        data = path.read_bytes()
    except OSError as error:
        return _complain(f"{path} cannot be read: {error.strerror}", WRONG)
    try:
        sheet = read(data)
    except ExchangeError as error:
        for problem in error.problems:
            _say(f"{path}: {problem}")
        return _complain(f"{error.total} problems in {path}: nothing was imported", WRONG)
    version = await repository.version()
    existing = await repository.list()
    plan = preview(sheet, existing)
    for conflict in plan.conflicts[:_SHOWN]:
        _say(f"{path}: row {conflict.row}, column {conflict.language}: {conflict.message}")
    if len(plan.conflicts) > _SHOWN:
        _say(f"... and {len(plan.conflicts) - _SHOWN} more")
    if plan.conflicts and not getattr(options, "skip_conflicts", False):
        return _complain(f"{len(plan.conflicts)} conflicts: nothing was imported (--skip-conflicts takes the rest)")
    gone = _missing(existing, plan) if getattr(options, "replace", False) else []
    if not getattr(options, "dry_run", False):
        bar = _Progress(sys.stderr)
        version = await repository.put_many(plan.terms(), _who(), delete=gone, seen=version, progress=bar)
        bar.end()
    counts = [(len(plan.adds), "added"), (len(plan.changes), "changed"), (plan.unchanged, "unchanged")]
    counts += [(len(gone), "deleted"), (len(plan.conflicts), "left out as conflicts")]
    told = ", ".join(f"{count} {what}" for count, what in counts if count) or "nothing to do"
    _say(f"would be: {told}" if getattr(options, "dry_run", False) else f"{told}; the glossary is at version {version}")
    return DONE


def _missing(existing: Any, plan: Preview) -> list[str]:
    kept = plan.kept | {term.id for term in plan.terms()}
    return [term.id for term in existing if term.id not in kept]


async def _export(repository: Repository, path: Path | None) -> int:
    terms = await repository.list()
    data = write(terms, delimiter="\t" if path is not None and path.suffix.lower() == ".tsv" else ",")
    if path is None:
        sys.stdout.buffer.write(data)
        sys.stdout.buffer.flush()
        return DONE
    try:
        path.write_bytes(data)
    except OSError as error:
        return _complain(f"{path} cannot be written: {error.strerror}")
    _say(f"{len(terms)} terms written to {path}")
    return DONE


async def _list(repository: Repository) -> int:
    terms = await repository.list()
    for term in terms:
        print(_line(term))
    if not terms:
        _say("the glossary is empty")
    return DONE


def _line(term: Term) -> str:
    texts = " = ".join(f"{wording.text} ({language})" for language, wording in term.wordings.items())
    marks = [mark for mark in (term.kind, term.status) if mark not in ("preferred", "approved")]
    note = " ".join(term.note.split())
    return "\t".join([term.id, texts, ", ".join(marks), note]).rstrip()


class _Progress:
    """A line that counts up, on a terminal; nothing elsewhere."""

    def __init__(self, stream: IO[str]) -> None:
        self._stream = stream
        self._shown = False

    def __call__(self, done: int, total: int) -> None:
        if self._stream.isatty():
            width = 30
            filled = width * done // max(total, 1)
            self._stream.write(f"\r[{'#' * filled}{'.' * (width - filled)}] {done} of {total}")
            self._stream.flush()
            self._shown = True

    def end(self) -> None:
        if self._shown:
            self._stream.write("\n")


def _who() -> str:
    try:
        return f"command line ({getpass.getuser()})"
    except (KeyError, OSError):  # a user id without a name, as in containers
        return "command line"


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _complain(text: str, code: int = FAILED) -> int:
    _say(f"dragoman: {text}")
    return code
