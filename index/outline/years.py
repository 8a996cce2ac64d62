"""Which years a document reviews and which it plans, from its title, its headings and its sentences."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from index.outline.headings import PLAN_WORDS, RESULT_WORDS, Heading
from index.outline.titles import HEAD
from index.rules import Rule
from index.text.folding import fold
from index.types import Kind, Period
from index.words.fragments import HAN, TITLE, YEAR
from index.words.periods import arabic_years

_TITLE_YEAR = Rule(
    "outline.years.title_year",
    rf"(?<!\d)(?P<y>{YEAR})(?=[_\-\s]|{HAN})",
    takes=("⟦2018⟧_清柏县_政府工作报告.txt", "⟦2018⟧年政府工作报告"),
    leaves=("附件2018.txt", "编号120185号"),
)
_HEADING_YEAR = Rule(
    "outline.years.heading_year",
    rf"(?P<y>{YEAR})年",
    takes=("一、⟦2023年⟧工作回顾",),
    leaves=("2023-2025三年行动",),
)
_ENGLISH_YEAR = Rule(
    "outline.years.english_year",
    rf"\b(?:in|for) (?P<y>{YEAR})$",
    takes=("Review of Work ⟦in 2011⟧", "Major Tasks ⟦for 2012⟧"),
    leaves=("by the end of 2020, and",),
)
_PAPER_TITLE = Rule(
    "outline.years.paper_title",
    TITLE,
    takes=("关于⟦《清柏县总体规划(草案)》⟧的说明",),
    leaves=("关于总体规划的说明",),
)
_REVIEWED_YEAR = Rule(
    "outline.years.reviewed_year",
    rf"关于(?P<y>{YEAR})年|(?P<y2>{YEAR})年工作",
    takes=("⟦关于2024年⟧工作的回顾", "清柏街道⟦2021年工作⟧总结"),
    leaves=("2021年3月工作简报",),
)


_DRAFT = Rule(
    "outline.years.draft",
    r"草案|安排",
    takes=("2022年预算⟦草案⟧", "2022年预算⟦安排⟧情况"),
    leaves=("2022年预算执行情况",),
)
_DONE = Rule(
    "outline.years.done",
    r"执行|完成|决算",
    takes=("2021年预算⟦执行⟧情况", "2021年财政⟦决算⟧草案"),
    leaves=("2022年预算草案",),
)
_EXECUTED = frozenset({Kind.BUDGET, Kind.PLAN})
"""Kinds that tell how the plan of one year was carried out and lay before what the next is to bring."""


def years_of(
    text: str, headings: tuple[Heading, ...], kind: Kind, given: dt.date | None, title: str
) -> tuple[Period | None, Period | None]:
    """What the document reviews and what it plans, from its headings first and its sentences second."""
    if kind is Kind.OTHER:
        return None, None
    titled = title_years(title)
    around = given.year if given else titled[0] if titled else None
    if kind is Kind.HALF_YEAR:
        year = around or _most_told_year(text)
        return (Period.half(year, 1), Period.half(year, 2)) if year else (None, None)
    if kind is Kind.BULLETIN:
        year = _year_of_figures(text, titled)
        return (Period.year(year) if year else None), None
    if kind in _EXECUTED and len(set(titled)) > 1:
        # 2018年预算执行情况和2019年预算草案
        return Period.year(min(titled)), Period.year(max(titled))
    told, planned = _headed_years(text, headings, titled)
    if kind is Kind.SUMMARY:
        about = _REVIEWED_YEAR.search(title + text[:HEAD])
        year = int(about["y"] or about["y2"]) if about else told[0] if told else _year_of_figures(text, titled)
        return (Period.year(year) if year else None), None
    if kind in _EXECUTED and titled and not (told or planned):
        year = titled[0] - 1 if _DRAFT.search(title) and not _DONE.search(title) else titled[0]
        return Period.year(year), Period.year(year + 1)
    if told or planned:
        review = told[0] if told else planned[0] - 1
        return Period.year(review), Period.year(planned[0] if planned else review + 1)
    year = _year_of_plans(text, around)
    return (Period.year(year - 1), Period.year(year)) if year else (None, None)


def _headed_years(text: str, headings: tuple[Heading, ...], titled: list[int]) -> tuple[list[int], list[int]]:
    """The years that headings announce results of, and those that they announce plans for, in order."""
    told: list[int] = []
    planned: list[int] = []
    for words in (h.span.of(text) for h in headings if h.level <= 1):
        plain = _PAPER_TITLE.sub("", words)
        years = [int(m["y"]) for m in (*_HEADING_YEAR.finditer(plain), *_ENGLISH_YEAR.finditer(plain))]
        if not years:
            continue
        results, plans = RESULT_WORDS.search(words), PLAN_WORDS.search(words)
        if results and plans and len(set(years)) > 1:
            told.append(min(years))
            planned.append(max(years))
        elif results:
            told.append(max(years))
        elif plans:
            planned.append(max(years))
    if told or not planned:
        return told, planned
    if max(planned) in titled and max(planned) - 1 in planned:
        # 2021年主要工作 beside 2022年工作安排 in the report of 2022 is what was done.
        return [max(planned) - 1], [max(planned)]
    if len(set(planned)) == 1 and planned[0] + 1 in titled:
        return planned, []
    return told, planned


def _year_of_plans(text: str, around: int | None) -> int | None:
    """The year that a report without years in its headings plans, judged by the years that it names."""
    if around is not None and _tells_of(text, around - 2, around):
        return around
    most = _most_told_year(text)
    return most + 1 if most is not None else around


_SO_FAR = Rule(
    "outline.years.so_far",
    r"今年(?:以来|上半年|前[一-十\d]+个月|\d+[至到-]\d+月|[^,。;]{0,8}预计)|预计今年",
    takes=("⟦今年以来⟧,全县", "⟦今年1-6月⟧完成投资"),
    leaves=("今年是换届之年",),
)
_NEXT_YEAR = 3
"""Mentions of the next year from which on a report is taken to plan it."""


def title_years(title: str) -> list[int]:
    return [int(m["y"]) for m in _TITLE_YEAR.finditer(title)]


def is_late(text: str, kind: Kind, given: dt.date | None, review: Period | None, title: str) -> bool:
    """Whether an annual report without a day was given late in its title's year: it tells that year and plans the next."""
    titled = title_years(title)
    if kind is not Kind.ANNUAL or given is not None or review is None or len(titled) != 1:
        return False
    year = titled[0]
    if year not in (review.last_year, review.last_year + 1):
        return False
    named = Counter(int(m["y"]) for m in _HEADING_YEAR.finditer(text))
    ahead = text.count("明年") + named[year + 1]
    return (
        ahead >= _NEXT_YEAR
        and len(_SO_FAR.findall(text)) + named[year] >= ahead
        and named[year + 1] >= named[year - 1] // 2
    )


def _tells_of(text: str, first: int, last: int) -> bool:
    """Whether the text names any of these years at all: if not, it cannot be of them, whatever its title says."""
    return any(first <= int(m["y"]) <= last for m in _HEADING_YEAR.finditer(text))


_TOLD_YEAR = Rule(
    "outline.years.told_year",
    rf"(?<![比较到])(?P<y>{YEAR})年",
    takes=("⟦2022年⟧,全县实现",),
    leaves=("比2015年增长", "到2025年达到"),
    why="A year that is compared with or reached is not the one that is told.",
)


def _year_of_figures(text: str, titled: list[int]) -> int | None:
    """The year that a paper's title names, if its text speaks of it; else the one that it speaks of most."""
    return next((year for year in titled if _tells_of(text, year, year)), None) or _most_told_year(text)


def _most_told_year(text: str) -> int | None:
    counts = Counter(int(m["y"]) for m in _TOLD_YEAR.finditer(_PAPER_TITLE.sub("", text)))
    return max(counts, key=lambda year: (counts[year], year)) if counts else None


def contradictions_of(
    title: str, file_name: str, given: dt.date | None, review: Period | None, plan: Period | None, kind: Kind
) -> tuple[str, ...]:
    """Where title, file name or byline name a year that the text cannot be of."""
    if review is None or kind is Kind.OTHER:
        return ()
    allowed = {review.last_year, (plan or review).last_year, review.last_year + 1}
    found = []
    for label, words in (("title", title), ("file name", arabic_years(fold(file_name)))):
        years = {int(m["y"]) for m in _TITLE_YEAR.finditer(words)}
        if years and not years & allowed:
            plans = f" and plans {plan}" if plan else ""
            found.append(f"the {label} says {min(years)}, the text reviews {review}{plans}")
    if given is not None and given.year not in allowed:
        found.append(f"the byline says {given.isoformat()}, the text reviews {review}")
    return tuple(found)
