"""What is asked in other words than reports use: everyday Chinese and English, with the words that reports may say for it.

The words are data (``rag/understand/data/synonyms.toml``, ``rag/understand/data/glossary.toml``). A question is cut into parts, each with
its readings; a text says a part if it says any of them.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from index.errors import VocabularyError
from index.rules import Rule
from index.text.folding import fold
from index.text.tokens import query_tokens
from index.words.fragments import HAN
from index.words.lexicon import load_indicators
from rag.understand.words import DATA, either

_HAN = Rule(
    "find.synonyms.han",
    r"[\u3400-\u9fff]",
    takes=("⟦首⟧次 gdp",),
    leaves=("gdp",),
)
_ENGLISH = Rule(
    "find.synonyms.english",
    r"[a-z0-9][a-z0-9.'&-]*",
    takes=("⟦import⟧ 30亿",),
    leaves=("进口额",),
)
_SMALL = Rule(
    "find.synonyms.small",
    rf"\b(?:{either('small_english')}) ",
    takes=("number ⟦of ⟧students",),
    leaves=("number offered",),
)
_PARTED = Rule(
    "find.synonyms.parted",
    rf"(?<={either('handles')}) (?={HAN}{{2}})",
    takes=("更新改造⟦ ⟧燃气管网",),
    leaves=("老旧小区 燃气管网",),
    why="The question lost 了 behind the verb; verb and object are one thing.",
)
_LONGEST = 6
"""Words of the longest English term."""


@dataclass(frozen=True, slots=True)
class Part:
    """Some of the asked words, as bigrams, with other readings of them; ``words`` are as asked, ``formal`` as reports say."""

    words: str
    readings: tuple[tuple[str, ...], ...]
    formal: str


@dataclass(frozen=True, slots=True)
class Synonyms:
    """What may be said for what is asked, both folded."""

    told: dict[str, tuple[str, ...]]
    pattern: Rule
    english: dict[str, tuple[str, ...]]

    def parts(self, words: str) -> tuple[Part, ...]:
        """The asked words in order; those that the vocabulary does not know have themselves as the only reading."""
        if _HAN.search(words):
            return self._chinese(words)
        return self._from_english(words)

    def formally(self, words: str) -> str:
        """The words as reports would say them; "" for English words of which no Chinese is known."""
        parts = self.parts(words)
        if not _HAN.search(words):
            return " ".join(part.formal for part in parts if part.formal)
        for part in sorted(parts, key=lambda part: -len(part.words)):
            if len(part.readings) > 1:
                words = words.replace(part.words, part.formal)
        return words

    def _chinese(self, words: str) -> tuple[Part, ...]:
        # 装了多少部电梯: the verb and what it did stand apart where the amount was.
        words = _PARTED.sub("", words)
        parts: list[Part] = []
        at = 0
        for match in self.pattern.finditer(words):
            parts.extend(plain_parts(words[at : match.start()]))
            told = self.told[match[0]]
            readings = (_tokens(match[0]), *(_tokens(word) for word in told))
            parts.append(Part(match[0], tuple(r for r in readings if r), told[0]))
            at = match.end()
        parts.extend(plain_parts(words[at:]))
        return tuple(parts)

    def _from_english(self, words: str) -> tuple[Part, ...]:
        found = _ENGLISH.findall(words.lower())
        parts: list[Part] = []
        at = 0
        while at < len(found):
            for length in range(min(_LONGEST, len(found) - at), 0, -1):
                told = self._term(found[at : at + length])
                if told:
                    readings = tuple(_tokens(word) for word in told)
                    parts.append(Part(" ".join(found[at : at + length]), tuple(r for r in readings if r), told[0]))
                    at += length
                    break
            else:
                parts.append(Part(found[at], ((found[at],),), ""))
                at += 1
        return tuple(parts)

    def _term(self, words: Sequence[str]) -> tuple[str, ...]:
        """What an English term may be called in Chinese, whatever its ending; () where nobody says."""
        for last in _stems(words[-1]):
            for first in _stems(words[0]) if len(words) > 1 else ("",):
                term = " ".join([first, *words[1:-1], last]) if len(words) > 1 else last
                if term in self.english:
                    return self.english[term]
        return ()


def plain_parts(words: str) -> tuple[Part, ...]:
    """Words that nothing else is said for: each of their bigrams stands for itself."""
    return tuple(Part(token, ((token,),), token) for token in _tokens(words))


def _tokens(words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(query_tokens(words)))


def _stems(word: str) -> tuple[str, ...]:
    """The word and what it may be without its ending, likeliest first: renovated → renovate, cities → city."""
    forms = [word]
    if word.endswith("ies") and len(word) > 4:
        forms.append(word[:-3] + "y")
    if word.endswith("es") and len(word) > 4:
        forms.append(word[:-2])
    if word.endswith("s") and not word.endswith("ss"):
        forms.append(word[:-1])
    if word.endswith("ied"):
        forms.append(word[:-3] + "y")
    for ending in ("ed", "ing"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            forms += [stem, stem + "e", stem[:-1] if stem[-1] == stem[-2] else stem]
    return tuple(dict.fromkeys(forms))


@cache
def load_synonyms() -> Synonyms:
    """Read both files. Raises VocabularyError, naming the file and what is wrong with it."""
    told: dict[str, list[str]] = {}
    for group in _read("synonyms.toml").get("group", []):
        if not group.get("asked") or not group.get("told"):
            raise VocabularyError(f"synonyms.toml: a group lacks asked or told: {group}")
        for asked in map(fold, group["asked"]):
            held = told.setdefault(asked, [])
            held += [word for word in map(fold, group["told"]) if word not in held and word != asked]
    terms = {
        str(term).lower(): tuple(word for word in map(fold, words) if len(word) > 1)
        for term, words in _read("glossary.toml")["terms"].items()
    }
    for indicator in load_indicators().all:
        for name in indicator.english:
            terms.setdefault(name.lower(), tuple(map(fold, (indicator.name, *indicator.aliases))))
    # Questions come without their small words: lifted out poverty.
    terms |= {plain: words for term, words in terms.items() if (plain := _SMALL.sub("", term)) not in terms}
    longest = sorted((w for w in told if told[w]), key=lambda w: (-len(w), w))
    pattern = Rule("synonyms.told", "|".join(map(re.escape, longest)) or r"(?!)")
    return Synonyms({w: tuple(words) for w, words in told.items()}, pattern, terms)


def _read(name: str) -> dict[str, Any]:
    try:
        return tomllib.loads((DATA / name).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"{name}: {error}") from error
