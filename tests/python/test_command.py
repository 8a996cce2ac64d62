"""The words of the command line that help a newcomer: the version, descriptions, the bundled reports, figures by any name."""

from __future__ import annotations

import argparse
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import cli
import wenju
from tests.conftest import ROOT

FLAGSHIP = "2020年嘉定固定资产投资增长多少"
ANSWER = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]"


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In an empty folder, without settings of this machine."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("WENJU_")]:
        monkeypatch.delenv(name)


def described(parser: argparse.ArgumentParser) -> Iterator[argparse.Action]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for choice in action.choices.values():
                yield from described(choice)
        else:
            yield action


def test_every_option_is_described() -> None:
    """Whatever a command takes says what it is for."""
    found = list(described(cli._parser()))
    assert len(found) > 50
    assert [action.option_strings or action.dest for action in found if not action.help] == []


def test_the_version_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as done:
        cli.main(["--version"])
    assert done.value.code == 0
    assert capsys.readouterr().out == f"wenju {wenju.__version__}\n"


def test_the_bundled_reports_are_a_word_away(capsys: pytest.CaptureFixture[str]) -> None:
    """Where there is no index the command says how; nothing to ingest is bad usage."""
    assert cli.main(["ask", FLAGSHIP]) == 1
    assert "wenju ingest --bundled" in capsys.readouterr().err
    with pytest.raises(SystemExit) as done:
        cli.main(["ingest"])
    assert done.value.code == 2
    assert "--bundled" in capsys.readouterr().err
    assert cli.main(["ingest", "--bundled"]) == 0
    assert capsys.readouterr().out.startswith("5 files added")
    assert cli.main(["ask", FLAGSHIP]) == 0
    assert capsys.readouterr().out.startswith(ANSWER)


@pytest.mark.parametrize(("reply", "code"), [("\n", 0), ("n\n", 1)])
def test_a_person_at_a_terminal_is_offered_them(tmp_path: Path, reply: str, code: int) -> None:
    """Only there: a script never gets an answer from other reports than its own."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    process = subprocess.Popen(
        [sys.executable, "-m", "wenju", "ask", FLAGSHIP],
        stdin=theirs, stdout=subprocess.PIPE, stderr=theirs, env=environment, cwd=tmp_path,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, reply.encode())
    out, _ = process.communicate(timeout=120)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert process.returncode == code
    assert "five bundled reports? [Y/n]" in said
    assert (ANSWER in out.decode()) == (code == 0)
    assert (tmp_path / ".wenju").exists() == (code == 0)


@pytest.mark.parametrize(
    ("indicator", "region"), [("GDP", "嘉定"), ("地区生产总值", "嘉定区"), ("gdp", "上海市嘉定区"), ("GDP", "Jiading")]
)
def test_figures_are_listed_by_the_words_of_questions(
    capsys: pytest.CaptureFixture[str], snapshot_folder: Path, indicator: str, region: str
) -> None:
    index = ["--index", str(snapshot_folder)]
    for chosen in (["--indicator", indicator, "--region", region], [region, indicator], [indicator, region]):
        assert cli.main(["facts", *chosen, *index]) == 0
        lines = capsys.readouterr().out.splitlines()
        assert len(lines) == 3
        assert all(line.startswith("嘉定区  ") and "地区生产总值" in line for line in lines)


@pytest.mark.parametrize(
    ("chosen", "said"),
    [
        (["--indicator", "GDP", "--region", "江苏"], "no figure of '江苏' is held; there are figures of 嘉定区"),
        (["江苏", "GDP"], "no figure of '江苏' is held; there are figures of 嘉定区"),
        (["嘉定", "企鹅", "2020年"], "no figure of '企鹅' is held"),
        (["--indicator", "企鹅", "--region", "嘉定"], "no figure of '企鹅' is held"),
        (["--indicator", "GDP", "--year", "1999"], "no figure meets all of these at once"),
    ],
)
def test_where_nothing_fits_a_line_says_so(
    capsys: pytest.CaptureFixture[str], snapshot_folder: Path, chosen: list[str], said: str
) -> None:
    """On standard error, so that a table stays a table."""
    assert cli.main(["facts", *chosen, "--csv", "--index", str(snapshot_folder)]) == 0
    out, err = capsys.readouterr()
    assert said in err
    assert len(out.splitlines()) == 1
