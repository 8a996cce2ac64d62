"""From one source to its documents: where each begins and ends, and who gave it where, when and about what.

A file may hold one report or a scraped listing of several. Everything is read from the text; a title or file name
that the text contradicts loses, and the contradiction is kept.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass

from index.outline.headings import PLAN_WORDS, RESULT_WORDS, Heading, find_headings
from index.rules import At, Rule
from index.text.cleaning import View, clean
from index.text.folding import fold
from index.types import Kind, Period, Source, Span
from index.words.fragments import COUNTING, HAN, LAST_FIVE_YEARS, LINE, TITLE, YEAR
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
_SALUTATION = Rule(
    "outline.documents.salutation",
    r"各位(?:代表|委员)",
    takes=("⟦各位代表⟧:",),
    leaves=("人大代表和政协委员",),
)
_BYLINE_DATE = Rule(
    "outline.documents.byline_date",
    rf"(?P<y>{YEAR})年(?P<m>\d{{1,2}})月(?P<d>\d{{1,2}})日",
    takes=("(⟦2021年1月9日⟧)",),
    leaves=("2021年1月上旬",),
)
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
_TITLE_YEAR = Rule(
    "outline.documents.title_year",
    rf"(?<!\d)(?P<y>{YEAR})(?=[_\-\s]|{HAN})",
    takes=("⟦2018⟧_清柏县_政府工作报告.txt", "⟦2018⟧年政府工作报告"),
    leaves=("附件2018.txt", "编号120185号"),
)
_HEADING_YEAR = Rule(
    "outline.documents.heading_year",
    rf"(?P<y>{YEAR})年",
    takes=("一、⟦2023年⟧工作回顾",),
    leaves=("2023-2025三年行动",),
)
_SUMMARY = Rule(
    "outline.documents.summary",
    r"(?:年|上半年|政府)工作(?:总结|汇报|回顾|情况)",
    takes=("清柏街道2021⟦年工作总结⟧", "⟦上半年工作汇报⟧"),
    leaves=("年终总结大会",),
)
"""Titles of reports that do not call themselves so: 2021年上半年工作总结和下半年工作安排."""
_UNTIL = Rule(
    "outline.documents.until",
    r"截至|截止|[自从到至]$",
    takes=("(⟦截至⟧", "任期⟦自⟧"),
    leaves=("会议于", "到会的"),
    why="自, 到 and the like count only right before the date.",
)
_OTHERS = Rule(
    "outline.documents.others",
    r"法院|检察院|人大|常委会|政协|党委|纪委",
    takes=("清柏县⟦检察院⟧工作报告",),
    leaves=("清柏县人民政府工作报告",),
)
"""Who else gives reports on work."""
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
_HEAD = 500
"""Characters at the start of a document in which titles, bylines and salutations stand."""
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
        if far and _SALUTATION.search(text, match.end(), match.end() + _HEAD):
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
    head = text[:_HEAD]
    title = _title(span.of(source.text), listed_title, source.name)
    titled = arabic_years(fold(title))
    given = _given(head)
    region, parent = _region(text, titled, source.name, gazetteer)
    kind = _kind(head, titled, text)
    review, plan = _years(text, headings, kind, given, titled)
    late = _is_late(text, kind, given, review, titled)
    if late and review is not None and review.last_year < min(_title_years(titled)):
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
        _contradictions(titled, source.name, given, review, plan, kind),
        speaker,
        byline,
        late,
    )


_TAG_OF_A_LISTING = Rule(
    "outline.documents.tag_of_a_listing",
    r"^【[^】]*】",
    takes=("⟦【转载】⟧2021年清柏区政府工作报告",),
    leaves=("政府工作报告【摘要】",),
)
_MARKS_OF_A_HEADING = Rule(
    "outline.documents.marks_of_a_heading",
    r"^#+\s*",
    takes=("⟦## ⟧政府工作报告",),
    leaves=("C#软件开发",),
)
_PAGE_NAVIGATION = Rule(
    "outline.documents.page_navigation",
    r">>|点击|^当前位置|首页",
    takes=("⟦当前位置⟧:政务公开", "浏览⟦>>⟧正文"),
    leaves=("政务公开年度报告", "项目当前位置图"),
)
_ENDS_IN_REPORT = Rule(
    "outline.documents.ends_in_report",
    r"报告(?:[（(].{1,8}[）)])?$",
    takes=("清柏县政府工作⟦报告(摘要)⟧",),
    leaves=("报告起草说明",),
)


def _title(raw: str, listed: str | None, file_name: str) -> str:
    if listed:
        return _TAG_OF_A_LISTING.sub("", listed).strip()
    lines = [_MARKS_OF_A_HEADING.sub("", line).strip() for line in raw[:_HEAD].replace("\ufeff", "").split("\n")]
    lines = [line for line in lines if line and not _PAGE_NAVIGATION.search(line)]
    for line in lines[:6]:
        if _ENDS_IN_REPORT.search(line) and len(line) <= 50 and not line.startswith(("—", "─", "-")):
            return line
    if lines and len(lines[0]) <= 60:
        subtitle = lines[1] if len(lines) > 1 and lines[1].startswith(("—", "─", "--")) else ""
        return lines[0] + (subtitle if len(subtitle) <= 60 else "")
    return file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0]


def _given(head: str) -> dt.date | None:
    """The day of the byline, which is written out; a bare 2025-07-08 is when a page was published."""
    for match in _BYLINE_DATE.finditer(head):
        if _UNTIL.search(head, max(0, match.start() - 3), match.start()):
            # （截至2021年11月30日） is no day on which anything was said.
            continue
        try:
            return dt.date(int(match["y"]), int(match["m"]), int(match["d"]))
        except ValueError:
            continue
    return None


_GAPS_IN_A_NAME = Rule("outline.documents.gaps_in_a_name", r"[ ;·]", takes=("林⟦ ⟧远山",), leaves=("林远山",))


def _speaker(head: str, view: View) -> tuple[str | None, Span | None]:
    """Who gave the report, and the byline that says so: from its date or its line's start to the name."""
    salutation = _SALUTATION.search(head)
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
    r"代表国务院|国务院总理",
    takes=("我⟦代表国务院⟧,向大会报告",),
    leaves=("根据国务院部署",),
)
_TITLE_PLACE = Rule(
    "outline.documents.title_place",
    rf"(?P<place>{HAN}{{2,14}}(?:[省市区县州旗盟镇乡]|街道))"
    rf"(?:(?:人民)?政府|管理委员会|管委会|办事处|(?=(?:{YEAR}年)?(?:上半年)?工作(?:报告|总结|汇报|情况|回顾)))",
    takes=("⟦清柏县人民政府⟧工作报告", "⟦霁川市⟧2021年工作总结"),
    leaves=("清柏县城建设情况", "本级政府工作报告"),
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


def _region(text: str, title: str, file_name: str, gazetteer: Gazetteer) -> tuple[str | None, str | None]:
    """The place whose government speaks, and the place it belongs to.

    In this order: who is represented, whose congress is addressed, the title, the file name, and at last the place
    that the text speaks of most.
    """
    head = text[:_HEAD]
    if _STATE_COUNCIL.search(head):
        return "全国", None
    issuer = _ISSUER.search(head)
    congress = _SPEAKER_PLACE.search(head)
    named = _TITLE_PLACE.search(title)
    places = [
        _TERM.sub("", _GOVERNMENT_AT_THE_END.sub("", issuer["who"])) if issuer else "",
        _BEFORE_THE_PLACE.sub("", congress["place"]) if congress else "",
        named["place"] if named else "",
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


_GOVERNMENT_REPORT = Rule(
    "outline.documents.government_report",
    r"政府工作报告|工作情况的?报告|报告.{0,12}工作|政府工作|政府.{0,24}报告",
    takes=("青石县⟦政府工作报告⟧", "清柏县⟦政府关于上半年有关情况的报告⟧"),
    leaves=("关于预算执行情况的报告",),
)
_ENDS_IN_WORK_REPORT = Rule(
    "outline.documents.ends_in_work_report",
    r"工作报告$",
    takes=("岭湾新区管委会⟦工作报告⟧",),
    leaves=("工作报告起草说明",),
)
_HALF_YEAR_TITLE = Rule(
    "outline.documents.half_year_title",
    r"上半年.{0,24}(?:报告|情况)|上半年(?:政府)?工作|政府上半年",
    takes=("云岭县2024年⟦上半年工作⟧总结", "⟦政府上半年⟧重点工作汇报"),
    leaves=("云岭县2024年工作总结",),
)
_COMRADES = Rule(
    "outline.documents.comrades_salutation",
    rf"{LINE}同志们[:,!]",
    takes=("⟦同志们:⟧\n现在,我代表管委会",),
    leaves=("衷心感谢同志们!",),
    why="A salutation has a line of its own; 感谢同志们 is none.",
)
_TITLED_GOVERNMENT_REPORT = Rule(
    "outline.documents.titled_government_report",
    r"政府工作报告(?:\([^)]*\))?$",
    takes=("霁川市⟦政府工作报告(摘要)⟧",),
    leaves=("《政府工作报告》起草说明",),
)


def _kind(head: str, title: str, text: str) -> Kind:
    opening = title + "\n" + head
    reports = _GOVERNMENT_REPORT.search(opening)
    if reports is None and not _OTHERS.search(title):
        reports = _ENDS_IN_WORK_REPORT.search(title)
    if reports is None and _SUMMARY.search(title) is None:
        return Kind.OTHER
    if _HALF_YEAR_TITLE.search(title) or ("上半年" in head and "上半年" in title):
        return Kind.HALF_YEAR
    if "上半年工作" in head and "政府工作报告" not in title:
        return Kind.HALF_YEAR
    comrades = _ENDS_IN_WORK_REPORT.search(title) and _COMRADES.search(text[: _HEAD * 2])
    if comrades or _SALUTATION.search(text[: _HEAD * 2]) or _TITLED_GOVERNMENT_REPORT.search(title):
        return Kind.ANNUAL
    return Kind.REVIEW


_PAPER_TITLE = Rule(
    "outline.documents.paper_title",
    TITLE,
    takes=("关于⟦《清柏县总体规划(草案)》⟧的说明",),
    leaves=("关于总体规划的说明",),
)
_REVIEWED_YEAR = Rule(
    "outline.documents.reviewed_year",
    rf"关于(?P<y>{YEAR})年|(?P<y2>{YEAR})年工作",
    takes=("⟦关于2024年⟧工作的回顾", "清柏街道⟦2021年工作⟧总结"),
    leaves=("2021年3月工作简报",),
)


def _years(
    text: str, headings: tuple[Heading, ...], kind: Kind, given: dt.date | None, title: str
) -> tuple[Period | None, Period | None]:
    """What the document reviews and what it plans, from its headings first and its sentences second."""
    if kind is Kind.OTHER:
        return None, None
    titled = _title_years(title)
    around = given.year if given else titled[0] if titled else None
    if kind is Kind.HALF_YEAR:
        year = around or _most_told_year(text)
        return (Period.half(year, 1), Period.half(year, 2)) if year else (None, None)
    told, planned = _headed_years(text, headings, titled)
    if kind is Kind.REVIEW:
        about = _REVIEWED_YEAR.search(title + text[:_HEAD])
        year = int(about["y"] or about["y2"]) if about else told[0] if told else _most_told_year(text)
        return (Period.year(year) if year else None), None
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
        years = [int(m["y"]) for m in _HEADING_YEAR.finditer(_PAPER_TITLE.sub("", words))]
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
    "outline.documents.so_far",
    r"今年(?:以来|上半年|前[一-十\d]+个月|\d+[至到-]\d+月|[^,。;]{0,8}预计)|预计今年",
    takes=("⟦今年以来⟧,全县", "⟦今年1-6月⟧完成投资"),
    leaves=("今年是换届之年",),
)
_NEXT_YEAR = 3
"""Mentions of the next year from which on a report is taken to plan it."""


def _title_years(title: str) -> list[int]:
    return [int(m["y"]) for m in _TITLE_YEAR.finditer(title)]


def _is_late(text: str, kind: Kind, given: dt.date | None, review: Period | None, title: str) -> bool:
    """Whether an annual report without a day was given late in its title's year: it tells that year and plans the next."""
    titled = _title_years(title)
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
    "outline.documents.told_year",
    rf"(?<![比较到])(?P<y>{YEAR})年",
    takes=("⟦2022年⟧,全县实现",),
    leaves=("比2015年增长", "到2025年达到"),
    why="A year that is compared with or reached is not the one that is told.",
)


def _most_told_year(text: str) -> int | None:
    counts = Counter(int(m["y"]) for m in _TOLD_YEAR.finditer(_PAPER_TITLE.sub("", text)))
    return max(counts, key=lambda year: (counts[year], year)) if counts else None


def _contradictions(
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
