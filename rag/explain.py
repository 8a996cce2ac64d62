"""What an asker is shown of how an answer came about: what was understood, and the figures weighed, with what spoke for each."""

from __future__ import annotations

from rag.decide.cells import FigureFinder, Weighed
from rag.types import Filters, Query, Understood

SHOWN = 10
"""Figures that are shown."""

TOLD = 6
"""Features that are told of each: those that added or took most."""


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


def explain(query: Query, filters: Filters, figures: FigureFinder) -> dict[str, object]:
    """The trace of one answer."""
    return {
        "terms": query.thing.terms,
        "units": list(query.thing.units),
        "mentions": [{"slot": m.slot, "value": m.value, "span": [m.span.start, m.span.end]} for m in query.mentions],
        "facts": [_shown(query, weighed) for weighed in figures.weighed(query, filters)[:SHOWN]],
    }


def _shown(query: Query, weighed: Weighed) -> dict[str, object]:
    fact = weighed.candidate.fact
    worth = sorted(weighed.worth.items(), key=lambda item: -abs(item[1]))[:TOLD]
    return {
        "indicator": fact.indicator,
        "region": fact.region,
        "period": str(fact.period) if fact.period else None,
        "status": fact.status.value,
        "measure": fact.measure.value,
        "value": f"{fact.value:f}",
        "unit": fact.unit,
        "probability": round(weighed.candidate.probability, 4),
        "alone": round(weighed.candidate.alone, 4),
        "region_match": not query.place.regions or fact.region in query.place.regions,
        "period_match": not query.time.periods or fact.period in query.time.periods,
        "serves": weighed.serves,
        "objections": list(weighed.objections),
        "worth": {name: round(value, 3) for name, value in worth},
    }
