"""Answers and figures as HTML for notebooks: the text, its evidence, and a series as a small chart (SVG, nothing fetched)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from html import escape
from typing import Any, Protocol, TypeVar


class Figure(Protocol):
    """What is drawn of a ``wenju.Value``."""

    @property
    def indicator(self) -> str: ...
    @property
    def region(self) -> str | None: ...
    @property
    def period(self) -> str | None: ...
    @property
    def value(self) -> str: ...
    @property
    def unit(self) -> str: ...
    @property
    def measure(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def derived(self) -> object: ...


V = TypeVar("V", bound=Figure)

LEAST_OF_A_SERIES = 3
"""Figures from which on a row of years is drawn: two are read as fast as seen."""
WIDTH, HEIGHT, EDGE = 460, 150, 26
MOST_ROWS = 60
_YEAR = re.compile(r"\d{4}")
_QUOTE = "margin:.2em 0 .6em 1.2em;padding-left:.6em;border-left:3px solid #bbb"
_CELL = "text-align:left;padding:.15em .6em"


def answer_html(answer: Any) -> str:
    """A ``wenju.Answer``: its text, its series as charts, each citation with its quotation, then what came near or differs."""
    parts = [f'<p style="font-size:1.05em;white-space:pre-line">{escape(answer.answer)}</p>']
    if answer.abstained and answer.reason:
        parts.append(f"<p><small>{escape(answer.reason)}</small></p>")
    parts += [chart(series) for series in series_of(answer.values)]
    parts += [_cited(f"[{each.n}]", "", each) for each in answer.citations]
    parts += [_cited("~", each.text, each) for each in answer.nearest]
    parts += [_cited("≠", each.text, each) for each in answer.conflicts]
    parts += [f"<p><small>{escape(note)}</small></p>" for note in answer.notes]
    return f'<div class="wenju-answer">{"".join(parts)}</div>'


def facts_html(facts: Sequence[Any], total: int, note: str | None) -> str:
    """The first rows of ``wenju.Facts`` as a table, and how many there are."""
    if not facts:
        return f"<p>{escape(note or 'no figures')}</p>"
    names = ("region", "period", "indicator", "measure", "value", "unit", "status", "clause")
    head = "".join(f'<th style="{_CELL}">{name}</th>' for name in names)
    rows = "".join(f"<tr>{''.join(_td(getattr(fact, name)) for name in names)}</tr>" for fact in facts[:MOST_ROWS])
    more = f"<p><small>{min(len(facts), MOST_ROWS)} of {total}</small></p>"
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _td(value: object) -> str:
    return f'<td style="{_CELL}">{escape("" if value is None else str(value))}</td>'


def _cited(mark: str, text: str, citation: Any) -> str:
    title = escape(" › ".join((citation.title, *citation.heading)))
    if citation.url.startswith(("http://", "https://")):
        title = f'<a href="{escape(citation.url)}" target="_blank" rel="noopener">{title}</a>'
    said = f"{escape(text)}<br>" if text else ""
    return (
        f"<p><b>{escape(mark)}</b> {said}{title} <small>{escape(citation.place)}</small></p>"
        f'<blockquote style="{_QUOTE}">{escape(citation.quote)}</blockquote>'
    )


def series_of(values: Iterable[V]) -> list[list[V]]:
    """The rows of figures that differ in nothing but the year, in the order of years, where they are long enough."""
    rows: dict[tuple[object, ...], dict[str, V]] = {}
    for value in values:
        if value.period and _YEAR.fullmatch(value.period) and value.derived is None:
            key = (value.indicator, value.region, value.measure, value.unit)
            rows.setdefault(key, {}).setdefault(value.period, value)
    return [[row[p] for p in sorted(row)] for row in rows.values() if len(row) >= LEAST_OF_A_SERIES]


def chart(series: Sequence[Figure]) -> str:
    """One series as bars on a line of years; a year that is not told stays empty, a target or estimate is paler."""
    first, last = (int(series[n].period or 0) for n in (0, -1))
    numbers = [float(each.value) for each in series]
    top, bottom = max(0.0, *numbers), min(0.0, *numbers)
    reach = (top - bottom) or 1.0
    step = (WIDTH - 2 * EDGE) / (last - first + 1)

    def y(number: float) -> float:
        return EDGE + (top - number) / reach * (HEIGHT - 2 * EDGE)

    bars = []
    for each, number in zip(series, numbers, strict=True):
        x = EDGE + (int(each.period or 0) - first) * step
        high, low = min(y(number), y(0)), max(y(number), y(0))
        shade = "#3b6ea5" if each.status == "actual" else "#9dbbd9"
        told = escape(f"{each.period} {each.value}{each.unit} ({each.status})")
        bars.append(
            f'<rect x="{x + step * 0.15:.1f}" y="{high:.1f}" width="{step * 0.7:.1f}" height="{max(low - high, 1):.1f}" fill="{shade}">'
            f"<title>{told}</title></rect>"
            f'<text x="{x + step / 2:.1f}" y="{high - 4:.1f}" text-anchor="middle" font-size="10">{escape(each.value)}</text>'
            f'<text x="{x + step / 2:.1f}" y="{HEIGHT - 6}" text-anchor="middle" font-size="10">{escape(each.period or "")}</text>'
        )
    one = series[0]
    name = escape(f"{one.region or ''} {one.indicator} {one.measure} ({one.unit})".strip())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'aria-label="{name}" fill="currentColor" font-family="sans-serif"><title>{name}</title>'
        f'<text x="{EDGE}" y="11" font-size="11">{name}</text>{"".join(bars)}'
        f'<line x1="{EDGE}" x2="{WIDTH - EDGE}" y1="{y(0):.1f}" y2="{y(0):.1f}" stroke="currentColor"/></svg>'
    )
