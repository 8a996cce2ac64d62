"""Second looks at a cell that no figure answers as it is asked: in other words, by its meaning, in the report around."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from index.text.folding import fold
from index.types import Fact, Measure
from index.words.lexicon import load_units
from index.words.naming import normalised
from index.words.regions import Gazetteer, short_name
from rag.decide.cells import FigureFinder
from rag.decide.features import serves
from rag.decide.guards import is_told_of, leaves_unsaid, narrows, objection
from rag.decide.policy import (
    LEADS_KNOWN,
    MEANS,
    MEANS_FORMALLY,
    MEANS_KNOWN,
    MOST_BY_MEANING,
    SAID_AT_ALL,
    SAID_FORMALLY,
    STANDS_OUT,
    STANDS_OUT_FORMALLY,
    STANDS_OUT_IN_UNIT,
)
from rag.decide.verdict import Found, Missing
from rag.find.facts import dimension_of, is_whole
from rag.types import Filters, Query, Reason

_COMMON = frozenset({"money_cny", "percent"})
"""Dimensions in which so much is told that the unit narrows nothing."""


class SecondLooks:
    """Looks again for the figures of one snapshot."""

    def __init__(self, finder: FigureFinder, gazetteer: Gazetteer, held: frozenset[str]) -> None:
        self._finder = finder
        self._matcher = finder.matcher
        self._gazetteer = gazetteer
        self._held = held

    def find(self, query: Query, filters: Filters) -> list[Found | Missing]:
        """One cell for each asked place and period, looked for again where none tells it as asked."""
        return [self.again(query, cell, filters) for cell in self._finder.find(query, filters)]

    def again(self, query: Query, cell: Found | Missing, filters: Filters) -> Found | Missing:
        """The cell, or what the first look that finds something finds for it."""
        if isinstance(cell, Found):
            return cell
        for look in (self.in_other_words, self.by_meaning, self.in_the_report_around):
            found = look(query, cell, filters)
            if found is not None:
                return found
        return cell

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

    def in_other_words(self, query: Query, cell: Missing, filters: Filters) -> Found | None:
        """The figure of a cell that is told in other words than asked: 上了年纪的 for 老旧, and English for Chinese."""
        if cell.reason is not Reason.INDICATOR_MISSING or query.thing.loosely:
            return None
        loosely = replace(query, thing=replace(query.thing, loosely=True))
        if query.language == "en":
            # What the vocabulary took the words for is not told; what they say may be.
            other = tuple(m for m in query.mentions if m.slot != "indicator")
            loosely = replace(loosely, mentions=other, thing=replace(loosely.thing, indicators=()))
        elif is_whole(query):
            return None
        found = self._finder.cell(loosely, self._matcher.scores(loosely), cell.region, cell.period, filters)
        if not isinstance(found, Found):
            return None
        # What the vocabulary knows to be asked is not told by what it knows to be something else.
        known = is_whole(query) and found.facts[0].canonical is not None
        return None if known and found.facts[0].canonical not in query.thing.indicators else found

    def by_meaning(self, query: Query, cell: Missing, filters: Filters) -> Found | None:
        """The one figure of a cell that means what is asked though its words differ: 多少台上了年纪的电梯 finds 老旧电梯…78台.

        Only where one figure stands out. For an indicator that the vocabulary knows only a figure of none that it knows
        is taken, and that must be alike in its words too.
        """
        if cell.region is None or cell.period is None or cell.reason is not Reason.INDICATOR_MISSING:
            return None
        facts = self._that_may_mean(query, cell, filters)
        if not facts:
            return None
        whole = is_whole(query)
        loosely = replace(query, thing=replace(query.thing, loosely=True))
        found = self._known(query, facts) if whole else self._unknown(query, loosely, facts)
        # 个 counts whatever there is, so that no unit tells what is meant.
        open_to_all = not query.wants.growth and set(query.thing.units) <= {"个"} and query.language != "en"
        if found is None:
            return None
        best, top = found
        if not whole and open_to_all and leaves_unsaid(loosely, self._finder.sentence(best)):
            return None
        return Found(best.region, best.period, self._finder.group(query, best), min(MOST_BY_MEANING, top))

    def _that_may_mean(self, query: Query, cell: Missing, filters: Filters) -> list[Fact]:
        """The figures of a cell's place and time that tell what is asked and against which nothing speaks but their words."""
        everything = np.ones(len(self._finder.snapshot.facts), np.float32)
        anyhow = replace(query, thing=replace(query.thing, units=()))
        slot = self._matcher.matches(anyhow, everything, cell.region, cell.period, filters)
        served = [m.fact for m in self._finder.of_reports(query, slot) if serves(query, m.fact)]
        may_mean = self._matcher.may_mean(query)
        return [
            f
            for f in self._in_unit(query, served)
            if may_mean(f)
            and not objection(query, f, self._finder.sentence(f))
            and all(name in self._finder.sentence(f) for name in query.place.about)
            and all(is_told_of(name, f, self._finder.sentence(f)) for name in query.place.within)
        ]

    def _in_unit(self, query: Query, facts: list[Fact]) -> list[Fact]:
        """The figures in the asked unit, if one is asked for."""
        if not query.thing.units and not query.wants.growth:
            return facts
        in_unit = [f for f in facts if self._matcher.in_asked_unit(query, f)]
        counted = [unit for unit in query.thing.units if dimension_of(unit) == "count"]
        if not in_unit and counted:
            # 多少部电梯 may be told in 台.
            return [
                f
                for f in facts
                if dimension_of(f.unit) == "count"
                and f.measure is Measure.LEVEL
                and any(load_units().counted_alike(unit, f.unit) for unit in counted)
            ]
        return in_unit

    def _known(self, query: Query, facts: list[Fact]) -> tuple[Fact, float] | None:
        """What stands out for an indicator of the vocabulary. A part of it is not the whole."""
        asked = query.thing.terms + "".join(query.thing.indicators)
        facts = [f for f in facts if not narrows(asked, fold(f.indicator))]
        if not facts:
            return None
        return _standing_out(facts, self._matcher.meaning_of(query, facts), MEANS_KNOWN, LEADS_KNOWN)

    def _unknown(self, query: Query, loosely: Query, facts: list[Fact]) -> tuple[Fact, float] | None:
        """What stands out for words of the question's own, as they are or as reports say them.

        Something of what is asked must be said, if in other words: 二手房成交 is not told by 竣工保障房.
        """
        narrow = any(normalised(Decimal(1), unit)[1] not in _COMMON for unit in query.thing.units)
        lead = STANDS_OUT_IN_UNIT if narrow else STANDS_OUT
        found = _standing_out(facts, self._matcher.meaning_of(query, facts), MEANS, lead)
        if found is not None and self._matcher.said_of(loosely, found[0]) >= SAID_AT_ALL:
            return found
        meaning = self._matcher.meaning_of(query, facts, formally=True)
        found = _standing_out(facts, meaning, MEANS_FORMALLY, STANDS_OUT_FORMALLY)
        if found is not None and self._matcher.said_of(loosely, found[0]) >= SAID_FORMALLY:
            return found
        return None


def _standing_out(
    facts: Sequence[Fact], meaning: NDArray[np.float32], least: float, lead: float
) -> tuple[Fact, float] | None:
    """The most alike figure with its likeness, where it is alike enough and no figure of another thing comes near."""
    order = sorted(range(len(facts)), key=lambda n: (-float(meaning[n]), n))
    best, top = facts[order[0]], float(meaning[order[0]])
    # Its own parts (其中…) are no rivals of a whole.
    rivals = [n for n in order[1:] if facts[n].indicator != best.indicator]
    rival = next((n for n in rivals if not facts[n].clause.startswith(best.clause)), None)
    if top < least or (rival is not None and top - float(meaning[rival]) < lead):
        return None
    return best, top
