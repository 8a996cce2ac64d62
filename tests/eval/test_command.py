"""``wenju eval`` and its tools from the command line: what they write, print and return."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import cli
from eval.arguments import join_tool
from eval.cases import CaseError
from eval.command import choose
from eval.runs import load_run, save_run
from tests.eval.builders import make_case, make_result, make_run

CASES = [
    {"id": "a", "question": "2020年嘉定固定资产投资增长多少", "category": "growth", "answerable": True,
     "numbers": [{"value": 18.3, "unit": "%"}], "period": "2020",
     "evidence": [{"doc": "004_606b8993a8cf2f09.txt", "quote": "固定资产投资完成429.7亿元,同比增长18.3%", "region": "嘉定区"}]},
    {"id": "b", "question": "今天天气怎么样", "category": "unanswerable", "answerable": False},
    {"id": "c", "question": "2020年嘉定财政收入增长多少", "category": "growth", "answerable": True, "numbers": [{"value": 99, "unit": "%"}]},
]  # fmt: skip


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in CASES), encoding="utf-8")
    return path


def test_a_run_is_printed_saved_reported_and_fitted(
    questions: Path, snapshot_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib", reason="the extra `report` is not installed")
    saved, report, fitted = tmp_path / "runs" / "a.json", tmp_path / "out" / "report.html", tmp_path / "fit" / "f.json"
    command = ["eval", str(questions), "--index", str(snapshot_folder)]
    assert cli.main([*command, "--save", str(saved), "--report", str(report), "--fit-support", str(fitted)]) == 0
    out, err = capsys.readouterr()
    assert err == ""
    assert "cases.jsonl: 3 questions" in out
    assert "lost by extraction 1" in out
    assert "expected  99%" in out
    run = load_run(saved)
    assert [r.right for r in run.results] == [True, True, False]
    assert (run.origin.questions, run.origin.where, run.origin.limit) == ("cases.jsonl", "in process", None)
    assert run.origin.model is not None
    assert run.origin.model.startswith("wenju-embed ")
    assert "2020年嘉定财政收入增长多少" in report.read_text(encoding="utf-8")
    assert sum(step["count"] for step in json.loads(fitted.read_text(encoding="utf-8"))) == 2
    assert cli.main([*command, "--baseline", str(saved)]) == 0
    assert cli.main([*command, "--category", "growth", "--limit", "1", "--baseline", str(saved), "--json"]) == 0
    capsys.readouterr()


def test_a_fallen_baseline_exits_1(
    questions: Path, snapshot_folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line for each thing that fell, on standard error."""
    better = make_run(make_result("c", question=str(CASES[2]["question"])))
    save_run(better, tmp_path / "better.json")
    command = ["eval", str(questions), "--index", str(snapshot_folder), "--baseline", str(tmp_path / "better.json")]
    assert cli.main(command) == 1
    err = capsys.readouterr().err
    assert err == "wenju: gate: growth: 0 of 1 right, 1 in the baseline (tolerance 0); lost: c\n"


def test_categories_and_limits_choose() -> None:
    cases = [make_case(("1", "%"), id=str(n), category="ab"[n % 2]) for n in range(6)]
    assert [c.id for c in choose(cases, ["b"], 2)] == ["1", "3"]
    assert len(choose(cases, [], None)) == 6
    with pytest.raises(CaseError, match="no question of category 'c'; there is a, b"):
        choose(cases, ["c"], None)


def test_compare_prints_what_differs(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_run(make_run(make_result("1"), make_result("2", right=False)), tmp_path / "a.json")
    save_run(make_run(make_result("1", right=False), make_result("2", right=False)), tmp_path / "b.json")
    assert cli.main(["eval", "compare", str(tmp_path / "a.json"), str(tmp_path / "b.json")]) == 0
    assert "gained 0, lost 1; McNemar exact: p = 1" in capsys.readouterr().out
    assert cli.main(["eval", "compare", str(tmp_path / "a.json"), str(tmp_path / "b.json"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["lost"] == 1
    assert cli.main(["eval", "compare", str(tmp_path / "a.json"), str(tmp_path / "none.json")]) == 1
    assert "none.json: No such file" in capsys.readouterr().err


def test_calibrate_pools_runs_and_writes_the_fit(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Low support is half right and high support always: two steps, and a smaller error than before."""
    for name in ("a", "b"):
        low = [make_result(f"l{n}", right=n % 2 == 0, support=0.9) for n in range(20)]
        high = [make_result(f"h{n}", support=0.95) for n in range(20)]
        refused = make_result("r", right=False, abstained=True, support=0.0)
        save_run(make_run(*low, *high, refused), tmp_path / f"{name}.json")
    command = ["eval", "calibrate", str(tmp_path / "a.json"), str(tmp_path / "b.json")]
    assert cli.main([*command, "--out", str(tmp_path / "fit" / "support.json"), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["answers"], found["right"]) == (80, 60)
    assert [(s["support"], s["count"]) for s in found["steps"]] == [(0.0, 40), (0.95, 40)]
    assert found["steps"][0]["share"] == pytest.approx(0.5, abs=0.01)
    assert found["ece_held_out"] < found["ece_before"]
    assert json.loads((tmp_path / "fit" / "support.json").read_text(encoding="utf-8")) == found["steps"]
    assert cli.main(command) == 0
    assert "80 answers, 60 right" in capsys.readouterr().out


def test_runs_that_teach_nothing_say_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save_run(make_run(make_result("1"), make_result("2")), tmp_path / "right.json")
    assert cli.main(["eval", "calibrate", str(tmp_path / "right.json")]) == 0
    assert "no answer is wrong: nothing can be learned" in capsys.readouterr().out
    save_run(make_run(make_result("1", abstained=True)), tmp_path / "refused.json")
    assert cli.main(["eval", "calibrate", str(tmp_path / "refused.json")]) == 1
    assert "no answered question" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "joined"),
    [
        (["eval", "compare", "a", "b"], ["eval compare", "a", "b"]),
        (["eval", "./compare"], ["eval", "./compare"]),
        (["eval", "--json", "compare"], ["eval", "--json", "compare"]),
        (["eval"], ["eval"]),
        (["ask", "compare"], ["ask", "compare"]),
    ],
)
def test_a_tool_is_told_from_a_question_file(words: list[str], joined: list[str]) -> None:
    assert join_tool(words) == joined
