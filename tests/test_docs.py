"""What the README names exists: commands, options, settings, routes, make targets and files."""

from __future__ import annotations

import argparse
import re
from pathlib import Path

import pytest

import cli
from settings import Settings
from tests.conftest import ROOT

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
MAKE_TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)", re.MULTILINE)


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = [a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(action.choices)


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_command_that_is_named_exists(readme: Path) -> None:
    """``wenju …`` with its options, and ``make …``."""
    text = readme.read_text(encoding="utf-8")
    named = set(re.findall(r"\bwenju ([a-z][a-z-]*)\b", text)) - {"wenju"}
    assert named & set(commands())
    assert named <= set(commands()) | {"docker"}
    targets = set(MAKE_TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8")))
    made = set(re.findall(r"(?m)(?:^|[`$] ?)make ([a-z][a-z-]*)\b", text))
    assert {"serve", "test"} <= made <= targets


def test_every_command_is_described() -> None:
    """The README's table names all of them."""
    text = READMES[0].read_text(encoding="utf-8")
    for name in commands():
        assert f"wenju {name}" in text


def test_options_in_the_table_of_commands_exist() -> None:
    """Each option stands in the row of a command that takes it."""
    text = READMES[0].read_text(encoding="utf-8")
    rows = re.findall(r"^\| `wenju ([a-z-]+)[^|]*\|(.*)\|$", text, re.MULTILINE)
    assert rows
    for name, description in rows:
        known = {option for action in commands()[name]._actions for option in action.option_strings}
        assert set(re.findall(r"--[a-z-]+", description)) <= known


@pytest.mark.parametrize("readme", READMES, ids=lambda path: path.name)
def test_every_setting_that_is_named_exists_and_the_other_way_round(readme: Path) -> None:
    text = readme.read_text(encoding="utf-8")
    named = set(re.findall(r"WENJU_[A-Z]+(?:_[A-Z]+)*", text))
    settings = {f"WENJU_{name.upper()}" for name in Settings.model_fields}
    assert named <= settings
    if readme == READMES[0]:
        assert named == settings


def test_serve_help_lists_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    """As the contract says."""
    with pytest.raises(SystemExit) as done:
        cli.main(["serve", "--help"])
    assert done.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"WENJU_{name.upper()}" in shown for name in Settings.model_fields)


def test_links_of_the_readme_lead_somewhere() -> None:
    for readme in READMES:
        links = re.findall(r"\]\(([^)#]+)[^)]*\)", readme.read_text(encoding="utf-8"))
        assert links
        for link in links:
            if not link.startswith("http"):
                assert (ROOT / link).exists(), link


def test_the_example_of_the_readme_is_what_is_answered() -> None:
    """The flagship answer is printed there word for word."""
    assert "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]" in READMES[0].read_text(encoding="utf-8")


def test_every_make_target_is_phony() -> None:
    """None of them is a file of that name."""
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(MAKE_TARGET.findall(makefile)) == set(phony[1].split())
