"""The way from a question to its verdict: who gave the report, the largest of a list, sentences, several figures, one."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.rules import Rule
from index.store.snapshot import IndexSnapshot
from index.types import Fact, Measure, Status
from index.words.regions import Gazetteer
from rag.decide.beside import Beside
from rag.decide.cells import FigureFinder
from rag.decide.derive import derive
from rag.decide.kinds.aims import beside_target
from rag.decide.kinds.around import SecondLooks
from rag.decide.kinds.meanings import Meanings
from rag.decide.kinds.outlines import Outlines
from rag.decide.kinds.ranks import Ranks
from rag.decide.kinds.reports import Reports
from rag.decide.kinds.rows import ToldRows
from rag.decide.kinds.series import Series
from rag.decide.kinds.versus import both_places
from rag.decide.lists import asks_most, most
from rag.decide.policy import CONTRADICTS, FAMILIAR, HOPEFUL, PASSAGE_LEAST
from rag.decide.premises import contradicting_figure
from rag.decide.sentences import SentenceFinder
from rag.decide.verdict import Calculated, Figures, Found, Missing, Refused, Talk, Told, Verdict, names_told
from rag.find.candidates import CandidateFinder, in_asked_unit
from rag.find.example import example
from rag.find.facts import is_whole
from rag.find.passages import Constraints, Retriever
from rag.types import Filters, Query, QuestionKind, Reason, Telling, Thing
from rag.understand.readings import Reader, Reading
from rag.understand.words import either

TEXT_KINDS = frozenset({QuestionKind.EXPLAIN, QuestionKind.LIST, QuestionKind.LOOKUP})
"""Kinds that sentences answer, and no figure."""

_OF_SEVERAL = frozenset(
    {QuestionKind.RANK, QuestionKind.COMPARE, QuestionKind.SERIES, QuestionKind.DERIVE, QuestionKind.TARGET}
)
"""Kinds that ask for figures wherever an indicator is named."""

_MAYBE_READ_OTHERWISE = frozenset({Reason.INDICATOR_MISSING, Reason.NOT_IN_REPORTS, Reason.PERIOD_MISSING})
_MAYBE_MISSPELT = frozenset({Reason.INDICATOR_MISSING, Reason.NOT_IN_REPORTS, Reason.OUT_OF_SCOPE})
_OF_TOWN_OR_COUNTRY = ("城镇", "城市", "农村")
"""How the figure of a half of 城乡 is named."""

_MEASURE_END = Rule(
    "decide.plan.measure_end",
    rf"(?:{either('counted_in')}|[^效功]率)$",
    takes=("改造老旧小区的⟦数量⟧",),
    leaves=("提高效率功率",),
    why="效率 and 功率 are no rates.",
)
"""Ends of what is asked that ask for a figure, though the question says no 多少."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be decided."""

    query: Query
    filters: Filters
    parts: tuple[Query, ...] = ()
    """The single queries of a question that asks for several things."""
    further: tuple[Query, ...] = ()
    """Those that are sentences of their own, the first among them."""


class Planner:
    """Decides over one snapshot."""

    def __init__(
        self,
        snapshot: IndexSnapshot,
        candidates: CandidateFinder,
        retriever: Retriever,
        gazetteer: Gazetteer,
        reader: Reader,
    ) -> None:
        held = reader.known.regions
        self._reader = reader
        self._gazetteer = gazetteer
        self._snapshot = snapshot
        self._retriever = retriever
        self._finder = FigureFinder(candidates, gazetteer)
        self.figures = self._finder
        self._looks = SecondLooks(self._finder, gazetteer, held)
        self._beside = Beside(self._finder)
        self._meanings = Meanings(snapshot, retriever)
        self._outlines = Outlines(snapshot, retriever)
        self._reports = Reports(snapshot, retriever)
        self._series = Series(self._finder)
        self._ranks = Ranks(self._finder, gazetteer, held)
        self._told_rows = ToldRows(retriever)
        self._sentences = SentenceFinder(self._finder, retriever, gazetteer, held)

    def decide(self, reading: Reading) -> tuple[Reading, Verdict]:
        """What is decided of a question, and the reading that it is decided of; what is told of it is looked for here."""
        read, verdict = self._read_and_decided(reading)
        if isinstance(verdict, Figures):
            gaps = {(cell.region, cell.reason): cell for cell in verdict.cells if isinstance(cell, Missing)}
            for cell in gaps.values():
                # Found once when it is asked for: see ``Later``.
                len(cell.nearest)
        return read, verdict

    def _read_and_decided(self, reading: Reading) -> tuple[Reading, Verdict]:
        """As :meth:`decide`.

        Another reading is asked for where the first was refused or told of a half; the first that is answered stands.
        """
        if reading.telling in (Telling.GREETING, Telling.THANKS, Telling.NOTHING_BEFORE):
            return reading, Talk(reading.telling, example(self._snapshot))
        verdict = self._decided(reading)
        if isinstance(verdict, Figures) and verdict.told_as is not None:
            return replace(reading, query=verdict.told_as), verdict
        for again in self._other_readings(verdict):
            other = again(reading)
            found = self._decided(other) if other is not None else None
            if other is not None and found is not None and not isinstance(found, Refused):
                return other, found
        rank = self._ranks.asks_nothing_else(reading.query)
        if isinstance(verdict, Refused) and verdict.reason in _MAYBE_READ_OTHERWISE and not rank:
            for meant in (self._reader.as_plan, self._reader.as_change, self._reader.as_reports_say):
                other = meant(reading)
                figures = self._figures(Asked(other.query, other.question.filters)) if other is not None else None
                if other is not None and isinstance(figures, Figures):
                    return other, figures
        return reading, verdict

    def _other_readings(self, verdict: Verdict) -> Iterator[Callable[[Reading], Reading | None]]:
        """The other readings that may tell more than a verdict, in order."""
        reason = verdict.reason if isinstance(verdict, Refused) else None
        names = names_told(verdict)
        half = len(set(names)) == 1 and names[0].startswith(_OF_TOWN_OR_COUNTRY)
        if half or reason is Reason.INDICATOR_MISSING:
            yield self._reader.town_and_country
        if reason in _MAYBE_MISSPELT:
            yield self._reader.put_right

    def _decided(self, reading: Reading) -> Verdict:
        """What the first way says that has something to say."""
        further = further_figures(reading)
        parts = tuple(p for one in further for p in one.together or (one.query,)) or reading.together
        asked = Asked(reading.query, reading.question.filters, parts, tuple(one.query for one in further))
        for way in (
            self._conflict,
            self._about,
            self._meaning,
            self._off_topic,
            self._false_premise,
            self._met,
            self._row,
            self._most,
            self._outline,
            self._words,
            self._several,
            self._versus,
            self._year_by_year,
            self._calculated,
        ):
            verdict = way(asked)
            if verdict is not None:
                return verdict
        return self._figures(asked)

    def _conflict(self, asked: Asked) -> Verdict | None:
        """Refuse and say so where the caller's filters and the question's own place or time exclude each other."""
        query, filters = asked.query, asked.filters
        if query.time.odd_year:
            return Refused(Reason.PERIOD_MISSING, notes=(f"{query.time.odd_year} is no year of a report",))
        if filters.regions and query.place.regions and not set(filters.regions) & set(query.place.regions):
            note = f"filter regions {', '.join(filters.regions)} leaves nothing of {', '.join(query.place.regions)}"
            return Refused(Reason.REGION_MISSING, notes=(note,))
        years = {y for p in query.time.periods for y in range(p.first_year, p.last_year + 1)}
        if filters.years and years and not set(filters.years) & years:
            note = f"filter years {', '.join(map(str, filters.years))} leaves nothing of {', '.join(map(str, query.time.periods))}"
            return Refused(Reason.PERIOD_MISSING, notes=(note,))
        if not self._retriever.documents_allowed(Constraints(None, None, (), filters)):
            return Refused(Reason.NOT_IN_REPORTS, notes=("the filters match no document",))
        return None

    def _about(self, asked: Asked) -> Verdict | None:
        """What is asked about a report itself."""
        return self._reports.about(asked.query, asked.filters)

    def _meaning(self, asked: Asked) -> Verdict | None:
        """What a term means."""
        return self._meanings.tell(asked.query, asked.filters)

    def _off_topic(self, asked: Asked) -> Verdict | None:
        """Refuse what no report speaks of: no indicator, and hardly any of its words in any report."""
        query = asked.query
        if query.cues.of_nothing:
            return Refused(Reason.AMBIGUOUS, notes=("a follow-up without a question before it",))
        if query.thing.indicators:
            return None
        if query.cues.beyond:
            return Refused(Reason.OUT_OF_SCOPE)
        if not query.cues.has_words:
            return Refused(Reason.OUT_OF_SCOPE)
        share = self._retriever.familiarity(query)
        # Place and time are no proof of a fitting question, but where a number is asked for as well, meaning may find it.
        timed = bool(query.time.periods or query.time.report_years)
        if query.place.regions and timed and (_numeric(query) or share >= HOPEFUL):
            return None
        anywhere = Constraints(None, None, (), asked.filters)
        best = self._retriever.passages(query, anywhere, 1) if share >= FAMILIAR else []
        if best and best[0].score >= PASSAGE_LEAST:
            return None
        if timed and asks_figure(query):
            figures = self._figures(asked)
            if isinstance(figures, Figures):
                return figures
        # Who gave a report is a fitting question, also where the report does not say.
        fitting = query.wants.speaker and query.place.regions
        return Refused(Reason.NOT_IN_REPORTS if fitting else Reason.OUT_OF_SCOPE)

    def _false_premise(self, asked: Asked) -> Verdict | None:
        """Refuse a why-question where a figure says the opposite of what it takes for granted."""
        if asked.query.kind is not QuestionKind.EXPLAIN:
            return None

        def surely(query: Query) -> list[Found | Missing]:
            cells = self._finder.find(query, asked.filters)
            return [cell for cell in cells if isinstance(cell, Found) and cell.score >= CONTRADICTS]

        false = contradicting_figure(asked.query, surely, self._snapshot)
        return Refused(Reason.PREMISE_FALSE, (false,)) if false is not None else None

    def _met(self, asked: Asked) -> Verdict | None:
        """A result beside its target."""
        return beside_target(asked.query, lambda q: self._looks.find(q, asked.filters))

    def _row(self, asked: Asked) -> Verdict | None:
        """The place of one in a row as its report tells it, else places of a level in a row."""
        if asked.parts and asked.query.cues.place_in_row:
            # An amount, and the place that it has in a row.
            return None
        stated = None if asked.parts else self._ranks.stated(asked.query, asked.filters)
        found = stated or self._rank_beside(asked) or self._ranks.rank(asked.query, asked.filters)
        if found is None and not asked.parts and self._ranks.asks_nothing_else(asked.query):
            # The amount is no answer to the place that it has in a row.
            cells = self._looks.find(asked.query, asked.filters)
            near = [f for c in cells for f in (c.facts if isinstance(c, Found) else c.nearest)]
            return Refused(Reason.INDICATOR_MISSING, tuple(near[:3]))
        told = (
            self._told_rows.tell(asked.query, asked.filters) if isinstance(found, Refused) and not asked.parts else None
        )
        return told or found

    def _rank_beside(self, asked: Asked) -> Figures | None:
        """The rank of one place as it is told behind the amount: 总额突破8000亿元、排西部第二."""
        query = asked.query
        if asked.parts or not self._ranks.asks_nothing_else(query):
            return None
        amount = self._ranks.amount(query)
        ranks = (self._beside.rank(c, query.cues.among_some) for c in self._looks.find(amount, asked.filters))
        told = tuple(rank for rank in ranks if rank is not None)
        return Figures(told) if told else None

    def _most(self, asked: Asked) -> Verdict | None:
        """The largest or smallest of a list that the question speaks of."""
        listed = not (asked.parts or _words_asked(asked.query))
        largest = most(asked.query, self._snapshot) if asks_most(asked.query, listed=listed) else None
        return Figures((largest,)) if largest is not None else None

    def _outline(self, asked: Asked) -> Verdict | None:
        """The headings of what a report plans or reviews."""
        return self._outlines.tell(asked.query, asked.filters)

    def _words(self, asked: Asked) -> Verdict | None:
        if not _words_asked(asked.query):
            return None
        if asked.query.kind is QuestionKind.VALUE and asked.query.time.periods:
            # 银川2025年民航客运量: all there is names a thing, whether the vocabulary knows it or not.
            figures = self._figures(asked)
            if isinstance(figures, Figures) and all(
                isinstance(c, Found) and c.score >= CONTRADICTS for c in figures.cells
            ):
                return figures
        told = self._sentences.find(asked.query, asked.filters)
        return told if isinstance(told, Told) else self._meanings.of_quoted(asked.query, asked.filters) or told

    def _several(self, asked: Asked) -> Verdict | None:
        """The figures of several things asked for in one question, each by a query of its own."""
        told: list[tuple[Query, Found | Missing]] = []
        for part in asked.parts:
            cells = self._cells_of_part(asked, part, told[0] if told else None)
            told += [(part, cell) for cell in cells]
        if not any(isinstance(cell, Found) for _, cell in told):
            return None
        # 医院、基层和其他各有几个: who lists them short is answered by the sentence that tells one of them.
        cells = [cell for _, cell in told]
        # 用电量多少，其中工业多少: a part is told in the sentence of the whole before it.
        within = asked.query.cues.among
        told = [
            (part, self._beside.named(part, cell, cells, anew=within and n > 0)) for n, (part, cell) in enumerate(told)
        ]
        return Figures(tuple(cell for _, cell in told), tuple(part for part, _ in told))

    def _cells_of_part(
        self, asked: Asked, part: Query, first: tuple[Query, Found | Missing] | None
    ) -> Sequence[Found | Missing]:
        """The cells of one of several things, in the sentence that told the first of them or anywhere."""
        if first is None:
            return self._looks.find(part, asked.filters)
        query, cell = first
        share = self._beside.share(cell) if part.wants.share and not query.wants.share else None
        rank = self._beside.rank(cell, part.cues.among_some) if part.cues.place_in_row else None
        if share is not None or rank is not None:
            return [told for told in (share, rank) if told is not None]
        cells = self._looks.find(part, asked.filters)
        if isinstance(cell, Found) and not any(isinstance(c, Found) for c in cells):
            # 翻新了多少个老小区，多少户人家受益: the next figure of the sentence in the asked unit.
            return [other for unit in part.thing.units for other in self._beside.in_unit(cell, unit)] or cells
        return cells

    def _versus(self, asked: Asked) -> Verdict | None:
        """Two places, one set against the other."""
        return both_places(asked.query, lambda q: self._looks.find(q, asked.filters), self._gazetteer)

    def _year_by_year(self, asked: Asked) -> Verdict | None:
        """The years of a span one by one, where no report tells of them together."""
        query, filters = asked.query, asked.filters
        return self._series.tell(query, lambda q: self._looks.find(q, filters), filters)

    def _calculated(self, asked: Asked) -> Verdict | None:
        """What can be calculated, unless a report states it."""
        query = asked.query
        calculated = derive(query, lambda q: self._finder.find(q, asked.filters), self._snapshot)
        if calculated is None:
            return None
        amounts = [unit for unit in query.thing.units if unit != "%"]
        stated = {
            fact.measure
            for cell in self._finder.find(query, asked.filters)
            if isinstance(cell, Found)
            for fact in cell.facts
            if not amounts or in_asked_unit(query, fact)
        }
        moves = {Measure.CHANGE} if query.cues.gap and not query.wants.growth else {Measure.CHANGE, Measure.GROWTH}
        told = Measure.SHARE in stated or (query.time.bases and moves & stated)
        return None if told else Calculated(calculated)

    def _level_after_growth(self, query: Query, filters: Filters) -> Figures | None:
        """那2019年呢 after a question for a growth: where none is told, the amount, and that no growth is."""
        if (
            "indicator" not in query.carried
            or not query.wants.growth
            or query.wants.level
            or not query.cues.bare_follow
        ):
            return None
        missing = self._looks.find(query, filters)
        cells = self._looks.find(_for_level(query), filters)
        if not any(isinstance(cell, Found) for cell in cells):
            return None
        return Figures((*cells, *missing), (*[_for_level(query)] * len(cells), *[query] * len(missing)))

    def _both_times(self, query: Query, told: Sequence[Found | Missing], filters: Filters) -> Figures | None:
        """比2022年多多少 where one of both years is not told: the other with its gap."""
        time = query.time
        if len(time.bases) != 1 or len(time.periods) != 1 or query.wants.growth or not query.cues.gap:
            return None
        if any(f.measure is Measure.CHANGE for cell in told if isinstance(cell, Found) for f in cell.facts):
            return None
        units = tuple(u for u in query.thing.units if u not in ("%", "个百分点", "百分点"))
        plain = replace(
            query,
            time=replace(time, periods=(*time.periods, *time.bases), bases=()),
            thing=replace(query.thing, units=units),
            wants=replace(query.wants, rise=False, change=False, level=True),
        )
        cells = tuple(self._looks.find(plain, filters))
        return Figures(cells) if len({type(cell) for cell in cells}) > 1 else None

    def _figures(self, asked: Asked) -> Verdict:
        """The figure of each asked place and time, or the reason of the first that has none."""
        query, filters = asked.query, asked.filters
        cells = self._looks.find(query, filters)
        both = self._both_times(query, cells, filters)
        if both is not None:
            return both
        if any(isinstance(cell, Found) for cell in cells):
            return Figures((*cells, *self._beside.all(query, cells, filters)))
        if (level := self._level_after_growth(query, filters)) is not None:
            return level
        if query.follows_figure and ("indicator" in query.carried or not is_whole(query)):
            # 那对欧洲的呢: told in words, if in no figure.
            told = self._sentences.find(query, filters)
            if isinstance(told, Told):
                return told
        in_english = self._sentences.in_english(query, filters)
        if in_english is not None:
            return in_english
        missing = [c for c in cells if isinstance(c, Missing)]

        def near() -> Iterator[Fact]:
            yield from self._planned(query, filters)
            yield from self._whole(query, filters)
            for each in missing:
                yield from each.nearest

        return Refused(missing[0].reason, _first(near(), 3))

    def _planned(self, query: Query, filters: Filters) -> list[Fact]:
        """What is planned of the very thing, place and time, where no result of them is told."""
        if query.status is not None or not query.time.periods or not is_whole(query):
            return []
        asked = replace(query, status=Status.TARGET)
        return [c.facts[0] for c in self._looks.find(asked, filters) if isinstance(c, Found)]

    def _whole(self, query: Query, filters: Filters) -> list[Fact]:
        """The figure of the whole of which a part is not told, of the same place and time."""
        name = query.thing.whole
        if not name:
            return []
        asked = replace(query, thing=Thing(indicators=(name,), terms=name), mentions=())
        return [c.facts[0] for c in self._looks.find(asked, filters) if isinstance(c, Found)]


def _first(facts: Iterable[Fact], most: int) -> tuple[Fact, ...]:
    """The first of some figures, each once; no more are looked for."""
    found: dict[Fact, None] = {}
    for fact in facts:
        found.setdefault(fact)
        if len(found) == most:
            break
    return tuple(found)


def _for_level(query: Query) -> Query:
    return replace(query, wants=replace(query.wants, growth=False, level=True))


def further_figures(reading: Reading) -> tuple[Reading, ...]:
    """The figures that later sentences of one question ask for (新设台企多少家？实际使用台资多少？), the first before them."""
    if reading.query.kind in TEXT_KINDS or not reading.sentences or not asks_figure(reading.sentences[0].query):
        return ()
    own = [r for r in reading.sentences[1:] if _asks_for_itself(r.query)]
    return (reading.sentences[0], *own) if own else ()


def _asks_for_itself(query: Query) -> bool:
    """Whether a later sentence asks for a figure of its own: 相差多少, 占比多少 ask about what was asked before them."""
    own = "indicator" not in query.carried and bool(query.thing.terms) and asks_figure(query)
    return own and not query.wants.share and not query.cues.compares


def _words_asked(query: Query) -> bool:
    return query.kind in TEXT_KINDS or not asks_figure(query)


def _numeric(query: Query) -> bool:
    return bool(query.thing.units) or query.wants.growth or query.cues.numeric


def asks_figure(query: Query) -> bool:
    """Whether a number is asked for: by a unit or 多少, by growth, or because an indicator is all there is."""
    named = bool(query.thing.indicators)
    return (
        _numeric(query)
        or query.follows_figure
        or query.cues.ends_in_indicator
        or (named and query.cues.yearly)
        or (query.kind not in TEXT_KINDS and _says_measure(query))
        or (named and (query.kind in _OF_SEVERAL or is_whole(query)))
    )


def _says_measure(query: Query) -> bool:
    """Whether the indicator of an earlier question is meant, or what is asked ends in a measure."""
    return "indicator" in query.carried or _MEASURE_END.search(query.thing.terms) is not None
