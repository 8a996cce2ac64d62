"""Questions in everyday words: tenths for percentages, kinds of people for their number, plans by 要 and 想, lists with 各."""

from __future__ import annotations

import datetime as dt

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Reason
from tests.builders import make_question, make_report, write_files

REPORT = make_report(
    "一、2023年工作回顾\n快递业务量8412万件，增长21.6%。一般工商业电价下降7.5%。居民消费价格上涨0.4%。\n"
    "粮食、油料和茶叶产量分别为61.2万吨、4.8万吨和1.9万吨。初中在校学生28460人。举办招聘会96场，吸引求职者3.4万人。\n"
    "规模以上工业增加值增长9.1%，增速全省第二。城乡居民收入比缩小到1.98。水泥、钢材和平板玻璃产量分别增长3.1%、4.2%和5.3%。\n"
    "税收收入占一般公共预算收入的比重为72.5%。生产总值从2021年的512亿元增长到2023年的603亿元。\n"
    "二、2024年工作安排\n治理沙化土地12万亩。优化公交线路18条。新增停车泊位900个。\n"
    "三、今后五年目标\n未来五年，新增公办养老床位2600张。",
    title="2024年青石市政府工作报告",
)  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    """One report of an invented city."""
    base = tmp_path_factory.mktemp("everyday")
    files: dict[str, str | bytes] = {"2024.txt": REPORT}
    ingest([write_files(base / "reports", files)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


def figures(answer: Answer) -> set[str]:
    return {f"{v.value}{v.unit}" for v in answer.values}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        # A rate of change by other words than 增长.
        ("青石市2023年快递业务量多了几成", "21.6%"),
        ("2023年青石市一般工商业电价便宜了多少", "-7.5%"),
        # Kinds of people.
        ("青石市2023年初中有多少学生", "28460人"),
        # A place in a row as the report tells it, and no row of the places that are held.
        ("2023年青石市规上工业增加值增速在全省排第几", "2位"),
        # The only place stands behind 占.
        ("税收收入占青石市2023年一般公共预算收入的多少", "72.5%"),
        # From one end to the other.
        ("青石市生产总值从2021年到2023年多出来多少", "91亿元"),
        # What is meant to be done, without a word for a target.
        ("青石市2024年治沙要干多少亩", "12万亩"),
        ("青石市2024年想让公交线路调整多少条", "18条"),
    ],
)
def test_the_figure_is_found(city: AnswerPipeline, question: str, expected: str) -> None:
    answer = city.answer(make_question(question))
    assert expected in figures(answer), answer.answer


@pytest.mark.parametrize(
    "question", ["青石市2023年粮食、油料和茶叶的产量各是多少", "2023年青石市粮食、油料、茶叶产量各是多少"]
)
def test_each_of_a_list_is_told(city: AnswerPipeline, question: str) -> None:
    assert {"61.2万吨", "4.8万吨", "1.9万吨"} <= figures(city.answer(make_question(question)))


def test_years_are_counted_as_the_report_does(city: AnswerPipeline) -> None:
    """Asked two years later, 今后五年 are those of the report that speaks of them."""
    answer = city.answer(make_question("青石市今后五年要新增多少张公办养老床位", day=dt.date(2026, 3, 1)))
    assert "2600张" in figures(answer), answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "青石市2023年新增停车泊位完成了多少个",
        "青石市2024年主要建设的停车泊位有多少个",
        "青石市2023年治理沙化土地实际完成多少万亩",
        "青石市2023年煤炭产量多了几成",
        "2023年青石市规上工业增加值增速在西部排第几",
    ],
)
def test_no_plan_and_no_neighbour_stands_for_a_result(city: AnswerPipeline, question: str) -> None:
    answer = city.answer(make_question(question))
    assert answer.abstained, answer.answer
    assert answer.reason in (Reason.INDICATOR_MISSING, Reason.NOT_IN_REPORTS, Reason.PERIOD_MISSING)


def test_a_thing_and_its_time_ask_for_its_figure(city: AnswerPipeline) -> None:
    """Without a word of asking, and of a name that no vocabulary holds."""
    answer = city.answer(make_question("青石市2023年快递业务量"))
    assert figures(answer) == {"8412万件", "21.6%"}
    assert answer.answer.startswith("2023年，青石市快递业务量8412万件")


def test_one_without_the_other_is_calculated(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年青石市粮食产量减去油料产量是多少"))
    assert figures(answer) == {"56.4万吨"}
    assert answer.values[0].derived is not None
