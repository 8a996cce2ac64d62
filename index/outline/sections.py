"""A document's outline to Sections, and its Sections to Sentences, each with the period and status it speaks of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.budget import check
from index.outline.discourse import OPENING, Discourse
from index.outline.documents import Draft
from index.outline.headings import PLAN_WORDS, RESULT_WORDS, Heading
from index.outline.leaning import LEANS_TO_PLANS, Leanings, lean
from index.rules import Rule
from index.types import Kind, Period, Section, Sentence, Span, Status
from index.words.english import times_of, turn_of_english
from index.words.fragments import COUNTING, LAST_FIVE_YEARS, LINE, TITLE, YEAR
from index.words.lexicon import load_wording
from index.words.periods import UNKNOWN, Clock, TimeMention, find_times, plan_named_in, plan_of

_SENTENCE = Rule(
    "outline.sections.sentence",
    r"[^。!?\n]*(?:[。!?]+[”’)\]]*|\n|$)",
    takes=("⟦成效明显。⟧改革深化。",),
    why="Cuts any text into sentences.",
)
_TITLES = Rule(
    "outline.sections.titles",
    rf"{TITLE}|\([^)]*\)",
    takes=("加快⟦《清柏县总体规划》⟧实施", "⟦(一)⟧稳增长"),
    leaves=("加快总体规划实施",),
)
_FIVE_YEARS = Rule(
    "outline.sections.five_years",
    LAST_FIVE_YEARS,
    takes=("⟦过去五年⟧工作回顾", "⟦五年来⟧的工作"),
    leaves=("“十四五”时期目标",),
)
_GIVEN_AFTERWARDS = frozenset({Kind.ANNUAL, Kind.BUDGET, Kind.PLAN, Kind.OUTLINE})
"""Kinds whose 今年 is the year that they plan."""
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
        year = draft.given.year if draft.given else UNKNOWN
        return Clock(year, year)
    if draft.kind in (Kind.HALF_YEAR, Kind.QUARTER):
        return Clock(told.last_year, told.last_year, told)
    if draft.kind is Kind.NEWS:
        # Told afterwards: 去年 of the news about a bulletin is the bulletin's year.
        return Clock(draft.given.year if draft.given else told.last_year + 1, told.last_year)
    if draft.kind in _GIVEN_AFTERWARDS and draft.plan is not None and not draft.late:
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
        turn = _turn_to_plans(text, draft) if not draft.headings else _turn_before_the_items(text, draft, first)
        until = first if turn is None else turn
        status = Status.ACTUAL
        result.append(Outline(None, (), Span(0, until), Span(0, until), draft.review or draft.plan, status))
        if turn is not None:
            result.append(Outline(None, (), Span(turn, first), Span(turn, first), draft.plan, Status.TARGET))
    stack: list[Outline] = []
    ends = [*starts[1:], len(text)] if starts else []
    last: dict[int, Outline] = {0: result[-1]} if result and result[-1].status is Status.TARGET else {}
    untils = _untils(draft.headings, len(text))
    for heading, start, end, until in zip(draft.headings, starts, ends, untils, strict=True):
        while stack and stack[-1].heading is not None and stack[-1].heading.level >= heading.level:
            stack.pop()
        parent = stack[-1] if stack else None
        words = heading.span.of(text)
        # A report that has come to its plans does not go back: 三、推动政府治理现代化 follows 二、2020年工作安排.
        before = last.get(heading.level) or last.get(0)
        leaning = lean(text[heading.span.end : until])
        period, status = _told_by(words, draft, clock, parent or before, nested=parent is not None, leaning=leaning)
        path = (*(parent.path if parent else ()), _display(draft, heading))
        section = Outline(heading, path, Span(start, end), Span(heading.span.end, end), period, status)
        stack.append(section)
        result.append(section)
        last[heading.level] = section
    return result


def _untils(headings: Sequence[Heading], end: int) -> list[int]:
    """Where each heading's section ends with all that lies in it: at the next heading of its level or a higher one."""
    open_at: dict[int, int] = {}
    found: list[int] = []
    for heading in reversed(headings):
        found.append(min((at for level, at in open_at.items() if level <= heading.level), default=end))
        open_at[heading.level] = heading.span.start
    return found[::-1]


_NEW_PARAGRAPH = Rule(
    "outline.sections.new_paragraph",
    rf"{LINE}(?:(?P<y>{YEAR})年(?!\d)|今年|新的一年|下半年|下一步)",
    takes=("⟦2022年⟧是换届之年", "成效明显。\n⟦下一步⟧,我们将"),
    leaves=("2022年1月9日", "截至2022年末"),
    why="Of dates only the bare year opens a paragraph of plans.",
)


def _turn_to_plans(text: str, draft: Draft) -> int | None:
    """Where a report without headings turns to its plans: the paragraph that names their year, from which on it plans."""
    if draft.plan is None or draft.kind is Kind.OTHER:
        return None
    if (english := turn_of_english(text)) is not None:
        return english
    leanings = Leanings(text)
    for match in _NEW_PARAGRAPH.finditer(text):
        if match["y"] not in (None, str(draft.plan.last_year)):
            continue
        after, before = leanings.behind(match.start()), leanings.before(match.start())
        if after is None:
            continue
        # A passage of aims is full of figures (新增…4家): there the words of plans and the turn itself must tell.
        announced = PLAN_WORDS.search(text, match.start(), match.start() + 2 * OPENING) is not None
        if after >= LEANS_TO_PLANS or (announced and before is not None and after - before >= _TURNS):
            return match.start()
    return None


_ITEMS = 3
"""The level of headings that only number things inside of a chapter."""


def _turn_before_the_items(text: str, draft: Draft, first: int) -> int | None:
    """The same for an English report whose only headings number its plans: 1. Stepping up reform."""
    if draft.plan is None or draft.kind is Kind.OTHER or any(h.level < _ITEMS for h in draft.headings):
        return None
    turn = turn_of_english(text)
    return turn if turn is not None and turn < first else None


def _display(draft: Draft, heading: Heading) -> str:
    """The heading as it is printed in the source, on one line and without markup."""
    printed = draft.view.source_span(heading.span).of(draft.source)
    return " ".join(printed.split()).strip(" #*").rstrip("。：:，,")


_NAMES_A_PLAN = load_wording().pattern("names_of_plans")
_TIME_AHEAD = load_wording().pattern("times_ahead")


@dataclass(frozen=True, slots=True)
class _Said:
    """What the words of a heading say by themselves. ``nested``: whether it lies in another section."""

    words: str
    plain: str
    """The words with titles of papers left out, place by place."""
    results: bool
    plans: bool
    names_a_plan: bool
    times: list[TimeMention]
    ended: bool
    """Whether the latest time that it names was over when the report was given."""
    nested: bool


def _said_by(words: str, draft: Draft, clock: Clock, *, nested: bool) -> _Said:
    plain = _TITLES.sub(lambda m: "\x00" * len(m[0]), words)
    times = [t for t in find_times(plain, clock) if not t.base]
    return _Said(
        words,
        plain,
        RESULT_WORDS.search(plain) is not None,
        PLAN_WORDS.search(plain) is not None,
        _NAMES_A_PLAN.search(words) is not None,
        times,
        bool(times) and _has_ended(max(t.period.last for t in times), draft),
        nested,
    )


_Told = tuple[Period | None, Status]


def _told_by(
    words: str, draft: Draft, clock: Clock, parent: Outline | None, *, nested: bool, leaning: float | None = None
) -> _Told:
    """Period and status of a section from its heading; ``parent`` is what it lies in or, if not nested, follows.

    ``leaning`` is how much its text leans to plans; it decides where no heading does.
    """
    said = _said_by(words, draft, clock, nested=nested)
    inherited = _inherited(said, draft, parent, leaning)
    if draft.kind is Kind.OTHER:
        return inherited
    if draft.kind is Kind.BULLETIN:
        # 八、城乡建设和规划 plans nothing: a bulletin tells what was.
        return draft.review, Status.ACTUAL
    status = _status_told(said, inherited[1])
    told = (reader(said, draft, status) for reader in _PERIODS_OF_HEADINGS)
    period = next((p for p in told if p is not None), None)
    if period is None and (status is not inherited[1] or not nested):
        period = draft.plan if status is Status.TARGET else draft.review if status is Status.ACTUAL else None
    return period or inherited[0], status


def _inherited(said: _Said, draft: Draft, parent: Outline | None, leaning: float | None) -> _Told:
    """What a section speaks of where its heading says nothing: from the one around or before it, and from its text."""
    planned = draft.kind is Kind.OUTLINE and draft.plan is not None
    period, status = (draft.plan, Status.TARGET) if planned else (draft.review or draft.plan, Status.ACTUAL)
    if parent is not None:
        period, status = parent.period, parent.status
    if draft.plan is None:
        return period, status
    above = parent.path[-1] if parent is not None and parent.path else None
    if above is not None and not said.nested and _turns_to_plans(above):
        return draft.plan, Status.TARGET
    undecided = not said.results and (not said.nested or (above is not None and _announces_both(above)))
    if undecided and status is Status.ACTUAL and leaning is not None and leaning >= LEANS_TO_PLANS:
        # 一鼓作气勇争先: neither announces results nor plans, and its clauses plan.
        return draft.plan, Status.TARGET
    return period, status


def _status_told(said: _Said, inherited: Status) -> Status:
    if said.nested and inherited is Status.TARGET and not said.ended:
        # （五）加快释放改革开放成效 among plans announces no results.
        return Status.TARGET
    if said.results or (said.plans and said.ended and not _TIME_AHEAD.search(said.plain)):
        return Status.ACTUAL
    if not said.nested and (said.plans or said.names_a_plan):
        return Status.TARGET
    return inherited


def _five_years_back(said: _Said, draft: Draft, status: Status) -> Period | None:
    if draft.review is None or status is not Status.ACTUAL or any(t.period.length <= 12 for t in said.times):
        return None
    last = draft.review.last_year
    return Period.years(last - 4, last) if _FIVE_YEARS.search(said.plain) else None


def _years_of_the_named_plan(said: _Said, draft: Draft, status: Status) -> Period | None:
    del draft
    return plan_named_in(said.words) if said.names_a_plan and status is Status.TARGET else None


def _time_named(said: _Said, draft: Draft, status: Status) -> Period | None:
    if not said.times or (draft.kind in (Kind.SUMMARY, Kind.QUARTER) and status is not Status.TARGET):
        return None
    return _main_time(said.times, status).period


_PERIODS_OF_HEADINGS: tuple[Callable[[_Said, Draft, Status], Period | None], ...] = (
    _five_years_back,
    _years_of_the_named_plan,
    _time_named,
)
"""What period a heading names itself; the first that it does holds."""


def _has_ended(month: int, draft: Draft) -> bool:
    """Whether a month lay in the past when the report was given."""
    if draft.given is not None:
        return month <= draft.given.year * 12 + draft.given.month - 1
    return draft.review is not None and month <= draft.review.last


_YEAR_OF_A_HEADING = Rule(
    "outline.sections.year_of_a_heading",
    rf"{YEAR}年",
    takes=("⟦1998年⟧工作回顾和总体要求",),
    leaves=("1998-2000三年行动",),
)


def _turns_to_plans(heading: str) -> bool:
    """Whether a heading holds results and then plans: 一、1998年工作回顾和1999年工作的总体要求."""
    results, plans = RESULT_WORDS.search(heading), PLAN_WORDS.search(heading)
    years = set(_YEAR_OF_A_HEADING.findall(heading))
    return bool(results and plans and len(years) > 1)


_JOINTS_OF_A_HEADING = Rule(
    "outline.sections.joints_of_a_heading",
    rf"和|与|以?及|、(?!.*[{COUNTING}]、)",
    takes=("2020年⟦及⟧“十三五”工作回顾", "发展成就⟦和⟧主要任务"),
    leaves=("2021年工作安排",),
    why="A 、 before a counted heading number parts nothing.",
)


def _announces_both(heading: str) -> bool:
    """Whether a heading announces results as well as plans: “十四五”发展成就和“十五五”主要目标任务."""
    parts = _JOINTS_OF_A_HEADING.split(_TITLES.sub("", heading))
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


LONGEST = 1500
"""Characters of the longest piece of text that is one sentence. The longest of 75,995 sentences of reports has 1,359: what is
longer is no sentence but lacks its marks, and the work on a sentence grows faster than its length."""
_PARTS_PIECES = frozenset(",、;: \t")
"""Marks behind which a text without full stops is cut."""
_TO_SPACES = str.maketrans(dict.fromkeys(_PARTS_PIECES, " "))
_LONGEST_STRETCH = 200
"""Characters between two marks. In the same reports only cells of a table that a copy drew together stand so for more than 120."""


def sentence_spans(text: str, body: Span) -> Iterator[Span]:
    """Sentences of a part of the cleaned text, without the space around them; see ``whole`` for those of no sentence's length."""
    for match in _SENTENCE.finditer(text, body.start, body.end):
        for piece in _pieces(text, Span(*match.span())):
            words = piece.of(text)
            stripped = words.strip()
            if not stripped:
                continue
            start = piece.start + len(words) - len(words.lstrip())
            yield Span(start, start + len(stripped))


def whole(words: str) -> bool:
    """Whether a sentence, or a piece cut at marks, is one that can be read: in others a figure may be cut in two."""
    if len(words) <= _LONGEST_STRETCH:
        # A bare number, of which files of data have a million, tells of nothing.
        return any(map(str.isalpha, words))
    return len(words) < LONGEST and max(map(len, words.translate(_TO_SPACES).split(" "))) <= _LONGEST_STRETCH


def unread(placed: Sequence[tuple[Sentence, Span]]) -> tuple[str, ...]:
    """What a document does not tell because it lacks its marks, in words."""
    long = [len(s.text) for s, _ in placed if len(s.text) > _LONGEST_STRETCH and not whole(s.text)]
    return (f"no figure is read in {sum(long)} characters that have no marks as a text has",) if long else ()


def _pieces(text: str, sentence: Span) -> Iterator[Span]:
    """A sentence that is too long, cut behind the last mark before ``LONGEST``; a stretch without marks in pieces no shorter than that."""
    start = sentence.start
    while sentence.end - start >= LONGEST:
        end = _behind_a_mark(text, start, min(start + LONGEST, sentence.end))
        if end is None:
            # No figure is read in it, so that it may be cut anywhere; its rest would look like a whole sentence.
            marked = next((at + 1 for at in range(start + LONGEST - 1, sentence.end) if _parts(text, at)), sentence.end)
            while marked - start > 2 * LONGEST:
                yield Span(start, start + LONGEST)
                start += LONGEST
            end = marked
        yield Span(start, end)
        start = end
    if start < sentence.end:
        yield Span(start, sentence.end)


def _behind_a_mark(text: str, start: int, end: int) -> int | None:
    return next((at + 1 for at in range(end - 2, start, -1) if _parts(text, at)), None)


def _parts(text: str, at: int) -> bool:
    """Whether a mark stands at a place that is none of a figure: 1,286 and 1 286."""
    return text[at] in _PARTS_PIECES and not (text[at - 1].isdigit() and text[at + 1 : at + 2].isdigit())


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
            check()
            words = span.of(text)
            if number_in_section and "\n" in text[behind : span.start]:
                discourse.new_paragraph()
            behind = span.end
            calm = discourse.opens_paragraph and (lean(_paragraph(text, span.start)) or 0.0) < CALM
            spoken = discourse.hear(words, times_of(words, local) if whole(words) else [], calm=calm)
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


def _paragraph(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start : end if end >= 0 else len(text)]


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
