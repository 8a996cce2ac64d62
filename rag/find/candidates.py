"""The figures worth looking at for what is asked: those of its place and time, with how much of it each of their texts says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.figures.nouns import GENERIC
from index.rules import Rule
from index.store.postings import PostingsSet
from index.store.snapshot import IndexSnapshot
from index.store.tables.packed import STATUSES
from index.text.folding import fold
from index.text.tokens import query_tokens
from index.types import Fact, Measure, Period, Status
from index.words.lexicon import load_units
from rag.find.coverage import Wanted, covered_by, parts_asked, wanted_parts
from rag.find.facts import as_share, same_unit
from rag.find.meaning import AskedVectors
from rag.find.synonyms import plain_parts
from rag.types import Filters, Query

_BRACKET = Rule(
    "find.candidates.bracket",
    r"\([^()]*\)",
    takes=("接报警情⟦(至11月30日)⟧",),
    leaves=("接报警情",),
)
_BY_WORDS, _BY_MEANING = 40, 30
"""Figures of one slot that are looked at: those that say most of what is asked, and those that are most like it."""

_GONE_THROUGH = 500
"""Figures that are all held against what they must fit; of more, one after another from the best on."""

_MANY = 1000
"""Least number of things that may be asked for in ten thousands."""

Column = NDArray[np.float32]
Numbers = NDArray[np.intp]

_NAMES = 1 << 14
"""Names of which it is remembered whether they are generic."""


@dataclass(frozen=True, slots=True)
class Held:
    """Where the words of the figures of a snapshot are: ``name`` and ``sentence`` are ``(facts,)``, ``mass`` is of each name."""

    postings: PostingsSet
    name: NDArray[np.int32]
    sentence: NDArray[np.int32]
    mass: Column


@dataclass(frozen=True, slots=True)
class Said:
    """How much of some asked words is said by the name, the clause and the sentence of figures, each in [0, 1]."""

    wanted: tuple[Wanted, ...]
    held: Held

    def of(self, rows: Numbers) -> tuple[Column, Column, Column]:
        """That of the figures with these numbers, ``(rows,)`` each."""
        if not self.wanted:
            nothing = np.zeros(len(rows), np.float32)
            return nothing, nothing, nothing
        clause, name = self._of_clauses(rows)
        sentences = covered_by(self.held.postings.sentences, self.wanted, self.held.sentence[rows])
        return name, clause, np.maximum(sentences, clause)

    def of_clauses(self, rows: Numbers) -> Column:
        """What is said by clause or name, ``(rows,)``."""
        return self._of_clauses(rows)[0] if self.wanted else np.zeros(len(rows), np.float32)

    def _of_clauses(self, rows: Numbers) -> tuple[Column, Column]:
        name = covered_by(self.held.postings.indicators, self.wanted, self.held.name[rows])
        return np.maximum(covered_by(self.held.postings.clauses, self.wanted, rows), name), name


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks for, to be held against figures; ``query`` has a share spelled out."""

    query: Query
    verbatim: Said
    """In the words of the question."""
    anyhow: Said
    """In any words that stand for them: other names of an indicator, what reports say for everyday and English words."""
    rarest: Said
    """The rarest of the asked words alone."""
    seen: float
    """Share of the asked words that some report says, in [0, 1]."""
    weights: tuple[tuple[str, float], ...]
    """The asked words in all their readings by their rarity."""

    def of_the_name(self, rows: Numbers) -> Column:
        """How much of the figures' names is asked for, ``(rows,)`` in [0, 1], by the rarity of their words."""
        held = self.verbatim.held
        names = held.name[rows]
        said = held.postings.indicators.coverage(self.weights, names)
        share: Column = np.minimum(said / held.mass[names], 1.0).astype(np.float32)
        return share


class CandidateFinder:
    """Gathers the figures of one snapshot. Everything that does not depend on the question is prepared once."""

    def __init__(self, snapshot: IndexSnapshot, asked: AskedVectors) -> None:
        self.snapshot = snapshot
        self._asked = asked
        self._tables = snapshot.tables
        columns = self._tables.of_facts
        self._held = Held(snapshot.postings, columns.name, columns.sentence, snapshot.indicators.mass)
        self._generic = lru_cache(_NAMES)(lambda name: GENERIC.fullmatch(name) is not None)

    def speaks_of(self, region: str | None, period: Period | None = None) -> bool:
        """Whether some figure is of a place, or of a time, or of both; None leaves one open."""
        place = None if region is None else self._place(region)
        time = None if period is None else self._tables.period_numbers.get(period)
        known = (region is None) is (place is None) and (period is None) is (time is None)
        return known and self._tables.slots.any_of(place, time)

    def of_sentence(self, sentence: int) -> list[Fact]:
        return self.snapshot.facts_with(self._tables.facts_of_sentence(sentence))

    def is_generic(self, fact: Fact) -> bool:
        """Whether a figure's name says nothing of what it is of: 总量."""
        return self._generic(fact.indicator)

    def _place(self, region: str | None) -> int | None:
        """The number of a place; None where no figure or document is of it."""
        return -1 if region is None else self._tables.places.find(region)

    def asked(self, query: Query) -> Asked:
        """What a query asks for; made once for all its places and times."""
        if query.wants.share:
            # 战新产业产值占规上工业总产值比重 is one thing, which neither of its two names is.
            query = as_share(query)
        sentences = self.snapshot.postings.sentences
        words = query.thing.terms
        verbatim = wanted_parts(plain_parts(words), sentences) if words else []
        anyhow = wanted_parts(parts_asked(query), sentences)
        rarest = max((w for w in anyhow if w.seen), key=lambda w: w.rarity, default=None)
        alone = [replace(rarest, weight=1.0)] if rarest is not None else []
        tokens = {*query_tokens(fold(query.cues.words)), *query_tokens(words)}
        tokens |= {token for w in anyhow for reading in w.readings for token, _, _ in reading}
        weights = [(token, sentences.rarity(token)) for token in tokens]
        seen = float(np.mean([w.seen for w in verbatim])) if verbatim else 0.0
        return Asked(query, self._said(verbatim), self._said(anyhow), self._said(alone), seen, tuple(weights))

    def _said(self, wanted: Sequence[Wanted]) -> Said:
        return Said(tuple(wanted), self._held)

    def of_slot(
        self, regions: Sequence[str | None] | None, periods: Sequence[Period | None] | None, filters: Filters
    ) -> list[int]:
        """The numbers of the figures of these places and times, rising; ``None`` leaves place or time open."""
        numbers = self._tables.period_numbers
        places = None if regions is None else [self._place(region) for region in dict.fromkeys(regions)]
        times = None if periods is None else [-1 if p is None else numbers.get(p) for p in dict.fromkeys(periods)]
        held: list[int] = self._tables.slots.find(
            None if places is None else [place for place in places if place is not None],
            None if times is None else [time for time in times if time is not None],
        ).tolist()
        if not (filters.documents or filters.regions or filters.years):
            return held
        return [n for n in held if self._allowed(self.snapshot.facts[n], filters)]

    def planned_or_not(self, query: Query, numbers: Sequence[int]) -> list[int]:
        """Those of some figures that are targets where one is asked for, and else those that are none; no row is fetched for it."""
        rows = np.array(numbers, np.intp)
        planned = self._tables.of_facts.status[rows] == STATUSES.index(Status.TARGET)
        kept: list[int] = rows[planned == (query.status is Status.TARGET)].tolist()
        return kept

    def best(self, asked: Asked, numbers: Sequence[int], fits: Callable[[int], bool] | None = None) -> NDArray[np.intp]:
        """Those of some figures that are worth a closer look, rising: by what they say or by what they mean.

        Only those that fit are meant, where that is asked; of many, no more are held against it than it takes.
        """
        rows = np.array(numbers, np.intp)
        if fits is not None and len(rows) <= _GONE_THROUGH:
            rows, fits = rows[[fits(n) for n in rows.tolist()]], None
        known = cache(fits or _any)

        def first(order: NDArray[np.intp], most: int) -> list[int]:
            return list(islice((at for at in order.tolist() if known(int(rows[at]))), most))

        few = first(np.arange(len(rows)), _BY_WORDS + _BY_MEANING + 1)
        if len(few) <= _BY_WORDS + _BY_MEANING:
            return rows[few]
        by_words = np.maximum(asked.anyhow.of_clauses(rows), asked.verbatim.of_clauses(rows))
        name, clause = self.likeness(asked.query.thing.terms or asked.query.cues.words, rows)
        by_meaning = name + clause
        said = first(np.argsort(-by_words, kind="stable"), _BY_WORDS)
        return rows[sorted({*said, *first(np.argsort(-by_meaning, kind="stable"), _BY_MEANING)})]

    def likeness(self, words: str, rows: NDArray[np.intp]) -> tuple[Column, Column]:
        """How alike some words and the names and clauses of figures are in meaning, each ``(rows,)`` in [0, 1]."""
        if not words or not len(rows):
            return np.zeros(len(rows), np.float32), np.zeros(len(rows), np.float32)
        vector, scale = self._asked(words), self.snapshot.scale
        names = scale.of_names(self.snapshot.indicators.of_rows(self._held.name[rows]) @ vector)
        clauses = scale.of_texts(self.snapshot.meanings.of_clauses(rows) @ vector)
        return names.astype(np.float32), clauses.astype(np.float32)

    def _allowed(self, fact: Fact, filters: Filters) -> bool:
        if filters.documents:
            document = self.snapshot.document(fact.document_id)
            if document is None or not {document.id, document.source} & set(filters.documents):
                return False
        if filters.regions and fact.region not in filters.regions:
            return False
        return not filters.years or (fact.period is not None and fact.period.last_year in filters.years)


def _any(_: int) -> bool:
    return True


def in_asked_unit(query: Query, fact: Fact) -> bool:
    """Whether a fact is in a unit the question names; for a rate, whether it is one."""
    if query.wants.growth and not query.wants.level:
        return fact.measure is Measure.GROWTH
    units = query.thing.units
    if any(unit[:1] in "万亿" for unit in units) and fact.unit[:1] not in "万亿" and abs(fact.value) < _MANY:
        # 多少万个 is never answered by 4.7个.
        return False
    return any(same_unit(unit, fact.unit) for unit in units) or fact.unit in load_units().multipliers


def known_name(fact: Fact) -> str:
    """What a figure is called; that of an English report as the vocabulary calls it, where it does."""
    return fact.canonical if fact.canonical and fact.indicator.isascii() else fact.indicator


def plain_name(fact: Fact) -> str:
    """A figure's name, folded and without brackets."""
    return _BRACKET.sub("", fold(known_name(fact)))
