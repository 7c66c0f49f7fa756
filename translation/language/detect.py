"""Which language a person writes: text, context and earlier messages weighed together. Pure and deterministic.

The model behind it: a person has one language and seldom changes it (``_SWITCH`` a message); a message is written in it,
except that short ones are sometimes borrowed from another ("thank you!" in a Portuguese chat). Each message moves the
belief by Bayes' rule. So a settled language stands against one borrowed phrase, a long clear message or two short
ones change it, and what says nothing ("ok", an order number) changes nothing.
"""

from __future__ import annotations

import math

from conversation.receipt import Detected
from translation.language.context import prior
from translation.language.evidence import Evidence
from translation.language.identify import Reading, ask_langdetect, read
from translation.language.state import State

UNSURE = 0.6  # below this confidence it is worth asking the person

_SWITCH = 0.005  # how likely a person changes the language from one message to the next
_SWITCH_CHOSEN = 1e-5  # the same once somebody said which language it is
_BORROWED = 0.4  # how likely a very short message is borrowed from another language ...
_BORROWED_LETTERS = 8.0  # ... falling by a factor e for every so many letters ...
_BORROWED_LEAST = 0.001  # ... to this
_SETTLED = 0.9  # langdetect is asked where the belief stays below this
_KEPT = 5
_LEAST = 1e-4


def detect(evidence: Evidence, state: State | None = None) -> tuple[State, Detected]:
    """Weighs one more message of a person. Returns the state to keep and the language with its reasons.

    ``Detected.language`` is the plain code that models are chosen by ("pt", "zh"); a variant, where one is known,
    stands in ``State.language`` ("pt-BR") and among the reasons ("variant:pt-BR"). Never raises for any text.
    """
    before, reasons = prior(evidence)
    if state is not None and state.weights:
        belief = _carry_on(state.weights, before, _SWITCH_CHOSEN if state.chosen else _SWITCH)
    else:
        state, belief = State(), before
    reading = read(evidence.text, evidence.names, tuple(belief))
    after = _update(belief, reading)
    if reading.size >= 3 and max(after.values()) < _SETTLED:
        reading = ask_langdetect(reading)
        after = _update(belief, reading)
    if not reading.logs and state.weights:
        after = state.weights
    ranked = dict(sorted(after.items(), key=lambda pair: (-pair[1], pair[0]))[:_KEPT])
    language, confidence = next(iter(ranked.items()))
    why = _why(language, reading, reasons, state)
    new = State(
        weights={code: round(weight, 5) for code, weight in ranked.items() if weight >= _LEAST},
        language=language,
        messages=state.messages + bool(reading.logs),
        chosen=state.chosen if state.chosen and base(state.chosen) == language else None,
    )
    return new, Detected(language, round(confidence, 3), why)


def base(language: str) -> str:
    """The plain code of a language that may carry a variant: "pt-BR" > "pt"."""
    return language.split("-", 1)[0]


def _carry_on(weights: dict[str, float], before: dict[str, float], switch: float) -> dict[str, float]:
    """The belief before the next message: a little of each language's weight goes to the others, as context has them."""
    leaving = {code: switch * weight / max(1e-9, 1 - before.get(code, 0.0)) for code, weight in weights.items()}
    away = sum(leaving.values())
    return {
        code: (1 - switch) * weights.get(code, 0.0) + before.get(code, 0.0) * (away - leaving.get(code, 0.0))
        for code in {**before, **weights}
    }


def _update(belief: dict[str, float], reading: Reading) -> dict[str, float]:
    """Bayes' rule: the belief after a reading. Sums to 1."""
    if not reading.logs:
        return belief
    borrowed = max(_BORROWED_LEAST, _BORROWED * math.exp(-reading.size / _BORROWED_LETTERS))
    lends, _ = prior(Evidence(""))
    likely = {code: math.exp(log) for code, log in reading.logs.items()}
    from_another = borrowed * sum(lends.get(code, 0.0) * p for code, p in likely.items())
    after = {code: p * ((1 - borrowed) * likely.get(code, 0.0) + from_another) for code, p in belief.items()}
    total = sum(after.values())
    return {code: p / total for code, p in after.items()}


def _why(language: str, reading: Reading, reasons: dict[str, tuple[str, ...]], state: State) -> tuple[str, ...]:
    why: list[str] = []
    if state.chosen and base(state.chosen) == language:
        why.append(f"chosen:{state.chosen}")
    if not reading.logs:
        why.append("nothing-to-read")
    elif reading.logs.get(language, -math.inf) > math.log(0.5):
        why += reading.why
    if state.messages and state.language and base(state.language) == language:
        why.append(f"earlier-messages:{state.messages}")
    why += reasons.get(language, ())
    return tuple(why) or ("guess",)
