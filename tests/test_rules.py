"""Every rule has a name that says what it reads, a text that it takes and one that it leaves; all of them are tried here."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

from eval.cases import read_cases
from eval.corpora import ROOT, SETS
from eval.rules import MECHANISMS, UnknownRuleError, all_rules, original, switched_off
from index.rules import At, Rule, any_of, noting, without
from index.text.folding import fold

LISTS = ("lists", "asking", "lexicon", "synonyms")
LONG = 10
"""Chinese characters from which on an example is a text of its own and no mere name."""

RULES = {name: rule for name, rule in all_rules().items() if name.split(".")[0] not in LISTS}
MARKED = re.compile("⟦(?P<part>.*?)⟧", re.DOTALL)

CUTTERS = {"generators.writing.cited_piece", "generators.writing.piece", "outline.sections.sentence"}
"""Rules that cut any text into pieces: there is nothing that they could leave."""


def plain(text: str) -> str:
    return text.replace("⟦", "").replace("⟧", "")


@pytest.mark.parametrize("name", RULES)
def test_a_rule_takes_and_leaves_what_it_says(name: str) -> None:
    rule = RULES[name]
    assert rule.takes, "no text that it takes"
    assert rule.leaves or name in CUTTERS, "no text that it must leave"
    for text in rule.takes:
        found = rule.found(plain(text))
        assert found, f"finds nothing in {text}"
        marked = MARKED.search(text)
        assert marked is None or marked["part"] in found, f"finds {found} in {text}"
    for text in rule.leaves:
        assert rule.found(text) == [], f"finds something in {text}"


def written_names() -> list[tuple[str, Path]]:
    """Every name that stands in the sources, those of rules made inside functions too."""
    found: list[tuple[str, Path]] = []
    for path in (
        p for package in ("index", "rag") for p in (ROOT / package).rglob("*.py") if "training" not in p.parts
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Rule":
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    found.append((str(name.value), path))
    return found


def test_names_say_what_is_read_and_where() -> None:
    """No name ends in a number, each stands once, and each begins with its room and file."""
    written = written_names()
    assert len(written) > 100
    assert not [name for name, _ in written if re.search(r"_\d+$", name)]
    assert not [name for name, times in Counter(name for name, _ in written).items() if times > 1]
    for name, path in written:
        if name.split(".")[0] not in LISTS:
            room = path.relative_to(ROOT).parts[1].removesuffix(".py")
            assert name.startswith(f"{room}." if room == path.stem else f"{room}.{path.stem}."), (name, path)


def test_no_example_is_a_question_of_a_set() -> None:
    """What is judged by the sets is not shown to who writes rules by the rules' own examples."""
    asked = "\n".join(fold(c.question) for path in SETS.glob("*.jsonl") for c in read_cases(path))
    long = [
        t for rule in RULES.values() for t in map(plain, rule.takes) if len(re.findall(r"[\u4e00-\u9fff]", t)) >= LONG
    ]
    assert long
    assert not [text for text in long if fold(text) in asked]


def test_a_rule_is_a_value_that_does_what_its_pattern_does() -> None:
    rule = Rule("test.digits", r"\d+", takes=("共⟦12⟧户",), leaves=("户",))
    assert rule.found("共12户3人") == ["12", "3"]
    assert Rule("test.whole", r"\d+", at=At.WHOLE).found("12户") == []
    assert rule.sub("n", "12户") == "n户"
    with pytest.raises(AttributeError):
        rule.pattern = "x"  # type: ignore[misc]


def test_what_a_rule_finds_is_noted_and_it_can_be_switched_off() -> None:
    rule = Rule("test.unit", r"(?P<n>\d+)(?P<unit>户|人)")
    seen: list[str] = []
    with noting([rule], lambda _, match: seen.append(match["unit"])):
        rule.search("12户")
        list(rule.finditer("3人4户"))
        rule.sub(r"\g<n>", "5人")
    assert seen == ["户", "人", "户", "人"]
    with without(rule):
        assert rule.search("12户") is None
        assert rule.sub(r"\g<n>", "12户") == "12户"
    assert rule.sub(r"\g<n>", "12户") == "12"


def test_a_rule_whose_flags_stand_in_its_pattern_can_be_switched_off() -> None:
    rule = Rule("test.line", r"(?m)^一、|^二、")
    assert rule.found("头\n一、回顾\n二、安排") == ["一、", "二、"]
    with without(rule):
        assert rule.found("头\n一、回顾\n二、安排") == []
    assert rule.found("头\n一、回顾") == ["一、"]


def test_every_rule_can_be_switched_off() -> None:
    """Whatever its pattern is made of: the ledger tries each."""
    for rule in all_rules().values():
        with without(rule):
            assert rule.search("2025年，全区完成投资12亿元，增长5%。\n一、回顾") is None, rule.name


def test_a_list_takes_its_longest_word() -> None:
    assert any_of("lists.test", ["增长", "同比增长"]).found("同比增长5%") == ["同比增长"]
    assert any_of("lists.none", []).found("增长") == []


@pytest.mark.parametrize("mechanism", MECHANISMS, ids=lambda m: m.name)
def test_every_mechanism_is_found(mechanism: object) -> None:
    """A function that was moved or renamed is missed here first."""
    from eval.rules import Mechanism

    assert isinstance(mechanism, Mechanism)
    assert callable(original(mechanism)[2])


def test_a_name_of_nothing_is_refused() -> None:
    with pytest.raises(UnknownRuleError), switched_off("no.such.rule"):
        pass
