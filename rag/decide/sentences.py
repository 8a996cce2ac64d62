"""Which sentences answer a question about something that is no figure, or why none does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.rules import Rule
from index.types import Period
from index.words.fragments import COUNTING
from index.words.regions import Gazetteer, short_name
from rag.decide.cells import FigureFinder
from rag.decide.policy import FOREIGN_ACCEPT, FOREIGN_GAP, PASSAGE_ACCEPT, PASSAGE_GAP, PASSAGE_LEAST
from rag.decide.premises import contradicts, speaks_of_fall_or_reason
from rag.decide.verdict import Refused, Told
from rag.find.passages import OF_THE_PERIOD, Constraints, Retriever, constraints_of
from rag.types import Filters, Passage, Query, QuestionKind, Reason

_DATE = Rule(
    "decide.sentences.date",
    rf"\d\s*[年月日]|[{COUNTING}]月|[上下]半年|季度|年[初底]",
    takes=("⟦6月⟧全线贯通",),
    leaves=("全线贯通",),
)
_FIRST_OF_SEVERAL = "一是"
_FROM_AROUND = 40
"""Sentences of the report around in which a place is looked for by name."""


class SentenceFinder:
    """Finds the sentences of one snapshot that answer a query."""

    def __init__(self, finder: FigureFinder, retriever: Retriever, gazetteer: Gazetteer, held: frozenset[str]) -> None:
        self._finder = finder
        self._retriever = retriever
        self._gazetteer = gazetteer
        self._held = held

    def find(self, query: Query, filters: Filters) -> Told | Refused:
        """The sentences that answer, best first."""
        constraints = constraints_of(query, filters)
        outer = [r for r in query.place.regions if r not in self._held]
        if outer and not any(r in self._held or self._gazetteer.get(r) is None for r in query.place.regions):
            around = self._around(query, constraints, outer)
            if around:
                return Told((around[0],))
            inside = tuple(r for r in self._held if any(self._gazetteer.is_within(r, o) for o in outer))
            if not inside or query.place.level is None:
                return Refused(Reason.REGION_MISSING)
            constraints = replace(constraints, regions=inside)
        passages = self._of_the_thing(query, self._retriever.passages(query, constraints))
        if not passages and query.time.periods and not self._tells(query):
            return Refused(Reason.PERIOD_MISSING)
        good = self._good(query, constraints, passages)
        if query.kind is QuestionKind.EXPLAIN and query.direction < 0:
            # Why something fell is told by no sentence that speaks neither of a fall nor of a reason.
            good = [p for p in good if speaks_of_fall_or_reason(p.value.text)]
        if not good:
            return Refused(Reason.NOT_IN_REPORTS, passages=tuple(passages[:2]))
        if query.kind is QuestionKind.EXPLAIN:
            if contradicts(query, good[0]):
                return Refused(Reason.PREMISE_FALSE, passages=(good[0],))
            good = self._retriever.with_what_follows(query, good)
        elif query.cues.names > 1 and _FIRST_OF_SEVERAL in good[0].value.text:
            # 哪四条原则: they are counted out behind the first.
            good = self._retriever.with_what_follows(query, good)
        return Told(tuple(good))

    def in_english(self, query: Query, filters: Filters) -> Told | None:
        """The sentence of a report in English that tells the asked figure, where one stands out."""
        found = self._retriever.in_english(query, constraints_of(query, filters))
        best = found[0].score if found else 0.0
        behind = found[1].score if len(found) > 1 else 0.0
        return Told((found[0],)) if best >= FOREIGN_ACCEPT and best - behind >= FOREIGN_GAP else None

    def _around(self, query: Query, constraints: Constraints, outer: Sequence[str]) -> list[Passage]:
        """青海化隆县: told in the report of the place around it, by name."""
        known = [region for name in outer if (region := self._gazetteer.get(name)) is not None]
        above = [a.name for r in known for a in self._gazetteer.ancestors(r) if a.name in self._held]
        if not above:
            return []
        found = self._retriever.passages(query, replace(constraints, regions=tuple(above)), _FROM_AROUND)
        named = [p for p in found if any(short_name(r) in p.value.text for r in outer)]
        return [p for p in named if p.score >= PASSAGE_LEAST]

    def _of_the_thing(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        """Those that name what must be named, and a time where it is asked when; a row's head alone (其中：粮食) tells nothing."""
        named = [
            p
            for p in passages
            if all(name in p.value.text for name in query.place.about)
            and sum(map(str.isalnum, p.value.text)) >= _SHORTEST_TOLD
        ]
        return [p for p in named if _DATE.search(p.value.text)] if query.cues.date else named

    def _tells(self, query: Query) -> bool:
        regions = query.place.regions or (None,)
        return any(self._finder.tells(r, p) for r in regions for p in query.time.periods)

    def _good(self, query: Query, constraints: Constraints, passages: Sequence[Passage]) -> list[Passage]:
        """Those good enough to answer: of the asked time, of any of its years, or of what was decided in it."""
        good = [p for p in passages if p.score >= PASSAGE_ACCEPT] or _standing_out(passages)
        periods = query.time.periods
        if not good and periods and periods[0].length > 12:
            # “九五”时期为什么…: what any of these years is said of.
            wider = self._retriever.passages(query, constraints, strict_period=False)
            good = [p for p in wider if p.score >= PASSAGE_ACCEPT]
        of_one_year = len(periods) == 1 and periods[0].is_year
        if of_one_year and (not good or query.kind is QuestionKind.EXPLAIN):
            good = sorted((*good, *self._told_then(query, constraints)), key=lambda p: -p.score)
        if query.cues.why:
            # A sentence that says why stands before one that only says of what.
            good.sort(key=lambda p: not self._retriever.gives_reason(p))
        return good

    def _told_then(self, query: Query, constraints: Constraints) -> list[Passage]:
        """What the report of the asked year tells as of the year before, which may have been decided in the asked one."""
        year = query.time.periods[0]
        given = replace(constraints, periods=None, report_years=(year.last_year,))
        close = [p for p in self._retriever.passages(query, given) if _close(p.value.period, year)]
        # Whether it is of the one or of the other year its words do not say.
        return [
            replace(p, value=replace(p.value, period=None))
            for p in close
            if p.score >= PASSAGE_ACCEPT - OF_THE_PERIOD and p.value.period != year
        ][:1]


_SHORTEST_TOLD = 6
"""Letters and digits of the shortest sentence that tells anything."""


def _close(told: Period | None, asked: Period) -> bool:
    """Whether a sentence speaks of the asked year or the one right before it."""
    return told is not None and told.length <= 12 and asked.last_year - 1 <= told.last_year <= asked.last_year


def _standing_out(passages: Sequence[Passage]) -> list[Passage]:
    """The first passage where it leaves all others behind, though it shares fewer words with the question."""
    if not passages or passages[0].score < PASSAGE_LEAST:
        return []
    second = passages[1].score if len(passages) > 1 else 0.0
    return list(passages[:1]) if passages[0].score - second >= PASSAGE_GAP else []
