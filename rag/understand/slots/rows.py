"""Several places in a row: 前五, 后三名, 最高的三个区, 哪些县超过150亿元, and of which level they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal

from index.rules import Rule
from index.types import Span
from index.words.fragments import COUNTING
from index.words.numbers import Figure, find_figures, read_numeral
from rag.types import Bound, Row
from rag.understand.words import either, load_asking

_END = Rule(
    "understand.rows.end",
    rf"(?P<end>{either('ends_of_a_row')}) ?第?(?P<n>[两{COUNTING}]|\d+)(?![{COUNTING}\d年月季届期百强]|个?(?:月|季))[名位强]?",
    takes=("产值⟦前五⟧的镇", "增速⟦后3名⟧"),
    leaves=("前三季度产值", "前五年产值"),
)
_SO_MANY = Rule(
    "understand.rows.so_many",
    rf"最[高低大小多少快慢]的?(?P<n>[两{COUNTING}]|\d+)(?=[个座名])",
    takes=("产值⟦最高的三⟧个镇",),
    leaves=("产值最高的镇",),
)
_PLACES = Rule(
    "understand.rows.places",
    rf"(?:的|个|[些各每几名]|哪)(?P<kind>(?:{either('kinds_of_places')})+)(?!{either('no_kinds_of_places')})",
    takes=("产值前五⟦的县⟧", "⟦各县区⟧产值排名"),
    leaves=("的县级财政收入",),
)
_LEVELS = (("省", "province"), ("直辖市", "province"), ("区", "county"), ("县", "county"), ("市", "city"))
_LONGEST_BOUND = 5
"""Letters before or behind an amount in which a word says that it bounds."""


@dataclass(frozen=True, slots=True)
class Rowed:
    """What a question says of a row, and the words that say nothing of the thing."""

    row: Row = field(default_factory=Row)
    taken: tuple[Span, ...] = ()


def rowed(text: str) -> Rowed:
    """Read the row of a folded question; no row where no places of a level are spoken of."""
    says = load_asking().says
    places = _PLACES.search(text)
    level = _level(places["kind"]) if places is not None else _level_said(text)
    end, many = _END.search(text), _SO_MANY.search(text)
    bounds = list(_bounds(text)) if level is not None and says("which_ones", text) else []
    ranked = end is not None or many is not None or bool(bounds) or says("rank", text) is not None
    if level is None or not ranked:
        return Rowed()
    counted = end or many
    top = int(read_numeral(counted["n"].replace("两", "二")) or 0) if counted is not None else 0
    spans = [Span(*m.span()) for m in (end, many) if m is not None]
    spans += [span for _, span in bounds]
    if places is not None:
        spans.append(Span(places.start(), places.end()))
    lowest = says("lowest", text) is not None or (end is not None and says("lowest_end", end["end"]) is not None)
    order = says("rank", text)
    return Rowed(
        Row(
            level=level,
            top=top,
            lowest=lowest,
            bound=bounds[0][0] if bounds else None,
            all=counted is None and not bounds and order is not None and says("whole_row", text) is not None,
        ),
        tuple(spans),
    )


def _level_said(text: str) -> str | None:
    says = load_asking().says
    if says("any", text) or says("row_english", text):
        return "province" if "province" in text else "county"
    return next((level for level in ("county", "province") if says(level, text)), None)


def _level(kind: str) -> str | None:
    """The level of places that a noun names: 县区 are counties, 地区 may be any."""
    return next((level for word, level in _LEVELS if word in kind), None)


def _bounds(text: str) -> Iterator[tuple[Bound, Span]]:
    """The amounts that the places asked for are above or below."""
    says = load_asking().says
    for figure in find_figures(text):
        before = text[max(0, figure.span.start - _LONGEST_BOUND) : figure.span.start]
        behind = text[figure.span.end : figure.span.end + _LONGEST_BOUND]
        for name, above in (("bound_below", False), ("bound_above", True)):
            led, followed = says(f"{name}_before", before), says(f"{name}_behind", behind)
            start = figure.span.start - (len(before) - led.start()) if led and led.end() == len(before) else None
            end = figure.span.end + followed.end() if followed and followed.start() == 0 else None
            if start is not None or end is not None:
                yield (
                    _bound(figure, above=above),
                    Span(start if start is not None else figure.span.start, end or figure.span.end),
                )
                break


def _bound(figure: Figure, *, above: bool) -> Bound:
    return Bound(Decimal(figure.value), figure.unit, figure.written, above)
