"""Pipeline and cases to a Run: every question asked, every answer judged."""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from eval.answer_metrics import Verdict, cites_gold, grade
from eval.cases import Case
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Question

DEFAULT_DAY = dt.date(2026, 1, 1)
"""The day on which questions without ``as_of`` are asked: fixed, so that a run gives the same answers on every day."""


@dataclass(frozen=True, slots=True)
class Result:
    case: Case
    answer: Answer
    verdict: Verdict
    cited_gold: bool
    verbatim: bool
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Run:
    snapshot: str
    results: tuple[Result, ...]

    def of_category(self, category: str) -> tuple[Result, ...]:
        return tuple(r for r in self.results if r.case.category == category)

    @property
    def categories(self) -> tuple[str, ...]:
        return tuple(sorted({r.case.category for r in self.results}))


def share(results: Sequence[Result]) -> float:
    """The share of right answers, in [0, 1]."""
    return sum(r.verdict.right for r in results) / len(results) if results else 0.0


def run_cases(pipeline: AnswerPipeline, cases: Sequence[Case], on_case: Callable[[], None] = lambda: None) -> Run:
    """Ask every question of a set."""
    results = []
    for case in cases:
        started = time.perf_counter()
        answer = pipeline.answer(Question(case.question, case.as_of or DEFAULT_DAY, case.history))
        elapsed = (time.perf_counter() - started) * 1000
        quotes = [(c.document, c.quote) for c in answer.citations]
        verbatim = all(pipeline.snapshot.sources[c.document].text[c.start : c.end] == c.quote for c in answer.citations)
        results.append(
            Result(
                case,
                answer,
                grade(case, answer.answer, abstained=answer.abstained),
                cites_gold(case, quotes),
                verbatim,
                elapsed,
            )
        )
        on_case()
    return Run(pipeline.snapshot.id, tuple(results))


def summary(run: Run) -> dict[str, object]:
    """The figures of a run, JSON-able."""
    answerable = [r for r in run.results if r.case.answerable]
    refusable = [r for r in run.results if not r.case.answerable]
    answered = [r for r in run.results if not r.answer.abstained]
    cited = [r for r in answerable if not r.answer.abstained]
    return {
        "snapshot": run.snapshot,
        "questions": len(run.results),
        "accuracy": round(share(run.results), 4),
        "by_category": {
            c: [sum(r.verdict.right for r in rs), len(rs)] for c in run.categories if (rs := run.of_category(c))
        },
        "refused_rightly": round(share(refusable), 4) if refusable else None,
        "refused_wrongly": round(sum(r.answer.abstained for r in answerable) / len(answerable), 4)
        if answerable
        else None,
        "verbatim": round(sum(r.verbatim for r in answered) / len(answered), 4) if answered else None,
        "gold_cited": round(sum(r.cited_gold for r in cited) / len(cited), 4) if cited else None,
        "median_ms": round(statistics.median(r.milliseconds for r in run.results), 2),
        "failures": [
            {
                "id": r.case.id,
                "category": r.case.category,
                "question": r.case.question,
                "why": r.verdict.why,
                "answer": r.answer.answer,
            }
            for r in run.results
            if not r.verdict.right
        ],
    }
