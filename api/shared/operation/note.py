"""What is noted of a request while it is served, for its line in the log and the counts."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass

from rag.types import Answer


@dataclass(slots=True)
class Note:
    """Filled by whoever comes to know it.

    ``queued`` is in seconds, ``key`` the name of the caller's key, ``asked`` the generator that was asked for, if any but the
    default. ``turn`` and ``answered`` are moments in nanoseconds: when its work began, and when the answer was there.
    ``trace`` is the id of its trace, where there are traces.
    """

    id: str = ""
    key: str = ""
    queued: float = 0.0
    question: str | None = None
    asked: str = ""
    answer: Answer | None = None
    turn: int = 0
    answered: int = 0
    trace: str = ""


_CURRENT: ContextVar[Note | None] = ContextVar("wenju_note", default=None)


def begin(noted: Note) -> None:
    """Make it the note of the request that is served in this context."""
    _CURRENT.set(noted)


def current() -> Note:
    """The note of this request; one that nobody reads outside of any."""
    return _CURRENT.get() or Note()


def outcome(noted: Note) -> str:
    """How a question ended: ``answered``, ``refused``, or ``fallback`` where the asked generator gave no words."""
    assert noted.answer is not None
    if noted.answer.abstained:
        return "refused"
    return "fallback" if noted.asked and noted.answer.generator != noted.asked else "answered"
