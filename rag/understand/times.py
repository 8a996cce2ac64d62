"""The times that a question asks for, compares with, or names a report by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index.rules import Rule
from index.types import Period, Span
from index.words.periods import NAMED_PLAN, Clock, TimeMention, find_times, plan_by_number, plan_named_in
from rag.types import Query, Question
from rag.understand.words import load_asking

_REPORT = Rule(
    "understand.times.report",
    r"(?:按照?|根?据|依据|依照)?(?P<y>(?:19|20)\d{2})年?(?:[^,。?!\d]{0,14}?(?:政府)?工作报告|的?报告)》?(?:中|里面?|上)?"
    r"(?:的说法|说|指出|分析|承认|提到|提出|列举了?|显示|披露|公布的?|给出的?|写的?)?"
    r"|(?P<e>(?:19|20)\d{2}) (?:national |provincial |state council |municipal )?(?:government )?(?:work )?report",
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
    rf"(?P<end>\b(?:by|at|in|as of) the end of )?\b(?:the )?(?:(?P<word>{'|'.join(_ORDINALS)})|(?P<n>\d{{1,2}})(?:st|nd|rd|th)) five[- ]year plan(?: period)?",
)
_ENGLISH_TIMES: tuple[tuple[Rule, str], ...] = (
    (Rule("understand.times.english_times_1", r"\b(?:the )?first half (?:of )?((?:19|20)\d{2})\b|\bh1[ -]?((?:19|20)\d{2})\b|\b((?:19|20)\d{2})[ -]?h1\b"), "h1"),
    (Rule("understand.times.english_times_2", r"\b(?:the )?second half (?:of )?((?:19|20)\d{2})\b|\bh2[ -]?((?:19|20)\d{2})\b|\b((?:19|20)\d{2})[ -]?h2\b"), "h2"),
    (Rule("understand.times.english_times_3", r"\bq([1-4])[ -]((?:19|20)\d{2})\b"), "q"),
    (Rule("understand.times.english_times_4", r"\b((?:19|20)\d{2})(?: ?[-–~] ?| to | through )((?:19|20)\d{2})\b"), "span"),
    (Rule("understand.times.english_times_5", r"\bthis year\b"), "this"),
    (Rule("understand.times.english_times_6", r"\blast year\b|\bthe previous year\b"), "last"),
    (Rule("understand.times.english_times_7", r"(?<![\d.])((?:19|20)\d{2})(?![\d.%]|年|亿|万|个|家|元|户|件)"), "year"),
)  # fmt: skip
_ENGLISH_BASE = Rule(
    "understand.times.english_base",
    r"(?:over|than|from|on|against|versus|compared (?:with|to)) (?:that of )?(?:the )?(?:previous|last|prior|preceding) year|(?:from )?a year earlier",
)
"""What growth is measured against in any case."""
_BARE_PART = Rule(
    "understand.times.bare_part", r"上半年|下半年|前三季度|前三个季度|第?[一二三四]季度|\bfirst half\b|\bsecond half\b"
)
_NOW_IN_BRACKETS = Rule("understand.times.now_in_brackets", r"今年[^,。?()]{0,4}[(](?P<y>(?:19|20)\d{2})年?[)]")
_BASE_LEAD = Rule("understand.times.base_lead", r"(?:比|较|与|同|相比于?|相较于?|对比)$")
_BASE_TAIL = Rule(
    "understand.times.base_tail",
    r"(?:年|底|末|同期|相比)*[多少高低大小][收产出卖赚花用投]?(?=多少|了|几)|(?:年|底|末|同期|相比)*(?:增加|减少)(?=了?多少|了?几)|(?:底|末|同期|相比)+",
)
_TOGETHER = Rule("understand.times.together", r"年?(?:这)?两年(?:间|来|里|内|合计|累计|共)")
YEAR_EARLIER = Rule("understand.times.year_earlier", r"去年|上年|上一年|前一年")


def reports_named(text: str) -> tuple[tuple[int, ...], list[Span], list[Span]]:
    """Years that name a report ("2021年嘉定区政府工作报告里…"): the figure in it may be of the year before.

    With the spans of the years, and of all words that name the report and say nothing of what is asked.
    """
    years, spans, frames = [], [], []
    for match in _REPORT.finditer(text):
        group = "y" if match["y"] else "e"
        years.append(int(match[group]))
        spans.append(Span(match.start(group), match.end(group)))
        frames.append(Span(*match.span()))
    return tuple(dict.fromkeys(years)), spans, frames


_TIMES_ASKED_1 = Rule("understand.times.times_asked_1", r"(?<!\d)((?:19|20)\d{2})(?=年|\D|$)")


def times_asked(text: str, question: Question, before: Query | None, reports: list[Span]) -> list[TimeMention]:
    today = question.asked_on
    said = _NOW_IN_BRACKETS.search(text)
    if said is not None:
        # 今年上半年(2024年): the asker says which year 今年 is.
        today = today.replace(year=int(said["y"]), month=1, day=1)
        reports = [*reports, Span(said.start("y") - 1, said.end())]
    told = before.time.periods[-1].last_year if before is not None and before.time.periods else today.year
    named = _TIMES_ASKED_1.findall(blank(text, reports))
    if named:
        told = int(named[0])
    elif reports and said is None:
        # 2013年的报告为什么认为当年…: who asks after a report speaks from its year.
        told = int(reports[0].of(text))
        today = today.replace(year=told, month=1, day=1)
    # "和2020年相比" asks for both years; "比2019年多" only says what a growth is measured against.
    found = [t for t in find_times(text, Clock(today.year, told)) if not t.base or _compared(text, t)]
    taken = [t.span for t in found]
    for match in NAMED_PLAN.finditer(text):
        # In a question a plan by its number is the time that is asked, whatever stands behind it.
        span, plan = Span(*match.span()), plan_named_in(match[0])
        # Why a plan is as it is, is told wherever a report speaks of it.
        asks_why = bool(reports) and load_asking().says("explain", text) is not None
        if plan is not None and not asks_why and not any(span.start < t.end and t.start < span.end for t in taken):
            taken.append(span)
            found.append(TimeMention(plan, span, match[0]))
    for match in _FIVE_YEAR_PLAN.finditer(text):
        number = _ORDINALS.index(match["word"]) + 1 if match["word"] else int(match["n"])
        plan = plan_by_number(number)
        if plan is not None:
            taken.append(Span(*match.span()))
            found.append(TimeMention(Period.year(plan.last_year) if match["end"] else plan, taken[-1], match[0]))
    plain = _ENGLISH_BASE.sub(lambda m: " " * len(m[0]), text)
    for pattern, form in _ENGLISH_TIMES:
        for match in pattern.finditer(plain):
            span = Span(*match.span())
            if any(span.start < t.end and t.start < span.end for t in taken):
                continue
            period = _english_period(form, [g for g in match.groups() if g], today.year)
            if period is not None:
                taken.append(span)
                found.append(TimeMention(period, span, match[0]))
    found = [t for t in found if not any(t.span.start < r.end and r.start < t.span.end for r in reports)]
    found.sort(key=lambda t: t.span)
    return _without_echoes(found)


_ECHO = Rule(
    "understand.times.echo",
    r"(?:这|过去|近|最近)的?[一二两三四五六七八九十\d]+年(?:来|里|间)?|当年|这一年|[一二三四五六七八九十]+年(?:来|间|里)",
)


_WITHOUT_ECHOES_1 = Rule("understand.times.without_echoes_1", r"\d{4}")
_WITHOUT_ECHOES_2 = Rule("understand.times.without_echoes_2", r"\d{4}|五")


def _without_echoes(times: list[TimeMention]) -> list[TimeMention]:
    """Without words that only say again which time is meant: 2013到2017年这五年, 2024年…当年产值."""
    # 按“六五”计划，1985年…: the plan says what is meant for that year.
    years = [t.period for t in times if t.period.is_year and _WITHOUT_ECHOES_1.search(t.words)]
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
    named = [t for t in times if _WITHOUT_ECHOES_2.search(t.words) and not _ECHO.fullmatch(t.words)]
    return [t for t in times if not (named and _ECHO.fullmatch(t.words))]


def bases_of(text: str, question: Question, times: list[TimeMention]) -> list[TimeMention]:
    """The periods that the asked one is compared with, 比 included: 2019 in 2020年比2019年多多少."""
    told = times[0].period.last_year if times else question.asked_on.year
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
    if form in ("h1", "h2"):
        return Period.half(int(groups[0]), int(form[1]))
    if form == "q":
        return Period.quarter(int(groups[1]), int(groups[0]))
    if form == "span":
        first, last = int(groups[0]), int(groups[1])
        return Period.years(first, last) if first <= last else None
    if form in ("this", "last"):
        return Period.year(today if form == "this" else today - 1)
    return Period.year(int(groups[0]))


def as_span(text: str, times: list[TimeMention]) -> list[TimeMention]:
    """1977、1978两年间: two years that are asked for together are one period."""
    for one, other in pairwise(times):
        both = one.period.is_year and other.period.is_year and other.period.last_year == one.period.last_year + 1
        together = _TOGETHER.match(text, other.span.end)
        if both and together is not None:
            span = Span(one.span.start, together.end())
            period = Period.years(one.period.last_year, other.period.last_year)
            return [*(t for t in times if t not in (one, other)), TimeMention(period, span, span.of(text))]
    return times


_JOINED_1 = Rule("understand.times.joined_1", r"全年|年底")


def joined(times: list[TimeMention]) -> list[TimeMention]:
    """2020年嘉定上半年: a year and a part of that year named apart are one period."""
    years = [t for t in times if t.period.is_year]
    parts = [t for t in times if not t.period.is_year and _BARE_PART.fullmatch(t.words)]
    absorbed = {
        y.span
        for y in years
        if any(p.span.start >= y.span.end and p.period.within(y.period) for p in parts)
        and not _JOINED_1.search("".join(t.words for t in times))
    }
    # 2019年、2020年上半年、2020年全年: a whole year that is asked for by name stays.
    plain = [y for y in years if y.span in absorbed]
    if len(years) > 1 and any(t.words.endswith("全年") for t in times):
        plain = []
    return [t for t in times if t not in plain]


def blank(text: str, spans: Sequence[Span]) -> str:
    """The text with spans blanked, place for place."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text
