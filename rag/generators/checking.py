"""Checks one sentence that somebody else wrote against the exhibits it cites, before anyone sees it.

A sentence stands when it cites exhibits that exist, what it quotes is there, every number is a figure that was read from a
cited exhibit for the named place, time and thing (``binding``), and each of its clauses claims what a cited exhibit says
(``claims``). A sentence of the extractive answer, word for word, stands: it was checked when it was made.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.rules import Rule
from index.text.folding import fold
from index.text.notes import SMALL_MARK
from index.types import Period
from index.words.regions import Gazetteer
from rag.answer.citing import MARK, unlocked_numbers
from rag.generators.binding import FigureCheck
from rag.generators.claims import ClaimCheck
from rag.generators.contract import Evidence, Exhibit
from rag.generators.english import EnglishCheck
from rag.generators.reading import Carried, Cited, bare, figures_of, is_han, places_in, plain, times_in
from rag.types import Derived

LONG_QUOTE = 12
"""Characters from which a quotation brings its own setting; the numbers of a shorter one are checked like the text's."""

LONGEST = 1_500
"""Characters of a sentence from which on it is not read: the work grows faster than its length."""

CHINESE = 4
"""Chinese characters from which on a sentence is compared as a Chinese one; one with fewer is read as English."""

_QUOTED = Rule(
    "generators.checking.quoted",
    r"“([^”]*)”|「([^」]*)」|\"([^\"]*)\"",
    takes=("提出⟦“一核两翼”⟧布局",),
    leaves=("提出一核两翼布局",),
)
_ACTIVE = Rule(
    "generators.checking.active",
    r"https?:|www\.|\]\(|!\[|<[a-zA-Z/!]|```",
    takes=("见⟦https:⟧//example.org",),
    leaves=("见第三章",),
)
"""Links, pictures and markup: evidence holds none worth repeating, and they are how planted text reaches out."""


class SentenceCheck:
    """Checks the sentences of one reply against its evidence, in their order: what names no place is of the last one named."""

    def __init__(self, evidence: Evidence, known_regions: Collection[str]) -> None:
        self._evidence = evidence
        self._known = known_regions
        self._exhibits = {e.n: e for e in evidence.exhibits}
        self._gazetteer = Gazetteer.load()
        self._figures = FigureCheck(evidence, known_regions)
        self._claims = ClaimCheck(evidence, known_regions)
        self._english = EnglishCheck(evidence, known_regions)
        self._carried = Carried()

    def fault(self, sentence: str) -> str | None:
        """What is wrong with a sentence, in words without its text; None where it stands."""
        fault = None if self._is_ours(sentence.strip()) else self.fault_of_foreign(sentence)
        if fault is None:
            text = plain(MARK.sub("", sentence))
            self._carried = self._carried.on(
                times_in(text, self._evidence.asked_on.year),
                places_in(self._gazetteer, text, self._known),
                self._figures.things(text, self._evidence.exhibits),
            )
        return fault

    def fault_of_foreign(self, sentence: str) -> str | None:
        """The same of a sentence that is not known to be the extractive answer's."""
        marked = [int(n) for n in MARK.findall(sentence)]
        if not marked:
            return "cites nothing"
        if len(sentence) > LONGEST:
            return "is too long to be checked"
        exhibits = [self._exhibits[n] for n in dict.fromkeys(marked) if n in self._exhibits]
        # A note's mark inside of a quotation cites nothing here.
        notes = {int(n) for e in exhibits for n in MARK.findall(fold(f"{e.citation.quote}\n{e.citation.title}"))}
        if not exhibits or not notes.issuperset(n for n in marked if n not in self._exhibits):
            return "cites what does not exist"
        if _ACTIVE.search(sentence):
            return "holds a link or markup"
        words, cited = self._apart(sentence)
        return self._quoted_badly(words, exhibits) or self._told_badly(words, cited)

    def _is_ours(self, sentence: str) -> bool:
        """Whether a sentence stands in the extractive answer, whole and word for word."""
        told = self._evidence.extractive
        at = told.find(sentence)
        if at < 0 or not sentence:
            return False
        before, behind = told[:at].rstrip(" "), told[at + len(sentence) :].lstrip(" ")
        # What ends a sentence may stand before its marks.
        whole = not before or MARK.sub("", before[-12:])[-1:] in ("", *"。！？!?.\n")
        return whole and (not behind or behind[0] == "\n" or MARK.sub("", sentence)[-1:] in (*"。！？!?.",))

    def _apart(self, sentence: str) -> tuple[str, Cited]:
        """The words of a sentence without its marks, and what each of them is said to be from."""
        words, start = "", 0
        groups: list[tuple[int, tuple[Exhibit, ...]]] = []
        for mark in MARK.finditer(sentence):
            if int(mark[1]) not in self._exhibits:
                continue
            between = SMALL_MARK.sub("", sentence[start : mark.start()])
            exhibit = self._exhibits[int(mark[1])]
            if groups and not any(c.isalnum() for c in between):
                groups[-1] = (groups[-1][0], (*groups[-1][1], exhibit))
            else:
                groups.append((len(words) + len(between), (exhibit,)))
            words += between
            start = mark.end()
        return words + SMALL_MARK.sub("", sentence[start:]), Cited(tuple(groups))

    def _quoted_badly(self, words: str, exhibits: Sequence[Exhibit]) -> str | None:
        """Whether a quotation is none, or there is neither one nor a figure where a figure is asked for."""
        quotes = [next(filter(None, m.groups()), "") for m in _QUOTED.finditer(words)]
        held = [bare(f"{e.citation.quote}\n{e.citation.title}") for e in exhibits]
        if any(not any(bare(q) in text for text in held) for q in quotes):
            return "quotes what the cited text does not say"
        quoted = any(len(q) >= LONG_QUOTE for q in quotes)
        has_figure = next(figures_of(plain(words)), None) is not None
        if self._evidence.values and not quoted and not has_figure:
            return "gives no figure where one is asked for"
        if not (has_figure or quoted) and sum(map(is_han, words)) <= CHINESE:
            # Words in another script than the evidence cannot be compared with it; a checked figure or quotation can.
            return "says what the cited text cannot be compared with"
        return None

    def _told_badly(self, words: str, cited: Cited) -> str | None:
        """Whether a number, place, time or claim of a sentence is not what its exhibits say."""
        blanked = _QUOTED.sub(lambda m: "\x00" * len(m[0]) if len(m[0]) >= LONG_QUOTE else m[0], words)
        text = plain(blanked)
        calculations = [
            d for d in self._evidence.calculations if any(o.citation == e.n for o in d.operands for e in cited.exhibits)
        ]
        if self._unlocked(blanked, cited, calculations):
            return "states a number that the cited text does not hold"
        if fault := self._strange_place(text, cited.exhibits) or self._strange_time(text, cited.exhibits):
            return fault
        bounds = self._figures.bind(text, cited, calculations, self._carried)
        if bounds is None:
            return "gives a figure to another place, time or thing than the cited text does"
        things = self._figures.things(text, cited.exhibits)
        check = self._english if _reads_english(text) else self._claims
        return check.fault(text, cited, bounds, things, self._carried)

    def _unlocked(self, blanked: str, cited: Cited, calculations: Sequence[Derived]) -> bool:
        for part, exhibits in cited.parts(blanked):
            periods = {str(f.period) for e in exhibits for f in e.facts} | {str(e.citation.period) for e in exhibits}
            if unlocked_numbers(
                part.replace("\x00", " "), [e.citation for e in exhibits], calculations, sorted(periods)
            ):
                return True
        return False

    def _strange_place(self, text: str, exhibits: Sequence[Exhibit]) -> str | None:
        allowed = {e.citation.region for e in exhibits} | {f.region for e in exhibits for f in e.facts}
        told = "\n".join(f"{e.citation.quote}\n{e.citation.title}" for e in exhibits)
        for mention in places_in(self._gazetteer, told, self._known):
            assert isinstance(mention.value, frozenset)
            allowed |= mention.value
        for mention in places_in(self._gazetteer, text, self._known):
            assert isinstance(mention.value, frozenset)
            if not mention.value & allowed and not any(
                self._gazetteer.is_within(own, name) for own in allowed if own for name in mention.value
            ):
                return "names a place that the cited text does not speak of"
        return None

    def _strange_time(self, text: str, exhibits: Sequence[Exhibit]) -> str | None:
        year = self._evidence.asked_on.year
        told = {m.value for e in exhibits for m in times_in(fold(f"{e.citation.quote}\n{e.citation.title}"), year)}
        told |= {f.period for e in exhibits for f in e.facts if f.period is not None}
        told |= {Period.parse(e.citation.period) for e in exhibits if e.citation.period}
        years = {y for p in told if isinstance(p, Period) for y in range(p.first_year, p.last_year + 1)}
        for mention in times_in(text, year):
            assert isinstance(mention.value, Period)
            if not {mention.value.first_year, mention.value.last_year} <= years:
                return "names a time that the cited text does not speak of"
        return None


def _reads_english(text: str) -> bool:
    """Whether most of a sentence's letters are Latin ones: names in Chinese may stand in it."""
    return sum(c.isascii() and c.isalpha() for c in text) > 2 * sum(map(is_han, text))
