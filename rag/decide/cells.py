"""One cell: the figure that answers for one asked place and period, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from index.figures.when import YEAR
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Fact, Measure, Period, Status
from index.words.lexicon import load_wording
from index.words.regions import Gazetteer
from rag.decide.features import has_own_base, of_one_dimension, on_basis, serves
from rag.decide.guards import is_told_of, objection
from rag.decide.policy import ACCEPT, BOTH_TOLD, LEADS, LEADS_BY, NEAR, TIE
from rag.decide.verdict import Found, Missing
from rag.find.facts import FactMatcher, Match, is_whole
from rag.types import Filters, Query, QuestionKind, Reason

_THRESHOLDS = load_wording().pattern("thresholds")


class FigureFinder:
    """Finds the facts of one snapshot that answer a query."""

    def __init__(self, snapshot: IndexSnapshot, matcher: FactMatcher, gazetteer: Gazetteer) -> None:
        self.snapshot = snapshot
        self.matcher = matcher
        self._gazetteer = gazetteer
        self._held = set(snapshot.regions)

    def find(self, query: Query, filters: Filters) -> list[Found | Missing]:
        """One result for each asked (place, period), in the order asked."""
        scores = self.matcher.scores(query)
        regions: Sequence[str | None] = query.place.regions or filters.regions or (None,)
        periods: Sequence[Period | None] = query.time.periods or (None,)
        strangers = [
            name
            for name in query.place.unknown
            if name not in self.snapshot.spoken_for
            and not (query.place.regions and name in query.thing.terms and self._names(name))
        ]
        spoken_for = [name for name in query.place.unknown if name in self.snapshot.spoken_for]
        if spoken_for and not strangers:
            # A town whose own figures the reports state.
            regions = spoken_for
        if strangers:
            # A street or town that no report speaks for: its district's figure is not its own.
            return [
                Missing(
                    strangers[0],
                    periods[0],
                    Reason.REGION_MISSING,
                    self._near(query, scores, regions[0], periods[0], filters),
                )
            ]
        if query.place.level is not None and len(query.place.regions) <= 1 and query.kind is not QuestionKind.EXPLAIN:
            return self._everywhere(query, scores, periods, filters)
        cells = query.pairs or [(region, period) for region in regions for period in periods]
        return [self.cell(query, scores, region, period, filters) for region, period in cells]

    def _names(self, name: str) -> bool:
        """Whether some report names a place, a harbour or a park, though no figure is filed under it."""
        return any(name in sentence.text for sentence in self.snapshot.sentences)

    def _everywhere(
        self, query: Query, scores: NDArray[np.float32], periods: Sequence[Period | None], filters: Filters
    ) -> list[Found | Missing]:
        """The figure of every held place of the asked level that states it."""
        held = sorted(
            r for r in self._held if (known := self._gazetteer.get(r)) is None or known.level == query.place.level
        )
        found = [self.cell(query, scores, region, period, filters) for region in held for period in periods]
        # Places without the figure are named only where some have it, and where their report tells of the period at all.
        if not any(isinstance(cell, Found) for cell in found):
            return [Missing(None, periods[0], Reason.NOT_IN_REPORTS, ())]
        return [c for c in found if isinstance(c, Found) or c.period is None or self.tells(c.region, c.period)]

    def cell(
        self, query: Query, scores: NDArray[np.float32], region: str | None, period: Period | None, filters: Filters
    ) -> Found | Missing:
        """The figure of one place and period; ``None`` leaves one open."""
        if query.time.aimed:
            query = replace(query, status=Status.TARGET if period in query.time.aimed else None)
        matches = self._of_slot(query, scores, region, period, filters)
        if query.place.within and not matches:
            return Missing(query.place.within[0], period, Reason.REGION_MISSING, ())
        fitting = self._fitting(query, matches)
        if not fitting:
            return self._missing(query, scores, region, period, filters, matches)
        if region is None:
            open_place = self._of_no_place(query, fitting, period)
            if isinstance(open_place, Missing):
                return open_place
            fitting = open_place
        best = self._pick(query, fitting, period)
        group = self.group(query, best.fact)
        same = tuple(
            m.fact
            for m in fitting
            if (m.fact.value, m.fact.unit, m.fact.period) == (best.fact.value, best.fact.unit, best.fact.period)
        )
        return Found(best.fact.region, best.fact.period, group, best.score, _conflicts(best, fitting, group), same)

    def _of_slot(
        self, query: Query, scores: NDArray[np.float32], region: str | None, period: Period | None, filters: Filters
    ) -> list[Match]:
        """The matches of a place and period, of the reports and with the names that the question wants."""
        matches = self.matcher.matches(
            query, scores, region, period, filters, any_region=region is None, any_period=period is None
        )
        matches = self.of_reports(query, matches)
        # 襄阳小河港区: a thing with a place's name must be told of by that name.
        for name in (*query.place.about, *(name for name in query.place.unknown if name in query.thing.terms)):
            matches = [m for m in matches if name in self.sentence(m.fact)]
        for name in query.place.within:
            matches = [m for m in matches if is_told_of(name, m.fact, self.sentence(m.fact))]
        if query.place.within and not matches:
            return []
        for name in query.place.about:
            # Of several figures of a sentence those whose own clause says it.
            matches = [m for m in matches if name in m.fact.clause] or matches
        return matches

    def _fitting(self, query: Query, matches: list[Match]) -> list[Match]:
        """The matches that may answer: they tell what is asked, nothing speaks against them, and enough speaks for them."""
        serving = [m for m in matches if serves(query, m.fact) and not objection(query, m.fact, self.sentence(m.fact))]
        if query.thing.basis:
            # 同口径增长4.2%，自然口径下降1.9%: of two rates the one on the asked basis, if any is told so.
            serving = [m for m in serving if on_basis(query, m.fact)] or serving
        return [m for m in serving if m.score >= ACCEPT] or _leading(query, serving)

    def _of_no_place(self, query: Query, fitting: list[Match], period: Period | None) -> list[Match] | Missing:
        """Where no place is asked: the matches of the asked level, or why they are of no one place."""
        if query.place.scope is not None:
            fitting = [m for m in fitting if self._of_level(m.fact.region, query.place.scope)]
            if not fitting:
                return Missing(None, period, Reason.REGION_MISSING, ())
        places = {m.fact.region for m in fitting if m.score >= fitting[0].score - TIE}
        return Missing(None, period, Reason.AMBIGUOUS, _one_each(fitting)) if len(places) > 1 else fitting

    def sentence(self, fact: Fact) -> str:
        """The text of the sentence that tells a fact."""
        return self.snapshot.sentences[fact.sentence].text

    def _of_level(self, region: str | None, level: str) -> bool:
        """Whether a place is of the level that a word like 全省 names."""
        if region is None:
            return False
        known = self._gazetteer.candidates(region)
        if level == "city" and region.endswith("市"):
            return True
        if not known:
            return {"province": "省", "city": "市", "county": "县"}.get(level, "") == region[-1]
        return any(r.level == level for r in known)

    def of_reports(self, query: Query, matches: list[Match]) -> list[Match]:
        """Only figures of the reports that the question names by their year."""
        if not query.time.report_years:
            return matches
        years = set(query.time.report_years)
        kept = []
        for match in matches:
            document = self.snapshot.document(match.fact.document_id)
            if document is None:
                continue
            if years & document.report_years:
                kept.append(match)
        if query.time.periods and not any(serves(query, m.fact) and m.score >= ACCEPT for m in kept):
            # 2025年报告提出新建11所，2025年实际新建多少所: the time that is asked for is told by another report.
            return matches
        return kept

    def _pick(self, query: Query, fitting: list[Match], period: Period | None) -> Match:
        """Of equally good matches: results before estimates, then the latest period if none was asked.

        Where level and growth are both asked, a statement of both in the period's own report outweighs a few letters.
        """
        top = [m for m in fitting if m.score >= fitting[0].score - TIE]
        if query.wants.growth and query.wants.level:
            near = [m for m in fitting if m.score >= fitting[0].score - BOTH_TOLD]
            top = [m for m in near if self._reviews(m.fact) and len(self.group(query, m.fact)) > 1] or top
        # 重工业总产值 is no 工业总产值, however near they come.
        terms = query.thing.terms.replace(" ", "")
        same = [m for m in fitting if m.score >= fitting[0].score - TIE and fold(m.fact.indicator) == terms]
        top = [m for m in top if fold(m.fact.indicator) == terms] or same or top

        def order(match: Match) -> tuple[object, ...]:
            fact = match.fact
            wanted = query.wants.growth and fact.measure is not Measure.GROWTH and not query.wants.level
            reviews = self._reviews(fact)
            age = -(fact.period.last if fact.period else 0) if period is None else 0
            return (
                wanted,
                # A target that is asked as an amount: the growth that is aimed at is second best.
                fact.measure is Measure.GROWTH and not query.wants.growth,
                has_own_base(fact) and not query.time.bases,
                not reviews,
                age,
                bool(_THRESHOLDS.search(fact.approx)),
                fact.status is Status.ESTIMATE,
                -round(match.score, 3),
                fact.sentence,
                fact.figure,
            )

        return min(top, key=order)

    def _reviews(self, fact: Fact) -> bool:
        """Whether the fact's document is the one that reviews its period, and not one that only mentions it."""
        document = self.snapshot.document(fact.document_id)
        if document is None or fact.period is None:
            return False
        return fact.period in (document.review, document.plan)

    def group(self, query: Query, fact: Fact) -> tuple[Fact, ...]:
        """The fact with the others that its sentence states of the same thing: level, growth, share."""
        same = [
            f
            for f in self.matcher.of_sentence(fact.sentence)
            if f.indicator == fact.indicator
            and f.period == fact.period
            and f.region == fact.region
            and f.status == fact.status
        ]
        if _THRESHOLDS.search(fact.approx):
            # 首次突破2万元、达到20793元: what it passed gives way to what it is.
            alike = [f for f in same if f.measure is fact.measure and of_one_dimension(f, fact.unit)]
            exact = [f for f in alike if not _THRESHOLDS.search(f.approx)]
            fact = exact[0] if exact else fact
        wanted = [Measure.LEVEL, Measure.GROWTH, Measure.SHARE]
        chosen: list[Fact] = []
        for measure in wanted:
            of_measure = [f for f in same if f.measure is measure]
            if fact in of_measure:
                chosen.append(fact)
            elif of_measure and measure is not Measure.SHARE:
                chosen.append(of_measure[0])
        if fact not in chosen:
            chosen = [fact]
        if not query.wants.growth and fact.measure is Measure.SHARE:
            return (fact,)
        return tuple(f for f in chosen if f.measure is not Measure.SHARE or fact.measure is Measure.SHARE)

    def _missing(
        self,
        query: Query,
        scores: NDArray[np.float32],
        region: str | None,
        period: Period | None,
        filters: Filters,
        matches: list[Match],
    ) -> Found | Missing:
        """What is planned where only a plan can be meant, the same at another time's name, or why there is nothing."""
        for asked, again in self._otherwise(query, region, period):
            found = self.cell(asked, scores, region, again, filters)
            if isinstance(found, Found):
                return found
        nearest = tuple(m.fact for m in matches if m.score >= ACCEPT)[:3] or self._near(
            query, scores, region, period, filters
        )
        if query.place.unknown:
            # The place is named in some report, but nothing asked for is told of it.
            return Missing(query.place.unknown[0], period, Reason.REGION_MISSING, nearest)
        return Missing(region, period, self._reason(region, period, nearest), nearest)

    def _otherwise(
        self, query: Query, region: str | None, period: Period | None
    ) -> Iterator[tuple[Query, Period | None]]:
        """Other ways to ask for the same cell, in order."""
        freely = replace(query, time=replace(query.time, aimed=()))
        planned = query.wants.planned or (self._lies_ahead(region, period) and not query.cues.done)
        if planned and query.status is None:
            yield replace(freely, status=Status.TARGET), period
        again = self._at_the_end_of(query, period)
        if again is not None:
            yield freely, again

    def _reason(self, region: str | None, period: Period | None, nearest: tuple[Fact, ...]) -> Reason:
        """Which of place, time and thing a cell without an answer lacks."""
        if (
            region is not None
            and region not in self._held
            and not any(held == region for held, _ in self.matcher.slots())
        ):
            return Reason.REGION_MISSING
        if period is not None and not self.tells(region, period):
            return Reason.PERIOD_MISSING
        return Reason.NOT_IN_REPORTS if region is None and not nearest else Reason.INDICATOR_MISSING

    def _lies_ahead(self, region: str | None, period: Period | None) -> bool:
        """Whether no report of a place can tell results of several years, so that only what is meant can be asked for.

        A single year's target never stands in for its result.
        """
        reviews = [d.review for d in self.snapshot.documents if d.region == region and d.review is not None]
        return (
            period is not None
            and period.length > YEAR
            and bool(reviews)
            and all(r.last < period.first for r in reviews)
        )

    def _at_the_end_of(self, query: Query, period: Period | None) -> Period | None:
        """Another period that holds the same: the first half for the end of June, its plans for those of the year."""
        if period is None:
            return None
        year, month = divmod(period.last, 12)
        if period.length == 1 and month == 5:
            return Period.half(year, 1)
        if period.length == 1 and month >= 9:
            # 到11月底, in a review that is given before the year ends.
            return Period.year(year)
        if period.is_year and query.status is Status.TARGET:
            return Period.half(year, 2)
        if period.length > 24 and query.wants.yearly:
            # 从2016年到2021年年均: the years of growth are those after the first.
            return Period.years(period.first_year + 1, period.last_year)
        if period.length > 12 and query.status is Status.TARGET:
            return Period.year(period.last_year)
        return None

    def tells(self, region: str | None, period: Period) -> bool:
        """Whether some document of the place reviews or plans the period, whatever it says of it."""
        for document in self.snapshot.documents:
            if region is not None and document.region != region:
                continue
            told = [document.review, document.plan, *(s.period for s in document.sections)]
            if any(t is not None and t == period for t in told):
                return True
        return any(held == period and region in (None, place) for place, held in self.matcher.slots())

    def _near(
        self, query: Query, scores: NDArray[np.float32], region: str | None, period: Period | None, filters: Filters
    ) -> tuple[Fact, ...]:
        """The same thing of the same place at another time, or of the same time for the place around it."""
        result: list[Fact] = []
        if region is not None:
            elsewhen = self.matcher.matches(query, scores, region, period, filters, any_period=True)
            close = [
                m
                for m in elsewhen
                if (m.score >= NEAR and serves(replace(query, status=None), m.fact)) or (m.score >= ACCEPT)
            ]
            close.sort(key=lambda m: (_distance(m.fact.period, period), not serves(query, m.fact), -m.score))
            for match in close:
                if all((f.period, f.indicator) != (match.fact.period, match.fact.indicator) for f in result):
                    result.append(match.fact)
        return tuple(result[:3])


def _conflicts(best: Match, fitting: list[Match], group: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Other figures for the same slot: the same indicator and measure with another value."""
    fact = best.fact
    rivals = []
    for match in fitting:
        other = match.fact
        same = other.canonical == fact.canonical if fact.canonical else other.indicator == fact.indicator
        slot = other.period == fact.period and other.region == fact.region and other.unit == fact.unit
        twin = same and other.indicator == fact.indicator and other.measure is fact.measure
        if slot and twin and other.value != fact.value and other not in group:
            rivals.append(other)
    return tuple(rivals[:3])


def _leading(query: Query, serving: list[Match]) -> list[Match]:
    """The best match alone where it leads all other things of its slot, though it shares fewer words.

    Never for a name that the vocabulary knows: what is like it is then known to be something else.
    """
    if not serving or is_whole(query) or serving[0].score < LEADS or not query.place.regions:
        return []
    best = serving[0]
    rival = next((m.score for m in serving[1:] if m.fact.indicator != best.fact.indicator), 0.0)
    return [best] if best.score - rival >= LEADS_BY else []


def _distance(held: Period | None, asked: Period | None) -> int:
    if held is None or asked is None:
        return 10**6
    if held.overlaps(asked):
        return abs(held.length - asked.length)
    return 100 + min(abs(held.first - asked.last), abs(asked.first - held.last))


def _one_each(matches: Sequence[Match]) -> tuple[Fact, ...]:
    """The best fact of each place, at most three."""
    seen: dict[str | None, Fact] = {}
    for match in matches:
        seen.setdefault(match.fact.region, match.fact)
    return tuple(seen.values())[:3]
