"""What goes in and out of the glossary's endpoints.

Inside wordings, forms, rules and term uses, fields that hold their default may be left out.
"""

from __future__ import annotations

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from glossary.clashes import Clash
from glossary.term import Form, Kind, PartOfSpeech, Rules, Status, Term, Wording
from glossary.trial import Said
from glossary.use import Message, Use


class TermForm(msgspec.Struct, omit_defaults=True):
    """A term as somebody fills it in. In a change, what is left out stays as it was.

    ``texts`` is the short way to say ``wordings``: a text that stays keeps its forms, another text loses them, an
    empty one leaves the language out. ``id`` counts only where a term is added, or where the form says which it means.
    """

    id: str | UnsetType = UNSET
    texts: dict[str, str] | UnsetType = UNSET
    wordings: dict[str, Wording] | UnsetType = UNSET
    kind: Kind | UnsetType = UNSET
    do_not_translate: bool | UnsetType = UNSET
    status: Status | UnsetType = UNSET
    rules: Rules | UnsetType = UNSET
    part_of_speech: PartOfSpeech | UnsetType = UNSET
    scope: list[str] | UnsetType = UNSET
    note: str | UnsetType = UNSET


class TermView(msgspec.Struct):
    """A term as it is stored, what became of it in messages, and what it clashes with."""

    id: str
    texts: dict[str, str]
    wordings: dict[str, Wording]
    kind: Kind
    do_not_translate: bool
    status: Status
    rules: Rules
    part_of_speech: PartOfSpeech
    scope: tuple[str, ...]
    note: str
    author: str
    created: int
    changed: int
    use: Use
    warnings: list[Clash]


class Language(msgspec.Struct):
    code: str
    terms: int


class TermList(msgspec.Struct):
    """``total``: terms that fit the query; ``all``: terms in the glossary."""

    version: int
    total: int
    all: int
    offset: int
    languages: list[Language]
    scopes: list[str]
    authors: list[str]
    terms: list[TermView]


class Check(msgspec.Struct):
    term: TermForm
    id: str | None = None


class Checked(msgspec.Struct):
    """``forms``: what the languages' rules make of the texts, to begin with."""

    warnings: list[Clash]
    forms: dict[str, list[Form]]


class BatchChange(msgspec.Struct):
    """No id: a new term. No term: the one with the id is deleted."""

    term: TermForm | None
    id: str | None = None


class Batch(msgspec.Struct):
    changes: list[BatchChange]
    seen: int | None = None


class BatchDone(msgspec.Struct):
    version: int
    terms: list[TermView]
    deleted: list[str]


class RowNote(msgspec.Struct):
    """What is to be said of one row; rows are counted as spreadsheets do."""

    row: int
    column: str
    message: str
    kind: str


class RowNotes(msgspec.Struct):
    """``items`` are the first hundred."""

    total: int
    items: list[RowNote]


class RowChange(msgspec.Struct):
    row: int
    before: TermView
    after: TermView


class Imported(msgspec.Struct):
    """What an import did, or with ``preview`` would do. The first fifty of each kind are shown."""

    version: int
    preview: bool
    format: str
    layout: str
    languages: list[str]
    rows: int
    added: int
    changed: int
    unchanged: int
    deleted: int
    conflicts: RowNotes
    warnings: RowNotes
    adds: list[TermView]
    changes: list[RowChange]
    deletes: list[TermView]


class ChangeView(msgspec.Struct):
    id: str
    before: TermView | None
    after: TermView | None


class EntryView(msgspec.Struct):
    """One change of the glossary. ``count``: terms concerned; ``changes`` may be the first of them."""

    version: int
    when: int
    who: str
    about: str
    count: int
    changes: list[ChangeView]


class History(msgspec.Struct):
    version: int
    entries: list[EntryView]
    more: bool


class Undo(msgspec.Struct):
    """``terms``: only these; None: all that the change concerned. ``force``: also where they were changed again."""

    terms: list[str] | None = None
    force: bool = False


class Undone(msgspec.Struct):
    version: int
    restored: int


class Restore(msgspec.Struct):
    version: int
    preview: bool = False


class Restored(msgspec.Struct):
    version: int
    adds: int
    changes: int
    deletes: int


class TermUsed(msgspec.Struct):
    """``messages``: where it was met last; none for who may not read conversations."""

    use: Use
    messages: list[Message]


class Stats(msgspec.Struct):
    terms: int
    approved: int
    drafts: int
    retired: int
    use: Use
    proposals: int


class Try(msgspec.Struct):
    text: str
    source: str
    target: str
    drafts: list[TermForm] = []
    scope: list[str] = []


class Tried(msgspec.Struct):
    """The same text without a glossary, with the glossary as it is, and with the drafts."""

    plain: Said
    without: Said
    with_: Said = msgspec.field(name="with")
    ms: float = 0.0


class DryRun(msgspec.Struct):
    drafts: list[TermForm]
    messages: int = 500


class NewProposal(msgspec.Struct):
    term: TermForm
    comment: str = ""
    conversation: str | None = None
    seq: int | None = None


class ProposalView(msgspec.Struct):
    id: str
    term: TermForm
    texts: dict[str, str]
    comment: str
    conversation: str | None
    seq: int | None
    by: str
    when: int
    state: Literal["open", "accepted", "refused"]
    decided_by: str
    decided_when: int
    answer: str
    term_id: str


class ProposalList(msgspec.Struct):
    open: int
    proposals: list[ProposalView]


class Decision(msgspec.Struct):
    """``term``: what the maintainer made of it; None: as it was proposed."""

    term: TermForm | None = None
    answer: str = ""


def view(term: Term, use: Use | None = None, warnings: list[Clash] | None = None) -> TermView:
    return TermView(
        id=term.id,
        texts={language: wording.text for language, wording in term.wordings.items()},
        wordings=term.wordings,
        kind=term.kind,
        do_not_translate=term.do_not_translate,
        status=term.status,
        rules=term.rules,
        part_of_speech=term.part_of_speech,
        scope=term.scope,
        note=term.note,
        author=term.author,
        created=term.created,
        changed=term.changed,
        use=use or Use(),
        warnings=warnings or [],
    )
