"""What a report as a whole plans or reviews (提出了哪些重点任务): the headings of its part on that, in their order."""

from __future__ import annotations

from dataclasses import dataclass

from index.store.snapshot import IndexSnapshot
from index.types import Document, Kind, Section, Status
from rag.decide.verdict import Outlined
from rag.find.passages import Retriever, constraints_of
from rag.types import Filters, Query, QuestionKind

_FEWEST = 2
"""Headings that make a list."""


@dataclass(frozen=True, slots=True)
class Outlines:
    """Knows how the documents of one snapshot are built."""

    snapshot: IndexSnapshot
    retriever: Retriever

    def tell(self, query: Query, filters: Filters) -> Outlined | None:
        """The headings that answer; None where something narrower is asked, or the report has none."""
        listed = query.kind is QuestionKind.LIST or (query.language == "en" and not query.cues.numeric)
        if not listed or not (query.cues.tasks or query.cues.deeds):
            return None
        if query.thing.indicators or len(query.place.regions) != 1:
            return None
        wanted = Status.ACTUAL if query.cues.deeds else Status.TARGET
        for document in self._documents(query, filters, wanted):
            headings = _headings(document, wanted)
            if len(headings) >= _FEWEST:
                return Outlined(document, headings)
        return None

    def _documents(self, query: Query, filters: Filters, wanted: Status) -> list[Document]:
        """The reports of the asked place that plan or review the asked time, the annual one and the latest first."""
        allowed = self.retriever.documents_allowed(constraints_of(query, filters))
        found = [d for d in self.snapshot.documents if d.id in allowed and d.region in query.place.regions]
        periods = query.time.periods
        if periods:
            found = [d for d in found if (d.plan if wanted is Status.TARGET else d.review) in periods]
        return sorted(found, key=lambda d: (d.kind is not Kind.ANNUAL, -(d.period.last if d.period else 0)))


def _headings(document: Document, wanted: Status) -> tuple[Section, ...]:
    """The sections right below the part that plans or reviews: that with the most of them, the first of several."""
    parts: dict[str, list[Section]] = {}
    for section in document.sections:
        if len(section.heading) == 2 and (section.status is Status.TARGET) is (wanted is Status.TARGET):
            parts.setdefault(section.heading[0], []).append(section)
    return max(map(tuple, parts.values()), key=len, default=())
