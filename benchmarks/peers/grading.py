"""One grader for every system: right answers, wrong period and place of what was answered from, gold passages found."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.cases import Case
from eval.metrics.answers import cites_gold, grade
from eval.metrics.retrieval import gold_ranks, recall_at
from eval.replies import Passage
from index.store.snapshot import IndexSnapshot
from index.types import Period


@dataclass(frozen=True, slots=True)
class Graded:
    """One question. ``forgiven`` is right too where only too many other numbers stand in the answer. ``wrong_period`` and ``wrong_region`` are None where nothing was answered or the set names none."""

    case: Case
    right: bool
    forgiven: bool
    gold_cited: bool
    abstained: bool
    score: float
    wrong_period: bool | None
    wrong_region: bool | None
    ranks: tuple[int | None, ...]


class Grader:
    """Grades outputs over one corpus. Where a sentence stands tells its period and place, by our reading of the reports."""

    def __init__(self, snapshot: IndexSnapshot) -> None:
        self._snapshot = snapshot
        self._squeezed: dict[str, tuple[str, list[int]]] = {}
        for name, source in snapshot.sources.items():
            places = [n for n, character in enumerate(source.text) if not character.isspace()]
            self._squeezed[name] = ("".join(source.text[n] for n in places), places)

    def grade(self, case: Case, output: Mapping[str, Any]) -> Graded:
        abstained = bool(output["abstained"])
        cited = output["cited"]
        gold = not abstained and cites_gold(case, [(c["document"], c["text"]) for c in cited])
        slots = [] if abstained else [self._slot(c["document"], c["text"]) for c in cited]
        passages = [Passage(p["document"], None, None, p["text"], 0, 0, 0.0) for p in output["passages"]]
        verdict = grade(case, output["answer"], abstained=abstained)
        return Graded(
            case,
            verdict.right,
            verdict.right or verdict.why.endswith("other numbers"),
            gold,
            abstained,
            float(output["score"]),
            self._off(case.periods, [p for periods, _ in slots for p in periods], gold=gold) if slots else None,
            self._off(sorted(case.regions), [r for _, regions in slots for r in regions], gold=gold) if slots else None,
            gold_ranks(passages, case.evidence) if case.evidence else (),
        )

    @staticmethod
    def _off(wanted: Sequence[Any], held: Sequence[Any], *, gold: bool) -> bool | None:
        """Whether nothing that was answered from is of a wanted slot. The gold sentence is never wrong."""
        if not wanted:
            return None
        return not gold and not set(wanted) & set(held)

    def _slot(self, document: str, text: str) -> tuple[set[Period], set[str]]:
        """Every period and place that the sentences at a quotation speak of, generously: any of its figures counts."""
        squeezed, places = self._squeezed[document]
        wanted = re.sub(r"\s+", "", text)
        at = squeezed.find(wanted)
        if at < 0:
            return set(), set()
        start, end = places[at], places[at + len(wanted) - 1] + 1
        periods: set[Period] = set()
        regions: set[str] = set()
        for number, sentence in enumerate(self._snapshot.sentences):
            held = self._snapshot.document(sentence.document_id)
            if held is None or held.source != document or sentence.span.end <= start or sentence.span.start >= end:
                continue
            if sentence.period is not None:
                periods.add(sentence.period)
            if held.region is not None:
                regions.add(held.region)
            for fact in self._snapshot.facts:
                if fact.sentence == number:
                    periods |= {fact.period} if fact.period is not None else set()
                    regions |= {fact.region} if fact.region is not None else set()
        return periods, regions


def figures(graded: Sequence[Graded]) -> dict[str, float]:
    """Shares over all questions, by category, and with the threshold on the score that is best in hindsight."""
    answerable = [g for g in graded if g.case.answerable]
    found = {
        "right, all": _share([g.right for g in graded]),
        "right, answerable": _share([g.right for g in answerable]),
        "right, other numbers forgiven": _share([g.forgiven for g in graded]),
        "answered from the gold sentence": _share([g.gold_cited for g in answerable]),
        "right, best threshold in hindsight": _hindsight(graded),
        "wrong period": _share([g.wrong_period for g in graded if g.wrong_period is not None]),
        "wrong place": _share([g.wrong_region for g in graded if g.wrong_region is not None]),
        "gold passage R@1": _share([recall_at(g.ranks, 1) for g in answerable if g.ranks]),
        "gold passage R@5": _share([recall_at(g.ranks, 5) for g in answerable if g.ranks]),
    }
    for category in sorted({g.case.category for g in graded}):
        found[category] = _share([g.right for g in graded if g.case.category == category])
    return found


def _hindsight(graded: Sequence[Graded]) -> float:
    """Accuracy if every answer below one score were withheld, the score chosen on these very questions."""
    best = 0.0
    for limit in (0.0, *sorted({g.score for g in graded}), 2.0):
        right = [(not g.case.answerable) if g.abstained or g.score < limit else g.right for g in graded]
        best = max(best, _share(right))
    return best


def _share(values: Sequence[float | bool]) -> float:
    return sum(values) / len(values) if values else 0.0
