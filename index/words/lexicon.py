"""The domain vocabulary: which indicator or unit a word names. The words live in ``data/*.toml``, none in code."""

from __future__ import annotations

import hashlib
import json
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path
from typing import Any

from index.errors import VocabularyError
from index.rules import Rule, any_of
from index.text.folding import fold
from index.types import Span

DATA = Path(__file__).parents[1] / "data"
FILES = ("indicators.toml", "reading.toml", "regions.toml", "units.toml")

_OF_QUESTIONS = ("ask",)
"""Keys of entries that only questions are read by."""


@dataclass(frozen=True, slots=True)
class Indicator:
    """Something that reports measure. ``aliases`` are other written forms of the same scope, ``ask`` how people ask."""

    name: str
    aliases: tuple[str, ...]
    ask: tuple[str, ...]
    english: tuple[str, ...]
    units: tuple[str, ...]
    family: str
    narrower: tuple[str, ...]
    exact: tuple[str, ...] = ()
    """Names that mean it where they are all that is said of a figure, and not inside other names (经济增长)."""
    national: str = ""
    """What the same measure of the whole country is called, where that has a name of its own."""


@dataclass(frozen=True, slots=True)
class IndicatorMention:
    indicator: Indicator
    span: Span
    surface: str


@dataclass(frozen=True, slots=True)
class ScatteredName:
    """An indicator whose English name stands in a question word by word; ``words`` counts those that carry meaning."""

    indicator: Indicator
    words: int


@dataclass(frozen=True, slots=True)
class Unit:
    """``factor`` takes a value to the base unit of its ``dimension``."""

    symbol: str
    dimension: str
    factor: Decimal
    english: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Units:
    symbols: Mapping[str, Unit]
    multipliers: Mapping[str, Decimal]
    prefixed: frozenset[str]
    """Units whose 千 is a prefix of theirs and no thousand: 千瓦, 千米, but not 千元."""
    counters: tuple[frozenset[str], ...]
    """Counters that count the same sort of thing."""
    english: Mapping[str, str]
    """The symbol of a unit by its English names, for units without a multiplier inside."""

    def counted_alike(self, one: str, other: str) -> bool:
        """Whether two counters (万辆, 台) may count the same things; one that is of no group may count any."""
        groups = [
            {n for n, group in enumerate(self.counters) if any(unit in group for unit in self._plain(symbol))}
            for symbol in (one, other)
        ]
        return not all(groups) or bool(groups[0] & groups[1])

    def _plain(self, symbol: str) -> tuple[str, ...]:
        bare = next((symbol.removeprefix(m) for m in self.multipliers if symbol.startswith(m)), symbol)
        return (symbol, bare)


@dataclass(frozen=True, slots=True)
class Wording:
    """Word lists of ``reading.toml`` by name; each is folded, longest word first."""

    lists: Mapping[str, tuple[str, ...]]
    scopes: Mapping[str, str]

    def pattern(self, *names: str) -> Rule:
        """A rule that matches any word of the named lists, longest first; the same for the same names."""
        return _any_of_lists(names)


class Indicators:
    """All indicators, found by any of their names."""

    def __init__(self, indicators: tuple[Indicator, ...]) -> None:
        self.all = indicators
        self._by_name = {i.name: i for i in indicators}
        self._written: dict[str, Indicator] = {}
        self._asked: dict[str, Indicator] = {}
        self._exact = {fold(name): i for i in indicators for name in i.exact}
        self._english: dict[str, Indicator] = {}
        for indicator in indicators:
            for name in (indicator.name, *indicator.aliases):
                self._written.setdefault(fold(name), indicator)
            for name in indicator.ask:
                self._asked.setdefault(fold(name), indicator)
            for name in indicator.english:
                self._english.setdefault(name.lower(), indicator)
        asked = sorted({**self._asked, **self._written}, key=len, reverse=True)
        self._asked_pattern = Rule("lexicon.asked", "|".join(map(re.escape, asked)))
        english = sorted(self._english, key=len, reverse=True)
        self._english_pattern = Rule(
            "lexicon.english",
            rf"(?<![a-z])(?:{'|'.join(re.escape(e) for e in english)})(?![a-z])",
            flags=re.IGNORECASE,
        )
        written = sorted(self._written, key=len, reverse=True)
        self._english_words = [
            (words, self._english[name]) for name in english if len(words := content_words_of(name)) > 1
        ]
        self._written_pattern = Rule("lexicon.written", "|".join(map(re.escape, written)))

    def get(self, name: str) -> Indicator | None:
        """The indicator of a canonical name."""
        return self._by_name.get(name)

    def written_as(self, words: str) -> Indicator | None:
        """The indicator whose name or alias the folded words are, exactly."""
        return self._written.get(words)

    def exactly(self, words: str) -> Indicator | None:
        """The indicator that the folded words mean where nothing else is said."""
        return self._exact.get(words)

    def written_in(self, words: str) -> list[IndicatorMention]:
        """Names and aliases inside folded report text, longest first from left to right."""
        return [
            IndicatorMention(self._written[m[0]], Span(*m.span()), m[0]) for m in self._written_pattern.finditer(words)
        ]

    def asked_in(self, question: str) -> list[IndicatorMention]:
        """Indicators that a folded question names, in Chinese or English, left to right."""
        found = [
            IndicatorMention(self._written.get(m[0]) or self._asked[m[0]], Span(*m.span()), m[0])
            for m in self._asked_pattern.finditer(question)
        ]
        if any(c.isascii() and c.isalpha() for c in question):
            found += [
                IndicatorMention(self._english[m[0].lower()], Span(*m.span()), m[0])
                for m in self._english_pattern.finditer(question)
            ]
        return sorted(found, key=lambda m: m.span)

    def named_in_english(self, words: str) -> Indicator | None:
        """The indicator of which some English words are a name, whatever their order, plural and small words."""
        exact = self._english.get(words.lower())
        if exact is not None:
            return exact
        held = content_words_of(words)
        return next((indicator for name, indicator in self._english_words if name == held), None)

    def asked_by_words(self, question: str) -> ScatteredName | None:
        """The indicator whose English name has the most words that all stand in the question, in any order.

        Catches "gross output of Jiading's industrial enterprises above designated size", where a place parts a name.
        """
        held = content_words_of(question)
        best: ScatteredName | None = None
        for words, indicator in self._english_words:
            if words <= held and (best is None or len(words) > best.words):
                best = ScatteredName(indicator, len(words))
        return best


_ENGLISH_SMALL = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "in",
        "for",
        "at",
        "on",
        "by",
        "to",
        "from",
        "and",
        "or",
        "its",
        "s",
        "is",
        "was",
        "were",
        "are",
        "per",
        "with",
    ]
)


def content_words(text: str) -> int:
    """How many English words of a text carry meaning."""
    return len(content_words_of(text))


_LATIN_WORDS = Rule(
    "words.lexicon.latin_words",
    r"[a-z0-9.]+",
    takes=("⟦pm2.5⟧ concentration",),
    leaves=("财政收入",),
)


def content_words_of(text: str) -> frozenset[str]:
    """English words of a text without the small ones, plurals evened out."""
    words = _LATIN_WORDS.findall(text.lower())
    return frozenset(
        w[:-1] if len(w) > 3 and w.endswith("s") and not w.endswith("ss") else w
        for w in words
        if w not in _ENGLISH_SMALL
    )


def _read(name: str) -> dict[str, Any]:
    path = DATA / name
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"{name}: {error}") from error


@cache
def load_indicators() -> Indicators:
    """Read ``indicators.toml``. Raises VocabularyError, naming the entry that is wrong."""
    rows = _read("indicators.toml").get("indicator", [])
    if not rows:
        raise VocabularyError("indicators.toml: no [[indicator]] in it")
    result = []
    for row in rows:
        if not isinstance(row.get("name"), str):
            raise VocabularyError(f"indicators.toml: an entry has no name: {row}")
        result.append(
            Indicator(
                row["name"],
                tuple(row.get("aliases", ())),
                tuple(row.get("ask", ())),
                tuple(row.get("english", ())),
                tuple(row.get("units", ())),
                row.get("family", ""),
                tuple(row.get("narrower", ())),
                tuple(row.get("exact", ())),
                row.get("national", ""),
            )
        )
    return Indicators(tuple(result))


@cache
def load_units() -> Units:
    """Read ``units.toml``. Raises VocabularyError, naming the entry that is wrong."""
    data = _read("units.toml")
    symbols: dict[str, Unit] = {}
    for row in data.get("unit", []):
        try:
            symbols[fold(row["symbol"])] = Unit(
                fold(row["symbol"]), row["dimension"], Decimal(str(row["factor"])), tuple(row.get("english", ()))
            )
        except (KeyError, InvalidOperation) as error:
            raise VocabularyError(f"units.toml: {row}: {error!r}") from error
    multipliers = {row["symbol"]: Decimal(str(row["factor"])) for row in data.get("multiplier", [])}
    prefixed = frozenset(fold(row["symbol"]) for row in data.get("unit", []) if row.get("prefixed"))
    counters = tuple(frozenset(fold(symbol) for symbol in group) for group in data.get("counters", []))
    english = dict(data.get("english_names", {}))
    for row in data.get("unit", []):
        if "english_factor" not in row and not row["symbol"].isascii():
            for name in row.get("english", ()):
                if len(name) > 1:
                    english.setdefault(name.lower(), fold(row["symbol"]))
    return Units(symbols, multipliers, prefixed, counters, english)


@cache
def load_wording() -> Wording:
    """Read ``reading.toml``, the words by which reports say what a figure means."""
    data = _read("reading.toml")
    lists = {k: _folded(v) for k, v in data.items() if isinstance(v, list)}
    scopes = {fold(word): level for level, words in data["whole_scope"].items() for word in words}
    return Wording(lists, scopes)


@cache
def _any_of_lists(names: tuple[str, ...]) -> Rule:
    lists = load_wording().lists
    return any_of(f"lists.{'+'.join(names)}", (w for name in names for w in lists[name]), flags=re.IGNORECASE)


def _folded(words: list[str]) -> tuple[str, ...]:
    return tuple(sorted({fold(w) for w in words}, key=lambda w: (-len(w), w)))


@cache
def vocabulary_hash() -> str:
    """The hash of the words that reports are read by: an index built with others is refused at open.

    Of the words that this process reads by: it reads the files once. Half of the time of a small ingest went into doing it again.

    Words that only questions use are no part of it, so that a new one refuses no index.
    """
    digest = hashlib.sha256()
    for name in FILES:
        rows = _read(name)
        for table in ("indicator", "unit"):
            for row in rows.get(table, ()):
                for key in _OF_QUESTIONS:
                    row.pop(key, None)
        digest.update(json.dumps([name, rows], ensure_ascii=False, sort_keys=True, default=str).encode())
    return digest.hexdigest()
