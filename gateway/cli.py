"""The `dragoman` command: its options, and which function each subcommand calls.

Handlers import what they need themselves: `dragoman --help` must not load a translation runtime.
Exit codes: 0 done, 1 failed, 2 wrong options or settings, 130 ended by Ctrl-C, 141 nobody reads the output any more.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gateway.settings import Settings

Handler = Callable[[argparse.Namespace, "Settings"], int]
FAILED, WRONG, INTERRUPTED, BROKEN_PIPE = 1, 2, 130, 141


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command with the process's arguments and environment. Returns its exit code."""
    try:
        return _run(parser().parse_args(arguments), os.environ)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        # Python would complain once more when it flushes at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN_PIPE


def _run(options: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from gateway import settings

    for sentence in settings.unknown(environ):
        complain(sentence)
    # Options that stand for settings go through the same checks.
    given = {name: text for name, text in options.__dict__.items() if name.startswith("DRAGOMAN_") and text is not None}
    try:
        held = settings.read({**environ, **given})
    except settings.SettingError as error:
        return complain(str(error), WRONG)
    handler: Handler = options.handler
    code = handler(options, held)
    sys.stdout.flush()  # here, where a broken pipe is understood
    return code


def complain(message: str, code: int = FAILED) -> int:
    """Say what went wrong on standard error. Returns ``code``, for the handler to return."""
    print(f"dragoman: {message}", file=sys.stderr)
    return code


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="dragoman", allow_abbrev=False,
        description="A translating chat gateway on your own machine.",
        epilog="Settings are environment variables: see docs/operations.md. `dragoman doctor` says what is missing.",
    )  # fmt: skip
    top.add_argument("--version", action=_Version)
    commands = top.add_subparsers(metavar="COMMAND", required=True)
    _add_servers(commands)
    _add_text_tools(commands)
    _add_glossary(commands)
    _add_memory(commands)
    _add_users(commands)
    _add_models(commands)
    doctor = _command(commands, "doctor", _doctor, "say what is missing here, and how to get it")
    doctor.add_argument("--tests", action="store_true", help="look for what the tests need, too")
    return top


class _Version(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str) -> None:
        super().__init__(option_strings, dest, nargs=0, help="print the version and end")

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"dragoman {version('dragoman')}")
        parser.exit()


if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]


def _command(
    commands: _Commands, name: str, handler: Handler, about: str, more: str | None = None
) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=about, description=more or about.capitalize() + ".", allow_abbrev=False)
    command.set_defaults(handler=handler)
    return command


def _group(commands: _Commands, name: str, about: str) -> _Commands:
    group = commands.add_parser(name, help=about, description=about.capitalize() + ".", allow_abbrev=False)
    return group.add_subparsers(metavar="COMMAND", required=True)


def _add_servers(commands: _Commands) -> None:
    serve = _command(commands, "serve", _serve, "run everything on this machine: store, workers, gateway")
    gateway = _command(commands, "gateway", _gateway, "run one gateway on the store at REDIS_URL")
    worker = _command(commands, "worker", _worker, "run one translation worker on the store at REDIS_URL")
    for command in (serve, gateway):
        command.add_argument("--host", dest="DRAGOMAN_HOST", help="address to listen on (DRAGOMAN_HOST)")
        command.add_argument("--port", dest="DRAGOMAN_PORT", help="port, 0 for any (DRAGOMAN_PORT)")
    serve.add_argument("--workers", dest="DRAGOMAN_WORKERS", help="worker processes (DRAGOMAN_WORKERS)")
    serve.add_argument("--no-demo", action="store_true", help="make no demo login for this run")
    serve.add_argument(
        "--ready-file", type=Path, metavar="PATH", help="write JSON there with addresses and process ids once ready"
    )
    serve.add_argument("--with-parent", action="store_true", help="end when the process that started this one ends")
    worker.add_argument("--name", help="what it is called in the log")
    for command in (gateway, worker):
        command.add_argument("--parent", type=int, help=argparse.SUPPRESS)


def _add_text_tools(commands: _Commands) -> None:
    translate = _command(
        commands, "translate", _translate, "translate lines from standard input; needs no server",
        "Translates each line of standard input. With --jsonl a line is {\"text\": ...} and is answered by "
        "{\"translation\": ..., \"receipt\": {...}}.",
    )  # fmt: skip
    translate.add_argument("--from", dest="source", required=True, metavar="LANGUAGE", help="or auto")
    translate.add_argument("--to", dest="target", required=True, metavar="LANGUAGE")
    translate.add_argument("--jsonl", action="store_true", help="JSON lines in and out")
    translate.add_argument("--glossary", type=Path, metavar="FILE", help="terms for this run, CSV or TSV")
    translate.add_argument("--memory", type=Path, metavar="FILE", help="translations to reuse, JSON lines or TMX")
    detect = _command(
        commands, "detect", _detect, "say which language lines from standard input are in; needs no server",
        "Says for each line of standard input which language it is in. With --jsonl a line is {\"text\": ...} with, if "
        "you like, history, page_locale, accept_language, country, shop_languages and earlier_languages (of earlier "
        "conversations, the last one first), and is answered by {\"language\": ..., \"confidence\": ...}.",
    )  # fmt: skip
    detect.add_argument("--jsonl", action="store_true", help="JSON lines in and out")


def _add_glossary(commands: _Commands) -> None:
    from glossary.options import add_commands

    group = _group(commands, "glossary", "product terms: how they are said in each language")
    for command in add_commands(group):
        command.set_defaults(handler=_glossary)


def _add_memory(commands: _Commands) -> None:
    group = _group(commands, "memory", "approved translations, reused word for word")
    load = _command(
        group, "import", _memory, "add translations from a file of JSON lines or TMX",
        "Adds translations from a file of JSON lines ({\"from\", \"to\", \"source\", \"target\"} and, where known, "
        "count, edited, time) or TMX. What is known already is counted once more.",
    )  # fmt: skip
    load.add_argument("file", type=Path)
    load.add_argument("--replace", action="store_true", help="forget everything that the file does not have")
    load.set_defaults(action="import")
    save = _command(group, "export", _memory, "write all translations as JSON lines, or as TMX if the file is named so")
    save.add_argument("file", type=Path, nargs="?", help="standard output if left out")
    save.set_defaults(action="export")
    show = _command(group, "stats", _memory, "print how much is remembered, for each direction")
    show.set_defaults(action="stats")


def _add_users(commands: _Commands) -> None:
    group = _group(commands, "users", "who may log in at the desk")
    add = _command(
        group, "add", _users, "make a login",
        "Makes a login. The password is asked for, or read as one line from standard input.",
    )  # fmt: skip
    add.add_argument("login")
    add.add_argument("--name", default="", help="what others see; the login if left out")
    add.add_argument(
        "--role", action="append", metavar="ROLE", help="agent, supervisor, maintainer or admin; repeatable"
    )
    add.add_argument("--language", help="what this person reads and writes; the working language if left out")
    _command(group, "list", _users, "print all logins")
    remove = _command(group, "remove", _users, "take a login away; its sessions end")
    password = _command(group, "password", _users, "set a new password")
    for name, command in (("add", add), ("list", group.choices["list"]), ("remove", remove), ("password", password)):
        command.set_defaults(action=name)
        if name in ("remove", "password"):
            command.add_argument("login")


def _add_models(commands: _Commands) -> None:
    group = _group(commands, "models", "translation models on this machine")
    show = _command(group, "list", _models, "print the models that are installed")
    show.add_argument("--all", action="store_true", help="and those that can be fetched")
    fetch = _command(group, "fetch", _models, "get the models for directions")
    fetch.add_argument("direction", nargs="+", help="source and target language, such as de-en")
    fetch.add_argument(
        "--kind", metavar="KIND", help="student, marianmt or a name from `models list --all`; the best if left out"
    )
    fetch.add_argument("--from", dest="folder", type=Path, metavar="FOLDER", help="from a folder on this machine")
    fetch.add_argument("--precision", choices=("int8", "float32"), default="int8", help="of a model that is converted")
    fetch.add_argument("--again", action="store_true", help="even if there is one")
    verify = _command(group, "verify", _models, "compare the files with what was installed")
    verify.add_argument("direction", nargs="?", help="all if left out")
    remove = _command(group, "remove", _models, "take the model of a direction away")
    remove.add_argument("direction")
    measure = _command(group, "measure", _models, "how fast and how good they are here, to choose between ways by")
    measure.add_argument("direction", nargs="*", help="all if left out")
    measure.add_argument(
        "--pairs", type=Path, metavar="FILE", help="texts with their translations: JSON lines, or two columns"
    )
    actions = {"list": show, "fetch": fetch, "verify": verify, "measure": measure, "remove": remove}
    for name, command in actions.items():
        command.set_defaults(action=name)


def _serve(options: argparse.Namespace, held: Settings) -> int:
    from gateway import run

    return run.serve(options, held)


def _gateway(options: argparse.Namespace, held: Settings) -> int:
    from gateway import run

    return run.gateway(options, held)


def _worker(options: argparse.Namespace, held: Settings) -> int:
    from gateway import run

    return run.worker(options, held)


def _doctor(options: argparse.Namespace, held: Settings) -> int:
    from gateway import doctor

    return doctor.report(doctor.examine(held, tests=options.tests), sys.stdout)


def _users(options: argparse.Namespace, held: Settings) -> int:
    from gateway import manage

    return manage.users(options, held)


def _translate(options: argparse.Namespace, held: Settings) -> int:
    from gateway import text_tools

    return text_tools.translate(options, held)


def _detect(options: argparse.Namespace, held: Settings) -> int:
    from gateway import text_tools

    return text_tools.detect(options, held)


def _glossary(options: argparse.Namespace, held: Settings) -> int:
    from gateway import manage

    return manage.glossary(options, held)


def _memory(options: argparse.Namespace, held: Settings) -> int:
    from gateway import manage

    return manage.memory(options, held)


def _models(options: argparse.Namespace, held: Settings) -> int:
    from gateway import manage

    return manage.models(options, held)
