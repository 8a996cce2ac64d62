from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.tokens import index_tokens, query_tokens


@pytest.mark.parametrize(
    ("text", "indexed", "asked"),
    [
        ("投资额", ["投", "资", "额", "投资", "资额"], ["投资", "资额"]),
        ("區", ["区"], ["区"]),
        ("PPR-9087", ["ppr-9087", "ppr", "9087"], ["ppr-9087"]),
        ("5G用户", ["5g", "用", "户", "用户"], ["5g", "用户"]),
        ("18.3%", ["18.3", "18", "3"], ["18.3"]),
        ("ＧＤＰ增", ["gdp", "增"], ["gdp", "增"]),
        ("1,234,567.8元", ["1234567.8", "1", "234", "567", "8", "元"], ["1234567.8", "元"]),
        ("2019,2020", ["2019", "2020"], ["2019", "2020"]),
        ("R&D/GDP", ["r", "d/gdp", "d", "gdp"], ["r", "d/gdp"]),
        ("，。！ _", [], []),
        ("", [], []),
    ],
)
def test_a_text_is_cut_into_tokens(text: str, indexed: list[str], asked: list[str]) -> None:
    """Chinese by characters and bigrams, everything else whole; a question asks for the longest pieces only."""
    assert index_tokens(text) == indexed
    assert query_tokens(text) == asked


@given(st.text(alphabet=st.characters() | st.sampled_from("固定资产投资增长18.3%，2020年ABC-/,. ")))
def test_a_text_is_found_by_its_own_words(text: str) -> None:
    """Whatever a question consists of, a document of the same text holds all of it."""
    asked = query_tokens(text)
    assert set(asked) <= set(index_tokens(text))
    assert bool(asked) == bool(index_tokens(text))
    assert all(token for token in index_tokens(text))
