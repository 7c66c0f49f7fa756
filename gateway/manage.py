"""Handlers of `dragoman users`, `glossary`, `memory` and `models`: what an installation holds besides conversations."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import sys
from typing import TYPE_CHECKING

from gateway import local_store
from gateway.cli import complain
from gateway.setting_values import language_code
from gateway.settings import Settings
from gateway.users import UserError, Users
from store.errors import StoreError, translated

if TYPE_CHECKING:
    from models.installed import Installed
    from translation.engines.base import Engine


def users(options: argparse.Namespace, held: Settings) -> int:
    try:
        password = _password(options.login) if options.action in ("add", "password") else ""
        for line in asyncio.run(_act(options, held, password)):
            print(line)
    except (UserError, StoreError) as error:
        return complain(str(error))
    return 0


def glossary(options: argparse.Namespace, held: Settings) -> int:
    from gateway import glossary_tools
    from glossary import cli
    from translation.spelling import Spelling

    unwritable = Spelling(held.models_path).unwritable

    async def act() -> int:
        async with local_store.opened(held) as store:
            if options.action in glossary_tools.ACTIONS:
                return await glossary_tools.run(options, store, held.key_prefix, unwritable)
            return await cli.run(options, store.client, held.key_prefix, unwritable)

    try:
        return asyncio.run(act())
    except StoreError as error:
        return complain(str(error))


def memory(options: argparse.Namespace, held: Settings) -> int:
    from translation.memory import cli

    async def act() -> int:
        async with local_store.opened(held) as store:
            return await cli.run(options, store)

    try:
        return asyncio.run(act())
    except StoreError as error:
        return complain(str(error))


def models(options: argparse.Namespace, held: Settings) -> int:
    from models import cli

    def load(installed: Installed) -> Engine:
        from translation.engines.load import load as load_engine

        return load_engine(installed)

    return cli.run(options, held.models_path, held.model_mirror, load, out=sys.stdout, err=sys.stderr)


async def _act(options: argparse.Namespace, held: Settings, password: str) -> list[str]:
    async with local_store.opened(held) as store:
        accounts = Users(store.client, held.key_prefix)
        with translated():
            match options.action:
                case "add":
                    roles = options.role or ["agent"]
                    speaks = _language(options.language) if options.language else held.working_language
                    user = await accounts.add(options.login, options.name, password, roles, speaks)
                    return [f"{user.login} may log in, as {', '.join(user.roles)}"]
                case "password":
                    await accounts.set_password(options.login, password)
                    return [f"{options.login} has a new password"]
                case "remove":
                    if not await accounts.remove(options.login):
                        raise UserError(f"there is no user {options.login!r}: see `dragoman users list`")
                    return [f"{options.login} is gone"]
            everybody = await accounts.list()
            return [f"{each.login}\t{each.name}\t{','.join(each.roles)}\t{each.language}" for each in everybody]


def _language(text: str) -> str:
    try:
        return language_code(text)
    except ValueError as error:
        raise UserError(f"--language must be {error}, not {text!r}") from None


def _password(login: str) -> str:
    """Asked for twice at a terminal, else the first line of standard input: never an argument, which others can see."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass(f"Password for {login}: ")
    if getpass.getpass("The same again: ") != first:
        raise UserError("the two passwords differ")
    return first
