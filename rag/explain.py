"""What an asker is shown of how an answer came about: what was understood, and the facts that came closest, kept or not."""

from __future__ import annotations

from index.store.snapshot import IndexSnapshot
from index.types import Fact
from rag.decide.features import serves
from rag.decide.guards import objection
from rag.find.facts import FactMatcher
from rag.types import Query, Understood

SHOWN = 10
"""Facts that are shown."""


def understood(query: Query) -> Understood:
    """What was understood, in words and slot by slot."""
    parts = [
        "、".join(query.place.regions),
        "、".join(map(str, query.time.periods)) or "、".join(f"{y}年报告" for y in query.time.report_years),
        "、".join(query.thing.indicators) or query.thing.terms,
        query.kind.value,
    ]
    return Understood(
        text=" ".join(p for p in parts if p),
        kind=query.kind,
        indicators=query.thing.indicators,
        regions=query.place.regions,
        periods=tuple(map(str, query.time.periods)),
        status=query.status.value if query.status else "any",
        carried=query.carried,
    )


def explain(query: Query, snapshot: IndexSnapshot, matcher: FactMatcher) -> dict[str, object]:
    """The trace of one answer."""
    scores = matcher.scores(query)
    best = sorted(range(len(scores)), key=lambda n: (-float(scores[n]), n))[:SHOWN]
    return {
        "terms": query.thing.terms,
        "units": list(query.thing.units),
        "mentions": [{"slot": m.slot, "value": m.value, "span": [m.span.start, m.span.end]} for m in query.mentions],
        "facts": [_shown(query, snapshot, snapshot.facts[n], float(scores[n])) for n in best],
    }


def _shown(query: Query, snapshot: IndexSnapshot, fact: Fact, score: float) -> dict[str, object]:
    return {
        "indicator": fact.indicator,
        "region": fact.region,
        "period": str(fact.period) if fact.period else None,
        "status": fact.status.value,
        "measure": fact.measure.value,
        "value": f"{fact.value:f}",
        "unit": fact.unit,
        "words": round(score, 4),
        "region_match": not query.place.regions or fact.region in query.place.regions,
        "period_match": not query.time.periods or fact.period in query.time.periods,
        "serves": serves(query, fact),
        "objection": objection(query, fact, snapshot.sentences[fact.sentence].text),
    }
