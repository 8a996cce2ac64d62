"""The words of ``rag/generators/data/checking.toml`` as parts of patterns."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

from index.errors import VocabularyError

_FILE = Path(__file__).parent / "data" / "checking.toml"


def any_word(*lists: str) -> str:
    """A group that matches any word of the named lists, the longest first. Raises VocabularyError where the file is unfit."""
    words = {word for name in lists for word in _lists()[name]}
    return f"(?:{'|'.join(re.escape(w) for w in sorted(words, key=lambda w: (-len(w), w)))})"


@cache
def _lists() -> dict[str, list[str]]:
    try:
        return tomllib.loads(_FILE.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise VocabularyError(f"{_FILE.name}: {error}") from error
