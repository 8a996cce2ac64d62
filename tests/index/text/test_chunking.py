"""Chunks: whole sentences of one section, of a size that one vector can stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.snapshot import IndexSnapshot
from index.text.chunking import STATUS_WORDS, ChunkOptions
from index.types import Status
from tests.builders import REPORT, counter, make_corpus, make_report

SENTENCE = "我们坚持稳中求进工作总基调，统筹推进各项工作，全市经济社会发展取得新的成效。"


def test_sizes_are_kept_in_the_real_reports(snapshot: IndexSnapshot) -> None:
    """No chunk is larger than the largest unless it is one sentence, and most are of the size aimed at."""
    manifest = snapshot.manifest
    held: dict[int, int] = {}
    for sentence in snapshot.sentences:
        held[sentence.chunk] = held.get(sentence.chunk, 0) + 1
    for number, chunk in enumerate(snapshot.chunks):
        assert chunk.tokens <= manifest.most_tokens or held[number] == 1
    middle = sorted(chunk.tokens for chunk in snapshot.chunks)[len(snapshot.chunks) // 2]
    assert manifest.least_tokens <= middle <= manifest.most_tokens


def test_the_model_reads_where_a_chunk_stands(snapshot: IndexSnapshot) -> None:
    """Place, period, results or plans, and the path of headings come before the text of a report."""
    reports = {d.id for d in snapshot.documents if d.kind != "other"}
    for chunk in snapshot.chunks:
        first, _, rest = chunk.embedded.partition("\n")
        assert rest.strip()
        if chunk.document_id in reports:
            assert chunk.region is not None
            assert first.startswith(f"{chunk.region} {chunk.period} {STATUS_WORDS[chunk.status]}")
            assert all(heading in first for heading in chunk.heading)


def test_a_section_is_parted_evenly() -> None:
    """No crumb is left at the end of a long section."""
    corpus = make_corpus(make_report(f"一、2023年工作回顾\n{SENTENCE * 60}"), options=ChunkOptions(least=100, most=200))
    sizes = [c.tokens for c in corpus.chunks if c.heading]
    assert len(sizes) > 2
    assert min(sizes) >= 50
    assert max(sizes) <= 200


def test_a_sentence_that_is_too_long_stands_alone() -> None:
    """It is never cut; its neighbours are in other chunks."""
    long = SENTENCE.replace("。", "，") * 20 + "完成。"
    corpus = make_corpus(
        make_report(f"一、2023年工作回顾\n{SENTENCE}{long}{SENTENCE}"), options=ChunkOptions(least=20, most=60)
    )
    (chunk,) = [c for c in corpus.chunks if c.tokens > 60]
    assert chunk.text == long


def test_small_sections_are_small_chunks() -> None:
    """A chunk does not reach into the next section to become larger."""
    corpus = make_corpus(REPORT)
    assert len(corpus.chunks) == len({c.section_id for c in corpus.chunks}) == 7
    assert [c.status for c in corpus.chunks if c.heading] == [Status.ACTUAL] * 3 + [Status.TARGET] * 3


@pytest.mark.parametrize("text", [REPORT, "没有标题的一句话。"])
def test_tokens_are_those_of_the_sentences(text: str) -> None:
    corpus = make_corpus(text)
    for number, chunk in enumerate(corpus.chunks):
        assert chunk.tokens == sum(counter().count(s.text) for s in corpus.sentences if s.chunk == number)


@given(st.lists(st.integers(1, 12), min_size=1, max_size=12), st.integers(20, 80), st.integers(0, 80))
def test_sentences_are_neither_lost_nor_doubled(lengths: list[int], least: int, more: int) -> None:
    """Whatever the sizes, chunks hold all sentences in order, each once."""
    body = "".join("很好，" * length + "。" for length in lengths)
    corpus = make_corpus(make_report(f"一、2023年工作回顾\n{body}"), options=ChunkOptions(least, least + more))
    assert [s.chunk for s in corpus.sentences] == sorted(s.chunk for s in corpus.sentences)
    assert {s.chunk for s in corpus.sentences} == set(range(len(corpus.chunks)))
    joined = "".join(c.embedded.partition("\n")[2] for c in corpus.chunks)
    assert joined == "".join(s.text for s in corpus.sentences)
