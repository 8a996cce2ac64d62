"""Token counts: offline vocabulary, exact round trips, clear errors."""

from __future__ import annotations

import pytest
import tiktoken
from hypothesis import given
from hypothesis import strategies as st

from index.errors import VocabularyUnavailableError
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter

SENTENCE = "2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%。"


@pytest.fixture(scope="module")
def counter() -> TokenCounter:
    return TokenCounter()


def test_counts_are_those_of_the_registered_encoding(counter: TokenCounter) -> None:
    """The counter and tiktoken's own plugin registry agree."""
    assert counter.count(SENTENCE) == len(tiktoken.get_encoding(DEFAULT_VOCABULARY).encode(SENTENCE))


def test_government_chinese_takes_fewer_tokens_than_characters(counter: TokenCounter) -> None:
    """The vocabulary was learned on reports: common words are one token."""
    assert counter.count("固定资产投资") == 1
    assert counter.count(SENTENCE) < 0.7 * len(SENTENCE)


def test_empty_text_has_no_tokens(counter: TokenCounter) -> None:
    assert counter.count("") == 0


def test_special_token_spellings_are_plain_text(counter: TokenCounter) -> None:
    """A report may quote anything; nothing in it is a control token."""
    assert counter.count("<|endoftext|>") > 1


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=200))
def test_encoding_gives_every_text_back(text: str) -> None:
    """Any text survives encoding and decoding."""
    encoding = tiktoken.get_encoding(DEFAULT_VOCABULARY)
    assert encoding.decode(encoding.encode_ordinary(text)) == text


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.integers(-1, 40))
def test_truncated_text_is_a_prefix_within_the_limit(text: str, limit: int) -> None:
    """Truncation never invents a character and never cuts one in half."""
    counter = TokenCounter()
    cut = counter.truncate(text, limit)
    assert text.startswith(cut)
    assert len(tiktoken.get_encoding(DEFAULT_VOCABULARY).encode_ordinary(text)) <= limit or len(cut) <= len(text)
    if limit <= 0:
        assert cut == ""


def test_short_text_is_not_truncated(counter: TokenCounter) -> None:
    assert counter.truncate(SENTENCE, 10_000) == SENTENCE


def test_unknown_name_is_one_clear_error() -> None:
    with pytest.raises(VocabularyUnavailableError, match=r"no_such_vocabulary.*known are.*wenju_zh"):
        TokenCounter("no_such_vocabulary")


def test_name_that_needs_the_network_is_one_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    """A public vocabulary that cannot be fetched names itself and the one that needs no network."""

    def refuse(name: str) -> tiktoken.Encoding:
        raise ConnectionError(name)

    monkeypatch.setattr(tiktoken, "get_encoding", refuse)
    with pytest.raises(VocabularyUnavailableError, match=r"o200k_base.*wenju_zh"):
        TokenCounter("o200k_base")
