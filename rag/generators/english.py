"""What an English sentence claims: it cannot be compared with Chinese evidence, so it may say little beside its figures."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property

from index.types import Fact, Span
from index.words.regions import Gazetteer
from rag.generators.binding import Bound
from rag.generators.claims import MORE, TURNS, signs_of
from rag.generators.contract import Evidence
from rag.generators.covering import DECLINE, RISE
from rag.generators.reading import (
    Carried,
    Cited,
    Mention,
    is_han,
    letters,
    places_in,
    plain,
    qualified,
    times_in,
    words_in,
)
from rag.generators.words import words_of


class EnglishCheck:
    """Checks the words of English sentences: names, places and times of their figures, and words that claim nothing."""

    def __init__(self, evidence: Evidence, known_regions: Collection[str]) -> None:
        self._known = known_regions
        self._gazetteer = Gazetteer.load()
        self._year = evidence.asked_on.year

    @cached_property
    def _free(self) -> frozenset[str]:
        return words_of("light_english", "rises_english", "declines_english")

    def fault(
        self, text: str, cited: Cited, bounds: Sequence[Bound], things: Sequence[Mention], _: Carried
    ) -> str | None:
        """What is wrong with a plain sentence without its marks; None where it stands."""
        facts = [f for b in bounds for f in b.facts]
        told = [letters(plain(f"{e.citation.quote}{e.citation.title}")) for e in cited.exhibits]
        if not all(any(words in each for each in told) for words in qualified(text, [b.span for b in bounds])):
            return MORE
        signs = {sign for f in facts for sign in signs_of(f)}
        for word in words_in(self._open(text, bounds, things, facts)):
            if is_han(word[0]):
                if not any(word in each for each in told):
                    return MORE
            elif word not in self._free and not word.isdigit():
                return MORE
            elif _way(word) not in (None, *signs):
                return TURNS
        return None

    def _open(self, text: str, bounds: Sequence[Bound], things: Sequence[Mention], facts: Sequence[Fact]) -> str:
        """The sentence in small letters, without its figures, times, places and the names of what its figures are."""
        names = {n for f in facts for n in (f.indicator, f.canonical or f.indicator)}
        right = [b.span for b in bounds]
        right += [Span(m.at, m.end) for m in things if m.at >= 0 and isinstance(m.value, frozenset) and m.value & names]
        right += [Span(m.at, m.end) for m in times_in(text, self._year)]
        right += [Span(m.at, m.end) for m in places_in(self._gazetteer, text, self._known)]
        kept = list(text.lower())
        for blank in right:
            kept[blank.start : blank.end] = " " * (blank.end - blank.start)
        return "".join(kept)


def _way(word: str) -> str | None:
    """The sign of a word of direction; None for any other."""
    return RISE if word in words_of("rises_english") else DECLINE if word in words_of("declines_english") else None
