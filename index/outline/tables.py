"""Plain-text and Markdown tables of a source: their columns by what the head says, their cells by place.

A row makes facts of its own, because its measures and periods stand in the head and not in the row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from index.rules import At, Rule
from index.text.folding import fold
from index.types import Measure, Period, Span, Status
from index.words.fragments import COUNTING, any_word
from index.words.periods import Clock, find_times

_GAP = Rule(
    "outline.tables.gap",
    r"[ \t\u3000]{2,}|\t|(?<=[^|])\|(?=[^|])",
    takes=("指标名称⟦    ⟧单位", "指标⟦|⟧单位"),
    leaves=("指标 单位", "指标||单位"),
    why="One space may stand inside a name.",
)
_RULE = Rule(
    "outline.tables.rule",
    r"[\s|:+=-]+",
    takes=("⟦|---|---|⟧",),
    leaves=("|指标|单位|",),
    at=At.WHOLE,
)
_NUMBER = Rule(
    "outline.tables.number",
    r"(?P<sign>[-−–下降]*)(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>[%％]?)",
    takes=("⟦-1,128.5%⟧", "⟦下降7.6⟧"),
    leaves=("增长9%", "12:30"),
    why="下降 is a sign here; what else stands beside the number makes the cell prose.",
    at=At.WHOLE,
)
_UNIT_HEAD = Rule(
    "outline.tables.unit_head",
    r"(?:计量)?单位",
    takes=("⟦计量单位⟧",),
    leaves=("单位产品能耗",),
    at=At.WHOLE,
)
_GROWTH_HEAD = Rule(
    "outline.tables.growth_head",
    r"增长|增速|增幅|同比|增减|±",
    takes=("⟦同比⟧(%)", "⟦增速⟧"),
    leaves=("完成情况",),
)
_SHARE_HEAD = Rule(
    "outline.tables.share_head",
    r"占比|比重",
    takes=("⟦占比⟧(%)",),
    leaves=("比上年增长",),
)
_AIM_HEAD = Rule(
    "outline.tables.aim_head",
    r"目标|计划|预期|任务",
    takes=("2021年⟦预期⟧数",),
    leaves=("2021年完成",),
)
_RANK_HEAD = Rule(
    "outline.tables.rank_head",
    rf"{any_word('rank_heads')}",
    takes=("⟦序号⟧",),
    leaves=("指标名称",),
)
_BRACKET = Rule(
    "outline.tables.bracket",
    r"[(（](?P<unit>[^()（）]{1,8})[)）]",
    takes=("同比增长⟦(%)⟧",),
    leaves=("企业(含个体工商户和农民合作社)数",),
    why="More than eight characters in brackets are no unit.",
)
_AMONG = Rule(
    "outline.tables.among",
    rf"^(?:[{COUNTING}]+、|\d+[.、]|其中[:：]?|[#—·-])+",
    takes=("⟦其中:⟧工业投资", "⟦一、⟧农业总产值"),
    leaves=("工业投资(其中:)",),
)
_FEWEST = 3
"""Columns of the least table, and rows with its head."""


@dataclass(frozen=True, slots=True)
class Cell:
    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Entry:
    """One figure of a table: ``words`` where the cell is prose (增长9%) to be read as such, else ``value``."""

    name: str
    value: Decimal | None
    unit: str
    measure: Measure
    period: Period | None
    status: Status
    cell: Cell
    words: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    span: Span
    entries: tuple[Entry, ...]


def find_tables(text: str, within: Span, clock: Clock, period: Period | None) -> list[Row]:
    """The rows of all tables in a part of a source, with spans of the source; heads and rules make none."""
    rows: list[Row] = []
    block: list[list[Cell]] = []
    for line in (*_lines(text, within), None):
        cells = _cells(text, line) if line is not None else []
        if line is not None and _RULE.fullmatch(line.of(text)):
            continue
        if len(cells) >= _FEWEST:
            block.append(cells)
            continue
        if len(block) >= _FEWEST:
            rows.extend(_read(block, clock, period))
        block = []
    return rows


def _lines(text: str, within: Span) -> Iterator[Span]:
    start = within.start
    for line in within.of(text).split("\n"):
        if line.strip():
            yield Span(start, start + len(line))
        start += len(line) + 1


def _cells(text: str, line: Span) -> list[Cell]:
    words = line.of(text)
    result, at = [], 0
    for gap in (*_GAP.finditer(words), None):
        end = gap.start() if gap is not None else len(words)
        part = words[at:end]
        plain = part.strip(" \t\u3000|")
        if plain:
            start = line.start + at + part.index(plain)
            result.append(Cell(plain, Span(start, start + len(plain))))
        at = gap.end() if gap is not None else len(words)
    return result


def _read(block: list[list[Cell]], clock: Clock, period: Period | None) -> Iterator[Row]:
    head = [fold(c.text) for c in block[0]]
    if any(_NUMBER.fullmatch(h) for h in head[1:]):
        # No head: what the columns tell is not known, and nothing is guessed.
        return
    for cells in block[1:]:
        if len(cells) == len(head) - 1 and " " in cells[0].text.strip():
            # A long name leaves one space before the next column.
            name, _, rest = cells[0].text.rpartition(" ")
            at = cells[0].span.end - len(rest)
            first = Cell(name.rstrip(), Span(cells[0].span.start, cells[0].span.start + len(name.rstrip())))
            cells = [first, Cell(rest, Span(at, cells[0].span.end)), *cells[1:]]  # noqa: PLW2901
        span = Span(cells[0].span.start, cells[-1].span.end)
        yield Row(span, tuple(_entries(head, cells, clock, period)) if len(cells) == len(head) else ())


_DIGIT = Rule(
    "outline.tables.digit",
    r"\d",
    takes=("增长⟦9⟧%左右",),
    leaves=("持续增长",),
)


def _entries(head: list[str], cells: list[Cell], clock: Clock, period: Period | None) -> Iterator[Entry]:
    telling = [n for n, title in enumerate(head) if not _RANK_HEAD.search(title) and not _UNIT_HEAD.fullmatch(title)]
    named = telling[0] if telling else 0
    name, unit = _name_and_unit(fold(cells[named].text))
    if not name:
        return
    columns = list(zip(head, cells, strict=True))
    for title, cell in columns:
        if _UNIT_HEAD.fullmatch(title):
            unit = fold(cell.text)
    last = period
    for title, cell in (columns[n] for n in telling if n != named):
        told = [t.period for t in find_times(title, clock) if not t.base]
        last = told[-1] if told else last
        status, measure, words = _status_of(title), _measure_of(title), fold(cell.text)
        figure = _NUMBER.fullmatch(words)
        if figure is not None:
            value = Decimal(figure["n"].replace(",", "")) * (-1 if figure["sign"] else 1)
            yield Entry(name, value, figure["unit"] or _unit_of(title, measure) or unit, measure, last, status, cell)
        elif _DIGIT.search(words):
            yield Entry(name, None, unit, measure, last, status, cell, words)


def _name_and_unit(words: str) -> tuple[str, str]:
    """The name that a row begins with, and the unit that stands in brackets behind it."""
    bracket = _BRACKET.search(words)
    return _AMONG.sub("", _BRACKET.sub("", words)).strip(), bracket["unit"] if bracket else ""


def _status_of(title: str) -> Status:
    if _AIM_HEAD.search(title):
        return Status.TARGET
    return Status.ESTIMATE if "预计" in title else Status.ACTUAL


def _measure_of(title: str) -> Measure:
    if _GROWTH_HEAD.search(title):
        return Measure.GROWTH
    return Measure.SHARE if _SHARE_HEAD.search(title) else Measure.LEVEL


def _unit_of(title: str, measure: Measure) -> str:
    """The unit that the head of a column gives to its cells; growth and shares are in % where it says nothing."""
    own = _BRACKET.search(title)
    return own["unit"] if own else "" if measure is Measure.LEVEL else "%"
