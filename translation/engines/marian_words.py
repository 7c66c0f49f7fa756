"""MarianMT's vocabularies: text to words of the model and back, with the place of each in the text.

SentencePiece cuts the text; the pieces themselves, not their numbers, are the model's words. A vocabulary shared by
both sides may hold pieces that only the other side's SentencePiece model makes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import sentencepiece

from models.errors import ModelFileError

END = "</s>"
UNKNOWN = "<unk>"
_BLANK = "▁"  # stands for the blank before a word
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_SPECIAL = frozenset((END, UNKNOWN, "<pad>"))
# What a text could use to pass for the word that chooses the target language.
_LANGUAGE = re.compile(r">>[^<>\s]*<<")


@dataclass(frozen=True, slots=True)
class Words:
    """A text as words of the model. ``spans`` are in code points, blanks around left out."""

    text: str
    words: list[str]
    spans: list[tuple[int, int]]


class Cutter:
    """Cuts texts of one side. May be shared by threads."""

    def __init__(self, pieces: Path, vocabulary: Path) -> None:
        """``vocabulary``: a list of words in JSON. Raises ModelFileError."""
        try:
            self._processor = sentencepiece.SentencePieceProcessor(model_proto=pieces.read_bytes())
        except OSError as error:
            raise ModelFileError(pieces, f"cannot be read ({error.strerror or error})") from error
        except RuntimeError as error:
            raise ModelFileError(pieces, "is not a SentencePiece vocabulary") from error
        try:
            words = json.loads(vocabulary.read_bytes())
        except (OSError, ValueError) as error:
            raise ModelFileError(vocabulary, "cannot be read as a vocabulary") from error
        if not isinstance(words, list) or not {END, UNKNOWN} <= (known := set(words)):
            raise ModelFileError(vocabulary, "is not the vocabulary of a MarianMT model")
        self._known: set[str] = known

    def __contains__(self, word: str) -> bool:
        return word in self._known

    def count(self, text: str) -> int:
        return len(self._processor.encode(_encodable(text)))

    def knows(self, char: str) -> bool:
        """Whether a character can be made of the model's words."""
        pieces = self._processor.encode(_encodable(char), out_type=str)
        return all(piece in self._known for piece in pieces if piece != _BLANK) and bool(pieces)

    def cut(self, text: str) -> Words:
        """Without the end of the sentence."""
        cut = self._processor.encode(_encodable(text), return_type="offset_mapping")
        # A piece that the runtime takes for a mark of its own must not come from a text.
        words = [piece if piece in self._known and piece not in _SPECIAL else UNKNOWN for piece in cut["pieces"]]
        return Words(text, words, [_trimmed(text, *span) for span in cut["offsets"]])


def join(words: Sequence[str]) -> Words:
    """The text that words of the target side spell. Marks that are no text have empty spans."""
    text = ""
    ends = []
    for word in words:
        if word not in _SPECIAL and not _LANGUAGE.fullmatch(word):
            text += word.replace(_BLANK, " ")
        ends.append(len(text))
    blanks = len(text) - len(text.lstrip())
    text = text.strip()
    ends = [min(max(end - blanks, 0), len(text)) for end in ends]
    spans = [_trimmed(text, start, end) for start, end in zip([0, *ends], ends, strict=False)]
    return Words(text, list(words), spans)


def _encodable(text: str) -> str:
    """Lone surrogates and NUL are replaced one for one, so places stay right."""
    return _LONE_SURROGATE.sub("\ufffd", text).replace("\0", " ")


def _trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    piece = text[start:end]
    word = piece.lstrip()
    return end - len(word), end - len(word) + len(word.rstrip())
