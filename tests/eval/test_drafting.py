"""Drafts of an unseen report: valid, marked, verbatim, and answered as drafted when they are run back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cli
from eval.cases import read_cases
from eval.drafting import draft, propose, spoken
from eval.harness import run_cases
from eval.services import InProcess
from index.store.embedding import BUILT_IN_MODEL
from index.store.snapshot import IndexSnapshot
from index.types import Period
from rag.opening import open_pipeline
from settings import Settings
from tests.builders import REPORT, write_files


@pytest.fixture
def report(tmp_path: Path) -> Path:
    return write_files(tmp_path / "reports", {"青石.txt": REPORT}) / "青石.txt"


def test_a_report_is_drafted_and_answered(report: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """By the command line, into a set that ``wenju eval`` then reads and finds all right."""
    out = tmp_path / "sets" / "drafts.jsonl"
    assert cli.main(["eval", "draft", str(report), "--out", str(out)]) == 0
    assert "look at each" in capsys.readouterr().err
    cases = read_cases(out)
    assert all(case.drafted and case.periods for case in cases)
    by_question = {case.question: case for case in cases}
    asked = by_question["2023年青石市地区生产总值同比增长多少?"]
    assert [str(n.value) + n.unit for n in asked.numbers] == ["6.1%"]
    assert asked.regions == {"青石市"}
    assert by_question["2023年青石市规模以上工业总产值同比增长多少?"].numbers[0].value < 0
    assert "2024年青石市地区生产总值的增长目标是多少?" in by_question
    # Only a target is stated for 2024, and nothing at all for 2022.
    refused = [case.question for case in cases if not case.answerable]
    assert "2024年青石市地区生产总值实际增长了多少?" in refused
    assert any(question.startswith("2022年") for question in refused)
    for case in cases:
        for quote in case.evidence:
            assert quote.quote in REPORT

    index = tmp_path / "index"
    assert cli.main(["ingest", str(report), "--index", str(index)]) == 0
    pipeline = open_pipeline(index, str(BUILT_IN_MODEL))
    results = run_cases(InProcess(pipeline), cases)
    pipeline.close()
    assert len(results) >= 10
    assert all(r.right and not r.faults for r in results)


def test_records_go_to_standard_output_too(report: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["eval", "draft", str(report), "--most", "3"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert all(json.loads(line)["drafted"] is True for line in lines)


def test_what_is_answered_otherwise_is_kept_only_when_asked_for(report: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong draft among the candidates: left out, or kept with the reason in its note."""

    def with_a_mistake(snapshot: IndexSnapshot) -> list[dict[str, object]]:
        first = next(r for r in propose(snapshot) if r["answerable"])
        return [{**first, "id": "wrong", "numbers": [{"value": 99999, "unit": "亿元"}]}, first]

    monkeypatch.setattr("eval.drafting.propose", with_a_mistake)
    settings = Settings()
    records, tried = draft(settings, [report], 10, keep_all=False)
    assert (len(records), tried) == (1, 2)
    records, _ = draft(settings, [report], 10, keep_all=True)
    assert records[0]["id"] == "wrong"
    assert records[0]["note"].startswith("answered otherwise: does not state 99999亿元: ")


def test_a_report_without_figures_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_files(tmp_path / "reports", {"a.txt": "各位代表:我们要继续努力,不断前进。" * 5})
    assert cli.main(["eval", "draft", str(folder)]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert "the reports state no figure" in err


@pytest.mark.parametrize(
    ("period", "words"),
    [
        (Period.year(2020), "2020年"),
        (Period.half(2020, 1), "2020年上半年"),
        (Period.quarter(2020, 3), "2020年三季度"),
        (Period.years(2016, 2020), ""),
        (Period.months(2025, 1, 5), ""),
    ],
)
def test_periods_as_a_question_says_them(period: Period, words: str) -> None:
    assert spoken(period) == words
