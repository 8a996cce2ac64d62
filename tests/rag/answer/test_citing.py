"""The two locks: a quotation is the source's text, and every number of an answer stands in one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from index.store.snapshot import IndexSnapshot
from index.types import Span
from rag.answer.citing import UncitedError, cite, numbers_in, unlocked_numbers
from rag.types import Derived, Operand
from tests.builders import make_citation

QUOTE = "固定资产投资完成429.7亿元,同比增长18.3%;新增就业1.2万人"
CITED = [make_citation(QUOTE, title="2021年嘉定区政府工作报告", heading=["一、2020年工作回顾"])]


@pytest.mark.parametrize(
    "answer",
    [
        "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。[1]",
        "增长１８．３％。",
        "增长百分之十八点三",
        "It was 42.97 billion yuan (429.7亿元), up 18.3%.[1]",
        "42,970 million yuan",
        "新增就业12,000人",
        "没有数字的回答。",
        "2019年至2020年",
        "“十三五”期间",
        "截至6月",
        "",
    ],
)
def test_numbers_of_the_quotation_pass(answer: str) -> None:
    """In any width, numeral and scale; years, days and marks are no figures."""
    assert unlocked_numbers(answer, CITED, [], []) == []


@pytest.mark.parametrize(
    ("answer", "loose"),
    [
        ("增长18.4%。", ["18.4"]),
        ("增长８１．３％。", ["81.3"]),
        ("完成4297亿元。", ["4297"]),
        ("429.7亿元，增长18.3%，排名第3。", ["3"]),
        ("It was 4.297 billion yuan.", ["4.297"]),
        ("up 1.83%", ["1.83"]),
        ("新增就业1.3万人", ["1.3"]),
        ("完成1,429.7亿元", ["1,429.7"]),
        ("增长百分之二十。", ["百分之二十"]),
        ("完成1.2亿元。", ["1.2"]),
        ("完成2035亿元。", ["2035"]),
        ("完成五百亿元。", ["五百亿"]),
    ],
)  # fmt: skip
def test_an_invented_number_is_caught(answer: str, loose: list[str]) -> None:
    """Whoever made it up: one digit, one place, one scale."""
    assert unlocked_numbers(answer, CITED, [], []) == loose


def test_a_calculation_may_state_its_result() -> None:
    """If its formula is shown."""
    shown = Derived("429.7亿元 − 363.3亿元 = 66.4亿元", (Operand("429.7", "亿元", 1), Operand("363.3", "亿元", 2)))
    assert unlocked_numbers("增加66.4亿元。", CITED, [], []) == ["66.4"]
    assert unlocked_numbers("增加66.4亿元。", CITED, [shown], []) == []


def test_slots_may_be_repeated() -> None:
    """The question's own words are no figures of the answer."""
    assert unlocked_numbers("5G基站", CITED, [], []) == ["5"]
    assert unlocked_numbers("5G基站", CITED, [], ["5G基站有多少个"]) == []


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("42.97 billion", {"42970000000"}),
        ("429.7亿元", {"42970000000"}),
        ("1.2万人", {"12000"}),
        ("1,025.50", {"1025.5"}),
        ("百分之十八点三", {"18.3"}),
        ("二〇二〇年", set()),
        ("[1]", set()),
        ("产值100亿元[100]，增长5%[101]", {"10000000000", "5"}),
        ("[1234567890]", {"1234567890"}),
        ("装机七十二万千瓦", {"720000"}),
        ("装机72万千瓦", {"720000"}),
        ("①429.7②亿元", {"42970000000"}),
        ("增长18.3¹%[^4]", {"18.3"}),
        ("⒉新增⑶12.5[6]万人", {"125000"}),
    ],
)
def test_numbers_are_compared_by_value(text: str, numbers: set[str]) -> None:
    assert numbers_in(text) == {Decimal(n).normalize() for n in numbers}


MANY = [replace(make_citation(f"第{n}项完成{n + 0.5}万元"), n=n) for n in range(1, 121)]


@pytest.mark.parametrize(
    ("answer", "loose"),
    [
        ("".join(f"完成{n + 0.5}万元。[{n}]" for n in range(1, 121)), []),
        ("完成100.5万元。［１００］", []),
        ("完成100.5万元。[99][100][120]", []),
        ("完成100.5万元。[121]", ["121"]),
        ("完成100.5万元。[1000]", ["1000"]),
        ("完成100.5万元。[0]", ["0"]),
        ("完成133万元。[100]", ["133"]),
        ("完成[133]万元。[100]", ["133"]),
    ],
)
def test_a_mark_is_no_number_where_it_stands_for_a_citation(answer: str, loose: list[str]) -> None:
    """However many digits it has; a number in brackets that stands for none is one like any other."""
    assert unlocked_numbers(answer, MANY, [], []) == loose


def test_a_note_of_the_source_is_no_figure() -> None:
    """An answer may repeat its mark, and may not make a figure of it."""
    noted = [make_citation("固定资产投资完成429.7亿元[12]，同比增长18.3%［103］。", title="国发[2019]7号")]
    assert unlocked_numbers("投资429.7亿元[12]，增长18.3%[103]。[1]", noted, [], []) == []
    assert unlocked_numbers("见国发[2019]7号。[1]", noted, [], []) == []
    assert unlocked_numbers("投资12亿元，增长103%，其中[13]。[1]", noted, [], []) == ["12", "103", "13"]


@given(st.decimals(0, 99999, places=2))
def test_any_other_number_is_caught(value: Decimal) -> None:
    """A number that the quotation does not hold never passes as a percentage."""
    assume(value.normalize() not in numbers_in(QUOTE))
    assert unlocked_numbers(f"增长{value}%", CITED, [], []) == [f"{value}"]


def test_a_citation_is_the_source_at_its_span(snapshot: IndexSnapshot) -> None:
    """With the file's name and hash, and a link to the place."""
    document = snapshot.documents[3]
    span = Span(document.span.start + 10, document.span.start + 50)
    citation = cite(snapshot, document, span, 2, "2019", ("一、2019年工作回顾",))
    assert citation.quote == snapshot.sources[document.source].text[span.start : span.end]
    assert (citation.document, citation.sha256, citation.n) == (document.source, document.sha256, 2)
    assert citation.url == f"/documents/{document.id}?start={span.start}&end={span.end}"


def test_a_quotation_outside_its_document_is_refused(snapshot: IndexSnapshot) -> None:
    """A span of another report in the same file is not this report's."""
    first, second = [d for d in snapshot.documents if d.source.startswith("004")][:2]
    with pytest.raises(UncitedError):
        cite(snapshot, first, Span(second.span.start, second.span.start + 20), 1, None, ())
    with pytest.raises(UncitedError):
        cite(snapshot, first, Span(first.span.end - 5, first.span.end + 5), 1, None, ())


def test_an_empty_quotation_is_refused(snapshot: IndexSnapshot) -> None:
    document = snapshot.documents[0]
    with pytest.raises(UncitedError):
        cite(snapshot, document, Span(document.span.start, document.span.start), 1, None, ())


def test_a_quotation_of_another_file_is_refused(snapshot: IndexSnapshot) -> None:
    """The hash of the document and of the source that is held must agree."""
    document = replace(snapshot.documents[0], sha256="0" * 64)
    with pytest.raises(UncitedError):
        cite(snapshot, document, Span(document.span.start, document.span.start + 20), 1, None, ())
