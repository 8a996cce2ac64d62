"""Figures as they were read, by the words in which a question would name their place and thing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from index.text.folding import fold
from index.types import Document, Fact
from index.words.lexicon import load_indicators
from index.words.regions import Gazetteer, other_names

SHOWN_PLACES = 20


class Held(Protocol):
    """What is asked of a snapshot here."""

    @property
    def facts(self) -> Sequence[Fact]: ...

    def document(self, id: str, /) -> Document | None: ...


@runtime_checkable
class Narrowing(Held, Protocol):
    """A snapshot that finds figures without going through all of them."""

    @property
    def places_told(self) -> frozenset[str]:
        """The places that figures are of."""

    def facts_of(
        self,
        *,
        things: Collection[str] | None = None,
        places: Collection[str] | None = None,
        year: int | None = None,
        document: str | None = None,
    ) -> Iterable[Fact]:
        """The figures of all that is given, in order; ``things`` are names as written or of the vocabulary."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The figures that fit; ``note`` says what is held instead where none does."""

    facts: tuple[Fact, ...]
    note: str | None = None


def list_facts(
    snapshot: Held,
    *,
    indicator: str | None = None,
    region: str | None = None,
    year: int | None = None,
    status: str | None = None,
    document: str | None = None,
) -> Listed:
    """The facts that meet all that is given. ``indicator`` and ``region`` are read as in a question: GDP, 江苏."""
    narrowing = snapshot if isinstance(snapshot, Narrowing) else None
    named = set(narrowing.places_told) if narrowing else {fact.region for fact in snapshot.facts if fact.region}
    places = None if region is None else _places(region, named)
    things = frozenset[str]() if indicator is None else _things(indicator)
    wanted = None if indicator is None else {indicator, *things}
    held = narrowing.facts_of(things=wanted, places=places, year=year, document=document) if narrowing else None
    found = tuple(
        fact
        for fact in (snapshot.facts if held is None else held)
        if (indicator is None or fact.indicator == indicator or fact.canonical in things)
        and (places is None or fact.region in places)
        and (year is None or (fact.period is not None and fact.period.first_year <= year <= fact.period.last_year))
        and (status is None or fact.status.value == status)
        and (document is None or fact.document_id == document)
    )
    return Listed(found, None if found else _note(snapshot.facts, indicator, region, places, things, named))


@dataclass(frozen=True, slots=True)
class Slots:
    """What words are about: a thing, a place, a year, as far as one of each is named."""

    indicator: str | None = None
    region: str | None = None
    year: int | None = None


def slots(words: Sequence[str], snapshot: Held) -> Slots:
    """Which of the words name a place or a year; the others, together, name the thing: 江苏 GDP 2020."""
    narrowing = snapshot if isinstance(snapshot, Narrowing) else None
    named = set(narrowing.places_told) if narrowing else {fact.region for fact in snapshot.facts if fact.region}
    year, region, others = None, None, []
    for word in words:
        digits = word.removesuffix("年")
        if year is None and len(digits) == 4 and digits.isdecimal():
            year = int(digits)
        elif region is None and _is_a_place(word, named):
            region = word
        else:
            others.append(word)
    return Slots(" ".join(others) or None, region, year)


def _is_a_place(word: str, named: set[str]) -> bool:
    """Whether all of it is the name of a place, of what it lies in too; whether or not it has figures."""
    covered = 0
    for mention in Gazetteer.load().mentions(word, known=named):
        covered = mention.end if mention.start == covered else -1
    return covered == len(word) or any(fold(word) in map(fold, other_names(name)) for name in named)


def row(fact: Fact, snapshot: Held) -> Mapping[str, Any]:
    """One figure in plain values: what it says, and where it says so."""
    document = snapshot.document(fact.document_id)
    return {
        "region": fact.region,
        "period": None if fact.period is None else str(fact.period),
        "status": fact.status.value,
        "indicator": fact.indicator,
        "canonical": fact.canonical,
        "measure": fact.measure.value,
        "value": f"{fact.value:f}",
        "unit": fact.unit,
        "approx": fact.approx,
        "base": fact.base,
        "clause": fact.clause,
        "document": document.source if document is not None else "",
        "document_id": fact.document_id,
        "start": fact.span.start,
        "end": fact.span.end,
        "url": f"/documents/{fact.document_id}?start={fact.span.start}&end={fact.span.end}",
    }


def _places(words: str, named: set[str]) -> frozenset[str]:
    """The places with figures that the words mean: the one of that full name, else all that are called so."""
    if words in named:
        return frozenset((words,))
    mentions = Gazetteer.load().mentions(words, known=named)
    meant = {candidate.name for mention in mentions for candidate in mention.candidates}
    called = {name for name in named if fold(words) in map(fold, other_names(name))}
    return frozenset((meant & named) | called)


def _things(words: str) -> frozenset[str]:
    """The names of the vocabulary that the words mean; the words themselves where they are one."""
    mentions = load_indicators().asked_in(fold(words).strip())
    return frozenset({mention.indicator.name for mention in mentions} or {words})


def _note(
    facts: Sequence[Fact],
    indicator: str | None,
    region: str | None,
    places: frozenset[str] | None,
    things: frozenset[str],
    named: set[str],
) -> str:
    """Which of what was given no figure has, and what there is in its place."""
    if places is not None and not places:
        shown = sorted(named)
        more = f" and {len(shown) - SHOWN_PLACES} more" if len(shown) > SHOWN_PLACES else ""
        return f"no figure of {region!r} is held; there are figures of {'、'.join(shown[:SHOWN_PLACES])}{more}"
    if indicator is not None and not any(f.indicator == indicator or f.canonical in things for f in facts):
        near = sorted({f.canonical or f.indicator for f in facts if fold(indicator) in fold(f.indicator)})
        hint = f"; there are figures of {'、'.join(near[:SHOWN_PLACES])}" if near else ""
        return f"no figure of {indicator!r} is held{hint}"
    return "no figure meets all of these at once"
