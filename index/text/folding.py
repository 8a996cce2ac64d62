"""Evens out how the same text can be typed: width, case, script, dashes and quotation marks, one character for one.

A folded text has exactly the length of the original, so a span found in one is the same span in the other. That is
why characters whose folding would be longer (``㎡``, ``…``) are left alone. So are digits in circles, raised or lowered
ones (``①``, ``¹``): beside a figure they mark a note, and as plain digits they would be part of it.
"""

from __future__ import annotations

import unicodedata
from functools import cache
from pathlib import Path

_TABLE_FILE = Path(__file__).parents[1] / "data" / "trad_simp.tsv"

_SAME = (
    ("-", "‐‑‒–—―−─━﹘⸺"),
    ('"', "“”„‟«»「」『』〝〞″"),
    ("'", "‘’‚‛′"),
    ("·", "•・‧∙⋅●"),
)
"""Signs used for one another, behind the one they become. ``ー`` is a letter: not here."""


class _FoldTable(dict[int, str]):
    """A translation table that works out each character the first time it is met and remembers it."""

    def __init__(self, simplified: dict[str, str]) -> None:
        super().__init__()
        self._simplified = simplified
        self._same = {variant: sign for sign, variants in _SAME for variant in variants}

    def __missing__(self, code: int) -> str:
        character = chr(code)
        seen = {character}
        while True:
            character = self._step(character)
            if character in seen:
                break
            seen.add(character)
        self[code] = character
        return character

    def _step(self, character: str) -> str:
        if unicodedata.category(character) == "No":
            return character
        for candidate in (unicodedata.normalize("NFKC", character), character.lower()):
            if len(candidate) == 1 and candidate != character:
                return candidate
        return self._same.get(character) or self._simplified.get(character, character)


def fold(text: str) -> str:
    """Return `text` in half width, lower case and simplified characters, with one form of dash and quotation mark.

    ``len(fold(text)) == len(text)`` always, position by position, and folding twice changes nothing more.
    """
    return text.translate(_table())


@cache
def _table() -> _FoldTable:
    lines = _TABLE_FILE.read_text(encoding="utf-8").splitlines()
    return _FoldTable(dict(line.split("\t") for line in lines if line and not line.startswith("#")))
