"""A document's outline to Sections, and its Sections to Sentences, each with the period and status it speaks of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from index.outline.documents import Draft
from index.outline.headings import PLAN_WORDS, RESULT_WORDS, Heading
from index.outline.leaning import LEANS_TO_PLANS, lean, sounds_like_plans
from index.rules import Rule
from index.types import Kind, Period, Section, Sentence, Span, Status
from index.words.periods import Clock, TimeMention, find_times, plan_named_in, plan_of

_SENTENCE = Rule("outline.sections.sentence", r"[^。!?\n]*(?:[。!?]+[”’)\]]*|\n|$)")
_TITLES = Rule("outline.sections.titles", r"《[^》]*》|\([^)]*\)")
_FIVE_YEARS = Rule("outline.sections.five_years", r"(?:过去|这|近|最近)的?五年|五年(?:来|工作|回顾)")
_TURN = Rule("outline.sections.turn", r"^(?:各位代表|同志们|与此同时|同时|特别是|过去一年|一年来|回顾|总的来看)")
_JUST_PAST = Rule("outline.sections.just_past", r"刚刚?过去的$")
_OF_THE_PLAN = Rule(
    "outline.sections.of_the_plan",
    r"《[^》]*(?:规划|纲要)[^》]*》[^。]{0,24}?(?:提出|明确|设置|部署|确定|安排)[^。]{0,30}?(?:目标|指标|任务|举措)|"
    r"(?:^|[,、])(?:今后|未来)五年[^。]{0,12}(?:目标|指标|努力)",
)
_OPENING = 60
"""Characters at the start of a sentence in which words for time govern all of it."""


CALM = 0.5
"""Lean below which a paragraph tells what was done."""

_TURNS = 0.3
"""By how much more a text must lean to plans behind a paragraph that announces them than before it."""


@dataclass(frozen=True, slots=True)
class Outline:
    """The sections of a document in the cleaned text: ``body`` begins where the heading's words end."""

    heading: Heading | None
    path: tuple[str, ...]
    span: Span
    body: Span
    period: Period | None
    status: Status


def clock_of(draft: Draft) -> Clock:
    """What 今年 and 全年 mean in a document before any section says more."""
    told = draft.review or draft.plan
    if told is None:
        year = draft.given.year if draft.given else 1
        return Clock(year, year)
    if draft.kind is Kind.HALF_YEAR:
        return Clock(told.last_year, told.last_year, told)
    if draft.kind is Kind.ANNUAL and draft.plan is not None and not draft.late:
        return Clock(draft.plan.last_year, told.last_year)
    return Clock(told.last_year, told.last_year)


def outline(draft: Draft) -> list[Outline]:
    """Sections that cover the document's cleaned text without holes, each with its own period and status.

    A section takes both from its own heading; what the heading does not say comes from the section above it.
    """
    text = draft.view.text
    starts = [h.span.start for h in draft.headings]
    result: list[Outline] = []
    first = starts[0] if starts else len(text)
    clock = clock_of(draft)
    if first > 0:
        turn = _turn_to_plans(text, draft) if not draft.headings else None
        until = first if turn is None else turn
        status = Status.ACTUAL
        result.append(Outline(None, (), Span(0, until), Span(0, until), draft.review or draft.plan, status))
        if turn is not None:
            result.append(Outline(None, (), Span(turn, first), Span(turn, first), draft.plan, Status.TARGET))
    stack: list[Outline] = []
    ends = [*starts[1:], len(text)] if starts else []
    for number, (heading, start, end) in enumerate(zip(draft.headings, starts, ends, strict=True)):
        while stack and stack[-1].heading is not None and stack[-1].heading.level >= heading.level:
            stack.pop()
        parent = stack[-1] if stack else None
        words = heading.span.of(text)
        # A report that has come to its plans does not go back: 三、推动政府治理现代化 follows 二、2020年工作安排.
        before = next((o for o in reversed(result) if o.heading and o.heading.level == heading.level), None)
        until = next((h.span.start for h in draft.headings[number + 1 :] if h.level <= heading.level), len(text))
        leaning = lean(text[heading.span.end : until])
        period, status = _told_by(words, draft, clock, parent or before, nested=parent is not None, leaning=leaning)
        path = (*(parent.path if parent else ()), _display(draft, heading))
        section = Outline(heading, path, Span(start, end), Span(heading.span.end, end), period, status)
        stack.append(section)
        result.append(section)
    return result


def _turn_to_plans(text: str, draft: Draft) -> int | None:
    """Where a report without headings turns to its plans: the paragraph that names their year, from which on it plans."""
    if draft.plan is None or draft.kind is Kind.OTHER:
        return None
    opens = Rule(
        "outline.sections.turn_to_plans_1",
        rf"(?m)^[ \t]*(?:{draft.plan.last_year}年(?!\d)|今年|新的一年|下半年|下一步)",
    )
    for match in opens.finditer(text):
        after, before = lean(text[match.start() :]), lean(text[: match.start()])
        if after is None:
            continue
        # A passage of aims is full of figures (新增…4家): there the words of plans and the turn itself must tell.
        announced = PLAN_WORDS.search(text, match.start(), match.start() + 2 * _OPENING) is not None
        if after >= LEANS_TO_PLANS or (announced and before is not None and after - before >= _TURNS):
            return match.start()
    return None


_DISPLAY_1 = Rule("outline.sections.display_1", r"\s+")


def _display(draft: Draft, heading: Heading) -> str:
    """The heading as it is printed in the source, on one line and without markup."""
    printed = draft.view.source_span(heading.span).of(draft.source)
    return _DISPLAY_1.sub(" ", printed).strip(" #*").rstrip("。：:，,")


_TOLD_BY_1 = Rule("outline.sections.told_by_1", r"规划|纲要|远景目标")
_TOLD_BY_2 = Rule("outline.sections.told_by_2", r"下半年|明年")


def _told_by(
    words: str, draft: Draft, clock: Clock, parent: Outline | None, *, nested: bool, leaning: float | None = None
) -> tuple[Period | None, Status]:
    """Period and status of a section from its heading; ``parent`` is what it lies in or, if not nested, follows.

    ``leaning`` is how much its text leans to plans; it decides where no heading does.
    """
    inherited = (parent.period, parent.status) if parent else (draft.review or draft.plan, Status.ACTUAL)
    if parent is not None and not nested and _turns_to_plans(parent.path[-1]) and draft.plan is not None:
        inherited = (draft.plan, Status.TARGET)
    plain = _TITLES.sub(lambda m: "\x00" * len(m[0]), words)
    results, plans = RESULT_WORDS.search(plain), PLAN_WORDS.search(plain)
    planning_title = _TOLD_BY_1.search(words)
    undecided = not results and (not nested or (parent is not None and _announces_both(parent.path[-1])))
    if undecided and inherited[1] is Status.ACTUAL and leaning is not None and leaning >= LEANS_TO_PLANS:
        # 一鼓作气勇争先: neither announces results nor plans, and its clauses plan.
        inherited = (draft.plan or inherited[0], Status.TARGET if draft.plan is not None else inherited[1])
    own = [t for t in find_times(plain, clock) if not t.base]
    ended = bool(own) and _has_ended(max(t.period.last for t in own), draft)
    if nested and inherited[1] is Status.TARGET and not ended:
        # （五）加快释放改革开放成效 among plans announces no results.
        status = Status.TARGET
    elif results or (plans and ended and not _TOLD_BY_2.search(plain)):
        status = Status.ACTUAL
    elif not nested and (plans or planning_title):
        status = Status.TARGET
    else:
        status = inherited[1]
    if draft.kind is Kind.OTHER:
        return inherited
    one_year = any(t.period.length <= 12 for t in own)
    if _FIVE_YEARS.search(plain) and draft.review is not None and status is Status.ACTUAL and not one_year:
        return Period.years(draft.review.last_year - 4, draft.review.last_year), status
    if planning_title and status is Status.TARGET and (named := plan_named_in(words)) is not None:
        return named, status
    times = own
    if times and (draft.kind is not Kind.REVIEW or status is Status.TARGET):
        return _main_time(times, status).period, status
    if status is not inherited[1] or not nested:
        if status is Status.TARGET and draft.plan is not None:
            return draft.plan, status
        if status is Status.ACTUAL and draft.review is not None:
            return draft.review, status
    return inherited[0], status


def _has_ended(month: int, draft: Draft) -> bool:
    """Whether a month lay in the past when the report was given."""
    if draft.given is not None:
        return month <= draft.given.year * 12 + draft.given.month - 1
    return draft.review is not None and month <= draft.review.last


_TURNS_TO_PLANS_1 = Rule("outline.sections.turns_to_plans_1", r"(?:19|20)\d{2}(?=年)")


def _turns_to_plans(heading: str) -> bool:
    """Whether a heading holds results and then plans: 一、1998年工作回顾和1999年工作的总体要求."""
    results, plans = RESULT_WORDS.search(heading), PLAN_WORDS.search(heading)
    years = set(_TURNS_TO_PLANS_1.findall(heading))
    return bool(results and plans and len(years) > 1)


_ANNOUNCES_BOTH_1 = Rule("outline.sections.announces_both_1", r"和|与|及|以及|、(?!.*[一二三四五六七八九十]、)")


def _announces_both(heading: str) -> bool:
    """Whether a heading announces results as well as plans: “十四五”发展成就和“十五五”主要目标任务."""
    parts = _ANNOUNCES_BOTH_1.split(_TITLES.sub("", heading))
    results = [bool(RESULT_WORDS.search(p)) for p in parts]
    plans = [bool(PLAN_WORDS.search(p)) and not told for p, told in zip(parts, results, strict=True)]
    return any(results) and any(plans)


def _main_time(times: list[TimeMention], status: Status) -> TimeMention:
    """Of several times in one heading ("2025年和“十四五”时期工作回顾") the shortest period, then the one that fits the status."""
    shortest = min(t.period.length for t in times)
    fitting = [t for t in times if t.period.length == shortest]
    return min(fitting, key=lambda t: t.period) if status is Status.ACTUAL else max(fitting, key=lambda t: t.period)


def sections_of(draft: Draft, document_id: str, outlines: list[Outline]) -> tuple[Section, ...]:
    """The outline as Sections with spans of the source."""
    return tuple(
        Section(
            f"{document_id}.s{n}",
            o.path,
            o.heading.level if o.heading else 0,
            draft.view.source_span(o.span),
            o.period,
            o.status,
        )
        for n, o in enumerate(outlines)
    )


def sentence_spans(text: str, body: Span) -> Iterator[Span]:
    """Sentences of a part of the cleaned text, without the space around them."""
    for match in _SENTENCE.finditer(text, body.start, body.end):
        words = match[0]
        stripped = words.strip()
        if not stripped:
            continue
        start = match.start() + len(words) - len(words.lstrip())
        yield Span(start, start + len(stripped))


_HEAR_1 = Rule("outline.sections.hear_1", r"[一二三四五六七八九十]+年来")


@dataclass(slots=True)
class Discourse:
    """What the running text speaks of: a span of years that a sentence opens holds until another time is named."""

    default: Period | None
    latest: int | None
    """The last month the section's results reach, or None in a section of plans."""
    fallback: Period | None = None
    """What the section itself speaks of, where ``default`` was handed down to it."""
    current: Period | None = None
    planned: Period | None = None
    """The five-year plan that the document's own plans fall in."""

    opens_paragraph: bool = True
    """Whether the next sentence is the first of its paragraph."""
    led: bool = False
    """Whether ``current`` was named by the first sentence of a paragraph and so holds for more than this one."""

    def new_paragraph(self) -> None:
        """What a paragraph says in passing of several years ends with it; what its first sentence opens goes on.

        In a section of plans a look back ends with its paragraph.
        """
        spoken, usual = self.current, self.default
        back = self.latest is None and spoken is not None and usual is not None and spoken.last < usual.first
        if not self.led or back:
            self.current = None
        self.opens_paragraph = True

    def hear(self, text: str, times: list[TimeMention], *, calm: bool = False) -> Period | None:
        """The period of the next sentence, given the times it names; ``calm`` is a paragraph that leans to no plans."""
        first, self.opens_paragraph = self.opens_paragraph, False
        leading = [t for t in times if not t.base and t.span.start <= _OPENING and _opens(text, t)]
        if leading:
            period = leading[0].period
            # Only spans of several years reach beyond their sentence: “十三五”以来 opens a passage, 上半年 does not,
            # and neither does a look ahead in a passage of results.
            ahead = self.latest is not None and period.last > self.latest
            long = period.length > 12 and not ahead
            back = self._looks_back(period, calm=calm or not first)
            if long or (first and self._is_last_year(period)) or back:
                # 刚刚过去的2025年 in a section on five years: the paragraph speaks of that year, and so do those behind it.
                just_past = _JUST_PAST.search(text[: leading[0].span.start]) is not None
                self.current, self.led = period, first and (long or just_past)
            elif self.current is None or not (self.current.is_year and period.within(self.current)):
                self.current, self.led = None, first
            if period == self.fallback:
                # 刚刚过去的2025年 ends what 五年来 had opened.
                self.default = self.fallback
            return period
        begun = self.latest is not None and self.planned is not None and self.planned.first <= self.latest
        if self.planned is not None and not begun and _OF_THE_PLAN.search(text):
            # 《纲要（草案）》设置了29项主要指标: from here on the plan's years are spoken of.
            self.current, self.led = self.planned, True
            return self.planned
        if self.current is not None and self._looks_back(self.current, calm=True) and sounds_like_plans(text):
            self.current = None
        turns = _TURN.match(text) or _HEAR_1.match(text)
        if turns and not (self.current is not None and self.current.is_year):
            self.current = None
        return self.current or self.default

    def _looks_back(self, period: Period, *, calm: bool) -> bool:
        """Whether a paragraph of a section of plans opens with a year that is over: 1986年是…取得显著成就的一年."""
        spoken = self.default
        return (
            self.latest is None and calm and period.is_year and spoken is not None and period.last == spoken.first - 1
        )

    def _is_last_year(self, period: Period) -> bool:
        """Whether a year is the last of the several years that the section looks back on."""
        spoken = self.default
        return (
            self.latest is not None
            and period.is_year
            and spoken is not None
            and spoken.length > 12
            and period.last == spoken.last
        )


_OPENS_1 = Rule("outline.sections.opens_1", r"\d[^,。]{0,6}$")
_OPENS_2 = Rule(
    "outline.sections.opens_2",
    r"^(?:(?:这里|在此)?(?:还|也)?(?:要|需要|应当|应该|必须)?(?:着重|特别|重点|同时)*(?:指出|说明|强调|提到)(?:的是)?[,:]?|各位(?:代表|委员)[,:、!各位委员]*|[一二三四五六七八九十]是|同时|此外|其中|(?:特别是|自|从|在|截至|截止|到|至|以来|刚刚过去的|刚过去的|过去的|我们|预计|经济|[“”,、:])+)*",
)
_OPENS_3 = Rule("outline.sections.opens_3", r"\d")


def _opens(text: str, mention: TimeMention) -> bool:
    """Whether a time governs the sentence: before it stand only a salutation, a connective or a subject."""
    before = text[: mention.span.start]
    if _OPENS_1.search(before):
        return False
    head = _OPENS_2.sub("", before)
    return len(head) <= 4 and not _OPENS_3.search(head)


def sentences_of(draft: Draft, document_id: str, outlines: list[Outline]) -> list[tuple[Sentence, Span]]:
    """All sentences in order with their spans in the cleaned text. Headings are no sentences."""
    clock = clock_of(draft)
    text = draft.view.text
    result: list[tuple[Sentence, Span]] = []
    handed_down: dict[tuple[str, ...], Period] = {}
    for number, section in enumerate(outlines):
        results = section.status is Status.ACTUAL and section.period is not None
        # 回望过去五年 at the end of a section's own words opens what its sub-sections tell.
        told = handed_down.get(section.path[:-1]) if section.path else None
        period = told if told is not None and results else section.period
        discourse = Discourse(period, section.period.last if results and section.period else None, section.period)
        discourse.planned = plan_of(draft.plan.last_year) if draft.plan is not None else None
        local = section_clock(clock, section)
        behind = section.body.start
        for number_in_section, span in enumerate(sentence_spans(text, section.body)):
            words = span.of(text)
            if number_in_section and "\n" in text[behind : span.start]:
                discourse.new_paragraph()
            behind = span.end
            paragraph = text[span.start : text.find("\n", span.start) if "\n" in text[span.start :] else len(text)]
            calm = discourse.opens_paragraph and (lean(paragraph) or 0.0) < CALM
            spoken = discourse.hear(words, find_times(words, local), calm=calm)
            result.append(
                (
                    Sentence(
                        document_id,
                        f"{document_id}.s{number}",
                        section.path,
                        -1,
                        draft.view.source_span(span),
                        words,
                        spoken,
                        status_of(spoken, section.status, draft),
                    ),
                    span,
                )
            )
        if discourse.current is not None:
            handed_down[section.path] = discourse.current
        elif told is not None:
            handed_down[section.path] = told
    return result


def section_clock(clock: Clock, section: Outline) -> Clock:
    """全年 and 上半年 belong to the year the section speaks of."""
    if section.period is None:
        return clock
    return Clock(clock.this_year, section.period.last_year, clock.so_far, clock.told)


def status_of(period: Period | None, status: Status, draft: Draft) -> Status:
    """A period that has not ended when the report is given can only be planned or expected."""
    if period is not None and draft.given is not None:
        given = draft.given.year * 12 + draft.given.month - 1
        if period.last > max(given, draft.review.last if draft.review is not None else given):
            return Status.TARGET
    elif period is not None and draft.review is not None and period.first > draft.review.last:
        return Status.TARGET
    return status
