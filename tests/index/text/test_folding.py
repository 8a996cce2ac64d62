from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.text.folding import fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("２０２０年", "2020年"),
        ("ＧＤＰ", "gdp"),
        ("嘉定區", "嘉定区"),
        ("一般公共預算收入", "一般公共预算收入"),
        ("内蒙古　“十四五”", '内蒙古 "十四五"'),
        ("2019—2020", "2019-2020"),
        ("ＰＰＲ－９０８７", "ppr-9087"),
        ("⼀、", "一、"),  # a Kangxi radical, as PDF extractors give it
        ("１８．３％", "18.3%"),
        ("㎡…", "㎡…"),
        ("①⑨¹²₂㊀", "①⑨¹²₂㊀"),  # marks of notes are no digits of the figure beside them
        ("", ""),
    ],
)
def test_the_ways_to_type_one_thing_become_one(typed: str, folded: str) -> None:
    """Width, case, script, dashes and quotation marks are evened out; what would grow is left as it is."""
    assert fold(typed) == folded


@given(st.text())
def test_folding_never_moves_a_character(text: str) -> None:
    """The folded text has the length of the original, and each character depends on itself alone."""
    assert len(fold(text)) == len(text)
    assert fold(text) == "".join(fold(character) for character in text)


def test_folding_twice_changes_nothing_more() -> None:
    """Every character of Unicode is settled after one folding."""
    once = fold("".join(map(chr, range(0x110000))))
    assert len(once) == 0x110000
    assert fold(once) == once
