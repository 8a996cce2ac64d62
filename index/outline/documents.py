"""From one source to its documents: where each begins and ends, and who gave it where, when and about what.

A file may hold one report or a scraped listing of several. Everything is read from the text; a title or file name
that the text contradicts loses, and the contradiction is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from index.outline.corrections import place_as_told, years_as_told
from index.outline.headings import PLAN_WORDS, Heading, find_headings
from index.outline.kinds import kind_of
from index.outline.parts import split_source
from index.outline.places import region_of
from index.outline.titles import HEAD, SALUTATION, title_of
from index.outline.years import contradictions_of, guesses_of, is_late, title_years, years_of
from index.rules import Rule
from index.text.cleaning import View, clean
from index.text.folding import fold
from index.types import Correction, Kind, Period, Source, Span
from index.words.fragments import LAST_FIVE_YEARS, YEAR, any_word
from index.words.periods import arabic_years, plan_of
from index.words.regions import Gazetteer

_BYLINE_DATE = Rule(
    "outline.documents.byline_date",
    rf"(?P<y>{YEAR})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日",
    takes=("(⟦2021年1月9日⟧)",),
    leaves=("2021年1月上旬",),
)
_ENGLISH_DATE = Rule(
    "outline.documents.english_date",
    rf"(?P<m>{any_word('english_months')}) (?P<d>\d{{1,2}}), ?(?P<y>{YEAR})",
    flags=re.IGNORECASE,
    takes=("National People's Congress on ⟦March 5, 2012⟧",),
    leaves=("in March 2012",),
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UNTIL = ("截至", "截止", "自", "从", "到", "至")
"""Right before a date on which nothing was said."""
_FIVE_YEARS = Rule(
    "outline.documents.five_years",
    rf"{LAST_FIVE_YEARS}|[”\"]?时期",
    takes=("一、⟦过去五年⟧工作回顾", "一、“十三五⟦”时期⟧发展回顾"),
    leaves=("一、过去一年工作回顾",),
)
_PLAN_BEHIND = Rule(
    "outline.documents.plan_behind",
    r"“十[一二三四五六]?五”[^,。;]{0,8}(?:回顾|成就|成绩|总结)",
    takes=("一、⟦“十三五”发展回顾⟧",),
    leaves=("二、“十四五”主要目标",),
)
_OFFICE = r"(?:代理?)?(?:省长|市长|区长|县长|州长|盟长|旗长|自治区主席|主席|国务院总理|总理|管委会主任)"
_NAME = r"[\u4e00-\u9fff](?:[ ;·]?[\u4e00-\u9fff]){1,5}?"
_SPEAKER = (
    Rule(
        "outline.documents.speaker_behind_office",
        rf"{_OFFICE}[;:, ]*\s*(?P<name>{_NAME})[;: ]*\s*(?=各位|现在|\n|$|\(|20\d\d年)",
        takes=("⟦县长 林远山\n⟧各位代表:", "⟦代理区长 周 敏⟧(2021年1月9日)"),
        leaves=("县长林远山主持会议并讲话",),
    ),
    Rule(
        "outline.documents.speaker_before_office",
        rf"\d日[,\s]*(?P<name>{_NAME}){_OFFICE}在",
        takes=("1月1⟦5日林远山市长在⟧市人民代表大会上",),
        leaves=("1月15日市长林远山在大会上",),
    ),
)
"""区长 李谦, and 2025年1月15日龚正市长在…会议上."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as found in a source, with all that is known of it before its sections are read."""

    source: str
    """The source's whole text."""
    span: Span
    view: View
    headings: tuple[Heading, ...]
    title: str
    region: str | None
    parent: str | None
    issuer: str | None
    given: dt.date | None
    kind: Kind
    review: Period | None
    plan: Period | None
    contradictions: tuple[str, ...]
    speaker: str | None
    byline: Span | None
    late: bool = False
    """Whether it was given towards the end of the year that it reviews, whose 今年 is that year and 明年 the planned one."""

    guesses: tuple[str, ...] = ()
    """What no title, name or byline says, so that it was taken from the text as a whole."""

    title_year: int | None = None
    corrected: tuple[tuple[str, str], ...] = ()
    """What a person has put right, each with what was read."""

    @property
    def span_of_years(self) -> Period | None:
        """The years between two congresses or of a plan that the report looks back on, if its headings name them."""
        if self.review is None:
            return None
        for heading in self.headings:
            words = heading.span.of(self.view.text)
            if heading.level > 1:
                continue
            behind = _PLAN_BEHIND.search(words)
            looks_back = _FIVE_YEARS.search(words) and not PLAN_WORDS.search(words.split("回顾")[0])
            if behind is not None and (plan := plan_of(self.review.last_year)) is not None:
                return Period.years(plan.first_year, self.review.last_year)
            if looks_back:
                return Period.years(self.review.last_year - 4, self.review.last_year)
        return None


def find_documents(source: Source, gazetteer: Gazetteer) -> list[Draft]:
    """The documents of a source in order, with what was put right by hand. Text of no document (menus, footers) is left out."""
    told = {each.number: each for each in source.corrections}
    found = ((span, title) for span, title in split_source(source.text) if span.start < span.end)
    return [
        _identify(source, span, title, gazetteer, told.get(number, Correction(number)))
        for number, (span, title) in enumerate(found)
    ]


def _identify(source: Source, span: Span, listed_title: str | None, gazetteer: Gazetteer, told: Correction) -> Draft:
    raw = View.of(span.of(source.text), span.start)
    view = clean(raw)
    text = arabic_years(view.text)
    headings = tuple(h for h in find_headings(text) if not _is_of_a_table(source.text, view.source_span(h.span).start))
    head = text[:HEAD]
    title = title_of(span.of(source.text), listed_title, source.name)
    titled, named = arabic_years(fold(title)), arabic_years(fold(source.name))
    given = _given(head)
    region, parent, guessed = region_of(text, titled, source.name, gazetteer)
    kind = kind_of(head, titled, named, text)
    corrected: list[tuple[str, str]] = []
    if told.kind not in (None, kind):
        corrected.append(("kind", kind.value))
        kind = told.kind or kind
    if told.region is not None:
        place, within = place_as_told(told.region, gazetteer)
        if place != region:
            corrected.append(("region", region or ""))
        region, parent, guessed = place, within, False
    review, plan = years_of(text, headings, kind, given, titled if title_years(titled) else named)
    late = is_late(text, kind, given, review, titled)
    if late and review is not None and review.last_year < min(title_years(titled)):
        review, plan = Period.year(review.last_year + 1), Period.year(review.last_year + 2)
    if told.year is not None:
        years = years_as_told(told.year, kind, review, plan)
        if years != (review, plan):
            corrected.append(("year", str(review or plan or "")))
        review, plan = years
    # What day a file's name says is no word of the text on the years that it tells of.
    given = given or _given_in_name(named)
    speaker, byline = _speaker(head, view) if kind is not Kind.OTHER else (None, None)
    return Draft(
        source.text,
        span,
        view,
        headings,
        title,
        region,
        parent,
        _issuer(head, region, kind),
        given,
        kind,
        review,
        plan,
        contradictions_of(titled, source.name, given, review, plan, kind),
        speaker,
        byline,
        late,
        guesses_of(titled, source.name, given, review if told.year is None else None, region, guessed=guessed),
        _only(title_years(titled)) or _only(title_years(named)),
        tuple(corrected),
    )


def _is_of_a_table(text: str, at: int) -> bool:
    """Whether a place of the source lies in a table's row: | 一、税收收入 | 250 | heads nothing."""
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    line = text[start : end if end >= 0 else len(text)].strip()
    # A tab stands behind the number of a heading too: a row ends in a figure.
    figures = "\t" in line and not line.rpartition("\t")[2].strip("0123456789.,%- ")
    return line.startswith("|") or figures or "<td" in line[: at - start + 1].lower()


def _only(years: list[int]) -> int | None:
    return years[0] if len(set(years)) == 1 else None


def _given(head: str) -> dt.date | None:
    """The day of the byline, which is written out; a bare 2025-07-08 is when a page was published."""
    for match in (*_BYLINE_DATE.finditer(head), *_ENGLISH_DATE.finditer(head)):
        if head.endswith(_UNTIL, 0, match.start()):
            # （截至2021年11月30日） is no day on which anything was said.
            continue
        month = int(match["m"]) if match["m"].isdigit() else _MONTHS.index(match["m"][:3].lower()) + 1
        try:
            return dt.date(int(match["y"]), month, int(match["d"]))
        except ValueError:
            continue
    return None


def _given_in_name(file_name: str) -> dt.date | None:
    """The day that a file's name has in brackets behind the title: 政府工作报告(2021年10月17日).txt."""
    _, bracket, behind = file_name.partition("(")
    return _given(behind) if bracket and "报告" in file_name else None


_GAPS_IN_A_NAME = Rule("outline.documents.gaps_in_a_name", r"[ ;·]", takes=("林⟦ ⟧远山",), leaves=("林远山",))


def _speaker(head: str, view: View) -> tuple[str | None, Span | None]:
    """Who gave the report, and the byline that says so: from its date or its line's start to the name."""
    salutation = SALUTATION.search(head)
    opening = head[: salutation.start() + 2] if salutation else head
    for pattern in _SPEAKER:
        match = pattern.search(opening)
        if match is None:
            continue
        dates = [m.start() for m in _BYLINE_DATE.finditer(opening, 0, match.start() + 12)]
        start = max((d for d in dates if d <= match.start()), default=opening.rfind("\n", 0, match.start()) + 1)
        end = match.end("name") if pattern is _SPEAKER[0] else min(len(head), match.end() + 30)
        return _GAPS_IN_A_NAME.sub("", match["name"]), view.source_span(Span(start, end))
    return None, None


def _issuer(head: str, region: str | None, kind: Kind) -> str | None:
    if kind is Kind.OTHER or region is None:
        return None
    return "国务院" if region == "全国" else f"{region}人民政府"
