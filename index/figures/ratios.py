"""Shares that are told as a proportion: 三次产业结构为8.0:42.7:49.3 states what each of the three makes up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from index.rules import At, Rule
from index.types import Span
from index.words.fragments import HAN, YEAR, any_word
from index.words.numbers import Figure

_NUMBER = r"\d{1,2}(?:\.\d+)?"
_TO = "[:∶]"
_PROPORTION = rf"{_NUMBER}{_TO}{_NUMBER}{_TO}{_NUMBER}"
_INDUSTRIES = Rule(
    "figures.ratios.industries",
    rf"(?P<lead>(?<![^,;。:\n])[^,;。:\n]{{0,12}}?){any_word('industries')}(?P<what>{HAN}{{0,12}}?)"
    rf"{any_word('proportions')}(?:比例?)?[^\d;。]{{0,12}}?(?:[由从](?:{YEAR}年的?)?{_PROPORTION}[^\d,;。]{{1,8}})?"
    rf"(?P<a>{_NUMBER}){_TO}(?P<b>{_NUMBER}){_TO}(?P<c>{_NUMBER})(?![:∶\d])",
    takes=(
        "⟦三次产业结构为8.0:42.7:49.3⟧",
        "⟦三次产业结构进一步优化,调整为8.3∶41.4∶50.3⟧",
        "⟦全县三次产业比例由2022年的9:43:48调整为8:43:49⟧",
        "⟦三次产业投资比重为0.3:73.4:26.3⟧",
        "⟦一、二、三产业比为15.2∶38.1∶46.7⟧",
    ),
    leaves=("发布于17:23:05", "三次产业结构不断优化", "农业产业结构调整为60:25:15"),
    why="Of a proportion that was changed the last is what it has become.",
)
_OF_ITS_OWN = Rule(
    "figures.ratios.of_its_own",
    rf"(?:{YEAR}年|{any_word('own_leads')})*(?:[全我本][省市区县州旗镇乡])?",
    takes=("⟦全县⟧", "⟦2023年全市⟧"),
    leaves=("全国", "开发区", "非公有制经济", "上年"),
    why="The proportion of others, or of another year, is not that of the place.",
    at=At.WHOLE,
)
_NAMES = ("第一产业", "第二产业", "第三产业")
_WHOLE = (Decimal("98.5"), Decimal("101.5"))
"""What rounded shares of one whole may add up to."""


def shares_of_industries(text: str) -> Iterator[tuple[str, Figure, Span]]:
    """Each industry's share as indicator and figure in %, with the span that tells it, in a cleaned sentence."""
    for match in _INDUSTRIES.finditer(text):
        values = [Decimal(match[name]) for name in "abc"]
        if _OF_ITS_OWN.fullmatch(match["lead"]) is None or not _WHOLE[0] <= sum(values) <= _WHOLE[1]:
            continue
        what = match["what"]
        of = f"{what}比重" if what else "增加值占地区生产总值比重"
        for name, part, value in zip(_NAMES, "abc", values, strict=True):
            yield f"{name}{of}", Figure(value, "%", f"{match[part]}%", Span(*match.span(part))), Span(*match.span())
