"""The times that a question asks for, compares with, or names a report by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.rules import At, Rule
from index.types import Period, Span
from index.words.periods import NAMED_PLAN, Clock, TimeMention, find_times, plan_by_number, plan_named_in
from rag.types import Query
from rag.understand.asked import blank, blanked
from rag.understand.words import YEAR, either, load_asking

_REPORT = Rule(
    "understand.times.report",
    rf"(?:{either('by_report')})?(?P<y>{YEAR})年?(?:\d+[月日])*(?:[^,。?!\d]{{0,14}}?(?:政府)?工作报告|的?(?:政府)?报告)》?(?:中|里面?|上)?(?:{either('report_says')})?"
    rf"|(?P<e>{YEAR}) (?:(?:{either('of_government')}) )*report",
    takes=("⟦2021年政府工作报告⟧", "⟦2021年1月的政府报告⟧"),
    leaves=("2021年粮食产量", "2021年1月的粮食产量"),
)
_ORDINALS = [
    "first",
    "second",
    "third",
    "fourth",
    "fifth",
    "sixth",
    "seventh",
    "eighth",
    "ninth",
    "tenth",
    "eleventh",
    "twelfth",
    "thirteenth",
    "fourteenth",
    "fifteenth",
    "sixteenth",
]
_FIVE_YEAR_PLAN = Rule(
    "understand.times.five_year_plan",
    rf"(?P<end>\b(?:by|at|in|as of) the end of )?\b(?:the )?(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<n>\d{{1,2}})[a-z]{{2}}) five[- ]year plan(?: period)?",
    takes=("⟦the 14th five-year plan period⟧",),
    leaves=("the annual plan",),
)
_COUNTED_YEARS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "ten": 10}
_ENGLISH_TIMES: tuple[tuple[Rule, str], ...] = (
    (Rule("understand.times.english_years_to", rf"\b({'|'.join(_COUNTED_YEARS)}) years (?:up )?(?:to|ending(?: in)?) ({YEAR})", takes=("over the ⟦five years to 2017⟧", "in the ⟦five years up to 2012⟧"), leaves=("five years from 2017",),), "to"),
    (Rule("understand.times.english_half", rf"\b(?:the )?(?P<half>first|second) half (?:of )?(?P<y>{YEAR})\b|\bh(?P<n>[12])[ -]?(?P<y2>{YEAR})\b|\b(?P<y3>{YEAR})[ -]?h(?P<n2>[12])\b", takes=("in ⟦the first half of 2024⟧", "in ⟦2024 h2⟧"), leaves=("in 2024",),), "half"),
    (Rule("understand.times.english_quarter", rf"\bq([1-4])[ -]({YEAR})\b", takes=("in ⟦q3 2024⟧",), leaves=("in 2024",),), "q"),
    (Rule("understand.times.english_span", rf"\b({YEAR})(?: ?[-–~] ?| to | through )({YEAR})\b", takes=("in ⟦2016-2020⟧",), leaves=("in 2020",),), "span"),
    (Rule("understand.times.english_this_year", r"\bthis year\b", takes=("growth ⟦this year⟧",), leaves=("growth in 2024",),), "this"),
    (Rule("understand.times.english_last_year", r"\blast year\b|\bthe previous year\b", takes=("growth ⟦last year⟧",), leaves=("growth this year",),), "last"),
    (Rule("understand.times.english_year", rf"(?<![\d.])({YEAR})(?![\d.%年亿万个家元户件])", takes=("in ⟦2022⟧ and",), leaves=("2022万户",), why="A number with a unit behind it is no year.",), "year"),
)  # fmt: skip
_ENGLISH_BASE = Rule(
    "understand.times.english_base",
    rf"(?:{either('than_english')}) (?:that of )?(?:the )?(?:{either('earlier_english')}) year|(?:from )?a year earlier",
    takes=("change ⟦from a year earlier⟧",),
    leaves=("change in the year 2023",),
)
"""What growth is measured against in any case."""
_BARE_PART = Rule(
    "understand.times.bare_part",
    r"[上下]半年|前三个?季度|第?[一二三四]季度|(?:first|second) half",
    takes=("⟦上半年⟧",),
    leaves=("半年",),
    at=At.WHOLE,
)
_NOW_IN_BRACKETS = Rule(
    "understand.times.now_in_brackets",
    rf"今年[^,。?()]{{0,4}}[(](?P<y>{YEAR})年?[)]",
    takes=("⟦今年上半年(2024年)⟧卖了多少",),
    leaves=("今年上半年卖了多少",),
)
_BASE_LEAD = Rule(
    "understand.times.base_lead",
    r"(?:比|较|与|同|相比于?|相较于?|对比)$",
    takes=("人均收入⟦比⟧",),
    leaves=("比重",),
)
_BASE_TAIL = Rule(
    "understand.times.base_tail",
    r"(?:[年底末]|同期|相比)*(?:[多少高低大小][收产出卖赚花用投]?(?=了|多少|几)|(?:增加|减少)(?=了?(?:多少|几)))|(?:[底末]|同期|相比)+",
    takes=("⟦同期⟧上升了多少",),
    leaves=("份完成多少",),
    at=At.START,
)
_TOGETHER = Rule(
    "understand.times.together",
    r"年?(?:这)?两年(?:间|来|里|内|合计|累计|共)",
    takes=("⟦两年间⟧增长多少",),
    leaves=("年增长多少",),
    at=At.START,
)
_YEAR_EARLIER = Rule(
    "understand.times.year_earlier",
    r"去年|上年|上一年|前一年",
    takes=("⟦上年⟧",),
    leaves=("2022年",),
    at=At.WHOLE,
)
_AIMED = Rule(
    "understand.times.aimed",
    rf"的?[^,、和与及\d]{{0,6}}(?:{either('aims')}|(?<![重主需必])要(?![求素闻点]))",
    takes=("⟦的目标⟧人口",),
    leaves=("的常住人口",),
    at=At.START,
)
_SEVERAL_REPORTS = Rule(
    "understand.times.several_reports",
    rf"(?:{YEAR}年[、和与及,]?){{2,}}的?[^,。?]{{0,10}}报告",
    takes=("⟦2001年和2005年的政府工作报告⟧",),
    leaves=("2001年政府工作报告",),
)
_FULL_YEAR = Rule(
    "understand.times.full_year",
    rf"(?<!\d)({YEAR})(?!\d)",
    takes=("⟦2022⟧年末",),
    leaves=("22年末",),
)


@dataclass(frozen=True, slots=True)
class When:
    """The times of a question.

    ``bases`` are those that it is compared with, ``report_years`` years that name the report and not the figure;
    ``taken`` are the words that say nothing of what is asked for.
    """

    times: tuple[TimeMention, ...]
    bases: tuple[TimeMention, ...]
    report_years: tuple[int, ...]
    taken: tuple[Span, ...]


def when_asked(text: str, this_year: int, before: Query | None) -> When:
    """The times of a question that is asked in a year, after another question if there is one before it."""
    report_years, spans, frames = _reports_named(text)
    found = _times_asked(text, this_year, before, spans)
    times = _joined(_as_span(text, found))
    bases = _bases_of(text, this_year, times)
    one_time = len({t.period for t in times}) == 1
    return When(
        times=tuple(times),
        # 1982年、1983年分别比上年增长: the year before each of them, which growth is measured against in any case.
        bases=tuple(t for t in bases if one_time or not _YEAR_EARLIER.fullmatch(t.words)),
        report_years=report_years,
        taken=(*(t.span for t in (*found, *bases)), *frames, *_counted_behind(text, found)),
    )


def _counted_behind(text: str, times: Sequence[TimeMention]) -> Iterator[Span]:
    """How many years are listed, said once more behind the last of them: 2024、2025两年的."""
    years = [t.span.end for t in times if t.period.is_year]
    if len(years) < 2:
        return
    end = max(years)
    start = end + text.startswith(("这", "那"), end)
    if text[start : start + 1] in _SO_MANY and text.startswith("年", start + 1):
        yield Span(end, start + 2)


_SO_MANY = tuple("两二三四五六")


def aimed_of(text: str, times: Sequence[TimeMention]) -> tuple[Period, ...]:
    """Of several times those whose target is asked for."""
    return tuple(t.period for t in times if _AIMED.match(text, t.span.end)) if len(times) > 1 else ()


def _reports_named(text: str) -> tuple[tuple[int, ...], list[Span], list[Span]]:
    """Years that name a report ("2021年嘉定区政府工作报告里…"): the figure in it may be of the year before.

    With the spans of the years, and of all words that name the report and say nothing of what is asked.
    """
    matches = [(m, "y" if m["y"] else "e") for m in _REPORT.finditer(text)]
    frames = [Span(*m.span()) for m, _ in matches]
    if load_asking().says("target", text) and _SEVERAL_REPORTS.search(text):
        # 2011年和2018年的政府工作报告，哪一年定的目标更高: the years that are planned for are those of the reports.
        year = len("2018年")
        return (), [], [Span(f.start + year, f.end) for f in frames if f.end - f.start > year]
    years = tuple(dict.fromkeys(int(m[group]) for m, group in matches))
    return years, [Span(*m.span(group)) for m, group in matches], frames


def _times_asked(text: str, this_year: int, before: Query | None, reports: Sequence[Span]) -> list[TimeMention]:
    clock, reports = _clock(text, this_year, before, reports)
    # "和2020年相比" asks for both years; "比2019年多" only says what a growth is measured against.
    found = [t for t in find_times(text, clock) if not t.base or _compared(text, t)]
    # Why a plan is as it is, is told wherever a report speaks of it.
    if not (reports and load_asking().says("explain", text)):
        found += _apart(_plans(text), found)
    found += _plans_in_english(text)
    for reader in _ENGLISH_TIMES:
        found += _apart(_in_english(text, *reader, clock.this_year), found)
    found = [t for t in found if not any(_overlap(t.span, r) for r in reports)]
    return _without_echoes(sorted(found, key=lambda t: t.span))


def _clock(text: str, this_year: int, before: Query | None, reports: Sequence[Span]) -> tuple[Clock, tuple[Span, ...]]:
    """From when the question speaks, and the spans that name no time that is asked for."""
    said = _NOW_IN_BRACKETS.search(text)
    if said is not None:
        # 今年上半年(2024年): the asker says which year 今年 is.
        this_year = int(said["y"])
        reports = [*reports, Span(said.start("y") - 1, said.end())]
    told = before.time.periods[-1].last_year if before is not None and before.time.periods else this_year
    named = _FULL_YEAR.search(blank(text, reports))
    if named is not None:
        told = int(named[1])
    elif reports and said is None:
        # 2013年的报告为什么认为当年…: who asks after a report speaks from its year.
        told = this_year = int(reports[0].of(text))
    return Clock(this_year, told), tuple(reports)


def _apart(times: Iterator[TimeMention], found: Sequence[TimeMention]) -> list[TimeMention]:
    """The times whose words are no part of those of another."""
    return [t for t in times if not any(_overlap(t.span, o.span) for o in found)]


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end


def _plans(text: str) -> Iterator[TimeMention]:
    """In a question a plan by its number is the time that is asked, whatever stands behind it."""
    for match in NAMED_PLAN.finditer(text):
        plan = plan_named_in(match[0])
        if plan is not None:
            yield TimeMention(plan, Span(*match.span()), match[0])


def _plans_in_english(text: str) -> Iterator[TimeMention]:
    for match in _FIVE_YEAR_PLAN.finditer(text):
        plan = plan_by_number(_ORDINALS.index(match["word"]) + 1 if match["word"] else int(match["n"]))
        if plan is not None:
            period = Period.year(plan.last_year) if match["end"] else plan
            yield TimeMention(period, Span(*match.span()), match[0])


def _in_english(text: str, rule: Rule, form: str, today: int) -> Iterator[TimeMention]:
    for match in rule.finditer(_ENGLISH_BASE.sub(blanked, text)):
        period = _english_period(form, [g for g in match.groups() if g], today)
        if period is not None:
            yield TimeMention(period, Span(*match.span()), match[0])


_ECHO = Rule(
    "understand.times.echo",
    r"(?:这|过去|近|最近)的?[一二两三四五六七八九十\d]+年(?:来|里|间)?|当年|这一年|[一二三四五六七八九十]+年(?:来|间|里)",
    takes=("⟦这五年⟧",),
    leaves=("五年规划",),
    at=At.WHOLE,
)


_FOUR_DIGITS = Rule(
    "understand.times.four_digits",
    r"\d{4}",
    takes=("⟦2022⟧年末",),
    leaves=("当年",),
)
_YEAR_OR_PLAN = Rule(
    "understand.times.year_or_plan",
    r"\d{4}|五",
    takes=("⟦2022⟧年末",),
    leaves=("当年",),
)


def _without_echoes(times: list[TimeMention]) -> list[TimeMention]:
    """Without words that only say again which time is meant: 2013到2017年这五年, 2024年…当年产值."""
    # 按“六五”计划，1985年…: the plan says what is meant for that year.
    years = [t.period for t in times if t.period.is_year and _FOUR_DIGITS.search(t.words)]
    times = [
        t
        for t in times
        if not (
            "五" in t.words
            and t.period.length > 12
            and any(y.within(t.period) for y in years)
            and ("年" not in t.words or "计划" in t.words)
        )
    ]
    named = [t for t in times if _YEAR_OR_PLAN.search(t.words) and not _ECHO.fullmatch(t.words)]
    return [t for t in times if not (named and _ECHO.fullmatch(t.words))]


def _bases_of(text: str, this_year: int, times: Sequence[TimeMention]) -> list[TimeMention]:
    """The periods that the asked one is compared with, 比 included: 2019 in 2020年比2019年多多少."""
    told = times[0].period.last_year if times else this_year
    asked = {t.period for t in times}
    found = []
    for time in find_times(text, Clock(told, told)):
        if time.base and not _compared(text, time) and time.period not in asked:
            lead = _BASE_LEAD.search(text, 0, time.span.start)
            tail = _BASE_TAIL.match(text, time.span.end)
            span = Span(lead.start() if lead else time.span.start, tail.end() if tail else time.span.end)
            found.append(replace(time, span=span))
    return found


def _compared(text: str, time: TimeMention) -> bool:
    return text[: time.span.start].endswith(("和", "与", "跟", "同")) and text[time.span.end :].startswith("相比")


def _english_period(form: str, groups: list[str], today: int) -> Period | None:
    if form == "half":
        year = next(int(group) for group in groups if len(group) == 4 and group.isdigit())
        return Period.half(year, 2 if {"2", "second"} & set(groups) else 1)
    if form == "q":
        return Period.quarter(int(groups[1]), int(groups[0]))
    if form == "to":
        return Period.years(int(groups[1]) - _COUNTED_YEARS[groups[0]] + 1, int(groups[1]))
    if form == "span":
        first, last = int(groups[0]), int(groups[1])
        return Period.years(first, last) if first <= last else None
    if form in ("this", "last"):
        return Period.year(today if form == "this" else today - 1)
    return Period.year(int(groups[0]))


def _as_span(text: str, times: list[TimeMention]) -> list[TimeMention]:
    """1977、1978两年间: two years that are asked for together are one period."""
    for one, other in pairwise(times):
        both = one.period.is_year and other.period.is_year and other.period.last_year == one.period.last_year + 1
        together = _TOGETHER.match(text, other.span.end)
        if both and together is not None:
            span = Span(one.span.start, together.end())
            period = Period.years(one.period.last_year, other.period.last_year)
            return [*(t for t in times if t not in (one, other)), TimeMention(period, span, span.of(text))]
    return times


_WHOLE_YEAR = Rule(
    "understand.times.whole_year",
    r"全年|年底",
    takes=("一季度、⟦全年⟧",),
    leaves=("一季度",),
)


def _joined(times: list[TimeMention]) -> list[TimeMention]:
    """2020年嘉定上半年: a year and a part of that year named apart are one period."""
    years = [t for t in times if t.period.is_year]
    parts = [t for t in times if not t.period.is_year and _BARE_PART.fullmatch(t.words)]
    absorbed = {
        y.span
        for y in years
        if any(p.span.start >= y.span.end and p.period.within(y.period) for p in parts)
        and not _WHOLE_YEAR.search("".join(t.words for t in times))
    }
    # 2019年、2020年上半年、2020年全年: a whole year that is asked for by name stays.
    plain = [y for y in years if y.span in absorbed]
    if len(years) > 1 and any(t.words.endswith("全年") for t in times):
        plain = []
    return [t for t in times if t not in plain]
