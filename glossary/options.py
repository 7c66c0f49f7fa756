"""The options of `dragoman glossary`. Imports nothing but argparse: `dragoman --help` must be quick."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

FORMATS = ("csv", "tsv", "xlsx", "tbx")
LAYOUTS = ("deepl", "amazon", "google")


def add_commands(commands: Any) -> list[argparse.ArgumentParser]:
    """Adds the subcommands to the subparsers of `dragoman glossary`; each sets ``action``."""
    made: list[argparse.ArgumentParser] = []

    def command(name: str, about: str) -> argparse.ArgumentParser:
        each: argparse.ArgumentParser = commands.add_parser(
            name, help=about, description=about.capitalize() + ".", allow_abbrev=False
        )
        each.set_defaults(action=name)
        made.append(each)
        return each

    load = command("import", "add terms from a CSV, TSV, XLSX or TBX file with a column for each language")
    load.add_argument("file", type=Path)
    load.add_argument("--format", choices=FORMATS, help="found out where it is left out")
    _add_direction(load, "of a file of two columns without a heading")
    load.add_argument("--dry-run", action="store_true", help="only say what would change")
    load.add_argument("--skip-conflicts", action="store_true", help="leave conflicting rows out instead of giving up")
    load.add_argument("--replace", action="store_true", help="delete the terms that the file does not have")
    save = command("export", "write all terms as CSV, or in the format that the file is named after")
    save.add_argument("file", type=Path, nargs="?", help="standard output if left out")
    save.add_argument("--format", choices=FORMATS)
    save.add_argument("--layout", choices=LAYOUTS, default="", help="as another service takes it")
    _add_direction(save, "for a layout with one direction")
    command("list", "print all terms")
    past = command("history", "print who changed what when, newest first")
    past.add_argument("term", nargs="?", help="id of a term; all of them if left out")
    past.add_argument("--most", type=int, default=20, help="changes to print (20)")
    undo = command("undo", "take one change back")
    undo.add_argument("version", type=int, help="its number in the history")
    undo.add_argument("--force", action="store_true", help="also terms that were changed again since")
    back = command("restore", "make the whole glossary what it was at a version")
    back.add_argument("version", type=int)
    back.add_argument("--dry-run", action="store_true", help="only say what would change")
    command("stats", "print what became of each term in messages")
    trial = command("try", "translate a sentence without the glossary, with it, and with drafts; needs a worker")
    trial.add_argument("text")
    _add_direction(trial, "of the sentence", required=True)
    trial.add_argument("--term", action="append", default=[], metavar="WORD=SAID", help="a draft; may be repeated. "
                       "Without any, the glossary's own drafts are tried")  # fmt: skip
    rerun = command("dry-run", "say what drafts would change in the last messages; needs a worker")
    _add_direction(rerun, "of the drafts")
    rerun.add_argument("--term", action="append", default=[], metavar="WORD=SAID", help="a draft, with --from, --to; "
                       "may be repeated. Without any, the glossary's own drafts are tried")  # fmt: skip
    rerun.add_argument("--messages", type=int, default=500, help="messages to look through (500, at most 2000)")
    rerun.add_argument("--texts", action="store_true", help="print what people wrote, and both translations")
    asked = command("proposals", "print the terms that agents propose")
    asked.add_argument("--state", choices=("open", "accepted", "refused", "all"), default="open")
    accept = command("accept", "take a proposal into the glossary")
    accept.add_argument("id")
    accept.add_argument("--text", action="append", default=[], metavar="LANGUAGE=TEXT", help="what it is to be instead")
    refuse = command("refuse", "refuse a proposal")
    refuse.add_argument("id")
    for each in (accept, refuse):
        each.add_argument("--answer", default="", help="what the agent is told")
    mined = command("candidates", "print the terms that corrections speak for, and decide on them; needs a worker")
    decision = mined.add_mutually_exclusive_group()
    decision.add_argument("--add", metavar="NUMBER", help="take this one into the glossary")
    decision.add_argument("--refuse", metavar="NUMBER", help="do not offer this one again")
    return made


def _add_direction(parser: argparse.ArgumentParser, about: str, *, required: bool = False) -> None:
    for name, where in (("--from", "source"), ("--to", "target")):
        parser.add_argument(
            name, dest=where, default="", metavar="LANGUAGE", help=f"language {about}", required=required
        )
