"""Judged questions as examples: the figures that were looked at for each, their features, and which of them are right.

The questions are read and planned as always, but by an oracle: a judge that knows the right figures. So the examples do not
hang on the decision that they are to fit.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from eval.cases import Case, read_cases
from eval.corpora import KEPT_BACK, ReportSet, set_name
from eval.services import DEFAULT_DAY
from index.types import Fact, Measure
from index.words.lexicon import load_units
from index.words.naming import normalised
from rag.decide.cells import Candidate, FigureFinder
from rag.find.candidates import Asked
from rag.pipeline import AnswerPipeline
from rag.types import Query, Question

_LOOSE = frozenset({"count", ""})
_SLACK = Decimal("0.0005")
"""Relative difference within which two figures are one: sources and questions round differently."""
_EVERYDAY, _OF_EVERYDAY = frozenset({"everyday", "everyday_local"}), 0.3
"""Sets whose words are mostly none that reports use, and what an example of theirs weighs: chosen among 0, 0.3 and 1 by the
gate, where with 1 a figure of much the same words as the asked one was taken for it."""
_CALCULATED = frozenset({"arithmetic", "comparison", "compare", "derive", "ranking", "rank"})
"""Categories whose gold figure need not be one that a report states of the place."""


@dataclass(frozen=True, slots=True)
class Example:
    """The figures of one slot: ``features`` is ``(figures, NAMES)``, ``right`` says which answer, none where silence is right.

    ``group`` keeps what is told of one place, or of one decade of the country, together in cross-validation.
    """

    corpus: str
    set: str
    case: str
    group: str
    features: NDArray[np.float32]
    right: NDArray[np.bool_]
    statements: tuple[int, ...]
    """Figures with equal numbers are parts of one statement or tell one figure."""
    answerable: bool
    weight: float = 1.0
    asked: bool = True
    """Whether somebody asks so; not, where the right figure was left out."""


@dataclass(frozen=True, slots=True)
class _Look:
    query: Query
    asked: Asked
    numbers: tuple[int, ...]
    right: bool


def examples(corpus: ReportSet, pipeline: AnswerPipeline, left_out: float) -> Iterator[Example]:
    """All examples of a corpus.

    Each with a right figure also gives one without it, of the weight ``left_out``: what remains is as near a miss as
    there is, and silence is then right.
    """
    for path in corpus.questions:
        if set_name(path).startswith("shared-") or set_name(path) in KEPT_BACK:
            # What we are compared with, and what is kept back, is never fitted to.
            continue
        for case in read_cases(path):
            yield from _of_case(corpus.name, set_name(path), case, pipeline, left_out)


def _of_case(corpus: str, name: str, case: Case, pipeline: AnswerPipeline, left_out: float) -> Iterator[Example]:
    if case.answerable and (not case.numbers or case.category in _CALCULATED):
        return
    with _oracle(case) as looks:
        pipeline.answer(Question(case.question, case.as_of or DEFAULT_DAY, case.history))
    # Why something fell is refused because of a figure, and not for want of one.
    looks = [look for look in looks if look.numbers and not look.query.cues.why]
    chosen = [look for look in looks if look.right] or looks[:1]
    seen: set[tuple[int, ...]] = set()
    for look in chosen:
        if look.numbers in seen:
            continue
        seen.add(look.numbers)
        yield from _of_look(corpus, name, case, pipeline, look, left_out)


def _of_look(
    corpus: str, name: str, case: Case, pipeline: AnswerPipeline, look: _Look, left_out: float
) -> Iterator[Example]:
    finder = pipeline.figures
    rows = finder.looked_at(look.asked, look.numbers)
    facts = [finder.snapshot.facts[int(n)] for n in rows]
    right = rights(case, facts)
    if not len(rows) or (case.answerable and not right.any() and look.right):
        return
    group = _group(corpus, facts)

    def example(
        rows: NDArray[np.intp], facts: Sequence[Fact], right: NDArray[np.bool_], weight: float, *, asked: bool
    ) -> Example:
        features = finder.features.features(look.asked, rows)
        weight *= _OF_EVERYDAY if name in _EVERYDAY else 1.0
        told = _statements(facts)
        return Example(corpus, name, case.id, group, features, right, told, bool(right.any()), weight, asked)

    yield example(rows, facts, right, 1.0, asked=True)
    if right.any() and left_out > 0:
        names = {f.indicator for f, r in zip(facts, right, strict=True) if r}
        clauses = {f.clause for f, r in zip(facts, right, strict=True) if r}
        kept = [n for n, f in enumerate(facts) if not right[n] and f.indicator not in names and f.clause not in clauses]
        if kept:
            others = [facts[n] for n in kept]
            yield example(rows[kept], others, np.zeros(len(kept), bool), left_out, asked=False)


@contextmanager
def _oracle(case: Case) -> Iterator[list[_Look]]:
    """Within, cells are decided by who knows the right figures; what was looked at is listed."""
    looks: list[_Look] = []
    decided = FigureFinder.judged_of_reports

    def told(
        self: FigureFinder,
        query: Query,
        asked: Asked,
        numbers: Sequence[int],
        fits: Callable[[int], bool] | None = None,
    ) -> list[Candidate]:
        numbers = [n for n in numbers if fits is None or fits(n)]
        facts = [self.snapshot.facts[n] for n in numbers]
        right = rights(case, facts)
        here = self.narrowed(query, asked)
        looks.append(_Look(query, here, tuple(numbers), bool(right.any())))
        return [Candidate(f, 1.0, 1.0, 1.0) for f, r in zip(facts, right, strict=True) if r]

    FigureFinder.judged_of_reports = told  # type: ignore[method-assign]
    try:
        yield looks
    finally:
        FigureFinder.judged_of_reports = decided  # type: ignore[method-assign]


def rights(case: Case, facts: Sequence[Fact]) -> NDArray[np.bool_]:
    """Which figures answer a question: they, or the level or growth told with them, are a gold number."""
    if not case.answerable:
        return np.zeros(len(facts), bool)
    gold = [_measured(n.value, n.unit) for n in case.numbers]
    is_gold = [any(_same(f, value, dimension) for value, dimension in gold) for f in facts]
    of = {_statement(f) for f, good in zip(facts, is_gold, strict=True) if good}
    told = (Measure.LEVEL, Measure.GROWTH)
    return np.array(
        [g or (_statement(f) in of and f.measure in told) for f, g in zip(facts, is_gold, strict=True)], bool
    )


def _statement(fact: Fact) -> tuple[object, ...]:
    return fact.sentence, fact.indicator, fact.period, fact.region, fact.status


def _statements(facts: Sequence[Fact]) -> tuple[int, ...]:
    numbers: dict[tuple[object, ...], int] = {}
    return tuple(numbers.setdefault(_statement(f), len(numbers)) for f in facts)


def _measured(value: Decimal, unit: str) -> tuple[Decimal, str]:
    plain = unit.partition("/")[0]
    return normalised(value, plain or unit if unit not in load_units().symbols or plain.endswith("元") else unit)


def _same(fact: Fact, value: Decimal, dimension: str) -> bool:
    held, told = _measured(fact.value, fact.unit)
    alike = told == dimension or {told, dimension} <= _LOOSE or fact.unit in load_units().multipliers
    return alike and abs(abs(held) - abs(value)) <= abs(value) * _SLACK


def _group(corpus: str, facts: Sequence[Fact]) -> str:
    region = facts[0].region if facts else None
    decade = facts[0].period.last_year // 10 if facts and facts[0].period and region == "全国" else ""
    return f"{corpus} {region} {decade}"
