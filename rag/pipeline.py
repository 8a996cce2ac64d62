"""From a question to a cited answer: the whole flow, one named step after another."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index.figures.readers.ranks import is_place
from index.rules import Rule
from index.store.embedding import Embedder
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Measure, Period
from index.words.numbers import find_figures
from index.words.regions import Gazetteer, Region, short_name
from rag.answer.citing import UncitedError, unlocked_numbers
from rag.answer.draft import Draft, ExtractiveGenerator
from rag.decide.cells import FigureFinder, Found, Missing
from rag.decide.derive import derive
from rag.decide.lists import asks_most, most
from rag.decide.premises import contradicting_figure, contradicts, speaks_of_fall_or_reason
from rag.decide.support import calibrated
from rag.errors import QuestionError
from rag.find.facts import FactMatcher, is_whole
from rag.find.passages import OF_THE_PERIOD, Constraints, Retriever, constraints_of
from rag.generators.checking import SentenceCheck
from rag.generators.contract import DEFAULT, GeneratorError, TokensUsed
from rag.generators.evidence import gather
from rag.generators.registry import Generators
from rag.generators.writing import Written, pieces, write
from rag.types import (
    Answer,
    Filters,
    Passage,
    Query,
    Question,
    QuestionKind,
    Reason,
    SearchHit,
    SearchResult,
    Understood,
)
from rag.understand.held import located
from rag.understand.homophones import Homophones
from rag.understand.known import Known
from rag.understand.query import understand
from rag.understand.several import asked_together, questions_of

MAX_QUESTION = 1000
MAX_HISTORY = 20
LANGUAGES = ("auto", "zh", "zh-Hant", "en")

PASSAGE_ACCEPT = 0.46
"""Least score of a sentence that answers a question about something that is no figure."""

PASSAGE_LEAST = 0.3
PASSAGE_GAP = 0.09
"""A sentence below :data:`PASSAGE_ACCEPT` answers where it scores at least the one and leads by the other: so were the
right ones of eight question sets, and no other."""


_MEASURE_END = Rule(
    "pipeline.measure_end",
    r"(?:产量|总量|数量|人数|户数|家数|个数|总数|金额|总额|数额|额度|比例|比重|占比|收入|支出|面积|里程|装机|规模|产值|增加值|价格|浓度|标准|投资额|总值|余额|容量|吞吐量|销量|[^效功]率)$",
)
"""Ends of what is asked that ask for a figure, though the question says no 多少."""

_MAYBE_MISSPELT = frozenset({Reason.INDICATOR_MISSING, Reason.NOT_IN_REPORTS, Reason.OUT_OF_SCOPE})

_DATE = Rule("pipeline.date", r"\d\s*[年月日]|[一二三四五六七八九十]月|上半年|下半年|季度|年初|年底")

_TEXT_KINDS = frozenset({QuestionKind.EXPLAIN, QuestionKind.LIST, QuestionKind.LOOKUP})


@dataclass(frozen=True, slots=True)
class Trace:
    """Times of the steps in milliseconds."""

    started: float
    steps: dict[str, float]

    def mark(self, step: str, since: float) -> float:
        now = time.perf_counter()
        self.steps[step] = round((now - since) * 1000, 3)
        return now


class AnswerPipeline:
    """Answers questions over one snapshot. Holds nothing that changes, so threads may share it."""

    def __init__(
        self,
        snapshot: IndexSnapshot,
        embedder: Embedder,
        generators: Generators | None = None,
        *,
        calibrate: bool = True,
    ) -> None:
        self.snapshot = snapshot
        self.embedder = embedder
        self._generators = generators or Generators()
        self._calibrate = calibrate
        self._gazetteer = Gazetteer.load()
        self._known = Known.of(snapshot, self._gazetteer)
        self._matcher = FactMatcher(snapshot, embedder)
        self._retriever = Retriever(snapshot, embedder)
        self._finder = FigureFinder(snapshot, self._matcher, self._gazetteer)
        self._generator = ExtractiveGenerator(snapshot)
        self._homophones = Homophones(snapshot.postings.sentences)

    def close(self) -> None:
        self.snapshot.close()

    def warm(self) -> None:
        """Load what the first question would load (places, vocabulary, model), so that it waits no longer than others."""
        for text in ("2020年地区生产总值和固定资产投资增长多少", "gdp growth in 2020"):
            self.answer(Question(text, dt.date(2020, 1, 1)))

    @property
    def generators(self) -> tuple[str, ...]:
        """The names that ``Question.generator`` may have, the default first."""
        return self._generators.names

    def answer(self, question: Question) -> Answer:
        """Answer or abstain. Raises QuestionError for input that cannot be a question."""
        *_, answer = self.stream(question)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, question: Question) -> Iterator[Understood | str | Answer]:
        """The question as understood, the answer's text piece by piece, and at last the whole answer.

        What can be wrong with the question is found before this returns, and only then a reader is promised anything;
        raises QuestionError. Every piece is checked before it is yielded. Closing the iterator stops a generator's work.
        """
        self._check(question)
        trace = Trace(time.perf_counter(), {})
        query = self._understand(question)
        at = trace.mark("understanding", trace.started)
        try:
            draft = self._drafted(question, query)
            if draft.reason is Reason.INDICATOR_MISSING or len(draft.values) == 1:
                query, draft = self._town_and_country(question, query, draft)
            if draft.reason in _MAYBE_MISSPELT:
                query, draft = self._as_meant(question, query, draft)
            at = trace.mark("retrieval_and_generation", at)
            self._lock(question, query, draft)
        except UncitedError as error:
            # Promises 1 and 2: such an answer is not sent. What is left is an honest no.
            draft = replace(self._generator.refusal(query, Reason.NOT_IN_REPORTS, []), notes=(f"withdrawn: {error}",))
        trace.mark("checking", at)
        return self._told(question, query, _in_script(draft, query), trace)

    def _understand(self, question: Question) -> Query:
        return located(understand(question, self._known, self._gazetteer), self.snapshot, self._gazetteer)

    def _drafted(self, question: Question, query: Query) -> Draft:
        further = self._further(question, query)
        return self._conflict(query, question.filters) or self._draft(query, question.filters, further)

    def _as_meant(self, question: Question, query: Query, draft: Draft) -> tuple[Query, Draft]:
        """The question with its homophones put right and its answer, where that is one; else what was there."""
        text = fold(question.text)
        # What the vocabulary knows is no typing error (大豆产量), if no report tells of it.
        known = query.thing.terms in query.thing.indicators
        kept = [m.span for m in query.mentions if m.slot in ("region", "period") or (known and m.slot == "indicator")]
        meant = self._homophones.corrected(text, kept) if len(text) == len(question.text) else text
        if meant == text:
            return query, draft
        changed = replace(question, text=meant, language=query.language)
        again = self._understand(changed)
        answered = self._drafted(changed, again)
        if answered.reason is not None:
            return query, draft
        return again, replace(answered, notes=(*answered.notes, f"read as: {meant}"))

    def _town_and_country(self, question: Question, query: Query, draft: Draft) -> tuple[Query, Draft]:
        """城乡居民收入 of reports that state it of 城镇居民 and of 农村居民 only: both; else what was there."""
        text = fold(question.text)
        joint = [m.span for m in query.mentions if m.slot == "indicator" and text.startswith("城乡", m.span.start)]
        half = all(v.indicator.startswith(("城镇", "城市", "农村")) for v in draft.values)
        if len(joint) != 1 or len(text) != len(question.text) or not half:
            return query, draft
        of = text[joint[0].start + len("城乡") : joint[0].end]
        apart = f"{text[: joint[0].start]}城镇{of}和农村{of}{text[joint[0].end :]}"
        again = self._understand(replace(question, text=apart, language=query.language))
        answered = self._drafted(replace(question, text=apart, language=query.language), again)
        return (query, draft) if answered.reason is not None else (again, answered)

    def _told(
        self, question: Question, query: Query, draft: Draft, trace: Trace
    ) -> Iterator[Understood | str | Answer]:
        yield _understood(query)
        author, used = DEFAULT, TokensUsed(0, 0)
        if question.generator == DEFAULT:
            yield from pieces(draft.text)
        elif draft.reason is not None:
            # No evidence, no call: what is not in the reports, no model is asked to word.
            draft = replace(draft, notes=(*draft.notes, f"{question.generator}: not called, there is no evidence"))
            yield from pieces(draft.text)
        else:
            at = time.perf_counter()
            evidence = gather(self.snapshot, question, query, draft, self._more_sentences(question, query))
            check = SentenceCheck(evidence, self.snapshot.regions)
            try:
                generator = self._generators.get(question.generator)
                assert generator is not None
                for part in write(question.generator, generator, evidence, draft, check):
                    if isinstance(part, Written):
                        draft, author, used = part.draft, part.generator, part.used
                    else:
                        yield part
            except GeneratorError as error:
                draft = replace(draft, notes=(*draft.notes, f"{question.generator}: {error}"))
                yield from pieces(draft.text)
            trace.mark("generator", at)
        yield self._assemble(question, query, draft, trace, author, used)

    def _more_sentences(self, question: Question, query: Query) -> list[Passage]:
        """More sentences for who words an answer, where words and not figures are asked for."""
        if query.kind not in _TEXT_KINDS:
            return []
        found = self._retriever.passages(query, constraints_of(query, question.filters), question.top_k)
        return [passage for passage in found if passage.score >= PASSAGE_ACCEPT]

    def search(self, text: str, *, filters: Filters, top_k: int, asked_on: dt.date) -> SearchResult:
        """Passages best first, with place and time of the question as constraints."""
        question = Question(text, asked_on, filters=filters, top_k=top_k)
        self._check(question)
        query = understand(question, self._known, self._gazetteer)
        hits, notes = self._retriever.search(query, constraints_of(query, filters), top_k)
        result = []
        for hit in hits:
            chunk = self.snapshot.chunks[hit.chunk]
            document = self.snapshot.document(chunk.document_id)
            assert document is not None
            result.append(
                SearchHit(
                    chunk.id,
                    document.source,
                    document.id,
                    document.title,
                    chunk.region,
                    str(chunk.period) if chunk.period else None,
                    chunk.heading,
                    chunk.text,
                    chunk.span.start,
                    chunk.span.end,
                    hit.score,
                    hit.signals,
                    f"/documents/{document.id}?start={chunk.span.start}&end={chunk.span.end}",
                )
            )
        return SearchResult(tuple(result), tuple(notes), _understood(query))

    def _check(self, question: Question) -> None:
        if not question.text.strip():
            raise QuestionError("question", "is empty")
        if len(question.text) > MAX_QUESTION:
            raise QuestionError("question", f"is longer than {MAX_QUESTION} characters")
        if len(question.history) > MAX_HISTORY:
            raise QuestionError("history", f"holds more than {MAX_HISTORY} questions")
        if question.generator not in self._generators:
            hint = "; openai wants WENJU_LLM_MODEL" if question.generator == "openai" else ""
            held = ", ".join(self.generators)
            raise QuestionError("generator", f"unknown: {question.generator!r}; there is {held}{hint}")
        if question.language not in LANGUAGES:
            raise QuestionError("language", f"unknown: {question.language!r}; one of {', '.join(LANGUAGES)}")
        names = {d.region for d in self.snapshot.documents} | self.snapshot.spoken_for.keys()
        for region in question.filters.regions:
            if region not in names:
                raise QuestionError(
                    "filters.regions", f"no report of {region!r} is held; held: {', '.join(self.snapshot.regions)}"
                )
        ids = {d.id for d in self.snapshot.documents} | set(self.snapshot.sources)
        for document in question.filters.documents:
            if document not in ids:
                raise QuestionError("filters.documents", f"no such document: {document!r}")

    def _further(self, question: Question, query: Query) -> list[Query]:
        """The figures that later sentences of one question ask for (新设台企多少家？实际使用台资多少？)."""
        parts = questions_of(question.text)
        if len(parts) < 2 or query.kind in _TEXT_KINDS:
            return []
        told = (*question.history, *parts)
        reads = [
            self._understand(replace(question, text=part, history=told[: len(question.history) + n]))
            for n, part in enumerate(parts)
        ]
        own = [r for r in reads[1:] if "indicator" not in r.carried and r.thing.terms and self._asks_figure(r)]
        # 相差多少, 占比多少 ask about what was asked before them.
        own = [r for r in own if not r.wants.share and not r.cues.compares]
        return [reads[0], *own] if own and self._asks_figure(reads[0]) else []

    def _draft(self, query: Query, filters: Filters, further: Sequence[Query] = ()) -> Draft:
        """Choose the way: who gave the report, figures, or sentences; refuse where none leads.

        ``further`` are the single questions of a text that asks several, the first among them.
        """
        if query.wants.speaker:
            drafted = self._speaker(query, filters)
            if drafted is not None:
                return drafted
        off_topic = self._off_topic(query, filters)
        if off_topic is not None:
            return off_topic
        if query.kind is QuestionKind.EXPLAIN:
            false = contradicting_figure(query, lambda asked: self._finder.find(asked, filters), self.snapshot)
            if false is not None:
                return self._generator.refusal(query, Reason.PREMISE_FALSE, [false])
        several = [part for asked in further for part in asked_together(asked) or (asked,)] or asked_together(query)
        words_asked = query.kind in _TEXT_KINDS or not self._asks_figure(query)
        listed = not (several or words_asked)
        largest = most(query, self.snapshot) if asks_most(query, listed=listed) else None
        if largest is not None:
            return self._generator.figures(query, [largest])
        if words_asked:
            return self._from_sentences(query, filters)
        if several:
            asked: list[tuple[Query, Found | Missing]] = []
            for part in several:
                beside = self._finder.in_sentence(part, asked[0][1]) if asked and part in further else None
                if asked and part.wants.share and not asked[0][0].wants.share:
                    beside = beside or self._finder.share_beside(asked[0][1])
                cells = [beside] if beside else self._found(part, filters)
                first = asked[0][1] if asked else None
                if isinstance(first, Found) and not any(isinstance(cell, Found) for cell in cells):
                    # 翻新了多少个老小区，多少户人家受益: the next figure of the sentence in the asked unit.
                    cells = [other for unit in part.thing.units for other in self._finder.in_unit(first, unit)] or cells
                asked += [(part, cell) for cell in cells]
            if any(isinstance(cell, Found) for _, cell in asked):
                return self._generator.figures(query, [cell for _, cell in asked], [part for part, _ in asked])
        calculated = derive(query, lambda asked: self._finder.find(asked, filters), self.snapshot)
        cells = self._finder.find(query, filters)
        amounts = [unit for unit in query.thing.units if unit != "%"]
        stated = [
            fact.measure
            for c in cells
            if isinstance(c, Found)
            for fact in c.facts
            if not amounts or self._matcher.in_asked_unit(query, fact)
        ]
        # What a report states goes before what can be calculated.
        if calculated is not None and not (
            Measure.SHARE in stated or (query.time.bases and {Measure.CHANGE, Measure.GROWTH} & set(stated))
        ):
            return self._generator.calculation(query, calculated)
        cells = [self._again(query, cell, filters) for cell in cells]
        if any(isinstance(cell, Found) for cell in cells):
            return self._generator.figures(query, [*cells, *self._finder.beside(query, cells, filters)])
        if query.follows_figure:
            # 那对欧洲的呢: told in words, if in no figure.
            told = self._from_sentences(query, filters)
            if told.reason is None:
                return told
        missing = [c for c in cells if isinstance(c, Missing)]
        return self._generator.refusal(query, missing[0].reason, [f for m in missing for f in m.nearest][:3])

    def _found(self, query: Query, filters: Filters) -> list[Found | Missing]:
        """One cell for each asked place and period, looked for in other words where none tell it as asked."""
        return [self._again(query, cell, filters) for cell in self._finder.find(query, filters)]

    def _again(self, query: Query, cell: Found | Missing, filters: Filters) -> Found | Missing:
        if isinstance(cell, Found):
            return cell
        found = self._finder.in_other_words(query, cell, filters) or self._finder.by_meaning(query, cell, filters)
        if found is None and cell.region is not None and cell.region not in self._known.regions:
            found = self._in_the_report_around(query, cell, filters)
        return found or cell

    def _in_the_report_around(self, query: Query, cell: Missing, filters: Filters) -> Found | None:
        """What the report of the place around tells of a place that it names: 中欧班列(西安)开行6037列."""
        inner = cell.region or ""
        around = [a.name for a in self._ancestors(inner) if a.name in self._known.regions and a.name != "全国"]
        if len(around) != 1 or query.place.within:
            return None
        asked = replace(query, place=replace(query.place, regions=(around[0],), within=(short_name(inner),)), pairs=())
        return next((c for c in self._finder.find(asked, filters) if isinstance(c, Found)), None)

    def _conflict(self, query: Query, filters: Filters) -> Draft | None:
        """Refuse and say so where the caller's filters and the question's own place or time exclude each other."""
        if query.time.odd_year:
            odd = query.time.odd_year
            no_year = f"{odd} is no year of a report." if query.language == "en" else f"“{odd}”不是报告会有的年份。"
            refused = self._generator.refusal(query, Reason.PERIOD_MISSING, [])
            return replace(refused, text=no_year, notes=(f"{odd} is no year of a report",))
        if filters.regions and query.place.regions and not set(filters.regions) & set(query.place.regions):
            note = f"filter regions {', '.join(filters.regions)} leaves nothing of {', '.join(query.place.regions)}"
            return replace(self._generator.refusal(query, Reason.REGION_MISSING, []), notes=(note,))
        years = {y for p in query.time.periods for y in range(p.first_year, p.last_year + 1)}
        if filters.years and years and not set(filters.years) & years:
            note = f"filter years {', '.join(map(str, filters.years))} leaves nothing of {', '.join(map(str, query.time.periods))}"
            return replace(self._generator.refusal(query, Reason.PERIOD_MISSING, []), notes=(note,))
        if not self._retriever.documents_allowed(Constraints(None, None, (), filters)):
            note = "the filters match no document"
            return replace(self._generator.refusal(query, Reason.NOT_IN_REPORTS, []), notes=(note,))
        return None

    def _asks_figure(self, query: Query) -> bool:
        """Whether a number is asked for: by a unit or 多少, by growth, or because an indicator is all there is."""
        numeric = bool(query.thing.units) or query.wants.growth or query.cues.numeric
        return (
            numeric
            or ("indicator" in query.carried and query.kind not in _TEXT_KINDS)
            or (is_whole(query) and bool(query.thing.indicators))
            or query.follows_figure
            or (query.kind not in _TEXT_KINDS and _MEASURE_END.search(query.thing.terms) is not None)
            or query.cues.ends_in_indicator
            or (
                query.kind
                in (
                    QuestionKind.RANK,
                    QuestionKind.COMPARE,
                    QuestionKind.SERIES,
                    QuestionKind.DERIVE,
                    QuestionKind.TARGET,
                )
                and bool(query.thing.indicators)
            )
        )

    def _speaker(self, query: Query, filters: Filters) -> Draft | None:
        constraints = constraints_of(query, filters)
        allowed = self._retriever.documents_allowed(constraints)
        documents = [d for d in self.snapshot.documents if d.id in allowed and d.speaker is not None]
        if query.time.periods:
            years = {p.last_year for p in query.time.periods}
            documents = [d for d in documents if years & d.report_years] or documents
        if not documents or not query.place.regions:
            return None
        return self._generator.speaker(query, documents[0])

    def _off_topic(self, query: Query, filters: Filters) -> Draft | None:
        """Refuse what no report speaks of: no indicator, and hardly any of its words in any report."""
        if query.thing.indicators:
            return None
        if not query.cues.has_words:
            return self._generator.refusal(query, Reason.OUT_OF_SCOPE, [])
        share = self._retriever.familiarity(query)
        # Place and time are no proof of a fitting question, but where a number is asked for as well, meaning may find it.
        numeric = bool(query.thing.units) or query.wants.growth or query.cues.numeric
        timed = bool(query.time.periods or query.time.report_years)
        hopeful = bool(query.place.regions and timed and (numeric or share >= 0.2))
        if hopeful:
            return None
        best = self._retriever.passages(query, Constraints(None, None, (), filters), 1) if share >= 0.5 else []
        if not best or best[0].score < PASSAGE_LEAST:
            return self._generator.refusal(query, Reason.OUT_OF_SCOPE, [])
        return None

    def _from_sentences(self, query: Query, filters: Filters) -> Draft:
        constraints = constraints_of(query, filters)
        held = [r for r in query.place.regions if r in self._known.regions or self._gazetteer.get(r) is None]
        outer = [r for r in query.place.regions if r not in self._known.regions]
        above = [a.name for r in outer for a in self._ancestors(r) if a.name in self._known.regions]
        if outer and not held and above:
            # 青海化隆县: told in the report of the place around it, by name.
            passages = [
                p
                for p in self._retriever.passages(query, replace(constraints, regions=tuple(above)), 40)
                if any(short_name(r) in p.value.text for r in outer)
            ]
            good = [p for p in passages if p.score >= PASSAGE_LEAST]
            if good:
                return self._generator.sentences(query, good[:1])
        if outer and not held:
            inside = tuple(r for r in self._known.regions if any(self._gazetteer.is_within(r, o) for o in outer))
            if not inside or query.place.level is None:
                return self._generator.refusal(query, Reason.REGION_MISSING, [])
            constraints = replace(constraints, regions=inside)
        passages = self._retriever.passages(query, constraints)
        passages = [p for p in passages if all(name in p.value.text for name in query.place.about)]
        if query.cues.date:
            # Who asks when is told by a sentence that names a time.
            passages = [p for p in passages if _DATE.search(p.value.text)]
        told = any(self._finder.tells(r, p) for r in (query.place.regions or (None,)) for p in query.time.periods)
        if not passages and query.time.periods and not told:
            return self._generator.refusal(query, Reason.PERIOD_MISSING, [])
        good = [p for p in passages if p.score >= PASSAGE_ACCEPT] or _standing_out(passages)
        if not good and query.time.periods and query.time.periods[0].length > 12:
            # “九五”时期为什么…: what any of these years is said of.
            wider = self._retriever.passages(query, constraints, strict_period=False)
            good = [p for p in wider if p.score >= PASSAGE_ACCEPT]
        if (
            len(query.time.periods) == 1
            and query.time.periods[0].is_year
            and (not good or query.kind is QuestionKind.EXPLAIN)
        ):
            good = sorted((*good, *self._told_then(query, constraints)), key=lambda p: -p.score)
        if query.cues.place_in_row:
            # 居全国第几 is told by no sentence without a place in a row.
            good = [p for p in (*good, *passages) if _tells_place(query, fold(p.value.text))][:1]
        if query.kind is QuestionKind.EXPLAIN and query.direction < 0:
            # Why something fell is told by no sentence that speaks neither of a fall nor of a reason.
            good = [p for p in good if speaks_of_fall_or_reason(p.value.text)]
        if not good:
            return self._generator.refusal(query, Reason.NOT_IN_REPORTS, [], passages[:2])
        if query.kind is QuestionKind.EXPLAIN:
            if contradicts(query, good[0]):
                return self._generator.refusal(query, Reason.PREMISE_FALSE, [], good[:1])
            good = self._retriever.with_what_follows(query, good)
        return self._generator.sentences(query, good)

    def _told_then(self, query: Query, constraints: Constraints) -> list[Passage]:
        """What the report of the asked year tells as of the year before, which may have been decided in the asked one."""
        year = query.time.periods[0]
        given = replace(constraints, periods=None, report_years=(year.last_year,))
        close = [p for p in self._retriever.passages(query, given) if _close(p.value.period, year)]
        # Whether it is of the one or of the other year its words do not say.
        return [
            replace(p, value=replace(p.value, period=None))
            for p in close
            if p.score >= PASSAGE_ACCEPT - OF_THE_PERIOD and p.value.period != year
        ][:1]

    def _ancestors(self, name: str) -> tuple[Region, ...]:
        region = self._gazetteer.get(name)
        return self._gazetteer.ancestors(region) if region is not None else ()

    def _lock(self, question: Question, query: Query, draft: Draft) -> None:
        """The promises: quotations were checked when cited; here every number of the text."""
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

    def _assemble(
        self, question: Question, query: Query, draft: Draft, trace: Trace, author: str, used: TokensUsed
    ) -> Answer:
        trace.mark("total", trace.started)
        seed = "\x1f".join(
            [self.snapshot.id, *question.history, question.text, question.asked_on.isoformat(), repr(question.filters)]
            + ([question.generator] if question.generator != DEFAULT else [])
        )
        return Answer(
            id="ans_" + hashlib.sha256(seed.encode()).hexdigest()[:16],
            question=question.text,
            understood=_understood(query),
            answer=draft.text,
            abstained=draft.reason is not None,
            reason=draft.reason,
            values=draft.values,
            citations=draft.citations,
            nearest=draft.nearest,
            conflicts=draft.conflicts,
            support=self._support(draft),
            generator=author,
            snapshot=self.snapshot.id,
            notes=draft.notes,
            prompt_tokens=used.prompt,
            completion_tokens=used.completion,
            timings_ms=dict(trace.steps),
            trace=self._explain(query) if question.explain else {},
        )

    def _support(self, draft: Draft) -> float:
        if draft.reason is not None or not self._calibrate:
            return round(draft.support, 4)
        return calibrated(draft.support)

    def _explain(self, query: Query) -> dict[str, object]:
        """Why the answer is what it is: the words looked for and the facts that came closest, kept or not."""
        scores = self._matcher.scores(query)
        best = sorted(range(len(scores)), key=lambda n: (-float(scores[n]), n))[:10]
        return {
            "terms": query.thing.terms,
            "units": list(query.thing.units),
            "mentions": [
                {"slot": m.slot, "value": m.value, "span": [m.span.start, m.span.end]} for m in query.mentions
            ],
            "facts": [
                {
                    "indicator": f.indicator,
                    "region": f.region,
                    "period": str(f.period) if f.period else None,
                    "status": f.status.value,
                    "measure": f.measure.value,
                    "value": f"{f.value:f}",
                    "unit": f.unit,
                    "words": round(float(scores[n]), 4),
                    "region_match": not query.place.regions or f.region in query.place.regions,
                    "period_match": not query.time.periods or f.period in query.time.periods,
                }
                for n in best
                for f in (self.snapshot.facts[n],)
            ],
        }


def _in_script(draft: Draft, query: Query) -> Draft:
    """Our own words in the characters of the question."""
    if query.language != "zh-Hant" or draft.quotes:
        return draft
    from rag.answer.script import traditional

    nearest = tuple(replace(n, text=traditional(n.text)) for n in draft.nearest)
    return replace(draft, text=traditional(draft.text), nearest=nearest)


def _close(told: Period | None, asked: Period) -> bool:
    """Whether a sentence speaks of the asked year or the one right before it."""
    return told is not None and told.length <= 12 and asked.last_year - 1 <= told.last_year <= asked.last_year


_TELLS_PLACE_1 = Rule("pipeline.tells_place_1", r"[,;。]")


def _tells_place(query: Query, text: str) -> bool:
    """Whether a clause of a sentence has a place in a row and most of the letters that are asked for."""
    asked = query.cues.ranked
    clauses = (c for c in _TELLS_PLACE_1.split(text) if any(is_place(f) for f in find_figures(c)))
    return any(len(asked & set(clause)) >= 0.8 * len(asked) for clause in clauses)


def _standing_out(passages: Sequence[Passage]) -> list[Passage]:
    """The first passage where it leaves all others behind, though it shares fewer words with the question."""
    if not passages or passages[0].score < PASSAGE_LEAST:
        return []
    second = passages[1].score if len(passages) > 1 else 0.0
    return list(passages[:1]) if passages[0].score - second >= PASSAGE_GAP else []


def _understood(query: Query) -> Understood:
    parts = [
        "、".join(query.place.regions),
        "、".join(map(str, query.time.periods)) or "、".join(f"{y}年报告" for y in query.time.report_years),
        "、".join(query.thing.indicators) or query.thing.terms,
        query.kind.value,
    ]
    return Understood(
        text=" ".join(p for p in parts if p),
        kind=query.kind,
        indicators=query.thing.indicators,
        regions=query.place.regions,
        periods=tuple(map(str, query.time.periods)),
        status=query.status.value if query.status else "any",
        carried=query.carried,
    )
