"""The figures of a source's tables: what, whose, when and in which unit, by caption, heads, row and cell together.

A row makes facts of its own, because its measures and periods stand in the head and not in the row. A cell of which the
head leaves open what it is, in which unit or of when makes none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import takewhile

from index.budget import check
from index.outline.tabular.blocks import Block, Cell, Line, find_blocks
from index.outline.tabular.captions import Caption, caption_of
from index.outline.tabular.columns import (
    Column,
    column_of,
    is_unit,
    noun_of,
    says,
    times_told,
    unit_told,
    without_times,
)
from index.outline.tabular.owners import own_account, place_of_column, place_of_row
from index.rules import At, Rule
from index.types import Measure, Period, Span, Status
from index.words.fragments import COUNTING
from index.words.lexicon import load_wording
from index.words.numbers import find_figures
from index.words.periods import Clock

_NUMBER = Rule(
    "outline.tables.number",
    r"(?P<sign>[-−–▲负下降+]*)(?P<n>\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?P<unit>[%‰]?)",
    takes=("⟦-1,128.5%⟧", "⟦下降7.6⟧"),
    leaves=("增长9%", "12:30"),
    why="下降 is a sign here; what else stands beside the number makes the cell prose.",
    at=At.WHOLE,
)
_AMONG = Rule(
    "outline.tables.among",
    rf"^(?:\([{COUNTING}\d]+\)|[{COUNTING}]+[、.]|\d+(?:\.\d+)*[.、]|其中[::]?|[#—·-]|\s)+",
    takes=("⟦其中:⟧工业投资", "⟦一、⟧农业总产值", "⟦1.1.⟧粮食播种面积"),
    leaves=("工业投资(其中:)", "5G用户"),
)
_LONGEST = 20
"""Characters of a cell of words that tells a figure (增长9%); a longer one is a remark."""
_LEVELS = ("类", "款", "项", "目")
"""What a budget's column calls the depth of its rows."""
_DEEPEST = 9
_MOST_LACKING = 40
"""Empty cells that a row may leave out at its end."""
_REACH = 400
"""Rows above a row among which the whole that it is a part of is looked for."""
_SHORT = 2
"""Characters of what is measured that is too short to be told alone: 收入."""
_MEASURES = ("量", "额", "值", "率", "面积", "人数", "户数", "里程", "指数", "合计", "总计")
"""How names end that say what is measured."""
_OWN_TOTALS = ("收入合计", "支出合计")
"""Totals of a budget that hold nothing from other years or places."""


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
    place: str = ""
    """The place whose figure it is, as the table writes it (伊州区, 全市); "" where it is the document's."""
    base: str = ""
    dated: bool = False
    """Whether the table itself says of when the figure is."""
    own: bool = True
    """Whether it is the indicator that its name says, and no part or other basis of it."""


@dataclass(frozen=True, slots=True)
class Row:
    span: Span
    entries: tuple[Entry, ...]


def find_tables(text: str, within: Span, clock: Clock, period: Period | None) -> list[Row]:
    """The rows of all tables in a part of a source, with spans of the source; heads and rules make none."""
    rows: list[Row] = []
    for block in find_blocks(text, within):
        for table in _tables(block):
            made = list(_read(table, clock, period))
            # Two columns are a table only where they tell something.
            if block.width > 2 or any(row.entries for row in made):
                rows.extend(made)
    return sorted(rows, key=lambda row: row.span.start)


@dataclass(frozen=True, slots=True)
class _Table:
    captions: tuple[str, ...]
    heads: tuple[Line, ...]
    rows: tuple[Line, ...]
    gaps: bool


def _tables(block: Block) -> Iterator[_Table]:
    """The tables that stand in a block: a head in the middle of it begins another one."""
    captions, heads, rows = list(block.captions), list[Line](), list[Line]()
    for number, line in enumerate(block.lines):
        told = list(dict.fromkeys(c.words for c in line.cells if c.words))
        figures = any(_is_figure(c.words) for c in _behind(line)) and not (number < block.ruled and _is_head(line))
        united = any("单位" in words and unit_told(words) for words in told)
        titled = not figures and (len(told) < 2 or united)
        if titled and not rows and (united or not heads):
            captions.extend(told)
        elif titled or figures or (rows and not _is_head(line)):
            rows.append(line)
        elif rows:
            # What stands alone right above a head is its caption, and no row.
            last = len(rows) - len(list(takewhile(_is_alone, reversed(rows))))
            yield _Table(tuple(captions), tuple(heads), tuple(rows[:last]), block.gaps)
            captions = [c.words for row in rows[last:] for c in row.cells if c.words] or captions
            heads, rows = [line], []
        else:
            heads.append(line)
    if rows:
        yield _Table(tuple(captions), tuple(heads), tuple(rows), block.gaps)


def _is_alone(line: Line) -> bool:
    return sum(bool(c.words) for c in line.cells) < 2


def _behind(line: Line) -> Sequence[Cell]:
    """The cells behind the first, but for years alone, which are a head."""
    told = [c for c in line.cells[1:] if c.words]
    return (
        ()
        if told and all(c.words.isdigit() and c.words[:2] in ("19", "20") and len(c.words) == 4 for c in told)
        else told
    )


def _is_figure(words: str) -> bool:
    return _NUMBER.fullmatch(words) is not None or (len(words) <= _LONGEST and bool(find_figures(words)))


def _is_head(line: Line) -> bool:
    """Whether a row among figures names columns: 项目, 预算数, 占预算(%)."""
    told = [c.words for c in line.cells if c.words]
    named = sum(says(w, "table_results", "table_aims", "table_rates", "table_shares", "table_totals") for w in told[1:])
    return named * 2 > len(told) - 1


def _read(table: _Table, clock: Clock, period: Period | None) -> Iterator[Row]:
    caption = caption_of(table.captions, clock)
    clock, period = caption.clock, caption.period or period
    width = max((len(head.cells) for head in table.heads), default=0)
    if not table.heads:
        # No head: what the columns tell is not known, and nothing is guessed but from a caption that tells of one.
        width = 2 if caption.unit and max(len(row.cells) for row in table.rows) == 2 else 0
    titles = _titles(table.heads, width)
    rows = [Line(_evened(row.cells, width, gaps=table.gaps), row.span) for row in table.rows]
    parts = [_Part(titles, first, last, caption, clock, period, rows) for first, last in _side_by_side(titles)]
    for number, row in enumerate(rows):
        check()
        found = [entry for part in parts if len(row.cells) == width for entry in part.entries(number)]
        yield Row(row.span, tuple(found))


def _titles(heads: Sequence[Line], width: int) -> list[str]:
    """The words of the head over each column; a head of several columns stands over all of them."""
    titles = [""] * width
    for number, head in enumerate(heads):
        words = [head.cells[n].words if n < len(head.cells) else "" for n in range(width)]
        for n in range(1, width):
            # An empty cell under a head of several columns has that head, up to the next column of names.
            if not words[n] and number + 1 < len(heads) and words[n - 1] and words[n - 1] != words[0]:
                words[n] = words[n - 1]
        for n, word in enumerate(words):
            if word and word not in titles[n].split():
                titles[n] = f"{titles[n]} {word}".strip()
    return titles


def _side_by_side(titles: Sequence[str]) -> Iterator[tuple[int, int]]:
    """The columns of each table of several that stand side by side: where the head of the names is said again."""
    starts = [0, *(n for n, title in enumerate(titles) if n and title and title == titles[0])]
    for first, last in zip(starts, [*starts[1:], len(titles)], strict=True):
        if last > first:
            yield first, last


def _evened(cells: tuple[Cell, ...], width: int, *, gaps: bool) -> tuple[Cell, ...]:
    if gaps and len(cells) == width - 1 and " " in cells[0].text.strip():
        # A long name leaves one space before the next column.
        name, _, rest = cells[0].text.rpartition(" ")
        at = cells[0].span.end - len(rest)
        first = Cell(name.rstrip(), Span(cells[0].span.start, cells[0].span.start + len(name.rstrip())))
        return (first, Cell(rest, Span(at, cells[0].span.end)), *cells[1:])
    if gaps or not width - _MOST_LACKING <= len(cells) < width:
        return cells
    return (*cells, *[Cell("", Span(cells[-1].span.end, cells[-1].span.end))] * (width - len(cells)))


class _Part:
    """One table of those that stand side by side, with what its columns tell."""

    def __init__(
        self,
        titles: Sequence[str],
        first: int,
        last: int,
        caption: Caption,
        clock: Clock,
        period: Period | None,
        rows: Sequence[Line],
    ) -> None:
        self._caption, self._clock, self._period = caption, clock, period
        self._rows = [row.cells[first:last] if len(row.cells) >= last else () for row in rows]
        titles = titles[first:last]
        ranked = {n for n, t in enumerate(titles) if says(t, "rank_heads")}
        self._unit_column = next(
            (n for n, t in enumerate(titles) if t in ("单位", "计量单位") and self._holds_units(n)), -1
        )
        told = [n for n in range(len(titles)) if n not in ranked and n != self._unit_column]
        self._names = told[0] if told else 0
        self._head = titles[self._names] if titles else ""
        self._figures = [
            n for n in told if n != self._names and any(_is_figure(self._words(r, n)) for r in range(len(rows)))
        ]
        self._depths = next((n for n in told if self._holds_depths(n)), -1)
        between = [n for n in told if n not in self._figures and self._figures and self._names < n < self._figures[0]]
        self._joined = [self._names, *between]
        self._columns = dict(zip(self._figures, self._carried([titles[n] for n in self._figures]), strict=True))
        self._table_unit = unit_told(self._head) or caption.unit
        self._names_of_rows = self._named()

    def _words(self, row: int, column: int) -> str:
        cells = self._rows[row]
        return cells[column].words if column < len(cells) else ""

    def _holds_units(self, column: int) -> bool:
        words = [self._words(row, column) for row in range(len(self._rows))]
        return sum(map(is_unit, words)) * 2 > sum(map(bool, words))

    def _holds_depths(self, column: int) -> bool:
        words = {self._words(row, column) for row in range(len(self._rows))} - {""}
        return bool(words) and words <= set(_LEVELS)

    def _carried(self, titles: Sequence[str]) -> Iterator[Column]:
        """The columns, each rate with what the level before it is of."""
        levels: list[Column] = []
        for title in titles:
            place = place_of_column(title)
            column = column_of(title, self._clock, place=place)
            if column.measure is Measure.LEVEL and not column.ratio:
                levels.append(column)
                yield column
                continue
            wanted = Status.ACTUAL if column.ratio else column.status
            fitting = [c for c in levels if wanted is None or c.status in (wanted, None)] or levels
            of = fitting[-1] if fitting else None
            if of is not None:
                same = not column.noun or column.noun == of.noun
                column = replace(
                    column,
                    noun=column.noun or of.noun,
                    place=column.place or of.place,
                    period=column.period or of.period,
                    status=column.status or (of.status if same else None),
                )
            if self._caption.unit == "%" and not column.unit:
                column = replace(column, unit="%")
            yield column

    def _named(self) -> list[str]:
        """The name of each row, with that of the row it is a part of where several rows have one name; "" where that stays open."""
        names, depths = [], []
        for row in range(len(self._rows)):
            words = [self._words(row, n) for n in self._joined]
            said = words[0]
            plain = "".join(dict.fromkeys(_AMONG.sub("", _without_unit(w)) for w in words)).replace(" ", "")
            names.append(plain)
            depths.append(self._depth(said, self._words(row, self._depths) if self._depths >= 0 else ""))
        counts = Counter(names)
        # Where the run of rows of one name begins that a row stands in: what such a run is a part of stands before it.
        first: list[int] = []
        for at, name in enumerate(names):
            first.append(first[-1] if at and names[at - 1] == name else at)
        # Of many rows of one name it is asked once what that is.
        alone = {n for n in counts if counts[n] == 1 or not n or says_total(n) or place_of_row(n, self._head)}
        full = [
            name if name in alone else self._of_whole(names, depths, counts, first, at) for at, name in enumerate(names)
        ]
        again = Counter(full)
        return [name if again[name] == 1 or counts[name] == 1 or says_total(name) else "" for name in full]

    @staticmethod
    def _depth(words: str, level: str) -> int:
        if level:
            return _LEVELS.index(level)
        lead = _AMONG.match(words)
        if lead is None:
            return _DEEPEST
        mark = lead[0].strip()
        if mark.startswith(("其中", "#", "—", "-", "·")):
            return _DEEPEST + 1
        return 1 if mark[0] in COUNTING else 2 if mark[0] == "(" else 3 + mark.rstrip(".、").count(".")

    def _of_whole(
        self, names: Sequence[str], depths: Sequence[int], counts: Counter[str], first: Sequence[int], at: int
    ) -> str:
        """A name that several rows have, behind the whole that it is a part of."""
        for before in range(first[at] - 1, max(-1, at - 1 - _REACH), -1):
            whole = names[before]
            if whole == names[at]:
                continue
            marked = depths[before] < min(depths[at], _DEEPEST)
            # 客运量, 公路, 铁路; 房屋施工面积, 其中:住宅: what parts of one name lie in has a name of its own.
            over = counts[whole] == 1 and (whole.endswith(_MEASURES) or depths[at] > _DEEPEST)
            if whole and (marked or over):
                return f"{whole}{names[at]}"
        return ""

    def entries(self, number: int) -> Iterator[Entry]:
        """The figures of one row."""
        name, said = self._names_of_rows[number], self._words(number, self._names)
        if not name:
            return
        times = times_told(said, self._clock)
        timed = bool(times) and (says(self._head, "table_years") or not without_times(said, self._clock).strip(" 年末"))
        place = place_of_row(name, self._head)
        unit = unit_told(said)
        if self._unit_column >= 0:
            unit = self._words(number, self._unit_column) or unit
        for at in self._figures:
            column = self._columns[at]
            if timed:
                column = replace(column, period=times[-1].period)
            cell = self._rows[number][at] if at < len(self._rows[number]) else None
            if cell is None or not cell.words:
                continue
            # A row that only says 预算数 tells of all places what the heads say.
            plain = timed or says_total(name) or not noun_of(name)
            thing = self._over_places(number) if place else "" if plain else name
            entry = self._entry(column, thing, place, unit, cell)
            if entry is not None:
                yield entry

    def _over_places(self, number: int) -> str:
        """What the places of a table are told of where a counted row above them says it: 一、提前下达数."""
        for row in range(number - 1, max(-1, number - 1 - _REACH), -1):
            if self._depth(self._words(row, self._names), "") == 1:
                name = self._names_of_rows[row]
                return name if noun_of(name) and not place_of_row(name, self._head) else ""
        return ""

    def _entry(self, column: Column, thing: str, place: str, unit: str, cell: Cell) -> Entry | None:
        basis = self._caption.basis or _basis(column.title)
        name = self._name(column, thing)
        if not name or not _is_figure(cell.words):
            return None
        status = Status.ACTUAL if column.ratio else column.status or self._caption.status or Status.ACTUAL
        made = Entry(
            f"{name}({basis})" if basis else name,
            None,
            unit,
            column.measure,
            column.period or self._period,
            status,
            cell,
            cell.words,
            place or column.place or self._caption.place,
            column.base,
            column.period is not None or self._caption.period is not None or self._tells_results(),
            not basis,
        )
        figure = _NUMBER.fullmatch(cell.words)
        if figure is None:
            return made
        known = figure["unit"] or self._unit(column, unit)
        if known == "%" and column.measure is Measure.LEVEL and not column.ratio:
            if says(thing, "table_rates"):
                # 固定资产投资增速|8.1%: the name of the row says that it is a rate.
                return replace(made, words=f"{cell.words.rstrip('%')}%")
            made = replace(made, measure=self._caption.measure)
        if not is_unit(known) and not ("指数" in name and not known):
            return None
        value = Decimal(figure["n"].replace(",", ""))
        negative = any(c in figure["sign"] for c in "-−–▲负下")
        return replace(made, value=-value if negative else value, unit=known, words="")

    def _unit(self, column: Column, unit: str) -> str:
        """The unit of a column's figures: its own, then that of the row, then that of the table; rates have none but their own."""
        if column.measure in (Measure.LEVEL, Measure.CHANGE):
            return column.unit or unit or self._table_unit
        return column.unit

    def _name(self, column: Column, thing: str) -> str:
        """What a figure is of, by row, column and caption together; "" where they leave it open."""
        caption, noun = self._caption, column.noun
        rate = column.measure is not Measure.LEVEL or not column.unit
        if not noun and (not thing or (rate and says(self._head, "table_classes"))):
            noun = caption.noun
        if noun and says(thing, "table_rates", "table_shares"):
            # 1985年比重|东部地区: the row tells what the figure is, and the column of whom.
            return ""
        prefix = caption.own or own_account(noun) or own_account(column.title)
        noun = noun.replace(prefix, "")
        if not thing and len(noun) <= _SHORT:
            # 合计|收入 of 社会保险基金收支: the caption says whose.
            noun = f"{caption.noun}{noun}" if caption.noun else ""
        name = thing if not noun or noun in thing or _is_measured(thing) else f"{thing}{noun}"
        if not name:
            return ""
        account = caption.account_of(name)
        if account and name.removeprefix("本年") in _OWN_TOTALS and name.startswith("本年"):
            name = name[2:4]
        revised = column.status is Status.TARGET and "调整" in column.title
        name = f"{'' if prefix in name else prefix}{account}{name}{column.ratio}"
        return f"{name}调整预算数" if revised else name

    def _tells_results(self) -> bool:
        """Whether plans stand beside their results, so that they are of the same time."""
        return any(c.ratio or c.status is Status.ACTUAL for c in self._columns.values())


def _is_measured(thing: str) -> bool:
    """Whether a row says itself what is measured, so that the head adds nothing: 发电量 under 产量."""
    return thing.endswith(_MEASURES) or "存栏" in thing or "出栏" in thing


def says_total(name: str) -> bool:
    """Whether a row is that of the whole and says not what it is of: 合计."""
    return load_wording().pattern("table_totals").fullmatch(name) is not None


def _without_unit(words: str) -> str:
    """A name without the unit in brackets behind it; other brackets are part of it."""
    unit = unit_told(words)
    return words.replace(f"({unit})", "") if unit else words


def _basis(words: str) -> str:
    match = load_wording().pattern("table_bases").search(words)
    return match[0] if match is not None else ""
