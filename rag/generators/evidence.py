"""What a generator may write from: the quotations of a draft, the figures read from them, and further sentences."""

from __future__ import annotations

from collections.abc import Sequence

from index.store.snapshot import IndexSnapshot
from index.types import Status
from rag.answer.citing import cite
from rag.answer.pieces import Draft
from rag.generators.contract import Evidence, Exhibit
from rag.types import Citation, Passage, Query, Question


def gather(
    snapshot: IndexSnapshot, question: Question, query: Query, draft: Draft, further: Sequence[Passage]
) -> Evidence:
    """Number the exhibits: the draft's citations as they are, then the further sentences that they do not hold."""
    citations = list(draft.citations)
    for passage in further:
        sentence = passage.value
        document = snapshot.document(sentence.document_id)
        assert document is not None
        held = any(
            c.document_id == document.id and c.start < sentence.span.end and sentence.span.start < c.end
            for c in citations
        )
        if not held:
            period = str(sentence.period) if sentence.period else None
            citations.append(cite(snapshot, document, sentence.span, len(citations) + 1, period, sentence.heading))
    return Evidence(
        question=question.text,
        asked_on=question.asked_on,
        history=question.history,
        language=query.language,
        query=query,
        exhibits=tuple(_exhibit(snapshot, each) for each in citations),
        values=draft.values,
        extractive=draft.text,
    )


def _exhibit(snapshot: IndexSnapshot, citation: Citation) -> Exhibit:
    number = snapshot.number_of(citation.document_id)
    sentences = (snapshot.sentences[n] for n in snapshot.tables.sentences_of_document(number))
    return Exhibit(
        citation,
        tuple(
            fact
            for fact in snapshot.facts_with(snapshot.tables.facts_of_document(number))
            if citation.start <= fact.figure.start and fact.figure.end <= citation.end
        ),
        planned=any(
            sentence.status is Status.TARGET
            for sentence in sentences
            if sentence.span.start < citation.end and citation.start < sentence.span.end
        ),
    )
