"""The words of the check of sentences that somebody else wrote."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import VocabularyError
from rag.generators import words
from rag.generators.words import any_word


@pytest.fixture
def unread() -> Iterator[None]:
    """The file is read anew inside of a test, and again behind it."""
    words._lists.cache_clear()
    yield
    words._lists.cache_clear()


def test_lists_are_joined_the_longest_word_first() -> None:
    match = re.match(any_word("estimates", "per_cent"), "percentage points")
    assert match is not None
    assert match[0] == "percentage points"


def test_every_list_holds_words_each_once() -> None:
    lists = tomllib.loads((words._FOLDER / "checking.toml").read_text(encoding="utf-8"))
    assert lists
    for name, held in lists.items():
        assert held, name
        assert len(held) == len(set(held)), name


def test_an_unreadable_file_is_named(unread: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(words, "_FOLDER", tmp_path)
    with pytest.raises(VocabularyError, match=r"checking\.toml"):
        any_word("plans")
