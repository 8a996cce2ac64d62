"""What a person says of a document, as the readers say it themselves: its place, and the years that it tells of."""

from __future__ import annotations

from index.types import Kind, Period
from index.words.regions import Gazetteer

_PLANS_THE_NEXT = frozenset({Kind.ANNUAL})
"""Kinds that lay out the year after the one that they tell of, whether or not a plan was read in them."""
_PLAN_YEARS = 5


def place_as_told(name: str, gazetteer: Gazetteer) -> tuple[str, str | None]:
    """The full name of a place and what it lies in: 普陀 is 普陀区 of nobody knows which city, 上海普陀 that of 上海市.

    A place that the gazetteer does not know is called as it was told.
    """
    told = name.strip()
    mentions = gazetteer.mentions(told)
    found = mentions[-1].candidates if mentions and mentions[-1].end == len(told) else ()
    if len({each.name for each in found}) != 1:
        return told, None
    return found[0].name, found[0].parent if len(found) == 1 else None


def years_as_told(
    year: int, kind: Kind, review: Period | None, plan: Period | None
) -> tuple[Period | None, Period | None]:
    """What a document of this kind reviews and plans if it tells the results of ``year``; the rest is shaped as it was read.

    A five-year plan begins with ``year``.
    """
    if kind is Kind.OUTLINE:
        return Period.year(year - 1), Period.years(year, year + _PLAN_YEARS - 1)
    if kind is Kind.HALF_YEAR:
        return Period.half(year, 1), Period.half(year, 2)
    planned = Period.year(year + 1) if plan is not None or kind in _PLANS_THE_NEXT else None
    if review is not None and review.length < Period.year(year).length:
        # The first months of a year are those of the year that is meant.
        months = 12 * (year - review.last_year)
        return Period(review.first + months, review.last + months), planned
    return Period.year(year), planned
