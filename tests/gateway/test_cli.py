from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from gateway import cli, doctor

COMMAND = [sys.executable, "-m", "gateway"]
ENVIRONMENT = {k: v for k, v in os.environ.items() if not k.startswith("DRAGOMAN_") and k != "REDIS_URL"}


def dragoman(*arguments: str, text: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], input=text, env={**ENVIRONMENT, **environment}, capture_output=True, text=True,
        timeout=60, check=False,
    )  # fmt: skip


def commands(parser: object, path: tuple[str, ...] = ()) -> list[tuple[str, ...]]:
    """Every command there is, groups included."""
    found = [path]
    for action in parser._actions:  # type: ignore[attr-defined]
        if isinstance(action.choices, dict):
            for name, each in action.choices.items():
                found += commands(each, (*path, name))
    return found


@pytest.mark.parametrize("path", commands(cli.parser()), ids=" ".join)
def test_every_command_has_help(path: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([*path, "--help"])
    assert ended.value.code == 0
    assert f"usage: {' '.join(('dragoman', *path))}" in " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    "arguments",
    [[], ["unknown"], ["serve", "--unknown"], ["users"], ["users", "add"], ["translate", "--to", "pt"], ["detect", "x"],
     ["serve", "--ready", "x"]],
)  # fmt: skip
def test_wrong_options_end_with_2_and_a_usage(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(arguments)
    assert ended.value.code == 2
    assert "usage: dragoman" in capsys.readouterr().err


def test_every_command_of_the_plan_is_there() -> None:
    there = {" ".join(path) for path in commands(cli.parser())}
    wanted = {
        "serve", "gateway", "worker", "translate", "detect", "glossary import", "glossary export", "glossary list",
        "users add", "users list", "users remove", "users password", "doctor", "models list", "models fetch",
        "models measure",
    }  # fmt: skip
    assert wanted <= there


def test_the_version() -> None:
    done = dragoman("--version")
    assert (done.returncode, done.stdout) == (0, "dragoman 0.1.0\n")


def test_wrong_settings_end_with_2_and_name_the_variable() -> None:
    done = dragoman("users", "list", DRAGOMAN_PARTITIONS="many")
    assert done.returncode == 2
    assert done.stderr == "dragoman: DRAGOMAN_PARTITIONS must be a whole number from 1 to 1024, not 'many'\n"


def test_an_option_stands_for_its_variable_and_is_checked_alike() -> None:
    done = dragoman("serve", "--port", "http", DRAGOMAN_PORT="80")
    assert done.returncode == 2
    assert "DRAGOMAN_PORT must be a whole number from 0 to 65535, not 'http'" in done.stderr


def test_a_slip_of_the_pen_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DRAGOMAN_PROT", "1")
    monkeypatch.setattr(doctor, "examine", lambda *a, **k: iter(()))
    assert cli.main(["doctor"]) == 0
    assert "did you mean DRAGOMAN_PORT?" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["gateway", "worker"])
def test_one_process_alone_needs_a_store(command: str) -> None:
    done = dragoman(command)
    assert done.returncode == 2
    assert "set REDIS_URL" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_store_that_is_away_is_told(tmp_path: Path) -> None:
    done = dragoman("users", "list", REDIS_URL=f"unix://{tmp_path}/nobody.sock")
    assert done.returncode == 1
    assert done.stderr.startswith("dragoman: ")
    assert "Traceback" not in done.stderr


def test_ctrl_c_is_no_crash(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "detect"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=ENVIRONMENT,
    ) as process:  # fmt: skip
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write("Good morning, where is my order?\n")
        process.stdin.flush()
        assert process.stdout.readline().startswith("en")  # it is up, and waits for more
        assert process.stderr is not None
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 130  # its input is still open: nothing else ends it
        errors = process.stderr.read()
    assert "Traceback" not in errors


def test_a_reader_that_leaves_is_no_crash() -> None:
    """As in `dragoman users list | head -1`."""
    code = "import os, sys; os.close(1); os.dup2(int(sys.argv[1]), 1)\nfrom gateway import cli, doctor\n"
    code += "doctor.examine = lambda *a, **k: iter([doctor.Finding('ok', 'x' * 100_000)] * 100)\n"
    code += "sys.exit(cli.main(['doctor']))"
    read, write = os.pipe()
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(write)], pass_fds=(write,), stderr=subprocess.PIPE, text=True, env=ENVIRONMENT
    )
    os.close(write)
    os.read(read, 10)
    os.close(read)
    _, errors = process.communicate(timeout=30)
    assert process.returncode == 141
    assert errors == ""


def test_help_loads_nothing_heavy() -> None:
    code = (
        "import sys, contextlib\nfrom gateway import cli\nwith contextlib.suppress(SystemExit): cli.main(['--help'])\n"
    )
    code += "print([m for m in ('asyncio', 'redis', 'aiohttp', 'numpy', 'onnxruntime') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_glossary_goes_in_and_comes_out(tmp_path: Path) -> None:
    (tmp_path / "terms.csv").write_text("en,pt,do_not_translate,note\norder,encomenda,,\nAcme,,yes,\n")
    folder = str(tmp_path / "var")
    assert dragoman("glossary", "import", str(tmp_path / "terms.csv"), DRAGOMAN_DATA_DIR=folder).returncode == 0
    listed = dragoman("glossary", "list", DRAGOMAN_DATA_DIR=folder)
    assert listed.returncode == 0
    assert "encomenda" in listed.stdout
    exported = dragoman("glossary", "export", DRAGOMAN_DATA_DIR=folder)
    assert exported.stdout.startswith("en,pt,")
    assert "order,encomenda" in exported.stdout
    missing = dragoman("glossary", "import", str(tmp_path / "none.csv"), DRAGOMAN_DATA_DIR=folder)
    assert missing.returncode == 2
    assert "Traceback" not in missing.stderr


def test_languages_of_lines() -> None:
    done = dragoman("detect", text="Olá, onde está a minha encomenda?\nWhere is my order, please?\n", LC_ALL="C")
    assert [line.split("\t")[0] for line in done.stdout.splitlines()] == ["pt", "en"]
    done = dragoman("detect", "--jsonl", text='{"text": "Olá, onde está a minha encomenda?"}\n')
    assert '"language":"pt"' in done.stdout


def test_translations_of_lines(tmp_path: Path) -> None:
    done = dragoman(
        "translate", "--from", "en", "--to", "pt", text="Good morning! Order #12345\n\nThank you 😭\n", LC_ALL="C"
    )
    lines = done.stdout.splitlines()
    assert done.returncode == 0
    assert lines[0].startswith("Bom dia")
    assert "#12345" in lines[0]
    assert lines[1] == ""
    assert "😭" in lines[2]

    (tmp_path / "terms.csv").write_text("en,pt\ntracking code,código rastreável\n")
    text = '{"text": "Your tracking code is ready."}\n{"text": 1}\n'
    options = ["--from", "auto", "--to", "pt-BR", "--jsonl", "--glossary", str(tmp_path / "terms.csv")]
    first, second = map(json.loads, dragoman("translate", *options, text=text).stdout.splitlines())
    assert "código rastreável" in first["translation"]
    assert first["receipt"]["detected"]["language"] == "en"
    assert "error" in second


@pytest.mark.parametrize(
    ("options", "code", "says"),
    [
        (["--from", "de", "--to", "en"], 1, "no model for de-en is installed: dragoman models fetch de-en"),
        (["--from", "english", "--to", "pt"], 2, "--from must be a language code"),
        (["--from", "en", "--to", "?"], 2, "--to must be a language code"),
        (["--from", "en", "--to", "pt", "--glossary", "none.csv"], 2, "none.csv can't be read"),
        (["--from", "en", "--to", "pt", "--glossary", os.devnull], 2, "the file is empty"),
    ],
)
def test_what_can_not_be_translated_is_told_before_the_first_line(options: list[str], code: int, says: str) -> None:
    done = dragoman("translate", *options, text="Hello\n")
    assert (done.returncode, done.stdout) == (code, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_models(tmp_path: Path) -> None:
    done = dragoman("models", "list")
    assert [line.split("\t")[0] for line in done.stdout.splitlines()][:2] == ["en-pt", "pt-en"]
    assert "Helsinki-NLP/opus-mt-de-en" in dragoman("models", "list", "--all").stdout
    assert dragoman("models", "fetch", "en-pt").returncode == 0
    here = {"DRAGOMAN_MODELS_DIR": str(tmp_path), "DRAGOMAN_MODEL_MIRROR": "http://127.0.0.1:9"}
    pairs = tmp_path / "pairs.tsv"
    pairs.write_text("Where is my parcel?\tOnde está a minha encomenda?\n")
    measured = dragoman("models", "measure", "en-pt", "--pairs", str(pairs), **here)
    assert measured.stdout.startswith("en-pt\tfirefox-enpt-1693087644\t")
    assert measured.stdout.endswith("chrF 100.0 on 1 texts\n")
    assert measured.stdout.split("\t")[-1] in dragoman("models", "list", **here).stdout
    missing = dragoman("models", "fetch", "de-en", **here)
    assert missing.returncode == 1
    assert missing.stderr.startswith("dragoman: de-en: 127.0.0.1 cannot be reached")
    assert dragoman("models", "verify", "de-en", **here).returncode == 1
    assert dragoman("models", "remove", "de-en", **here).returncode == 0  # what the broken fetch left
    assert "holds no model for de-en" in dragoman("models", "remove", "de-en", **here).stderr
