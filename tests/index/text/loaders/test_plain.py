"""Encodings: read as what they are, repaired where little is damaged, refused where they are no text."""

from __future__ import annotations

import random

import pytest

from index.errors import SourceError
from index.text.sources import decode_source
from tests.index.text.loaders.files import REPORT

TRADITIONAL = (
    "雲澄市2024年政府工作報告\n一、2024年工作回顧\n2024年，全市實現地區生產總值1286.4億元，增長5.6%。"
    "一般公共預算收入98.7億元，增長3.2%。\n"
)


@pytest.mark.parametrize(
    ("text", "encoding", "note"),
    [
        (REPORT, "utf-16", "read as UTF-16"),
        (REPORT, "utf-16-le", "read as UTF-16"),
        (REPORT, "utf-16-be", "read as UTF-16"),
        (REPORT, "utf-32", "read as UTF-32"),
        (TRADITIONAL, "big5", "read as Big5"),
        (TRADITIONAL, "big5hkscs", "read as Big5"),
    ],
)
def test_another_encoding_is_read_and_said(text: str, encoding: str, note: str) -> None:
    source = decode_source("a.txt", text.encode(encoding))
    assert (source.text, source.encoding, source.notes) == (text, "", (note,))


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_a_traditional_text_in_a_mainland_encoding_is_not_taken_for_big5(encoding: str) -> None:
    source = decode_source("a.txt", TRADITIONAL.encode(encoding))
    assert source.text == TRADITIONAL
    assert source.notes == ()


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("bad", [b"\x00", b"\xff", b"\x01"])
def test_one_bad_byte_costs_one_character(encoding: str, bad: bytes) -> None:
    before, after = REPORT[:100], REPORT[100:]
    source = decode_source("a.txt", before.encode(encoding) + bad + after.encode(encoding))
    assert source.text == REPORT
    assert source.notes == (f"damaged characters left out: 1, the first in line {before.count(chr(10)) + 1}",)


def test_a_damaged_number_is_no_number() -> None:
    """A byte that is lost inside or beside a figure may have been a digit of it."""
    data = REPORT.encode().replace(b"1286.4", b"12\xb86.4")
    source = decode_source("a.txt", data)
    assert "6.4亿元" not in source.text
    assert "生产总值\ufffd" in source.text


@pytest.mark.parametrize("length", [40, 300, 5000])
def test_rubbish_is_refused(length: int) -> None:
    data = random.Random(length).randbytes(length)
    with pytest.raises(SourceError, match="not a text file"):
        decode_source("a.txt", data)
