"""One thing over years: both ends of a move, and year by year what no report tells as one (历年, 近三年), with its gaps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from index.types import Fact, Period, Status
from rag.decide.cells import FigureFinder
from rag.decide.derive import told_change
from rag.decide.policy import ANSWER
from rag.decide.serving import serves
from rag.decide.verdict import Figures, Found, Missing
from rag.types import Filters, Query, QuestionKind

Look = Callable[[Query], list[Found | Missing]]
"""Finds the cell of each asked place and period."""

_MOST_YEARS = 60
"""Years of a series: those of all reports of a country and not of an arithmetic error."""


@dataclass(frozen=True, slots=True)
class Series:
    """Tells over years what one snapshot holds."""

    finder: FigureFinder

    def tell(self, query: Query, look: Look, filters: Filters) -> Figures | None:
        """The cells of the asked years; None where no years are asked for one by one."""
        periods = query.time.periods
        if len(query.place.regions) > 1 or query.place.level is not None or len(periods) > 1:
            return None
        moved = self._from_to(query, look, filters)
        if moved is not None or not query.place.regions or _is_of_the_whole(query):
            return moved
        if not query.cues.yearly and any(isinstance(c, Found) and _answers(query, c) for c in look(query)):
            return None
        if query.cues.yearly:
            query = replace(query, thing=replace(query.thing, terms=query.cues.bare))
        years = self._years(query, look, filters)
        if len(years) < 2 or len(years) > _MOST_YEARS:
            return None
        asked = replace(
            query,
            kind=QuestionKind.SERIES,
            time=replace(query.time, periods=tuple(map(Period.year, years))),
        )
        cells = tuple(look(asked))
        found = sum(isinstance(c, Found) for c in cells)
        # One year of many is no series, unless each is asked for by itself; of two it is told beside its gap.
        if 2 * found >= min(len(cells), 4) or (query.cues.yearly and found):
            return Figures(cells, told_as=asked)
        # 五年间发展到多少: what the last of the years reached.
        last = replace(asked, kind=query.kind, time=replace(query.time, periods=(Period.year(years[-1]),)))
        return Figures(cells[-1:], told_as=last) if query.cues.from_to and isinstance(cells[-1], Found) else None

    def _from_to(self, query: Query, look: Look, filters: Filters) -> Figures | None:
        """从多少增加到多少 over a span: the statement of both ends, which is of the span, of its last year or of its first."""
        if not query.cues.from_to or len(query.time.periods) != 1 or query.time.periods[0].length <= 12:
            return None
        span = query.time.periods[0]
        # Of the last year what was reached, of the first what it set out from: a move that begins then is another one.
        for period, ends in ((span, {0, 1}), (Period.year(span.last_year), {0}), (Period.year(span.first_year), {1})):
            asked = replace(query, time=replace(query.time, periods=(period,)))
            cells = tuple(self._with_both_ends(c, ends, filters) for c in look(asked))
            if any(_end_told(c.facts[0]) in ends for c in cells if isinstance(c, Found)):
                return Figures(cells, told_as=asked)
        return None

    def _with_both_ends(self, cell: Found | Missing, ends: set[int], filters: Filters) -> Found | Missing:
        """The cell told by that statement of its thing and figure which says from where it came, where there is one."""
        if not isinstance(cell, Found) or _end_told(cell.facts[0]) in ends:
            return cell
        best = cell.facts[0]
        held = self.finder.candidates.of_slot((best.region,), (best.period,) if best.period else None, filters)
        alike = (f for f in map(self.finder.snapshot.facts.__getitem__, held) if _one_thing(f, best))
        moved = next((f for f in (*cell.same, *alike) if _end_told(f) in ends), None)
        return replace(cell, facts=(moved,)) if moved is not None else cell

    def _years(self, query: Query, look: Look, filters: Filters) -> tuple[int, ...]:
        """The years that are asked for one by one."""
        periods = query.time.periods
        if periods and not query.cues.since:
            return self._of_span(query, periods[0], look)
        if not periods and not query.cues.yearly:
            return ()
        first = periods[0].first_year if periods else 0
        told = [year for year in self._told(query, filters) if year >= first]
        return tuple(range(first or min(told), max(told) + 1)) if told else ()

    def _of_span(self, query: Query, span: Period, look: Look) -> tuple[int, ...]:
        if span.first % 12 or span.length % 12 or span.length < 24:
            return ()
        first, last = span.first_year, span.last_year
        if query.cues.lately and not self._has_result(query, last, look):
            # 近三年, asked before the last year's report is given: the three before it.
            first, last = first - 1, last - 1
        return tuple(range(first, last + 1))

    def _has_result(self, query: Query, year: int, look: Look) -> bool:
        asked = replace(query, time=replace(query.time, periods=(Period.year(year),)))
        found = [c for c in look(asked) if isinstance(c, Found)]
        return any(f.status is not Status.TARGET or query.status is Status.TARGET for c in found for f in c.facts)

    def _told(self, query: Query, filters: Filters) -> list[int]:
        """The years of which some report tells what is asked."""
        held = self.finder.candidates.of_slot((query.place.regions[0],), None, filters)
        facts = self.finder.snapshot.facts
        serving = [n for n in self.finder.candidates.planned_or_not(query, held) if serves(query, facts[n])]
        return sorted(
            {
                c.fact.period.last_year
                for c in self.finder.judged(query, self.finder.candidates.asked(query), serving)
                if c.fact.period is not None and c.fact.period.is_year and c.alone >= ANSWER
            }
        )


def _end_told(fact: Fact) -> int | None:
    """Which end of the move that its clause tells a figure is: 0 what was reached, 1 from where; None where none is told."""
    change = told_change(fact)
    return change.written.index(fact.written) if change is not None and fact.written in change.written else None


def _one_thing(fact: Fact, other: Fact) -> bool:
    """Whether two statements tell the same figure of the same thing: 年接待游客 and 接待游客."""
    named = fact.canonical == other.canonical if fact.canonical else False
    named = named or fact.indicator.endswith(other.indicator) or other.indicator.endswith(fact.indicator)
    return named and (fact.value, fact.unit) == (other.value, other.unit)


def _is_of_the_whole(query: Query) -> bool:
    """Whether a total, an average or a change over all the years is asked for, which no single year tells."""
    wants, cues = query.wants, query.cues
    # 每年涨了多少 asks for the rise of each year.
    moved = (wants.rise or wants.change or cues.moved) and not cues.yearly
    whole = wants.total or wants.yearly or moved or cues.sums_up or cues.gap
    return whole or query.kind in (QuestionKind.DERIVE, QuestionKind.RANK) or bool(query.time.bases)


def _answers(query: Query, cell: Found) -> bool:
    """Whether a figure is of the whole that is asked: 2020年以来 is told by no figure of 2020 alone."""
    return not query.cues.since or "以来" in cell.facts[0].clause
