"""What is found through columns, slots and bigrams is what going through every row finds."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from itertools import product

import pytest

from index.store.snapshot import IndexSnapshot
from index.types import Document, Fact, Measure, Status
from rag.find.example import example
from rag.listing import Narrowing, list_facts
from rag.pipeline import AnswerPipeline
from rag.types import Query, QuestionKind


@pytest.fixture
def held(pipeline_of_reports: AnswerPipeline) -> IndexSnapshot:
    return pipeline_of_reports.snapshot


@dataclass
class Plain:
    """A snapshot that can only be gone through."""

    facts: tuple[Fact, ...]

    def document(self, id: str) -> Document | None:
        return None


def test_listed_figures_are_those_of_all(held: IndexSnapshot) -> None:
    """By every slot alone and with others, names of the vocabulary and others, held or not."""
    plain = Plain(tuple(held.facts))
    assert isinstance(held, Narrowing)
    assert not isinstance(plain, Narrowing)
    indicators = (None, "GDP", "固定资产投资", held.facts[7].indicator, "鲸鱼产量")
    places = (None, "嘉定", held.facts[0].region, "月球市")
    for indicator, region, year in product(indicators, places, (None, 2020, 1900)):
        found = list_facts(held, indicator=indicator, region=region, year=year)
        assert found == list_facts(plain, indicator=indicator, region=region, year=year)
    for document in (held.documents[1].id, "nowhere"):
        found = list_facts(held, document=document, status="target")
        assert found == list_facts(plain, document=document, status="target")


@pytest.mark.parametrize("words", ["固定资产", "资", "GDP", "18.3", "，", "鲸鱼", "5G", "区政府 "])
def test_sentences_that_say_words_are_those_that_hold_them(held: IndexSnapshot, words: str) -> None:
    """Of all documents, of some and of none."""
    sentences = list(held.sentences)
    for documents in (None, [1, 3], []):
        ids = None if documents is None else {held.documents[n].id for n in documents}
        told = [n for n, s in enumerate(sentences) if words in s.text and (ids is None or s.document_id in ids)]
        assert list(held.saying(words, documents)) == told


def test_the_example_is_the_latest_amount_of_what_is_told_most(held: IndexSnapshot) -> None:
    plain = [
        f
        for f in held.facts
        if f.canonical and f.region and f.period is not None and f.period.is_year
        and f.measure is Measure.LEVEL and f.status is Status.ACTUAL
    ]  # fmt: skip
    often = Counter(f.canonical for f in plain)
    best = max(
        plain, key=lambda f: (often[f.canonical], f.canonical or "", f.period.last if f.period else 0, -f.sentence)
    )
    assert example(held) == best


def test_places_and_their_documents(held: IndexSnapshot) -> None:
    assert held.places_told == {f.region for f in held.facts if f.region}
    for region in (*held.regions, "月球市"):
        told = [n for n, d in enumerate(held.documents) if d.region == region]
        assert list(held.documents_of.get(region, ())) == told


def test_targets_are_told_from_results_without_fetching_them(pipeline_of_reports: AnswerPipeline) -> None:
    """As ``serves`` does with each figure."""
    candidates, facts = pipeline_of_reports.figures.candidates, pipeline_of_reports.snapshot.facts
    numbers = list(range(0, len(facts), 3))
    for status in (None, *Status):
        told = [n for n in numbers if (facts[n].status is Status.TARGET) is (status is Status.TARGET)]
        assert candidates.planned_or_not(Query("", QuestionKind.VALUE, "zh", status), numbers) == told
