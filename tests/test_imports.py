"""Dependencies point one way, pure modules stay pure, files stay short."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MAY_IMPORT = {
    "gateway": {"translation", "glossary", "models", "conversation", "store"},
    "translation": {"glossary", "models", "conversation", "store"},
    "glossary": {"conversation", "store"},
    "models": {"conversation", "store"},
    "conversation": set[str](),
    "store": set[str](),
}
# They decide and act on nothing: no network, no files, no clock of their own, no tasks or threads.
PURE = [
    "conversation/asking.py", "conversation/events.py", "conversation/receipt.py", "conversation/scope.py",
    "gateway/auth.py", "gateway/cards.py", "gateway/frames.py", "gateway/limits.py", "gateway/room.py",
    "gateway/scripts.py",
    "translation/again.py", "translation/job.py", "translation/request.py", "translation/protect.py",
    "translation/segment.py",
    "translation/normalise.py", "translation/edits.py", "translation/standin.py", "translation/scripts.py",
    "translation/prepare.py", "translation/finish.py", "translation/verify.py", "translation/restore.py",
    "translation/engines/base.py", "translation/route.py", "translation/pivot.py",
    *("translation/memory/" + each for each in ("forms.py", "pair.py", "choose.py", "use.py", "book.py", "keys.py")),
    *("translation/memory/" + each for each in ("exchange.py", "tmx.py", "near.py", "agree.py", "correction.py")),
    *("translation/language/" + each for each in ("detect.py", "evidence.py", "mixed.py", "state.py", "script.py")),
    "translation/patchwork.py", "translation/uses.py", "translation/insist.py", "translation/part.py",
    *("glossary/" + each for each in ("term.py", "matcher.py", "enforce.py", "folding.py", "inflect.py", "borders.py")),
    *("glossary/" + each for each in ("align.py", "cells.py", "edits.py", "exchange.py", "merge.py", "repair.py")),
]  # fmt: skip
IMPURE = {
    "asyncio", "redis", "aiohttp", "os", "socket", "subprocess", "threading", "multiprocessing", "concurrent",
    "http", "urllib.request", "ssl", "shutil", "tempfile", "logging", "signal", "select", "selectors",
}  # fmt: skip
MAX_LINES = 320
MAX_TEST_LINES = 600  # a module's tests stay in one file, however many they are
SOURCES = sorted(
    path for part in (*MAY_IMPORT, "tests", "bench", "tools") for path in (ROOT / part).rglob("*.py") if path.is_file()
)


def imports(path: Path, *, for_types: bool) -> set[str]:
    """Dotted names that a file imports, inside functions too; ``for_types``: also those under TYPE_CHECKING."""
    found: set[str] = set()

    def visit(node: ast.AST) -> None:
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test) and not for_types:
            for each in node.orelse:
                visit(each)
            return
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            module = node.module or ""
            found.update({module}, (f"{module}.{alias.name}" for alias in node.names))
        for child in ast.iter_child_nodes(node):
            visit(child)

    visit(ast.parse(path.read_text(encoding="utf-8")))
    return found


def module_file(name: str) -> Path | None:
    """The file of one of our modules; None for others."""
    if name.split(".", maxsplit=1)[0] not in MAY_IMPORT:
        return None
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py") if path.with_suffix(".py").is_file() else None


def is_impure(name: str) -> bool:
    return any(name == each or name.startswith(each + ".") for each in IMPURE)


def impurities(path: Path, seen: set[Path]) -> set[str]:
    """Impure modules that a file imports itself or through other modules of ours, each as ``file: module``."""
    seen.add(path)
    found: set[str] = set()
    for name in imports(path, for_types=False):
        if is_impure(name):
            found.add(f"{path.relative_to(ROOT)}: {name}")
        ours = module_file(name)
        if ours is not None and ours not in seen:
            found |= impurities(ours, seen)
    return found


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_dependencies_point_one_way(package: str) -> None:
    forbidden = set(MAY_IMPORT) - MAY_IMPORT[package] - {package}
    wrong = [
        f"{path.relative_to(ROOT)} imports {name}"
        for path in (ROOT / package).rglob("*.py")
        for name in imports(path, for_types=True)
        if name.split(".")[0] in forbidden
    ]
    assert not wrong


@pytest.mark.parametrize("name", PURE)
def test_pure_modules_import_no_input_or_output(name: str) -> None:
    assert not impurities(ROOT / name, set())


def test_what_starts_fast_imports_nothing_heavy() -> None:
    """`dragoman --help` and the settings load only what comes with Python."""
    for name in ("gateway/cli.py", "gateway/settings.py", "gateway/setting_values.py", "gateway/__main__.py"):
        tree = ast.parse((ROOT / name).read_text(encoding="utf-8"))
        top = {
            (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
            for node in tree.body
            if isinstance(node, ast.Import | ast.ImportFrom)
        }
        heavy = {each for each in top if each.split(".")[0] not in {*sys.stdlib_module_names, "__future__"}}
        assert heavy <= {"gateway.cli", "gateway"}, f"{name} imports {heavy} at its top"


def test_files_stay_short() -> None:
    long = {
        str(path.relative_to(ROOT)): lines
        for path in SOURCES
        if (lines := len(path.read_text(encoding="utf-8").splitlines()))
        > (MAX_TEST_LINES if path.is_relative_to(ROOT / "tests") else MAX_LINES)
    }
    assert not long, "too long: split them by concept"


def test_the_checks_see_what_they_look_for(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import redis\ndef f():\n    from store.x import y\n"
    )
    assert imports(sample, for_types=True) == {"typing", "typing.TYPE_CHECKING", "redis", "store.x", "store.x.y"}
    assert "redis" not in imports(sample, for_types=False)
    assert is_impure("asyncio.subprocess")
    assert not is_impure("osmium")
    assert len(SOURCES) > 30
