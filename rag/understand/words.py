"""The words of questions from ``rag/understand/data/asking.toml``, ready to be looked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from index.errors import VocabularyError
from index.rules import NOTHING, Rule
from index.text.folding import fold
from index.words.fragments import HAN

DATA = Path(__file__).parent / "data"
"""The words of questions: no index depends on them, so that a new one refuses no index."""


YEAR = r"(?:19|20)\d{2}"
NUMBER = r"\d+(?:\.\d+)?"
CONTENT = Rule(
    "understand.words.content",
    rf"{HAN}{{2,}}|[a-z]{{3,}}",
    takes=("⟦粮食产量⟧ 2023",),
    leaves=("是 2023",),
)
"""Words that may name a thing."""


@dataclass(frozen=True, slots=True)
class Asking:
    """Patterns by the name of their list, Chinese and English joined. Texts to be searched are folded."""

    patterns: dict[str, Rule]
    filler: Rule
    filler_english: Rule
    contrasts: tuple[tuple[str, ...], ...] = ()
    """Words of which one may stand for the other in a follow-up (城市, 农村)."""
    narrowing: tuple[tuple[str, ...], ...] = ()
    """Words that narrow whatever they stand with, each with its other forms (农村, 乡村)."""
    measures: tuple[tuple[str, ...], ...] = ()
    """Last words that say what is asked of a thing, each with its other forms (产量, 总产)."""
    per_unit: tuple[str, ...] = ()
    differences: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Indicators that are by their meaning the difference of two others, by their canonical names: 贸易顺差 of exports and imports."""
    words: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    """Lists whose words stand in patterns."""

    def says(self, name: str, question: str) -> re.Match[str] | None:
        return self.patterns[name].search(question)


def _pattern(name: str, chinese: Iterable[str], english: Iterable[str]) -> Rule:
    zh = sorted({fold(w) for w in chinese}, key=lambda w: (-len(w), w))
    en = sorted({w.lower() for w in english}, key=lambda w: (-len(w), w))
    parts = [re.escape(w) for w in zh] + [rf"(?<![a-z]){re.escape(w)}(?![a-z])" for w in en]
    return Rule(f"asking.{name}", "|".join(parts) or NOTHING)


@cache
def load_asking() -> Asking:
    """Read the file. Raises VocabularyError if it cannot be used."""
    try:
        data = tomllib.loads((DATA / "asking.toml").read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"asking.toml: {error}") from error
    patterns = {name: _pattern(name, said.get("zh", ()), said.get("en", ())) for name, said in data["says"].items()}
    patterns["not_unit"] = Rule("asking.not_unit", "^(?:" + "|".join(map(re.escape, data["not_unit"]["zh"])) + ")")
    contrasts, narrowing, measures = (
        tuple(tuple(fold(w) for w in group) for group in data[table].values())
        for table in ("contrasts", "narrowing", "measures")
    )
    differences = {name: tuple(terms) for name, terms in data["differences"].items()}
    filler, english = _pattern("filler", data["filler"]["zh"], ()), _pattern("filler_english", (), data["filler"]["en"])
    return Asking(
        patterns,
        filler,
        english,
        contrasts,
        narrowing,
        measures,
        tuple(data["per_unit"]["zh"]),
        differences,
        data["words"],
    )


def either(*names: str) -> str:
    """Any word of these lists, the longest first, as a part of a pattern."""
    lists = [load_asking().words[name] for name in names]
    return _any_of(w for each in lists for w in (*each.get("zh", ()), *each.get("en", ())))


def but(name: str) -> str:
    """Any word that only begins or ends like one of this list, as a part of a pattern."""
    return _any_of(load_asking().words[name]["but"])


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))
