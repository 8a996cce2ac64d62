"""What the documents name exists: commands, options, settings, targets, files, rooms; and the examples are what is answered."""

from __future__ import annotations

import argparse
import datetime as dt
import re
from pathlib import Path

import pytest

import cli
from index.rules import Rule
from rag.pipeline import AnswerPipeline
from rag.types import Question
from settings import Settings
from tests.conftest import ROOT
from tests.test_layers import FLOOR, MAY_IMPORT, ROOMS

READMES = [ROOT / "README.md", ROOT / "README.zh-CN.md"]
USAGE = [ROOT / "docs" / "usage.md", ROOT / "docs" / "zh" / "usage.md"]
SETTINGS = [ROOT / "docs" / "settings.md", ROOT / "docs" / "zh" / "settings.md"]
PAGES = [*READMES, ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]

MAKE_TARGET = re.compile(r"^([a-z][a-z-]*):(?!=)", re.MULTILINE)
LINK = re.compile(r"\]\(([^)#\s]+)[^)]*\)")
OURS = re.compile(r"`((?:index|rag|api|eval|wenju|benchmarks)/[\w/-]*[\w-]\.(?:py|toml|js|html))`")


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def name_of(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


def commands() -> dict[str, argparse.ArgumentParser]:
    (action,) = [a for a in cli._parser()._actions if isinstance(a, argparse._SubParsersAction)]
    return dict(action.choices)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_command_that_is_named_exists(page: Path) -> None:
    """``wenju …`` and ``make …``, wherever code is shown."""
    code = "\n".join(re.findall(r"```.*?```|`[^`\n]+`", read(page), re.DOTALL))
    assert set(re.findall(r"(?<![\w./=-])(?<!from )wenju ([a-z][a-z-]*)\b", code)) <= set(commands())
    targets = set(MAKE_TARGET.findall(read(ROOT / "Makefile")))
    assert set(re.findall(r"(?m)(?:^|[`$] ?)make ([a-z][a-z-]*)\b", code)) <= targets


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_the_readme_starts_with_two_commands(readme: Path) -> None:
    """To serve and to test; a newcomer reads the page in two minutes."""
    text = read(readme)
    assert {"serve", "test"} <= set(re.findall(r"(?m)^make ([a-z-]+)", text))
    assert len(text.splitlines()) <= 90


@pytest.mark.parametrize("page", USAGE, ids=name_of)
def test_every_command_is_described(page: Path) -> None:
    """The table of commands names all of them."""
    assert [name for name in commands() if f"| `wenju {name}" not in read(page)] == []


@pytest.mark.parametrize("page", USAGE, ids=name_of)
def test_options_in_the_table_of_commands_exist(page: Path) -> None:
    """Each option stands in the row of a command that takes it."""
    rows = re.findall(
        r"^\| `wenju ([a-z-]+(?: (?:compare|draft|bench|calibrate))?)[^|]*\|(.*)\|$", read(page), re.MULTILINE
    )
    assert rows
    for name, description in rows:
        known = {option for action in commands()[name]._actions for option in action.option_strings}
        assert set(re.findall(r"--[a-z-]+", description)) <= known, name


@pytest.mark.parametrize("page", SETTINGS, ids=name_of)
def test_the_table_of_settings_is_complete(page: Path) -> None:
    """And holds no other."""
    assert named_settings(page) == settings()


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_every_setting_that_is_named_exists(page: Path) -> None:
    # Where WordNet lies is asked when the model is trained, and by nothing that is installed.
    assert named_settings(page) - {"WENJU_WORDNET"} <= settings()


def named_settings(page: Path) -> set[str]:
    return set(re.findall(r"WENJU_[A-Z]+(?:_[A-Z]+)*", read(page)))


def settings() -> set[str]:
    return {f"WENJU_{name.upper()}" for name in Settings.model_fields}


def test_serve_help_lists_the_settings(capsys: pytest.CaptureFixture[str]) -> None:
    """As the contract says."""
    with pytest.raises(SystemExit) as done:
        cli.main(["serve", "--help"])
    assert done.value.code == 0
    shown = capsys.readouterr().out
    assert all(f"WENJU_{name.upper()}" in shown for name in Settings.model_fields)


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    """Those inside the repository, from where the page stands."""
    links = [link for link in LINK.findall(read(page)) if not link.startswith("http")]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_files_that_readers_are_sent_to_exist(page: Path) -> None:
    assert [path for path in OURS.findall(read(page)) if not (ROOT / path).is_file()] == []


def test_the_page_on_architecture_says_what_may_import_what() -> None:
    """Its tables are those that the sources are held against."""
    text = read(ROOT / "docs" / "architecture.md")
    rows = re.findall(r"^\| `(\w+)/(\w+)` \|[^|]*\| ?([\w, ]*)\|$", text, re.MULTILINE)
    told = {(package, room): set(allowed.replace(",", " ").split()) for package, room, allowed in rows}
    assert told == {(package, room): allowed for package, rooms in ROOMS.items() for room, allowed in rooms.items()}
    packages = dict(re.findall(r"^\| `(\w+)` \| ?([\w, ]*)\|$", text, re.MULTILINE))
    assert {name: set(allowed.replace(",", " ").split()) for name, allowed in packages.items()} == MAY_IMPORT
    assert all(f"`{module}`" in text for modules in FLOOR.values() for module in modules)


@pytest.mark.parametrize("readme", READMES, ids=name_of)
def test_the_examples_of_the_readme_are_what_is_answered(readme: Path, pipeline: AnswerPipeline) -> None:
    """Word for word, with the place in the file that the first is cited from."""
    shown = re.findall(r'^\$ wenju ask "([^"]+)"\n((?:[^$`\n].*\n)+)', read(readme), re.MULTILINE)
    assert len(shown) == 3
    for question, answer in shown:
        assert pipeline.answer(Question(question, dt.date(2026, 1, 1))).answer == answer.strip()
    (cited,) = pipeline.answer(Question(shown[0][0], dt.date(2026, 1, 1))).citations
    assert f"{cited.document} [{cited.start}:{cited.end}]" in read(readme)


def test_the_rule_that_is_shown_is_one() -> None:
    """It takes its examples as marked, and leaves the other."""
    (code,) = re.findall(r"```python\n(.*?)```", read(ROOT / "docs" / "rules.md"), re.DOTALL)
    made: dict[str, Rule] = {}
    exec(code, {"Rule": Rule}, made)
    (rule,) = made.values()
    for text in rule.takes:
        (marked,) = re.findall("⟦(.*?)⟧", text)
        assert rule.found(re.sub("[⟦⟧]", "", text)) == [marked]
    assert [text for text in rule.leaves if rule.found(text)] == []
    assert rule.why


def test_every_make_target_is_phony() -> None:
    """None of them is a file of that name."""
    makefile = read(ROOT / "Makefile")
    phony = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    assert phony is not None
    assert set(MAKE_TARGET.findall(makefile)) == set(phony[1].split())
