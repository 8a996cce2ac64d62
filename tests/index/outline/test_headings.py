"""Headings by their numbers, on lines of their own and glued to the text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.outline.headings import find_headings
from tests.builders import cleaned

PARAGRAPH = "我们坚持稳中求进工作总基调，统筹推进各项工作，全市经济社会发展取得新的成效，人民群众的获得感幸福感安全感不断增强，各项事业再上新台阶。"


def outline(text: str) -> list[tuple[int, str]]:
    """Level and words of every heading of a text, after cleaning."""
    plain = cleaned(text)
    return [(heading.level, heading.span.of(plain).rstrip("。")) for heading in find_headings(plain)]


@pytest.mark.parametrize(
    ("text", "headings"),
    [
        ("一、2023年工作回顾\n过去一年。\n二、2024年工作安排\n今年。", [(1, "一、2023年工作回顾"), (1, "二、2024年工作安排")]),
        ("一、工作回顾\n（一）经济。好。\n（二）民生。好。", [(1, "一、工作回顾"), (2, "(一)经济"), (2, "(二)民生")]),
        ("一、主要工作\n1.稳增长\n很好。\n2.促改革\n很好。", [(1, "一、主要工作"), (3, "1.稳增长"), (3, "2.促改革")]),
        ("一、主要工作\n①、稳增长\n很好。\n②、促改革\n很好。", [(1, "一、主要工作"), (3, "①、稳增长"), (3, "②、促改革")]),
        ("一、主要工作\n⒈稳增长\n很好。\n⒉促改革\n很好。", [(1, "一、主要工作"), (3, "⒈稳增长"), (3, "⒉促改革")]),
        ("第一部分 工作回顾\n好。\n第二部分 工作安排\n好。", [(0, "第一部分工作回顾"), (0, "第二部分工作安排")]),
        ("一、主要工作\n好。\n第一，稳住增长。\n第二，促进改革。", [(1, "一、主要工作"), (3, "第一,稳住增长"), (3, "第二,促进改革")]),
        ("请予审议。 一、2020年工作回顾过去一年，我们努力。", [(1, "一、2020年工作回顾")]),
        ("好。（一）经济平稳运行。好。（二）民生持续改善。好。", [(2, "(一)经济平稳运行"), (2, "(二)民生持续改善")]),
        ("# 一、工作回顾\n好。\n### 二、工作安排\n好。", [(1, "一、工作回顾"), (1, "二、工作安排")]),
        ("", []),
    ],
)  # fmt: skip
def test_numbers_make_an_outline(text: str, headings: list[tuple[int, str]]) -> None:
    """一、 before （一） before 1. and 第一，; Markdown levels do not count, the numbers do."""
    assert outline(text) == headings


@pytest.mark.parametrize(
    "text",
    [
        "一、二期工程同步推进，三（四）号地块开工。",
        "轨道交通十四、十五号线建设。",
        "增长2.5%，1.8万户居民受益。",
        "三、没有一和二的编号。",
        "完成5.2亿元、6.3亿元。",
    ],
)
def test_numbers_in_running_text_are_no_headings(text: str) -> None:
    """A number counts only where it is the next of its rank and starts something."""
    assert outline(f"过去一年，{text}") == []


def test_the_second_row_starts_anew_below_the_next_part() -> None:
    """（一） may follow （二） once a new 二、 stands between them."""
    found = outline("一、回顾情况\n（一）甲。\n（二）乙。\n二、任务安排\n（一）丙。\n（二）丁。")
    assert [words for _, words in found] == ["一、回顾情况", "(一)甲", "(二)乙", "二、任务安排", "(一)丙", "(二)丁"]


def test_unnumbered_lines_are_headings_where_there_are_no_numbers() -> None:
    """A short line before a paragraph heads it, in a text that numbers nothing."""
    text = f"开场白{PARAGRAPH}\n经济发展迈上新台阶\n{PARAGRAPH}\n人民生活得到新改善\n{PARAGRAPH}"
    assert outline(text) == [(1, "经济发展迈上新台阶"), (1, "人民生活得到新改善")]
    numbered = outline(f"一、工作回顾\n{PARAGRAPH}\n经济发展迈上新台阶\n{PARAGRAPH}")
    assert numbered == [(1, "一、工作回顾")]


def test_ten_and_more() -> None:
    """Chinese numbers are counted past ten."""
    numbers = ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二", "十三"]
    text = "\n".join(f"{n}、第{n}件大事\n{PARAGRAPH}" for n in numbers)
    assert len(outline(text)) == 13


@given(
    st.lists(
        st.sampled_from(
            [
                "一、",
                "二、",
                "（一）",
                "(二)",
                "1.",
                "第一，",
                "\n",
                "。",
                " ",
                "工作回顾",
                "经济",
                PARAGRAPH,
                "附件",
                "#",
            ]
        ),
        max_size=30,
    ).map("".join)
)
def test_headings_are_slices_in_order(text: str) -> None:
    """Whatever stands in a text, headings do not overlap and are never empty."""
    plain = cleaned(text)
    end = 0
    for heading in find_headings(plain):
        assert heading.span.start >= end
        assert heading.span.of(plain).strip()
        assert 0 <= heading.level <= 3
        end = heading.span.end
