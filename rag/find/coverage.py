"""How much of what is asked a text says: the asked words in parts, each weighted by its rarity and said in any of its readings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.rules import Rule
from index.store.postings import Postings
from index.text.folding import fold
from index.text.tokens import query_tokens
from index.words.lexicon import load_indicators
from rag.find.synonyms import Part, load_synonyms
from rag.types import Query

_NO_CHINESE = 0.25
_UNSEEN = 0.5
"""Weight of an asked bigram that no report holds, relative to the rarest one that some do: it may be a typo."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A part of the asked words: its readings as bigrams with their share in it and their rarity."""

    readings: tuple[tuple[tuple[str, float, float], ...], ...]
    weight: float
    rarity: float
    seen: bool

    @property
    def is_plain(self) -> bool:
        """Whether it is one bigram that nothing else is said for."""
        return len(self.readings) == 1 and len(self.readings[0]) == 1


def covered_by(
    postings: Postings, wanted: Sequence[Wanted], among: NDArray[np.integer[Any]] | None = None
) -> NDArray[np.float32]:
    """How much of what is asked each text says, ``(texts,)`` in [0, 1]: of each part the reading that it says most of.

    ``among`` some texts alone, ``(len(among),)``: a question names its place, whose texts are few.
    """
    result = postings.coverage([(w.readings[0][0][0], w.weight) for w in wanted if w.is_plain], among)
    for part in wanted:
        if not part.is_plain:
            told = [postings.coverage([(token, share) for token, share, _ in r], among) for r in part.readings]
            result += part.weight * np.maximum.reduce(told)
    return result


def _share(token: str, reading: Sequence[str], rarity: Mapping[str, float]) -> float:
    return rarity[token] / (sum(rarity[t] for t in reading) or 1.0)


_PARTICLE = Rule(
    "find.coverage.particle",
    r"(?<!目)的(?!士)",
    takes=("街道⟦的⟧养老服务中心",),
    leaves=("工作目的和的士数量",),
    why="的 of 目的 and 的士 is no particle.",
)


def parts_asked(query: Query) -> list[Part]:
    """What a question asks for in parts: a known indicator by any of its names, other words as they are or in other words."""
    words = _PARTICLE.sub(" ", query.thing.terms or fold(query.cues.words))
    parts: list[Part] = []
    for mention in sorted((m for m in query.mentions if m.slot == "indicator"), key=lambda m: m.span):
        known = load_indicators().get(mention.value)
        if known is None or mention.surface not in words:
            continue
        before, _, words = words.partition(mention.surface)
        parts.extend(load_synonyms().parts(before) if before.strip() else ())
        names = (mention.surface, known.name, *known.aliases)
        readings = tuple(dict.fromkeys(tuple(dict.fromkeys(query_tokens(fold(n)))) for n in names))
        parts.append(Part(mention.surface, tuple(r for r in readings if r), known.name))
    return [*parts, *load_synonyms().parts(words)] if words.strip() else parts


def wanted_parts(parts: Sequence[Part], sentences: Postings) -> list[Wanted]:
    """The parts of what is asked with weights that sum to 1, by how rare they are among the sentences."""
    rarity = {t: sentences.rarity(t) for part in parts for r in part.readings for t in r}
    held = {t for t in rarity if len(sentences.rows(t))}
    # Of several readings the one that takes least to be said tells how much the words weigh.
    least = [
        min((sum(rarity[t] for t in r) for r in part.readings if held.issuperset(r)), default=0.0) for part in parts
    ]
    rarest = [
        max((min(rarity[t] for t in r) for r in part.readings if held.issuperset(r)), default=0.0) for part in parts
    ]
    ceiling = max(rarest, default=1.0) * _UNSEEN or _UNSEEN
    foreign = _foreign([part.words for part in parts], [weight > 0 for weight in least])
    weight = [
        # An English word that nobody says the Chinese of is a name or a small word.
        w or ceiling * (_NO_CHINESE if not part.formal else 2 if part.words in foreign else 1)
        for part, w in zip(parts, least, strict=True)
    ]
    total = sum(weight)
    found: dict[str, Wanted] = {}
    for part, w, rare in zip(parts, weight, rarest, strict=True):
        readings = tuple(tuple((t, _share(t, r, rarity), rarity[t]) for t in r) for r in part.readings)
        found.setdefault(part.words, Wanted(readings, w / total, rare, rare > 0))
    return list(found.values())


def _foreign(tokens: Sequence[str], seen: Sequence[bool]) -> set[str]:
    """Unseen bigrams that make up a word of their own: one wrong letter spoils at most two, or one at an end."""
    result: set[str] = set()
    start = 0
    while start < len(tokens):
        end = start
        while end < len(tokens) and seen[end] == seen[start]:
            end += 1
        at_an_end = start == 0 or end == len(tokens)
        if not seen[start] and end - start >= (2 if at_an_end else 3):
            result.update(tokens[start:end])
        start = end
    return result
