"""One judged question, and a run of them: plain values that a file can hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from eval.replies import Figure, Quote, Understood


@dataclass(frozen=True, slots=True)
class Gold:
    """What a right answer has, as a reader of the failures wants to see it."""

    text: str
    periods: tuple[str, ...]
    regions: tuple[str, ...]
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """The stage that lost a question, what it should have had, and what it had instead."""

    stage: str
    expected: str
    got: str


@dataclass(frozen=True, slots=True)
class Result:
    """One question with its answer and all that was judged of it.

    ``ranks`` has the rank of each gold quotation in a search for the question, None where it is not found or where
    there is none to find (see ``retrieved``). ``verbatim`` and ``relevant`` have one entry per citation. ``replayed``
    tells whether the same question asked again gave the same answer; None where that was not tried.
    """

    id: str
    category: str
    question: str
    language: str
    answerable: bool
    gold: Gold
    answer: str
    abstained: bool
    reason: str | None
    support: float
    understood: Understood
    values: tuple[Figure, ...]
    citations: tuple[Quote, ...]
    nearest: tuple[str, ...]
    right: bool
    why: str
    retrieved: bool
    ranks: tuple[int | None, ...]
    asked_faults: tuple[str, ...]
    faults: tuple[str, ...]
    verbatim: tuple[bool, ...]
    relevant: tuple[bool, ...]
    gold_cited: bool
    loose_numbers: tuple[str, ...]
    replayed: bool | None
    milliseconds: float
    timings_ms: dict[str, float] = field(default_factory=dict)
    diagnosis: Diagnosis | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """What made a run: enough to say what two runs differ in, and to repeat either.

    ``questions_sha256`` is of the question file. ``model`` is None where the service was asked over HTTP, which does not
    tell it. ``started`` is in UTC.
    """

    commit: str | None
    snapshot: str
    model: str | None
    where: str
    questions: str
    questions_sha256: str
    generator: str
    limit: int | None
    categories: tuple[str, ...]
    started: str
    python: str
    machine: str


@dataclass(frozen=True, slots=True)
class Run:
    """A run as it is saved. ``tolerances`` say how far a category may fall where the run is a baseline; "*" is for all."""

    origin: Origin
    results: tuple[Result, ...]
    tolerances: dict[str, float] = field(default_factory=dict)

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(sorted({r.category for r in self.results}))

    def of_category(self, category: str) -> tuple[Result, ...]:
        return tuple(r for r in self.results if r.category == category)


def share(results: Sequence[Result]) -> float:
    """The share of right answers, in [0, 1]; 0 of none."""
    return sum(r.right for r in results) / len(results) if results else 0.0
