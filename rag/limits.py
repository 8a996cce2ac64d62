"""What can be asked: the length of a question, its languages, and filters that the index knows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from index.store.snapshot import IndexSnapshot
from rag.errors import QuestionError
from rag.types import Filters, Question

MAX_QUESTION = 1000
MAX_HISTORY = 20
MOST_SECONDS = 5.0
"""CPU seconds of one question. Inputs are cut so that none comes near it (``python -m benchmarks.growth questions``)."""
MOST_READ = 1500
"""Characters of the questions before one that are read, the newest first: what is left open is filled from those right before."""
_MOST_SPACES = 4
"""White space that says as much as any more of it."""
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


def as_read(question: Question) -> tuple[Question, tuple[str, ...]]:
    """The question with as much of it, and of those before it, as is read, and what an answer says of the rest.

    Left out are questions before it behind :data:`MOST_READ` characters of newer ones, what is longer than any question,
    and white space behind more of it.
    """
    room = MOST_READ
    kept: list[str] = []
    for text in reversed(question.history):
        told = _without_gaps(text)
        if len(told) > min(room, MAX_QUESTION):
            break
        kept.append(told)
        room -= len(told)
    left = len(question.history) - len(kept)
    notes = (f"history: the {left} oldest of {len(question.history)} questions were not read",) if left else ()
    return replace(question, text=_without_gaps(question.text), history=tuple(reversed(kept))), notes


def _without_gaps(text: str) -> str:
    """The text with no more than a few signs of white space in a row."""
    if not any(text[at : at + _MOST_SPACES + 1].isspace() for at in range(len(text) - _MOST_SPACES)):
        return text
    runs = ("".join(run) for _, run in groupby(text, key=str.isspace))
    return "".join(run[:_MOST_SPACES] if run.isspace() else run for run in runs)


def named_as_read(question: Question, snapshot: IndexSnapshot) -> Question:
    """The question with its filters by the files that are read: a copy is named, documents are of the file that it equals."""
    if not question.filters.documents:
        return question
    held = snapshot.sources
    names = tuple(held[name].same_as or name if name in held else name for name in question.filters.documents)
    return replace(question, filters=replace(question.filters, documents=names))


def _check_filters(filters: Filters, snapshot: IndexSnapshot) -> None:
    for region in filters.regions:
        if region not in snapshot.documents_of and region not in snapshot.spoken_for:
            held = ", ".join(snapshot.regions)
            raise QuestionError("filters.regions", f"no report of {region!r} is held; held: {held}")
    for document in filters.documents:
        if snapshot.document(document) is None and document not in snapshot.sources:
            raise QuestionError("filters.documents", f"no such document: {document!r}")
