"""The freeze: two runs over the same code write the same bytes, and a difference is named where it begins."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.freeze import SHARED, differences, freeze
from eval.corpora import SETS, ReportSet, report_sets
from tests.builders import make_report


def frozen_at(folder: Path, report: str) -> Path:
    """A frozen folder of one report and one question."""
    reports, questions = folder / "reports", folder / "asked.jsonl"
    reports.mkdir(parents=True)
    (reports / "2024_青石市_政府工作报告.txt").write_text(report, encoding="utf-8")
    case = {
        "id": "a-1",
        "question": "2023年固定资产投资完成多少？",
        "category": "value",
        "answerable": True,
        "answers": ["305.2"],
    }
    questions.write_text(json.dumps(case, ensure_ascii=False) + "\n", encoding="utf-8")
    digests = freeze(ReportSet("one", (reports,), (questions,)), folder)
    (folder / "digests.json").write_text(json.dumps(digests), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return frozen_at(tmp_path_factory.mktemp("before"), make_report("一、2023年工作回顾\n固定资产投资完成305.2亿元。"))


def test_the_same_reports_give_the_same_digests(before: Path, tmp_path: Path) -> None:
    again = frozen_at(tmp_path / "again", make_report("一、2023年工作回顾\n固定资产投资完成305.2亿元。"))
    assert differences(before, again) == []


def test_a_changed_figure_is_named_with_what_it_was_and_is(before: Path, tmp_path: Path) -> None:
    other = frozen_at(tmp_path / "other", make_report("一、2023年工作回顾\n固定资产投资完成305.3亿元。"))
    told = "\n".join(differences(before, other))
    assert "one/facts: 1 of 1 lines" in told
    assert "'305.2'" in told
    assert "'305.3'" in told
    assert "one/answers/shared-asked" in told


def test_the_sets_of_the_repository_are_all_frozen() -> None:
    """A new question set is frozen without being named anywhere."""
    asked = {path.name for corpus in report_sets(SHARED) for path in corpus.questions}
    sets = {path.name for path in SETS.glob("*.jsonl")}
    if any(corpus.name == "shared" for corpus in report_sets(SHARED)):
        assert sets <= asked
    else:
        assert {"bundled.jsonl", "invented.jsonl", "layouts.jsonl"} <= asked
