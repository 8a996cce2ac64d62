"""Figures of one list set against each other: the largest of 三大主导产业, the gap between two villages of one sentence."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from index.rules import Rule
from index.store.snapshot import IndexSnapshot
from index.store.tables.packed import MEASURES, STATUSES
from index.text.folding import fold
from index.text.tokens import query_tokens
from index.types import Fact, Measure, Status
from index.words.naming import normalised
from rag.decide.policy import LIST_SAID, MOST_OF_LIST
from rag.decide.verdict import Found
from rag.types import Query

_BETWEEN = Rule(
    "decide.lists.between",
    r"[、,和与及\s]+",
    takes=("甲镇⟦、⟧乙镇",),
    leaves=("甲镇乙镇",),
)
_PLAIN = Rule(
    "decide.lists.plain",
    r"[\s的]+",
    takes=("甲乡⟦的⟧甘蔗产量",),
    leaves=("甲乡甘蔗产量",),
)


def asks_most(query: Query, *, listed: bool) -> bool:
    """Whether the largest or smallest of several things of one place and time is asked for.

    Without ``listed`` only where the question counts them (四大产业), because two that it names may be asked one by one.
    """
    single = len(query.place.regions) <= 1 and len(query.time.periods) <= 1 and query.place.level is None
    return single and query.cues.most and (listed or query.cues.counted)


def most(query: Query, snapshot: IndexSnapshot) -> Found | None:
    """The largest or smallest figure of the list that the question speaks of; None where no sentence has such a list."""
    words = query.cues.listed
    listed = [part for part in _BETWEEN.split(words) if len(part) > 1]
    best: tuple[float, list[Fact]] | None = None
    for facts in _lists(query, snapshot):
        said = _share_said(words, snapshot.sentences[facts[0].sentence].text, snapshot)
        if said >= LIST_SAID and (best is None or said > best[0]):
            best = said, facts
    if best is None:
        return None
    score, facts = best
    named = [f for f in facts if any(part[:2] in _name(f) for part in listed)]
    # 江厦、鼓楼、月湖三个街道 names those among which is asked.
    facts = named if len(named) > 1 and len(listed) > 2 else facts
    sizes = [normalised(f.value, f.unit)[0] for f in facts]
    top = (min if query.cues.lowest else max)(sizes)
    if sizes.count(top) > 1:
        return None
    fact = facts[sizes.index(top)]
    return Found(fact.region, fact.period, (fact,), min(MOST_OF_LIST, score))


def pair(query: Query, snapshot: IndexSnapshot, one: str, other: str) -> tuple[Fact, Fact] | None:
    """Two figures of one list, one for each thing that is compared: 北河村的集体经济收入 and 马家村."""
    one, other = _PLAIN.sub("", one), _PLAIN.sub("", other)
    for facts in _lists(query, snapshot):
        first = [f for f in facts if len(_name(f)) > 1 and any(n in one for n in _names(f))]
        second = [f for f in facts if any(other in n or (len(n) > 2 and n in other) for n in _names(f))]
        if not first and len(second) == 1:
            # 家电产业的工业总产值 for 家电工业总产值
            first = [f for f in facts if fold(f.indicator)[:2] in one and fold(f.indicator)[:2] not in other]
        if len(first) == 1 and len(second) == 1 and first[0] is not second[0]:
            return first[0], second[0]
    return None


def named_in_list(query: Query, snapshot: IndexSnapshot) -> tuple[Fact, ...]:
    """The figures of one list, where the question names each of its things; () where no list has them all."""
    listed = [part for part in _BETWEEN.split(query.thing.terms) if len(part) > 1]
    if len(listed) < 2:
        return ()
    keys = [part[-2:] if n == 0 else part[:2] for n, part in enumerate(listed)]
    for facts in _lists(query, snapshot):
        found = [next((f for f in facts if key in fold(f.indicator)), None) for key in keys]
        told = tuple(f for f in found if f is not None)
        if len(told) == len(keys) == len(set(map(id, told))):
            return told
    return ()


def _lists(query: Query, snapshot: IndexSnapshot) -> Iterator[list[Fact]]:
    """Figures of one sentence that can be set against each other, in the documents of the asked place."""
    growth = query.wants.growth and not query.wants.level
    groups: dict[tuple[object, ...], list[Fact]] = {}
    for number in _several(query, snapshot, growth=growth).tolist():
        fact = snapshot.facts[number]
        if query.thing.units and not any(_alike(fact, unit) for unit in query.thing.units):
            continue
        kind = normalised(fact.value, fact.unit)[1]
        groups.setdefault((fact.sentence, fact.measure, kind, fact.period), []).append(fact)
    yield from (facts for facts in groups.values() if len(facts) > 1)


def _several(query: Query, snapshot: IndexSnapshot, *, growth: bool) -> NDArray[np.intp]:
    """The numbers of the figures of the asked place and time, and of what is asked, that do not stand alone in a sentence."""
    tables = snapshot.tables
    facts, asked = tables.of_facts, query.time.periods
    if query.place.regions:
        own = [n for region in query.place.regions for n in snapshot.documents_of.get(region, ())]
        places = [n for region in query.place.regions if (n := tables.places.find(region)) is not None]
        told = [np.arange(run.start, run.stop) for run in map(tables.facts_of_document, own)]
        rows = np.unique(np.concatenate([tables.slots.find(places, None), *told]))
        times = [n for period in asked if (n := tables.period_numbers.get(period)) is not None]
        rows = rows[np.isin(facts.period[rows], times)] if asked else rows
    else:
        times = [n for period in asked if (n := tables.period_numbers.get(period)) is not None]
        rows = tables.slots.find(None, times if asked else None)
    measures, planned = facts.measure[rows], query.status is Status.TARGET
    rows = rows[
        (measures != MEASURES.index(Measure.CHANGE))
        & ((measures == MEASURES.index(Measure.GROWTH)) == growth)
        & ((facts.status[rows] == STATUSES.index(Status.TARGET)) == planned)
    ]
    _, group, count = np.unique(facts.sentence[rows], return_inverse=True, return_counts=True)
    several: NDArray[np.intp] = rows[count[group] > 1]
    return several


def _alike(fact: Fact, unit: str) -> bool:
    return normalised(fact.value, fact.unit)[1] == normalised(fact.value, unit)[1]


def _share_said(words: str, text: str, snapshot: IndexSnapshot) -> float:
    postings = snapshot.postings.sentences
    tokens = dict.fromkeys(query_tokens(words))
    weights = {token: postings.rarity(token) for token in tokens if len(postings.rows(token))}
    held = set(query_tokens(text))
    total = sum(weights.values())
    return sum(w for token, w in weights.items() if token in held) / total if total else 0.0


def _names(fact: Fact) -> tuple[str, ...]:
    place = fold(fact.region or "")
    return tuple(_PLAIN.sub("", n) for n in (fold(fact.indicator), place + fold(fact.indicator)))


def _name(fact: Fact) -> str:
    return _names(fact)[1]
