"""Students of shapes that no wheel carries, made here, against a plain version of the network."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
import sentencepiece

from models import marian_file, shortlist_file
from models.errors import ModelFileError
from tests.models.marian_writer import Floats, write_marian, write_shortlist
from tests.translation.engines.tiny import END, SOURCE_WORDS, TEXTS, Shape, config, make, positions
from translation.engines import network
from translation.engines.base import UNREPEATED, Hypothesis, repeats
from translation.engines.load import load
from translation.engines.search import GreedySearch
from translation.engines.shortlist import FullVocabulary, LexicalShortlist
from translation.engines.student import Student

SHAPES = {
    "as published": Shape(),
    "one layer, wide": Shape(width=64, heads=2, inner=128, encoder=1, decoder=1),
    "deep": Shape(encoder=4, decoder=3, heads=8),
    "split vocabularies": Shape(shared=False),
    "with a shortlist": Shape(shortlist=True),
    "recurrence with a projection": Shape(projection=True),
    "float weights": Shape(rounded=False, input_steps=False),
    "no steps for inputs": Shape(input_steps=False, shared=False),
    "attention to the words before": Shape(attends=True),
    "the same, deep, split vocabularies": Shape(attends=True, shared=False, encoder=3, decoder=4, heads=8),
    "the same, wide, with a shortlist": Shape(attends=True, width=64, inner=128, decoder=1, shortlist=True),
    "the same, float weights": Shape(attends=True, rounded=False, input_steps=False),
    "the same, no steps for inputs": Shape(attends=True, input_steps=False, shared=False),
}
# Without rounded inputs no number can fall to the other side of a middle: the words are the same, one by one.
EXACT = {
    f"{name}, {'attention' if attends else 'recurrence'}": Shape(
        **shape, attends=attends, rounded=False, input_steps=False
    )
    for attends in (True, False)
    for name, shape in {
        "as published": {},
        "one layer, wide": {"width": 64, "heads": 2, "inner": 128, "encoder": 1, "decoder": 1},
        "deep, split vocabularies": {"encoder": 3, "decoder": 4, "heads": 8, "shared": False},
        "with a shortlist": {"shortlist": True, "decoder": 3},
    }.items()
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


@pytest.mark.parametrize("shape", EXACT.values(), ids=EXACT.keys())
def test_says_word_for_word_what_the_network_says(tmp_path: Path, shape: Shape) -> None:
    installed, reference = make(tmp_path, shape, seed=1)
    engine = load(installed)
    assert isinstance(engine, Student)
    texts = [" ".join(text.split()[: 1 + n]) for n, text in enumerate(TEXTS[:4])]
    words = [[*engine._source_words.cut(text).ids, END] for text in texts]
    expected = [
        reference.greedy(source, engine._shortlist.candidates(source).tolist(), max(int(len(source) * 2.5), 8))
        for source in words
    ]
    said = [engine._target_words.join(ids).text for ids, _ in expected]
    assert len(set(said)) == len(texts)
    together = engine.translate(texts)
    assert [hypothesis.text for hypothesis in together] == said
    assert [hypothesis.score for hypothesis in together] == pytest.approx([score for _, score in expected], abs=1e-4)
    assert [engine.translate([text])[0].text for text in texts] == said


@pytest.mark.parametrize("depth", [1, 3])
def test_attention_to_the_words_before_is_that_of_transformers(tmp_path: Path, depth: int) -> None:
    torch = pytest.importorskip("torch", reason="torch is not installed")
    pytest.importorskip("transformers", reason="transformers is not installed: it is what is compared with")
    shape = Shape(attends=True, rounded=False, input_steps=False, decoder=depth, encoder=2)
    installed, reference = make(tmp_path, shape, seed=7)
    model = as_marianmt(shape, reference.weights)
    engine = load(installed)
    assert isinstance(engine, Student)
    for text, hypothesis in zip(TEXTS, engine.translate(TEXTS), strict=True):
        source = [*engine._source_words.cut(text).ids, END]
        pad = model.config.pad_token_id
        with torch.no_grad():
            found = model.generate(
                input_ids=torch.tensor([source]), num_beams=1, do_sample=False, max_length=None,
                max_new_tokens=int(len(source) * 2.5), bad_words_ids=[[pad], [1]],
            )  # fmt: skip
        words = found[0, 1:].tolist()
        assert hypothesis.text == engine._target_words.join([word for word in words if word != END]).text
        assert len(words) > 5


@pytest.mark.parametrize("attends", [False, True])
def test_engines_of_other_shapes_translate_in_any_company(tmp_path: Path, attends: bool) -> None:
    installed, _ = make(tmp_path, Shape(shared=False, decoder=3, shortlist=True, attends=attends))
    engine = load(installed)
    texts = [" ".join(text.split()[: 1 + n % 9]) for n, text in enumerate(TEXTS * 12)]
    together = engine.translate(texts)
    alone = [engine.translate([text])[0] for text in texts]
    assert [hypothesis.text for hypothesis in together] == [hypothesis.text for hypothesis in alone]
    assert len({hypothesis.text for hypothesis in together}) > 10


@pytest.mark.parametrize("attends", [False, True])
def test_decodes_freely_with_every_word_and_not_in_circles(tmp_path: Path, attends: bool) -> None:
    installed, _ = make(tmp_path, Shape(shortlist=True, shared=False, attends=attends), seed=2)
    write_shortlist(installed.files["shortlist"], [[9]] * SOURCE_WORDS, frequent=5)
    engine = load(installed)
    assert isinstance(engine, Student)

    def words(found: list[Hypothesis]) -> list[list[int]]:
        return [engine._target_words.cut(hypothesis.text).ids for hypothesis in found]

    usual, free = words(engine.translate(TEXTS)), words(engine.translate_freely(TEXTS))
    assert all(repeats(said, UNREPEATED) for said in usual)
    # Other pieces may spell the same, so a few runs of them may still come twice.
    assert not any(repeats(said, UNREPEATED + 2) for said in free)
    assert len({word for said in free for word in said}) > 6 >= len({word for said in usual for word in said})
    assert [engine.translate_freely([text])[0].text for text in TEXTS] == [
        hypothesis.text for hypothesis in engine.translate_freely(TEXTS)
    ]


def test_a_source_that_repeats_itself_may_do_so_in_the_translation(tmp_path: Path) -> None:
    installed, _ = make(tmp_path, Shape(), seed=2)
    engine = load(installed)
    assert isinstance(engine, Student)
    text = "the fox the fox the fox"
    assert engine.translate_freely([text]) == engine.translate([text])


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("dec-cell: gru", "dec-cell is 'gru', not 'ssru'"),
        ("transformer-decoder-autoreg: average-attention", "transformer-decoder-autoreg"),
        ("transformer-decoder-autoreg: self-attention", "decoder_l1_self_Wq"),
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


def as_marianmt(shape: Shape, weights: dict[str, Floats]) -> Any:
    """transformers' network with the weights of a student whose decoder attends to the words before."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    config = MarianConfig(
        vocab_size=SOURCE_WORDS + 1, d_model=shape.width, scale_embedding=True, activation_function="relu",
        encoder_layers=shape.encoder, encoder_attention_heads=shape.heads, encoder_ffn_dim=shape.inner,
        decoder_layers=shape.decoder, decoder_attention_heads=shape.heads, decoder_ffn_dim=shape.inner,
        max_position_embeddings=128, pad_token_id=SOURCE_WORDS, decoder_start_token_id=SOURCE_WORDS, eos_token_id=END,
        forced_eos_token_id=None,
    )  # fmt: skip
    model = MarianMTModel(config).eval()
    state: dict[str, Any] = {"final_logits_bias": np.append(weights["decoder_ff_logit_out_b"], [[0]], axis=1)}
    words = np.pad(weights["Wemb"], ((0, 1), (0, 0)))  # the last one pads, and stands before the first word
    for name in ("model.shared", "model.encoder.embed_tokens", "model.decoder.embed_tokens", "lm_head"):
        state[f"{name}.weight"] = words
    for side in ("encoder", "decoder"):
        state[f"model.{side}.embed_positions.weight"] = positions(128, shape.width)
        for layer in range(getattr(shape, side)):
            ours, theirs = f"{side}_l{layer + 1}", f"model.{side}.layers.{layer}"
            attentions = {"self": "self_attn"} | ({"context": "encoder_attn"} if side == "decoder" else {})
            for one, other in attentions.items():
                for part, projection in zip("qkvo", ("q_proj", "k_proj", "v_proj", "out_proj"), strict=True):
                    state[f"{theirs}.{other}.{projection}.weight"] = weights[f"{ours}_{one}_W{part}"].T
                    state[f"{theirs}.{other}.{projection}.bias"] = weights[f"{ours}_{one}_b{part}"][0]
            norms = {f"{one}_Wo": f"{other}_layer_norm" for one, other in attentions.items()} | {
                "ffn_ffn": "final_layer_norm"
            }
            for one, other in norms.items():
                for kind, name in (("scale", "weight"), ("bias", "bias")):
                    state[f"{theirs}.{other}.{name}"] = weights[f"{ours}_{one}_ln_{kind}"][0]
            for number in (1, 2):
                state[f"{theirs}.fc{number}.weight"] = weights[f"{ours}_ffn_W{number}"].T
                state[f"{theirs}.fc{number}.bias"] = weights[f"{ours}_ffn_b{number}"][0]
    model.load_state_dict({name: torch.tensor(np.asarray(value, np.float32)) for name, value in state.items()})
    for module in model.modules():
        if isinstance(module, torch.nn.LayerNorm):
            module.eps = 1e-6
    return model
