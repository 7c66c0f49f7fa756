"""Turns a MarianMT checkpoint, as the Hugging Face hub holds it, into the files that CTranslate2 serves.

Needs torch and transformers, which nothing else does: they are imported here, in the functions, and their absence is
told with the command that installs them.

In:  ``config.json``, ``source.spm``, ``target.spm``, ``vocab.json`` (and ``target_vocab.json`` where the two sides
have vocabularies of their own), ``model.safetensors`` or ``pytorch_model.bin``.
Out: ``model.bin``, ``config.json`` and the vocabularies as CTranslate2 wants them, and both ``.spm`` files.
"""

from __future__ import annotations

import importlib.util
import json
import shutil
import warnings
from pathlib import Path
from typing import Any, Literal

from models.errors import FetchError, MissingTools, ModelFileError

Precision = Literal["int8", "float32"]

INSTALL = (
    "pip install torch==2.13.0 --index-url https://download.pytorch.org/whl/cpu && pip install 'transformers>=5,<6'"
)
CHECKPOINT = ("config.json", "source.spm", "target.spm", "vocab.json")
WEIGHTS = ("model.safetensors", "pytorch_model.bin")


def require_tools() -> None:
    """Raises MissingTools where torch or transformers are not installed."""
    missing = [name for name in ("torch", "transformers") if importlib.util.find_spec(name) is None]
    if missing:
        raise MissingTools(
            f"this model has to be converted once, which needs {' and '.join(missing)}: {INSTALL}\n"
            "Serving it needs neither. Or fetch the converted model from another machine: see docs/models.md"
        )


def is_checkpoint(folder: Path) -> bool:
    """Whether a folder holds a MarianMT checkpoint in the hub's layout."""
    return all((folder / name).is_file() for name in CHECKPOINT) and any((folder / name).is_file() for name in WEIGHTS)


def longest(folder: Path) -> int:
    """Positions that a checkpoint has, which bounds texts and translations."""
    return int(_json(folder / "config.json").get("max_position_embeddings", 512))


def convert(folder: Path, out: Path, precision: Precision = "int8") -> None:
    """From a checkpoint in ``folder`` to files in ``out``, which must exist.

    Raises MissingTools, ModelFileError where the checkpoint is damaged or of another family.
    """
    require_tools()
    config = _json(folder / "config.json")
    if config.get("model_type") != "marian":
        raise ModelFileError(folder / "config.json", f"is of the family {config.get('model_type')!r}, not marian")
    source = _tokens(folder / "vocab.json")
    separate = not config.get("share_encoder_decoder_embeddings", True)
    target = _tokens(folder / "target_vocab.json") if separate else source
    spec = _spec(folder, source, target)
    try:
        spec.validate()
        spec.optimize(quantization=precision)
        spec.save(str(out))
    except (OSError, MemoryError) as error:
        raise FetchError(f"the converted model could not be written to {out}: {error}") from error
    except Exception as error:  # the library checks by raising whatever fits
        raise ModelFileError(folder, f"cannot be converted ({error})") from error
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(folder / name, out / name)


def _spec(folder: Path, source: list[str], target: list[str]) -> Any:
    """The network as CTranslate2 describes it, its weights filled in."""
    import torch
    from ctranslate2.converters.transformers import MarianMTLoader
    from transformers import MarianMTModel

    class Loader(MarianMTLoader):  # type: ignore[misc]
        """As the library's, which takes both sides to share one vocabulary."""

        def _remove_pad_weights(self, spec: Any) -> None:
            # transformers adds a word that only pads, the last of each side. CTranslate2 starts from zeros instead.
            encoder, decoder, projection = spec.encoder.embeddings[0], spec.decoder.embeddings, spec.decoder.projection
            sides = ((encoder, len(source)), (decoder, len(target)), (projection, len(target)))
            # All at first, then the change: sides may be views of the same numbers.
            kept = [(part, part.weight[:words]) for part, words in sides]
            for part, weight in kept:
                part.weight = weight
            if projection.has_bias():
                projection.bias = projection.bias[: len(target)]

    with torch.no_grad(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            read: Any = MarianMTModel.from_pretrained(
                folder, local_files_only=True, dtype=torch.float32, output_loading_info=True
            )
        except Exception as error:  # whatever its readers raise
            raise ModelFileError(folder, f"cannot be read as a MarianMT checkpoint ({error})") from error
        model, report = read
        # transformers fills what is missing with random numbers; these two are computed or zero by default.
        missing = {name for name in report["missing_keys"] if not name.endswith(_DISPENSABLE)}
        if missing or report.get("mismatched_keys"):
            raise ModelFileError(folder, f"is a checkpoint without {', '.join(sorted(missing)[:3])}")
        _check(folder, model, source, target)
        loader = Loader()
        spec = loader.get_model_spec(model)
        spec.config.eos_token = "</s>"
        spec.config.unk_token = "<unk>"
        spec.config.decoder_start_token = "</s>"  # any: it starts from zeros
        spec.register_source_vocabulary(source)
        spec.register_target_vocabulary(target)
        return spec


_DISPENSABLE = ("embed_positions.weight", "final_logits_bias", "lm_head.weight", "embed_tokens.weight")


def _check(folder: Path, model: Any, source: list[str], target: list[str]) -> None:
    sizes = (model.get_encoder().embed_tokens.num_embeddings, model.get_decoder().embed_tokens.num_embeddings)
    if sizes != (len(source) + 1, len(target) + 1):
        raise ModelFileError(folder, f"has vocabularies of {len(source)}, {len(target)} words, weights for {sizes}")


def _tokens(path: Path) -> list[str]:
    """The words of a vocabulary in order, without the last, which is for padding."""
    words = _json(path)
    tokens = sorted(words, key=words.__getitem__)
    if sorted(words.values()) != list(range(len(words))) or not {"</s>", "<unk>"} <= words.keys():
        raise ModelFileError(path, "is damaged: numbers or words are missing")
    if tokens[-1] != "<pad>":
        raise ModelFileError(path, "is of a kind that is not supported: its last word is not <pad>")
    return tokens[:-1]


def _json(path: Path) -> dict[str, Any]:
    try:
        content = json.loads(path.read_bytes())
    except OSError as error:
        raise ModelFileError(path, f"cannot be read ({error.strerror or error})") from error
    except ValueError as error:
        raise ModelFileError(path, "is damaged: it is not JSON") from error
    if not isinstance(content, dict):
        raise ModelFileError(path, "is damaged: it holds no names")
    return content
