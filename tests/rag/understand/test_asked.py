"""A question is read without what says nothing, each letter at its place in what was typed."""

from __future__ import annotations

import pytest

from index.types import Span
from rag.understand.asked import heard


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("“区级”茶叶產量？", "区级茶叶产量?"),
        ("21年茶叶产量", "2021年茶叶产量"),
        ("茶叶产量有多少?只要春茶，不要总量。", "茶叶产量有多少?" + " " * 10),
        ("茶叶产量有多少?(2021年的数)", "茶叶产量有多少?(2021年的数)"),
        ("后五年(2013-2017年)茶叶产量", " 2013-2017年 茶叶产量".rjust(len("后五年(2013-2017年)茶叶产量"))),
    ],
)
def test_the_text_is_prepared(text: str, folded: str) -> None:
    assert heard(text, 2022).folded == folded


def test_spans_point_at_what_was_typed() -> None:
    asked = heard("“区级”21年茶叶产量", 2022)
    start = asked.folded.index("茶叶")
    assert asked.in_original(Span(start, start + 2)).of(asked.text) == "茶叶"
    year = asked.folded.index("2021年")
    assert asked.in_original(Span(year, year + 5)).of(asked.text) == "21年"
