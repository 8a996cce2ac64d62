"""Shares that are told as a proportion: 三次产业结构为8.0:42.7:49.3 states what each of the three makes up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from index.rules import Rule
from index.types import Span
from index.words.fragments import HAN
from index.words.numbers import Figure

_NUMBER = r"\d{1,2}(?:\.\d+)?"
_INDUSTRIES = Rule(
    "figures.ratios.industries",
    rf"(?:三次|一二三次?)?产业(?P<what>{HAN}{{0,12}}?)(?:结构|比例|比重|占比|构成)(?P<behind>[^\d;。]{{0,10}}"
    rf"(?:{_NUMBER}:{_NUMBER}:{_NUMBER}[^\d;。]{{1,10}})?)(?P<a>{_NUMBER}):(?P<b>{_NUMBER}):(?P<c>{_NUMBER})(?![:\d])",
    takes=(
        "⟦三次产业结构为8.0:42.7:49.3⟧",
        "⟦三次产业比例由9:43:48调整为8:43:49⟧",
        "⟦三次产业投资比重为0.3:73.4:26.3⟧",
    ),
    leaves=("发布于17:23:05", "三次产业结构不断优化"),
    why="Of a proportion that was changed the last is what it has become.",
)
_NAMES = ("第一产业", "第二产业", "第三产业")
_WHOLE = (Decimal("98.5"), Decimal("101.5"))
"""What rounded shares of one whole may add up to."""


def shares_of_industries(text: str) -> Iterator[tuple[str, Figure, Span]]:
    """Each industry's share as indicator and figure in %, with the span that tells it, in a cleaned sentence."""
    for match in _INDUSTRIES.finditer(text):
        values = [Decimal(match[name]) for name in "abc"]
        if not _WHOLE[0] <= sum(values) <= _WHOLE[1]:
            continue
        what = match["what"]
        of = f"{what}比重" if what else "增加值占地区生产总值比重"
        for name, part, value in zip(_NAMES, "abc", values, strict=True):
            yield f"{name}{of}", Figure(value, "%", f"{match[part]}%", Span(*match.span(part))), Span(*match.span())
