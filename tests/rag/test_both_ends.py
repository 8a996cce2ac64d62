"""From what to what a thing moved, the place of one in a row, differences by meaning, and names by their number."""

from __future__ import annotations

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.pipeline import AnswerPipeline
from rag.types import Answer
from rag.understand.slots.units import units_of
from tests.builders import make_question, make_report, write_files

REPORT = make_report(
    "一、过去五年工作回顾\n五年来，高新技术企业由86家增加到214家。森林覆盖率从31.5%提高到36.2%。民宿从无到有发展到57家。\n"
    "公路通车里程由8600公里增加到1.12万公里，其中高速公路由310公里增加到455公里。\n"
    "二、2025年工作\n生产总值640亿元，增长6.1%，增速居全省第四。规模以上工业增加值增长7.3%。社会消费品零售总额居西部第二。\n"
    "出口84.6亿元，进口31.2亿元。城镇居民人均可支配收入41200元，农村居民人均可支配收入21800元。\n"
    "压减水泥产能120万吨，减少用煤38万吨。大豆产量4.6万吨。\n"
    "发放种粮补贴1.84亿元，惠及种粮农户9.6万户。税收收入44.7亿元，增长5.2%。主要是骨干企业效益回升，房地产交易回暖。\n"
    "适龄儿童入园率从82.4%提高到91.5%。居民电子健康档案建档率91.5%。\n"
    "公交运营线路86条。编制预算遵循三条原则：一是坚持量力而行。二是坚持民生优先。三是坚持勤俭节约。\n"
    "松溪湿地、白鹭洲和云台山获评国家级湿地公园。开工建设北环路、滨江大桥。\n"
    "三、2026年目标\n到2030年，生产总值年均增长6.5%以上。",
    title="2026年青石市政府工作报告",
)  # fmt: skip


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    """One report of an invented city."""
    base = tmp_path_factory.mktemp("both_ends")
    files: dict[str, str | bytes] = {"2026.txt": REPORT}
    ingest([write_files(base / "reports", files)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


def ask(city: AnswerPipeline, question: str) -> Answer:
    return city.answer(make_question(question))


@pytest.mark.parametrize(
    ("question", "ends"),
    [
        ("2021到2025年青石市高新技术企业从多少家增加到多少家", ("86", "214")),
        ("“十四五”期间青石市森林覆盖率由多少提高到多少", ("31.5%", "36.2%")),
        ("2021年至2025年青石市高速公路里程怎么变化的", ("310", "455")),
        ("“十四五”期间青石市民宿发展到多少家", ("57家",)),
    ],
)
def test_both_ends_of_a_move_are_told(city: AnswerPipeline, question: str, ends: tuple[str, ...]) -> None:
    answer = ask(city, question)
    assert not answer.abstained
    assert all(end in answer.answer for end in ends)
    assert "8600" not in answer.answer


def test_the_ends_are_of_the_asked_thing(city: AnswerPipeline) -> None:
    """Another thing that came to the same figure tells nothing of where this one came from."""
    assert "82.4" not in ask(city, "2021到2025年青石市居民电子健康档案建档率从多少提高到多少").answer


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("有多少名医生", ("名",)),
        ("多少家电商企业", ("家",)),
        ("多少种粮补贴", ("元",)),
        ("多少农民领到补贴", ("人", "人次")),
    ],
)
def test_a_unit_is_one_before_a_noun_and_none_in_a_word(text: str, units: tuple[str, ...]) -> None:
    assert units_of(text) == units


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("2025年青石市生产总值增速在全省排第几", "居全省第四"),
        ("青石市2025年社会消费品零售总额在西部排第几", "居西部第二"),
    ],
)
def test_the_place_in_a_row_is_told(city: AnswerPipeline, question: str, place: str) -> None:
    assert place in ask(city, question).answer


def test_an_amount_is_no_place_in_a_row(city: AnswerPipeline) -> None:
    answer = ask(city, "2025年青石市出口额在全国排第几")
    assert answer.abstained
    assert "84.6" in answer.answer


@pytest.mark.parametrize(
    ("question", "formula"),
    [
        ("青石市2025年外贸顺差多少", "84.6亿元 − 31.2亿元"),
        ("青石市2025年城里人比农村人多收入多少元", "41200元 − 21800元"),
        ("青石市2025年城里人和乡下人的收入差了多少元", "41200元 − 21800元"),
    ],
)
def test_a_difference_by_its_meaning_is_calculated(city: AnswerPipeline, question: str, formula: str) -> None:
    answer = ask(city, question)
    assert [v.derived.formula.startswith(formula) for v in answer.values if v.derived is not None] == [True]


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("青石市2025年压减了多少万吨水泥产能", "120万吨"),
        ("青石市2025年用煤减少了多少万吨", "38万吨"),
        # 大 is no unit of 大豆.
        ("青石市2025年收了多少大豆", "4.6万吨"),
    ],
)
def test_an_amount_by_which_something_fell_is_told(city: AnswerPipeline, question: str, figure: str) -> None:
    assert figure in ask(city, question).answer


def test_kinds_of_money_are_asked_in_yuan(city: AnswerPipeline) -> None:
    assert "1.84亿元" in ask(city, "青石市2025年给农户发了多少种粮补贴").answer


@pytest.mark.parametrize("question", ["青石市2025年每平方公里产出多少生产总值", "青石市2025年每户农户拿到多少种粮补贴"])
def test_a_total_is_not_told_for_what_is_reckoned_by_the_unit(city: AnswerPipeline, question: str) -> None:
    assert ask(city, question).abstained


def test_lines_are_no_passengers(city: AnswerPipeline) -> None:
    assert ask(city, "青石市2025年公交拉了多少人次").abstained


def test_the_reason_comes_first(city: AnswerPipeline) -> None:
    answer = ask(city, "青石市2025年税收收入为什么增长").answer
    assert "骨干企业效益回升" in answer.split("[1]")[0]


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ("青石市2025年哪三处获评国家级湿地公园", ("松溪湿地", "白鹭洲", "云台山")),
        ("青石市2025年开工建设了哪两个交通项目", ("北环路", "滨江大桥")),
        # Counted out over several sentences.
        ("青石市2025年编制预算遵循哪三条原则", ("量力而行", "民生优先", "勤俭节约")),
    ],
)
def test_as_many_names_as_asked_are_told(city: AnswerPipeline, question: str, names: tuple[str, ...]) -> None:
    answer = ask(city, question)
    assert all(name in answer.answer for name in names)
