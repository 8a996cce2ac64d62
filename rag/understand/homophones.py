"""Characters that were typed for others of the same sound (粮食产凉 for 粮食产量), put right by what the reports say.

Chinese is typed by sound, so that most typing errors put one homophone for another. Names of places are never touched:
another place would be guessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, cached_property, lru_cache

from index.budget import check
from index.rules import Rule
from index.store.postings import Postings
from index.types import Span
from index.words.fragments import HAN
from rag.understand.words import DATA, load_asking

_HAN = Rule(
    "understand.homophones.han",
    rf"{HAN}{{2,}}",
    takes=("⟦粮食产凉⟧ 2023",),
    leaves=("粮 2023",),
)

_HOW_MANY = Rule(
    "understand.homophones.how_many",
    rf"几{HAN}",
    takes=("获得⟦几枚⟧奖牌",),
    leaves=("获得多少枚奖牌",),
)
"""几张, 几部: what asks for a count stands in no report."""

CHANGED = 0.9
"""Price of another character."""

RARE = 1 / 12000
LEAST_RARE = 0.05
"""Two neighbours that stand together in no sentence cost 1, in so large a share of all sentences a half, and so on; in a
small index one sentence says much."""

MOST = 300
"""Characters of one text that are put right: more is no question with a slip in it, and each may take most of a millisecond."""

_PRICED = 2048
"""Characters of which it is remembered what stands before them."""


def readings(character: str) -> frozenset[str]:
    """The sounds of a Chinese character without their tones; what has none is a sound of its own."""
    return _sounds().get(character, frozenset({character}))


@cache
def _sounds() -> dict[str, frozenset[str]]:
    """The sounds of each character, from pypinyin's table: see ``index/training/tables/sounds.py``."""
    held: dict[str, set[str]] = {}
    for line in (DATA / "sounds.tsv").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            sound, characters = line.split("\t")
            for character in characters:
                held.setdefault(character, set()).add(sound)
    return {character: frozenset(sounds) for character, sounds in held.items()}


class Homophones:
    """The characters of an index by their sound. What is costly is made when first asked for."""

    def __init__(self, words: Postings) -> None:
        """``words`` are the bigrams of the sentences."""
        self._words = words
        self._prices = lru_cache(_PRICED)(self._priced)

    @cached_property
    def _by_sound(self) -> dict[str, tuple[str, ...]]:
        result: dict[str, set[str]] = {}
        for character in self._words.characters:
            if _HAN.fullmatch(character * 2):
                for sound in readings(character):
                    result.setdefault(sound, set()).add(character)
        return {sound: tuple(sorted(characters)) for sound, characters in result.items()}

    def _priced(self, character: str) -> dict[str, float]:
        """The characters that stand before another in some sentence, with the price of the two."""
        rare = max(LEAST_RARE, RARE * self._words.count)
        before = self._words.before(character) if _HAN.fullmatch(character * 2) else {}
        return {one: rare / (rare + times) for one, times in before.items() if _HAN.fullmatch(one * 2)}

    def corrected(self, text: str, kept: Sequence[Span]) -> str:
        """A folded text with characters put right where what stands there is in no report; ``kept`` stays as it is.

        So do the words of asking (多少), which stand beside nothing that a report says, and a run with which more than
        :data:`MOST` characters would have to be put right.

        The least sum of :data:`CHANGED` and of the prices of neighbours over a run of characters (Viterbi, 1967).
        """
        free = list(_HOW_MANY.sub("\x00\x00", load_asking().filler.sub(lambda m: "\x00" * len(m[0]), text)))
        for span in kept:
            free[span.start : span.end] = "\x00" * (span.end - span.start)
        letters = list(text)
        left = MOST
        for run in _HAN.finditer("".join(free)):
            if len(run[0]) <= left and any(not self._times(a + b) for a, b in zip(run[0], run[0][1:], strict=False)):
                left -= len(run[0])
                letters[run.start() : run.end()] = self._best(run[0])
        return "".join(letters)

    def _times(self, word: str) -> int:
        return len(self._words.rows(word))

    def _best(self, run: str) -> str:
        paths: dict[str, tuple[float, str]] = {c: (price, c) for c, price in self._choices(run[0])}
        for written in run[1:]:
            check()
            # Characters that stand together nowhere cost 1, and no two cost more. So of all paths that end in a
            # stranger to the next character only the cheapest counts, and none that is dearer than it by 1.
            cheapest, way = min(paths.values())
            near = {last: found for last, found in paths.items() if found[0] < cheapest + 1}
            paths = {}
            for character, price in self._choices(written):
                prices = self._prices(character)
                total, before = min(
                    [(cheapest + price + 1, way)]
                    + [(near[c][0] + price + prices[c], near[c][1]) for c in near.keys() & prices.keys()]
                )
                paths[character] = (total, before + character)
        return min(paths.values())[1]

    def _choices(self, character: str) -> list[tuple[str, float]]:
        alike = {c for sound in readings(character) for c in self._by_sound.get(sound, ())}
        return [(character, 0.0), *((c, CHANGED) for c in sorted(alike - {character}))]
