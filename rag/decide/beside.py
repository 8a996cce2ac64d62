"""What is told beside a figure that was found: another asked unit, its growth, its share, the next thing of its sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import cache

from index.text.folding import fold
from index.types import Measure
from rag.decide.cells import FigureFinder
from rag.decide.serving import RANKS_TOLD
from rag.decide.verdict import Found, Missing
from rag.find.facts import same_unit
from rag.types import Filters, Query
from rag.understand.words import load_asking

_SHORTEST_NAME = 2
"""Letters of a part's name: one stands in too many."""


@cache
def _measured() -> tuple[str, ...]:
    """Ends of the names of what is measured."""
    return (
        *(word for group in load_asking().measures for word in group),
        "量",
        "额",
        "值",
        "数",
        "率",
        "度",
        "产",
        "模",
    )


class Beside:
    """Looks beside the figures of one snapshot."""

    def __init__(self, finder: FigureFinder) -> None:
        self._finder = finder

    def all(self, query: Query, cells: Sequence[Found | Missing], filters: Filters) -> list[Found]:
        """What else is asked for beside the answers: a second unit (改造了多少个小区，惠及多少户), level as well as growth."""
        found = [cell for cell in cells if isinstance(cell, Found)]
        units = query.thing.units if len(query.thing.units) > 1 else ()
        result = [other for cell in found for unit in units for other in self.in_unit(cell, unit)]
        if query.wants.both:
            result += [other for cell in found if (other := self._other_measure(query, cell, filters)) is not None]
        return result

    def in_unit(self, cell: Found, unit: str) -> list[Found]:
        """The next figure of a cell's sentence in another asked unit."""
        first = cell.facts[0]
        if any(same_unit(unit, f.unit) for f in cell.facts):
            return []
        near = [
            f
            for f in self._finder.candidates.of_sentence(first.sentence)
            if f.figure > first.figure and same_unit(unit, f.unit) and f.period == first.period
        ]
        alike = near[:1] if near and near[0].region == first.region and near[0].status is first.status else []
        return [Found(first.region, first.period, (fact,), cell.score) for fact in alike]

    def share(self, cell: Found | Missing) -> Found | None:
        """The share of what was found, told in its sentence: 棉花总产616.5万吨、占全国92.8%."""
        if not isinstance(cell, Found):
            return None
        first = cell.facts[0]
        near = [
            f
            for f in self._finder.candidates.of_sentence(first.sentence)
            if f.measure is Measure.SHARE and f.indicator.startswith(first.indicator) and f.period == first.period
        ]
        return Found(first.region, first.period, (near[0],), cell.score) if near else None

    def named(
        self, query: Query, cell: Found | Missing, others: Sequence[Found | Missing], *, anew: bool = False
    ) -> Found | Missing:
        """What is asked by a short name and not found by itself: the one figure beside another part whose name holds the asked one.

        Beside it is in the sentence that tells the other part, and of its unit, time and place; ``anew`` looks there first.
        """
        asked = fold(query.thing.terms).replace(" ", "")
        if (isinstance(cell, Found) and not anew) or len(asked) < _SHORTEST_NAME:
            return cell
        for other in others:
            if not isinstance(other, Found) or other is cell:
                continue
            first = other.facts[0]
            beside = [
                f
                for f in self._finder.candidates.of_sentence(first.sentence)
                if (f.unit, f.period, f.region, f.measure) == (first.unit, first.period, first.region, first.measure)
                and asked in fold(f.indicator)
                and f.figure not in {o.facts[0].figure for o in others if isinstance(o, Found)}
            ]
            if len(beside) == 1:
                return Found(first.region, first.period, (beside[0],), other.score)
        return cell

    def rank(self, cell: Found | Missing, among: str) -> Found | None:
        """The place in a row of what was found, told behind it in its sentence: 粮食总产量853.2亿斤，全国第4; ``among`` names the row."""
        if not isinstance(cell, Found):
            return None
        first = cell.facts[0]
        for fact in self._finder.candidates.of_sentence(first.sentence):
            if fact.figure <= first.figure or fact.period != first.period or fact.region != first.region:
                continue
            # 时隔21年重返全省第三 names nothing; 电力外送量居首位 is of another thing.
            own = fact.indicator.startswith(first.indicator) or not fact.indicator.endswith(_measured())
            if own and fact.unit in RANKS_TOLD and among in fact.clause:
                # 总额突破8000亿元、排西部第二: the rank is of what stands before it.
                placed = replace(fact, indicator=first.indicator, canonical=first.canonical)
                return Found(first.region, first.period, (placed,), cell.score)
            if not own and fact.measure is Measure.LEVEL:
                # The next thing that is told, and whatever place it has.
                return None
        return None

    def _other_measure(self, query: Query, cell: Found, filters: Filters) -> Found | None:
        """The level of a cell that tells only a growth, or the growth of one that tells only a level."""
        held = {f.measure for f in cell.facts}
        lacks = {Measure.LEVEL, Measure.GROWTH} - held
        if len(lacks) != 1 or cell.region is None or cell.period is None:
            return None
        asked = replace(
            query,
            wants=replace(query.wants, growth=Measure.GROWTH in lacks, level=Measure.LEVEL in lacks, both=False),
            thing=replace(
                query.thing, units=tuple(u for u in query.thing.units if (u == "%") == (Measure.GROWTH in lacks))
            ),
        )
        other = self._finder.cell(asked, self._finder.candidates.asked(asked), cell.region, cell.period, filters)
        if not isinstance(other, Found) or other.facts[0].measure not in lacks:
            return None
        one, also = cell.facts[0], other.facts[0]
        same = one.canonical == also.canonical if one.canonical else one.indicator == also.indicator
        return replace(other, facts=(also,)) if same else None
