"""The readings of a question: as it is typed, sentence by sentence, and where that finds nothing, in two other ways."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Span
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
        """城乡居民收入 as 城镇居民收入和农村居民收入, which reports state apart; None where nothing joint is asked for."""
        text = fold(reading.question.text)
        named = [m.span for m in reading.query.mentions if m.slot == "indicator"]
        joint = [span for span in named if text.startswith("城乡", span.start)]
        if len(joint) != 1:
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
        return replace(again, note="; ".join(filter(None, (f"read as: {meant}", again.note))))

    def _again(self, reading: Reading, text: str) -> Reading:
        return self._read(replace(reading.question, text=text, language=reading.query.language))
