"""Questions as people put them: two things at once, differences over time, towns, follow-ups, traditional characters."""

from __future__ import annotations

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Reason
from tests.builders import make_question, make_report, write_files

EARLIER = make_report(
    "一、2022年工作回顾\n固定资产投资完成280.1亿元，增长8.2%。一般公共预算收入90.2亿元，增长4.1%。引进6个年税收亿元级项目。\n"
    "二、2023年工作安排\n固定资产投资完成310亿元，增长10%。",
    title="2023年青石市政府工作报告",
    byline="——2023年1月12日在青石市第十七届人民代表大会第二次会议上\n青石市市长 林远山",
)
LATER = make_report(
    "一、2023年工作回顾\n固定资产投资完成305.2亿元，增长9.0%，增速分别高于全国、全省6.0个和3.5个百分点。"
    "城乡居民人均可支配收入分别为45120元和23480元。\n"
    "柳河镇工业产值31.5亿元，增长18.2%。南岭县地区生产总值88.9亿元、增长5.8%。\n"
    "改造老旧小区48个、惠及居民1.93万户。高新技术企业由178家增加到241家。新认定高新技术企业71家、总数241家。\n"
    "城市低保标准提高到每人每月745元，农村低保标准提高到每人每年7080元。粮食总产量达到三千二百万斤。\n"
    "二、2024年工作安排\n固定资产投资增长8%左右。新增停车泊位900个。",
)


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    """Two reports of an invented city."""
    base = tmp_path_factory.mktemp("city")
    files: dict[str, str | bytes] = {"2023.txt": EARLIER, "2024.txt": LATER}
    ingest([write_files(base / "reports", files)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


def figures(answer: Answer) -> set[str]:
    return {f"{v.value}{v.unit}" for v in answer.values}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2022年青石市固定资产投资和一般公共预算收入各是多少", {"280.1亿元", "8.2%", "90.2亿元", "4.1%"}),
        ("2023年青石市固定资产投资的年初目标和实际完成额各是多少", {"310亿元", "10%", "305.2亿元", "9.0%"}),
        ("2023年青石市城镇和农村居民人均可支配收入哪个高？各是多少", {"45120元", "23480元"}),
        ("2023年青石市改造了多少个老旧小区，惠及多少户居民？", {"48个", "1.93万户"}),
        ("2023年青石市柳河镇工业产值是多少", {"31.5亿元", "18.2%"}),
        ("2023年南岭县地区生产总值是多少", {"88.9亿元", "5.8%"}),
        ("2023年青石市固定资产投资增速高于全省多少个百分点", {"3.5个百分点"}),
        ("2023年青石市粮食总产量是多少", {"32000000斤"}),
    ],
)  # fmt: skip
def test_every_asked_figure_is_told(city: AnswerPipeline, question: str, expected: set[str]) -> None:
    answer = city.answer(make_question(question))
    assert not answer.abstained, answer.answer
    assert expected <= figures(answer)


@pytest.mark.parametrize(
    ("question", "difference", "formula"),
    [
        ("2023年青石市固定资产投资比2022年多多少亿元", "25.1", "305.2亿元 − 280.1亿元 = 25.1亿元"),
        ("2022年青石市固定资产投资比2023年少多少亿元", "-25.1", "280.1亿元 − 305.2亿元 = -25.1亿元"),
    ],
)
def test_a_difference_over_time_shows_its_formula(
    city: AnswerPipeline, question: str, difference: str, formula: str
) -> None:
    answer = city.answer(make_question(question))
    (value,) = answer.values
    assert value.derived is not None
    assert (value.value, value.derived.formula) == (difference, formula)
    assert len(answer.citations) == 2


def test_the_year_before_is_no_other_years_growth(city: AnswerPipeline) -> None:
    """Growth over 2021 is not stated: the rate over 2022 must not stand for it."""
    answer = city.answer(make_question("2023年青石市固定资产投资比2021年增长多少"))
    assert answer.abstained


def test_a_chinese_amount_is_also_told_in_arabic_digits(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年青石市粮食总产量是多少"))
    assert "三千二百万斤（即3200万斤）" in answer.answer


@pytest.mark.parametrize(
    ("history", "question", "expected"),
    [
        ("2023年青石市城市低保标准是多少？", "农村的呢？", "7080元"),
        ("2023年青石市新认定高新技术企业多少家？", "那到年底总数有多少家？", "241家"),
        ("2023年青石市固定资产投资是多少？", "再往前一年呢？", "280.1亿元"),
    ],
)
def test_a_follow_up_keeps_what_it_does_not_change(
    city: AnswerPipeline, history: str, question: str, expected: str
) -> None:
    answer = city.answer(make_question(question, history))
    assert expected in figures(answer), answer.answer


def test_a_place_that_is_only_alike_is_not_answered_for(city: AnswerPipeline) -> None:
    """One letter off is another place, not a typo."""
    answer = city.answer(make_question("2023年青岩市固定资产投资是多少"))
    assert answer.abstained
    assert answer.reason is Reason.REGION_MISSING


def test_what_is_told_in_money_is_not_answered_with_a_count(city: AnswerPipeline) -> None:
    """引进5个税收亿元级项目 says 税收 and tells none."""
    answer = city.answer(make_question("2022年青石市税收是多少"))
    assert answer.abstained
    assert "6个" not in figures(answer)


def test_the_town_does_not_answer_for_the_city(city: AnswerPipeline) -> None:
    assert city.answer(make_question("2023年青石市工业产值是多少")).abstained


def test_traditional_characters_are_answered_in_them(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年青石市固定資產投資是多少億元"))
    assert "固定資產投資" in answer.answer
    assert answer.citations[0].quote in LATER
    for citation in answer.citations:
        for start, end in citation.answer_spans:
            assert answer.answer[start:end].startswith("2023年")


def test_support_is_the_share_of_right_answers(city: AnswerPipeline) -> None:
    sure = city.answer(make_question("2023年青石市固定资产投资是多少"))
    less = city.answer(make_question("2023年青石市改造的老旧小区惠及居民户数是多少户"))
    assert 0.9 < sure.support <= 1.0
    assert less.abstained or less.support <= sure.support
