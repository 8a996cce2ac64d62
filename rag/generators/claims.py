"""What a sentence claims against what its evidence says, clause by clause.

A clause stands when one clause of a cited quotation (or the clauses of one of its sentences, each whole but the first) holds
every word of it that claims something, in the same order, with as many denials, the same directions, of the place and time
that the sentence names, and planned where that is planned. Words that claim nothing, names of what its figures were found to
be, and a few words of which one stands for another need not be there. All this knows no names: a name that is not in the
evidence is a word that is not in the evidence.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from index.text.cleaning import clean
from index.text.notes import NOTE_MARK
from index.text.view import View
from index.types import Fact, Measure, Period, Span, Status
from index.words.lexicon import load_indicators
from index.words.regions import Gazetteer
from rag.generators.binding import Bound
from rag.generators.contract import Evidence, Exhibit
from rag.generators.covering import (
    DECLINE,
    LEAST,
    RATE,
    RATE_OF_DECLINE,
    RISE,
    Words,
    denials,
    found,
    is_covered,
    moves,
    pairs_of,
    says_any,
)
from rag.generators.reading import (
    COVERED,
    Carried,
    Cited,
    Mention,
    last_before,
    letters,
    parted,
    places_in,
    plain,
    qualified,
    times_in,
)
from rag.generators.words import alike, words_of

ENDS = "。;；!?！？\n"
"""What ends one statement of a report, whose clauses may share their subject."""
COMMAS = ",，:："
"""What parts its clauses."""
LONGEST = 200
"""Characters of a clause from which on it is not compared: the work grows with its length."""

MORE = "says more than the cited text"
MOST = 40
"""Clauses of the evidence that one clause is compared with."""

ELSEWHERE = "speaks of another place or time than the cited text"
DENIES = "denies what the cited text does not"
AFFIRMS = "affirms what the cited text denies"
TURNS = "gives another direction than the cited text"
PLANS = "calls a plan a result, or a result a plan"
APART = "puts together what the cited text says of different things"
# What is told of a clause that no evidence holds: the last thing that it failed at, with the evidence that it failed last with.
_ORDER = (MORE, ELSEWHERE, PLANS, TURNS, AFFIRMS, DENIES, APART)


@dataclass(frozen=True, slots=True)
class _Told:
    """A clause of a quotation, its letters alone; ``statement`` numbers the sentence that it is of, ``first`` in it."""

    words: Words
    written: str
    statement: tuple[int, int]
    first: bool
    exhibit: Exhibit

    @property
    def text(self) -> str:
        return self.words.text


@dataclass(frozen=True, slots=True)
class _Source:
    """Evidence that a clause may be from: one told clause, or the first of a statement with others that stand there whole."""

    parts: tuple[_Told, ...]
    subject: bool = False
    """Whether the first part gives only what it begins with."""

    @property
    def words(self) -> tuple[Words, ...]:
        return tuple(piece.words for piece in self.parts)


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of the checked sentence: its place, its letters with what was found right blanked out, and its figures."""

    span: Span
    written: str
    open: str
    facts: tuple[Fact, ...]
    has_figure: bool
    qualified: tuple[str, ...]
    """Its figures with the words right beside them by which they are not just these: 6%以上."""


class ClaimCheck:
    """Checks sentences whose figures, places and times were found in what they cite."""

    def __init__(self, evidence: Evidence, known_regions: Collection[str]) -> None:
        self._evidence = evidence
        self._known = known_regions
        self._gazetteer = Gazetteer.load()
        self._told: dict[int, tuple[_Told, ...]] = {}

    def fault(
        self, text: str, cited: Cited, bounds: Sequence[Bound], things: Sequence[Mention], carried: Carried
    ) -> str | None:
        """What is wrong with a plain sentence without its marks, in words without its text; None where it stands."""
        times = times_in(text, self._evidence.asked_on.year)
        # 年底 is of the year that was named before.
        years = [m for m in times if any(c.isdigit() for c in text[m.at : m.end])]
        places = places_in(self._gazetteer, text, self._known)
        planned = says_any(text, "meant")
        before: set[tuple[int, int]] = set()
        quoted: set[int] = set()
        for clause in self._clauses(text, bounds, things, years):
            if len(clause.written) > LONGEST:
                return MORE
            exhibits = cited.at(clause.span.end - 1)
            named = [text[m.at : m.end] for m in places if clause.span.start <= m.at < clause.span.end]
            setting = self._setting(exhibits, clause, named)
            free = self._free(clause, exhibits)
            if not clause.facts and is_covered(clause.open, (), setting, words_of("light")):
                continue  # It names what it speaks of, and says nothing of it.
            said = (
                last_before([*carried.times, *years], clause.span.end),
                last_before([*carried.places, *(m for m in places if m.at not in quoted)], clause.span.end),
            )
            faults: set[str] = set()
            stands = False
            for source in self._sources(clause, exhibits):
                fault = self._against(clause, source, setting, free, said, planned) or _apart(source, before, clause)
                if fault is None:
                    before |= {piece.statement for piece in source.parts}
                    # A name that holds a place (全国文明城区) says nothing of where the next clause is.
                    quoted |= {m.at for m in places if self._only_in(clause, source, m, text)}
                    stands = True
                    break
                faults.add(fault)
            if not stands:
                return max(faults or {MORE}, key=_ORDER.index)
        return None

    def _clauses(
        self, text: str, bounds: Sequence[Bound], things: Sequence[Mention], years: Sequence[Mention]
    ) -> Iterator[_Clause]:
        right = [b.span for b in bounds if not b.verbatim] + [Span(m.at, m.end) for m in years]
        for span in parted(text, ENDS + COMMAS + "()（）"):
            own = [b for b in bounds if span.start <= b.span.start < span.end]
            facts = tuple(f for b in own for f in b.facts)
            names = {n for f in facts for n in (f.indicator, f.canonical or f.indicator)}
            bound = [Span(m.at, m.end) for m in things if isinstance(m.value, frozenset) and m.value & names]
            kept = list(text)
            for blank in (*right, *bound):
                kept[blank.start : blank.end] = COVERED * (blank.end - blank.start)
            blanked = letters(span.of("".join(kept)))
            yield _Clause(
                span, letters(span.of(text)), blanked, facts, bool(own), qualified(text, [b.span for b in own])
            )

    def _setting(self, exhibits: Sequence[Exhibit], clause: _Clause, places: Sequence[str]) -> list[str]:
        """What may be named besides: the report, its headings and place, and what the figures are of."""
        told = [piece for e in exhibits for piece in (e.citation.title, *e.citation.heading, e.citation.region or "")]
        told += [name for f in clause.facts for name in _names(f)]
        return [letters(plain(words)) for words in (*told, *places) if words]

    def _free(self, clause: _Clause, exhibits: Sequence[Exhibit]) -> frozenset[str]:
        """Words that need not stand in the evidence; what they say of direction, denial and plan is compared apart."""
        free = words_of("light", "rises", "declines", "rates", "rates_of_decline", "denials", "meant", "done")
        if clause.has_figure:
            free |= words_of("light_with_figure")
            if not any(
                _other_base(piece.text)
                for e in exhibits
                for piece in self._told_by(e)
                if _holds_any(piece, clause.facts)
            ):
                free |= words_of("on_year")
        return free

    def _sources(self, clause: _Clause, exhibits: Sequence[Exhibit]) -> Iterator[_Source]:
        """What a clause may be from: one with figures from the statements that hold them."""
        told = [piece for e in exhibits for piece in self._told_by(e)]
        alone = [p for p in told if _holds_any(p, clause.facts)] if clause.facts else _sharing(clause, told)
        yield from (_Source((piece,)) for piece in alone)
        for first in (piece for piece in told if piece.first):
            others = [
                p
                for p in told
                if p.statement == first.statement and not p.first
                and (_holds_any(p, clause.facts) if clause.facts else _whole(p, clause.written))
            ]  # fmt: skip
            if others:
                yield _Source((first, *others), subject=True)

    def _told_by(self, exhibit: Exhibit) -> tuple[_Told, ...]:
        if exhibit.n not in self._told:
            self._told[exhibit.n] = tuple(_told(exhibit))
        return self._told[exhibit.n]

    def _against(
        self,
        clause: _Clause,
        source: _Source,
        setting: Sequence[str],
        free: Collection[str],
        said: tuple[Mention | None, Mention | None],
        planned: bool,
    ) -> str | None:
        """What is wrong with a clause if it is from this evidence."""
        if not is_covered(clause.open, source.words, setting, free, subject=source.subject):
            return MORE
        exhibit = source.parts[0].exhibit
        if not _as_qualified(clause.qualified, self._told_by(exhibit)):
            return MORE
        told = "".join(piece.written for piece in source.parts)
        # A figure's own place and time were compared already.
        if not clause.facts and not (self._in_time(exhibit, told, said[0]) and self._in_place(exhibit, told, said[1])):
            return ELSEWHERE
        if not _as_planned(clause, exhibit, told, planned):
            return PLANS
        if not _same_moves(clause, source, exhibit):
            return TURNS
        own, theirs = denials(clause.written), sum(denials(piece.text) for piece in source.parts)
        if own % 2 != theirs % 2 and not (own == 0 and clause.facts):
            return DENIES if own > theirs else AFFIRMS
        return None

    def _only_in(self, clause: _Clause, source: _Source, place: Mention, text: str) -> bool:
        """Whether a place of a clause is named in its evidence and is not that evidence's own."""
        assert isinstance(place.value, frozenset)
        if (
            not clause.span.start <= place.at < clause.span.end
            or source.parts[0].exhibit.citation.region in place.value
        ):
            return False
        return any(text[place.at : place.end] in piece.written for piece in source.parts)

    def _in_time(self, exhibit: Exhibit, told: str, said: Mention | None) -> bool:
        own = Period.parse(exhibit.citation.period) if exhibit.citation.period else None
        if said is None:
            asked = self._evidence.query.time.periods
            return own is None or not asked or any(own.overlaps(p) for p in asked)
        assert isinstance(said.value, Period)
        if own is None or own.within(said.value):
            return True
        return any(m.value == said.value for m in times_in(told, own.last_year, bases=True))

    def _in_place(self, exhibit: Exhibit, told: str, said: Mention | None) -> bool:
        own = exhibit.citation.region
        if said is None or own is None:
            return True
        assert isinstance(said.value, frozenset)
        if own in said.value:
            return True
        return any(
            bool(m.value & said.value)
            for m in places_in(self._gazetteer, told, self._known)
            if isinstance(m.value, frozenset)
        )


def _told(exhibit: Exhibit) -> Iterator[_Told]:
    text = plain(NOTE_MARK.sub("", clean(View.of(exhibit.citation.quote)).text))
    for number, statement in enumerate(parted(text, ENDS)):
        first = True
        for span in parted(statement.of(text), COMMAS):
            written = span.of(statement.of(text))
            if own := letters(written):
                behind = {len(letters(written[:at])) for at, c in enumerate(written) if not c.isalnum()}
                yield _Told(Words.of(own, behind), written, (exhibit.n, number), first, exhibit)
                first = False


def _sharing(clause: _Clause, told: Sequence[_Told]) -> list[_Told]:
    """The told clauses that share any two characters with a clause, or words that may stand for another; the most first.

    More than ``MOST`` are not looked at: a clause that shares a little with all of a long text is from none of it.
    """
    own = pairs_of(clause.open)
    reworded = any(True for _ in found(clause.open, alike()))
    shared = [(len(own & piece.words.pairs), piece) for piece in told]
    likely = sorted((each for each in shared if each[0] or reworded), key=lambda each: -each[0])
    return [piece for _, piece in likely[:MOST]] or list(told[:1])


def _names(fact: Fact) -> list[str]:
    lexicon = load_indicators()
    known = lexicon.get(fact.canonical) if fact.canonical else None
    return [fact.indicator, fact.canonical or "", *(known.english if known else ())]


def _whole(piece: _Told, written: str) -> bool:
    """Whether all letters of a told clause stand in a written one, two by two."""
    return all(piece.text[n : n + LEAST] in written for n in range(len(piece.text) - LEAST + 1))


def _holds_any(piece: _Told, facts: Sequence[Fact]) -> bool:
    return any(letters(plain(f.written)) in piece.text for f in facts)


def _as_qualified(qualified: Sequence[str], told: Sequence[_Told]) -> bool:
    return all(any(words in piece.text for piece in told) for words in qualified)


def _other_base(text: str) -> bool:
    """Whether a clause reckons a change against anything but the year before."""
    rest = text
    for _, word in found(text, words_of("on_year")):
        rest = rest.replace(word, "")
    return any(True for _ in found(rest, words_of("on_base")))


def signs_of(fact: Fact) -> set[str]:
    """The ways that a growth rate says something went; so many points of one (降幅收窄4个百分点) have to be told as they are."""
    if fact.measure is not Measure.GROWTH:
        return set()
    if fact.value < 0:
        return {DECLINE, RATE_OF_DECLINE}
    return {RISE, RATE} if fact.value > 0 else {RATE}


def _same_moves(clause: _Clause, source: _Source, exhibit: Exhibit) -> bool:
    """Whether each move of a clause is its figure's, or else one of the evidence that it is from.

    Where the evidence tells of several ways, a move has to stand there in the same words.
    """
    signs: set[str] = set()
    for fact in clause.facts:
        # A level may be told with the way that it came to it: 增长到429.7亿元.
        slot = (fact.region, fact.period, fact.indicator)
        beside = [f for f in exhibit.facts if f.measure is Measure.GROWTH and (f.region, f.period, f.indicator) == slot]
        for each in beside if fact.measure is Measure.LEVEL else (fact,):
            signs |= signs_of(each)
    parts = [p for p in source.parts if not clause.facts or _holds_any(p, clause.facts)]
    theirs = {m.ways for piece in parts for m in moves(piece.text)}
    for move in moves(clause.open):
        if signs and len(move.ways) == 1:
            # What the report says of its own figure goes before words that stand beside it, whoever wrote them there.
            if move.ways in signs:
                continue
            return False
        copied = any(clause.open[move.start : move.end] in piece.text for piece in parts)
        if move.ways not in theirs or not (copied or len(theirs) == 1):
            return False
    return True


def _as_planned(clause: _Clause, exhibit: Exhibit, told: str, planned: bool) -> bool:
    """Whether what is meant is not called done, nor what is done called meant."""
    added_done = any(w not in told for _, w in found(clause.open, words_of("done")))
    added_meant = any(w not in told for _, w in found(clause.open, words_of("meant")))
    if clause.facts:
        # That a plan is called one was compared with the figure.
        states = {f.status for f in clause.facts}
        return not (added_done if states == {Status.TARGET} else added_meant and states == {Status.ACTUAL})
    if exhibit.planned or says_any(told, "meant"):
        return planned and not added_done
    return not added_meant


def _apart(source: _Source, before: set[tuple[int, int]], clause: _Clause) -> str | None:
    """Whether a clause that goes on a statement of the report stands behind another's, and so is told of its subject."""
    piece = source.parts[0]
    if clause.facts or piece.first or not before or piece.statement in before:
        return None
    return APART
