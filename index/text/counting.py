"""Token counts through tiktoken, for chunk sizes and prompt budgets; it alone imports tiktoken.

The default vocabulary ``wenju_zh`` ships with this repository (``tiktoken_ext/wenju.py``). tiktoken's public ones
are fetched when first used, so a name is tried only when asked for and a failed fetch is one clear error.
"""

from __future__ import annotations

from collections.abc import Sequence

import tiktoken

from index.errors import VocabularyUnavailableError

DEFAULT_VOCABULARY = "wenju_zh"


class TokenCounter:
    """Counts tokens of one named vocabulary. Text that spells a special token is counted as plain text.

    Raises ``VocabularyUnavailableError`` for a name that tiktoken does not know or cannot fetch.
    """

    __slots__ = ("_encoding", "name")

    def __init__(self, name: str = DEFAULT_VOCABULARY) -> None:
        self.name = name
        self._encoding = _open(name)

    def count(self, text: str) -> int:
        """The number of tokens of ``text``; 0 for empty text."""
        return len(self._encoding.encode_ordinary(text))

    def text_of(self, tokens: Sequence[int]) -> str | None:
        """The text that gives exactly these tokens; None where none does: they are another vocabulary's numbers."""
        ids = list(tokens)
        try:
            text = self._encoding.decode_bytes(ids).decode("utf-8")
        except (KeyError, OverflowError, UnicodeDecodeError):
            return None
        return text if self._encoding.encode_ordinary(text) == ids else None

    def truncate(self, text: str, limit: int) -> str:
        """The longest prefix of ``text`` made of at most ``limit`` leading tokens, never half a character.

        A Han character may be several byte-level tokens; one that is cut through is left out whole.
        """
        if limit <= 0:
            return ""
        ids = self._encoding.encode_ordinary(text)
        if len(ids) <= limit:
            return text
        return self._encoding.decode_bytes(ids[:limit]).decode("utf-8", errors="ignore")


def _open(name: str) -> tiktoken.Encoding:
    if name not in tiktoken.list_encoding_names():
        raise VocabularyUnavailableError(
            name, f"unknown; known are {', '.join(sorted(tiktoken.list_encoding_names()))}"
        )
    try:
        return tiktoken.get_encoding(name)
    # Not one type: requests' network errors, a proxy's HTML that is no vocabulary, a checksum that differs.
    except Exception as error:
        raise VocabularyUnavailableError(
            name, f"cannot be read or fetched ({type(error).__name__}); '{DEFAULT_VOCABULARY}' needs no network"
        ) from error
