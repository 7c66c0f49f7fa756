"""What commands say."""

from __future__ import annotations

import io

import pytest

from store.console import FAILED, WRONG, Progress, complain


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_progress_is_shown_on_a_terminal_only() -> None:
    terminal, file = Terminal(), io.StringIO()
    for stream in (terminal, file):
        bar = Progress(stream)
        bar(5, 10)
        bar(0, 0)
        bar.end()
    assert terminal.getvalue().startswith("\r[###############...............] 5 of 10")
    assert terminal.getvalue().endswith("\n")
    assert file.getvalue() == ""


def test_complaints_go_to_standard_error(capsys: pytest.CaptureFixture[str]) -> None:
    assert (complain("no"), complain("no", WRONG)) == (FAILED, WRONG)
    assert capsys.readouterr() == ("", "dragoman: no\ndragoman: no\n")
