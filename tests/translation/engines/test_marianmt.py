"""MarianMT: the same words as transformers' own implementation, whatever the shape, alone or in company."""

from __future__ import annotations

import importlib.util
import os
import warnings
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models import convert, installed
from models.errors import MissingTools, ModelFileError
from tests.models.checkpoints import sentences, write_checkpoint
from translation.direction import direction
from translation.engines.base import Hypothesis
from translation.engines.load import load
from translation.engines.marian_words import join
from translation.engines.marianmt import MarianMT, use_widest_instructions
from translation.pipeline import Pipeline
from translation.request import Done, Request

torch = pytest.importorskip("torch", reason="torch is not installed: it converts the checkpoints that are compared")
pytest.importorskip("transformers", reason="transformers is not installed: it is what the engine is compared with")

SHAPES: dict[str, dict[str, Any]] = {
    "shared": {},
    "separate vocabularies": {"separate": True, "seed": 2},
    "deep encoder, shallow decoder": {"layers": (4, 1), "width": 48, "heads": 2, "inner": (64, 160), "seed": 3},
    "wide, relu": {"width": 128, "heads": 8, "activation": "relu", "seed": 4},
    "gelu, pytorch file": {"activation": "gelu", "layers": (1, 3), "safetensors": False, "seed": 5},
}


class Pair:
    """A converted checkpoint and what it was converted from."""

    def __init__(self, folder: Path, shape: dict[str, Any], precision: convert.Precision = "float32") -> None:
        from transformers import MarianTokenizer

        self.model = write_checkpoint(folder / "checkpoint", **shape)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            self.tokenizer = MarianTokenizer.from_pretrained(folder / "checkpoint")
        self.folder = folder / "en-de"
        self.folder.mkdir()
        convert.convert(folder / "checkpoint", self.folder, precision)
        found = installed.in_folder(self.folder, "en", "de")
        assert found is not None
        self.installed = found
        self.engine = MarianMT(found, threads=1)

    def reference(self, text: str) -> tuple[str, float, bool]:
        """Text, mean log-probability and whether it ended, of transformers' greedy search with our length limit."""
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ids = self.tokenizer([text], return_tensors="pt")
        limit = self.engine._limit(ids["input_ids"].shape[1])
        pad = self.model.config.pad_token_id
        found = self.model.generate(
            **ids, num_beams=1, do_sample=False, max_new_tokens=limit, max_length=None, bad_words_ids=[[pad]],
            output_scores=True, return_dict_in_generate=True,
        )  # fmt: skip
        words = found.sequences[0].tolist()[1:]
        scores = [torch.log_softmax(step[0], -1).max().item() for step in found.scores]
        said = self.tokenizer.decode(words, skip_special_tokens=True, clean_up_tokenization_spaces=False)
        return said, sum(scores) / len(scores), words[-1] == 0


@pytest.fixture(scope="module", params=SHAPES, ids=lambda name: name.replace(" ", "-"))
def pair(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("pair"), SHAPES[request.param])


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Pair:
    return Pair(tmp_path_factory.mktemp("one"), {"extra": (">>deu<<",)})


def test_the_same_words_as_transformers(pair: Pair) -> None:
    texts = [*sentences(10, (1, 9)), *sentences(1, (75, 75))]
    expected = [pair.reference(text) for text in texts]
    together = pair.engine.translate(texts)
    assert [hypothesis.text for hypothesis in together] == [text for text, _, _ in expected]
    assert [not hypothesis.truncated for hypothesis in together] == [ended for _, _, ended in expected]
    assert [hypothesis.score for hypothesis in together] == pytest.approx([score for _, score, _ in expected], abs=1e-4)
    assert [pair.engine.translate([text])[0].text for text in texts] == [text for text, _, _ in expected]


def test_four_hundred_words_whole(one: Pair) -> None:
    text = sentences(1, (30, 30), seed=9)[0]
    while one.engine.count_tokens(text) < 400:
        text += " a"
    assert 400 <= one.engine.count_tokens(text) < 410
    assert one.engine.translate([text])[0].text == one.reference(text)[0]


def test_too_long_is_cut_and_told(one: Pair) -> None:
    text = " ".join(sentences(60, (9, 9)))
    assert one.engine.count_tokens(text) > one.engine.max_tokens == 511
    assert one.engine.translate([text])[0].truncated


def test_links_are_places_in_both_texts(one: Pair) -> None:
    texts = sentences(8, (3, 8))
    linked = 0
    for text, hypothesis in zip(texts, one.engine.translate(texts), strict=True):
        for link in hypothesis.links:
            linked += 1
            assert text[link.source_start : link.source_end].split() == [text[link.source_start : link.source_end]]
            assert 0 <= link.target_start < link.target_end <= len(hypothesis.text)
    assert linked > 20


def test_nothing_strange_breaks_it(one: Pair) -> None:
    texts = ["", "   ", "\ud800 \0", "😀" * 300, "</s> <pad> >>deu<<", "x" * 5000]
    hypotheses = one.engine.translate(texts)
    assert hypotheses[0] == hypotheses[1] == Hypothesis("", 0.0, ())
    assert hypotheses[5].truncated
    assert one.engine.translate([]) == []


def test_decodes_freely_without_turning_in_circles(pair: Pair) -> None:
    texts = sentences(8, (2, 6))
    usual, free = pair.engine.translate(texts), pair.engine.translate_freely(texts)

    def circles(hypotheses: list[Hypothesis]) -> int:
        return sum(any(run * 8 in hypothesis.text for run in hypothesis.text) for hypothesis in hypotheses)

    assert not circles(free)
    assert [hypothesis.text for hypothesis in free] != [hypothesis.text for hypothesis in usual]
    assert [pair.engine.translate_freely([text])[0].text for text in texts] == [each.text for each in free]
    assert pair.engine.translate_freely([""]) == [Hypothesis("", 0.0, ())]


def test_goes_on_from_the_beginning_of_a_translation(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    engine, texts = pair.engine, sentences(8, (2, 6))
    free = engine.translate(texts)
    source = [[*engine._words.cut(text).words, "</s>"] for text in texts]
    said = [answer.result().hypotheses[0] for text in source for answer in engine._call([text], 64, 1, 0, None)]
    for length in (0, 1, 3, 11):
        begun = [words[: max(0, length - row % 3)] for row, words in enumerate(said)]
        found = engine._translate(texts, begun=begun)
        assert [(one.text, one.links, one.truncated) for one in found] == [
            (one.text, one.links, one.truncated) for one in free
        ]
        assert [one.score for one in found] == pytest.approx([one.score for one in free], abs=1e-3)

    assert engine._target_words is not None
    beginnings = [engine.translate([text])[0].text[:7].strip() for text in sentences(8, (3, 5), seed=8)]
    together = engine.translate_from(texts, beginnings)
    spelt = [row for row, each in enumerate(beginnings) if "<unk>" not in engine._target_words.cut(each).words]
    assert len(spelt) > 4
    for row in spelt:
        assert together[row].text.startswith(beginnings[row])
        alone = engine.translate_from([texts[row]], [beginnings[row]])[0]
        assert (alone.text, alone.links) == (together[row].text, together[row].links)
    assert engine.translate_from([texts[0], ""], ["丏", "a"]) == [Hypothesis("", 0.0, ())] * 2
    monkeypatch.setattr(engine, "_target_words", None)
    assert engine.translate_from(texts[:1], ["a"]) == [Hypothesis("", 0.0, ())]


def test_its_own_doubts_are_found_by_the_checks(one: Pair) -> None:
    class Engines:
        def get(self, source: str, target: str) -> MarianMT:
            return one.engine

        def why_not(self, source: str, target: str) -> None:
            return None

    texts = sentences(12, (2, 7))
    sure = MarianMT.doubtful_score
    limit = sorted(
        min(each.score for each in (*one.engine.translate([t]), *one.engine.translate_freely([t]))) for t in texts
    )[6]
    assert -0.9 < sure < -0.7
    assert direction("en", "de", one.engine).expected.doubtful == sure
    doubts = []
    for doubtful in (limit, -99.0):
        one.engine.doubtful_score = doubtful  # random weights are as sure as chance has it
        try:
            done = Pipeline(Engines(), lambda: None).translate([Request(text, "en", "de") for text in texts])
        finally:
            del one.engine.doubtful_score
        assert all(isinstance(each, Done) for each in done)
        doubts.append(sum("low-score" in each.receipt.warnings for each in done if isinstance(each, Done)))
    assert 0 < doubts[0] < len(texts)
    assert doubts[1] == 0


def test_int8_is_close(tmp_path: Path) -> None:
    exact = Pair(tmp_path / "exact", {"seed": 7})
    rounded = Pair(tmp_path / "rounded", {"seed": 7}, "int8")
    size = (exact.folder / "model.bin").stat().st_size / (rounded.folder / "model.bin").stat().st_size
    texts = sentences(30, (2, 8))
    pairs = list(zip(exact.engine.translate(texts), rounded.engine.translate(texts), strict=True))
    starts = sum(left.text[:6] == right.text[:6] for left, right in pairs)
    assert size > 2.5
    assert starts >= 20
    assert sum(abs(left.score - right.score) for left, right in pairs) / len(pairs) < 0.2


def test_a_word_chooses_the_language(one: Pair) -> None:
    engine = MarianMT(replace(one.installed, prefix=">>deu<<"), threads=1)
    text = sentences(1, (5, 5))[0]
    assert engine.max_tokens == one.engine.max_tokens - 1
    assert engine.translate([text])[0].score == pytest.approx(one.reference(f">>deu<<{text}")[1], abs=1e-4)
    with pytest.raises(ModelFileError, match=">>xyz<<"):
        MarianMT(replace(one.installed, prefix=">>xyz<<"), threads=1)


@pytest.mark.parametrize("name", ["model.bin", "source.spm", "shared_vocabulary.json"])
def test_a_damaged_file_is_named(one: Pair, tmp_path: Path, name: str) -> None:
    for path in one.folder.iterdir():
        content = path.read_bytes()
        (tmp_path / path.name).write_bytes(content[: len(content) // 2] if path.name == name else content)
    found = installed.marianmt(tmp_path, "en", "de", "broken")
    assert found is not None
    with pytest.raises(ModelFileError, match=name):
        load(found)


def test_damaged_checkpoints_are_refused(one: Pair, tmp_path: Path) -> None:
    checkpoint = one.folder.parent / "checkpoint"
    for name, change in (
        ("config.json", b"{"), ("config.json", b'{"model_type": "bart"}'), ("vocab.json", b'{"a": 0}'),
        ("model.safetensors", b"nothing"),
    ):  # fmt: skip
        folder = tmp_path / f"{name}{len(change)}"
        folder.mkdir()
        for path in checkpoint.iterdir():
            (folder / path.name).write_bytes(change if path.name == name else path.read_bytes())
        with pytest.raises(ModelFileError):
            convert.convert(folder, folder)


def test_without_torch_the_command_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(MissingTools, match=r"pip install torch==2\.13\.0"):
        convert.require_tools()


@pytest.mark.parametrize(
    ("flags", "chosen", "wanted"),
    [
        ("fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl", None, "AVX512"),
        ("fpu avx2 avx512f avx512cd avx512er avx512pf", None, None),  # of an older family: the runtime would fail
        ("fpu avx2", None, None),
        ("fpu avx2 avx512f avx512dq avx512cd avx512bw avx512vl", "GENERIC", "GENERIC"),
    ],
)
def test_the_widest_instructions_that_all_cores_have(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, flags: str, chosen: str | None, wanted: str | None
) -> None:
    monkeypatch.setattr(os, "environ", {"CT2_FORCE_CPU_ISA": chosen} if chosen else {})
    use_widest_instructions(tmp_path / "no such file")
    (tmp_path / "cpuinfo").write_text(f"processor\t: 0\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t\t: {flags}\n")
    use_widest_instructions(tmp_path / "cpuinfo")
    assert os.environ.get("CT2_FORCE_CPU_ISA") == wanted


def test_blanks_and_marks_are_no_text() -> None:
    joined = join(["<unk>", "▁Gu", "ten", ">>deu<<", "▁", "▁Tag", "</s>"])
    assert joined.text == "Guten  Tag"
    assert [joined.text[start:end] for start, end in joined.spans] == ["", "Gu", "ten", "", "", "Tag", ""]
