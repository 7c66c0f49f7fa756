"""Small MarianMT checkpoints with random weights, in the hub's layout."""

from __future__ import annotations

import io
import json
import random
from pathlib import Path
from typing import Any

import sentencepiece

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def write_checkpoint(
    folder: Path,
    *,
    separate: bool = False,
    width: int = 64,
    heads: int = 4,
    layers: tuple[int, int] = (2, 2),
    inner: tuple[int, int] = (96, 96),
    activation: str = "swish",
    pieces: int = 300,
    extra: tuple[str, ...] = (),
    seed: int = 1,
    end: float = 6.0,
    safetensors: bool = True,
) -> Any:
    """Writes one and returns transformers' model. ``extra``: further words of the vocabulary, such as ``>>por<<``."""
    import torch
    from transformers import MarianConfig, MarianMTModel

    folder.mkdir(parents=True, exist_ok=True)
    source = _pieces(folder / "source.spm", pieces + 40, seed)
    target = _pieces(folder / "target.spm", pieces, seed + 1)
    if separate:
        sizes = (_vocabulary(folder / "vocab.json", source), _vocabulary(folder / "target_vocab.json", target))
    else:
        size = _vocabulary(folder / "vocab.json", [*dict.fromkeys([*source, *target, *extra])])
        sizes = (size, size)
    (folder / "tokenizer_config.json").write_text(json.dumps({"separate_vocabs": separate}))
    torch.manual_seed(seed)
    pad = sizes[1] - 1
    config = MarianConfig(
        vocab_size=sizes[0],
        decoder_vocab_size=sizes[1],
        share_encoder_decoder_embeddings=not separate,
        d_model=width,
        encoder_layers=layers[0],
        decoder_layers=layers[1],
        encoder_attention_heads=heads,
        decoder_attention_heads=heads,
        encoder_ffn_dim=inner[0],
        decoder_ffn_dim=inner[1],
        activation_function=activation,
        scale_embedding=True,
        max_position_embeddings=512,
        pad_token_id=pad,
        decoder_start_token_id=pad,
        eos_token_id=0,
        forced_eos_token_id=None,
        init_std=0.25,
    )
    model = MarianMTModel(config).eval()
    with torch.no_grad():
        # Random networks repeat one word for ever. Here the end is near, but not for every text at once.
        model.final_logits_bias.normal_(0, 1)
        model.final_logits_bias[0, 0] = end
    model.save_pretrained(folder)
    if not safetensors:
        (folder / "model.safetensors").unlink()
        torch.save(model.state_dict(), folder / "pytorch_model.bin")
    return model


def sentences(count: int, words: tuple[int, int], seed: int = 5) -> list[str]:
    """Words of random letters, each sentence with between so many words."""
    chance = random.Random(seed)
    return [
        " ".join("".join(chance.choices(LETTERS, k=chance.randint(1, 8))) for _ in range(chance.randint(*words)))
        for _ in range(count)
    ]


def _pieces(path: Path, size: int, seed: int) -> list[str]:
    out = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(sentences(400, (3, 12), seed)), model_writer=out, vocab_size=size, minloglevel=2
    )
    path.write_bytes(out.getvalue())
    processor = sentencepiece.SentencePieceProcessor(model_proto=out.getvalue())
    return [processor.id_to_piece(number) for number in range(size)]


def _vocabulary(path: Path, pieces: list[str]) -> int:
    own = [piece for piece in pieces if piece not in ("<s>", "</s>", "<unk>")]
    words = ["</s>", "<unk>", *own, "<pad>"]
    path.write_text(json.dumps({word: number for number, word in enumerate(words)}))
    return len(words)
