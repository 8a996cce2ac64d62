"""Which files have the same content, and which only look so."""

from __future__ import annotations

import time

import pytest

from index.text.same import Content, version, with_twins
from index.text.same import twins as same_of
from index.text.sources import decode_source
from index.types import Source
from tests.index.text.loaders.files import REPORT, TABLE, make_docx, make_pdf

TABLED = "\n".join("|".join(row) for row in TABLE)


def twins(*texts: str | bytes, first: str = "") -> list[str]:
    """What each of some files, named by their order, is the same as."""
    sources = [
        decode_source(f"{n}.txt", each if isinstance(each, bytes) else each.encode()) for n, each in enumerate(texts)
    ]
    return [source.same_as for source in with_twins(sources, lambda source: source.name == first)]


@pytest.mark.parametrize(
    "copy",
    [
        REPORT.replace("\n", "\r\n"),
        REPORT.replace("\n", "\n\n　　"),
        REPORT.replace("，", ",").replace("：", ":"),
        REPORT.replace("一、", "## 一、"),
        REPORT.replace("全市上下", "全市\n上下"),
        REPORT.replace("云澄", "雲澄"),
        REPORT.encode("gb18030"),
        REPORT + "来源\n",
    ],
)
def test_line_ends_marks_width_and_script_make_no_other_content(copy: str | bytes) -> None:
    assert twins(REPORT, copy) == ["", "0.txt"]


@pytest.mark.parametrize(
    "other",
    [
        REPORT.replace("1286.4", "1280.0"),
        REPORT.replace("增长5.6%", "增长-5.6%"),
        REPORT.replace("2.35万人", "2.35万人，其中返乡3人"),
        REPORT.replace("98.7亿元", "9.87亿元"),
        REPORT[: len(REPORT) // 2],
        REPORT + "全年粮食产量稳定，农业生产条件继续改善，农村面貌有了新的变化。" * 3,
        REPORT.replace("云澄", "白水").replace("2024", "2023"),
    ],
)
def test_another_figure_or_much_else_makes_another_content(other: str) -> None:
    assert twins(REPORT, other) == ["", ""]


@pytest.mark.parametrize(
    ("name", "rank"),
    [
        ("报告（定稿）.txt", -1),
        ("2024/报告-更正.pdf", -1),
        ("报告.txt", 0),
        ("定稿/报告.txt", 0),
        ("报告（征求意见稿）.docx", 1),
        ("报告 DRAFT.docx", 1),
    ],
)
def test_a_name_tells_a_draft_from_what_was_corrected(name: str, rank: int) -> None:
    assert version(name) == rank


def test_the_first_that_was_read_stays_the_one() -> None:
    assert twins(REPORT, REPORT + "\n", first="1.txt") == ["1.txt", ""]


def test_three_of_one_content_name_the_same() -> None:
    assert twins(REPORT, REPORT, REPORT + "\n") == ["", "0.txt", "0.txt"]


def test_a_table_is_the_same_with_bars_and_without() -> None:
    """As Word gives it and as a PDF does."""
    assert twins(REPORT + TABLED, REPORT + TABLED.replace("|", "\t"), REPORT + TABLED.replace("|", "  ")) == [
        "",
        *["0.txt"] * 2,
    ]


def test_texts_of_thousands_of_like_cells_are_compared_in_time() -> None:
    rows = "\n".join(f"|项目{n % 50}|0|—|{n}|" for n in range(20000))
    started = time.monotonic()
    assert twins(rows, rows.replace("|777|", "|778|")) == ["", ""]
    assert time.monotonic() - started < 10


def test_a_pdf_and_a_word_document_are_one() -> None:
    pdf, word = decode_source("a.pdf", make_pdf(rows=5)), decode_source("a.docx", make_docx())
    assert [source.same_as for source in with_twins([pdf, word], lambda _: False)] == ["", "a.pdf"]


def test_what_was_compared_before_is_not_compared_again() -> None:
    """Two files that were found to be one, or two, stay so; a new one is compared with both."""
    alike = [REPORT, REPORT + "来源\n", REPORT + "来源于\n"]
    sources = [decode_source(f"{n}.txt", each.encode()) for n, each in enumerate(alike)]
    read: list[str] = []

    def text_of(source: Source) -> str:
        read.append(source.name)
        return source.text

    def told(settled: dict[str, str]) -> list[str]:
        read.clear()
        return same_of(sources, lambda _: False, lambda source: Content.of(source.text), text_of, settled)

    assert told({}) == told({"0.txt": "", "1.txt": "0.txt"}) == ["", "0.txt", "0.txt"]
    assert "1.txt" not in read
    assert told({"0.txt": "", "1.txt": ""})[:2] == ["", ""]
    assert told({"0.txt": "", "1.txt": "0.txt", "2.txt": "0.txt"}) == ["", "0.txt", "0.txt"]
    assert read == []
