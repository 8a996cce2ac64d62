"""From one source to its documents: where each begins and ends, and who gave it where, when and about what.

A file may hold one report or a scraped listing of several. Everything is read from the text; a title or file name
that the text contradicts loses, and the contradiction is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from index.outline.headings import PLAN_WORDS, Heading, find_headings
from index.outline.kinds import kind_of
from index.outline.titles import HEAD, SALUTATION, title_of
from index.outline.years import contradictions_of, is_late, title_years, years_of
from index.rules import At, Rule
from index.text.cleaning import View, clean
from index.text.folding import fold
from index.types import Kind, Period, Source, Span
from index.words.fragments import COUNTING, HAN, LAST_FIVE_YEARS, LINE, YEAR, any_word
from index.words.periods import arabic_years, plan_of
from index.words.regions import Gazetteer

_LISTING_ITEM = Rule(
    "outline.documents.listing_item",
    rf"{LINE}[•·●▪■◆*-][ \t]*(?P<title>[^\n]{{4,80}})$",
    takes=("⟦• 【转载】2021年清柏区政府工作报告⟧",),
    leaves=("2021年清柏区政府工作报告",),
)
_LISTED_BODY = 400
"""Characters in the line after a bullet for it to be a listed article and not a menu entry."""
_SHORTEST = 800
"""Characters between two titles below which they head the same report."""
_DATE_LINE = Rule(
    "outline.documents.date_line",
    rf"{LINE}(?:发布(?:时间|日期)[:：])?[ \t]*{YEAR}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?[ \t]*$",
    takes=("⟦发布时间:2021-03-08⟧", "正文结束。\n⟦2021年3月8日⟧\n"),
    leaves=("2021-03-08 点击数:35",),
    why="A line that goes on behind its date is no line of a date.",
)
_REPORT_TITLE = Rule(
    "outline.documents.report_title",
    rf"{LINE}(?:#+[ \t]*)?(?P<title>[^\n。，,]{{0,40}}?(?:工作|情况的?)报告(?:[（(][^）)\n]{{1,12}}[）)])?)[ \t]*$",
    takes=("⟦# 清柏县人民政府工作报告⟧\n", "⟦政府工作报告（摘要）⟧"),
    leaves=("他向大会作了工作报告。",),
    why="Read in the unmodified source, so brackets and commas may be of full width.",
)
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
_ISSUER = Rule(
    "outline.documents.issuer",
    r"我谨?代表(?P<who>[^,。;:]{0,26}?(?:政府|国务院))",
    takes=("现在,⟦我代表云岭县人民政府⟧向大会报告工作",),
    leaves=("我代表全体同志表态,请政府放心",),
)
_SPEAKER_PLACE = Rule(
    "outline.documents.speaker_place",
    rf"(?P<place>{HAN}{{2,14}}?[省市区县州旗盟])(?=第[{COUNTING}百]+届)",
    takes=("--⟦在清柏县⟧第五届人民代表大会",),
    leaves=("清柏县第五中学",),
    why="Only a congress is counted in 届; the 在 before the place is cut off later.",
)
_TERM = Rule(
    "outline.documents.term",
    rf"^(?:[本上]|新一|上一|这|第[{COUNTING}]+)届",
    takes=("⟦本届⟧州人民政府",),
    leaves=("清柏县第五届人民政府",),
)
_LITERAL_PLACE = Rule(
    "outline.documents.literal_place",
    rf"{HAN}{{1,11}}?(?:街道|[镇乡省市区县州旗盟])$",
    takes=("⟦清柏县⟧", "⟦湖畔街道⟧"),
    leaves=("县", "清柏县政府"),
    at=At.WHOLE,
)
_OWN_PLACE = Rule(
    "outline.documents.own_place",
    r"[本全我各]?(?:(?:自治|新)?[省市区县州旗盟])?",
    takes=("⟦本区⟧", "⟦自治区⟧"),
    leaves=("清柏县", "老城区"),
    why="本区 and a bare 自治区 name no place of their own.",
    at=At.WHOLE,
)
_UNTIL = Rule(
    "outline.documents.until",
    r"截至|截止|[自从到至]$",
    takes=("(⟦截至⟧", "任期⟦自⟧"),
    leaves=("会议于", "到会的"),
    why="自, 到 and the like count only right before the date.",
)
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
    """The documents of a source in order. Text of no document (menus, footers) is left out."""
    return [
        _identify(source, span, title, gazetteer) for span, title in split_source(source.text) if span.start < span.end
    ]


def split_source(text: str) -> list[tuple[Span, str | None]]:
    """Where each document of a file stands, with its title if a listing gives one."""
    listed = _split_listing(text)
    if listed:
        return listed
    starts: list[re.Match[str]] = []
    for match in _REPORT_TITLE.finditer(text):
        # A page may print its title twice; a report stands between two titles.
        far = not starts or match.start() - starts[-1].end() > _SHORTEST
        if far and SALUTATION.search(text, match.end(), match.end() + HEAD):
            starts.append(match)
    if len(starts) > 1:
        bounds = [m.start() for m in starts] + [len(text)]
        return [
            (_trimmed(text, Span(a, b)), m["title"].strip())
            for m, a, b in zip(starts, bounds, bounds[1:], strict=False)
        ]
    return [(_trimmed(text, Span(0, len(text))), None)]


_LINE_BELOW_AN_ITEM = Rule(
    "outline.documents.line_below_an_item",
    r"\s*([^\n]+)",
    takes=("⟦\n\n一年来,街道扎实推进各项工作⟧\n",),
    leaves=("\n\n",),
    at=At.START,
)


def _split_listing(text: str) -> list[tuple[Span, str | None]]:
    items: list[tuple[Span, str | None]] = []
    for match in _LISTING_ITEM.finditer(text):
        body = _LINE_BELOW_AN_ITEM.match(text, match.end())
        if body is None or len(body[1].strip()) < _LISTED_BODY:
            continue
        if items:
            items[-1] = (_item_span(text, items[-1][0].start, match.start()), items[-1][1])
        items.append((Span(match.start("title"), len(text)), match["title"].strip()))
    if len(items) < 2:
        return []
    items[-1] = (_item_span(text, items[-1][0].start, len(text)), items[-1][1])
    return items


def _item_span(text: str, start: int, limit: int) -> Span:
    """A listed article ends before the line with its date; what follows that line is the page, not the article."""
    body = text.find("\n", start)
    date = _DATE_LINE.search(text, body + 1, limit)
    return _trimmed(text, Span(start, date.start() if date else limit))


def _trimmed(text: str, span: Span) -> Span:
    part = span.of(text)
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, max(start, span.start + len(part.rstrip())))


def _identify(source: Source, span: Span, listed_title: str | None, gazetteer: Gazetteer) -> Draft:
    raw = View.of(span.of(source.text), span.start)
    view = clean(raw)
    text = arabic_years(view.text)
    headings = tuple(find_headings(text))
    head = text[:HEAD]
    title = title_of(span.of(source.text), listed_title, source.name)
    titled, named = arabic_years(fold(title)), arabic_years(fold(source.name))
    given = _given(head)
    region, parent = _region(text, titled, source.name, gazetteer)
    kind = kind_of(head, titled, named, text)
    review, plan = years_of(text, headings, kind, given, titled if title_years(titled) else named)
    late = is_late(text, kind, given, review, titled)
    if late and review is not None and review.last_year < min(title_years(titled)):
        review, plan = Period.year(review.last_year + 1), Period.year(review.last_year + 2)
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
    )


def _given(head: str) -> dt.date | None:
    """The day of the byline, which is written out; a bare 2025-07-08 is when a page was published."""
    for match in (*_BYLINE_DATE.finditer(head), *_ENGLISH_DATE.finditer(head)):
        if _UNTIL.search(head, max(0, match.start() - 3), match.start()):
            # （截至2021年11月30日） is no day on which anything was said.
            continue
        month = int(match["m"]) if match["m"].isdigit() else _MONTHS.index(match["m"][:3].lower()) + 1
        try:
            return dt.date(int(match["y"]), month, int(match["d"]))
        except ValueError:
            continue
    return None


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


_STATE_COUNCIL = Rule(
    "outline.documents.state_council",
    r"代表国务院|国务院总理|of the State Council",
    takes=("我⟦代表国务院⟧,向大会报告", "On behalf ⟦of the State Council⟧, I now present"),
    leaves=("根据国务院部署",),
)
_TITLE_PLACE = Rule(
    "outline.documents.title_place",
    r"(?:^(?!关于)|(?<=关于)|(?<=[年 )—_\d]))"
    rf"(?P<place>(?!年|城[市乡镇区]|社区|园区|乡镇){HAN}{{1,14}}?(?:[省市区县州旗盟镇乡]|街道))"
    rf"(?:{any_word('governing')}|(?=(?:上半年| )*{any_word('titled_of_places')}"
    rf"| ?{YEAR}(?:[-—–至]{YEAR})?年|{HAN}{{1,10}}?{any_word('offices')}))",
    takes=(
        "⟦清柏县人民政府⟧工作报告",
        "⟦霁川市⟧2021年工作总结",
        "2023年⟦云浦县政府⟧工作报告",
        "关于⟦霁川市⟧2021年预算执行情况",
    ),
    leaves=("清柏县城建设情况", "2021年城市经济运行情况"),
    why="A place begins the title, or stands behind its year or 关于; 年 is no part of its name.",
)
_GOVERNMENT_AT_THE_END = Rule(
    "outline.documents.government_at_the_end",
    r"(?:人民)?政府$",
    takes=("清柏县⟦人民政府⟧",),
    leaves=("政府工作部门",),
)
_BEFORE_THE_PLACE = Rule(
    "outline.documents.before_the_place",
    r"^.*[在日]",
    takes=("⟦2月5日在⟧清柏县",),
    leaves=("清柏县",),
)


_NO_PLACE_YET = Rule(
    "outline.documents.no_place_yet",
    rf"^(?:.{{2,}}[局厅署]|\d*{any_word('in_front_of_places')})(?={HAN})",
    takes=("⟦度⟧清柏县", "⟦上半年⟧清柏县", "⟦转发⟧清柏县", "⟦国家税务总局⟧清柏县"),
    leaves=("清柏县", "会昌县"),
    why="What stands between the start of a title, or its year, and the place.",
)


def _places_titled(words: str) -> Iterator[str]:
    """The places that a title may be of, without what only stands before them."""
    for match in _TITLE_PLACE.finditer(words):
        place, before = match["place"], ""
        while place != before:
            place, before = _NO_PLACE_YET.sub("", place), place
        if len(place) > 1 and not _OWN_PLACE.fullmatch(place):
            yield place


def _region(text: str, title: str, file_name: str, gazetteer: Gazetteer) -> tuple[str | None, str | None]:
    """The place whose government speaks, and the place it belongs to.

    In this order: who is represented, whose congress is addressed, the title, the file name, and at last the place
    that the text speaks of most.
    """
    head = text[:HEAD]
    if _STATE_COUNCIL.search(head):
        return "全国", None
    issuer = _ISSUER.search(head)
    congress = _SPEAKER_PLACE.search(head)
    named = next((p for words in (title, fold(file_name).rsplit("/", 1)[-1]) for p in _places_titled(words)), "")
    places = [
        _TERM.sub("", _GOVERNMENT_AT_THE_END.sub("", issuer["who"])) if issuer else "",
        _BEFORE_THE_PLACE.sub("", congress["place"]) if congress else "",
        named,
    ]
    hints = [*places, title, fold(file_name)]
    for place in places:
        # What ends in 县 or 市 is a place, whether the gazetteer knows it or not; 本区 and 全市 name none.
        if len(place) > 1 and not _OWN_PLACE.fullmatch(place):
            found = _ending_place(place, hints, gazetteer)
            if found is not None:
                return found
    for hint in (title, fold(file_name)):
        specific = _most_specific(hint, hints, gazetteer)
        if specific is not None:
            return specific
    return _most_named(text, gazetteer)


def _ending_place(place: str, hints: list[str], gazetteer: Gazetteer) -> tuple[str, str | None] | None:
    """The place that a name ends in: 上海市嘉定区 is 嘉定区 of 上海市. A name that nobody knows is taken as it stands."""
    mentions = [m for m in gazetteer.mentions(place) if m.candidates]
    if mentions and mentions[-1].end == len(place):
        return _most_specific(place, hints, gazetteer)
    outer = mentions[0] if mentions and mentions[0].start == 0 and mentions[0].end < len(place) else None
    if outer is not None and fold(outer.surface) not in (fold(c.name) for c in outer.candidates):
        # 青浦桥区 begins like 青浦 and lies in no such place; 北京海淀区 does.
        outer = outer if outer.candidates[0].level == "province" else None
    own = place[outer.end :] if outer is not None else place
    if _LITERAL_PLACE.fullmatch(own) is None or len(own) < 2:
        return None
    return own, (outer.candidates[0].name if outer is not None else None)


def _most_specific(place: str, hints: list[str], gazetteer: Gazetteer) -> tuple[str, str | None] | None:
    order = {"county": 3, "city": 2, "province": 1, "country": 0}
    best: tuple[int, str, str | None] | None = None
    for mention in gazetteer.mentions(place):
        if not mention.candidates:
            continue
        candidates = mention.candidates
        chosen = next((c for c in candidates if c.parent and any(c.parent in h for h in hints)), candidates[0])
        rank = order[chosen.level]
        if best is None or rank > best[0]:
            best = (rank, chosen.name, chosen.parent)
    return None if best is None else (best[1], best[2])


_SHARE_OF_TOP = 0.5
"""A smaller place is preferred to the most named larger one if it is named at least this often beside it."""


def _most_named(text: str, gazetteer: Gazetteer) -> tuple[str | None, str | None]:
    counts = Counter(
        (m.candidates[0].name, m.candidates[0].parent, m.candidates[0].level) for m in gazetteer.mentions(text)
    )
    if not counts:
        return None, None
    top = counts.most_common(1)[0][1]
    if top < 3:
        return None, None
    order = {"county": 3, "city": 2, "province": 1, "country": 0}
    often = [(order[level], n, name, parent) for (name, parent, level), n in counts.items() if n >= top * _SHARE_OF_TOP]
    _, _, name, parent = max(often, key=lambda item: (item[0], item[1], item[2]))
    return name, parent


def _issuer(head: str, region: str | None, kind: Kind) -> str | None:
    if kind is Kind.OTHER or region is None:
        return None
    return "国务院" if region == "全国" else f"{region}人民政府"
