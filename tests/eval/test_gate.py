"""The gate of this repository: it stands, and it falls when something that wins answers is missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

import cli
from eval.cases import read_cases
from eval.corpora import own_report_sets, set_name
from eval.ledger import Ledger, Row, Tally, falls_without, hold, right_now, save
from eval.reporting import gate
from eval.reporting.gate import Kept, falls, load_baseline
from eval.rules import MECHANISMS, original
from eval.runs import RunError

KINDS = {
    "value", "growth", "half_year", "target_vs_actual", "comparison", "ranking", "arithmetic", "series", "entity_list",
    "explain", "english", "traditional", "noisy", "followup", "unanswerable",
}  # fmt: skip


@pytest.fixture(scope="module")
def held() -> Iterator[None]:
    """Our reports read, and all questions about them answered, once for all that is switched off."""
    hold(own_report_sets())
    yield
    hold(())


def test_every_kind_of_question_is_asked_over_several_corpora() -> None:
    cases = [case for each in own_report_sets() for path in each.questions for case in read_cases(path)]
    assert {case.category for case in cases} >= KINDS
    assert len(own_report_sets()) > 1


def test_the_baseline_is_of_the_questions_as_they_are() -> None:
    asked = [
        (f"{set_name(path)} {case.id}", case.question)
        for each in own_report_sets()
        for path in each.questions
        for case in read_cases(path)
    ]
    assert [(kept.id, kept.question) for kept in load_baseline()] == asked


@pytest.mark.usefixtures("held")
def test_the_gate_stands() -> None:
    """Each question that the baseline has as right is right, one by one."""
    now = right_now()
    assert [kept.id for kept in load_baseline() if kept.right and not now[kept.id]] == []


@pytest.mark.usefixtures("held")
@pytest.mark.parametrize(
    "name",
    [
        "guard.serves",
        "guard.of_another_name",
        "guard.without_a_narrowing_word",
        "guard.contradicting_figure",
        "second_look.homophones",
        "plan.asked_together",
        "plan.derive",
        "asking.speaker",
    ],
)
def test_the_gate_falls_without(name: str) -> None:
    """Guards, second looks, plans and a list: a question is named that was right, with the answers of before and now."""
    fallen = falls_without(name)
    assert fallen, f"no question of the gate needs {name}"
    assert {kept.id: kept.right for kept in load_baseline()}[fallen[0].where]
    assert fallen[0].with_it != fallen[0].without_it


@pytest.mark.usefixtures("held")
def test_an_error_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Code that fails without a mechanism makes its questions fall; it does not end the count."""

    def fail(*_: object) -> object:
        raise ValueError("nothing stands in its place")

    broken = replace(next(m for m in MECHANISMS if m.name == "plan.derive"), off=fail)
    monkeypatch.setattr("eval.rules.MECHANISMS", (broken,))
    fallen = falls_without("plan.derive")
    assert [change.without_it for change in fallen] == ["ValueError('nothing stands in its place')"]


@pytest.mark.usefixtures("held")
def test_what_the_gate_does_not_see_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`wenju rules --gate` exits 1 where a mechanism of three answers or more can go and nothing falls; others are not tried."""
    rows = (
        Row("plan.derive", "plan", {"bundled": 9}, 9, sets={"rounds": Tally(9, 4)}),
        Row("guard.contradicting_figure", "guard", {"bundled": 9}, 9, sets={"rounds": Tally(9, 2)}),
    )
    unneeded = Row("second_look.nothing", "second_look", {"bundled": 9}, 9, sets={"rounds": Tally(9, 3)})
    nothing = replace(MECHANISMS[0], name=unneeded.name, off=original(MECHANISMS[0])[2])
    monkeypatch.setattr("eval.rules.MECHANISMS", (*MECHANISMS, nothing))
    monkeypatch.setattr("eval.reporting.ledger.hold", lambda *_: None)
    kept = tmp_path / "ledger.jsonl"
    command = ["rules", "--gate", "--workers", "1", "--from", str(kept)]
    save(Ledger("c0ffee", rows), kept)
    assert cli.main(command) == 0
    told = capsys.readouterr().out
    assert "plan.derive" in told
    assert "falls without 1 of 1" in told
    save(Ledger("c0ffee", (*rows, unneeded)), kept)
    assert cli.main(command) == 1
    told = capsys.readouterr().out
    assert any(line.startswith(unneeded.name) and line.endswith("STANDS") for line in told.splitlines())


BASELINE = (Kept("own a", "问一", True, "一"), Kept("own b", "问二", False, "二", ("wrong_period",)))


@pytest.mark.parametrize(
    ("changes", "what"),
    [
        ({}, []),
        ({"own a": {"answer": "另一"}}, []),
        ({"own a": {"right": False}}, ["right"]),
        ({"own a": {"right": False, "broken": ("verbatim", "loose_numbers")}}, ["right, verbatim, loose_numbers"]),
        ({"own b": {"right": True}}, []),
        ({"own b": {"broken": ("wrong_period",)}}, []),
        ({"own b": {"broken": ("wrong_region",)}}, ["wrong_region"]),
    ],
)
def test_a_question_falls_alone(changes: dict[str, dict[str, object]], what: list[str]) -> None:
    """One that is right no longer, or breaks a promise that it kept; no other gain makes up for it."""
    now = [replace(kept, **changes.get(kept.id, {})) for kept in BASELINE]  # type: ignore[arg-type]
    assert [fall.what for fall in falls(BASELINE, now)] == what


def test_a_question_that_the_baseline_does_not_have_as_it_is_asked_is_refused() -> None:
    for now in (
        BASELINE[:1],
        [*BASELINE, Kept("own c", "问三", True, "三")],
        [replace(k, question="问") for k in BASELINE],
    ):
        with pytest.raises(RunError, match="make it anew with `make baseline`"):
            falls(BASELINE, now)


def test_the_command_names_what_fell_with_both_answers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And keeps the answers of now where it is told so."""
    path = tmp_path / "gate.jsonl"
    gate.save_baseline(BASELINE, path)
    now = (replace(BASELINE[0], right=False, answer="另一"), replace(BASELINE[1], right=True))
    monkeypatch.setattr("eval.reporting.gate.BASELINE", path)
    monkeypatch.setattr("eval.reporting.gate.ask_all", lambda _: iter(now))
    assert cli.main(["eval", "gate"]) == 1
    told = capsys.readouterr()
    assert told.err == "wenju: gate: own a (right): 问一\n  before  一\n  now     另一\n"
    assert "1 of 2 right, 1 in the baseline; 1 fell" in told.out
    assert "own b" in told.out
    assert cli.main(["eval", "gate", "--save"]) == 0
    assert load_baseline(path) == now
    assert cli.main(["eval", "gate"]) == 0
    path.write_text("{}\n", encoding="utf-8")
    assert cli.main(["eval", "gate"]) == 1
    assert "not a baseline of the gate" in capsys.readouterr().err
