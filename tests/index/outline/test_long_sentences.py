"""Text that lacks its marks is cut into pieces that can be read, and where it cannot be cut no figure is read of it."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.outline.sections import LONGEST, sentence_spans, whole
from index.types import Span


def pieces(text: str) -> list[str]:
    return [span.of(text) for span in sentence_spans(text, Span(0, len(text)))]


@given(st.text(alphabet="1产,、 。\n", max_size=40), st.integers(1, 200))
def test_nothing_is_lost_or_told_twice(text: str, times: int) -> None:
    """The pieces hold every character but white space, once and in order."""
    long = text * times
    assert "".join("".join(pieces(long)).split()) == "".join(long.split())
    assert all(len(piece) <= 2 * LONGEST for piece in pieces(long))


def test_a_text_without_full_stops_is_cut_behind_its_marks() -> None:
    """A list of thousands of clauses is read clause by clause: no number is cut."""
    found = pieces("粮食产量1,286吨," * 1000)
    assert len(found) > 1
    assert all(whole(piece) and piece.endswith("吨,") and piece.startswith("粮食") for piece in found)


def test_what_has_no_marks_is_not_read() -> None:
    """Each piece of a stretch without marks is longer than what is read, the last one too."""
    found = pieces("产" * (LONGEST * 3 + 7) + "1234亿元")
    assert len(found) == 3
    assert not any(map(whole, found))
    assert not whole("产" * 300 + "5亿元,")
    assert whole("全县粮食产量达到5万吨," * 60)
