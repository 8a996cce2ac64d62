"""Figures that are calculated from two stated ones, with formula and operands shown.

Never a growth rate from two levels: a report that states another one is right, because bases are revised.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from index.naming import normalised
from index.numbers import find_figures
from index.types import Fact, Measure
from rag.figures import Found, Missing
from rag.types import Query, QuestionKind

_SHARE = re.compile(
    r"(?P<part>[\u4e00-\u9fffa-z0-9.]{2,30}?)占(?P<whole>[\u4e00-\u9fffa-z0-9.]{2,30}?)的?(?:比重|比例|份额|百分之|多少)"
)
_MORE = re.compile(r"增加了?多少|共增加|净增|减少了?多少|扩大了?多少|多了多少|增加")

Find = Callable[[Query], list[Found | Missing]]


@dataclass(frozen=True, slots=True)
class Calculation:
    """A result with the facts it comes from, in the order of the formula."""

    label: str
    value: Decimal
    unit: str
    formula: str
    operands: tuple[Fact, ...]
    written: tuple[str, ...]
    """The operands as the formula shows them."""


def derive(query: Query, find: Find) -> Calculation | None:
    """The asked share or difference, where both operands are stated for one place and period."""
    share = _SHARE.search(query.terms)
    if share is not None:
        return _share(query, share["part"], share["whole"], find)
    if query.kind is QuestionKind.DERIVE and _MORE.search(query.text):
        return _change(query, find)
    return None


def _share(query: Query, part: str, whole: str, find: Find) -> Calculation | None:
    facts = []
    for words in (part, whole):
        asked = replace(
            query,
            kind=QuestionKind.VALUE,
            terms=words,
            units=(),
            indicators=tuple(n for n in query.indicators if n in words or words in n),
            wants_growth=False,
            wants_share=False,
            wants_level=True,
            mentions=tuple(m for m in query.mentions if m.slot != "indicator" or m.value in words or words in m.value),
        )
        found = [c for c in find(asked) if isinstance(c, Found)]
        level = next((f for c in found for f in c.facts if f.measure is Measure.LEVEL), None)
        if level is None:
            return None
        facts.append(level)
    one, all_ = facts
    (small, kind), (large, other) = normalised(one.value, one.unit), normalised(all_.value, all_.unit)
    if kind != other or not large or small > large or one.period != all_.period or one.region != all_.region:
        return None
    value = (small / large * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    formula = f"{one.written} ÷ {all_.written} × 100% ≈ {value}%"
    return Calculation(
        f"{one.indicator}占{all_.indicator}的比重", value, "%", formula, (one, all_), (one.written, all_.written)
    )


def _change(query: Query, find: Find) -> Calculation | None:
    """The difference of a statement 从542公顷增加到596公顷."""
    ends = replace(
        query,
        wants_rise=False,
        wants_growth=False,
        wants_level=True,
        periods=tuple(type(p).year(p.last_year) for p in query.periods),
        kind=QuestionKind.VALUE,
    )
    for cell in find(ends):
        if not isinstance(cell, Found):
            continue
        for fact in cell.facts:
            before = re.search(
                r"(?:从|由)(?P<from>[^从由]{1,24}?)(?:增加|提高|上升|扩大|增长|减少|下降|降低|提升)(?:了)?(?:到|至)",
                fact.clause,
            )
            figures = find_figures(before["from"]) if before else []
            if len(figures) != 1 or figures[0].unit != fact.unit:
                continue
            value = fact.value - figures[0].value
            formula = f"{fact.written} − {figures[0].written} = {value}{fact.unit}"
            return Calculation(
                f"{fact.indicator}的变化", value, fact.unit, formula, (fact,), (fact.written, figures[0].written)
            )
    return None
