"""Retrieval metrics, each computed by hand."""

from __future__ import annotations

import math

import pytest

from eval.cases import GoldQuote
from eval.metrics.retrieval import gold_ranks, ndcg_at, recall_at, reciprocal_rank
from tests.eval.builders import make_passage

QUOTE = "固定资产投资完成429.7亿元,同比增长18.3%"


@pytest.mark.parametrize(
    ("text", "document", "held"),
    [
        (f"全区{QUOTE};新增", "f.txt", True),
        ("全区固定资产投资 完成429.7亿元,\n同比增长18.3%", "f.txt", True),
        (QUOTE, "other.txt", False),
        ("全区固定资产投资完成429.7亿元", "f.txt", True),
        ("亿元,同比增长18.3%;新增", "f.txt", False),
        ("固定资产投资完成363.3亿元,同比增长30.5%", "f.txt", False),
    ],
)
def test_a_passage_holds_a_quotation(text: str, document: str, held: bool) -> None:
    """Whole, or its larger part where a chunk's border cuts it, whatever the white space, in the same file only."""
    assert gold_ranks([make_passage(text, document)], [GoldQuote("f.txt", QUOTE)]) == (1 if held else None,)


def test_each_gold_quotation_has_its_first_rank() -> None:
    passages = [make_passage("甲乙丙丁"), make_passage("戊己庚辛"), make_passage("甲乙丙丁戊己庚辛")]
    gold = [GoldQuote("f.txt", "戊己庚辛"), GoldQuote("f.txt", "壬癸子丑"), GoldQuote("f.txt", "甲乙丙丁")]
    assert gold_ranks(passages, gold) == (2, None, 1)
    assert gold_ranks([], gold) == (None, None, None)


@pytest.mark.parametrize(
    ("ranks", "at_1", "at_5", "reciprocal", "ndcg"),
    [
        ((1,), 1.0, 1.0, 1.0, 1.0),
        ((2,), 0.0, 1.0, 0.5, 1 / math.log2(3)),
        ((11,), 0.0, 0.0, 1 / 11, 0.0),
        ((None,), 0.0, 0.0, 0.0, 0.0),
        # Two quotations: found at 1 and 3, the best order would have them at 1 and 2.
        ((3, 1), 0.5, 1.0, 1.0, (1 + 0.5) / (1 + 1 / math.log2(3))),
        ((None, 4), 0.0, 0.5, 0.25, (1 / math.log2(5)) / (1 + 1 / math.log2(3))),
        # Both in the first passage: no more than the best.
        ((1, 1), 1.0, 1.0, 1.0, 1.0),
    ],
)
def test_metrics_by_hand(
    ranks: tuple[int | None, ...], at_1: float, at_5: float, reciprocal: float, ndcg: float
) -> None:
    assert recall_at(ranks, 1) == at_1
    assert recall_at(ranks, 5) == at_5
    assert reciprocal_rank(ranks) == pytest.approx(reciprocal)
    assert ndcg_at(ranks, 10) == pytest.approx(ndcg)
