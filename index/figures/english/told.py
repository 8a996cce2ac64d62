"""What is told of one amount of an English sentence: its name, what sort of figure it is, and of when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.figures.english.phrases import AGES, ARE, CHANGES, FALLS, RISES, WILL, YEAR
from index.figures.english.shares import aim_in
from index.figures.when import Setting
from index.types import Measure, Period, Span, Status
from index.words.english import Amount, Word
from index.words.lexicon import load_indicators
from index.words.numbers import Figure
from index.words.periods import TimeMention


@dataclass(frozen=True, slots=True)
class Told:
    """One figure of an English sentence; ``span`` is of the clause that tells it."""

    name: str
    core: str
    """The part of the name that may be an indicator of the lexicon."""
    measure: Measure
    figure: Figure
    sign: int
    approx: str
    base: str
    period: Period | None
    status: Status
    span: Span


@dataclass(frozen=True, slots=True)
class Clause:
    """The words of a clause, and what was told last before it."""

    words: Sequence[Word]
    start: int
    end: int
    times: Sequence[TimeMention]


@dataclass(frozen=True, slots=True)
class Reading:
    """What an amount is of."""

    name: str
    measure: Measure
    sign: int = 1
    base: str = ""
    core: str = ""
    """The part of the name that may be an indicator of the lexicon, where it is not all of it."""
    sure: bool = False
    """Whether the words before the name say that it is what was measured: 12 million tons of paper."""
    unit: str = ""
    """The unit that the name tells, where the words behind the amount do not: 76.7 years of life expectancy."""
    comes_to: bool = False
    """Whether it is where a change ended: has grown to 25,000 kilometers."""


def says_what(reading: Reading) -> bool:
    """Whether a name could be asked for: one word alone can only where it is an indicator's."""
    return reading.sure or " " in reading.name or load_indicators().named_in_english(reading.name) is not None


def level_of_counted(name: str, verb: str, behind: str) -> Reading:
    """Schemes now cover 900 million people; life expectancy reached 76.7 years."""
    if behind.startswith("years"):
        return Reading(name if AGES & set(name.split()) else "", Measure.LEVEL, unit="岁")
    if verb.startswith("cover"):
        return Reading(f"{behind} covered by {name}" if behind else "", Measure.LEVEL)
    return Reading(f"{name} {behind}" if behind and verb not in ARE else name, Measure.LEVEL)


def level_of_rate(name: str, unit: str, behind: str) -> Reading:
    """Spending accounted for 4% of GDP; the growth rate was 6.9 percent."""
    if behind.startswith("of ") and unit == "%":
        return Reading(f"{name} as a share {behind}", Measure.SHARE)
    thing, sign = aim_in(name, RISES, FALLS)
    if thing and unit == "%":
        return Reading(thing, Measure.GROWTH, sign)
    grew = (name.rsplit(maxsplit=1)[-1] in CHANGES or name.endswith("growth rate")) and "contribution" not in name
    return Reading(name, Measure.GROWTH if grew and unit == "%" else Measure.LEVEL)


def when_told(clause: Clause, amount: Amount, setting: Setting) -> tuple[Period | None, Status]:
    own = [t for t in clause.times if not t.base]
    at = amount.figure.span.start
    words = clause.words
    start = words[clause.start].span.start
    here = [t for t in own if start <= t.span.start < words[clause.end - 1].span.end]
    before = [t for t in here if t.span.start < at]
    time = before[-1] if before else here[0] if here else None
    period = time.period if time is not None else setting.period
    closes = setting.closes
    over = period is not None and closes is not None and period.last <= closes
    plans = any(w.bare in WILL for w in words[clause.start : amount.first])
    begun = period is not None and closes is not None and period.length > YEAR and period.first <= closes
    if time is not None and (over or begun) and not plans:
        return period, Status.ACTUAL
    if plans and (time is None or over) and (setting.status is Status.ACTUAL or over):
        # What will be done is of the year in which it is said.
        return Period.year(setting.clock.this_year), Status.TARGET
    if setting.status is Status.TARGET or (period is not None and closes is not None and period.last > closes):
        return period, Status.TARGET
    return period, setting.status
