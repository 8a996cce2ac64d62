"""From a question to a cited answer: the whole flow, one named step after another."""

from __future__ import annotations

import datetime as dt
import hashlib
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from index.budget import spending
from index.store.embedding import Embedder
from index.store.snapshot import IndexSnapshot
from index.words.regions import Gazetteer
from rag.answer.citing import UncitedError
from rag.answer.draft import ExtractiveGenerator
from rag.answer.pieces import Draft
from rag.decide.cells import FigureFinder
from rag.decide.plan import TEXT_KINDS, Planner
from rag.decide.policy import PASSAGE_ACCEPT
from rag.decide.support import calibrated
from rag.decide.verdict import Told, Verdict
from rag.errors import QuestionTooCostlyError
from rag.explain import explain, understood
from rag.find.candidates import CandidateFinder
from rag.find.meaning import AskedVectors
from rag.find.passages import Retriever, constraints_of, shown
from rag.find.rerank import Reranker, SignalsReranker
from rag.generators.checking import SentenceCheck
from rag.generators.contract import DEFAULT, GeneratorError, TokensUsed
from rag.generators.evidence import gather
from rag.generators.registry import Generators
from rag.generators.writing import Written, pieces, write
from rag.limits import MOST_SECONDS, as_read, check, named_as_read
from rag.types import (
    Answer,
    Filters,
    Passage,
    Query,
    Question,
    Reason,
    SearchResult,
    Telling,
    Understood,
)
from rag.understand.readings import Reader, Reading


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
        reranker: Reranker | None = None,
        calibrate: bool = True,
    ) -> None:
        self.snapshot = snapshot
        self.embedder = embedder
        self._generators = generators or Generators()
        self._names = self._generators.names
        self._calibrate = calibrate
        gazetteer = Gazetteer.load()
        self._reader = Reader(snapshot, gazetteer)
        asked = AskedVectors(embedder)
        self._candidates = CandidateFinder(snapshot, asked)
        self._retriever = Retriever(snapshot, asked, reranker)
        self.reranker: Reranker = reranker or SignalsReranker(embedder, asked)
        self._reordered = reranker.identity if reranker is not None else None
        self._planner = Planner(snapshot, self._candidates, self._retriever, gazetteer, self._reader)
        self._generator = ExtractiveGenerator(snapshot)

    @property
    def figures(self) -> FigureFinder:
        """What finds the figures of a place and time."""
        return self._planner.figures

    def close(self) -> None:
        self.snapshot.close()

    def warm(self) -> None:
        """Load what the first question would load (places, vocabulary, model), so that it waits no longer than others."""
        for text in ("2020年地区生产总值和固定资产投资增长多少", "gdp growth in 2020"):
            self.answer(Question(text, dt.date(2020, 1, 1)))

    @property
    def generators(self) -> tuple[str, ...]:
        """The names that ``Question.generator`` may have, the default first."""
        return self._names

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
        check(question, self.snapshot, self.generators)
        question = named_as_read(question, self.snapshot)
        trace = Trace(time.perf_counter(), {})
        with spending(MOST_SECONDS, lambda: QuestionTooCostlyError(MOST_SECONDS)):
            read, notes = as_read(question)
            reading = self._reader.read(read)
            at = trace.mark("understanding", trace.started)
            reading, verdict = self._planner.decide(reading)
            at = trace.mark("deciding", at)
        if reading.telling is Telling.ENGLISH:
            # It is decided in the language that it was asked in, and told in the other.
            reading = replace(reading, query=replace(reading.query, language="en"))
        draft = self._drafted(reading, verdict)
        draft = replace(draft, notes=(*draft.notes, *notes)) if notes else draft
        if isinstance(verdict, Told) and draft.reason is None and self._calibrate:
            # How well a sentence fits is no probability yet; that of a figure is one.
            draft = replace(draft, support=calibrated(draft.support))
        trace.mark("drafting_and_checking", at)
        return self._told(question, reading.query, draft, trace)

    def _drafted(self, reading: Reading, verdict: Verdict) -> Draft:
        """The verdict in words; a plain no where a number of them is loose."""
        query = reading.query
        try:
            draft = self._generator.draft(reading.question, query, verdict, reading.telling)
        except UncitedError as error:
            # Promises 1 and 2: such an answer is not sent. What is left is an honest no.
            refused = self._generator.refusal(query, Reason.NOT_IN_REPORTS, [])
            return _in_script(replace(refused, notes=(f"withdrawn: {error}",)), query)
        if reading.note:
            draft = replace(draft, notes=(*draft.notes, reading.note))
        return _in_script(draft, query)

    def _told(
        self, question: Question, query: Query, draft: Draft, trace: Trace
    ) -> Iterator[Understood | str | Answer]:
        yield understood(query)
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
        if query.kind not in TEXT_KINDS:
            return []
        found = self._retriever.passages(query, constraints_of(query, question.filters), question.top_k)
        return [passage for passage in found if passage.score >= PASSAGE_ACCEPT]

    def search(self, text: str, *, filters: Filters, top_k: int, asked_on: dt.date) -> SearchResult:
        """Passages best first, with place and time of the question as constraints."""
        question = Question(text, asked_on, filters=filters, top_k=top_k)
        check(question, self.snapshot, self.generators)
        question = named_as_read(question, self.snapshot)
        query = self._reader.plain(as_read(question)[0])
        hits, notes = self._retriever.search(query, constraints_of(query, question.filters), top_k)
        return SearchResult(tuple(shown(hit, self.snapshot) for hit in hits), tuple(notes), understood(query))

    def _assemble(
        self, question: Question, query: Query, draft: Draft, trace: Trace, author: str, used: TokensUsed
    ) -> Answer:
        trace.mark("total", trace.started)
        seed = "\x1f".join(
            [self.snapshot.id, *question.history, question.text, question.asked_on.isoformat(), repr(question.filters)]
            + ([question.generator] if question.generator != DEFAULT else [])
            + ([self._reordered] if self._reordered is not None else [])
        )
        return Answer(
            id="ans_" + hashlib.sha256(seed.encode()).hexdigest()[:16],
            question=question.text,
            understood=understood(query),
            answer=draft.text,
            abstained=draft.reason is not None,
            reason=draft.reason,
            values=draft.values,
            citations=draft.citations,
            nearest=draft.nearest,
            conflicts=draft.conflicts,
            support=round(draft.support, 4),
            generator=author,
            snapshot=self.snapshot.id,
            notes=draft.notes,
            prompt_tokens=used.prompt,
            completion_tokens=used.completion,
            timings_ms=dict(trace.steps),
            trace=explain(query, question.filters, self.figures) if question.explain else {},
        )


def _in_script(draft: Draft, query: Query) -> Draft:
    """Our own words in the characters of the question."""
    if query.language != "zh-Hant" or draft.quotes:
        return draft
    from rag.answer.script import traditional

    nearest = tuple(replace(n, text=traditional(n.text)) for n in draft.nearest)
    return replace(draft, text=traditional(draft.text), nearest=nearest)
