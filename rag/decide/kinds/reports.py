"""Questions about a report itself: who gave it, when, where and in which office, which year its words speak of, which are held."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Document, Kind, Period
from rag.decide.verdict import Dated, HeldReports, Refused, Spoken
from rag.find.passages import Constraints, Retriever, constraints_of
from rag.types import About, Filters, Query, Reason

_MOST = 3
"""Reports of one person, or sentences with the same words, that are told."""


@dataclass(frozen=True, slots=True)
class Reports:
    """Knows the documents of one snapshot."""

    snapshot: IndexSnapshot
    retriever: Retriever

    def about(self, query: Query, filters: Filters) -> Spoken | Dated | HeldReports | Refused | None:
        """What is asked about a report itself; None where nothing is."""
        match query.cues.about:
            case About.NOTHING:
                return None
            case About.HELD:
                return self._held(query, filters)
            case About.YEAR_OF_WORDS:
                return self._dated(query, filters)
            case asked:
                return self._given(query, filters, asked)

    def _given(self, query: Query, filters: Filters, asked: About) -> Spoken | Refused | None:
        if query.place.regions and not set(query.place.regions) & set(self.snapshot.regions):
            return Refused(Reason.REGION_MISSING)
        documents = [d for d in self._allowed(query, filters) if d.byline is not None and _tells(d, asked)]
        named = [d for d in documents if d.speaker is not None and d.speaker in query.cues.words]
        if named and not query.place.regions:
            return Spoken(tuple(sorted(named, key=_when))[-_MOST:], asked)
        if not query.place.regions:
            return None
        documents = _of_time(named or documents, query.time.periods)
        if not documents:
            return Refused(Reason.NOT_IN_REPORTS)
        return Spoken((documents[0],), asked)

    def _dated(self, query: Query, filters: Filters) -> Dated | Refused:
        """The time that the report's own words speak of."""
        documents = self._allowed(query, filters)
        years = {p.last_year for p in query.time.periods}
        # 2024年报告里的…: the report that is called so, if any is.
        allowed = {d.id for d in documents if years & d.report_years} or {d.id for d in documents}
        words = [fold(w).replace(" ", "") for w in query.cues.quoted]
        found: list[tuple[int, Period]] = []
        for number in self._may_say(words, allowed):
            sentence = self.snapshot.sentences[number]
            text = sentence.text.replace(" ", "")
            if not all(w in text for w in words):
                continue
            period = self._of_figure(number, words) or sentence.period
            if period is not None and all(period != told for _, told in found):
                found.append((number, period))
        return Dated(tuple(found[:_MOST]), words[0]) if found else Refused(Reason.NOT_IN_REPORTS)

    def _may_say(self, words: list[str], allowed: set[str]) -> list[int]:
        """The sentences of some documents that may have these words in them, their blanks aside, rising."""
        tables = self.snapshot.tables
        rows = tables.sentences_of(sorted(map(self.snapshot.number_of, allowed)))
        told = [named for w in words if (named := self.snapshot.postings.sentences.may_say(w)) is not None]
        # A blank between two characters keeps them apart there.
        kept = np.logical_and.reduce([np.isin(rows, named) for named in told]) if told else np.ones(len(rows), np.bool_)
        found: list[int] = rows[kept | (tables.of_sentences.blanks[rows] == 1)].tolist()
        return found

    def _of_figure(self, sentence: int, words: list[str]) -> Period | None:
        """The period of the figure that stands in the words, if one does."""
        facts = self.snapshot.facts_with(self.snapshot.tables.facts_of_sentence(sentence))
        return next((f.period for f in facts if any(fold(f.written) in w for w in words)), None)

    def _held(self, query: Query, filters: Filters) -> HeldReports | Refused:
        strangers = [r for r in query.place.regions if r not in self.snapshot.regions]
        if strangers or query.place.unknown:
            return Refused(Reason.REGION_MISSING)
        years = {
            *query.time.report_years,
            *(y for p in query.time.periods for y in range(p.first_year, p.last_year + 1)),
        }
        every = self._allowed(query, filters, of_years=False)
        documents = [d for d in every if not years or years & (d.report_years | _reviewed(d))]
        plain = [d for d in every if d.kind not in (Kind.NEWS, Kind.OTHER)]
        documents, every = ([d for d in documents if d in plain] or documents), plain or every
        return HeldReports(tuple(sorted(documents or every, key=_when)), tuple(sorted(years)), bool(documents))

    def _allowed(self, query: Query, filters: Filters, *, of_years: bool = True) -> list[Document]:
        wanted = (
            constraints_of(query, filters) if of_years else Constraints(query.place.regions or None, None, (), filters)
        )
        allowed = self.retriever.documents_allowed(wanted)
        return [d for d in self.snapshot.documents if d.id in allowed and d.region is not None]


def _tells(document: Document, asked: About) -> bool:
    return document.given is not None if asked is About.DAY else document.speaker is not None or asked is About.MEETING


def _of_time(documents: list[Document], periods: tuple[Period, ...]) -> list[Document]:
    """Those given in an asked month, else those called by an asked year; the annual report first."""
    ordered = sorted(documents, key=lambda d: (d.kind is not Kind.ANNUAL, -_last(d)))
    if not periods:
        return ordered
    days = [d for d in ordered if d.given is not None and any(_given_in(d, p) for p in periods if p.length < 12)]
    years = {p.last_year for p in periods}
    return days or [d for d in ordered if years & d.report_years] or ordered


def _last(document: Document) -> int:
    told = document.plan or document.review
    return told.last if told is not None else 0


def _given_in(document: Document, period: Period) -> bool:
    given = document.given
    return given is not None and period.first <= given.year * 12 + given.month - 1 <= period.last


def _reviewed(document: Document) -> frozenset[int]:
    """The years whose results a report tells."""
    told = document.review
    return frozenset(range(told.first_year, told.last_year + 1)) if told is not None else frozenset()


def _when(document: Document) -> tuple[str, int, str]:
    return (document.region or "", _last(document), document.title)
