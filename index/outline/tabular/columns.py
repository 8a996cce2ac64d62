"""What the head of a table's column says of the figures below it: of what, whose, when, in which unit, done or planned."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from index.rules import Rule
from index.types import Measure, Period, Status
from index.words.lexicon import load_units, load_wording
from index.words.naming import normalised
from index.words.periods import Clock, TimeMention, find_times

_BRACKET = Rule(
    "outline.columns.bracket",
    r"\(([^()]*)\)",
    takes=("同比增长⟦(%)⟧", "固定资产投资⟦(不含农户)⟧"),
    leaves=("同比增长%",),
)
_UNIT = Rule(
    "outline.columns.unit",
    r"(?:计量|金额)?单位[:为]\s*(?P<unit>[^\s()|,;]+)",
    takes=("⟦单位:万元⟧", "(⟦金额单位:亿元、%⟧)"),
    leaves=("单位产品能耗", "计量单位"),
)
_BARE_YEAR = Rule(
    "outline.columns.bare_year",
    r"(?:19|20)\d{2}(?!\d|年)",
    takes=("⟦2023⟧",),
    leaves=("2023年", "120235"),
    why="A head may tell a year without the word for it.",
)
_COMPARED = Rule(
    "outline.columns.compared",
    r"比(?![重例值率较])|(?<!比)较",
    takes=("预算数⟦比⟧上年执行数增长", "⟦较⟧上年增长"),
    leaves=("比重", "比较"),
)


@dataclass(frozen=True, slots=True)
class Column:
    """A column by its head; "" and None are what the head does not say."""

    title: str
    noun: str = ""
    """What is measured, where the rows tell of whom: 产量, 地区生产总值."""
    place: str = ""
    period: Period | None = None
    status: Status | None = None
    measure: Measure = Measure.LEVEL
    unit: str = ""
    base: str = ""
    """What growth is compared with, where that is no result of the year before: 比上年预算数."""
    ratio: str = ""
    """What a rate is reached of: 完成预算."""


def says(words: str, *lists: str) -> bool:
    """Whether words hold one of the named lists."""
    return load_wording().pattern(*lists).search(words) is not None


def is_unit(words: str) -> bool:
    """Whether words are a unit of measure, alone or for each of something (元/吨)."""
    if not words:
        return False
    first = words.split("/", maxsplit=1)[0]
    return normalised(Decimal(1), first)[1] in _dimensions()


def _dimensions() -> frozenset[str]:
    return frozenset(unit.dimension for unit in load_units().symbols.values())


def unit_told(words: str) -> str:
    """The unit that a caption gives to a table (单位:万元); of several (亿元、%) that of the levels, "" where it is open."""
    match = _UNIT.search(words)
    if match is not None:
        parts = [part for part in match["unit"].replace("/%", "、%").split("、") if is_unit(part)]
        levels = [part for part in parts if part != "%"]
        return levels[0] if len(levels) == 1 else parts[0] if len(parts) == 1 else ""
    return next((m[1] for m in _BRACKET.finditer(words) if is_unit(m[1])), "")


def times_told(words: str, clock: Clock) -> list[TimeMention]:
    """The times that a head names, a bare year among them, without those that are only compared with."""
    words = _BARE_YEAR.sub(lambda m: f"{m[0]}年", _BRACKET.sub(_unless_a_base, words))
    return [t for t in find_times(words, clock) if not t.base]


def _unless_a_base(bracket: re.Match[str]) -> str:
    """上年=100 says what an index is reckoned by, not of when it is."""
    return "" if "=" in bracket[0] else bracket[0]


def without_times(words: str, clock: Clock) -> str:
    """The words with all times taken out."""
    words = _BARE_YEAR.sub(lambda m: f"{m[0]}年", _BRACKET.sub(_unless_a_base, words))
    for time in reversed(find_times(words, clock)):
        words = words[: time.span.start] + " " + words[time.span.end :]
    return words


def column_of(title: str, clock: Clock, *, place: str = "") -> Column:
    """What one head tells. ``place`` is one that it was found to name."""
    unit, words = _unit_and_rest(title)
    told = times_told(words, clock)
    period = told[-1].period if told else None
    before, compared = _parted(words)
    noun = noun_of(without_times(before, clock).replace(place, " ") if place else without_times(before, clock))
    status = status_of(before if before else "")
    percent = unit == "%" or title.endswith("%")
    if percent and not compared and _is_ratio(words):
        aims = says(words, "table_aims")
        return Column(title, "", place, None, None, Measure.LEVEL, "%", "", "完成预算" if aims else "为上年")
    if says(words, "table_changes") and not percent:
        return Column(title, noun, place, period, status, Measure.CHANGE, unit)
    if compared:
        aimed = says(words[len(before) :], "table_aims")
        measure = Measure.CHANGE if unit and unit not in ("%", "‰") else Measure.GROWTH
        return Column(title, noun, place, period, status, measure, unit or "%", "比上年预算数" if aimed else "")
    if says(words, "table_shares"):
        return Column(title, noun, place, period, status, Measure.SHARE, unit or "%")
    return Column(title, noun, place, period, status, Measure.LEVEL, unit or ("%" if percent else ""))


def _unit_and_rest(title: str) -> tuple[str, str]:
    """The unit that a head ends in or has in brackets, and its other words."""
    for match in _BRACKET.finditer(title):
        if is_unit(match[1]):
            return match[1], title[: match.start()] + title[match.end() :]
    words = title.replace("±", "增减").strip()
    if words.endswith("%"):
        return "%", words[:-1]
    return "", words


def _parted(words: str) -> tuple[str, bool]:
    """What stands before the words of a comparison, and whether there are any: 预算数比上年执行数增长 → 预算数."""
    rate = load_wording().pattern("table_rates").search(words)
    if rate is None or "自然增长" in words:
        return words, False
    against = _COMPARED.search(words)
    return words[: min(rate.start(), against.start()) if against is not None else rate.start()], True


def _is_ratio(words: str) -> bool:
    """Whether a rate tells how much of an aim, or of the year before, was reached: 占预算, 为上年决算数的."""
    return says(words, "table_reached") and (says(words, "table_aims") or "上年" in words or "年决算" in words)


def status_of(words: str) -> Status | None:
    """Whether words name what was done, reckoned or planned: 预算执行数 was done."""
    if "预计" in words:
        return Status.ESTIMATE
    if says(words, "table_results"):
        return Status.ACTUAL
    return Status.TARGET if says(words, "table_aims") else None


def noun_of(words: str) -> str:
    """What is measured, by a head without its times: nothing where it only says that there are figures (绝对数, 预算数)."""
    plain, alone = load_wording().pattern("table_plain"), load_wording().pattern("table_plain", "table_totals")
    noun = ""
    for part in words.split():
        rest, last = part.strip(",:、的"), ""
        while rest and rest != last:
            last = rest
            if alone.fullmatch(rest):
                rest = ""
            cuts = [m for m in plain.finditer(rest) if m.start() == 0 or m.end() == len(rest)]
            rest = (rest[: cuts[0].start()] + rest[cuts[0].end() :]).strip(",:、的") if cuts else rest
        noun += rest
    return noun
