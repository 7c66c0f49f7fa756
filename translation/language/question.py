"""When to ask a person which language she writes in, and which languages to offer her."""

from __future__ import annotations

from conversation.receipt import Detected
from translation.language.detect import UNSURE
from translation.language.evidence import Evidence, accepted, parse_locale
from translation.language.state import State, base, candidates

MOST = 4  # languages to choose from
_WORTH = 0.1  # less likely ones are not offered


def question(evidence: Evidence, state: State, detected: Detected) -> tuple[str, ...]:
    """The languages to ask about, likeliest first, plain codes; none where it is clear enough or was said by a person.

    What her messages hint at comes first, then her last conversation, the page, her browser and the shop.
    """
    if state.chosen or detected.confidence >= UNSURE:
        return ()
    likely = [code for code in candidates(state) if state.weights[code] >= _WORTH]
    page = parse_locale(evidence.page_locale)
    past = [locale for tag in evidence.earlier_languages[:1] if (locale := parse_locale(tag))]
    context = [locale.language for locale in (*past, *filter(None, [page]))]
    context += [locale.language for locale, _ in accepted(evidence.accept_language)]
    context += [base(tag) for tag in evidence.shop_languages]
    return tuple(dict.fromkeys((*likely, *context)))[:MOST]
