"""The readings of a question: as it is typed, sentence by sentence, and where that finds nothing, in two other ways."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from index.store.snapshot import IndexSnapshot
from index.store.tables.packed import STATUSES
from index.text.folding import fold
from index.types import Span, Status
from index.words.regions import Gazetteer
from rag.types import Query, Question, Telling
from rag.understand.held import located
from rag.understand.homophones import Homophones
from rag.understand.known import Known
from rag.understand.query import read_on, told_before, understand, understand_after
from rag.understand.several import asked_together, questions_of
from rag.understand.talk import without_talk
from rag.understand.words import load_asking


@dataclass(frozen=True, slots=True)
class Reading:
    """A question, perhaps in other words than it was asked in, and what is understood of it."""

    question: Question
    query: Query
    together: tuple[Query, ...] = ()
    """The single queries of a question that asks for two or more things at once."""
    sentences: tuple[Reading, ...] = ()
    """Each sentence of a text that asks for several amounts, read after those before it."""
    telling: Telling = Telling.PLAIN
    note: str = ""
    """What the asker is told of the other words."""


MOST_SENTENCES = 10
"""Questions in one text that are answered one by one: each costs as much as one alone."""
_ASKING = ("rank", "place", "compare", "gap", "lowest")
"""Lists of words of asking that are never a slip for others of the same sound."""


_EVERYDAY = ("townspeople", "country_people")
_LEAST_KEPT = 0.5
"""Share of the letters of what is asked for that another reading must keep."""


def _letters(query: Query) -> int:
    """How many letters what is asked for has."""
    return sum(c.isalnum() for c in query.thing.terms)


class Reader:
    """Reads questions to one snapshot."""

    def __init__(self, snapshot: IndexSnapshot, gazetteer: Gazetteer) -> None:
        self._snapshot = snapshot
        self._gazetteer = gazetteer
        self.known = Known.of(snapshot, gazetteer)
        self._homophones = Homophones(snapshot.postings.sentences)

    def read(self, question: Question) -> Reading:
        """What is understood of a question, without the talk around it."""
        talked = without_talk(question)
        reading = replace(self._read(talked.question), telling=talked.telling)
        if talked.question.text == question.text or talked.question.text not in question.history:
            return reading
        # All of it is from the question before.
        query = reading.query
        slots = (("region", query.place.regions), ("period", query.time.periods), ("indicator", query.thing.terms))
        return replace(reading, query=replace(query, carried=tuple(slot for slot, told in slots if told)))

    def _read(self, question: Question) -> Reading:
        before = told_before(question, self.known, self._gazetteer)
        reading = self._alone(question, before)
        sentences, left = self._sentences(question, before)
        note = f"only the first {MOST_SENTENCES} of {left + MOST_SENTENCES} questions in one were read" if left else ""
        return replace(reading, sentences=sentences, note=note)

    def _alone(self, question: Question, before: Query | None) -> Reading:
        query = understand_after(before, question, self.known, self._gazetteer)
        query = located(query, self._snapshot, self._gazetteer)
        return Reading(question, query, asked_together(query))

    def plain(self, question: Question) -> Query:
        """What is understood without a look at which places are held."""
        return understand(question, self.known, self._gazetteer)

    def _sentences(self, question: Question, before: Query | None) -> tuple[tuple[Reading, ...], int]:
        """Each sentence that asks for an amount, read after those before it, and how many more there are."""
        parts = questions_of(question.text)
        if len(parts) < 2:
            return (), 0
        found: list[Reading] = []
        history = question.history
        for part in parts[:MOST_SENTENCES]:
            found.append(self._alone(replace(question, text=part, history=history), before))
            before = read_on(before, part, question, self.known, self._gazetteer)
            history = (*history, part)
        return tuple(found), max(0, len(parts) - MOST_SENTENCES)

    def town_and_country(self, reading: Reading) -> Reading | None:
        """城乡居民收入, and 城里人和农村人, as the two that reports state apart; None where nothing joint is asked for."""
        text = fold(reading.question.text)
        both = tuple(next((w for w in load_asking().words[of]["zh"] if w in text), "") for of in _EVERYDAY)
        if all(both):
            for word, formal in zip(both, ("城镇居民", "农村居民"), strict=True):
                text = text.replace(word, formal)
            return self._again(reading, text)
        named = [m.span for m in reading.query.mentions if m.slot == "indicator"]
        joint = [span for span in named if text.startswith("城乡", span.start)]
        if len(joint) != 1 or joint[0].of(text).endswith("比") or text.startswith("比", joint[0].end):
            # 城乡居民收入比 is one number.
            return None
        of = text[joint[0].start + len("城乡") : joint[0].end]
        return self._again(reading, f"{text[: joint[0].start]}城镇{of}和农村{of}{text[joint[0].end :]}")

    def put_right(self, reading: Reading) -> Reading | None:
        """The question with its homophones put right; None where it has none."""
        text, query = fold(reading.question.text), reading.query
        # What the vocabulary knows is no typing error (大豆产量), if no report tells of it.
        known = query.thing.terms in query.thing.indicators
        kept = [m.span for m in query.mentions if m.slot in ("region", "period") or (known and m.slot == "indicator")]
        # 排第几 and 低多少 stand beside nothing that a report says.
        kept += [Span(*m.span()) for name in _ASKING for m in load_asking().patterns[name].finditer(text)]
        meant = self._homophones.corrected(text, kept)
        if meant == text:
            return None
        again = self._again(reading, meant)
        if _letters(again.query) < _LEAST_KEPT * _letters(query):
            # 念初中的学生 is no 年初中的学生: what is put right says about as much as what was typed.
            return None
        return replace(again, note="; ".join(filter(None, (f"read as: {meant}", again.note))))

    def as_change(self, reading: Reading) -> Reading | None:
        """A question for an amount as one for its rate of change: 电费便宜多少; None where nothing says that it moved."""
        query = reading.query
        if query.wants.growth or query.wants.share or not query.cues.maybe_moved:
            return None
        wants = replace(query.wants, growth=True, level=False, change=False, rise=False)
        return replace(reading, query=replace(query, wants=wants), together=(), sentences=())

    def as_plan(self, reading: Reading) -> Reading | None:
        """A question without a word for a target as one for it; None where none of its words may say that something is meant.

        That its time is not over yet is no such word: who asks how much it grew is told of no plan.
        """
        query = reading.query
        if query.status is not None or not query.cues.maybe_meant:
            return None
        return replace(reading, query=replace(query, status=Status.TARGET), together=(), sentences=())

    def as_reports_say(self, reading: Reading) -> Reading | None:
        """今后五年 as the last report of the place counts them, 到2021年年均 as the years that end then; else None."""
        query = reading.query
        if len(query.place.regions) != 1 or len(query.time.periods) != 1:
            return None
        asked, counted = query.time.periods[0], query.cues.counted_years
        until = not counted and query.wants.yearly and asked.is_year
        if not counted and not until:
            return None
        ahead = query.status is Status.TARGET if until else counted > 0
        tables = self._snapshot.tables
        place = tables.places.find(query.place.regions[0])
        rows = tables.slots.find([place] if place is not None else [], None)
        rows = rows[(tables.of_facts.status[rows] == STATUSES.index(Status.TARGET)) == ahead]
        told = [tables.periods[n] for n in tables.of_facts.period[rows].tolist() if n >= 0]
        held = [
            p for p in told if (p.length > asked.length and p.last == asked.last if until else p.length == asked.length)
        ]
        if not held:
            return None
        period = Counter(held).most_common(1)[0][0] if until else max(held, key=lambda p: p.last)
        time = replace(query.time, periods=(period,))
        return replace(reading, query=replace(query, time=time, status=Status.TARGET if counted > 0 else query.status))

    def _again(self, reading: Reading, text: str) -> Reading:
        return self._read(replace(reading.question, text=text, language=reading.query.language))
