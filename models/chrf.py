"""chrF: how much of a reference's runs of characters a translation has, and the other way round. Pure.

As Popović, "chrF: character n-gram F-score for automatic MT evaluation" (2015), with runs of up to six characters,
blanks left out and recall counted twice: what sacrebleu calls ``chrF2``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

_LONGEST = 6
_BETA = 2


def chrf(translations: Sequence[str], references: Sequence[str]) -> float:
    """Of all of them together, from 0 to 100."""
    counts = [[0, 0, 0] for _ in range(_LONGEST)]  # runs of a length: in the translations, in the references, in both
    for translation, reference in zip(translations, references, strict=True):
        ours, theirs = "".join(translation.split()), "".join(reference.split())
        for length, count in enumerate(counts, 1):
            first, second = _runs(ours, length), _runs(theirs, length)
            count[0] += first.total() if second else 0  # of a reference this short nothing was to be expected
            count[1] += second.total()
            count[2] += (first & second).total()
    used = [count for count in counts if count[0] and count[1]]
    if not used:
        return 0.0
    precision = sum(both / ours for ours, _, both in used) / len(used)
    recall = sum(both / theirs for _, theirs, both in used) / len(used)
    if not precision + recall:
        return 0.0
    return 100 * (1 + _BETA**2) * precision * recall / (_BETA**2 * precision + recall)


def _runs(text: str, length: int) -> Counter[str]:
    return Counter(text[at : at + length] for at in range(len(text) - length + 1))
