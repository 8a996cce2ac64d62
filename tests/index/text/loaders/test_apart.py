"""A process of its own reads what needs a library: what ends it, or never ends, costs that file alone."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from index.errors import SourceError
from index.text.loaders.apart import Reader
from index.text.loaders.registry import load
from tests.index.text.loaders.files import make_docx, make_html, make_pdf, make_xlsx


@pytest.fixture
def reader() -> Iterator[Reader]:
    made = Reader()
    yield made
    made.close()


def test_it_reads_what_is_read_here(reader: Reader) -> None:
    """Marks and notes too, one file after another; a refusal keeps its cause."""
    for name, data in (("a.pdf", make_pdf(rows=5)), ("b.docx", make_docx())):
        assert reader.load(name, data) == load(name, data)
    with pytest.raises(SourceError, match=r"^c\.pdf: a damaged PDF"):
        reader.load("c.pdf", b"%PDF")


def test_a_process_that_has_ended_is_started_anew(reader: Reader) -> None:
    assert reader.load("a.pdf", make_pdf()).text
    assert reader._process is not None
    reader._process.kill()
    reader._process.wait()
    assert reader.load("a.pdf", make_pdf()).text


def test_what_takes_too_long_is_ended(reader: Reader) -> None:
    """The next file is read again."""
    hasty = Reader(seconds=0.001)
    with pytest.raises(SourceError, match=r"ends the program that reads it, or takes more than 0\.001 s"):
        hasty.load("a.pdf", make_pdf())
    hasty.close()


@pytest.mark.parametrize(
    ("name", "data", "package"),
    [
        ("a.pdf", make_pdf(), "pypdfium2"),
        ("a.docx", make_docx(), "docx"),
        ("a.html", make_html(), "lxml"),
        ("a.xlsx", make_xlsx(), "python_calamine"),
    ],
)
def test_a_missing_library_is_named_with_what_to_install(
    monkeypatch: pytest.MonkeyPatch, name: str, data: bytes, package: str
) -> None:
    """A plain installation reads text; the rest is an extra."""
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(SourceError, match=r"is not installed: pip install 'wenju\[documents\]'"):
        load(name, data)
