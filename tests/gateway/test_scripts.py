"""Scripts put together from modules: what they export and import is kept, what can't be carried over is refused."""

from __future__ import annotations

import re

import pytest

from gateway.pages import SCRIPTS, WEB
from gateway.scripts import ScriptError, join


def joined(files: dict[str, str], **options: bool) -> str:
    return join("a/main.js", files.__getitem__, **options)


def test_what_is_imported_stands_before_it_and_only_once() -> None:
    script = joined(
        {
            "a/main.js": 'import { one } from "../b/one.js";\nimport two from "./two.js";\none(two);\n',
            "a/two.js": 'import { one as first } from "../b/one.js";\nexport default first;\n',
            "b/one.js": "export function one() {}\n",
        }
    )
    assert re.findall(r"^// (.+)$", script, re.MULTILINE) == ["b/one.js", "a/two.js", "a/main.js"]
    assert "const { one: first } = $$0;" in script
    assert "const $default = first;" in script
    assert "const { default: two } = $$1;" in script
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)


def test_lists_of_exports_as_packagers_write_them_and_exports_passed_on() -> None:
    script = joined(
        {
            "a/main.js": 'export {\n  h,\n  r as render,\n} from "./lib.js";\nexport const html = 1;\n',
            "a/lib.js": "var x=1;function y(){}export{x as h,y as r};\n",
        }
    )
    assert "return { h: x, r: y };" in script
    assert "return { h: $$0.h, render: $$0.r, html };" in script


def test_later_imports_are_in_it_and_style_sheets_too() -> None:
    script = joined(
        {
            "a/main.js": 'import css from "./a.css" with { type: "css" };\nconst f = () => import("./en.js");\n',
            "a/a.css": 'a::after { content: "ü\\"" }\n',
            "a/en.js": "export default { a: 1 };\n",
        }
    )
    assert "=> Promise.resolve($$1)" in script
    assert r'replaceSync("a::after { content: \"ü\\\"\" }\n")' in script


def test_a_module_keeps_its_address_and_a_classic_script_has_none() -> None:
    files = {
        "a/main.js": 'import { x } from "../b/x.js";\n',
        "b/x.js": "export const x = new URL('y', import.meta.url);\n",
    }
    assert "new URL('y', new URL(\"../b/x.js\", import.meta.url).href)" in joined(files)
    with pytest.raises(ScriptError, match=re.escape("import.meta")):
        joined(files, module=False)


@pytest.mark.parametrize(
    "text",
    [
        "export let x = 1;\n", "export * from './b.js';\n", 'import "./b.js";\n', 'import * as b from "./b.js";\n',
        'import { h } from "preact";\n', "const b = await import(name);\n", 'import { a } from "./main.js";\n',
        "export const { a, b } = c;\n",
    ],
)  # fmt: skip
def test_what_cannot_be_put_together_is_refused(text: str) -> None:
    with pytest.raises(ScriptError):
        joined({"a/main.js": text, "a/b.js": "export const b = 1;\n"})


def test_comments_stay_out_though_not_licences() -> None:
    text = '/** Words. */\n/*! MIT */\nconst a = "/* no comment */"; // b\n// c\nconst url = "https://x";\n'
    script = joined({"a/main.js": text})
    assert "Words." not in script
    assert "// c" not in script
    assert all(part in script for part in ("/*! MIT */", '"/* no comment */"', '"https://x"'))


@pytest.mark.parametrize(("entry", "module"), SCRIPTS.items())
def test_the_scripts_of_the_pages_can_be_put_together(entry: str, module: bool) -> None:
    script = join(entry, lambda path: (WEB / path).read_text("utf-8"), module=module)
    assert f"// {entry}\n" in script
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE)
