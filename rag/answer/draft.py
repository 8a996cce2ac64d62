"""Answers put together from what the reports say, word for word where that is short; needs no model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.store.snapshot import IndexSnapshot
from index.types import Document, Fact, Measure, Sentence, Status
from index.words.naming import normalised
from index.words.regions import Gazetteer, short_name
from rag.answer.citing import UncitedError, cite, unlocked_numbers
from rag.answer.phrases import (
    calculated,
    equal,
    indicator_en,
    outstanding,
    period_en,
    period_zh,
    region_en,
    same_kind,
    statement_en,
    statement_zh,
    target_met,
)
from rag.answer.pieces import Draft, Quoter, on_one_line, parted, value_of, with_spans
from rag.answer.refusals import beyond, no_year, not_explained, of_nothing, refusal
from rag.answer.reports import dated, given, held, outline
from rag.answer.rows import row
from rag.answer.telling import talk, told
from rag.decide.derive import difference
from rag.decide.policy import CALCULATED
from rag.decide.verdict import (
    Calculated,
    Calculation,
    Dated,
    Figures,
    Found,
    HeldReports,
    Missing,
    Outlined,
    Ranked,
    Refused,
    ResultAndTarget,
    Spoken,
    Talk,
    Told,
    Verdict,
)
from rag.find.facts import is_whole
from rag.types import (
    Citation,
    Derived,
    Nearest,
    Operand,
    Passage,
    Query,
    Question,
    QuestionKind,
    Reason,
    Telling,
    Value,
)


class ExtractiveGenerator:
    """Words answers and refusals over one snapshot."""

    def __init__(self, snapshot: IndexSnapshot) -> None:
        self._snapshot = snapshot
        self._quoter = Quoter(snapshot)

    def draft(self, question: Question, query: Query, verdict: Verdict, telling: Telling = Telling.PLAIN) -> Draft:
        """The words for what was decided, in the form that is asked for, every number of them checked. Raises UncitedError."""
        draft = told(self._worded(query, verdict), telling, query.language)
        _lock(question, query, draft)
        return draft

    def _worded(self, query: Query, verdict: Verdict) -> Draft:
        match verdict:
            case Figures(cells, asked):
                return self.figures(query, cells, asked)
            case ResultAndTarget():
                return self.beside_target(query, verdict)
            case Ranked():
                return row(self._quoter, query, verdict)
            case Calculated(result):
                return self.calculation(query, result)
            case Told(passages):
                return self.sentences(query, passages)
            case Spoken():
                return given(self._snapshot, query, verdict)
            case Dated():
                return dated(self._quoter, query, verdict)
            case HeldReports():
                return held(self._snapshot, query, verdict)
            case Outlined():
                return outline(self._snapshot, query, verdict)
            case Talk(telling, example):
                return talk(self._snapshot, query, telling, example)
            case Refused(reason, nearest, passages, notes):
                return replace(self.refusal(query, reason, nearest, passages), notes=notes)

    def figures(
        self, query: Query, cells: Sequence[Found | Missing], asked: Sequence[Query] = (), lead: str = ""
    ) -> Draft:
        """What is compared first, then one statement for each cell with its own citation, then what is missing.

        ``asked`` holds each cell's own query where the question asks for several things; ``lead`` stands before all.
        """
        found = [c for c in cells if isinstance(c, Found)]
        citations: list[Citation] = []
        values: list[Value] = []
        lines = self._lines(query, cells, asked, citations, values)
        comparison, gap = self._comparison(query, found, citations, of_things=bool(asked))
        if gap is not None:
            values.append(gap)
        text = comparison or lead
        spans: dict[int, list[tuple[int, int]]] = {}
        for words, number in lines:
            start = len(self._joined(text, "", query)) if text else 0
            stop = "." if query.language == "en" else "。"
            text = self._joined(text, f"{words}{stop}{f'[{number}]' if number else ''}", query)
            if number:
                spans.setdefault(number, []).append((start, start + len(words)))
        return Draft(
            text,
            None,
            tuple(values),
            tuple(with_spans(c, spans.get(c.n, [])) for c in citations),
            (),
            tuple(self._nearest(f, query) for c in found for f in c.conflicts),
            min(c.score for c in found),
            (*(period_zh(c.period) + period_en(c.period) for c in cells), *self._quoter.in_words(found)),
        )

    def _lines(
        self,
        query: Query,
        cells: Sequence[Found | Missing],
        asked: Sequence[Query],
        citations: list[Citation],
        values: list[Value],
    ) -> list[tuple[str, int]]:
        """The words for each cell with the number of its citation, 0 for what is missing; cells that lack the same together."""
        found = sum(isinstance(c, Found) for c in cells)
        # Of several places or years only the rates, where rates are asked for.
        brief = found > 2 and query.wants.growth and not query.wants.both and query.kind is not QuestionKind.VALUE
        gathered = [] if asked else _gathered([c for c in cells if isinstance(c, Missing)])
        lines: list[tuple[str, int]] = []
        told: list[tuple[Fact, ...]] = []
        for number, cell in enumerate(cells):
            if isinstance(cell, Missing):
                if not gathered:
                    lines.append((self._gap(asked[number] if asked else query, cell), 0))
                continue
            rates = tuple(f for f in cell.facts if f.measure is Measure.GROWTH) if brief else ()
            facts = rates or cell.facts
            if facts in told:
                # 中欧班列 and 西安, read as two things, are told by one figure.
                continue
            told.append(facts)
            citation = self._quoter.cite(facts, citations)
            values.extend(value_of(f, citation.n) for f in facts)
            about = query.place.within or self._inner(query, facts[0])
            english = query.language == "en"
            lines.append(
                (statement_en(facts) if english else statement_zh(facts, brief=bool(rates), about=about), citation.n)
            )
        return lines + [(self._gap(query, *alike), 0) for alike in gathered]

    def _inner(self, query: Query, fact: Fact) -> tuple[str, ...]:
        """The asked place where a figure is of it in the report of the place around."""
        if fact.region is None or fact.region in query.place.regions or len(query.place.regions) != 1:
            return ()
        inside = Gazetteer.load().is_within(query.place.regions[0], fact.region)
        return (short_name(query.place.regions[0]),) if inside else ()

    def _joined(self, text: str, more: str, query: Query) -> str:
        if not text:
            return more
        return f"{text}{' ' if query.language == 'en' else chr(10)}{more}"

    def _gap(self, query: Query, cell: Missing, *alike: Missing) -> str:
        """What a cell lacks, with others of its place or time that lack the same."""
        regions = list(dict.fromkeys(c.region for c in (cell, *alike) if c.region))
        periods = list(dict.fromkeys(c.period for c in (cell, *alike) if c.period))
        terms = self._asked_thing(query) + self._asked_measure(query, cell.nearest)
        return refusal(cell.reason, query.language, regions, periods, terms)

    def _comparison(
        self, query: Query, found: Sequence[Found], citations: Sequence[Citation], *, of_things: bool = False
    ) -> tuple[str, Value | None]:
        """Which of several comparable figures is the highest or lowest, as asked, and of two by how much.

        ``of_things``: they are of several things of one place and time.
        """
        things = of_things and query.cues.compares
        if (query.kind not in (QuestionKind.COMPARE, QuestionKind.RANK) and not things) or len(found) < 2:
            return "", None
        growth = query.wants.growth
        chosen = [next((f for f in c.facts if (f.measure is Measure.GROWTH) == growth), c.facts[0]) for c in found]
        if not same_kind(chosen) or len(set(chosen)) < len(chosen):
            # One figure that is found for two things compares with nothing.
            return "", None
        by_place = len({f.region for f in chosen}) > 1
        # 降幅更大 is the lower of two rates.
        falls = growth and query.cues.falls and any(f.value < 0 for f in chosen)
        sizes = [normalised(f.value, f.unit)[0] * (-1 if falls else 1) for f in chosen]
        size = (min if query.cues.lowest else max)(sizes)
        if sizes.count(size) > 1:
            names = [
                c.region if by_place else period_zh(c.period) for c, s in zip(found, sizes, strict=True) if s == size
            ]
            return equal(chosen[sizes.index(size)], names, len(found), query.language, lowest=query.cues.lowest), None
        fact = chosen[sizes.index(size)]
        gap = difference(*sorted(chosen, key=lambda f: -normalised(f.value, f.unit)[0])) if len(chosen) == 2 else None
        of = "place" if by_place else "thing" if things else "time"
        words = outstanding(fact, of, query.language, lowest=query.cues.lowest, falls=falls, gap=gap)
        return words, _gap_value(gap, fact, citations) if gap is not None else None

    def beside_target(self, query: Query, verdict: ResultAndTarget) -> Draft:
        """A result and its target, and whether the one met the other, which is calculated."""
        aimed = replace(query, kind=QuestionKind.TARGET, wants=replace(query.wants, growth=False))
        gap = verdict.gap
        lead = target_met(gap, verdict.met, query.language) if gap is not None else ""
        draft = self.figures(query, [verdict.result, verdict.aim], [query, aimed], lead)
        if gap is None:
            return draft
        return replace(draft, values=(*draft.values, _gap_value(gap, gap.operands[0], draft.citations)))

    def calculation(self, query: Query, result: Calculation) -> Draft:
        """A calculated figure with its formula; every operand is cited."""
        citations: list[Citation] = []
        numbers = [self._quoter.cite([f], citations).n for f in result.operands]
        numbers += numbers[-1:] * (len(result.written) - len(numbers))
        operands = tuple(Operand(*parted(words), number) for words, number in zip(result.written, numbers, strict=True))
        derived = Derived(result.formula, operands)
        fact = result.operands[0]
        marks = "".join(f"[{n}]" for n in dict.fromkeys(numbers))
        period = query.time.periods[0] if query.time.periods else fact.period
        text = f"{calculated(result, period, query.language)}{marks}"
        value = Value(
            result.label,
            fact.region,
            str(period) if period else None,
            f"{result.value:f}",
            result.unit,
            "growth" if result.against and result.unit == "%" else "share" if result.unit == "%" else "change",
            fact.status.value,
            numbers[0],
            derived,
        )
        return Draft(
            text, None, (value,), tuple(citations), support=CALCULATED, slots=(period_zh(period) + period_en(period),)
        )

    def sentences(self, query: Query, passages: Sequence[Passage]) -> Draft:
        """One to three verbatim sentences, those that come close to the best; of what is counted out as many as are asked for."""
        best = passages[0].score
        row = next((n for n, p in enumerate(passages) if p.sentence != passages[0].sentence + n), len(passages))
        many = 3 if query.kind is QuestionKind.EXPLAIN else max(1, min(row, query.cues.names))
        chosen = _once([p for p in passages if p.score >= best - 0.08])[:many]
        citations: list[Citation] = []
        text = ""
        for number, passage in enumerate(chosen, 1):
            document = self._quoter.document(passage.value.document_id)
            span = self._quoter.part(passage.value, None, query.thing.terms)
            citation = cite(
                self._snapshot,
                document,
                span,
                number,
                str(passage.value.period) if passage.value.period else None,
                passage.value.heading,
            )
            start = len(self._joined(text, "", query))
            lead = self._lead(passage.value, document, query) if number == 1 else ""
            quote = on_one_line(citation.quote)
            # The source's own language is a quotation in another.
            foreign = query.language == "en" and not quote.isascii() and any(c > "\u3400" for c in quote)
            lead, end = (f"{lead}“", "”") if foreign else (lead, "")
            text = self._joined(text, f"{lead}{quote}{end}[{number}]", query)
            citations.append(with_spans(citation, [(start + len(lead), start + len(lead) + len(quote))]))
        return Draft(
            text,
            citations=tuple(citations),
            support=best,
            quotes=True,
            slots=tuple(period_zh(p.value.period) + period_en(p.value.period) for p in chosen),
        )

    def _lead(self, sentence: Sentence, document: Document, query: Query) -> str:
        """Whose words these are and of which time; a plan is called one."""
        if query.language == "en":
            status = " (plan)" if sentence.status is Status.TARGET else ""
            return f"{region_en(document.region)}, {period_en(sentence.period)}{status}: " if document.region else ""
        status = "（计划）" if sentence.status is Status.TARGET else ""
        place = document.region or ""
        when = period_zh(sentence.period)
        return f"{'，'.join(p for p in (when, place) if p)}{status}：" if place or when else ""

    def refusal(self, query: Query, reason: Reason, near: Sequence[Fact], passages: Sequence[Passage] = ()) -> Draft:
        """A plain no with its reason, and what comes nearest named for what it is."""
        terms = self._asked_thing(query) + self._asked_measure(query, near)
        # What lies in a held place is not held itself.
        others = (*query.place.unknown, *query.place.within)
        strangers = tuple(dict(query.place.asked_as).get(name, name) for name in others)
        regions = strangers if reason is Reason.REGION_MISSING and strangers else query.place.regions
        text = refusal(reason, query.language, regions, query.time.periods, terms)
        if reason is Reason.OUT_OF_SCOPE and query.cues.beyond:
            text = beyond(query.cues.beyond, query.language)
        if reason is Reason.NOT_IN_REPORTS and query.cues.term:
            text = not_explained(query.cues.term, query.language, used=bool(passages))
        if reason is Reason.AMBIGUOUS and query.cues.of_nothing:
            text = of_nothing(query.language)
        if query.time.odd_year and reason is Reason.PERIOD_MISSING:
            text = no_year(query.time.odd_year, query.language)
        nearest = [self._nearest(f, query) for f in near]
        nearest += [self._near_sentence(p, query) for p in passages]
        stop = "." if query.language == "en" else "。"
        if near:
            lead = " Nearest: " if query.language == "en" else "最接近的是："
            text = f"{text}{stop}{lead}{nearest[0].text}{stop}"
        else:
            text = f"{text}{stop}"
        return Draft(
            text, reason, nearest=tuple(nearest), slots=tuple(period_zh(f.period) + period_en(f.period) for f in near)
        )

    def _asked_thing(self, query: Query) -> str:
        """The asked indicator by its name where the question names one, else the question's own words."""
        if query.language == "en" and query.thing.indicators:
            return ", ".join(map(indicator_en, query.thing.indicators))
        named = "、".join(query.thing.indicators)
        return named if named and is_whole(query) else query.thing.terms or named

    def _asked_measure(self, query: Query, near: Sequence[Fact]) -> str:
        """What of an indicator is missing, where it is not the indicator itself."""
        english = query.language == "en"
        if query.status is Status.TARGET or (query.kind is QuestionKind.TARGET and query.cues.met):
            return " (target)" if english else "的目标"
        if query.wants.growth and (query.cues.met or not query.wants.level):
            return " (growth)" if english else "的增减率"
        if (
            near
            and near[0].measure is Measure.GROWTH
            and (not query.time.periods or near[0].period in query.time.periods)
        ):
            return " (amount)" if english else "的数额"
        return ""

    def _nearest(self, fact: Fact, query: Query) -> Nearest:
        words = statement_en([fact]) if query.language == "en" else statement_zh([fact])
        return Nearest(self._quoter.cite([fact], []), words)

    def _near_sentence(self, passage: Passage, query: Query) -> Nearest:
        document = self._quoter.document(passage.value.document_id)
        span = self._quoter.part(passage.value, None, query.thing.terms)
        period = str(passage.value.period) if passage.value.period else None
        citation = cite(self._snapshot, document, span, 1, period, passage.value.heading)
        return Nearest(citation, self._lead(passage.value, document, query) + on_one_line(citation.quote))


def _once(passages: Sequence[Passage]) -> list[Passage]:
    """Without passages that say what one before them says, whatever number a note has."""
    said: dict[str, Passage] = {}
    for passage in passages:
        said.setdefault(passage.value.text.lstrip("0123456789.、．()[] "), passage)
    return list(said.values())


def _gathered(missing: Sequence[Missing]) -> list[tuple[Missing, ...]]:
    """Cells that lack the same, each place's or each time's together; none where a single one is missing."""
    if len(missing) < 2:
        return []
    by_place = len({c.region for c in missing}) <= len({c.period for c in missing})
    groups: dict[object, list[Missing]] = {}
    for cell in missing:
        groups.setdefault((cell.reason, cell.region if by_place else cell.period), []).append(cell)
    return [tuple(group) for group in groups.values()]


def _lock(question: Question, query: Query, draft: Draft) -> None:
    """The promises: quotations were checked when cited; here every number of the text. Raises UncitedError."""
    citations = [*draft.citations, *(n.citation for n in draft.nearest)]
    context = [
        question.text,
        *map(str, query.time.periods),
        *query.place.regions,
        *query.thing.indicators,
        *draft.slots,
    ]
    loose = unlocked_numbers(draft.text, citations, [v.derived for v in draft.values if v.derived], context)
    if loose:
        raise UncitedError(f"numbers without a citation: {loose} in {draft.text!r}")


def _gap_value(gap: Calculation, fact: Fact, citations: Sequence[Citation]) -> Value:
    """By how much the figure that stands out does so, as a figure of its own."""
    places = [next(c.n for c in citations if _holds(c, f)) for f in gap.operands]
    operands = tuple(Operand(*parted(w), n) for w, n in zip(gap.written, places, strict=True))
    return Value(
        gap.label,
        fact.region,
        str(fact.period) if fact.period else None,
        f"{gap.value:f}",
        gap.unit,
        Measure.CHANGE.value,
        fact.status.value,
        places[0],
        Derived(gap.formula, operands),
    )


def _holds(citation: Citation, fact: Fact) -> bool:
    return citation.document_id == fact.document_id and citation.start <= fact.figure.start < citation.end
