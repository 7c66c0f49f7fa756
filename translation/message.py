"""One request on its way: its pieces, what was tried for each, and in the end its outcome."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import regex

from conversation.receipt import Receipt, TermUse
from glossary.matcher import Match
from translation import insist, segment
from translation.direction import Direction
from translation.engines.base import Continuing, Freer, Hypothesis, Link
from translation.finish import finish
from translation.finished import Finished
from translation.part import Part, Said, between, inside, more_lost
from translation.prepare import Caution, Prepared, has_words, prepare, without_edges
from translation.protect import Span, find
from translation.request import Done, Failed, GlossarySnapshot, Outcome, Request
from translation.restore import strewn
from translation.segment import Piece
from translation.standin import BESIDE
from translation.uses import kept_terms, shifted
from translation.verify import copied_in_parts

MAX_LENGTH = 20_000  # characters; longer texts are no chat
MAX_PIECES = 500
USUAL = 5000  # characters; a longer text is tried again in few places only, for others wait meanwhile
MOST_AGAIN = 15_000, 5000  # characters that are tried again, of a text up to that length and of a longer one
_SURROGATE = regex.compile(r"[\ud800-\udfff]")
_CUT = {Caution.CODES: segment.sentences, Caution.FRAMED: segment.clauses, Caution.OPEN: segment.sentences}
_REACH = {"span-lost": Caution.APART, "number-changed": Caution.APART, "low-score": Caution.OPEN}
_WEIGHT = {
    "span-lost": 100, "number-changed": 100, "repetition": 4, "length": 3, "untranslated": 2, "language": 2,
    "low-score": 1,
}  # fmt: skip


class Message:
    """Prepares itself piece by piece, takes the engine's answers, and asks again where they do not hold."""

    def __init__(
        self, request: Request, direction: Direction, glossary: GlossarySnapshot | None, *, links: bool = False
    ) -> None:
        """``links``: somebody will ask for them."""
        self.direction = direction
        self._wants_links = links
        self._version = glossary.version if glossary else 0
        self._text = text = sound(request.text)
        self._again = MOST_AGAIN[len(text) > USUAL]
        self._failed: str | None = None
        self._parts: list[Part] = []
        self._spans: list[Span] = []
        self._names: list[Match] = []  # terms that are not to be translated
        self._matches: list[Match] = []
        if len(text) > MAX_LENGTH:
            self._failed = "too-long"
            return
        self._spans = find(text, direction.scripts)
        if request.kept:
            self._keep(request.kept)
        if glossary is not None:
            self._add_terms(glossary.match(text, request.source, request.target))
        for piece, spans in self._pieces():
            self._parts += self._known(piece, spans) or [Part(piece, spans)]
        if len(self._parts) > MAX_PIECES:
            self._failed = "too-long"
            return
        for part in self._parts:
            if part.best is None:
                self._prepare(part)

    def _keep(self, places: Sequence[Piece]) -> None:
        kept = [Span(start, end, "foreign") for start, end in places]
        others = [s for s in self._spans if not any(s.start < k.end and k.start < s.end for k in kept)]
        self._spans = sorted([*others, *kept], key=lambda span: span.start)

    def _add_terms(self, matches: Sequence[Match]) -> None:
        """Terms that must not be translated join the protected spans; none may overlap another span."""
        for match in matches:
            if any(span.start < match.end and match.start < span.end for span in self._spans):
                continue
            if match.do_not_translate:
                self._names.append(match)
            else:
                self._matches.append(match)
        if self._names:
            names = [Span(match.start, match.end, "term") for match in self._names]
            self._spans = sorted([*self._spans, *names], key=lambda span: span.start)

    def _pieces(self) -> list[tuple[Piece, Sequence[Span]]]:
        pieces: list[tuple[Piece, Sequence[Span]]] = []
        for line in segment.lines(self._text):
            spans = self._within(line)
            if not has_words(self._text, line, spans):
                continue
            for piece in segment.shorten(self._text, line, self.direction.fits, spans):
                within = self._within(piece) if spans else ()
                if has_words(self._text, piece, within):
                    pieces.append((piece, within))
        return pieces

    def _known(self, piece: Piece, spans: Sequence[Span]) -> list[Part]:
        """The parts of a piece with sentences that are always said the same way; none where it has no such sentence."""
        if not self.direction.phrases.sentences:
            return []
        parts: list[Part] = []
        found = False
        for sentence in segment.sentences(self._text, piece, spans):
            inner, within = without_edges(self._text, sentence, inside(spans, sentence))
            said = None if self._has_terms(inner) else self._said(inner, within)
            if said is not None:
                found = True
                parts.append(Part(inner, (), best=[Said(inner, Finished(said, repairs=frozenset({"phrase"})))]))
            elif parts and parts[-1].best is None:
                start = parts.pop().piece[0]
                parts.append(Part((start, sentence[1]), inside(spans, (start, sentence[1]))))
            else:
                parts.append(Part(sentence, inside(spans, sentence)))
        parts = [part for part in parts if part.best or has_words(self._text, part.piece, part.spans)]
        return parts if found else []

    def _said(self, piece: Piece, spans: Sequence[Span]) -> str | None:
        """The sentence as it is always said; what stands in it that is no part of it stays in it."""
        if not spans:
            return self.direction.phrases.whole(self._text[slice(*piece)])
        if not all(span.kind in BESIDE for span in spans):
            return None
        thin = "".join(self._text[slice(*each)] for each in between(piece, spans))
        said = self.direction.phrases.whole(" ".join(thin.split()))
        if said is None:
            return None
        moved = [Span(span.start - piece[0], span.end - piece[0], span.kind) for span in spans]
        return strewn(said, self._text[slice(*piece)], moved)

    def _has_terms(self, piece: Piece) -> bool:
        return any(piece[0] < match.end and match.start < piece[1] for match in self._matches)

    def _within(self, piece: Piece) -> list[Span]:
        return [span for span in self._spans if piece[0] <= span.start and span.end <= piece[1]] if self._spans else []

    @property
    def waiting(self) -> list[Prepared]:
        """What the engine is to translate next; empty when the message is through."""
        return [] if self._failed else [prepared for part in self._parts for prepared in part.waiting]

    def take(self, hypotheses: Sequence[Hypothesis]) -> None:
        """The answers to all that was ``waiting``, in its order. What does not hold waits again."""
        answers = iter(hypotheses)
        for part in self._parts:
            if not part.waiting:
                continue
            done = [(prepared, self._finish(prepared, next(answers))) for prepared in part.waiting]
            part.waiting = []
            if part.insisting:
                self._keep_safest(part, done)
                continue
            warnings = {warning for _, finished in done for warning in finished.warnings}
            if len(done) > 1 and not warnings and copied_in_parts([(p.source, f.text) for p, f in done]):
                warnings = {"untranslated"}  # too little in each part to be sure, but not in all of them
            part.lost = more_lost(part.lost, done)
            weight = sum(_WEIGHT[warning] for warning in warnings)
            if part.best is None or weight < part.best_weight:
                part.retried = part.best is not None
                part.best = [Said(prepared.piece, finished, prepared) for prepared, finished in done]
                part.best_weight = weight
            reach = max((_REACH.get(warning, Caution.OPEN) for warning in warnings), default=part.caution)
            while warnings and part.caution < reach and not part.waiting:
                part.caution = Caution(part.caution + 1)
                self._prepare(part)
            if not part.waiting:
                self._insist(part)
            self._again -= sum(len(prepared.text) for prepared in part.waiting)
            if self._again < 0:
                part.waiting = []  # what is wrong with the best so far stands in its warnings

    def _insist(self, part: Part) -> None:
        """Fills ``waiting`` with other ways to say terms that the best translation misses; nothing where it says all.

        ``insisting`` then has, for each of them, the place in ``best`` that it is for.
        """
        for index, said in enumerate(part.best or ()):
            if said.prepared is not None and said.finished.uses:
                forced = isinstance(self.direction.engine, Continuing)
                ways = insist.ways(
                    said.prepared, said.finished, self.direction.source, self.direction.target, forced=forced
                )
                part.waiting += ways
                part.insisting += [index] * len(ways)

    def _keep_safest(self, part: Part, done: Sequence[tuple[Prepared, Finished]]) -> None:
        assert part.best is not None
        for index, said in enumerate(part.best):
            tried = [each for at, each in zip(part.insisting, done, strict=True) if at == index]
            if (better := insist.safest(said.finished, tried)) is not None:
                part.best[index] = Said(said.piece, better)

    def fail(self, reason: str) -> None:
        """Ends the message with a reason."""
        self._failed = reason

    def _prepare(self, part: Part) -> None:
        """Fills ``waiting``, unless just the same was tried before."""
        if part.caution is Caution.OPEN and not isinstance(self.direction.engine, Freer):
            return
        cut = _CUT.get(part.caution)
        if part.caution is Caution.APART:
            pieces = between(part.piece, part.spans)
        else:
            pieces = cut(self._text, part.piece, part.spans) if cut else [part.piece]
        prepared = []
        for piece in pieces:
            spans = [span for span in part.spans if piece[0] <= span.start and span.end <= piece[1]]
            if has_words(self._text, piece, spans):
                prepared.append(
                    prepare(
                        self._text,
                        piece,
                        spans,
                        language=self.direction.source_language,
                        normaliser=self.direction.normaliser,
                        caution=part.caution,
                        lost=part.lost,
                    )
                )
        key = (str(part.caution is Caution.OPEN), *(item.text for item in prepared))
        if key not in part.tried:
            part.tried.add(key)
            part.waiting = prepared

    def _finish(self, prepared: Prepared, hypothesis: Hypothesis) -> Finished:
        start, end = prepared.piece
        matches = [
            replace(match, start=match.start - start, end=match.end - start)
            for match in self._matches
            if start <= match.start and match.end <= end
        ]
        return finish(prepared, hypothesis, self.direction, matches, links=self._wants_links)

    def outcome(self) -> Outcome:
        """What became of it."""
        if self._failed:
            return Failed(self._failed)
        out: list[str] = []
        length = at = 0
        uses: list[TermUse] = []
        for part in self._parts:
            for said in part.best or ():
                piece, finished = said.piece, said.finished
                gap = self._text[at : piece[0]]
                out += (gap, finished.text)
                length += len(gap)
                uses += (shifted(use, piece[0], length) for use in finished.uses)
                length += len(finished.text)
                at = piece[1]
        out.append(self._text[at:])
        text = "".join(out)
        uses += kept_terms(self._text, text, self._names)
        done = [said.finished for part in self._parts for said in part.best or ()]
        warnings = {warning for finished in done for warning in finished.warnings}
        repairs = {repair for finished in done for repair in finished.repairs}
        if any(part.retried for part in self._parts):
            repairs.add("retried")
        lost = sum(1 for finished in done for warning in finished.warnings if warning == "span-lost")
        receipt = Receipt(
            models=(self.direction.engine.name,) if any(part.tried for part in self._parts) else (),
            score=min((finished.score for finished in done), default=None),
            terms=tuple(sorted(uses, key=lambda use: use.source_span or (0, 0))),
            protected=max(0, len(self._spans) - lost),
            repairs=tuple(sorted(repairs)),
            warnings=tuple(sorted(warnings)),
            glossary_version=self._version,
        )
        return Done(text, receipt)

    @property
    def links(self) -> tuple[Link, ...]:
        """Which words of the translation come from which of the message; empty unless asked for at the beginning."""
        found: list[Link] = []
        shift = 0
        for part in self._parts:
            for said in part.best or ():
                (start, end), finished = said.piece, said.finished
                found += (
                    Link(
                        link.source_start + start,
                        link.source_end + start,
                        link.target_start + start + shift,
                        link.target_end + start + shift,
                    )
                    for link in finished.links
                )
                shift += len(finished.text) - (end - start)
        return tuple(found)


def sound(text: str) -> str:
    """Without surrogates: pairs become the character they stand for, the rest the replacement character."""
    if _SURROGATE.search(text):
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
