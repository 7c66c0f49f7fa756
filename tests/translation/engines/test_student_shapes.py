"""Students of shapes that no wheel carries, made here, against a plain version of the network."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import sentencepiece

from models import marian_file, shortlist_file
from models.errors import ModelFileError
from tests.models.marian_writer import write_marian, write_shortlist
from tests.translation.engines.tiny import END, TEXTS, Shape, config, make
from translation.engines import network
from translation.engines.load import load
from translation.engines.search import GreedySearch
from translation.engines.shortlist import FullVocabulary, LexicalShortlist

SHAPES = {
    "as published": Shape(),
    "one layer, wide": Shape(width=64, heads=2, inner=128, encoder=1, decoder=1),
    "deep": Shape(encoder=4, decoder=3, heads=8),
    "split vocabularies": Shape(shared=False),
    "with a shortlist": Shape(shortlist=True),
    "recurrence with a projection": Shape(projection=True),
    "float weights": Shape(rounded=False, input_steps=False),
    "no steps for inputs": Shape(input_steps=False, shared=False),
}
LIMIT = 30


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_computes_what_the_network_says(tmp_path: Path, shape: Shape) -> None:
    installed, reference = make(tmp_path, shape)
    layout = network.from_file(marian_file.read(installed.files["model"]))
    assert (layout.width, layout.heads) == (shape.width, shape.heads)
    assert (len(layout.encoder), len(layout.decoder)) == (shape.encoder, shape.decoder)
    assert layout.encoder[0].feed_forward.inner.weights.shape == (shape.width, shape.inner)
    source_size, target_size = layout.source_words.words, layout.target_words.words
    assert (source_size, target_size) == ((50, 50) if shape.shared else (50, 65))

    vocabulary = sentencepiece.SentencePieceProcessor(model_file=str(installed.files["source_vocabulary"]))
    sources = [[*vocabulary.encode(text), END] for text in TEXTS]
    shortlist = (
        LexicalShortlist(shortlist_file.read(installed.files["shortlist"]), source_size, target_size, 1, shared=True)
        if shape.shortlist
        else FullVocabulary(target_size, 1)
    )
    candidates = [shortlist.candidates(source) for source in sources]
    search = GreedySearch(layout, END, 64, LIMIT + 1)
    found = search.run(sources, candidates, [LIMIT] * len(sources))
    for source, allowed, row in zip(sources, candidates, found, strict=True):
        scores, aligned = reference.steps(source, row.words)
        words = [*row.words, END] if row.ended else row.words
        assert set(words) <= set(allowed.tolist())
        chances = scores[: len(words), allowed]
        chances = chances - np.log(np.exp(chances).sum(axis=1, keepdims=True))
        chosen = chances[np.arange(len(words)), np.searchsorted(allowed, words)]
        # The best word at every step, but where a number close to the middle was rounded to the other side.
        missed = chances.max(axis=1) - chosen
        assert missed.max() < 0.1
        assert missed.mean() < 0.01
        assert row.score == pytest.approx(chosen.mean(), abs=0.02)
        same = sum(map(int.__eq__, row.aligned, aligned))
        assert same >= 0.9 * len(row.words)
        assert row.ended or len(row.words) == LIMIT


def test_engines_of_other_shapes_translate_in_any_company(tmp_path: Path) -> None:
    installed, _ = make(tmp_path, Shape(shared=False, decoder=3, shortlist=True))
    engine = load(installed)
    texts = [" ".join(text.split()[: 1 + n % 9]) for n, text in enumerate(TEXTS * 12)]
    together = engine.translate(texts)
    alone = [engine.translate([text])[0] for text in texts]
    assert [hypothesis.text for hypothesis in together] == [hypothesis.text for hypothesis in alone]
    assert len({hypothesis.text for hypothesis in together}) > 10


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("dec-cell: gru", "dec-cell is 'gru', not 'ssru'"),
        ("transformer-decoder-autoreg: self-attention", "transformer-decoder-autoreg"),
        ("transformer-preprocess: n", "transformer-preprocess"),
        ("transformer-ffn-activation: swish", "transformer-ffn-activation"),
        ("transformer-train-position-embeddings: true", "position"),
        ("dim-emb: wide", "without a usable 'dim-emb'"),
        ("transformer-heads: 5", "5 heads over a width of 32"),
        ("enc-depth: 3", "encoder_l3_self_Wq"),
        ("dim-emb: 64", "'Wemb' has the shape"),
    ],
)
def test_refuses_other_networks_with_the_files_name(tmp_path: Path, line: str, reason: str) -> None:
    installed, _ = make(tmp_path, Shape())
    file = marian_file.read(installed.files["model"])
    changed = marian_file.MarianFile(file.path, file.tensors, {**file.config, **marian_file.parse_config(line)})
    with pytest.raises(ModelFileError, match=rf"model\.xxyy\.bin: .*{reason}"):
        network.from_file(changed)


def test_refuses_a_shortlist_or_vocabulary_of_another_model(tmp_path: Path) -> None:
    installed, _ = make(tmp_path, Shape(shortlist=True))
    path = installed.files["shortlist"]
    write_shortlist(path, [[3]] * 49, frequent=5)
    with pytest.raises(ModelFileError, match=r"lex\.xxyy\.bin: belongs to another vocabulary"):
        load(installed)
    write_shortlist(path, [[50]] * 50, frequent=5)
    with pytest.raises(ModelFileError, match=r"lex\.xxyy\.bin: belongs to another vocabulary"):
        load(installed)
    installed.files["source_vocabulary"].write_bytes(b"\x0a\xff\xff nothing")
    with pytest.raises(ModelFileError, match=r"vocab\.xxyy\.spm: is not a SentencePiece vocabulary"):
        load(installed)


def test_refuses_a_vocabulary_with_more_words_than_the_network(tmp_path: Path) -> None:
    (tmp_path / "big").mkdir()
    large, _ = make(tmp_path / "big", Shape(shared=False))
    small, _ = make(tmp_path, Shape())
    small.files["source_vocabulary"].write_bytes(large.files["target_vocabulary"].read_bytes())
    with pytest.raises(ModelFileError, match=r"model\.xxyy\.bin: knows 50 words, its vocabulary 65"):
        load(small)


def test_refuses_a_file_without_tensors(tmp_path: Path) -> None:
    path = write_marian(tmp_path / "model.bin", config(Shape()), {"other": np.zeros((1, 1), np.float32)})
    with pytest.raises(ModelFileError, match=r"model\.bin: the tensor 'decoder_Wemb' is missing"):
        network.from_file(marian_file.read(path))
