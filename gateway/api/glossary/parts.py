"""What the glossary's endpoints work with, and what all of them do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from msgspec import UNSET
from msgspec.structs import replace

from gateway import keys
from gateway.api.errors import ApiError
from gateway.api.glossary.shapes import TermForm
from gateway.users import User
from glossary import exchange
from glossary.candidates import Mined
from glossary.directory import Directory
from glossary.proposals import Proposals
from glossary.repository import Repository
from glossary.spelling import Unwritable
from glossary.term import Kind, Term, TermError, Wording, validate
from glossary.trial import Trials
from glossary.use import Uses

BASE = "/api/v1/glossary"
READERS = ("agent", "supervisor", "maintainer")
CONVERSATIONS = ("agent", "supervisor")  # who may read what was said


@dataclass(frozen=True)
class Parts:
    repository: Repository
    directory: Directory
    uses: Uses
    proposals: Proposals[TermForm]
    trials: Trials
    unwritable: Unwritable
    mined: Mined
    importing: asyncio.Lock = field(default_factory=asyncio.Lock)


def parts(request: web.Request) -> Parts:
    return request.app[keys.GLOSSARY]


def needs_worker(request: web.Request) -> None:
    """Raises ApiError where nobody would answer."""
    if request.app[keys.DOOR].status.now.translation == "down" or not request.app[keys.SETTINGS].translate:
        raise ApiError(503, "no_worker", "nobody translates at the moment: see `dragoman doctor`")


def reads_conversations(user: User) -> bool:
    return user.may(*CONVERSATIONS)


def made_of(form: TermForm, term: Term | None) -> Term:
    """The term that the form describes; what the form leaves out stays as it was. Raises TermError."""
    wordings = _wordings(form, term)
    fields: dict[str, Any] = {
        name: value
        for name in ("status", "rules", "part_of_speech", "note")
        if (value := getattr(form, name)) is not UNSET
    }
    if form.scope is not UNSET:
        fields["scope"] = tuple(form.scope)
    if (kind := _kind(form, term)) is not None:
        fields["kind"] = kind
    if term is not None:
        return validate(replace(term, wordings=wordings, **fields))
    made = Term("new", wordings, **fields)
    return validate(replace(made, id=form.id if form.id is not UNSET and form.id else exchange.new_id(made)))


def from_form(form: TermForm, term: Term | None) -> Term:
    """As ``made_of``. Raises ApiError 400."""
    try:
        return made_of(form, term)
    except TermError as error:
        raise ApiError(400, "bad_term", str(error), field=error.field) from None


def _wordings(form: TermForm, term: Term | None) -> dict[str, Wording]:
    if form.wordings is not UNSET:
        return form.wordings
    if form.texts is UNSET:
        return dict(term.wordings) if term else {}
    wordings: dict[str, Wording] = {}
    for language, given in form.texts.items():
        if text := given.strip():
            old = term.wordings.get(language) if term else None
            # Forms belong to the text they were listed for: another text loses them.
            wordings[language] = old if old and old.text == text else Wording(text)
    return wordings


def _kind(form: TermForm, term: Term | None) -> Kind | None:
    if form.kind is not UNSET:
        return form.kind
    if form.do_not_translate is UNSET:
        return None
    if form.do_not_translate:
        return "do-not-translate"
    return term.kind if term is not None and term.kind == "forbidden" else "preferred"


def flag(query: Mapping[str, str], name: str) -> bool:
    return query.get(name, "") not in ("", "0", "no", "false")


def number(query: Mapping[str, str], name: str, default: int, least: int, most: int) -> int:
    """A parameter that is a number, moved into its bounds. Raises ApiError 400."""
    try:
        return max(least, min(most, int(query.get(name) or default)))
    except ValueError:
        raise ApiError(400, "bad_request", f"{name} is a number, not {query.get(name)!r}") from None


def missing() -> ApiError:
    return ApiError(404, "no_such_term", "there is no such term (any more)")


def moved() -> ApiError:
    return ApiError(409, "moved", "somebody changed the glossary meanwhile: look again, then repeat it")
