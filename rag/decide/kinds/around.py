"""A second look at a cell that no figure answers: in the report of the place around."""

from __future__ import annotations

from dataclasses import replace

from index.words.regions import Gazetteer, short_name
from rag.decide.cells import FigureFinder
from rag.decide.verdict import Found, Missing
from rag.types import Filters, Query


class SecondLooks:
    """Looks again for the figures of one snapshot."""

    def __init__(self, finder: FigureFinder, gazetteer: Gazetteer, held: frozenset[str]) -> None:
        self._finder = finder
        self._gazetteer = gazetteer
        self._held = held

    def find(self, query: Query, filters: Filters) -> list[Found | Missing]:
        """One cell for each asked place and period, looked for again where none tells it as asked."""
        return [self.again(query, cell, filters) for cell in self._finder.find(query, filters)]

    def again(self, query: Query, cell: Found | Missing, filters: Filters) -> Found | Missing:
        """The cell, or what the report of the place around tells."""
        if isinstance(cell, Found):
            return cell
        return self.in_the_report_around(query, cell, filters) or cell

    def in_the_report_around(self, query: Query, cell: Missing, filters: Filters) -> Found | None:
        """What the report of the place around tells of a place that it names: 中欧班列(西安)开行6037列."""
        inner = cell.region
        if inner is None or inner in self._held or query.place.within:
            return None
        known = self._gazetteer.get(inner)
        above = self._gazetteer.ancestors(known) if known is not None else ()
        around = [a.name for a in above if a.name in self._held and a.name != "全国"]
        if len(around) != 1:
            return None
        asked = replace(query, place=replace(query.place, regions=(around[0],), within=(short_name(inner),)), pairs=())
        return next((c for c in self._finder.find(asked, filters) if isinstance(c, Found)), None)
