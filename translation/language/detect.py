"""Which language a person writes: text, context and earlier messages weighed together. Pure and deterministic.

The model behind it: a person has one language and seldom changes it (``_SWITCH`` a message); messages are in it,
except that short ones are sometimes borrowed from another ("thank you!" in a Portuguese chat). Each message moves the
belief by Bayes' rule. So a settled language stands against one borrowed phrase, a long clear message or two short
ones change it, and what says nothing ("ok", an order number) changes nothing.
"""

from __future__ import annotations

import math

from msgspec.structs import replace

from conversation.receipt import Detected
from translation.language import words
from translation.language.context import prior
from translation.language.evidence import Evidence
from translation.language.identify import Reading, ask_langdetect, read
from translation.language.state import State, base
from translation.language.variants import variant

UNSURE = 0.6  # below this confidence it is worth asking the person

_SWITCH = 0.005  # how likely a person changes the language from one message to the next
_SWITCH_CHOSEN = 1e-5  # the same once somebody said which language it is
_CERTAIN = 0.99  # from here on the belief needs no more support
_SETTLED = 0.7  # langdetect is asked where the belief stays below this
_SUPPORTS = -3.0  # natural log: a text speaks for a language that explains it nearly as well as the best
_LANGDETECT_LETTERS = 3
_KEPT = 5  # languages that a state remembers ...
_LEAST = 1e-4  # ... and the least probability worth remembering


def detect(evidence: Evidence, state: State | None = None) -> tuple[State, Detected]:
    """Weighs one more message of a person. Returns the state to keep and the language with its reasons.

    ``Detected.language`` is the plain code that models are chosen by ("pt", "zh"); a variant, where one is known,
    stands in ``State.language`` ("pt-BR") and among the reasons ("variant:pt-BR"). Never raises for any text.
    """
    before, reasons = prior(evidence)
    if state is not None and _goes_on(evidence, state):
        return _as_before(evidence, state, reasons)
    if state is not None and state.weights:
        belief = _carry_on(state.weights, before, _SWITCH_CHOSEN if state.chosen else _SWITCH)
    else:
        state, belief = State(), before
    reading = read(evidence.text, evidence.names, tuple(belief))
    after = _update(belief, reading)
    if reading.size >= _LANGDETECT_LETTERS and max(after.values()) < _SETTLED:
        reading = ask_langdetect(reading)
        after = _update(belief, reading)
    if reading.logs:
        weights = dict(sorted(after.items(), key=lambda pair: (-pair[1], pair[0]))[:_KEPT])
    else:  # nothing was said: the state stays, and without one the context, which comes with each message anyway
        weights = state.weights
    language = min(weights or before, key=lambda code: (-(weights or before)[code], code))
    exact = variant(language, evidence, state.language)
    why = _why(language, exact, reading, reasons, state)
    new = State(
        weights={code: round(weight, 5) for code, weight in weights.items() if weight >= _LEAST},
        language=exact,
        messages=state.messages + bool(reading.logs),
        chosen=state.chosen if state.chosen and base(state.chosen) == language else None,
    )
    return new, Detected(language, round(min(1.0, (weights or before)[language]), 3), why or ("guess",))


def _goes_on(evidence: Evidence, state: State) -> bool:
    """Whether a message plainly is in the language that is settled, so that nothing is to be weighed: a third of all
    messages, for a fiftieth of the time."""
    held = base(state.language or "")
    return state.weights.get(held, 0.0) >= _CERTAIN and words.plainly(evidence.text, held)


def _as_before(evidence: Evidence, state: State, reasons: dict[str, tuple[str, ...]]) -> tuple[State, Detected]:
    exact = state.language or ""
    held = base(exact)
    reading = Reading(evidence.text, len(evidence.text), {held: 0.0}, 0.0, ("words",))
    why = _why(held, exact, reading, reasons, state)
    return replace(state, weights={held: 1.0}, messages=state.messages + 1), Detected(held, 1.0, why)


def _carry_on(weights: dict[str, float], before: dict[str, float], switch: float) -> dict[str, float]:
    """The belief before the next message: a little of each weight goes to the other languages."""
    rest = max(0.0, 1 - sum(weights.values()))  # what the state leaves out
    leaving = {code: switch * weight / max(1e-9, 1 - before.get(code, 0.0)) for code, weight in weights.items()}
    away = sum(leaving.values())
    return {
        code: (1 - switch) * weights.get(code, 0.0) + before.get(code, 0.0) * (rest + away - leaving.get(code, 0.0))
        for code in {**before, **weights}
    }


def _update(belief: dict[str, float], reading: Reading) -> dict[str, float]:
    """Bayes' rule: the belief after a reading. Sums to 1."""
    if not reading.logs:
        return belief
    lends, _ = prior(Evidence(""))
    likely = {code: math.exp(log) for code, log in reading.logs.items()}
    from_another = reading.borrowed * sum(lends.get(code, 0.0) * p for code, p in likely.items())
    after = {code: p * ((1 - reading.borrowed) * likely.get(code, 0.0) + from_another) for code, p in belief.items()}
    total = sum(after.values())
    return {code: p / total for code, p in after.items()}


def _why(
    language: str, exact: str, reading: Reading, reasons: dict[str, tuple[str, ...]], state: State
) -> tuple[str, ...]:
    why: list[str] = []
    if state.chosen and base(state.chosen) == language:
        why.append(f"chosen:{state.chosen}")
    if not reading.logs:
        why.append("nothing-to-read")
    elif reading.logs.get(language, -math.inf) > _SUPPORTS:
        why += reading.why
    if state.messages and state.language and base(state.language) == language:
        why.append(f"earlier-messages:{state.messages}")
    why += reasons.get(language, ())
    if exact != language:
        why.append(f"variant:{exact}")
    return tuple(why)
