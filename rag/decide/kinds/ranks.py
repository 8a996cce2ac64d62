"""Places in a row: the figure of each held place of a level, in order, with who states none and who is not held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from index.types import Fact, Measure, Period, Status
from index.words.naming import normalised
from index.words.regions import Gazetteer
from rag.decide.cells import FigureFinder
from rag.decide.serving import RANKS_TOLD
from rag.decide.verdict import Figures, Found, Missing, Ranked, Refused
from rag.types import Bound, Filters, Query, QuestionKind, Reason

_ENDS = {"county": "区县旗", "city": "市州盟", "province": "省"}
"""Last letters of the names of places of a level that the gazetteer does not know."""
_LEAST_ROWS = 3
"""Places of which one is told its place among them."""


@dataclass(frozen=True, slots=True)
class Ranks:
    """Puts the held places of one snapshot in rows."""

    finder: FigureFinder
    gazetteer: Gazetteer
    held: frozenset[str]

    def rank(self, query: Query, filters: Filters) -> Ranked | Refused | None:
        """The row that a question asks for; None where it asks for none, or where a report tells a place's rank itself."""
        level = query.row.level or self._level_of_place(query)
        if level is None or len(query.time.periods) > 1 or len(query.place.regions) > 1:
            return None
        named = query.place.regions[0] if query.place.regions else None
        place, around = (named, None) if query.cues.place_in_row else (None, named)
        if around is not None and self._of_level(around, level):
            return None
        if place is not None and query.cues.among_some:
            # 居西部第几: among places that nobody has listed, and the report does not say.
            return Refused(Reason.INDICATOR_MISSING)
        places = sorted(r for r in self.held if self._of_level(r, level) and self._lies_in(r, around))
        asked = self._plainly(query)
        period = query.time.periods[0] if query.time.periods else self._common_period(asked, places, filters)
        if period is None or len(places) < 2:
            return None
        return self._ranked(query, self._rows(asked, places, period, filters), period, level, place)

    def _ranked(
        self,
        query: Query,
        told: tuple[list[Found], tuple[str, ...]],
        period: Period,
        level: str,
        place: str | None,
    ) -> Ranked | Refused | None:
        """The row in its order; None where the one place whose rank is asked is not in it."""
        rows, missing = told
        if place is not None and (len(rows) < _LEAST_ROWS or all(cell.region != place for cell in rows)):
            return Refused(Reason.INDICATOR_MISSING) if query.row.level is not None else None
        if not rows:
            return Refused(Reason.INDICATOR_MISSING if missing else Reason.PERIOD_MISSING)
        lowest = query.row.lowest or (query.cues.falls and query.cues.most)
        return Ranked(self._in_order(rows, lowest), period, level, missing, self._not_held(level), place)

    def _level_of_place(self, query: Query) -> str | None:
        """江苏…排第几: among the places of its own level, unless it is asked for its rank in a larger one."""
        place = query.place
        alone = len(place.regions) == 1 and place.regions[0] in self.held and not place.against
        if not (query.cues.place_in_row and alone and place.scope is None):
            return None
        return next((level for level in _ENDS if self._of_level(place.regions[0], level)), None)

    def _of_level(self, name: str, level: str) -> bool:
        known = self.gazetteer.get(name)
        return known.level == level if known is not None else name[-1] in _ENDS.get(level, "")

    def _lies_in(self, name: str, around: str | None) -> bool:
        """Whether a place lies in the asked one; of what the gazetteer does not know it is taken for granted."""
        known = around in (None, "全国") or not self.gazetteer.candidates(name)
        return known or self.gazetteer.is_within(name, around or "")

    def stated(self, query: Query, filters: Filters) -> Figures | None:
        """The rank of one place as its report tells it: 增速居全省第四; None where none is asked or told."""
        if not query.cues.place_in_row or len(query.place.regions) != 1:
            return None
        rank = replace(
            query,
            thing=replace(query.thing, terms=query.cues.bare, units=tuple(sorted(RANKS_TOLD))),
            wants=replace(query.wants, growth=False, level=True, both=False),
        )
        cells = self.finder.find(rank, filters)
        facts = (f for c in cells if isinstance(c, Found) for f in c.facts)
        told = any(f.unit in RANKS_TOLD and query.cues.among_some in f.clause for f in facts)
        return Figures(tuple(cells)) if told else None

    @staticmethod
    def asks_nothing_else(query: Query) -> bool:
        """Whether the place of one in a row is all that is asked, and no amount beside it."""
        # 增速排第几 asks for the place of the rate, and the rate itself is no answer to it.
        units = set(query.thing.units) - ({"%"} if query.wants.growth else set())
        return query.cues.place_in_row and len(query.place.regions) == 1 and units <= RANKS_TOLD

    @staticmethod
    def amount(query: Query) -> Query:
        """The query for the amount whose place in a row is asked."""
        units = tuple(u for u in query.thing.units if u not in RANKS_TOLD)
        return replace(
            query,
            kind=QuestionKind.VALUE,
            thing=replace(query.thing, terms=query.cues.bare, units=units),
            wants=replace(query.wants, level=True, both=False),
            cues=replace(query.cues, place_in_row=False),
        )

    def _plainly(self, query: Query) -> Query:
        """The query for the figure of one place."""
        return replace(
            query,
            kind=QuestionKind.VALUE,
            thing=replace(query.thing, terms=query.cues.bare),
            place=replace(query.place, regions=(), level=None, scope=None),
            wants=replace(query.wants, level=not query.wants.growth, change=False, both=False),
            cues=replace(query.cues, place_in_row=False, compares=False),
        )

    def _common_period(self, query: Query, places: Sequence[str], filters: Filters) -> Period | None:
        """The latest period that most places tell of, where no time is asked."""
        asked = self.finder.candidates.asked(query)
        cells = [self.finder.cell(query, asked, place, None, filters) for place in places]
        told = Counter(c.period for c in cells if isinstance(c, Found) and c.period is not None)
        return max(told, key=lambda p: (told[p], p.last), default=None)

    def _rows(
        self, query: Query, places: Sequence[str], period: Period, filters: Filters
    ) -> tuple[list[Found], tuple[str, ...]]:
        """The one comparable figure of each place, and the places that state none though they tell of the time."""
        asked = self.finder.candidates.asked(query)
        found: list[Found] = []
        missing: list[str] = []
        for place in places:
            cell = self.finder.cell(query, asked, place, period, filters)
            fact = _comparable(query, cell, period)
            if fact is not None:
                assert isinstance(cell, Found)
                found.append(replace(cell, region=place, facts=(fact,), conflicts=()))
            elif self.finder.tells(place, period):
                missing.append(place)
        kinds = Counter(normalised(c.facts[0].value, c.facts[0].unit)[1] for c in found)
        common = kinds.most_common(1)[0][0] if kinds else ""
        alike = [c for c in found if normalised(c.facts[0].value, c.facts[0].unit)[1] == common]
        missing += [c.region or "" for c in found if c not in alike]
        return alike, tuple(sorted(missing))

    def _in_order(self, rows: list[Found], lowest: bool) -> tuple[tuple[int, Found], ...]:
        """The rows with their ranks; equal figures share one."""
        ordered = sorted(rows, key=lambda c: (size_of(c) if lowest else -size_of(c), c.region or ""))
        first: dict[Decimal, int] = {}
        return tuple((first.setdefault(size_of(cell), rank), cell) for rank, cell in enumerate(ordered, 1))

    def _not_held(self, level: str) -> tuple[str, ...]:
        """The provinces that are not held; of smaller places the gazetteer knows some that are no more."""
        if level != "province":
            return ()
        return tuple(
            r.name
            for r in self.gazetteer.regions
            if r.level == level and r.name not in self.held and r.name not in _NO_REPORTS
        )


_NO_REPORTS = frozenset({"新疆生产建设兵团", "台湾省", "香港特别行政区", "澳门特别行政区"})
"""Beside the provinces: they give no government work report of this kind."""


def size_of(cell: Found) -> Decimal:
    """The figure of a row in its base unit."""
    return normalised(cell.facts[0].value, cell.facts[0].unit)[0]


def within(cell: Found, bound: Bound) -> bool:
    """Whether a row's figure is beyond an amount on its asked side."""
    size, limit = size_of(cell), normalised(bound.value, bound.unit)[0]
    return size >= limit if bound.above else size < limit


def _comparable(query: Query, cell: Found | Missing, period: Period) -> Fact | None:
    """The figure of a cell that can stand in the row: of that very time, and a rate only where rates are asked."""
    if not isinstance(cell, Found):
        return None
    growth = query.wants.growth
    return next(
        (
            f
            for f in cell.facts
            if f.period == period
            and (f.measure is Measure.GROWTH) is growth
            and (f.status is Status.TARGET) is (query.status is Status.TARGET)
        ),
        None,
    )
