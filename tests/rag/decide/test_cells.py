"""Which figure answers: the right place, time, thing and status, or the reason why there is none."""

from __future__ import annotations

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.pipeline import AnswerPipeline
from rag.types import Answer
from tests.builders import make_question, make_report, write_files

GREEN = make_report(
    "一、2023年工作回顾\n地区生产总值完成812.6亿元，同比增长6.1%。固定资产投资完成305.2亿元，其中工业投资108.4亿元，增长21.2%。"
    "一般公共预算收入预计完成98.6亿元，增长5.2%。规模以上工业总产值下降2.3%。新增就业1.2万人。\n"
    "二、2024年工作安排\n地区生产总值增长6%左右。固定资产投资力争完成340亿元。社会消费品零售总额增长7%。"
)
GREEN_HALF = make_report(
    "一、上半年工作情况\n上半年，固定资产投资完成160.3亿元，增长4.5%。\n二、下半年工作安排\n下半年，继续努力。",
    title="2024年青石市上半年政府工作情况的报告",
    byline="——2024年8月2日在青石市第十七届人民代表大会常务委员会第九次会议上\n青石市市长 林远山",
)
WHITE = make_report(
    "一、2023年工作回顾\n地区生产总值完成530.5亿元，同比增长7.4%。固定资产投资完成212.8亿元，增长3.1%。\n二、2024年工作安排\n地区生产总值增长8%左右。",
    title="2024年白水市政府工作报告",
    byline="——2024年1月18日在白水市第九届人民代表大会第三次会议上",
    government="白水市人民政府",
)
GREEN_LATER = make_report(
    "一、2024年工作回顾\n2023年，地区生产总值为815.0亿元。2024年，地区生产总值完成860.1亿元，增长5.5%。\n二、2025年工作安排\n地区生产总值增长5%。",
    title="2025年青石市政府工作报告",
    byline="——2025年1月16日在青石市第十七届人民代表大会第四次会议上\n青石市市长 林远山",
)


@pytest.fixture(scope="module")
def invented(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    """Four reports of two cities that exist nowhere else."""
    base = tmp_path_factory.mktemp("invented")
    files: dict[str, str | bytes] = {
        "green2024.txt": GREEN,
        "green2024h1.txt": GREEN_HALF,
        "white2024.txt": WHITE,
        "green2025.txt": GREEN_LATER,
    }
    ingest([write_files(base / "reports", files)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


def values(answer: Answer) -> set[tuple[str | None, str | None, str, str]]:
    return {(v.region, v.period, f"{v.value}{v.unit}", v.status) for v in answer.values}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2023年青石市地区生产总值是多少", {("青石市", "2023", "812.6亿元", "actual"), ("青石市", "2023", "6.1%", "actual")}),
        ("2023年白水市地区生产总值增长多少", {("白水市", "2023", "530.5亿元", "actual"), ("白水市", "2023", "7.4%", "actual")}),
        ("2023年青石市规模以上工业总产值增长多少", {("青石市", "2023", "-2.3%", "actual")}),
        ("2024年青石市上半年固定资产投资增长多少", {("青石市", "2024-H1", "160.3亿元", "actual"), ("青石市", "2024-H1", "4.5%", "actual")}),
        ("2024年青石市地区生产总值增长多少", {("青石市", "2024", "860.1亿元", "actual"), ("青石市", "2024", "5.5%", "actual")}),
        ("2024年青石市地区生产总值的增长目标是多少", {("青石市", "2024", "6%", "target")}),
        ("2024年白水市地区生产总值的目标是多少", {("白水市", "2024", "8%", "target")}),
        ("2023年青石市工业投资增长多少", {("青石市", "2023", "108.4亿元", "actual"), ("青石市", "2023", "21.2%", "actual")}),
        ("2023年青石市固定资产投资是多少", {("青石市", "2023", "305.2亿元", "actual")}),
    ],
)  # fmt: skip
def test_the_figure_of_the_asked_place_time_and_thing(
    invented: AnswerPipeline, question: str, expected: set[tuple[str, str, str, str]]
) -> None:
    """Level and growth as stated, by the report that reviews the year."""
    answer = invented.answer(make_question(question))
    assert not answer.abstained
    assert values(answer) == expected


@pytest.mark.parametrize(
    ("question", "reason", "near"),
    [
        ("2023年青石市固定资产投资增长多少", "indicator_missing", "305.2亿元"),
        ("2024年青石市固定资产投资是多少", "indicator_missing", "340亿元"),
        ("2024年白水市地区生产总值增长多少", "indicator_missing", "8%"),
        ("2024年青石市社会消费品零售总额增长多少", "indicator_missing", "7%"),
        ("2019年青石市地区生产总值是多少", "period_missing", "812.6亿元"),
        ("2023年黑山市地区生产总值是多少", "region_missing", None),
        ("2023年青石市河口镇地区生产总值是多少", "region_missing", "812.6亿元"),
        ("2023年地区生产总值是多少", "ambiguous", "亿元"),
        ("2023年青石市森林覆盖率是多少", "indicator_missing", None),
    ],
)
def test_what_is_not_stated_is_refused_with_what_is_nearest(
    invented: AnswerPipeline, question: str, reason: str, near: str | None
) -> None:
    """A part's growth, a half year, a target or another year never stands in for what is asked, and is named."""
    answer = invented.answer(make_question(question))
    assert (answer.abstained, answer.reason) == (True, reason)
    assert answer.values == ()
    if near is not None:
        assert near in "".join(n.text for n in answer.nearest)
        assert near in answer.answer


def test_an_estimate_is_called_one(invented: AnswerPipeline) -> None:
    """预计完成 is answered and named 预计."""
    answer = invented.answer(make_question("2023年青石市一般公共预算收入是多少"))
    assert ("青石市", "2023", "98.6亿元", "estimate") in values(answer)
    assert "预计" in answer.answer


def test_two_reports_that_differ_are_shown(invented: AnswerPipeline) -> None:
    """The report that reviews the year answers, and the later figure stands in the conflicts with its citation."""
    answer = invented.answer(make_question("2023年青石市地区生产总值是多少"))
    assert [("815.0亿元" in c.text, c.citation.document) for c in answer.conflicts] == [(True, "green2025.txt")]


def test_several_places_are_answered_one_by_one(invented: AnswerPipeline) -> None:
    """Each with its own citation, and the higher named."""
    answer = invented.answer(make_question("2023年青石市和白水市地区生产总值哪个更高"))
    assert {v[2] for v in values(answer)} >= {"812.6亿元", "530.5亿元"}
    assert [c.document for c in answer.citations] == ["green2024.txt", "white2024.txt"]
    assert answer.answer.startswith("青石市最高")


def test_a_missing_place_among_several_is_said_to_be_missing(invented: AnswerPipeline) -> None:
    answer = invented.answer(make_question("2023年青石市和白水市规模以上工业总产值分别增长多少"))
    assert "下降2.3%" in answer.answer
    assert "白水市" in answer.answer
    assert "没有" in answer.answer


def test_a_level_is_not_answered_in_another_unit(invented: AnswerPipeline) -> None:
    """新增就业多少户 asks for no number of people."""
    answer = invented.answer(make_question("2023年青石市新增就业多少公顷"))
    assert answer.abstained
