from __future__ import annotations

import io
import os
import socket
from pathlib import Path

import pytest

from gateway import doctor
from gateway.doctor import Finding, examine, report
from gateway.settings import Settings


def found(settings: Settings, *, tests: bool = False) -> list[Finding]:
    return list(examine(settings, tests=tests))


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "var", port=0)


def test_a_machine_with_everything_passes(settings: Settings) -> None:
    findings = found(settings)
    assert [each for each in findings if each.state == "missing"] == []
    about = " / ".join(each.about for each in findings)
    assert "the embedded store starts" in about
    assert "en-pt, pt-en" in about
    out = io.StringIO()
    assert report(iter(findings), out) == 0
    assert "Dragoman can run here" in out.getvalue()


def test_what_is_missing_comes_with_how_to_get_it() -> None:
    out = io.StringIO()
    assert report(iter([Finding("ok", "one"), Finding("missing", "two", "get two")]), out) == 1
    assert out.getvalue() == "ok       one\nmissing  two\n         > get two\n\n1 missing\n"


def test_an_old_python(settings: Settings) -> None:
    assert doctor._python((3, 10, 4), "CPython").state == "missing"
    assert doctor._python((3, 12, 0), "PyPy").state == "missing"


def test_a_package_that_is_not_installed(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor.metadata, "requires", lambda name: ["msgspec>=0.20", "no-such-package[x]>=1; y == 'z'"])
    (finding,) = doctor._packages()
    assert (finding.state, "no-such-package" in finding.about, "msgspec" in finding.about) == ("missing", True, False)
    assert "make install" in finding.remedy


def test_a_package_that_does_not_load(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "_COMPILED", ("json", "no_such_module"))
    (finding,) = doctor._packages()
    assert finding.state == "missing"
    assert "no_such_module" in finding.about


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    finding = doctor._folder(tmp_path / "file" / "var")
    assert finding.state == "missing"
    assert "DRAGOMAN_DATA_DIR" in finding.remedy


def test_a_port_that_is_taken(settings: Settings) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        finding = doctor._port(Settings(port=other.getsockname()[1]))
    assert finding.state == "missing"
    assert "is taken" in finding.about


def test_a_store_that_is_away(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, port=0, redis_url=f"unix://{tmp_path}/nobody.sock")
    missing = [each for each in found(settings) if each.state == "missing"]
    assert len(missing) == 1
    assert "REDIS_URL" in missing[0].remedy


def test_a_language_without_model(settings: Settings, tmp_path: Path) -> None:
    held = Settings(data_dir=tmp_path, shop_languages=("pt", "de-AT"))
    notes = [each for each in doctor._models(held) if each.state == "note"]
    assert [each.remedy for each in notes] == ["dragoman models fetch de-en", "dragoman models fetch en-de"]


@pytest.mark.parametrize(
    ("flags", "state"), [("avx2 avx512_vnni", "ok"), ("avx avx2 avx_vnni", "ok"), ("sse4_2 avx2", "note"), ("", "note")]
)
def test_processors(tmp_path: Path, flags: str, state: str) -> None:
    (tmp_path / "cpuinfo").write_text(f"flags\t\t: fpu {flags} rdrand\n")
    assert doctor._processor(tmp_path / "cpuinfo", "x86_64").state == state
    assert doctor._processor(tmp_path / "none", "x86_64").state == "note"
    assert doctor._processor(tmp_path / "none", "aarch64").state == "ok"


def test_what_only_the_tests_need(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.devnull)
    assert doctor._command("chromium", "chromium", needed=False).state == "note"
    needed = doctor._command("chromium", "chromium", needed=True)
    assert (needed.state, needed.remedy) == ("missing", "sudo apt-get install chromium")
