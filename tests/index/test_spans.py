"""Promise 1, as properties: a span is where the words stand in the unmodified file, for every value and any text."""

from __future__ import annotations

import hashlib
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import read_corpus
from index.store.snapshot import IndexSnapshot
from index.text.cleaning import STEPS, View, clean
from index.text.folding import fold
from index.types import Document, Period, Span
from tests.builders import REPORT, SIZES, counter, make_corpus, make_source
from tests.conftest import REPORTS

PIECES = (
    "一、2023年工作回顾", "(一)产业发展", "（二）", "## 二、2024 年工作安排\n", "**重点**", "---", "\n- 12 -\n", "第 3 页", "\n", "\n\n", " ", "　", "\u00a0",
    "\ufeff", "\u200b", "地区生产总值完成812.6亿元", "，", "同比增长６.１％", "。", "；", "！", "“十四五”", "二〇二三年", "嘉定區", "１２３", "7 4 7 7 2",
    "各位代表：", "。”", "1.", "第一，", "附件", "GDP", "—", "《规划（草案）》", "(", "）", "\r\n",
)  # fmt: skip
# A file with NUL bytes is no text file and is refused.
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
TEXTS = st.lists(st.sampled_from(PIECES) | st.text(LETTERS, max_size=12), max_size=40).map("".join)

_KEPT = "“”‘’"
_TURNED = str.maketrans("「」『』", "“”‘’")


def source_text(snapshot: IndexSnapshot, document: Document) -> str:
    return snapshot.source_of(document).text


def documents_by_id(snapshot: IndexSnapshot) -> dict[str, tuple[Document, str]]:
    return {d.id: (d, source_text(snapshot, d)) for d in snapshot.documents}


def assert_cleaned(words: str, quotation: str) -> None:
    """Cleaning only replaces one character by one or leaves some out: the words stand in the quotation in order."""
    # Letters keep their case (PM2.5), which is all that folding would change of plain ASCII.
    folded = [c if c in _KEPT or c.isascii() else fold(c) for c in quotation.translate(_TURNED)]
    rest = iter("".join(folded).casefold())
    assert all(character in rest for character in words.casefold()), (words, quotation)


def test_a_source_is_the_file(snapshot: IndexSnapshot) -> None:
    """Each source is the decoded file, byte for byte, under the file's own hash."""
    for source in snapshot.sources.values():
        data = (REPORTS / source.name).read_bytes()
        assert source.text.encode(source.encoding) == data
        assert source.sha256 == hashlib.sha256(data).hexdigest()
        assert {d.sha256 for d in snapshot.documents if d.source == source.name} == {source.sha256}


def test_every_chunk_is_the_source_at_its_span(snapshot: IndexSnapshot) -> None:
    documents = documents_by_id(snapshot)
    for chunk in snapshot.chunks:
        document, text = documents[chunk.document_id]
        assert chunk.span.of(text) == chunk.text
        assert chunk.text.strip()
        assert document.span.covers(chunk.span)


def test_every_sentence_is_the_cleaned_source_at_its_span(snapshot: IndexSnapshot) -> None:
    documents = documents_by_id(snapshot)
    for sentence in snapshot.sentences:
        document, text = documents[sentence.document_id]
        quotation = sentence.span.of(text)
        assert document.span.covers(sentence.span)
        assert quotation == quotation.strip()
        assert fold(quotation[0]) == fold(sentence.text[0])
        assert fold(quotation[-1]) == fold(sentence.text[-1])
        assert_cleaned(sentence.text, quotation)


def test_every_fact_is_stated_at_its_span(snapshot: IndexSnapshot) -> None:
    """The clause and the figure stand in the source, the figure inside the clause and the clause in its sentence."""
    documents = documents_by_id(snapshot)
    for fact in snapshot.facts:
        sentence = snapshot.sentences[fact.sentence]
        _, text = documents[fact.document_id]
        assert sentence.document_id == fact.document_id
        assert sentence.span.covers(fact.span)
        assert fact.span.covers(fact.figure)
        assert_cleaned(fact.clause, fact.span.of(text))
        assert fact.written in fact.clause
        assert_cleaned(fact.written, fact.figure.of(text))
        assert any(c.isdigit() or c in "零〇一二三四五六七八九十百千万亿两" for c in fact.figure.of(text))


def test_sections_cover_a_document_without_holes(snapshot: IndexSnapshot) -> None:
    """One section follows the other; between them and at the edges stands nothing but space and markup."""
    for document in snapshot.documents:
        text = source_text(snapshot, document)
        assert document.sections
        assert all(document.span.covers(s.span) for s in document.sections)
        edges = [document.span.start, *(at for s in document.sections for at in (s.span.start, s.span.end))]
        edges.append(document.span.end)
        assert edges == sorted(edges)
        for gap_start, gap_end in zip(edges[::2], edges[1::2], strict=True):
            assert not text[gap_start:gap_end].strip(" \n#*\u00a0\u3000"), (document.title, gap_start, gap_end)
        assert len({s.id for s in document.sections}) == len(document.sections)


def test_chunks_hold_every_sentence_once_and_whole(snapshot: IndexSnapshot) -> None:
    """No sentence is cut or lost, and a chunk stays in one section."""
    spans: dict[int, list[Span]] = {}
    for sentence in snapshot.sentences:
        chunk = snapshot.chunks[sentence.chunk]
        assert (chunk.document_id, chunk.section_id) == (sentence.document_id, sentence.section_id)
        assert chunk.span.covers(sentence.span)
        spans.setdefault(sentence.chunk, []).append(sentence.span)
    assert sorted(spans) == list(range(len(snapshot.chunks)))
    for number, held in spans.items():
        assert held == sorted(held)
        assert Span(held[0].start, held[-1].end) == snapshot.chunks[number].span


def test_chunks_do_not_overlap(snapshot: IndexSnapshot) -> None:
    for document in snapshot.documents:
        spans = [c.span for c in snapshot.chunks if c.document_id == document.id]
        assert spans
        assert all(first.end <= second.start for first, second in pairwise(spans))


def test_a_byline_is_the_source_at_its_span(snapshot: IndexSnapshot) -> None:
    named = [d for d in snapshot.documents if d.byline is not None]
    assert len(named) == 9
    for document in named:
        assert document.byline is not None
        assert document.speaker is not None
        byline = document.byline.of(source_text(snapshot, document))
        assert document.speaker in "".join(c for c in byline if c.isalnum())


_STANDS_FOR = {"\f": "\n", "。": "."}
"""A page's end is a line's; 12。5% has a full stop for its point."""


@given(TEXTS)
def test_cleaning_never_moves_a_character(text: str) -> None:
    """Offsets rise strictly, and every kept character is the folded character of the source at its offset."""
    view = View.of(text)
    for step in STEPS:
        view = step(view)
        assert len(view.text) == len(view.offsets)
        assert all(a < b for a, b in pairwise(view.offsets))
        for character, offset in zip(view.text, view.offsets, strict=True):
            written = text[offset].translate(_TURNED)
            stands = (written, fold(written), _STANDS_FOR.get(written))
            # A digit beside a sign without a meaning is blotted out, a code of several signs is read as one.
            blotted = character == "\ufffd" and written in "0123456789.,"
            coded = written in "&\\<" or "\ue000" <= written <= "\uf8ff"
            assert character in stands or blotted or coded, (character, text[offset])


@given(TEXTS, st.data())
def test_a_span_of_the_view_maps_to_the_source(text: str, data: st.DataObject) -> None:
    """From the first to the last character of the words, wherever the text begins in its source."""
    at = data.draw(st.integers(0, 1000))
    view = clean(View.of(text, at))
    start = data.draw(st.integers(0, len(view.text)))
    end = data.draw(st.integers(start, len(view.text)))
    span = view.source_span(Span(start, end))
    assert at <= span.start <= span.end <= at + len(text) or not view.text
    if start < end:
        quotation = text[span.start - at : span.end - at]
        assert_cleaned(view.text[start:end], quotation)
        assert view.offsets.index(span.start) == start


@given(TEXTS)
def test_any_text_gives_spans_of_its_own(text: str) -> None:
    """Whatever stands in a file, what is read from it stands there: sections, chunks, sentences and facts."""
    source = make_source("报告" + text)
    corpus = read_corpus([source], counter(), SIZES)
    held = source.text
    for document in corpus.documents:
        assert document.span.of(held)
        assert all(document.span.covers(s.span) for s in document.sections)
    for chunk in corpus.chunks:
        assert chunk.span.of(held) == chunk.text
    for sentence in corpus.sentences:
        assert corpus.chunks[sentence.chunk].span.covers(sentence.span)
        assert_cleaned(sentence.text, sentence.span.of(held))
    for fact in corpus.facts:
        assert corpus.sentences[fact.sentence].span.covers(fact.span)
        assert fact.span.covers(fact.figure)
        assert_cleaned(fact.written, fact.figure.of(held))


@given(st.permutations(range(3)))
def test_ids_come_from_content_and_not_from_names(order: list[int]) -> None:
    """The same files under other names give documents, sections, chunks and facts with the same ids."""
    texts = [REPORT, REPORT.replace("青石", "白水"), REPORT.replace("2024年", "2022年")]
    one, other = make_corpus(*texts), make_corpus(*(texts[n] for n in order), name="another")
    assert {d.id for d in one.documents} == {d.id for d in other.documents}
    assert {s.id for d in one.documents for s in d.sections} == {s.id for d in other.documents for s in d.sections}
    assert {(c.id, c.text) for c in one.chunks} == {(c.id, c.text) for c in other.chunks}
    assert len(one.facts) == len(other.facts)


def test_the_ids_are_all_different(snapshot: IndexSnapshot) -> None:
    for ids in (
        [d.id for d in snapshot.documents],
        [s.id for d in snapshot.documents for s in d.sections],
        [c.id for c in snapshot.chunks],
    ):
        assert len(set(ids)) == len(ids)


@given(st.integers(1900, 2100), st.integers(0, 60), st.integers(0, 60))
def test_the_string_of_a_period_reads_back(year: int, skipped: int, length: int) -> None:
    """Every stretch of months has its own string, and the string gives it back."""
    period = Period(year * 12 + skipped, year * 12 + skipped + length)
    assert Period.parse(str(period)) == period


@pytest.mark.parametrize(
    ("text", "first_month", "last_month"),
    [
        ("2020", (2020, 1), (2020, 12)),
        ("2020-H1", (2020, 1), (2020, 6)),
        ("2020-H2", (2020, 7), (2020, 12)),
        ("2020-Q3", (2020, 7), (2020, 9)),
        ("2020-06", (2020, 6), (2020, 6)),
        ("2016/2020", (2016, 1), (2020, 12)),
        ("2025-01/2025-05", (2025, 1), (2025, 5)),
    ],
)
def test_the_strings_of_the_contract(text: str, first_month: tuple[int, int], last_month: tuple[int, int]) -> None:
    """The forms that the contract names, both ways."""
    period = Period.parse(text)
    assert (divmod(period.first, 12), divmod(period.last, 12)) == (
        (first_month[0], first_month[1] - 1),
        (last_month[0], last_month[1] - 1),
    )
    assert str(period) == text


@pytest.mark.parametrize(
    "text",
    [
        "", "20", "2020-H3", "2020-Q5", "2020-H1/2021", "2020/2021-05", "2021/2020", "今年",
        pytest.param("2020-13"),
        pytest.param("2020-00"),
    ],
)  # fmt: skip
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="period"):
        Period.parse(text)


@pytest.mark.parametrize(("start", "end"), [(-1, 2), (3, 2)])
def test_what_is_no_span_is_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="not a span"):
        Span(start, end)
