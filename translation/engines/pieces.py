"""SentencePiece vocabularies: text to pieces and back, with the place of each piece in the text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import sentencepiece

from models.errors import ModelFileError

# Neither has a form in UTF-8 text as the library takes it. Both are replaced one for one, so places stay right.
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_NUL = "\0"


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text cut into pieces, or put together from them. ``spans`` are in code points, blanks around left out."""

    text: str
    ids: list[int]
    spans: list[tuple[int, int]]


class Vocabulary:
    """One SentencePiece model. May be shared by threads."""

    def __init__(self, path: Path) -> None:
        """Raises ModelFileError."""
        try:
            self._processor = sentencepiece.SentencePieceProcessor(model_proto=path.read_bytes())
        except OSError as error:
            raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error
        except RuntimeError as error:
            raise ModelFileError(path, "is not a SentencePiece vocabulary") from error
        self.end: int = self._processor.eos_id()
        self.unknown: int = self._processor.unk_id()
        self.size: int = self._processor.get_piece_size()
        if self.end < 0:
            raise ModelFileError(path, "is a vocabulary without an end of sentence")

    def count(self, text: str) -> int:
        return len(self._processor.encode(_encodable(text)))

    def knows(self, char: str) -> bool:
        """Whether a character can be made of the pieces."""
        return self.unknown not in self._processor.encode(_encodable(char))

    def ids(self, text: str) -> list[int]:
        """Without the end of the sentence."""
        ids: list[int] = self._processor.encode(_encodable(text))
        return ids

    def cut(self, text: str) -> Pieces:
        """Without the end of the sentence."""
        cut = self._processor.encode(_encodable(text), return_type="offset_mapping")
        return Pieces(text, cut["ids"], _without_blanks(text, cut["offsets"]))

    def join(self, ids: list[int]) -> Pieces:
        joined = self._processor.decode(ids, return_type="offset_mapping")
        text: str = joined["text"]
        return Pieces(text, ids, _without_blanks(text, joined["offsets"]))


def _encodable(text: str) -> str:
    return _LONE_SURROGATE.sub("\ufffd", text).replace(_NUL, " ")


def _without_blanks(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Pieces carry the blank before a word. A piece that is only blanks has an empty span."""
    trimmed = []
    for start, end in spans:
        piece = text[start:end]
        words = piece.lstrip()
        trimmed.append((end - len(words), end - len(words) + len(words.rstrip())))
    return trimmed
