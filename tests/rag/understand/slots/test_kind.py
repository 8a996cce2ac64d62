"""The kind of a question is that of the first words of asking that it holds, in order of their strength."""

from __future__ import annotations

import pytest

from index.types import Period, Status
from rag.types import QuestionKind
from rag.understand.slots.kind import kind_of

YEAR, NEXT = Period.year(2021), Period.year(2022)
SPAN, LONGER = Period.years(2016, 2020), Period.years(2011, 2020)


@pytest.mark.parametrize(
    ("text", "places", "periods", "units", "kind", "status"),
    [
        ("为什么茶叶产量下降", 1, (YEAR,), (), QuestionKind.EXPLAIN, None),
        ("哪些因素使茶叶产量增长", 1, (YEAR,), (), QuestionKind.EXPLAIN, None),
        ("哪个区茶叶产量最高", 0, (YEAR,), (), QuestionKind.RANK, None),
        ("茶叶产量谁最高", 3, (YEAR,), (), QuestionKind.RANK, None),
        ("茶叶产量谁更高", 2, (YEAR,), (), QuestionKind.COMPARE, None),
        ("茶叶产量合计多少吨", 1, (SPAN, LONGER), ("吨",), QuestionKind.DERIVE, None),
        ("茶叶产量各是多少吨", 1, (YEAR, NEXT), ("吨",), QuestionKind.SERIES, None),
        ("茶叶产量历年走势", 0, (), (), QuestionKind.SERIES, None),
        ("建成了哪些茶园", 1, (YEAR,), (), QuestionKind.LIST, None),
        ("在哪里建成了茶园", 1, (YEAR,), (), QuestionKind.LOOKUP, None),
        ("茶叶产量多少吨", 2, (YEAR,), ("吨",), QuestionKind.COMPARE, None),
        ("茶叶产量增加了多少吨", 1, (SPAN,), ("吨",), QuestionKind.DERIVE, None),
        ("茶叶产量目标多少吨", 1, (YEAR,), ("吨",), QuestionKind.TARGET, Status.TARGET),
        ("茶叶产量目标实际完成多少吨", 1, (YEAR,), ("吨",), QuestionKind.VALUE, Status.ACTUAL),
        ("茶叶产量增长多少", 1, (YEAR,), (), QuestionKind.GROWTH, None),
        ("茶叶产量", 1, (YEAR,), (), QuestionKind.VALUE, None),
    ],
)  # fmt: skip
def test_the_strongest_words_decide(
    text: str,
    places: int,
    periods: tuple[Period, ...],
    units: tuple[str, ...],
    kind: QuestionKind,
    status: Status | None,
) -> None:
    assert kind_of(text, text, places, periods, units) == (kind, status)


def test_a_plan_that_ends_a_name_says_nothing_of_a_target() -> None:
    """Who a nutrition plan fed is asked of what was done."""
    text = "学生营养改善计划惠及多少人"
    assert kind_of(text, text, 1, (YEAR,), ("人",)) == (QuestionKind.VALUE, None)
