"""Whether a visitor is asked which language she writes in: the summary's field ``language_ask``.

It holds the languages to choose from with spaces between, nothing while there is no question, and ``ENOUGH`` once a
person has set the language: then she is not asked again.
"""

from __future__ import annotations

FIELD = "language_ask"
ENOUGH = "-"


def asked(value: str | None) -> tuple[str, ...]:
    """The languages that she is asked about, likeliest first; empty: she is not asked."""
    return tuple(value.split()) if value and value != ENOUGH else ()
