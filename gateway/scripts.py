"""Puts a page's script and all that it imports together into one, so that a browser fetches it in one go.

The files stay modules of plain JavaScript that also work one by one; nothing is shortened or renamed. Each becomes a
function of its own, run once, those before the ones that import them. What can't be carried over is refused.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable

# Only whole statements as they are written in our files and by the packagers of the libraries.
_IMPORT = re.compile(
    r"^import\s*(?P<names>[\w$]+|\{[^}]*\})\s*from\s*\"(?P<path>[^\"]+)\"(?:\s*with\s*\{[^}]*\})?;?", re.MULTILINE
)
_LATER = re.compile(r"=>\s*import\(\"(?P<path>[^\"]+)\"\)")
_EXPORT_FROM = re.compile(r"^export\s*\{(?P<names>[^}]*)\}\s*from\s*\"(?P<path>[^\"]+)\";?", re.MULTILINE)
_EXPORT_LIST = re.compile(r"(?:^|(?<=[;}]))export\s*\{(?P<names>[^}]*)\};?", re.MULTILINE)
_EXPORT_ONE = re.compile(
    r"^export\s+(?=(?:async\s+function|function|class|const)\b\*?\s*(?P<name>[\w$]+))", re.MULTILINE
)
_EXPORT_DEFAULT = re.compile(r"(?:^|(?<=;))export default\s", re.MULTILINE)
_LEFT = re.compile(r"^\s*(?:import|export)\b[\s{*\"]|[;}]export[\s{]|[\s=(]import\(|\bimport\.meta\b", re.MULTILINE)
_COMMENT = re.compile(r"^[ \t]*(?:/\*(?!!).*?\*/|//[^\n]*)[ \t]*\n", re.MULTILINE | re.DOTALL)
_PLACE = "import.meta.url"
_HEAD = "/* Put together from the files under web/, where they stand one by one; libraries: web/vendor/README.md */\n"


class ScriptError(Exception):
    """A file imports or exports in a way that can't be put together; the message says where."""


def join(entry: str, read: Callable[[str], str], *, module: bool = True) -> str:
    """The script ``entry`` with all its imports, as one that imports nothing.

    Paths are relative to one root, with "/" between. ``read`` gives the text of a path. The result stands where
    ``entry`` stood; it runs as a classic script, too, unless a file asks for its own address (``module`` allows that).
    Style sheets that are imported become CSSStyleSheets. Raises ScriptError.
    """
    joiner = _Joiner(entry, read, module)
    joiner.add(entry, ())
    return f'{_HEAD}(() => {{\n"use strict";\n{"".join(joiner.parts)}}})();\n'


class _Joiner:
    def __init__(self, entry: str, read: Callable[[str], str], module: bool) -> None:
        self.parts: list[str] = []
        self._entry, self._read, self._module = entry, read, module
        self._names: dict[str, str] = {}  # by path

    def add(self, path: str, importers: tuple[str, ...]) -> str:
        """The name under which the exports of ``path`` are found."""
        if path in importers:
            raise ScriptError(f"{importers[-1]} imports {path}, which imports it")
        if path not in self._names:
            body = _sheet(self._read(path)) if path.endswith(".css") else self._script(path, (*importers, path))
            name = self._names[path] = f"$${len(self._names)}"
            self.parts.append(f"// {path}\nconst {name} = (() => {{\n{body}}})();\n")
        return self._names[path]

    def _script(self, path: str, importers: tuple[str, ...]) -> str:
        text = _COMMENT.sub("", self._read(path).rstrip() + "\n")
        exports: list[str] = []

        def found(other: str) -> str:
            if not other.startswith("."):
                raise ScriptError(f"{path} imports {other}, which is not among our files")
            return self.add(posixpath.normpath(posixpath.join(posixpath.dirname(path), other)), importers)

        def imported(match: re.Match[str]) -> str:
            names = match["names"]
            taken = _names(names[1:-1]) if names.startswith("{") else [("default", names)]
            return f"const {{ {', '.join(f'{outer}: {own}' for outer, own in taken)} }} = {found(match['path'])};"

        def passed_on(match: re.Match[str]) -> str:
            source = found(match["path"])
            exports.extend(f"{outer}: {source}.{inner}" for inner, outer in _names(match["names"]))
            return ""

        def listed(match: re.Match[str]) -> str:
            exports.extend(f"{outer}: {own}" for own, outer in _names(match["names"]))
            return ""

        def one(match: re.Match[str]) -> str:
            exports.append(match["name"])
            return ""

        def default(match: re.Match[str]) -> str:
            exports.append("default: $default")
            return "const $default = "

        text = _EXPORT_FROM.sub(passed_on, text)
        text = _IMPORT.sub(imported, text)
        text = _LATER.sub(lambda match: f"=> Promise.resolve({found(match['path'])})", text)
        text = _EXPORT_LIST.sub(listed, text)
        text = _EXPORT_ONE.sub(one, text)
        text = _EXPORT_DEFAULT.sub(default, text)
        if left := _LEFT.search(text.replace(_PLACE, "") if self._module else text):
            raise ScriptError(f"{path}: don't know how to put {left[0].strip()!r} together with other files")
        return f"{text.replace(_PLACE, self._place(path))}return {{ {', '.join(exports)} }};\n"

    def _place(self, path: str) -> str:
        return f'new URL("{posixpath.relpath(path, posixpath.dirname(self._entry))}", {_PLACE}).href'


def _names(listed: str) -> list[tuple[str, str]]:
    """``a, b as c`` as pairs of the name before and after "as"."""
    pairs = (name.split(" as ") for name in listed.split(",") if name.strip())
    return [(pair[0].strip(), pair[-1].strip()) for pair in pairs]


def _sheet(text: str) -> str:
    written = json.dumps(text, ensure_ascii=False)
    return f"const sheet = new CSSStyleSheet();\nsheet.replaceSync({written});\nreturn {{ default: sheet }};\n"
