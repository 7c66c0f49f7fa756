"""What the words around a noun agree with. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Noun:
    """What the words around a noun must agree with; "" where it is not known."""

    gender: str
    number: str


@dataclass(frozen=True, slots=True)
class Change:
    """The noun that stood there, and the one that stands there now."""

    old: Noun
    new: Noun


def together(one: set[tuple[str, str]], other: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Genders and numbers that fit both; "" fits any."""
    return {
        (a_gender or b_gender, a_number or b_number)
        for a_gender, a_number in one
        for b_gender, b_number in other
        if (a_gender == b_gender or not a_gender or not b_gender)
        and (a_number == b_number or not a_number or not b_number)
    }


def pick(guess: str, possible: set[str]) -> str:
    """What of ``possible`` it is: the guess where that can be, else the only one; "" where several can be."""
    possible = possible - {""}
    if not possible or guess in possible:
        return guess
    return next(iter(possible)) if len(possible) == 1 else ""
