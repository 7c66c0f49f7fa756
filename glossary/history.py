"""The glossary's change log: who changed which terms when."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from glossary.term import Term


class TermChange(msgspec.Struct, frozen=True):
    """One term before and after; None where it did not exist."""

    id: str
    before: Term | None
    after: Term | None


class Entry(msgspec.Struct, frozen=True):
    """One change of the glossary, which may concern many terms. ``when`` in milliseconds since 1970.

    ``count``: the terms concerned; ``changes`` may be asked for as the first of them only. ``about``: what the change
    was, where it was no edit: "import", "undo 5", "restore 3", "proposal p1".
    """

    version: int
    when: int
    who: str
    count: int
    changes: tuple[TermChange, ...]
    about: str = ""


encode_changes = msgspec.json.Encoder().encode
decode_changes = msgspec.json.Decoder(tuple[TermChange, ...]).decode


def entry(entry_id: bytes, fields: Mapping[bytes, bytes], changes: tuple[TermChange, ...]) -> Entry:
    """An entry as the stream holds it."""
    version = int(entry_id.split(b"-", 1)[0])
    about = fields.get(b"a", b"").decode()
    return Entry(version, int(fields[b"t"]), fields[b"w"].decode(), int(fields[b"n"]), changes, about)
