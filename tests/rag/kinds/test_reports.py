"""Questions about a report itself, what a report plans as a whole, and what its terms mean."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.decide.kinds.meanings import says_what_it_is
from rag.pipeline import AnswerPipeline
from rag.types import Reason
from tests.builders import make_question, write_files
from tests.rag.kinds.conftest import report

WITH_TERMS = report(
    "岱川市",
    2024,
    "深入实施“三清两建”行动，成效明显。茶叶、药材、食用菌“新三宝”产值增长8%。推行“四办”服务（即马上办、网上办、就近办、一次办）。",
    "地区生产总值增长6%。",
    head="市长 林远山",
)


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2024年岱川市政府工作报告是谁作的", "《2024年岱川市政府工作报告》由林远山作。"),
        ("2024年岱川市政府工作报告是哪天作的", "《2024年岱川市政府工作报告》于2024年1月12日作。"),
        ("2023年岱川市政府工作报告是在哪次会上作的", "在岱川市第十七届人民代表大会第四次会议上作的。"),
        ("岱川市市长是谁", "《2024年岱川市政府工作报告》由林远山作。"),
        ("2024年岱川市的报告人当时担任什么职务", "林远山任岱川市市长。"),
        ("岱川市报告里的“增长3.6%”说的是哪一年", "中的“增长3.6%”说的是2022年：地区生产总值完成803.4亿元，增长3.6%。"),
        ("2024年岱川市报告中的“增长5.5%左右”指的是哪一年", "说的是2024年："),
    ],
)
def test_what_is_asked_about_a_report_stands_in_it(city: AnswerPipeline, question: str, told: str) -> None:
    answer = city.answer(make_question(question))
    assert not answer.abstained
    assert told in answer.answer
    assert answer.citations


def test_which_reports_are_held_is_looked_up(city: AnswerPipeline) -> None:
    held = city.answer(make_question("有岱川市2022年的报告吗"))
    assert held.answer == "收录的岱川市2022年报告有1份：《2023年岱川市政府工作报告》[1]。"
    missing = city.answer(make_question("收录了岱川市2018年的报告吗"))
    assert missing.reason is Reason.PERIOD_MISSING
    assert missing.answer.startswith("没有收录岱川市2018年的报告。收录的岱川市报告有4份：")
    assert city.answer(make_question("有松山县的报告吗")).reason is Reason.REGION_MISSING
    assert "有7份" in city.answer(make_question("你们收录了哪些报告")).answer


@pytest.mark.parametrize(
    "question", ["2024年岱川市政府工作报告提出了哪些重点任务", "2024年岱川市要重点抓好哪四个方面工作"]
)
def test_a_list_of_tasks_is_put_together_over_headings(city: AnswerPipeline, question: str) -> None:
    answer = city.answer(make_question(question))
    assert [c.quote for c in answer.citations] == [
        "（一）加快产业转型升级",
        "（二）扩大有效投资",
        "（三）推进乡村振兴",
        "（四）增进民生福祉",
    ]


@pytest.fixture(scope="module")
def terms(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    base: Path = tmp_path_factory.mktemp("terms")
    files: dict[str, str | bytes] = {"terms.txt": WITH_TERMS}
    ingest([write_files(base / "reports", files)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


@pytest.mark.parametrize(
    ("question", "quote"),
    [
        ("什么是“四办”服务", "推行“四办”服务（即马上办、网上办、就近办、一次办）。"),
        ("“新三宝”指什么", "茶叶、药材、食用菌“新三宝”产值增长8%。"),
        ("新三宝是哪三个", "茶叶、药材、食用菌“新三宝”产值增长8%。"),
    ],
)
def test_a_term_is_told_by_the_sentence_that_says_what_it_is(terms: AnswerPipeline, question: str, quote: str) -> None:
    answer = terms.answer(make_question(question))
    assert answer.citations[0].quote == quote


@pytest.mark.parametrize(
    ("term", "told"), [("三清两建", "提到“三清两建”，但没有说明它指什么"), ("五星创建", "没有提到“五星创建”")]
)
def test_a_term_that_is_not_explained_is_not_guessed(terms: AnswerPipeline, term: str, told: str) -> None:
    answer = terms.answer(make_question(f"“{term}”是什么意思"))
    assert answer.reason is Reason.NOT_IN_REPORTS
    assert told in answer.answer


@pytest.mark.parametrize(
    ("text", "term", "says"),
    [
        ("推行“四办”服务(即马上办、网上办)。", "四办", True),
        ("3.“标准地”改革:指带着指标出让。", "标准地", True),
        ("茶叶、药材、食用菌“新三宝”产值增长8%。", "新三宝", True),
        ("推行“四办”服务,马上办、网上办、就近办、一次办,群众满意。", "四办", True),
        ("推行“四办”服务,大力精简、全面放权、优化服务。", "四办", False),
        ("“四办”是今年工作的着力点。", "四办", False),
        ("完善“四办五联”机制:马上办、网上办。", "四办", False),
        ("深入实施“四办”行动,成效明显。", "四办", False),
    ],
)
def test_what_says_what_a_term_is(text: str, term: str, says: bool) -> None:
    assert says_what_it_is(text, term) is says
