"""Where models come from: Mozilla's servers, the Hugging Face hub, a mirror, or a folder on this machine.

Each function fills a folder with a model's files and says what they are. All raise FetchError and ModelFileError.
"""

from __future__ import annotations

import gzip
import json
import re
import shutil
import urllib.request
from pathlib import Path
from typing import Any

from models import convert, installed, manifest
from models.catalogue import Entry
from models.download import HELP, Broken, Expected, Progress, download, get, read
from models.errors import FetchError, ModelFileError
from models.manifest import Manifest

HUB = "https://huggingface.co"
ATTACHMENTS = "https://firefox-settings-attachments.cdn.mozilla.net"
_STUDENT = ("model", "lex", "vocab", "srcvocab", "trgvocab")  # Mozilla's names for the kinds of files
_HUB_FILES = ("config.json", "source.spm", "target.spm", "vocab.json")
_HUB_EXTRAS = ("target_vocab.json", "README.md")
_MIRRORED = 1_000_000  # bytes that a description may have


def from_mirror(address: str, source: str, target: str, folder: Path, progress: Progress) -> Manifest:
    """From a web server that shows the models folder of another installation."""
    base = f"{address.rstrip('/')}/{source}-{target}"
    content = read(f"{base}/{manifest.NAME}", _MIRRORED)
    described = manifest.decode(content, Path(f"{base}/{manifest.NAME}"))
    if (described.source, described.target) != (source, target):
        raise FetchError(f"{base} holds a model for {described.source}-{described.target}")
    for name, file in described.files.items():
        _download(f"{base}/{name}", folder / name, Expected(file.sha256, file.size), progress)
    return described


def from_mozilla(
    source: str, target: str, folder: Path, progress: Progress, *,
    architecture: str = "", attachments: str = ATTACHMENTS,
) -> Manifest:  # fmt: skip
    """The newest student of Firefox Translations that is published for a direction."""
    from fxtranslate import discovery

    try:
        body = discovery.fetch_records_body()
    except ValueError as error:
        raise FetchError(f"Mozilla's list of models cannot be fetched ({error}). {HELP}") from error
    records = _newest(body, source, target, architecture)
    details = {each.get("name", "") + each.get("version", ""): each for each in json.loads(body)["data"]}
    for record in records:
        attachment = details[record["name"] + record["version"]]["attachment"]
        packed = folder / f"{record['name']}.zst"
        expected = Expected(attachment["hash"], attachment["size"])
        _download(f"{attachments}/{record['location']}", packed, expected, progress)
        try:
            content = discovery.verify_and_decompress(packed.read_bytes(), record["decompressedHash"])
        except ValueError as error:
            raise FetchError(f"{packed.name} is damaged at its source ({error})") from error
        (folder / record["name"]).write_bytes(content)
    # Only now: until then a broken fetch goes on from what is there.
    for packed in folder.glob("*.zst"):
        packed.unlink()
    version = records[0]["version"]
    name = f"firefox-{source}{target}-{version}"
    return _describe(folder, source, target, "student", name, origin=discovery.records_url(), licence="MPL-2.0")


def _newest(body: str, source: str, target: str, architecture: str) -> list[dict[str, Any]]:
    """The records of one model: those of the highest version that the finder's own rules let through."""
    from fxtranslate import discovery

    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    raw: dict[tuple[str, str], list[Any]] = {}
    for record, whole in zip(discovery.parse_records(body), json.loads(body)["data"], strict=True):
        ours = (record["sourceLanguage"], record["targetLanguage"]) == (source, target)
        if ours and record["fileType"] in _STUDENT and architecture in ("", record["architecture"]):
            key = (record["version"] or "", record["architecture"] or "")
            groups.setdefault(key, []).append(record)
            raw.setdefault(key, []).append(whole)
    usable = [key for key in groups if discovery.model_pairs(json.dumps({"data": raw[key]}))]
    if not usable:
        raise FetchError(f"Mozilla publishes no model for {source}-{target}")
    return groups[max(usable, key=lambda key: ([int(part) for part in re.findall(r"\d+", key[0])], key[1]))]


def from_hub(
    entry: Entry, folder: Path, progress: Progress, *, precision: convert.Precision = "int8", hub: str = HUB
) -> Manifest:
    """A MarianMT checkpoint from the Hugging Face hub, converted here."""
    convert.require_tools()
    checkpoint = folder / "checkpoint"
    checkpoint.mkdir(exist_ok=True)
    base = f"{hub.rstrip('/')}/{entry.name}/resolve/main"
    revision = ""
    for name in (*_HUB_FILES, *_HUB_EXTRAS):
        revision = _from_hub(base, name, checkpoint, progress, needed=name in _HUB_FILES) or revision
    weights = (
        _from_hub(base, name, checkpoint, progress, needed=name == convert.WEIGHTS[-1]) for name in convert.WEIGHTS
    )
    next(filter(None, weights))
    licence = _licence(checkpoint / "README.md") or entry.licence
    origin = f"{hub}/{entry.name}" + (f"/tree/{revision}" if revision else "")
    return _converted(checkpoint, folder, entry, origin=origin, licence=licence, precision=precision)


def _from_hub(base: str, name: str, folder: Path, progress: Progress, *, needed: bool) -> str | None:
    """The revision that a file is of, None where there is no such file."""
    try:
        with get(f"{base}/{name}", {"Accept-Encoding": "identity"}, "HEAD", _STAYING) as answer:
            headers = answer.headers
    except Broken as error:
        raise FetchError(f"{base}/{name} cannot be fetched: {error}. {HELP}") from error
    except FetchError as error:
        if not needed and " answers 404" in str(error):
            return None
        raise
    # Large files: the hash of their content. Small ones: git's name for it. Both are what a reader can check.
    tag = (headers.get("X-Linked-Etag") or headers.get("ETag") or "").removeprefix("W/").strip('"')
    if not re.fullmatch(r"[0-9a-f]{64}|[0-9a-f]{40}", tag):
        raise FetchError(f"{base}/{name}: the server gives no hash to check the file by")
    size = headers.get("X-Linked-Size")
    _download(f"{base}/{name}", folder / name, Expected(tag, int(size) if size else None), progress)
    return headers.get("X-Repo-Commit") or "main"


class _Stay(urllib.request.HTTPErrorProcessor):
    """Redirections are the answer: the hash stands in their headers."""

    def http_response(self, request: Any, response: Any) -> Any:
        return response if 300 <= response.status < 400 else super().http_response(request, response)

    https_response = http_response


_STAYING = urllib.request.build_opener(_Stay)


def from_folder(
    given: Path, source: str, target: str, folder: Path, *, precision: convert.Precision = "int8", prefix: str = ""
) -> Manifest:
    """From files on this machine: a student's (packed with gzip or not), a checkpoint's, or an installed model's."""
    if not given.is_dir():
        raise FetchError(f"{given} is no folder")
    described = manifest.read(given)
    if described is not None:
        if (described.source, described.target) != (source, target):
            raise FetchError(f"{given} holds a model for {described.source}-{described.target}")
        for fault in manifest.faults(given, described.files):
            raise ModelFileError(fault.path, fault.reason)
        for name in described.files:
            shutil.copyfile(given / name, folder / name)
        return described
    origin = f"a folder: {given.absolute()}"
    if convert.is_checkpoint(given):
        entry = Entry(source, target, "marianmt", given.name, "as its publisher says", 0, prefix)
        licence = _licence(given / "README.md") or entry.licence
        return _converted(given, folder, entry, origin=origin, licence=licence, precision=precision)
    for path in sorted(given.iterdir()):
        if path.suffix == ".gz":
            try:
                (folder / path.stem).write_bytes(gzip.decompress(path.read_bytes()))
            except (OSError, EOFError) as error:
                raise ModelFileError(path, f"cannot be unpacked ({error})") from error
        elif path.suffix in (".bin", ".spm", ".json") and path.is_file():
            shutil.copyfile(path, folder / path.name)
    found = installed.in_folder(folder, source, target)
    if found is None:
        raise FetchError(f"{given} holds no model that is known here: see docs/models.md")
    return _describe(folder, source, target, found.kind, found.name, origin=origin, licence="as its publisher says")


def _converted(
    checkpoint: Path, folder: Path, entry: Entry, *, origin: str, licence: str, precision: convert.Precision
) -> Manifest:
    convert.convert(checkpoint, folder, precision)
    name = entry.name.rpartition("/")[2]
    described = _describe(
        folder, entry.source, entry.target, "marianmt", name,
        origin=origin, licence=licence, prefix=entry.prefix, longest=convert.longest(checkpoint),
    )  # fmt: skip
    if checkpoint.parent == folder:
        shutil.rmtree(checkpoint)
    return described


def _describe(
    folder: Path, source: str, target: str, kind: manifest.Kind, name: str, *,
    origin: str, licence: str, prefix: str = "", longest: int = 512,
) -> Manifest:  # fmt: skip
    paths = {path.name: path for path in folder.iterdir() if path.is_file() and path.suffix not in (".part", ".zst")}
    files = manifest.describe(paths)
    return Manifest(source, target, kind, name, origin, licence, files, prefix=prefix, longest=longest)


def _download(url: str, path: Path, expected: Expected, progress: Progress) -> None:
    """Not again what an earlier, broken fetch has brought whole."""
    if path.exists() and expected.size == path.stat().st_size and manifest.sha256(path) == expected.hash:
        return
    download(url, path, expected, progress)


def _licence(readme: Path) -> str:
    """The licence in the head of a model's card."""
    if not readme.is_file():
        return ""
    found = re.search(
        r"^license:\s*([\w.-]+)", readme.read_text(encoding="utf-8", errors="replace")[:4000], re.MULTILINE
    )
    return found[1] if found else ""
