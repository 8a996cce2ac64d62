"""PDF: paragraphs are whole again, furniture is gone, pages are kept, and what cannot be read says why."""

from __future__ import annotations

import io

import pytest
from reportlab.lib.colors import black
from reportlab.platypus import SimpleDocTemplate, Table, TableStyle

from index.errors import SourceError
from index.text.loaders.registry import load
from index.text.sources import decode_source
from tests.index.text.loaders.files import (
    BYLINE,
    FONT,
    PARAGRAPHS,
    REPORT,
    TABLE,
    TITLE,
    make_pdf,
    make_scan,
    make_table_pdf,
    register_font,
)


@pytest.mark.parametrize("columns", [17, 21, 26])
@pytest.mark.parametrize("rows", [5, 8, 30])
def test_a_report_reads_as_it_was_written(columns: int, rows: int) -> None:
    """Wherever lines and pages end: inside a number, a word or a sentence."""
    assert load("报告.pdf", make_pdf(columns=columns, rows=rows)).text == REPORT


@pytest.mark.parametrize("unknown", ["──", "⎯"])
def test_a_character_that_the_font_lacks_moves_no_other(unknown: str) -> None:
    """The library counts it and leaves it out of the text: all behind it would stand at the places of others."""
    data = make_pdf((TITLE, unknown + BYLINE.lstrip("—"), *PARAGRAPHS), columns=21)
    assert load("报告.pdf", data).text.split("\n")[2:] == REPORT.split("\n")[2:]


@pytest.mark.parametrize("number", ["{}", "- {} -", "— {} —", "第{}页", "第 {} 页 共 9 页"])
def test_running_heads_and_page_numbers_stand_in_no_sentence(number: str) -> None:
    data = make_pdf(head="云澄市第九届人民代表大会第四次会议文件", number=number.format, rows=5)
    assert load("报告.pdf", data).text == REPORT


def test_a_figure_at_the_foot_of_a_page_is_no_page_number() -> None:
    """A row of a table that holds one number only stays."""
    paragraphs = [TITLE, *(str(4000 + 7 * n) for n in range(30))]
    text = load("表.pdf", make_pdf(paragraphs, rows=10)).text
    assert all(words in text for words in paragraphs)


def test_every_character_has_its_page() -> None:
    source = decode_source("报告.pdf", make_pdf(rows=5))
    pages = [mark.page for mark in source.marks]
    assert pages == sorted(set(pages), key=lambda page: page or 0) and pages[0] == 1 and len(pages) > 2
    for words in (TITLE, BYLINE[:10], PARAGRAPHS[-1][:8]):
        place = source.place(source.text.index(words))
        assert place is not None and place.page is not None
    last = source.place(len(source.text) - 2)
    assert last is not None and last.page == pages[-1]


def test_the_text_is_kept_beside_the_file() -> None:
    """Its bytes do not give the text, so no encoding is named."""
    source = decode_source("报告.pdf", make_pdf())
    assert source.encoding == ""
    assert source == decode_source("报告.pdf", make_pdf())


def test_columns_are_parted() -> None:
    """By a tab: what the reader of tables takes for the gap between cells."""
    lines = load("表.pdf", make_table_pdf()).text.splitlines()
    assert [line.split("\t") for line in lines[1:]] == [list(row) for row in TABLE]


def test_columns_that_stand_close_are_parted_by_what_all_rows_leave_free() -> None:
    """A table set tightly leaves less between its columns than a typist between two words."""
    register_font()
    out = io.BytesIO()
    style = TableStyle([("FONTNAME", (0, 0), (-1, -1), FONT), ("GRID", (0, 0), (-1, -1), 0.5, black)])
    SimpleDocTemplate(out).build([Table([list(row) for row in TABLE], style=style)])
    lines = load("表.pdf", out.getvalue()).text.splitlines()
    assert [line.split("\t") for line in lines] == [list(row) for row in TABLE]


def test_a_long_name_leaves_its_row_as_many_cells_as_the_others() -> None:
    """Its gap before the next column is no wider than one inside a name."""
    rows = [*TABLE, ("客货运输周转量合", "万吨公里", "16.7", "8.3"), ("蔬菜产量", "万吨", "89.9", "3.3")]
    lines = load("表.pdf", make_table_pdf(rows, "表2主要产品产量")).text.splitlines()
    assert lines[0] == "表2主要产品产量"
    assert [line.split("\t") for line in lines[1:]] == [list(row) for row in rows]


@pytest.mark.parametrize(
    ("data", "cause"),
    [
        (make_scan(), "a scan: its 2 pages hold pictures and no text"),
        (make_pdf(password="secret"), "encrypted"),
        (make_pdf()[:400], "damaged"),
        (b"%PDF-1.7\n" + b"\xff\x00" * 400, "damaged"),
        (b"%PDF", "damaged"),
    ],
)
def test_what_cannot_be_read_says_why(data: bytes, cause: str) -> None:
    with pytest.raises(SourceError, match=cause):
        load("报告.pdf", data)
