"""Characters of the same sound: the cheapest reading is found, and a long question costs no more than it may."""

from __future__ import annotations

import itertools
import random
import re
import time

import pytest

from index.store.postings import Postings
from index.text.folding import fold
from index.training.tables.sounds import sounds_of
from rag.understand.homophones import CHANGED, LEAST_RARE, MOST, RARE, Homophones, readings

COMMON = "".join(
    bytes([row, cell]).decode("gb2312", "ignore") for row in range(0xB0, 0xF8) for cell in range(0xA1, 0xFF)
)
ALIKE = [c for c in COMMON if "ji" in readings(c) and c != "几" and fold(c) == c]
"""Of the characters in use those of the commonest sound but 几, which asks for a count."""


def test_sounds_are_those_of_the_table_that_they_were_taken_from() -> None:
    """Of every character, as pypinyin lists them; a character that it does not know has none but itself."""
    for character in map(chr, range(0x4E00, 0x9FFF + 1)):
        assert readings(character) == frozenset(sounds_of(character)), character


def sentences_of(characters: list[str], count: int, length: int) -> list[str]:
    chance = random.Random(count)
    return ["".join(chance.choices(characters, k=length)) for _ in range(count)]


@pytest.fixture(scope="module")
def crowded() -> Postings:
    """All characters of one sound, each beside a good part of the others: more than reports hold."""
    return Postings.build(sentences_of(ALIKE, len(ALIKE), len(ALIKE) // 5))


def strangers(words: Postings, length: int) -> str:
    """Characters of the sound of which no two neighbours stand together in any sentence."""
    chance, text = random.Random(length), ALIKE[0]
    while len(text) < length:
        text += chance.choice([c for c in ALIKE if not len(words.rows(text[-1] + c))])
    return text


@pytest.mark.parametrize("parted", [1000, 50], ids=["in one run", "in runs of 50"])
def test_a_long_question_of_unknown_words_takes_half_a_second_at_most(crowded: Postings, parted: int) -> None:
    """Time of the processor, for as long a question as may be asked."""
    homophones = Homophones(crowded)
    homophones.corrected(strangers(crowded, 10), [])  # what is made once
    text = re.sub(rf"(.{{{parted}}})(?=.)", r"\1，", strangers(crowded, 1000))[:1000]
    start = time.thread_time()
    meant = homophones.corrected(text, [])
    assert time.thread_time() - start <= 0.5
    assert len(meant) == len(text)


def test_so_many_characters_are_put_right_and_no_more(crowded: Postings) -> None:
    """Runs are taken from the front as long as they fit; one that is too long stays, and the next may fit."""
    run = strangers(crowded, MOST // 2)
    homophones = Homophones(crowded)
    meant = homophones.corrected(run, [])
    assert meant != run
    assert homophones.corrected(f"{run}，{run}，{run}", []) == f"{meant}，{meant}，{run}"
    too_long = strangers(crowded, MOST + 1)
    assert homophones.corrected(f"{too_long}，{run}", []) == f"{too_long}，{meant}"


@pytest.mark.parametrize("seed", range(20))
def test_no_other_reading_is_cheaper(seed: int) -> None:
    """Against every reading there is, over an index of six characters of one sound."""
    characters = random.Random(seed).sample(ALIKE, 6)
    words = Postings.build(sentences_of(characters, 3 + seed, 3))
    (typed,) = sentences_of(characters, 1, 4)
    rare = max(LEAST_RARE, RARE * words.count)

    def cost(meant: str) -> float:
        beside = sum(rare / (rare + len(words.rows(a + b))) for a, b in itertools.pairwise(meant))
        return beside + CHANGED * sum(a != b for a, b in zip(typed, meant, strict=True))

    meant = Homophones(words).corrected(typed, [])
    known = all(len(words.rows(a + b)) for a, b in itertools.pairwise(typed))
    least = min(cost("".join(each)) for each in itertools.product(characters, repeat=len(typed)))
    assert meant == typed if known else cost(meant) == pytest.approx(least)
