"""How well figures are read, against sentences that people annotated: the audit of issue "the right figure"."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.metrics.extraction import Annotated, Figure, Scores, compare, read_annotations, score
from index.build import read_corpus
from index.store.snapshot import IndexSnapshot
from index.text.chunking import ChunkOptions
from index.text.sources import read_source
from tests.builders import counter, make_corpus, make_report

ANNOTATED = Path(__file__).parents[2] / "data" / "annotated"


def gold(text: str, start: int, **slots: str) -> Figure:
    told = {"indicator": "固定资产投资", "measure": "level", "value": "305.2", "unit": "亿元", "period": "2023"} | slots
    return Figure(
        text,
        start,
        (told["indicator"],),
        (told["measure"],),
        told["value"],
        told["unit"],
        (told["period"],),
        (told.get("region", "青石市"),),
        (told.get("status", "actual"),),
        doubtful=False,
    )


def scored(sentence: str, *figures: tuple[str, dict[str, str]]) -> Scores:
    """Scores of one sentence of the results of 2023 against figures given by their words."""
    report = make_report(f"一、2023年工作回顾\n{sentence}")
    corpus = make_corpus(report)
    start = report.index(sentence)
    found = tuple(gold(text, report.index(text, start), **slots) for text, slots in figures)
    source = corpus.documents[0].source
    return score(compare(corpus.documents, corpus.facts, [Annotated(source, start, sentence, found)]))


def test_a_figure_with_all_slots_right_counts_for_precision_and_recall() -> None:
    scores = scored("固定资产投资完成305.2亿元。", ("305.2亿元", {}))
    assert (scores.figures, scores.facts, scores.right) == (1, 1, 1)
    assert (scores.precision, scores.recall) == (1.0, 1.0)


@pytest.mark.parametrize(
    ("slots", "wrong"),
    [
        ({"value": "305.3"}, "value"),
        ({"unit": "万人"}, "unit"),
        ({"measure": "growth"}, "measure"),
        ({"period": "2022"}, "period"),
        ({"region": "白石市"}, "region"),
        ({"status": "target"}, "status"),
        ({"indicator": "工业固定资产投资"}, "indicator"),
    ],
)
def test_one_wrong_slot_makes_a_fact_wrong(slots: dict[str, str], wrong: str) -> None:
    scores = scored("固定资产投资完成305.2亿元。", ("305.2亿元", slots))
    assert scores.right == 0
    assert scores.wrong_by_slot[wrong] == 1
    assert sum(scores.wrong_by_slot.values()) == 1


def test_a_missing_figure_costs_recall_and_a_spurious_fact_precision() -> None:
    """One of two annotated figures is no number of the text; one of two facts was not annotated."""
    scores = scored("固定资产投资完成305.2亿元，增长9.4%。", ("305.2亿元", {}), ("固定资产", {}))
    assert (scores.figures, scores.facts, scores.right) == (2, 2, 1)
    assert (scores.precision, scores.recall) == (0.5, 0.5)


def test_a_malformed_annotation_is_named(tmp_path: Path) -> None:
    path = tmp_path / "bad.jsonl"
    path.write_text('{"doc": "a.txt", "start": 0, "quote": "x", "figures": [{}]}\n', encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.jsonl, line 1"):
        read_annotations(path)


def test_the_bundled_reports_are_read_as_annotated(snapshot: IndexSnapshot) -> None:
    """231 figures of 112 sentences drawn by lot, and 102 sentences without any."""
    annotated = read_annotations(ANNOTATED / "bundled.jsonl")
    for sentence in annotated:
        assert snapshot.sources[sentence.document].text[sentence.start : sentence.end] == sentence.quote
    scores = score(compare(snapshot.documents, snapshot.facts, annotated))
    assert scores.precision >= 0.97
    assert scores.recall >= 0.97


@pytest.mark.parametrize(("name", "precision", "recall"), [("shared", 0.95, 0.92), ("further", 0.95, 0.91)])
def test_other_reports_are_read_as_annotated(shared: Path, name: str, precision: float, recall: float) -> None:
    """269 and 1,284 figures of provincial and national reports; the sentences were drawn by lot."""
    annotated = read_annotations(ANNOTATED / f"{name}.jsonl")
    sources = [
        read_source(name, shared / "data" / "reports" / name)[0] for name in sorted({a.document for a in annotated})
    ]
    corpus = read_corpus(sources, counter(), ChunkOptions())
    scores = score(compare(corpus.documents, corpus.facts, annotated))
    assert scores.precision >= precision
    assert scores.recall >= recall
