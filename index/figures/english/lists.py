"""Amounts that stand together in English sentences: lists told respectively, and changes from one amount to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.figures.english.phrases import HEDGES, name_of, without_end
from index.types import Period
from index.words.english import Amount, Word
from index.words.lexicon import load_units

_YEAR = 12


def names_of(words: Sequence[Word], count: int) -> list[str]:
    """The names of a list of so many things: A, B and C; [] where the words cannot be parted into as many.

    What stands before the first (minimum prices of early rice, late rice and wheat) is said of all of them.
    """
    for parted in (_at_every_and(words), _at_the_last_and(words)):
        names = [name for part in parted if (name := name_of([replace(w, mark="") for w in part]))]
        if len(names) == count:
            head, of, _ = names[0].rpartition(" of ")
            own = [n for n in names[1:] if " " not in n or " of " in n]
            return names if not of or own else [names[0], *(f"{head} of {n}" for n in names[1:])]
    return []


def _at_every_and(words: Sequence[Word]) -> list[list[Word]]:
    parts: list[list[Word]] = [[]]
    for word in words:
        if word.bare == "and":
            parts.append([])
            continue
        parts[-1].append(word)
        if word.mark == ",":
            parts.append([])
    return parts


def _at_the_last_and(words: Sequence[Word]) -> list[list[Word]]:
    """Parted at commas, and the last part at its last "and": urban and rural incomes and prices."""
    parts: list[list[Word]] = [[]]
    for word in words:
        parts[-1].append(word)
        if word.mark == ",":
            parts.append([])
    last = parts.pop()
    at = next((n for n in range(len(last) - 1, 0, -1) if last[n].bare == "and"), None)
    return [*parts, last] if at is None else [*parts, last[:at], last[at + 1 :]]


def leads_to_next(left: Sequence[Word], between: Sequence[Word]) -> bool:
    """Whether an amount is what something rose or fell from to the next one: from 45.3 to 51.6 percent."""
    joint = [w.bare for w in between if w.bare not in HEDGES]
    return bool(left) and left[-1].bare == "from" and joint == ["to"]


def in_unit_of(amount: Amount, other: Amount) -> Amount:
    """An amount without a unit of its own in that of the amount that it is told with: from 54 trillion to 83 trillion yuan."""
    if not amount.counted or other.counted:
        return amount
    steps = sorted(load_units().multipliers, key=len, reverse=True)
    step = next((s for s in steps if amount.figure.unit.startswith(s)), "")
    plain = next(
        (other.figure.unit.removeprefix(s) for s in steps if other.figure.unit.startswith(s)), other.figure.unit
    )
    return replace(amount, figure=replace(amount.figure, unit=step + plain), counted=False)


def priced_as_last(amount: Amount, last: Amount) -> Amount:
    """An amount of a list whose last one alone says what it is per: by 0.06 yuan and 0.1 yuan per kilogram."""
    per = last.figure.unit.startswith(f"{amount.figure.unit}/")
    return replace(amount, figure=replace(amount.figure, unit=last.figure.unit)) if per else amount


def ends_of(period: Period | None) -> tuple[Period, Period] | None:
    """The year before a span of years and its last year, at which what rose over the span stood; None for one year."""
    if period is None or period.length <= _YEAR or period.first % _YEAR or (period.last + 1) % _YEAR:
        return None
    return Period.year(period.first_year - 1), Period.year(period.last_year)


def without_hedges(words: Sequence[Word]) -> list[Word]:
    """Words before an amount without several at their end that only say how exact it is: a total of, close to."""
    left = without_end(words, HEDGES)
    for hedge in _HEDGES_OF_WORDS:
        end = left[-len(hedge) :]
        if [w.bare for w in end] == list(hedge) and not any(w.mark for w in end):
            return left[: -len(hedge)]
    return list(words)


_HEDGES_OF_WORDS = (
    ("a", "total", "of"),
    ("an", "equivalent", "of"),
    ("the", "equivalent", "of"),
    ("close", "to"),
    ("as", "much", "as"),
    ("as", "many", "as"),
    ("as", "high", "as"),
)
