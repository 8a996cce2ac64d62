"""Lines as they were printed: pages between them, and widths at which a program or a printer broke them."""

from __future__ import annotations

import random
import textwrap
from collections.abc import Callable, Iterator
from unicodedata import east_asian_width

import pytest

from index.text.cleaning import View, clean
from index.text.lines import drop_page_furniture, join_broken_lines, page_of
from index.types import Span

TITLE = "湖阳县2022年政府工作报告"
BYLINE = "——2023年1月9日在湖阳县第十六届人民代表大会第二次会议上"
PARAGRAPHS = (
    "一、2022年工作回顾",
    "2022年，全县完成地区生产总值274.36亿元，同比增长5.9%。规模以上工业增加值增长7.7%，固定资产投资完成161.2亿元，"
    "下降3.4%。一般公共预算收入12.05亿元，增长2.8%。农村居民人均可支配收入19846元，增长7.6%。",
    "全年接待游客392.4万人次，旅游总收入28.7亿元，分别下降11.5%和9.3%。新建农村公路84公里。粮食总产量达到51.9万吨。",
    "二、2023年工作安排",
    "2023年主要预期目标是：地区生产总值增长6.5%，固定资产投资增长8%，一般公共预算收入增长4%。",
)


def bare(text: str) -> str:
    """A cleaned text without empty lines and indents; a line's end behind a full stop is of no account."""
    lines = (line.strip() for line in clean(View.of(text)).text.splitlines() if line.strip())
    return "\n".join(lines).replace("。\n", "。")


WHOLE = bare("\n".join((TITLE, BYLINE, *PARAGRAPHS)))


def by_characters(text: str, width: int) -> list[str]:
    return [text[at : at + width] for at in range(0, len(text), width)]


def by_spaces(text: str, width: int) -> list[str]:
    lines, used = [""], 0
    for sign in text:
        wide = 2 if east_asian_width(sign) in "WF" else 1
        if used + wide > width:
            lines.append("")
            used = 0
        lines[-1] += sign
        used += wide
    return lines


@pytest.mark.parametrize("between", ["\n", "\n\n"])
@pytest.mark.parametrize("width", [14, 18, 23, 27, 31, 36, 44, 52, 75])
def test_lines_broken_by_a_program_are_whole_again(width: int, between: str) -> None:
    """After so many characters, whatever stands there, with empty lines between the lines or without."""
    wrapped = (between.join(by_characters(p, width)) for p in PARAGRAPHS)
    assert bare("\n\n".join((TITLE, BYLINE, *wrapped))) == WHOLE


@pytest.mark.parametrize("width", [32, 40, 48, 60, 76])
def test_lines_broken_at_a_printed_width_are_whole_again(width: int) -> None:
    """A letter is half as wide as a Chinese character, and paragraphs are set in."""
    wrapped = ("\n".join(by_spaces(f"　　{p}", width)) for p in PARAGRAPHS)
    assert bare("\n".join((TITLE, BYLINE, *wrapped))) == WHOLE


FURNITURE: dict[str, Callable[[int], str]] = {
    "dashes": lambda n: f"— {n} —",
    "dots": lambda n: f"·{n}·",
    "page of pages": lambda n: f"第{n}页 共12页",
    "a bare number": lambda n: f"{n}",
    "a rule": lambda _: "* * *".replace(" ", ""),
    "number and title": lambda n: f"- {n} -\n\n湖阳县政府工作报告",
    "title with its number": lambda n: f"湖阳县政府工作报告  {n}",
    "another head": lambda n: f"{n}  湖阳县第十六届人大二次会议文件",
    "the title": lambda _: TITLE,
}


def paged(furniture: Callable[[int], str], seed: int) -> Iterator[str]:
    text = "\n".join(PARAGRAPHS)
    chosen = random.Random(seed)
    # A page that begins with the first words of a sentence may as well begin behind a heading.
    inside = [
        n for n in range(12, len(text) - 4) if "，" in text[text.rindex("\n", 0, n) : n] and text[n - 1] not in "。\n"
    ]
    places = sorted(chosen.sample(inside[::9], 4))
    for page, (start, end) in enumerate(zip([0, *places], [*places, len(text)], strict=True), 1):
        yield text[start:end] + (f"\n\n{furniture(page)}\n\n" if end < len(text) else "")


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("name", FURNITURE)
def test_a_page_parts_no_sentence(name: str, seed: int) -> None:
    """Page numbers and running heads inside sentences, names and numbers go, and what they parted is whole."""
    assert bare("\n".join((TITLE, BYLINE, "".join(paged(FURNITURE[name], seed))))) == WHOLE


@pytest.mark.parametrize(
    "text",
    [
        "2021年湖阳县统计公报\n全年增长5%。\n2022年湖阳县统计公报\n全年增长6%。",
        "一、农业\n- 3 -\n2022年粮食增产。",
        "产量\n单位:万吨\n12\n13\n进口\n单位:万吨\n7\n9",
        "湖阳县统计局\n2023年4月\n全年粮食产量51.9万吨",
        "名称,数量\n关于印发报告的通知",
    ],
)
def test_lines_of_their_own_stay_so(text: str) -> None:
    """Titles of several years, headings, cells and bylines are parted by their lines."""
    rows = [line for line in text.split("\n") if page_of(line) is None]
    assert clean(View.of(text)).text.split("\n") == rows


def test_text_in_whole_paragraphs_is_not_taken_for_broken_lines() -> None:
    """Where lines end with their paragraphs, items without a full stop stay items."""
    items = ["新建学校12所，新增学位5400个", "改造小区31个，惠及居民4200户", "建成公园6座，新增绿地18公顷"]
    text = "\n".join([TITLE, *PARAGRAPHS, *items])
    assert bare(text).endswith("\n".join(i.replace("，", ",") for i in items))


def test_a_comma_ends_no_paragraph() -> None:
    """What follows a comma goes on, and so does what begins with one; the next item of a list begins anew."""
    assert join_broken_lines(View.of("全年增收，\n同比增长")).text == "全年增收，同比增长"
    assert join_broken_lines(View.of("全年增收8亿元\n，同比增长")).text == "全年增收8亿元，同比增长"
    assert join_broken_lines(View.of("一是增收，\n二是节支。")).text == "一是增收，\n二是节支。"
    assert join_broken_lines(View.of("|增收，|\n|节支|")).text == "|增收，|\n|节支|"


def test_a_quotation_over_a_page_is_cut_from_the_source() -> None:
    """The span of a number that a page parts covers the page's number."""
    text = "全年完成总产值4\n\n- 7 -\n\n16.5亿元。"
    view = drop_page_furniture(View.of(text))
    start = view.text.index("416.5")
    span = view.source_span(Span(start, start + 5))
    assert text[span.start : span.end] == "4\n\n- 7 -\n\n16.5"


@pytest.mark.parametrize(
    ("line", "page"),
    [
        ("- 12 -", "12"),
        ("12/30", "12"),
        ("第 7 页 共 28 页", "7"),
        ("第3页，共28页", "3"),
        ("-12.5%", None),
        ("12", None),
    ],
)
def test_what_names_a_page(line: str, page: str | None) -> None:
    """A number between two dashes is a page, behind one dash a figure; alone it may be either."""
    assert page_of(line) == page


def test_english_lines_keep_their_ends() -> None:
    """Words of English are parted by the end of a line and are not run together."""
    text = "\n".join(textwrap.wrap("Last year the output of the county grew by 5.2 percent. " * 12, 60))
    assert join_broken_lines(View.of(text)).text == text
