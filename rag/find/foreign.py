"""Sentences of reports in English that tell a figure: such reports are read in sentences, not in figures.

A sentence is compared with the question by the words of both, weighted by how rare they are in the document, and by
meaning, so that a question in Chinese finds it too: through the English names of what the vocabulary knows, and
through the vectors.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator

import numpy as np

from index.rules import Rule
from index.store.snapshot import IndexSnapshot
from index.text.tokens import index_tokens
from index.types import Sentence, Status
from index.words.lexicon import load_indicators
from rag.find.meaning import AskedVectors
from rag.types import Passage, Query

_ENDING = Rule(
    "find.foreign.ending",
    r"(?<=[a-z]{3})(?:ing|ed|es|s|e)$",
    takes=("railway⟦s⟧", "creat⟦ed⟧"),
    leaves=("gas", "red"),
    why="Words of a question and of a report differ in their endings.",
)
_WORDS_SHARE = 0.5
"""Weight of the shared words; likeness has the rest."""
_MOSTLY = 0.5
"""Share of a document's sentences in Latin words from which on it is in English."""


class ForeignSentences:
    """The sentences with a figure of a snapshot's documents in English."""

    def __init__(self, snapshot: IndexSnapshot, asked: AskedVectors) -> None:
        self._snapshot, self._asked = snapshot, asked
        of = snapshot.tables.of_documents
        english = np.flatnonzero(of.latin > _MOSTLY * of.sentences)
        self._english = {snapshot.documents[n].id: n for n in english.tolist()}

    def find(self, query: Query, documents: frozenset[str]) -> list[Passage]:
        """Those of these documents and of the asked time, best first, with scores in [0, 1]."""
        tables = self._snapshot.tables
        asked = tables.sentences_of(sorted(n for name, n in self._english.items() if name in documents))
        told = asked[tables.of_sentences.digits[asked] == 1].tolist()
        rows = [n for n in told if self._fits(self._snapshot.sentences[n], query)]
        wordings = list(_wordings(query))
        if not rows or not wordings:
            return []
        words = [_stems(self._snapshot.sentences[n].text) for n in rows]
        common = Counter(stem for stems in words for stem in stems)
        rare = {stem: math.log1p(len(rows) / count) for stem, count in common.items()}
        vectors = self._snapshot.meanings.of_sentences(rows)
        likeness = np.max(
            [self._snapshot.scale.of_texts(vectors @ self._asked(wording)) for wording in wordings], axis=0
        )
        shared = np.max(
            [[_covered(_stems(wording), stems, rare, len(rows)) for stems in words] for wording in wordings], axis=0
        )
        scores = _WORDS_SHARE * shared + (1 - _WORDS_SHARE) * likeness
        order = sorted(range(len(rows)), key=lambda place: (-float(scores[place]), place))
        return [Passage(rows[n], self._snapshot.sentences[rows[n]], round(float(scores[n]), 5)) for n in order]

    @staticmethod
    def _fits(sentence: Sentence, query: Query) -> bool:
        """Whether a sentence is of the asked time, and tells a plan only where one is asked for."""
        planned = (sentence.status is Status.TARGET) is (query.status is Status.TARGET)
        timely = not query.time.periods or sentence.period in query.time.periods
        return planned and timely


def _wordings(query: Query) -> Iterator[str]:
    """What is asked in English as far as it is known, and in the question's own words."""
    lexicon = load_indicators()
    for name in query.thing.indicators:
        indicator = lexicon.get(name)
        yield from indicator.english if indicator is not None else ()
    if query.thing.terms:
        yield query.thing.terms


def stem(word: str) -> str:
    """A folded English word without its ending."""
    return _ENDING.sub("", word)


def _stems(text: str) -> frozenset[str]:
    return frozenset(stem(token) for token in index_tokens(text) if not token[0].isdigit())


def _covered(asked: frozenset[str], told: frozenset[str], rare: dict[str, float], count: int) -> float:
    """The share of the asked words, weighted by rarity, that a sentence holds; a single word (employment) says half."""
    unknown = math.log1p(count)
    whole = sum(rare.get(stem, unknown) for stem in asked)
    return min(1.0, len(asked) / 2) * sum(rare[stem] for stem in asked & told) / whole if whole else 0.0
