"""Are citations to the point, and does every number stand in one? By hand."""

from __future__ import annotations

import pytest

from eval.cases import GoldQuote
from eval.metrics.citations import loose_numbers, loose_numbers_of, relevant
from tests.eval.builders import make_case, make_derived, make_figure, make_quote, make_reply

QUOTE = make_quote("固定资产投资完成429.7亿元,同比增长18.3%")


@pytest.mark.parametrize(
    ("quote", "to_the_point"),
    [
        ("固定资产投资完成429.7亿元,同比增长18.3%", True),
        ("全年增长18.3%,再创新高", True),
        ("下降18.3%", True),
        ("增长18.3亿元", False),
        ("新增企业2.6万户", False),
    ],
)
def test_a_citation_is_to_the_point(quote: str, to_the_point: bool) -> None:
    """It overlaps a gold quotation or holds a gold number, here 18.3 %."""
    case = make_case(("18.3", "%"), evidence=(GoldQuote("f.txt", "固定资产投资完成429.7亿元,同比增长18.3%"),))
    assert relevant(case, make_quote(quote)) is to_the_point


def test_phrases_count_where_no_number_is_asked() -> None:
    case = make_case(answers=("李谦",))
    assert relevant(case, make_quote("区长 李谦"))
    assert not relevant(case, make_quote("各位代表"))
    assert not relevant(make_case(answerable=False), make_quote("区长 李谦"))


@pytest.mark.parametrize(
    ("answer", "loose"),
    [
        ("2020年，固定资产投资完成429.7亿元，同比增长18.3%。[1]", ()),
        ("Investment was 42.97 billion yuan, up 18.3%.[1]", ()),
        ("完成429.7亿元，增长18.4%。[1]", ("18.4",)),
        ("完成429.7万元。[1]", ("4297000.0",)),
        ("近5年来完成429.7亿元。[1]", ()),
        ("第3位，完成429.7亿元", ("3",)),
    ],
)
def test_a_number_that_no_quotation_holds_is_loose(answer: str, loose: tuple[str, ...]) -> None:
    """After unit and width; years and the marks of citations are none, and 5 stands in the question."""
    assert loose_numbers("近5项投资", answer, [QUOTE], []) == loose


def test_a_calculation_needs_cited_operands() -> None:
    quotes = [make_quote("固定资产投资完成363.3亿元，其中工业投资完成108.4亿元")]
    formula = "108.4亿元 ÷ 363.3亿元 × 100% ≈ 29.8%"
    answer = f"比重为29.8%（计算：{formula}）。"
    shown = make_figure("29.8", "%", derived=make_derived(formula, ("108.4", "亿元"), ("363.3", "亿元")))
    assert loose_numbers("比重", answer, quotes, [shown]) == ()
    assert loose_numbers("比重", answer, quotes, [make_figure("29.8", "%")]) == ("29.8", "100", "29.8")
    other = make_figure("29.8", "%", derived=make_derived(formula, ("108.5", "亿元"), ("363.3", "亿元")))
    assert loose_numbers("比重", answer, quotes, [other]) == ("29.8", "100", "29.8")


def test_a_refusal_may_quote_its_nearest_evidence() -> None:
    near = make_quote("固定资产投资500亿元")
    reply = make_reply("没有。最接近的是500亿元。", abstained=True, citations=(), nearest=(near,))
    assert loose_numbers_of(reply, "多少") == ()
    assert loose_numbers_of(make_reply("没有。约500亿元。", citations=()), "多少") == ("50000000000",)
