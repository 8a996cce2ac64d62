"""Cleaning, step by step: what is left of a text, and where it stood."""

from __future__ import annotations

import pytest

from index.text.cleaning import (
    View,
    clean,
    drop_inner_spaces,
    drop_markup,
    fold_width,
)
from index.text.lines import drop_page_furniture, join_broken_lines
from index.types import Span
from tests.builders import cleaned

LONG = "我们坚持以推动高质量发展为主题，统筹做好稳增长、促改革、调结构、惠民生、防风险、保稳定各项工作，全市经济运行总体平稳、稳中有进，发展质量稳步提升，较好完成全年"


@pytest.mark.parametrize(
    ("written", "left"),
    [
        ("固定资产投资完成４２９．７亿元，增长１８．３％", "固定资产投资完成429.7亿元,增长18.3%"),
        ("２０２０ 年", "2020年"),
        ("第十 六届", "第十六届"),
        ("完成 429.7 亿元", "完成429.7亿元"),
        ("高 香", "高香"),
        ("## 一、2019年工作回顾", "一、2019年工作回顾"),
        ("**重点**工作", "重点工作"),
        ("\ufeff各位代表：", "各位代表:"),
        ("“3+16”规划", "“3+16”规划"),
        ("「十四五」時期", "“十四五”时期"),
        ("地區生產總值", "地区生产总值"),
        ("7 4 7 7 2件", "74772件"),
        ("12 34家", "12 34家"),
        ("5G network", "5G network"),
        ("完成806.4③亿元", "完成806.4亿元"),
        ("粮食产量¹²31.6万吨", "粮食产量31.6万吨"),
        ("进出口总额[4]、外贸出口[^5]增长", "进出口总额、外贸出口增长"),
        ("实事：①、修路；②、办学", "实事:修路;办学"),
        ("新增⒉5000个、⑶600个", "新增5000个、600个"),
        ("绿地30km²、CO₂和PM₂.₅", "绿地30km2、CO2和PM2.5"),
        ("约6×10⁴吨", "约6×10⁴吨"),
        ("作工作报告。\\r\\n一、工作回顾\\r\\n全年完成", "作工作报告。\n一、工作回顾\n全年完成"),
        ("区长&nbsp;林远山", "区长林远山"),
        ("R&D经费", "R&D经费"),
        ("", ""),
    ],
)
def test_a_line_becomes_plain(written: str, left: str) -> None:
    """Width, script, markup, marks of notes and spaces inside a clause go; quotation marks keep their direction."""
    assert cleaned(written) == left


@pytest.mark.parametrize("rule", ["---", "***", "___", "- 12 -", "— 3 —", "第 7 页", "第3页 共28页"])
def test_a_page_break_parts_no_sentence(rule: str) -> None:
    """A rule or page number on a line of its own goes, and the sentence around it is whole again."""
    text = f"{LONG}\n\n{rule}\n\n目标任务。"
    assert cleaned(text).endswith("较好完成全年目标任务。")


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("一、2023年工作回顾", "过去一年，我们迎难而上。"),
        (f"{LONG}目标。", "新的一年，我们继续努力。"),
        (LONG, "二、2024年工作安排"),
        (LONG, "（一）全力扩大有效投资"),
    ],
)
def test_lines_that_end_are_not_joined(first: str, second: str) -> None:
    """A short line is a heading, a line that ends in 。 is over, and a heading starts its own line."""
    assert "\n" in cleaned(f"{first}\n{second}")


def test_a_space_before_a_heading_is_kept() -> None:
    """It is all that parts a glued heading from the sentence before it."""
    assert cleaned("请予审议。 一、2020年工作回顾") == "请予审议。 一、2020年工作回顾"


def test_each_step_leaves_what_is_not_its_own() -> None:
    """Steps are separate: each is checked alone on a text that all would change."""
    view = View.of("**２０２３** 年。\n---\n完")
    assert fold_width(view).text == "**2023** 年。\n---\n完"
    assert drop_page_furniture(view).text == "**２０２３** 年。\n完"
    assert drop_markup(view).text == "２０２３ 年。\n---\n完"
    assert drop_inner_spaces(View.of("在 2023 年")).text == "在2023年"
    assert join_broken_lines(View.of(f"{LONG}\n目标")).text == f"{LONG}目标"


def test_a_view_knows_where_its_words_stand() -> None:
    """The span of the cleaned words covers what was taken out between them."""
    text = "增长 **18.3**％。"
    view = clean(View.of(text, start=100))
    start = view.text.index("18.3%")
    span = view.source_span(Span(start, start + 5))
    assert text[span.start - 100 : span.end - 100] == "18.3**％"
    assert view.source_span(Span(0, 0)) == Span(100, 100)
    assert view.source_span(Span(len(view.text), len(view.text))) == Span(100 + len(text), 100 + len(text))
    assert View.of("").source_span(Span(0, 0)) == Span(0, 0)


@pytest.mark.parametrize(
    ("text", "joined"),
    [
        ("PM\n2.5\n年均浓度32微克", "PM2.5年均浓度32微克"),
        ("PM2.5\n平均浓度", "PM2.5平均浓度"),
        ("PM\n10 浓度", "PM10浓度"),
        ("PM\n100", "PM\n100"),
    ],
)
def test_lowered_digits_join_their_letters(text: str, joined: str) -> None:
    """Digits that a copy sets below the line stand on lines of their own."""
    assert clean(View.of(text)).text == joined


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        (
            "一、综 合  初步核算，2023年全县生产总值86.2亿元，增长5.1%。 二、农林牧渔业  2023年粮食面积41.4万亩，增长0.8%。",
            [
                "一、综合",
                "初步核算,2023年全县生产总值86.2亿元,增长5.1%。 二、农林牧渔业",
                "2023年粮食面积41.4万亩,增长0.8%。",
            ],
        ),
        (
            "（一）工业 全年规模以上工业增加值增长6.2%，其中制造业增长7.0%。",
            ["(一)工业", "全年规模以上工业增加值增长6.2%,其中制造业增长7.0%。"],
        ),
        # Titles and letters with spaces in them are parted nowhere.
        ("二、2023年 工作安排", ["二、2023年工作安排"]),
        ("一、农 林 牧 渔 业", ["一、农林牧渔业"]),
        ("一、坚持稳中求进，全年 生产总值增长5.1%，好于预期。", ["一、坚持稳中求进,全年生产总值增长5.1%,好于预期。"]),
    ],
)
def test_a_heading_in_one_line_with_what_it_heads_is_parted(text: str, lines: list[str]) -> None:
    assert clean(View.of(text)).text.split("\n") == lines
