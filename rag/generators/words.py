"""The words of ``rag/generators/data``: those of ``checking.toml`` as parts of patterns, those of ``claims.toml`` as they are."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from index.errors import VocabularyError

_FOLDER = Path(__file__).parent / "data"


def any_word(*lists: str) -> str:
    """A group that matches any word of the named lists, the longest first. Raises VocabularyError where the file is unfit."""
    words = {word for name in lists for word in _lists("checking.toml")[name]}
    return f"(?:{'|'.join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))})"


def words_of(*lists: str) -> frozenset[str]:
    """The words of the named lists of ``claims.toml`` and ``checking.toml``. Raises VocabularyError where a file is unfit."""
    claims, checking = _lists("claims.toml"), _lists("checking.toml")
    return frozenset(word for name in lists for word in (claims[name] if name in claims else checking[name]))


@cache
def alike() -> dict[str, frozenset[str]]:
    """For a word the others that may stand for it."""
    groups: list[list[str]] = tomllib.loads((_FOLDER / "claims.toml").read_text(encoding="utf-8"))["alike"]
    return {word: frozenset(group) - {word} for group in groups for word in group}


@cache
def _lists(file: str) -> dict[str, list[str]]:
    try:
        return tomllib.loads((_FOLDER / file).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"{file}: {error}") from error
