"""What can be asked: the length of a question, its languages, and filters that the index knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.store.snapshot import IndexSnapshot
from rag.errors import QuestionError
from rag.types import Filters, Question

MAX_QUESTION = 1000
MAX_HISTORY = 20
LANGUAGES = ("auto", "zh", "zh-Hant", "en")


def check(question: Question, snapshot: IndexSnapshot, generators: Sequence[str]) -> None:
    """Raise QuestionError for input that cannot be a question."""
    if not question.text.strip():
        raise QuestionError("question", "is empty")
    if len(question.text) > MAX_QUESTION:
        raise QuestionError("question", f"is longer than {MAX_QUESTION} characters")
    if len(question.history) > MAX_HISTORY:
        raise QuestionError("history", f"holds more than {MAX_HISTORY} questions")
    if question.generator not in generators:
        hint = "; openai wants WENJU_LLM_MODEL" if question.generator == "openai" else ""
        raise QuestionError("generator", f"unknown: {question.generator!r}; there is {', '.join(generators)}{hint}")
    if question.language not in LANGUAGES:
        raise QuestionError("language", f"unknown: {question.language!r}; one of {', '.join(LANGUAGES)}")
    _check_filters(question.filters, snapshot)


def named_as_read(question: Question, snapshot: IndexSnapshot) -> Question:
    """The question with its filters by the files that are read: a copy is named, documents are of the file that it equals."""
    if not question.filters.documents:
        return question
    held = snapshot.sources
    names = tuple(held[name].same_as or name if name in held else name for name in question.filters.documents)
    return replace(question, filters=replace(question.filters, documents=names))


def _check_filters(filters: Filters, snapshot: IndexSnapshot) -> None:
    names = {d.region for d in snapshot.documents} | snapshot.spoken_for.keys()
    for region in filters.regions:
        if region not in names:
            held = ", ".join(snapshot.regions)
            raise QuestionError("filters.regions", f"no report of {region!r} is held; held: {held}")
    ids = {d.id for d in snapshot.documents} | set(snapshot.sources)
    for document in filters.documents:
        if document not in ids:
            raise QuestionError("filters.documents", f"no such document: {document!r}")
