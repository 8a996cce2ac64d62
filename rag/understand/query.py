"""Question to Query, by rules and vocabulary: which thing, where, when, and what is to be told of it.

Slots that a follow-up leaves open come from the questions before it, and the query says which.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.budget import check
from index.types import Period, Span
from index.words.lexicon import IndicatorMention
from index.words.regions import Gazetteer
from rag.types import Mention, Places, Query, Question, QuestionKind, Row, Thing, Times
from rag.understand.asked import Asked, blank, heard
from rag.understand.cues import asked_alike, cued, target_met
from rag.understand.follow_up import carry
from rag.understand.known import Known
from rag.understand.language import language_of
from rag.understand.slots.indicators import indicators_of, whole_of_part
from rag.understand.slots.kind import kind_of
from rag.understand.slots.places import Where, level_of, scope_of, where_asked, wholes_compared, without_country
from rag.understand.slots.rows import Rowed, rowed
from rag.understand.slots.terms import OF_WORDS, basis_of, terms_of
from rag.understand.slots.times import When, aimed_of, when_asked
from rag.understand.slots.units import units_of
from rag.understand.slots.wants import direction_of, wants_of
from rag.understand.years import odd_year


def understand(question: Question, known: Known, gazetteer: Gazetteer) -> Query:
    """Read the question after the questions before it; each slot it leaves open is carried."""
    return understand_after(told_before(question, known, gazetteer), question, known, gazetteer)


def understand_after(before: Query | None, question: Question, known: Known, gazetteer: Gazetteer) -> Query:
    """As :func:`understand`, where what was asked before is read already."""
    return _placed(read_on(before, question.text, question, known, gazetteer), known)


def told_before(question: Question, known: Known, gazetteer: Gazetteer) -> Query | None:
    """What the questions before it came to, read one after another; None where there are none."""
    query: Query | None = None
    for text in question.history:
        query = read_on(query, text, question, known, gazetteer)
    return query


def read_on(before: Query | None, text: str, question: Question, known: Known, gazetteer: Gazetteer) -> Query:
    """One more text of a row of questions, with what it leaves open filled from those before it."""
    check()
    current = _read(text, question, known, gazetteer, before)
    return cued(current) if before is None else asked_alike(cued(carry(current, before)), before)


def _read(text: str, question: Question, known: Known, gazetteer: Gazetteer, before: Query | None) -> Query:
    """One question by itself; of ``before`` only the time is used, by which 上半年 is understood."""
    asked = heard(text, question.asked_on.year)
    where = where_asked(asked, known, gazetteer)
    when = when_asked(asked.folded, question.asked_on.year, before)
    # Known places and times are taken out first: 岚州市云台区 names a place inside one, not a place of six letters.
    # Places that are named are compared with each other and with no others.
    row = rowed(asked.folded) if len(where.regions) < 2 else Rowed()
    rest = without_country(blank(asked.folded, [*when.taken, *where.taken, *row.taken]), where.regions)
    # Whether a target was met asks for the result first, and says nothing of what it is of.
    met = tuple(target_met(asked.folded))
    rest, said = blank(rest, met), blank(asked.folded, met)
    units = units_of(said)
    kind, status = kind_of(said, rest, len(where.regions), [t.period for t in when.times], units)
    if row.row.level is not None and kind is not QuestionKind.EXPLAIN:
        kind = QuestionKind.RANK
    wants = wants_of(
        said,
        units,
        places=len(where.regions),
        compared=bool(when.bases),
        spans=any(t.period.length > 12 for t in when.times),
    )
    whole = whole_of_part(rest) if not wants.share and kind not in OF_WORDS else None
    rest = blank(rest, [whole.span]) if whole is not None else rest
    terms, part = terms_of(rest, kind, share=wants.share)
    indicators = indicators_of(rest, terms, part)
    mentions = _mentions(where, when, indicators)
    return Query(
        text=text,
        kind=kind,
        language=language_of(text, question.language),
        status=status,
        direction=direction_of(asked.folded),
        mentions=tuple(replace(m, span=asked.in_original(m.span)) for m in mentions),
        pairs=_pairs(mentions) if len(where.regions) > 1 else (),
        thing=_thing(asked, terms, units, indicators, whole.name if whole is not None else ""),
        place=_place(asked, where, tuple(p.region_name for p in gazetteer.unknown_places(rest))),
        time=_time(asked, when),
        wants=wants,
        row=row.row if kind is QuestionKind.RANK else Row(),
    )


def _thing(
    asked: Asked, terms: str, units: tuple[str, ...], indicators: Sequence[IndicatorMention], whole: str
) -> Thing:
    if not units and terms.endswith("率"):
        units = ("%",)
    return Thing(
        indicators=tuple(dict.fromkeys(m.indicator.name for m in indicators)),
        terms=terms,
        whole=whole,
        units=units,
        basis=basis_of(asked.folded),
    )


def _place(asked: Asked, where: Where, strangers: tuple[str, ...]) -> Places:
    return Places(
        regions=where.regions,
        # Of 青河市开发区 the city is no stranger beside it.
        unknown=(
            *where.strangers,
            *(s for s in strangers if not any(n.startswith(s) for n in (*where.strangers, *where.against))),
        ),
        level=level_of(asked.folded),
        scope=None if where.regions else scope_of(asked.folded),
        against=tuple(dict.fromkeys((*where.against, *wholes_compared(asked.folded)))),
    )


def _time(asked: Asked, when: When) -> Times:
    return Times(
        periods=tuple(dict.fromkeys(t.period for t in when.times)),
        odd_year=odd_year(asked.folded),
        report_years=when.report_years,
        bases=tuple(dict.fromkeys(t.period for t in when.bases)),
        aimed=aimed_of(asked.folded, when.times),
    )


def _mentions(where: Where, when: When, indicators: Sequence[IndicatorMention]) -> tuple[Mention, ...]:
    """The words of each constraint, in the folded text."""
    return (
        *(
            Mention("region", name, Span(m.start, m.end))
            for name, m in zip(where.regions, where.mentions, strict=False)
        ),
        *(Mention("period", str(t.period), t.span) for t in when.times),
        *(Mention("indicator", m.indicator.name, m.span) for m in indicators),
    )


def _pairs(mentions: Sequence[Mention]) -> tuple[tuple[str, Period], ...]:
    """Each place with its own time, where they are named by turns: 2022年的准格尔旗和2021年的新晃县."""
    told = sorted((m for m in mentions if m.slot in ("region", "period")), key=lambda m: m.span)
    turns = [m.slot for m in told]
    half = len(turns) // 2
    if half < 2 or turns not in (["region", "period"] * half, ["period", "region"] * half):
        return ()
    two = [
        (one, other) if one.slot == "region" else (other, one) for one, other in zip(told[::2], told[1::2], strict=True)
    ]
    return tuple((place.value, Period.parse(time.value)) for place, time in two)


def _placed(query: Query, known: Known) -> Query:
    """The query with the place that is meant where none is named and only one place tells of the time."""
    if (
        query.place.regions
        or query.place.unknown
        or query.place.against
        or query.place.level is not None
        or query.place.scope is not None
    ):
        return query
    place = known.only_teller({*query.time.report_years, *(p.last_year for p in query.time.periods)})
    return replace(query, place=replace(query.place, regions=(place,))) if place is not None else query
