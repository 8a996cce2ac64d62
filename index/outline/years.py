"""Which years a document reviews and which it plans, from its title, its headings and its sentences."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from index.outline.headings import PLAN_WORDS, RESULT_WORDS, Heading
from index.outline.titles import HEAD
from index.rules import At, Rule
from index.text.folding import fold
from index.types import Kind, Period
from index.words.fragments import HAN, TITLE, YEAR, any_word
from index.words.periods import arabic_years, plan_named_in

_TITLE_YEAR = Rule(
    "outline.years.title_year",
    rf"(?<!\d)(?P<y>{YEAR})(?=[_\-—–\s]|{HAN}|$)",
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
    rf"关于(?P<y>{YEAR})年|(?P<y2>{YEAR})年度?工作(?!{any_word('work_ahead')})",
    takes=("⟦关于2024年⟧工作的回顾", "清柏街道⟦2021年工作⟧总结"),
    leaves=("2021年3月工作简报", "2022年工作计划"),
)


_IS_A_DAY = Rule(
    "outline.years.is_a_day",
    rf"{YEAR}年\d{{1,2}}月\d{{1,2}}日",
    takes=("⟦2022年3月8日⟧)",),
    leaves=("2022年统计公报",),
    at=At.START,
)
_CENSUS_DAY = Rule(
    "outline.years.census_day",
    rf"(?P<y>{YEAR})年\d{{1,2}}月\d{{1,2}}日[零0]时",
    takes=("将⟦2020年11月1日零时⟧的常住人口公布如下",),
    leaves=("2020年11月1日起施行",),
)
MONTHS_SO_FAR = Rule(
    "outline.years.months_so_far",
    r"[1一]月?[-—至到](?P<last>\d{1,2})月|(?P<quarters>前三季度|[1一]季度)",
    takes=("2024年⟦1-9月⟧运行情况", "2024年⟦前三季度⟧", "2024年⟦一季度⟧"),
    leaves=("第1期", "四季度"),
)
_PLANNED_YEAR = Rule(
    "outline.years.planned_year",
    rf"(?P<y>{YEAR})年(?:度|重点|主要)?工作{any_word('work_ahead')}",
    takes=("2021年工作总结和⟦2022年工作计划⟧",),
    leaves=("2021年工作总结",),
)
_DONE = Rule(
    "outline.years.done",
    r"执行|完成|决算",
    takes=("2021年预算⟦执行⟧情况", "2021年财政⟦决算⟧草案"),
    leaves=("2022年预算草案",),
)
_Years = tuple[Period | None, Period | None]


@dataclass(frozen=True, slots=True)
class _Dated:
    """What the years of a document are read from; all words folded."""

    text: str
    headings: tuple[Heading, ...]
    kind: Kind
    given: dt.date | None
    title: str
    titled: list[int]
    """The years that the title names, days left out."""

    @property
    def around(self) -> int | None:
        return self.given.year if self.given else self.titled[0] if self.titled else None


def years_of(text: str, headings: tuple[Heading, ...], kind: Kind, given: dt.date | None, title: str) -> _Years:
    """What the document reviews and what it plans, from its title and headings first and its sentences second."""
    if kind is Kind.OTHER:
        return None, None
    titled = [year for year in title_years(title) if not _IS_A_DAY.search(title, title.find(str(year)))]
    dated = _Dated(text, headings, kind, given, title, titled)
    return _READERS.get(kind, _of_a_report)(dated)


def _of_half_a_year(dated: _Dated) -> _Years:
    year = dated.around or _most_told_year(dated.text)
    return (Period.half(year, 1), Period.half(year, 2)) if year else (None, None)


def _of_figures(dated: _Dated) -> _Years:
    if len(set(dated.titled)) > 1:
        # 2019—2023年主要指标公报
        return Period.years(min(dated.titled), max(dated.titled)), None
    year = _year_of_figures(dated.text, dated.titled, dated.given if dated.kind is Kind.BULLETIN else None)
    return (_part_of_year(year, dated.title) if year else None), None


def _of_an_outline(dated: _Dated) -> _Years:
    planned = plan_named_in(dated.title)
    return (Period.year(planned.first_year - 1), planned) if planned is not None else _of_a_report(dated)


def _of_a_summary(dated: _Dated) -> _Years:
    about = _REVIEWED_YEAR.search(dated.title + dated.text[:HEAD])
    ahead = _PLANNED_YEAR.search(dated.title)
    told, _ = _headed_years(dated.text, dated.headings, dated.titled)
    year = int(about["y"] or about["y2"]) if about else told[0] if told else _year_of_figures(dated.text, dated.titled)
    return (_part_of_year(year, dated.title) if year else None), (Period.year(int(ahead["y"])) if ahead else None)


def _of_a_budget_or_plan(dated: _Dated) -> _Years:
    """2018年预算执行情况和2019年预算草案 names both; of one year it depends on whether the paper lays out or accounts."""
    years = sorted(set(dated.titled))
    closed, changed = "决算" in dated.title, "调整" in dated.title
    if len(years) > 1:
        return Period.year(years[0]), Period.year(years[-1])
    if years and not closed and "上半年" in dated.title:
        return Period.half(years[0], 1), Period.half(years[0], 2)
    if not years or not (closed or not any(_headed_years(dated.text, dated.headings, years))):
        return _of_a_report(dated)
    year = years[0] if changed or _DONE.search(dated.title) else years[0] - 1
    return Period.year(year), None if changed else Period.year(year + 1)


def _of_a_report(dated: _Dated) -> _Years:
    told, planned = _headed_years(dated.text, dated.headings, dated.titled)
    if told or planned:
        review = told[0] if told else planned[0] - 1
        return Period.year(review), Period.year(planned[0] if planned else review + 1)
    year = _year_of_plans(dated.text, dated.around)
    return (Period.year(year - 1), Period.year(year)) if year else (None, None)


_READERS: Mapping[Kind, Callable[[_Dated], _Years]] = {
    Kind.HALF_YEAR: _of_half_a_year,
    Kind.BULLETIN: _of_figures,
    Kind.NEWS: _of_figures,
    Kind.OUTLINE: _of_an_outline,
    Kind.SUMMARY: _of_a_summary,
    Kind.QUARTER: _of_a_summary,
    Kind.BUDGET: _of_a_budget_or_plan,
    Kind.PLAN: _of_a_budget_or_plan,
}
"""How each kind is dated; work reports as :func:`_of_a_report`."""


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
    if around is not None and ("年" not in text or _tells_of(text, around - 2, around)):
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
    rf"(?<![比较到与])(?P<y>{YEAR})年",
    takes=("⟦2022年⟧,全县实现",),
    leaves=("比2015年增长", "到2025年达到"),
    why="A year that is compared with or reached is not the one that is told.",
)


def _year_of_figures(text: str, titled: list[int], given: dt.date | None = None) -> int | None:
    """The year of a paper's figures.

    That of its title, if its text speaks of it; that of a census's day; the year before the day that it bears; else the
    year that it speaks of most.
    """
    named = next((year for year in titled if _tells_of(text, year, year)), None)
    if named is not None:
        return named
    if (census := _CENSUS_DAY.search(text)) is not None:
        return int(census["y"])
    if given is not None and _tells_of(text, given.year - 1, given.year):
        return given.year - 1
    return _most_told_year(text) or next(iter(titled), None)


def _part_of_year(year: int, title: str) -> Period:
    """The year, or the months of it that a title names: 上半年, 一季度, 1-9月."""
    if "上半年" in title:
        return Period.half(year, 1)
    months = MONTHS_SO_FAR.search(title)
    if months is None:
        return Period.year(year)
    last = 9 if months["quarters"] == "前三季度" else 3 if months["quarters"] else int(months["last"])
    return Period.months(year, 1, last) if 1 <= last < 12 else Period.year(year)


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


def guesses_of(
    title: str, file_name: str, given: dt.date | None, review: Period | None, region: str | None, *, guessed: bool
) -> tuple[str, ...]:
    """What was guessed: a place or year that neither title, file name nor byline tells. ``guessed``: whether the place was."""
    found = []
    if guessed:
        found.append(f"no title, file name or byline names the place: the text speaks most of {region}")
    named = {*title_years(title), *title_years(arabic_years(fold(file_name)))}
    if review is not None and given is None and not named:
        found.append(f"no title, file name or byline names the year: the text tells most of {review}")
    return tuple(found)
