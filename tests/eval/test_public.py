"""Public benchmarks: their metrics by hand, and each command over small files of the same layout."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

import cli
from eval.public.chronoqa import dates, read_chronoqa
from eval.public.rows import Row, table
from eval.public.squad import Asked, answer_figures, exact, overlap_f1, pieces, read_squad


def test_text_is_counted_in_characters_and_words() -> None:
    assert pieces("《战国无双3》由KOEI和ω-force开发。") == [
        *"战国无双",
        "3",
        "由",
        "koei",
        "和",
        "ω",
        "force",
        "开",
        "发",
    ]


@pytest.mark.parametrize(
    ("answer", "gold", "f1"),
    [
        ("光荣", "光荣", 1.0),
        ("由光荣开发", "光荣", 2 * (2 / 5) * 1 / (2 / 5 + 1)),
        # The longest common run is 中国 and 人民 alone does not add to it.
        ("中国的人民", "中国人民", 2 * (2 / 5) * (2 / 4) / (2 / 5 + 2 / 4)),
        ("青浦", "嘉定", 0.0),
        ("。", "嘉定", 0.0),
    ],
)
def test_f1_is_of_the_longest_common_run(answer: str, gold: str, f1: float) -> None:
    assert overlap_f1(answer, gold) == pytest.approx(f1)


def test_exact_match_ignores_case_and_punctuation() -> None:
    assert exact("《KOEI》 。", "koei")
    assert not exact("由KOEI", "koei")


def test_answer_figures_by_hand() -> None:
    """One exact, one that holds the span, one beside it, one refused."""
    asked = [Asked("", 0, ("光荣",)), Asked("", 0, ("青浦", "光荣")), Asked("", 0, ("嘉定",)), Asked("", 0, ("嘉定",))]
    figures = answer_figures(asked, ["光荣。", "由光荣开发", "青浦", None])
    assert (figures["EM"], figures["holds the span"], figures["refused"]) == (0.25, 0.5, 0.25)
    assert figures["F1"] == pytest.approx((1 + 4 / 7) / 4)


def test_dates_are_years_and_months() -> None:
    """Days count as their month; a month of no year, and what is no date, are left out."""
    text = "2020年4月2日和2020年4月3日，2019年，10月，1949年前，2021年13月，12020年"
    assert list(map(str, dates(text))) == ["2020-04", "2019", "1949", "2021", "2020"]


def test_tables_change_their_head_with_the_figures() -> None:
    rows = [Row("a", "x", 3, {"R@1": 0.5}), Row("a", "y", 3, {"R@1": 1.0}), Row("b", "x", 2, {"EM": 0.25, "F1": 0.5})]
    lines = table(rows).splitlines()
    assert lines[0] == "| task | setting | questions | R@1 |"
    assert lines[3:6] == ["| a | y | 3 | 1.000 |", "", "| task | setting | questions | EM | F1 |"]


PASSAGES = {
    "《战国无双3》是由光荣开发的系列第三作。本作以三大故事为主轴，丰富游戏内的剧情。": [
        ("《战国无双3》是由谁开发的？", "光荣")
    ],
    "卫视卡式台是星空传媒经营的一条以华语广播的电影频道，每日播放电影。": [("卫视卡式台以什么语言广播？", "华语")],
}


def squad(folder: Path, name: str) -> None:
    paragraphs = [
        {"context": text, "qas": [{"id": f"{n}", "question": q, "answers": [{"text": a, "answer_start": text.index(a)}]} for q, a in asked]}
        for n, (text, asked) in enumerate(PASSAGES.items())
    ]  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    with gzip.open(folder / name, "wt", encoding="utf-8") as file:
        json.dump({"data": [{"paragraphs": paragraphs}]}, file, ensure_ascii=False)


def chrono(folder: Path) -> None:
    rows = [
        ("2020年4月2日广州发生了什么事故？", "2024-8-30", "explicit", "absolute", ["2020年4月2日19时20分，广州发生一起公交车自撞隧道口的事故。"]),
        ("去年6月在哪里进行了会面？", "2024-1月12日", "implicit", "relative", ["2023年6月1日，两国总统在摩尔多瓦进行了会面和简短的交谈。", "2023年6月"]),
        ("何时？", "o1-mini", "implicit", "relative", ["2023年6月1日，两国总统在摩尔多瓦进行了会面和简短的交谈。"]),
        ("哪天？", "2024-01-01", "implicit", "relative", ["2023年6月1日"]),
    ]  # fmt: skip
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["question", "question_date", "temporal_expression_type", "temporal_type", "golden_chunks"])
    writer.writerows([*row[:4], repr(row[4])] for row in rows)
    folder.mkdir(parents=True)
    (folder / "chronoqa.csv.gz").write_bytes(gzip.compress(text.getvalue().encode()))


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("WENJU_SHARED", str(tmp_path))
    return tmp_path / "data" / "bench"


def rows_of(capsys: pytest.CaptureFixture[str], name: str) -> list[dict[str, Any]]:
    assert cli.main(["eval", "bench", name, "--json"]) == 0
    rows: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    return rows


def test_cmrc(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Retrieval, and the product's own answers with the passage given and not."""
    squad(bench / "cmrc2018", "cmrc2018_dev.json.gz")
    assert read_squad(bench / "cmrc2018" / "cmrc2018_dev.json.gz")[1][1] == Asked(
        "卫视卡式台以什么语言广播？", 1, ("华语",)
    )
    rows = {row["setting"]: row for row in rows_of(capsys, "cmrc2018")}
    assert rows["fused"]["figures"]["R@1"] == 1.0
    given = rows["answer, passage given"]
    assert (given["questions"], given["figures"]["holds the span"], given["figures"]["refused"]) == (2, 1.0, 0.0)
    assert 0 < given["figures"]["F1"] < 1
    assert set(rows) == {"dense", "bm25", "fused", "answer, passage given", "answer, all passages"}


def test_xquad(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for language in ("zh", "en"):
        squad(bench / "xquad", f"xquad.{language}.json.gz")
    assert [row["task"] for row in rows_of(capsys, "xquad")][::3] == [
        "XQuAD zh→zh", "XQuAD en→en", "XQuAD en→zh", "XQuAD zh→en",
    ]  # fmt: skip


def test_chronoqa(bench: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Questions without a date, or with bare dates for passages, are left out; 去年6月 is read by the question's day."""
    chrono(bench / "chronoqa")
    asked = read_chronoqa(bench / "chronoqa" / "chronoqa.csv.gz")
    assert [(one.asked_on.isoformat(), len(one.passages)) for one in asked] == [("2024-08-30", 1), ("2024-01-12", 1)]
    rows = {(row["task"], row["setting"]): row["figures"] for row in rows_of(capsys, "chronoqa")}
    assert rows["ChronoQA absolute", "time, explicit"]["exact, where spelt"] == 1.0
    relative = rows["ChronoQA relative", "time, implicit"]
    assert (relative["time read"], relative["fits a gold passage, where read"], relative["spells a date"]) == (
        1.0,
        1.0,
        0.0,
    )
    assert rows["ChronoQA", "fused, with time"]["R@1"] == 1.0


@pytest.mark.parametrize("name", ["cmrc2018", "xquad", "chronoqa"])
def test_absent_data_are_skipped_with_the_reason(bench: Path, capsys: pytest.CaptureFixture[str], name: str) -> None:
    assert cli.main(["eval", "bench", name]) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", f"skipped: no {bench / name} (WENJU_SHARED)\n")
