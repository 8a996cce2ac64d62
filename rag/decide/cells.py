"""One cell: the figure that answers for one asked place and period, or the reason why there is none."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from index.budget import check
from index.figures.when import YEAR
from index.store.snapshot import IndexSnapshot
from index.text.same import version
from index.types import Fact, Measure, Period, Status
from index.words.lexicon import load_wording
from index.words.regions import Gazetteer
from rag.decide.features import NAMES, FeatureMaker
from rag.decide.guards import is_told_of, narrower_by_name, objections
from rag.decide.judge import load_judge
from rag.decide.policy import ANSWER, AS_MUCH, CONTRADICTS, NEAR, OWN, PLACE_TOO, TIE
from rag.decide.serving import has_own_base, of_one_dimension, serves
from rag.decide.verdict import Found, Later, Missing
from rag.find.candidates import Asked, CandidateFinder
from rag.types import Filters, Query, QuestionKind, Reason, Wants

_THRESHOLDS = load_wording().pattern("thresholds")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A figure that may answer.

    ``own`` is the probability of this one being right, ``probability`` that of it and of what its statement tells besides
    and all other statements of it, ``alone`` that of this one with nothing but silence beside it.
    """

    fact: Fact
    probability: float
    own: float
    alone: float


@dataclass(frozen=True, slots=True)
class Weighed:
    """A candidate with what is shown of it.

    ``worth`` is what each feature added to its utility, ``serves`` whether it tells what is asked of its thing at all: if
    not, it was never weighed against others.
    """

    candidate: Candidate
    worth: dict[str, float]
    serves: bool
    objections: tuple[str, ...]


_COUNTRY = "全国"


class FigureFinder:
    """Finds the facts of one snapshot that answer a query."""

    def __init__(self, candidates: CandidateFinder, gazetteer: Gazetteer) -> None:
        self.snapshot: IndexSnapshot = candidates.snapshot
        self.candidates = candidates
        self.features = FeatureMaker(candidates)
        self._judge = load_judge()
        self._gazetteer = gazetteer
        self._held = set(self.snapshot.regions)

    def find(self, query: Query, filters: Filters) -> list[Found | Missing]:
        """One result for each asked (place, period), in the order asked."""
        asked = self.candidates.asked(query)
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
                    Later(lambda: self._near(query, asked, regions[0], periods[0], filters)),
                )
            ]
        if query.place.level is not None and len(query.place.regions) <= 1 and query.kind is not QuestionKind.EXPLAIN:
            return self._everywhere(query, asked, periods, filters)
        cells = query.pairs or [(region, period) for region in regions for period in periods]
        return [self.cell(query, asked, region, period, filters) for region, period in cells]

    def _names(self, name: str) -> bool:
        """Whether some report names a place, a harbour or a park, though no figure is filed under it."""
        return any(True for _ in self.snapshot.saying(name))

    def _everywhere(
        self, query: Query, asked: Asked, periods: Sequence[Period | None], filters: Filters
    ) -> list[Found | Missing]:
        """The figure of every held place of the asked level that states it."""
        held = sorted(
            r for r in self._held if (known := self._gazetteer.get(r)) is None or known.level == query.place.level
        )
        found = [self.cell(query, asked, region, period, filters) for region in held for period in periods]
        # Places without the figure are named only where some have it, and where their report tells of the period at all.
        if not any(isinstance(cell, Found) for cell in found):
            return [Missing(None, periods[0], Reason.NOT_IN_REPORTS, ())]
        return [c for c in found if isinstance(c, Found) or c.period is None or self.tells(c.region, c.period)]

    def cell(
        self, query: Query, asked: Asked, region: str | None, period: Period | None, filters: Filters
    ) -> Found | Missing:
        """The figure of one place and period; ``None`` leaves one open."""
        check()
        if query.time.aimed:
            query = replace(query, status=Status.TARGET if period in query.time.aimed else None)
        if region is None and query.place.scope is None and _COUNTRY in self._held:
            # Who names no place speaks of the country, where its reports surely tell it, or tell of that time at all.
            country = self.cell(query, asked, _COUNTRY, period, filters)
            sure = isinstance(country, Found) and country.score >= CONTRADICTS
            if sure or (period is not None and not filters.regions and self.tells(_COUNTRY, period)):
                return country
        numbers, fits = self._of_slot(query, region, period, filters)
        if query.place.within and not numbers:
            return Missing(query.place.within[0], period, Reason.REGION_MISSING, ())
        candidates = self.judged_of_reports(query, asked, numbers, fits)
        # A part of what is asked is the nearest and no answer.
        if not candidates or candidates[0].probability < ANSWER or narrower_by_name(query, candidates[0].fact):
            return self._missing(query, asked, region, period, filters, candidates)
        if region is None:
            open_place = self._of_no_place(query, candidates, period)
            if isinstance(open_place, Missing):
                return open_place
            candidates = open_place
        best = self._pick(query, candidates, period)
        group = self.group(query, best.fact)
        same = tuple(c.fact for c in candidates if _figure(c.fact) == _figure(best.fact))
        conflicts = _conflicts(best.fact, candidates, group)
        told = self._judge.told(best.probability)
        return Found(best.fact.region, best.fact.period, group, told, conflicts, same)

    def _of_slot(
        self, query: Query, region: str | None, period: Period | None, filters: Filters
    ) -> tuple[list[int], Callable[[int], bool] | None]:
        """The figures of a place and period that tell what is asked of a thing, with the names that the question wants.

        Where no more than the figure itself says whether it does, the second value is to be asked for it: those of a whole
        year are many, and few of them are looked at.
        """
        regions, periods = None if region is None else (region,), None if period is None else (period,)
        held = self.candidates.of_slot(regions, periods, filters)
        place = query.place
        named = place.about or place.within or any(name in query.thing.terms for name in place.unknown)
        if named or query.time.report_years:
            return self._serving(query, held), None
        facts = self.snapshot.facts
        return self.candidates.planned_or_not(query, held), lambda number: serves(query, facts[number])

    def _serving(self, query: Query, numbers: Sequence[int]) -> list[int]:
        facts = self.snapshot.facts
        kept = [n for n in self.candidates.planned_or_not(query, numbers) if serves(query, facts[n])]
        # 襄阳小河港区: a thing with a place's name must be told of by that name.
        for name in (*query.place.about, *(name for name in query.place.unknown if name in query.thing.terms)):
            kept = [n for n in kept if name in self.sentence(facts[n])]
        for name in query.place.within:
            kept = [n for n in kept if is_told_of(name, facts[n], self.sentence(facts[n]))]
        for name in query.place.about:
            # Of several figures of a sentence those whose own clause says it.
            kept = [n for n in kept if name in facts[n].clause] or kept
        return kept

    def judged_of_reports(
        self, query: Query, asked: Asked, numbers: Sequence[int], fits: Callable[[int], bool] | None = None
    ) -> list[Candidate]:
        """The candidates of the reports that the question names by their year, if it names any, best first."""
        if not query.time.report_years:
            return self.judged(query, asked, numbers, fits)
        years = set(query.time.report_years)
        of_reports = [n for n in numbers if years & self._report_years(self.snapshot.facts[n])]
        if not of_reports:
            # A report given in the year that it tells of, before that has ended.
            of_reports = [n for n in numbers if years & self._reviewed(self.snapshot.facts[n])]
        candidates = self.judged(query, asked, of_reports)
        if query.time.periods and not (candidates and candidates[0].probability >= ANSWER):
            # 2025年报告提出新建11所，2025年实际新建多少所: the time that is asked for is told by another report.
            return self.judged(query, asked, numbers)
        return candidates

    def _report_years(self, fact: Fact) -> frozenset[int]:
        document = self.snapshot.document(fact.document_id)
        return document.report_years if document is not None else frozenset()

    def _reviewed(self, fact: Fact) -> set[int]:
        document = self.snapshot.document(fact.document_id)
        return {document.review.last_year} if document is not None and document.review is not None else set()

    def judged(
        self, query: Query, asked: Asked, numbers: Sequence[int], fits: Callable[[int], bool] | None = None
    ) -> list[Candidate]:
        """Some figures that fit and against which nothing speaks, with how likely each is the asked one, best first."""
        here = self.narrowed(query, asked)
        return self._judged(here, self.looked_at(here, numbers, fits))

    def looked_at(
        self, asked: Asked, numbers: Sequence[int], fits: Callable[[int], bool] | None = None
    ) -> NDArray[np.intp]:
        """Those of some figures that are weighed: worth a closer look, and nothing makes another thing of them."""
        facts = self.snapshot.facts
        best = self.candidates.best(asked, numbers, fits)
        kept = [n for n in best.tolist() if not any(objections(asked.query, facts[n], self.sentence(facts[n])))]
        return np.array(kept, np.intp)

    def _judged(self, here: Asked, rows: NDArray[np.intp]) -> list[Candidate]:
        judgement = self._judge.of(self.features.features(here, rows)) if len(rows) else None
        if judgement is None:
            return []
        facts = [self.snapshot.facts[int(n)] for n in rows]
        together = _together(facts, judgement.probabilities.tolist())
        found = [
            Candidate(fact, min(1.0, p), own, alone)
            for fact, p, own, alone in zip(
                facts, together, judgement.probabilities.tolist(), judgement.alone.tolist(), strict=True
            )
        ]
        return sorted(
            found, key=lambda c: (-round(c.probability, 4), -round(c.alone, 4), c.fact.sentence, c.fact.figure)
        )

    def weighed(self, query: Query, filters: Filters) -> list[Weighed]:
        """The figures of the asked places and times with what spoke for and against each, best first."""
        asked = self.narrowed(query, self.candidates.asked(query))
        held = self.candidates.of_slot(query.place.regions or None, query.time.periods or None, filters)
        facts = self.snapshot.facts
        serving = {
            n for n in self._serving(query, held) if not any(objections(asked.query, facts[n], self.sentence(facts[n])))
        }
        found = []
        for numbers in (sorted(serving), [n for n in held if n not in serving]):
            rows = self.candidates.best(asked, numbers)
            judgement = self._judge.of(self.features.features(asked, rows)) if len(rows) else None
            for n, number in enumerate(rows.tolist() if judgement is not None else []):
                assert judgement is not None
                fact, serves = self.snapshot.facts[number], number in serving
                own = float(judgement.probabilities[n]) if serves else 0.0
                candidate = Candidate(fact, own, own, float(judgement.alone[n]))
                worth = dict(zip(NAMES, judgement.worth[n].tolist(), strict=True))
                said = tuple(objections(asked.query, fact, self.sentence(fact)))
                found.append(Weighed(candidate, worth, serves, said))
        return sorted(found, key=lambda w: (not w.serves, -w.candidate.probability, -w.candidate.alone))

    @staticmethod
    def narrowed(query: Query, asked: Asked) -> Asked:
        """What is asked, for a query that was narrowed to a status or a time since its words were weighed."""
        return replace(asked, query=replace(asked.query, status=query.status, time=query.time, wants=query.wants))

    def _of_no_place(
        self, query: Query, candidates: list[Candidate], period: Period | None
    ) -> list[Candidate] | Missing:
        """Where no place is asked: the candidates of the asked level, or why they are of no one place."""
        if query.place.scope is not None:
            candidates = [c for c in candidates if self._of_level(c.fact.region, query.place.scope)]
            if not candidates:
                return Missing(None, period, Reason.REGION_MISSING, ())
        most = candidates[0].alone
        places = {c.fact.region for c in candidates if c.alone >= PLACE_TOO * most}
        if _COUNTRY in places and query.place.scope is None:
            return [c for c in candidates if c.fact.region == _COUNTRY]
        return Missing(None, period, Reason.AMBIGUOUS, _one_each(candidates)) if len(places) > 1 else candidates

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

    def _pick(self, query: Query, candidates: list[Candidate], period: Period | None) -> Candidate:
        """Of equally likely figures: results before estimates, then the latest period if none was asked.

        Two versions of one report state the same in the same words: then the corrected one.

        Where level and growth are both asked, a statement of both in the period's own report goes before one of them.
        """
        top = [c for c in candidates if c.probability >= candidates[0].probability - TIE]
        top = [c for c in top if c.own >= OWN * max(c.own for c in top)]
        both = query.wants.growth and query.wants.level

        def order(candidate: Candidate) -> tuple[object, ...]:
            fact = candidate.fact
            wanted = query.wants.growth and fact.measure is not Measure.GROWTH and not query.wants.level
            reviews = self.features.reviews(fact)
            return (
                both and not (reviews and len(self.group(query, fact)) > 1),
                wanted,
                # A target that is asked as an amount: the growth that is aimed at is second best.
                fact.measure is Measure.GROWTH and not query.wants.growth,
                has_own_base(fact) and not query.time.bases,
                not reviews,
                -(fact.period.last if fact.period else 0) if period is None else 0,
                bool(_THRESHOLDS.search(fact.approx)),
                fact.status is Status.ESTIMATE,
                -round(candidate.alone, 3),
                fact.sentence,
                fact.figure,
            )

        best = self._whole(query, min(top, key=order), candidates)
        return min(
            (c for c in candidates if _slot(c.fact) == _slot(best.fact)),
            key=lambda c: (self._version(c.fact), c is not best),
        )

    def _whole(self, query: Query, best: Candidate, candidates: Sequence[Candidate]) -> Candidate:
        """The whole before its part (新设市场主体3.28万户，其中企业2.75万户) where nearly as much speaks for it and no part is named."""
        fact = best.fact
        if query.cues.among or fact.canonical in query.thing.indicators:
            return best
        sentence = self.sentence(fact)

        def before(one: Fact) -> str:
            return sentence.partition(one.written)[0]

        wholes = [
            c
            for c in candidates
            if c.fact.sentence == fact.sentence
            and (c.fact.unit, c.fact.measure, c.fact.period) == (fact.unit, fact.measure, fact.period)
            and c.fact.figure < fact.figure
            and c.fact.value > fact.value
            and c.probability >= AS_MUCH * best.probability
            and _AMONG in before(fact).removeprefix(before(c.fact))
        ]
        return wholes[-1] if wholes else best

    def _version(self, fact: Fact) -> int:
        document = self.snapshot.document(fact.document_id)
        return version(document.source) if document is not None else 0

    def group(self, query: Query, fact: Fact) -> tuple[Fact, ...]:
        """The fact with the others that its sentence states of the same thing: level, growth, share."""
        same = [
            f
            for f in self.candidates.of_sentence(fact.sentence)
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
        asked: Asked,
        region: str | None,
        period: Period | None,
        filters: Filters,
        candidates: Sequence[Candidate],
    ) -> Found | Missing:
        """What is planned where only a plan can be meant, the same at another time's name, or why there is nothing."""
        for otherwise, again in self._otherwise(query, region, period):
            found = self.cell(otherwise, asked, region, again, filters)
            if isinstance(found, Found):
                return found
        close = tuple(c.fact for c in candidates if c.alone >= NEAR)[:3]
        nearest = close or Later(lambda: self._near(query, asked, region, period, filters))
        if query.place.unknown:
            # The place is named in some report, but nothing asked for is told of it.
            return Missing(query.place.unknown[0], period, Reason.REGION_MISSING, nearest)
        return Missing(region, period, self._reason(region, period, close), nearest)

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
        if region is not None and region not in self._held and not self.candidates.speaks_of(region):
            return Reason.REGION_MISSING
        if period is not None and not any(self.tells(region, time) for time in _within(period)):
            return Reason.PERIOD_MISSING
        return Reason.NOT_IN_REPORTS if region is None and not nearest else Reason.INDICATOR_MISSING

    def _lies_ahead(self, region: str | None, period: Period | None) -> bool:
        """Whether no report of a place can tell results of several years, so that only what is meant can be asked for.

        A single year's target never stands in for its result.
        """
        held = (self.snapshot.documents[n] for n in self.snapshot.documents_of.get(region, ()))
        reviews = [d.review for d in held if d.review is not None]
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
        tables = self.snapshot.tables
        place, time = None if region is None else tables.places.find(region), tables.period_numbers.get(period)
        known = time is not None and (region is None) is (place is None)
        if known and time is not None and tables.tells(place, time):
            return True
        return self.candidates.speaks_of(region, period)

    def _near(
        self, query: Query, asked: Asked, region: str | None, period: Period | None, filters: Filters
    ) -> tuple[Fact, ...]:
        """The same thing of the same place at another time, or of the same time for the place around it."""
        result: list[Fact] = []
        if region is None and query.place.scope is None and _COUNTRY in self._held:
            # Who names no place speaks of the country.
            region = _COUNTRY
        if region is not None:
            # Whatever is told of the thing: its level where growth is asked, its target where the result is.
            terms = query.thing.terms
            for name in query.place.unknown:
                # 南翔镇固定资产投资: of the place around it there is 固定资产投资.
                terms = terms.replace(name, "").strip()
            anyhow = replace(query, status=None, wants=Wants(), thing=replace(query.thing, units=(), terms=terms))
            asked = self.candidates.asked(anyhow) if terms != query.thing.terms else replace(asked, query=anyhow)
            held = self.candidates.of_slot((region,), None, filters)
            close = [c for c in self._judged(asked, self.candidates.best(asked, held)) if c.alone >= NEAR]
            close.sort(key=lambda c: (_distance(c.fact.period, period), not serves(query, c.fact), -c.alone))
            for candidate in close:
                if all((f.period, f.indicator) != (candidate.fact.period, candidate.fact.indicator) for f in result):
                    result.append(candidate.fact)
        return tuple(result[:3])


_AMONG = "其中"


def _figure(fact: Fact) -> tuple[object, ...]:
    """What makes two statements tell one figure."""
    return fact.value, fact.unit, fact.period, fact.region, fact.canonical or fact.indicator


def _statement(fact: Fact) -> tuple[object, ...]:
    """What makes two figures parts of one statement: its level and its growth."""
    return fact.sentence, fact.indicator, fact.period, fact.region, fact.status


def _together(facts: Sequence[Fact], probabilities: Sequence[float]) -> list[float]:
    """The probability of each figure with that of what its statement tells besides and of its other statements."""
    by_figure: defaultdict[tuple[object, ...], set[int]] = defaultdict(set)
    by_statement: defaultdict[tuple[object, ...], set[int]] = defaultdict(set)
    for n, fact in enumerate(facts):
        by_figure[_figure(fact)].add(n)
        by_statement[_statement(fact)].add(n)
    return [sum(probabilities[n] for n in by_figure[_figure(fact)] | by_statement[_statement(fact)]) for fact in facts]


def _slot(fact: Fact) -> tuple[object, ...]:
    """What two versions of one report state alike, whatever the figure: thing, time, place and the words before it."""
    before = fact.clause.partition(fact.written)[0]
    return fact.indicator, fact.measure, fact.period, fact.region, fact.unit, before


def _conflicts(fact: Fact, candidates: Sequence[Candidate], group: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """Other figures for the same slot: the same indicator and measure with another value."""
    rivals = []
    for other in (c.fact for c in candidates):
        same = other.canonical == fact.canonical if fact.canonical else other.indicator == fact.indicator
        slot = other.period == fact.period and other.region == fact.region and other.unit == fact.unit
        twin = same and other.indicator == fact.indicator and other.measure is fact.measure
        if slot and twin and other.value != fact.value and other not in group:
            rivals.append(other)
    return tuple(rivals[:3])


def _within(period: Period) -> Iterator[Period]:
    """A period and, of one of several years, each year of it: whoever holds these holds something of that time."""
    yield period
    if period.length > YEAR:
        yield from map(Period.year, range(period.first_year, period.last_year + 1))


def _distance(held: Period | None, asked: Period | None) -> int:
    if held is None or asked is None:
        return 10**6
    if held.overlaps(asked):
        return abs(held.length - asked.length)
    return 100 + min(abs(held.first - asked.last), abs(asked.first - held.last))


def _one_each(matches: Sequence[Candidate]) -> tuple[Fact, ...]:
    """The best fact of each place, at most three."""
    seen: dict[str | None, Fact] = {}
    for match in matches:
        seen.setdefault(match.fact.region, match.fact)
    return tuple(seen.values())[:3]
