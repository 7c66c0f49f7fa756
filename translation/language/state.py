"""What is believed about one person's language in one conversation: small, immutable, plain JSON."""

from __future__ import annotations

import msgspec

VERSION = 1


class State(msgspec.Struct, frozen=True, omit_defaults=True):
    """The belief after the messages so far. Make one with ``detect``, keep it as ``encode(state)``."""

    weights: dict[str, float] = {}  # language -> probability, likeliest first
    language: str | None = None  # the one that is held now, with its variant ("pt-BR")
    messages: int = 0  # messages that said something about the language
    chosen: str | None = None  # set by a person: the visitor herself or an agent
    v: int = VERSION


def base(language: str) -> str:
    """The plain code of a language that may carry a variant: "pt-BR" > "pt"."""
    return language.split("-", 1)[0]


def encode(state: State) -> bytes:
    """The state as JSON, under 400 bytes."""
    return msgspec.json.encode(state)


def decode(payload: bytes | str) -> State | None:
    """The state from its JSON. None where the bytes are no state of this version: start afresh then."""
    try:
        state = msgspec.json.decode(payload, type=State)
    except (msgspec.DecodeError, UnicodeError):
        return None
    return state if state.v == VERSION else None


def choose(state: State | None, language: str) -> State:
    """The state after a person said which language it is; detection keeps to it unless clear messages say otherwise.

    ``language`` may carry a variant ("pt-BR").
    """
    before = state or State()
    return msgspec.structs.replace(before, weights={base(language): 1.0}, language=language, chosen=language)


def candidates(state: State | None, limit: int = 3) -> tuple[str, ...]:
    """The likeliest languages, likeliest first: what to ask the person about when detection is unsure."""
    return tuple(list(state.weights)[:limit]) if state else ()
