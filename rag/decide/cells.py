"""Which figures answer a question: one cell for each asked place and period, or the reason why there is none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from index.figures.when import YEAR
from index.rules import Rule
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Fact, Measure, Period, Status
from index.words.lexicon import load_wording
from index.words.naming import normalised
from index.words.regions import Gazetteer
from rag.decide.features import has_own_base, of_one_dimension, on_basis, serves
from rag.decide.guards import is_apart, leaves_out, of_another_measure, of_another_noun, of_another_number
from rag.find.coverage import parts_asked
from rag.find.facts import FactMatcher, Match, dimension_of, is_whole, same_unit
from rag.types import Filters, Query, QuestionKind, Reason

ACCEPT = 0.6
"""Least score of a fact that answers. Below it the words of question and clause share too little to be one thing."""

LEADS = 0.5
LEADS_BY = 0.2
"""Least score of a figure that answers below :data:`ACCEPT`, and its least lead over the next thing of the same place
and time. On six sets it turned right answers from refused to given and no wrong one."""

MEANS = 0.25
"""Least likeness of a figure that answers by meaning alone: the mean cosine of its indicator and its clause."""

STANDS_OUT = 0.1
STANDS_OUT_IN_UNIT = 0.07
"""By how much it must be more alike than the next figure of another indicator; less where a unit narrows the choice."""

MEANS_KNOWN = 0.5
LEADS_KNOWN = 0.15
"""The same where the vocabulary knows what is asked for: what is alike may then be something else."""

MEANS_FORMALLY = 0.2
STANDS_OUT_FORMALLY = 0.06
"""The same where everyday words are read as what reports say for them. On nineteen sets ten right answers more, one wrong."""

SAID_AT_ALL = 0.03
SAID_FORMALLY = 0.1
"""Least share of the asked words, or of what may stand for them, that such a figure must be told with."""

NEAR = 0.5
"""Least score of a fact that is shown as nearest evidence."""

BESIDE = 0.3
"""Least score of a figure in the very sentence that answered what was asked before it."""

_COMMON = frozenset({"money_cny", "percent"})
"""Dimensions in which so much is told that the unit narrows nothing."""
_THRESHOLDS = load_wording().pattern("thresholds")


_TIE = 0.04
"""Scores closer than this are told apart by status, period and place in the text, not by a few shared letters."""


@dataclass(frozen=True, slots=True)
class Found:
    """A cell: the asked place and period, the group of facts that answers (level before growth), and what rivals it."""

    region: str | None
    period: Period | None
    facts: tuple[Fact, ...]
    score: float
    conflicts: tuple[Fact, ...] = ()
    same: tuple[Fact, ...] = ()
    """Other statements of the first fact's figure."""


@dataclass(frozen=True, slots=True)
class Missing:
    """A cell without an answer: why, and what comes nearest, best first."""

    region: str | None
    period: Period | None
    reason: Reason
    nearest: tuple[Fact, ...]


_IS_TOLD_OF_1 = Rule("decide.cells.is_told_of_1", r"[;。]")


class FigureFinder:
    """Finds the facts of one snapshot that answer a query."""

    def __init__(self, snapshot: IndexSnapshot, matcher: FactMatcher, gazetteer: Gazetteer) -> None:
        self._snapshot = snapshot
        self._matcher = matcher
        self._gazetteer = gazetteer
        self._held = set(snapshot.regions)

    def find(self, query: Query, filters: Filters) -> list[Found | Missing]:
        """One result for each asked (place, period), in the order asked."""
        scores = self._matcher.scores(query)
        regions: Sequence[str | None] = query.place.regions or filters.regions or (None,)
        periods: Sequence[Period | None] = query.time.periods or (None,)
        strangers = [
            name
            for name in query.place.unknown
            if name not in self._snapshot.spoken_for
            and not (query.place.regions and name in query.thing.terms and self._names(name))
        ]
        spoken_for = [name for name in query.place.unknown if name in self._snapshot.spoken_for]
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
        return [self._cell(query, scores, region, period, filters) for region, period in cells]

    def _names(self, name: str) -> bool:
        """Whether some report names a place, a harbour or a park, though no figure is filed under it."""
        return any(name in sentence.text for sentence in self._snapshot.sentences)

    def _everywhere(
        self, query: Query, scores: NDArray[np.float32], periods: Sequence[Period | None], filters: Filters
    ) -> list[Found | Missing]:
        """The figure of every held place of the asked level that states it."""
        held = sorted(
            r for r in self._held if (known := self._gazetteer.get(r)) is None or known.level == query.place.level
        )
        found = [self._cell(query, scores, region, period, filters) for region in held for period in periods]
        # Places without the figure are named only where some have it, and where their report tells of the period at all.
        if not any(isinstance(cell, Found) for cell in found):
            return [Missing(None, periods[0], Reason.NOT_IN_REPORTS, ())]
        return [c for c in found if isinstance(c, Found) or c.period is None or self.tells(c.region, c.period)]

    def _cell(
        self, query: Query, scores: NDArray[np.float32], region: str | None, period: Period | None, filters: Filters
    ) -> Found | Missing:
        if query.time.aimed:
            query = replace(query, status=Status.TARGET if period in query.time.aimed else None)
        matches = self._matcher.matches(
            query, scores, region, period, filters, any_region=region is None, any_period=period is None
        )
        matches = self._of_reports(query, matches)
        # 襄阳小河港区: a thing with a place's name must be told of by that name.
        for name in (*query.place.about, *(name for name in query.place.unknown if name in query.thing.terms)):
            matches = [m for m in matches if name in self._snapshot.sentences[m.fact.sentence].text]
        for name in query.place.within:
            matches = [m for m in matches if self._is_told_of(name, m.fact)]
        if query.place.within and not matches:
            return Missing(query.place.within[0], period, Reason.REGION_MISSING, ())
        for name in query.place.about:
            # Of several figures of a sentence those whose own clause says it.
            matches = [m for m in matches if name in m.fact.clause] or matches
        serving = [m for m in matches if serves(query, m.fact) and not self._is_apart(query, m.fact)]
        if query.thing.basis:
            # 同口径增长4.2%，自然口径下降1.9%: of two rates the one on the asked basis, if any is told so.
            serving = [m for m in serving if on_basis(query, m.fact)] or serving
        fitting = [m for m in serving if m.score >= ACCEPT] or _leading(query, serving)
        if not fitting:
            return self._missing(query, scores, region, period, filters, matches)
        if region is None and query.place.scope is not None:
            fitting = [m for m in fitting if self._of_level(m.fact.region, query.place.scope)]
            if not fitting:
                return Missing(None, period, Reason.REGION_MISSING, ())
        if region is None:
            places = {m.fact.region for m in fitting if m.score >= fitting[0].score - _TIE}
            if len(places) > 1:
                return Missing(None, period, Reason.AMBIGUOUS, _one_each(fitting))
        best = self._pick(query, fitting, period)
        group = self._group(query, best.fact)
        same = tuple(
            m.fact
            for m in fitting
            if (m.fact.value, m.fact.unit, m.fact.period) == (best.fact.value, best.fact.unit, best.fact.period)
        )
        return Found(best.fact.region, best.fact.period, group, best.score, self._conflicts(best, fitting, group), same)

    def _is_told_of(self, name: str, fact: Fact) -> bool:
        """Whether a place is named before a figure in its stretch and nothing behind it says that the whole is meant."""
        before = self._snapshot.sentences[fact.sentence].text.partition(fact.written)[0]
        stretch = _IS_TOLD_OF_1.split(before)[-1]
        _, named, behind = stretch.rpartition(name)
        return bool(named) and not any(scope in behind for scope in load_wording().scopes)

    def _is_apart(self, query: Query, fact: Fact) -> bool:
        """Whether a figure is of another thing. Names that the vocabulary knows are told apart by it."""
        if of_another_number(query, fact) or of_another_noun(query, fact):
            return True
        if query.language == "en":
            return leaves_out(query, fact)
        if of_another_measure(query, fact):
            return True
        if is_whole(query):
            return leaves_out(query, fact)
        return is_apart(query, fact, fold(self._snapshot.sentences[fact.sentence].text))

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

    def _of_reports(self, query: Query, matches: list[Match]) -> list[Match]:
        """Only figures of the reports that the question names by their year."""
        if not query.time.report_years:
            return matches
        years = set(query.time.report_years)
        kept = []
        for match in matches:
            document = self._snapshot.document(match.fact.document_id)
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
        top = [m for m in fitting if m.score >= fitting[0].score - _TIE]
        if query.wants.growth and query.wants.level:
            near = [m for m in fitting if m.score >= fitting[0].score - 3 * _TIE]
            top = [m for m in near if self._reviews(m.fact) and len(self._group(query, m.fact)) > 1] or top
        # 重工业总产值 is no 工业总产值, however near they come.
        terms = query.thing.terms.replace(" ", "")
        same = [m for m in fitting if m.score >= fitting[0].score - _TIE and fold(m.fact.indicator) == terms]
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
        document = self._snapshot.document(fact.document_id)
        if document is None or fact.period is None:
            return False
        return fact.period in (document.review, document.plan)

    def _group(self, query: Query, fact: Fact) -> tuple[Fact, ...]:
        """The fact with the others that its sentence states of the same thing: level, growth, share."""
        same = [
            f
            for f in self._matcher.of_sentence(fact.sentence)
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

    def beside(self, query: Query, cells: Sequence[Found | Missing], filters: Filters) -> list[Found]:
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
            for f in self._matcher.of_sentence(first.sentence)
            if f.figure > first.figure and same_unit(unit, f.unit) and f.period == first.period
        ]
        alike = near[:1] if near and near[0].region == first.region and near[0].status is first.status else []
        return [Found(first.region, first.period, (fact,), cell.score) for fact in alike]

    def in_sentence(self, query: Query, cell: Found | Missing) -> Found | None:
        """The figure that a further question wants, in the sentence that answered the first: 总投资多少 after the projects."""
        if not isinstance(cell, Found):
            return None
        first = cell.facts[0]
        scores = self._matcher.scores(query)
        near = [
            m
            for m in self._matcher.matches(query, scores, first.region, first.period, Filters())
            if m.fact.sentence == first.sentence
            and m.fact not in cell.facts
            and m.score >= BESIDE
            and serves(query, m.fact)
            and m.fact.status is first.status
        ]
        return Found(first.region, first.period, self._group(query, near[0].fact), near[0].score) if near else None

    def share_beside(self, cell: Found | Missing) -> Found | None:
        """The share of what was found, told in its sentence: 棉花总产616.5万吨、占全国92.8%."""
        if not isinstance(cell, Found):
            return None
        first = cell.facts[0]
        near = [
            f
            for f in self._matcher.of_sentence(first.sentence)
            if f.measure is Measure.SHARE and f.indicator.startswith(first.indicator) and f.period == first.period
        ]
        return Found(first.region, first.period, (near[0],), cell.score) if near else None

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
        other = self._cell(asked, self._matcher.scores(asked), cell.region, cell.period, filters)
        if not isinstance(other, Found) or other.facts[0].measure not in lacks:
            return None
        one, also = cell.facts[0], other.facts[0]
        same = one.canonical == also.canonical if one.canonical else one.indicator == also.indicator
        return replace(other, facts=(also,)) if same else None

    def _conflicts(self, best: Match, fitting: list[Match], group: tuple[Fact, ...]) -> tuple[Fact, ...]:
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

    def _missing(
        self,
        query: Query,
        scores: NDArray[np.float32],
        region: str | None,
        period: Period | None,
        filters: Filters,
        matches: list[Match],
    ) -> Found | Missing:
        planned = query.wants.planned or (self._lies_ahead(region, period) and not query.cues.done)
        if planned and query.status is None:
            meant = self._cell(
                replace(query, status=Status.TARGET, time=replace(query.time, aimed=())),
                scores,
                region,
                period,
                filters,
            )
            if isinstance(meant, Found):
                return meant
        again = self._at_the_end_of(query, period)
        if again is not None:
            found = self._cell(replace(query, time=replace(query.time, aimed=())), scores, region, again, filters)
            if isinstance(found, Found):
                return found
        nearest = tuple(m.fact for m in matches if m.score >= ACCEPT)[:3] or self._near(
            query, scores, region, period, filters
        )
        if query.place.unknown:
            # The place is named in some report, but nothing asked for is told of it.
            return Missing(query.place.unknown[0], period, Reason.REGION_MISSING, nearest)
        if (
            region is not None
            and region not in self._held
            and not any(held == region for held, _ in self._matcher.slots())
        ):
            return Missing(region, period, Reason.REGION_MISSING, nearest)
        if period is not None and not self.tells(region, period):
            return Missing(region, period, Reason.PERIOD_MISSING, nearest)
        if region is None and not nearest:
            return Missing(region, period, Reason.NOT_IN_REPORTS, ())
        return Missing(region, period, Reason.INDICATOR_MISSING, nearest)

    def _lies_ahead(self, region: str | None, period: Period | None) -> bool:
        """Whether no report of a place can tell results of several years, so that only what is meant can be asked for.

        A single year's target never stands in for its result.
        """
        reviews = [d.review for d in self._snapshot.documents if d.region == region and d.review is not None]
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
        found = self._cell(loosely, self._matcher.scores(loosely), cell.region, cell.period, filters)
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
        whole = is_whole(query)
        everything = np.ones(len(self._snapshot.facts), np.float32)
        slot = self._matcher.matches(
            replace(query, thing=replace(query.thing, units=())), everything, cell.region, cell.period, filters
        )
        asked = bool(query.thing.units or query.wants.growth)
        served = [m.fact for m in self._of_reports(query, slot) if serves(query, m.fact)]
        in_unit = [f for f in served if self._matcher.in_asked_unit(query, f)] if asked else served
        counted = any(dimension_of(unit) == "count" for unit in query.thing.units)
        if not in_unit and counted:
            # 多少部电梯 may be told in 台.
            in_unit = [f for f in served if dimension_of(f.unit) == "count" and f.measure is Measure.LEVEL]
        may_mean = self._matcher.may_mean(query)
        facts = [
            f
            for f in in_unit
            if may_mean(f)
            and not self._is_apart(query, f)
            and all(name in self._snapshot.sentences[f.sentence].text for name in query.place.about)
            and all(self._is_told_of(name, f) for name in query.place.within)
        ]
        if not facts:
            return None
        narrow = any(normalised(Decimal(1), unit)[1] not in _COMMON for unit in query.thing.units)
        least, lead = (MEANS_KNOWN, LEADS_KNOWN) if whole else (MEANS, STANDS_OUT_IN_UNIT if narrow else STANDS_OUT)
        found = _standing_out(facts, self._matcher.meaning_of(query, facts), least, lead)
        loosely = replace(query, thing=replace(query.thing, loosely=True))
        # Something of what is asked must be said, if in other words: 二手房成交 is not told by 竣工保障房.
        if found is not None and not whole and self._matcher.said_of(loosely, found[0]) < SAID_AT_ALL:
            found = None
        if found is None and not whole:
            meaning = self._matcher.meaning_of(query, facts, formally=True)
            found = _standing_out(facts, meaning, MEANS_FORMALLY, STANDS_OUT_FORMALLY)
            if found is not None and self._matcher.said_of(loosely, found[0]) < SAID_FORMALLY:
                found = None
        # 个 counts whatever there is, so that no unit tells what is meant.
        open_to_all = not query.wants.growth and set(query.thing.units) <= {"个"} and query.language != "en"
        if found is None or (not whole and open_to_all and self._leaves_unsaid(loosely, found[0])):
            return None
        best, top = found
        return Found(best.region, best.period, self._group(query, best), min(0.75, top))

    def _leaves_unsaid(self, query: Query, fact: Fact) -> bool:
        """Whether a fact's sentence says nothing of a word of which the vocabulary knows what reports say for it.

        864个小区实施封闭管理 is no 翻新 of 老小区: that is 改造 or 修缮.
        """
        text = self._snapshot.sentences[fact.sentence].text
        known = [part for part in parts_asked(query) if len(part.readings) > 1]
        return any(not any(token in text for reading in part.readings for token in reading) for part in known)

    def tells(self, region: str | None, period: Period) -> bool:
        """Whether some document of the place reviews or plans the period, whatever it says of it."""
        for document in self._snapshot.documents:
            if region is not None and document.region != region:
                continue
            told = [document.review, document.plan, *(s.period for s in document.sections)]
            if any(t is not None and t == period for t in told):
                return True
        return any(held == period and region in (None, place) for place, held in self._matcher.slots())

    def _near(
        self, query: Query, scores: NDArray[np.float32], region: str | None, period: Period | None, filters: Filters
    ) -> tuple[Fact, ...]:
        """The same thing of the same place at another time, or of the same time for the place around it."""
        result: list[Fact] = []
        if region is not None:
            elsewhen = self._matcher.matches(query, scores, region, period, filters, any_period=True)
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
