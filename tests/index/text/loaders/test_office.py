"""Word, web pages and spreadsheets: text in its order, headings, tables that the reader of tables understands."""

from __future__ import annotations

import io
import random
import zipfile
from decimal import Decimal
from pathlib import Path

import docx
import openpyxl
import pytest
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import CONTENT_TYPE, RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt

from index.errors import SourceError
from index.outline.tables import find_tables
from index.text.loaders.registry import load
from index.text.loaders.shown import shown
from index.text.sources import decode_source
from index.types import Period, Span
from index.words.periods import Clock
from tests.index.text.loaders.files import (
    BYLINE,
    PARAGRAPHS,
    REPORT,
    TABLE,
    TITLE,
    make_docx,
    make_html,
    make_xlsx,
    make_zip,
    saved,
)

HTML_TABLE = (
    "<table><tr>"
    + "</tr><tr>".join("".join(f"<td>\n<p>{cell}</p></td>" for cell in row) for row in TABLE)
    + "</tr></table>"
)
MADE = {
    "report.docx": make_docx(table=TABLE),
    "report.html": make_html(table=HTML_TABLE),
    "report.xlsx": make_xlsx(),
}


def read_rows(text: str) -> list[tuple[str, str, str]]:
    """Name, value and unit of all figures of all tables."""
    clock = Clock(2025, 2024)
    rows = find_tables(text, Span(0, len(text)), clock, Period.year(2024))
    return [(entry.name, str(entry.value), entry.unit) for row in rows for entry in row.entries]


@pytest.mark.parametrize("name", MADE)
def test_tables_are_read_by_the_reader_of_tables(name: str) -> None:
    found = read_rows(load(name, MADE[name]).text)
    assert found == [
        ("粮食产量", "31.6", "万吨"), ("粮食产量", "2.4", "%"), ("肉类产量", "12.8", "万吨"), ("肉类产量", "-1.5", "%"),
    ]  # fmt: skip


def test_a_word_document_reads_as_it_was_written() -> None:
    """The title's style makes it a heading."""
    assert load("report.docx", make_docx()).text == f"# {REPORT}"


def test_automatic_numbers_are_written_out() -> None:
    """They are no part of the file's text, and headings are known by them."""
    document = docx.Document()
    numbering = document.part.numbering_part.element
    shape = OxmlElement("w:abstractNum")
    shape.set(qn("w:abstractNumId"), "77")
    for depth, (form, written) in enumerate((("chineseCountingThousand", "%1、"), ("chineseCounting", "（%2）"))):
        level = OxmlElement("w:lvl")
        level.set(qn("w:ilvl"), str(depth))
        for tag, value in (("w:start", "1"), ("w:numFmt", form), ("w:lvlText", written)):
            part = OxmlElement(tag)
            part.set(qn("w:val"), value)
            level.append(part)
        shape.append(level)
    numbering.insert(0, shape)
    number = numbering.add_num(77)
    for depth, words in ((0, "工作回顾"), (1, "工业"), (1, "农业"), (0, "工作安排"), (1, "投资")):
        properties = document.add_paragraph(words)._p.get_or_add_pPr().get_or_add_numPr()
        properties.get_or_add_ilvl().val = depth
        properties.get_or_add_numId().val = number.numId
    lines = load("a.docx", saved(document)).text.splitlines()
    assert lines == ["一、工作回顾", "（一）工业", "（二）农业", "二、工作安排", "（一）投资"]


def test_footnotes_stand_behind_the_text() -> None:
    """In its sentences a number of theirs would part a name or a figure."""
    document = docx.Document()
    run = document.add_paragraph("规模以上工业").add_run()
    reference = OxmlElement("w:footnoteReference")
    reference.set(qn("w:id"), "2")
    run._r.append(reference)
    document.paragraphs[0].add_run("增加值增长6.2%。")
    namespace = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    notes = (
        f'<w:footnotes {namespace}><w:footnote w:type="separator" w:id="0"><w:p/></w:footnote>'
        '<w:footnote w:id="2"><w:p><w:r><w:t>规模以上：年主营业务收入2000万元以上。</w:t></w:r></w:p></w:footnote></w:footnotes>'
    )
    part = Part(PackURI("/word/footnotes.xml"), CONTENT_TYPE.WML_FOOTNOTES, notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    lines = load("a.docx", saved(document)).text.splitlines()
    assert lines == ["规模以上工业增加值增长6.2%。", "[1] 规模以上：年主营业务收入2000万元以上。"]


def test_tracked_changes_read_as_accepted() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("固定资产投资增长")
    for tag, part, words in (("w:del", "w:delText", "9.9%"), ("w:ins", "w:t", "8.1%")):
        change, run, text = OxmlElement(tag), OxmlElement("w:r"), OxmlElement(part)
        text.text = words
        run.append(text)
        change.append(run)
        paragraph._p.append(change)
    assert load("a.docx", saved(document)).text == "固定资产投资增长8.1%\n"


def test_merged_cells_of_a_head_are_told_of_each_column() -> None:
    document = docx.Document()
    table = document.add_table(rows=4, cols=3)
    rows = (
        ("指标", "2024年", ""),
        ("", "总量（亿元）", "增速（%）"),
        ("农业总产值", "85.3", "4.1"),
        ("工业总产值", "", "6.2"),
    )
    for row, cells in enumerate(rows):
        for column, words in enumerate(cells):
            table.cell(row, column).text = words
    table.cell(0, 1).merge(table.cell(0, 2))
    table.cell(0, 0).merge(table.cell(1, 0))
    lines = [line for line in load("a.docx", saved(document)).text.splitlines() if line]
    assert lines == [
        "| 指标 | 2024年 总量（亿元） | 2024年 增速（%） |",
        "| --- | --- | --- |",
        "| 农业总产值 | 85.3 | 4.1 |",
        "| 工业总产值 | — | 6.2 |",
    ]


def test_a_web_page_gives_its_text_without_the_sites() -> None:
    """Menus and scripts go, headings stay, indents and line ends of the source are none."""
    text = load("report.html", make_html()).text
    assert text == "\n".join((f"# {TITLE}", BYLINE, *PARAGRAPHS)) + "\n"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_web_page_may_be_in_any_encoding(encoding: str) -> None:
    data = make_html().decode().encode(encoding)
    assert PARAGRAPHS[3] in load("report.htm", data).text


def test_a_web_page_under_another_name_is_read_as_one() -> None:
    """Many sites give out tables as .xls that are web pages."""
    assert PARAGRAPHS[3] in load("report.xls", make_html()).text


def test_cells_are_named() -> None:
    source = decode_source("农业.xlsx", make_xlsx())
    for words, cell in (("表1 2024年主要农产品产量", "农业!A1"), ("31.6", "农业!C3"), ("-1.5", "农业!D4")):
        place = source.place(source.text.index(words))
        assert place is not None and place.cell == cell


def test_figures_are_read_as_they_are_shown() -> None:
    """Per cent, places and separators are the format's; hidden columns, rows and sheets are not shown at all."""
    book = openpyxl.Workbook()
    sheet = book.active
    rows = (
        ("指标", "产值（万元）", "同比增长", "备注"),
        ("农业", 1234567.891, 0.0561, "略"),
        ("工业", 0.1 + 0.2, -0.123, "略"),
    )
    for cells in (*rows, ("林业", 5, 0.5, "略")):
        sheet.append(cells)
    for row in (2, 3):
        sheet.cell(row, 2).number_format = "#,##0.00" if row == 2 else "General"
        sheet.cell(row, 3).number_format = "0.0%"
    sheet.column_dimensions["D"].hidden = True
    sheet.row_dimensions[4].hidden = True
    other = book.create_sheet("底稿")
    other.append(["工业", "99"])
    other.sheet_state = "hidden"
    loaded = load("a.xlsx", saved(book))
    assert loaded.text.split("\n")[1:-2] == [
        "| 指标 | 产值（万元） | 同比增长 |",
        "| --- | --- | --- |",
        "| 农业 | 1,234,567.89 | 5.6% |",
        "| 工业 | 0.3 | -12.3% |",
    ]
    assert loaded.notes == ("the hidden sheet 底稿 is not read",)


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        (12.0, "", "12"), (5.25, "0.0", "5.3"), (0.153073, "0.0%", "15.3%"), (-1234.5, "#,##0_);(#,##0)", "-1,235"),
        (250422.0, '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"??_ ;_ @_ ', "250,422"), (3.14159, "@", "3.14159"), (2024.0, "[$-804]General", "2024"),
    ],
)  # fmt: skip
def test_a_format_is_followed(value: float, form: str, written: str) -> None:
    assert shown(value, form) == written
    assert Decimal(shown(value, "").replace(",", "")) is not None


@pytest.mark.parametrize(
    ("name", "data", "cause"),
    [
        ("a.docx", make_docx()[:900], "damaged"),
        ("a.docx", make_zip({"word/document.xml": b"<w:document"}), "damaged"),
        ("a.docx", saved(docx.Document()), "without text"),
        ("a.docx", b"\xd0\xcf\x11\xe0" + bytes(600), "encrypted, or of an older format"),
        ("a.xlsx", make_xlsx()[:900], "damaged"),
        ("a.xlsx", make_zip({"xl/workbook.xml": b"<workbook"}), "damaged"),
        ("a.xlsx", saved(openpyxl.Workbook()), "without words"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(600), "damaged"),
        ("a.html", b"<html><body><script>1</script></body></html>", "no words"),
        ("a.html", b"<html>" + random.Random(1).randbytes(999), "bytes are no text"),
        ("a.docx", b"  ", "empty"),
    ],
)
def test_what_cannot_be_read_says_why(name: str, data: bytes, cause: str) -> None:
    with pytest.raises(SourceError, match=cause):
        decode_source(name, data)


def test_a_bomb_is_not_unpacked() -> None:
    """A document that claims little and grows, and one that says so itself."""
    bomb = make_zip({"word/document.xml": bytes(40_000_000)})
    with pytest.raises(SourceError, match="grows to 38 MiB"):
        load("a.docx", bomb)
    held = zipfile.ZipFile(io.BytesIO(bomb)).infolist()[0]
    liar = bomb.replace(held.file_size.to_bytes(4, "little"), (1000).to_bytes(4, "little"))
    with pytest.raises(SourceError, match="damaged"):
        load("a.docx", liar)


def test_a_sheet_of_a_million_empty_rows_is_not_laid_out() -> None:
    book = openpyxl.Workbook()
    book.active.append(["指标", "产值"])
    book.active.append(["农业", 5])
    far = book.create_sheet("远")
    far["XFD1048576"] = 1
    loaded = load("a.xlsx", saved(book))
    assert "| 农业 | 5 |" in loaded.text
    assert "远" in loaded.notes[0]


def test_an_older_format_is_converted_where_that_is_possible(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By LibreOffice's command; here a stand-in for it, which puts a document where the real one does."""
    (tmp_path / "made.docx").write_bytes(make_docx())
    program = tmp_path / "soffice"
    program.write_text(
        f'#!/bin/sh\nfor last; do :; done\ncp {tmp_path}/made.docx "${{last%.*}}.docx"\n', encoding="utf-8"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    loaded = load("report.doc", b"\xd0\xcf\x11\xe0" + bytes(600))
    assert (loaded.text, loaded.notes) == (f"# {REPORT}", ("converted by LibreOffice",))
    program.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    with pytest.raises(SourceError, match="LibreOffice could not convert it"):
        load("report.wps", b"\xd0\xcf\x11\xe0" + bytes(600))


@pytest.mark.parametrize("name", ["report.doc", "report.wps"])
def test_an_older_format_is_refused_with_what_to_do(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SourceError, match=r"save it as \.docx, or install LibreOffice"):
        load(name, b"\xd0\xcf\x11\xe0" + bytes(600))


def test_the_lines_of_a_title_are_one() -> None:
    """Each is a paragraph of its own, in the middle and of one size; the byline below is smaller."""
    document = docx.Document()
    lines = (
        ("2025年云澄市国民经济和社会发展", 22),
        ("统计公报", 22),
        ("云澄市统计局", 16),
        ("全年粮食产量31.6万吨。", 16),
    )
    for words, size in lines:
        paragraph = document.add_paragraph()
        paragraph.add_run(words).font.size = Pt(size)
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    assert load("a.docx", saved(document)).text.splitlines() == [
        "".join(words for words, _ in lines[:2]),
        *(words for words, _ in lines[2:]),
    ]
