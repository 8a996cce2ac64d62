"""Tables that are opened and not loaded hold what was read, row for row, whether packed at once or file by file."""

from __future__ import annotations

from dataclasses import fields
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.postings import Postings
from index.store.tables.manifest import files_of
from index.store.tables.mapped import Strings
from index.store.tables.opened import Tables, read_documents, save_tables
from index.store.tables.packed import Packed
from index.store.tables.runs import Run
from index.store.tables.unions import union, union_of_strings
from index.types import Corpus, Period
from tests.builders import REPORT, make_corpus

WHITE_WATER = REPORT.replace("青石", "白水").replace("2020", "2018").replace("2019", "2017")
ENGLISH = (
    "Report on the Work of the Government\nGrain output reached 650 million tonnes. Exports of goods grew by 9 percent."
)


def together(corpora: list[Corpus]) -> Packed:
    """Packed one by one, and put together."""
    runs = [Run(n, 0, len(corpus.documents)) for n, corpus in enumerate(corpora)]
    return Packed.gathered([Packed.of(corpus) for corpus in corpora], runs)[0]


@pytest.fixture(scope="module")
def corpora() -> list[Corpus]:
    """Of three files, one by one; two have figures."""
    return [
        make_corpus(text, name=name) for name, text in (("a.txt", REPORT), ("b.txt", ENGLISH), ("c.txt", WHITE_WATER))
    ]


@pytest.fixture(scope="module")
def whole(corpora: list[Corpus]) -> Corpus:
    """Of the three files at once."""
    from index.build import joined

    return joined([source for corpus in corpora for source in corpus.sources], corpora)


@pytest.fixture(scope="module")
def opened(corpora: list[Corpus], tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Packed file by file, put together, saved and opened."""
    folder = tmp_path_factory.mktemp("tables")
    save_tables(together(corpora), folder)
    return Tables.load(folder)


def test_every_row_is_the_one_that_was_read(opened: Tables, whole: Corpus) -> None:
    """By number from either end, in slices and in order."""
    for name in ("documents", "sentences", "chunks", "facts"):
        stored, read = getattr(opened, name), getattr(whole, name)
        assert len(stored) == len(read) > 0
        assert list(stored) == list(read)
        assert [stored[n] for n in range(-len(read), len(read))] == [read[n] for n in range(-len(read), len(read))]
        assert stored[1:-1:2] == read[1:-1:2]
        with pytest.raises(IndexError):
            stored[len(read)]
    assert [list(d.sections) for d in opened.documents] == [list(d.sections) for d in whole.documents]
    assert opened.facts == whole.facts
    assert opened.facts != whole.facts[1:]


def test_columns_say_what_the_rows_do(opened: Tables, whole: Corpus) -> None:
    def period(number: int) -> Period | None:
        return opened.periods[number] if number >= 0 else None

    def place(number: int) -> str | None:
        return opened.places[number] if number >= 0 else None

    ids = [d.id for d in whole.documents]
    names = sorted({f.indicator for f in whole.facts})
    of = opened.of_facts
    for n, fact in enumerate(whole.facts):
        told = (names[of.name[n]], of.sentence[n], ids[of.document[n]], place(of.region[n]), period(of.period[n]))
        assert told == (fact.indicator, fact.sentence, fact.document_id, fact.region, fact.period)
        canonical = opened.canonicals[of.canonical[n]] if of.canonical[n] >= 0 else None
        assert canonical == fact.canonical
    said = opened.of_sentences
    for n, sentence in enumerate(whole.sentences):
        assert ids[said.document[n]] == sentence.document_id
        assert said.chunk[n] == sentence.chunk
        assert period(said.period[n]) == sentence.period
        assert bool(said.digits[n]) == any(c.isdigit() for c in sentence.text)
        assert bool(said.blanks[n]) == (" " in sentence.text)
        same = n > 0 and said.section[n] == said.section[n - 1]
        assert same == (n > 0 and sentence.section_id == whole.sentences[n - 1].section_id)
    assert [ids[n] for n in opened.of_chunks.document] == [c.document_id for c in whole.chunks]
    assert opened.of_documents.latin.tolist() == [0, 2, 0]
    assert opened.of_documents.sections.tolist() == [len(d.sections) for d in whole.documents]


def test_one_by_one_gives_the_files_of_all_at_once(corpora: list[Corpus], whole: Corpus, tmp_path: Path) -> None:
    """Byte for byte: an index says nothing of the order in which it came about."""
    save_tables(together(corpora), tmp_path / "parts")
    save_tables(Packed.of(whole), tmp_path / "whole")
    names = [path.name for path in files_of(tmp_path / "whole")]
    assert names == [path.name for path in files_of(tmp_path / "parts")]
    for name in names:
        assert (tmp_path / "parts" / name).read_bytes() == (tmp_path / "whole" / name).read_bytes(), name


def test_tables_in_memory_are_those_on_disk(opened: Tables, whole: Corpus) -> None:
    held = Tables.of(Packed.of(whole))
    for each in fields(Tables):
        one, other = getattr(held, each.name), getattr(opened, each.name)
        if each.name in ("told", "spoken_for"):
            assert np.array_equal(one, other)
        elif each.name in ("documents", "sentences", "chunks", "facts", "places", "canonicals", "periods"):
            assert list(one) == list(other)


def test_figures_are_found_by_their_slot(opened: Tables, whole: Corpus) -> None:
    """Every place and time, each left open, or one that no figure has."""
    places: list[str | None] = [*opened.places, None]
    times: list[Period | None] = [*opened.periods, None]
    for region, period in product(places, times):
        at = -1 if region is None else opened.places.find(region)
        time = -1 if period is None else opened.period_numbers[period]
        assert at is not None
        both = [n for n, f in enumerate(whole.facts) if f.region == region and f.period == period]
        assert opened.slots.find([at], [time]).tolist() == both
        assert opened.slots.any_of(at, time) == bool(both)
        assert opened.slots.find([at], None).tolist() == [n for n, f in enumerate(whole.facts) if f.region == region]
        assert opened.slots.find(None, [time]).tolist() == [n for n, f in enumerate(whole.facts) if f.period == period]
    assert opened.slots.find(None, None).tolist() == list(range(len(whole.facts)))
    assert opened.slots.find([], [0]).tolist() == []


def test_what_belongs_to_a_document_or_sentence_is_found(opened: Tables, whole: Corpus) -> None:
    for number, document in enumerate(whole.documents):
        told = [n for n, s in enumerate(whole.sentences) if s.document_id == document.id]
        assert list(opened.sentences_of_document(number)) == told
        assert opened.sentences_of([number]).tolist() == told
        assert list(opened.facts_of_document(number)) == [
            n for n, f in enumerate(whole.facts) if f.document_id == document.id
        ]
    for number in range(len(whole.sentences)):
        assert list(opened.facts_of_sentence(number)) == [n for n, f in enumerate(whole.facts) if f.sentence == number]


def test_a_place_tells_what_its_documents_do(opened: Tables, whole: Corpus) -> None:
    for period in opened.periods:
        number = opened.period_numbers[period]
        for region in {d.region for d in whole.documents if d.region}:
            told = any(
                period in (d.review, d.plan, *(s.period for s in d.sections))
                for d in whole.documents
                if d.region == region
            )
            assert opened.tells(opened.places.find(region), number) == told


def test_an_index_without_figures_is_none_the_less_one(tmp_path: Path) -> None:
    save_tables(together([]), tmp_path)
    tables = Tables.load(tmp_path)
    assert (tables.documents, len(tables.facts), list(tables.places)) == ((), 0, [])
    assert tables.slots.find(None, None).tolist() == []
    assert read_documents(tmp_path) == ()


@given(st.sets(st.text(max_size=4)), st.text(max_size=4))
def test_a_string_is_found_among_sorted_ones(held: set[str], other: str) -> None:
    """Whatever characters: bytes of UTF-8 sort as they do."""
    ordered = sorted(held)
    strings = Strings.of(ordered)
    assert list(strings) == ordered
    assert [strings.find(string) for string in ordered] == list(range(len(ordered)))
    assert strings.find(other) == (ordered.index(other) if other in held else None)


@given(
    st.lists(st.text("青石市水务PM2.5,1 0—", max_size=12), max_size=6),
    st.text("青石市水务PM2.5,1 0—", min_size=1, max_size=4),
)
def test_no_text_that_says_some_words_is_left_out(texts: list[str], words: str) -> None:
    """Whatever they are: what the tokens name is at least what holds the letters."""
    named = Postings.build(texts).may_say(words)
    saying = {n for n, text in enumerate(texts) if words in text}
    assert named is None or saying <= set(named.tolist())


def test_tokens_name_few_texts() -> None:
    """Neighbouring characters as they stand, letters and numbers also within a longer token."""
    postings = Postings.build(["青石市水务局", "水务青石", "PM2.5浓度下降", "治理PM10", "地区生产总值812.6亿元"])
    told = {
        "青石市": [0],
        "水务": [0, 1],
        "石水": [],
        "PM2.5": [2],
        "M": [2, 3],
        "812": [4],
        "局": [0],
        "市水务局": [0],
    }
    assert {words: rows.tolist() for words in told if (rows := postings.may_say(words)) is not None} == told
    assert postings.may_say("、。") is None


@given(st.lists(st.sets(st.text("青石水务a", max_size=3)), max_size=4), st.data())
def test_strings_of_several_parts_are_one_list(parts: list[set[str]], data: st.DataObject) -> None:
    """Sorted, each once and only what is used; the many take in the few as if all were sorted anew."""
    held = [sorted(part) for part in (*parts, {f"{n:03}" for n in range(100)})]
    used = [np.array([data.draw(st.booleans()) for _ in part], np.bool_) for part in held[:-1]]
    used.append(np.ones(100, np.bool_))
    merged, numbers = union_of_strings([Strings.of(part) for part in held], used)
    expected, also = union(held, used)
    assert list(merged) == list(expected)
    for one, other, part, told in zip(numbers, also, held, used, strict=True):
        assert one.tolist() == other.tolist()
        assert [merged[n] if n >= 0 else None for n in one.tolist()] == [
            string if is_used else None for string, is_used in zip(part, told.tolist(), strict=True)
        ]
