"""Whether the words of a clause are those of the evidence, in its order, and which way they say that things moved."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from rag.generators.reading import COVERED, is_han
from rag.generators.words import alike, words_of

LEAST = 2
"""Characters from which on words that stand in the evidence too are taken from there."""

BETWEEN_RATE_AND_MOVE = 8
"""Characters that may stand between 增速 and 回落: 增速较上年回落."""
BETWEEN_MOVES = 1
"""And between two moves that are one: 由降转升."""

RANKS = "省市区县州盟旗等"
"""Characters behind which a name may begin: 市科技局, 科技部等六部委."""

RISE, DECLINE, RATE, RATE_OF_DECLINE = "+", "-", "~", "="


@dataclass(frozen=True, slots=True)
class Move:
    """Words that say which way something went: ``ways`` is one sign for each of its words, in order."""

    ways: str
    start: int
    end: int


@cache
def _directions() -> dict[str, str]:
    lists = {"rises": RISE, "declines": DECLINE, "rates": RATE, "rates_of_decline": RATE_OF_DECLINE}
    return {word: sign for name, sign in lists.items() for word in words_of(name)}


def found(text: str, words: Collection[str], but: Collection[str] = ()) -> Iterator[tuple[int, str]]:
    """Where which of the words stand, the longest first, none inside of another; a word of ``but`` is stepped over."""
    longest = max(map(len, (*words, *but)), default=0)
    at = 0
    while at < len(text):
        taken = next(
            (w for n in range(min(longest, len(text) - at), 0, -1) if (w := text[at : at + n]) in words or w in but), ""
        )
        if taken and taken not in but:
            yield at, taken
        at += len(taken) or 1


def moves(text: str) -> list[Move]:
    """The moves of a clause; a rate and what it did are one (增速回落), and so is a turn (由降转升)."""
    signs = _directions()
    told: list[Move] = []
    for at, word in found(text, signs):
        sign = signs[word]
        last = told[-1] if told else None
        if last is not None:
            room = BETWEEN_RATE_AND_MOVE if last.ways[-1] in (RATE, RATE_OF_DECLINE) else BETWEEN_MOVES
            if at - last.end <= room:
                told[-1] = Move(last.ways + sign, last.start, at + len(word))
                continue
        told.append(Move(sign, at, at + len(word)))
    return told


def denials(text: str) -> int:
    """How often a clause denies."""
    return sum(1 for _ in found(text, words_of("denials"), words_of("denies_nothing")))


def says_any(text: str, *lists: str) -> bool:
    """Whether a text holds a word of the named lists."""
    return any(word in text for word in words_of(*lists))


def pairs_of(letters: str) -> frozenset[str]:
    """Each two characters that stand side by side: texts that share none share no piece either."""
    return frozenset(letters[n : n + LEAST] for n in range(len(letters) - LEAST + 1))


@dataclass(frozen=True, slots=True)
class Words:
    """Letters of the evidence, with the places where a word may begin: behind a comma, a particle, a verb of ours."""

    text: str
    starts: frozenset[int]
    pairs: frozenset[str]

    @classmethod
    def of(cls, letters: str, behind_marks: Collection[int] = ()) -> Words:
        """The letters with the places where words begin that are known; ``behind_marks`` are those behind punctuation."""
        starts = {0, *behind_marks}
        for at, word in found(letters, words_of("light", "rises", "declines", "rates", "denials", "meant", "done")):
            starts |= {at, at + len(word)}
        for at, word in found(letters, alike()):
            starts |= {at, at + len(word)}
        starts |= {at + 1 for at, character in enumerate(letters) if character in RANKS}
        return cls(letters, frozenset(starts), pairs_of(letters))


@dataclass(frozen=True, slots=True, order=True)
class _Way:
    """How a place of a clause was reached: pieces out of order or cut, pieces at all, and the end of the last in the evidence."""

    wrong: int = 0
    pieces: int = 0
    last: int = 0
    cut: bool = False


def is_covered(
    clause: str, told: Sequence[Words], setting: Sequence[str], free: Collection[str], *, subject: bool = False
) -> bool:
    """Whether every word of a clause is one of ``free``, or stands in ``setting``, or in ``told`` and in its order.

    What stands there first may stand last (加快培育新经济 of 新经济加快培育) where no word makes the order the meaning. Longest
    pieces first, the fewest of them; a piece of the evidence is at least two characters long, and names are not cut: one that
    holds the head of a name begins where a word does, and none ends inside of one. A number or a word in Latin letters is taken
    whole, a number with the character behind it. With ``subject`` the first of ``told`` gives no more than what it begins with.
    """
    evidence = _Evidence.of(told, subject)
    best: list[_Way | None] = [_Way(), *([None] * len(clause))]
    longest = max(map(len, (*free, *alike())))
    for at in range(len(clause)):
        here = best[at]
        if here is None:
            continue
        for end, places, taken in _steps(clause, at, told, setting, free, longest):
            way = _onward(here, clause[at:end], places, taken, evidence)
            known = best[end]
            if known is None or way < known:
                best[end] = way
    reached = best[-1]
    if reached is None or reached.wrong + CUT * evidence.cuts_at(reached.last) > 1:
        return False
    return reached.wrong == 0 or not any(says_any(text, "ordering") for text in (clause, *(t.text for t in told)))


CUT = 2
"""What a cut name weighs against one piece that is out of order, which may stand."""


@dataclass(frozen=True, slots=True)
class _Evidence:
    """The told clauses as one text, with a gap behind each; from ``later`` on pieces may begin anywhere."""

    text: str
    starts: frozenset[int]
    later: int

    @classmethod
    def of(cls, told: Sequence[Words], subject: bool) -> _Evidence:
        text, starts = "", set[int]()
        for words in told:
            starts |= {len(text) + at for at in words.starts} | {len(text) + len(words.text)}
            text += words.text + COVERED
        return cls(text, frozenset(starts), len(told[0].text) if subject and told else 0)

    def begins_at(self, place: int) -> bool:
        return place in self.starts

    def is_far_in(self, place: int) -> bool:
        """Whether a place is in the clause that gives only its subject, and not where that stands."""
        return 1 < place < self.later

    def cuts_at(self, place: int) -> bool:
        """Whether a piece that ends here leaves the head of its name behind: 轨道交通 of 轨道交通二号线."""
        if place == 0 or place in self.starts:
            return False
        end = min((s for s in self.starts if s > place), default=len(self.text))
        return any(True for _ in found(self.text[place:end], words_of("heads")))


def _onward(here: _Way, piece: str, places: tuple[int, ...], taken: int, evidence: _Evidence) -> _Way:
    """The way a step on, which took so many characters of the evidence."""
    if not places:
        return _Way(here.wrong, here.pieces + 1, here.last, here.cut)
    place = min((p for p in places if p >= here.last), default=-1)
    disorder = place < 0
    place = min(places) if disorder else place
    if place == here.last and here.last and not disorder:
        cut, wrong = here.cut, 0
    else:
        cut = not evidence.begins_at(place)
        wrong = CUT * (evidence.cuts_at(here.last) + evidence.is_far_in(place))
    broken = cut and any(True for _ in found(piece, words_of("heads")))
    return _Way(here.wrong + disorder + wrong + CUT * broken, here.pieces + 1, place + taken, cut)


def _steps(
    clause: str, at: int, told: Sequence[Words], setting: Sequence[str], free: Collection[str], longest: int
) -> Iterator[tuple[int, tuple[int, ...], int]]:
    """What may be taken next: where it ends, where in the evidence it stands, if that matters, and its length there."""
    if clause[at] == COVERED:
        yield at + 1, (), 0
        return
    least = LEAST
    if not is_han(clause[at]):
        end = _whole(clause, at)
        if clause[at:end] in free:
            yield end, (), 0
        least = end - at
    else:
        for n in range(1, min(longest, len(clause) - at) + 1):
            word = clause[at : at + n]
            if word in free:
                yield at + n, (), 0
            for other in alike().get(word, ()):
                if places := _places(other, told):
                    yield at + n, places, len(other)
    for n in range(least, len(clause) - at + 1):
        word = clause[at : at + n]
        if COVERED in word:
            return
        if any(_holds(text, word) for text in setting):
            yield at + n, (), 0
        elif places := _places(word, told):
            yield at + n, places, n
        else:
            return


def _whole(clause: str, at: int) -> int:
    """The end of a number or word in Latin letters; of a number with what it counts."""
    end = at
    while end < len(clause) and not is_han(clause[end]) and clause[end] != COVERED:
        end += 1
    number = clause[end - 1].isdigit()
    return end + 1 if number and end < len(clause) and clause[end] != COVERED else end


def _holds(text: str, word: str) -> bool:
    at = text.find(word)
    while at >= 0:
        before, behind = text[at - 1 : at], text[at + len(word) : at + len(word) + 1]
        if not (_joined(before, word[:1]) or _joined(word[-1:], behind)):
            return True
        at = text.find(word, at + 1)
    return False


def _joined(one: str, other: str) -> bool:
    """Whether two characters are parts of one number or one word in Latin letters."""
    return bool(one and other) and not is_han(one) and not is_han(other)


def _places(word: str, told: Sequence[Words]) -> tuple[int, ...]:
    """Where a word stands in the told clauses, counted through them."""
    places: list[int] = []
    offset = 0
    for text in (words.text for words in told):
        if _holds(text, word):
            at = text.find(word)
            while at >= 0:
                places.append(offset + at)
                at = text.find(word, at + 1)
        offset += len(text) + 1
    return tuple(places)
