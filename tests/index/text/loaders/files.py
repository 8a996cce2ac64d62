"""Files of every format, made by the tools that people make them with."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Sequence
from functools import cache

import docx
import openpyxl
from docx.enum.text import WD_ALIGN_PARAGRAPH
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from reportlab.lib.pagesizes import A4
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

TITLE = "云澄市2024年政府工作报告"
BYLINE = "——2025年1月10日在云澄市第九届人民代表大会第四次会议上"
PARAGRAPHS = (
    "各位代表：",
    "现在，我代表云澄市人民政府，向大会报告工作，请予审议。",
    "一、2024年工作回顾",
    "2024年，全市上下团结奋斗，经济运行稳中有进。全市实现地区生产总值1286.4亿元，增长5.6%。一般公共预算收入98.7亿元，"
    "增长3.2%。固定资产投资增长8.1%，社会消费品零售总额431.5亿元，增长6.3%。",
    "城镇居民人均可支配收入48620元，增长4.9%。城镇新增就业2.35万人。",
    "二、2025年工作安排",
    "2025年经济社会发展主要预期目标是：地区生产总值增长6%左右，一般公共预算收入增长4%，固定资产投资增长7%。",
)
REPORT = "\n".join((TITLE, BYLINE, *PARAGRAPHS)) + "\n"
"""A whole report of an invented city, as it reads."""
TABLE = (
    ("指标", "单位", "2024年", "比上年增长（%）"),
    ("粮食产量", "万吨", "31.6", "2.4"),
    ("肉类产量", "万吨", "12.8", "-1.5"),
)
FONT = "Squares"
_SIZE, _LEADING = 16, 28


@cache
def register_font() -> None:
    """Make a font that has a square for each character, Chinese ones twice as wide: no real one need be at hand."""
    pen = TTGlyphPen(None)
    for number, corner in enumerate(((50, 0), (50, 700), (450, 700), (450, 0))):
        (pen.lineTo if number else pen.moveTo)(corner)
    pen.closePath()
    square = pen.glyph()
    codes = [
        *range(0x20, 0x7F),
        0xB7,
        *range(0x2010, 0x2027),
        *range(0x3000, 0x3020),
        *range(0x4E00, 0xA000),
        *range(0xFF01, 0xFF5F),
    ]
    names = {code: f"u{code:04X}" for code in codes}
    font = FontBuilder(1000, isTTF=True)
    font.setupGlyphOrder([".notdef", *names.values()])
    font.setupCharacterMap(names)
    font.setupGlyf(dict.fromkeys((".notdef", *names.values()), square))
    font.setupHorizontalMetrics(
        {".notdef": (500, 50)} | {name: (500 if code < 0x2000 else 1000, 50) for code, name in names.items()}
    )
    font.setupHorizontalHeader(ascent=800, descent=-200)
    font.setupNameTable({"familyName": FONT, "styleName": "Regular", "psName": FONT})
    font.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    font.setupPost()
    out = io.BytesIO()
    font.save(out)
    out.seek(0)
    pdfmetrics.registerFont(TTFont(FONT, out))


def make_pdf(
    paragraphs: Sequence[str] = (TITLE, BYLINE, *PARAGRAPHS),
    *,
    head: str = "",
    number: Callable[[int], str] = lambda page: f"— {page} —",
    columns: int = 26,
    rows: int = 8,
    password: str | None = None,
) -> bytes:
    """A PDF whose lines break after ``columns`` characters and its pages after ``rows`` lines, wherever that is."""
    register_font()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, encrypt=password, invariant=1)
    lines = [line for text in paragraphs for line in _broken(text, columns)]
    for page, start in enumerate(range(0, len(lines), rows), 1):
        canvas.setFont(FONT, 10)
        if head:
            canvas.drawString(90, 800, head)
        canvas.drawCentredString(A4[0] / 2, 40, number(page))
        for row, (indent, line) in enumerate(lines[start : start + rows]):
            canvas.setFont(FONT, _SIZE)
            at = 80.0 + indent * _SIZE
            for character in line:
                canvas.drawString(at, 740 - row * _LEADING, character)
                at += pdfmetrics.stringWidth(character, FONT, _SIZE)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def _broken(text: str, columns: int) -> list[tuple[int, str]]:
    """Lines with what they are set in by; a digit is half as wide as a Chinese character."""
    lines: list[tuple[int, str]] = []
    indent, line, width = 2, "", 2.0
    for character in text:
        wide = 0.5 if character.isascii() else 1.0
        if width + wide > columns:
            lines.append((indent, line))
            indent, line, width = 0, "", 0.0
        line += character
        width += wide
    return [*lines, (indent, line)]


def make_table_pdf(rows: Sequence[Sequence[str]] = TABLE, title: str = TITLE) -> bytes:
    """A page with a title and a table without lines, its columns 110 points apart."""
    register_font()
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    canvas.setFont(FONT, 12)
    canvas.drawString(200, 780, title)
    for number, row in enumerate(rows):
        for column, cell in enumerate(row):
            canvas.drawString(80 + 110 * column, 740 - 20 * number, cell)
    canvas.showPage()
    canvas.save()
    return out.getvalue()


def make_scan(pages: int = 2) -> bytes:
    """A PDF of drawn pages without a character."""
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4, invariant=1)
    for _ in range(pages):
        canvas.rect(80, 80, 300, 500, fill=1)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def make_docx(paragraphs: Sequence[str] = (TITLE, BYLINE, *PARAGRAPHS), table: Sequence[Sequence[str]] = ()) -> bytes:
    """A Word document with its title in the style of titles, and a table behind the text."""
    document = docx.Document()
    for number, text in enumerate(paragraphs):
        paragraph = document.add_paragraph(text, style="Title" if number == 0 else None)
        if number < 2:
            paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    if table:
        made = document.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in enumerate(table):
            for column, words in enumerate(cells):
                made.cell(row, column).text = words
    return saved(document)


def saved(document: object) -> bytes:
    """The bytes of a Word document or workbook."""
    out = io.BytesIO()
    document.save(out)  # type: ignore[attr-defined]
    return out.getvalue()


def make_html(paragraphs: Sequence[str] = PARAGRAPHS, table: str = "") -> bytes:
    """A saved page of a site, with what sites put around a text."""
    menu = "".join(f'<li><a href="/{n}">栏目{n}</a></li>' for n in range(8))
    body = "".join(f"<p>\n  　　{text}</p>\n" for text in paragraphs)
    page = (
        f"<!DOCTYPE html><html><head><meta charset=utf-8><title>{TITLE}_云澄市人民政府</title>"
        f"<style>p {{ margin: 0 }}</style></head><body><ul class=menu>{menu}</ul><h1>{TITLE}</h1>"
        f"<p>{BYLINE}</p><div>{body}{table}</div><script>var a = '固定资产投资增长99%';</script></body></html>"
    )
    return page.encode()


def make_xlsx(rows: Sequence[Sequence[object]] = TABLE, title: str = "表1 2024年主要农产品产量") -> bytes:
    """A workbook of one sheet with a merged title over its table."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "农业"
    sheet.append([title])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=max(len(row) for row in rows))
    for row in rows:
        sheet.append(list(row))
    return saved(book)


class _PlainName(zipfile.ZipInfo):
    """An entry whose name is written as Chinese Windows writes it: in GBK, and without the flag of UTF-8."""

    def _encodeFilenameFlags(self) -> tuple[bytes, int]:  # noqa: N802
        return self.filename.encode("gbk"), self.flag_bits


def make_zip(files: dict[str, bytes], *, gbk: bool = False) -> bytes:
    """An archive; with ``gbk`` as from Chinese Windows."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            entry = (_PlainName if gbk else zipfile.ZipInfo)(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, data)
    return out.getvalue()
