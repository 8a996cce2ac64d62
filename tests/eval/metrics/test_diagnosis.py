"""Each stage loses a question made for it."""

from __future__ import annotations

from typing import Any

import pytest

from eval.cases import Case, GoldQuote
from eval.metrics.answers import Verdict
from eval.metrics.diagnosis import Stage, diagnose
from eval.replies import ReadFact, Reply, Trace
from index.types import Period
from tests.eval.builders import make_case, make_figure, make_passage, make_quote, make_reply, make_understood

CASE = make_case(
    ("18.3", "%"),
    question="2020年嘉定区固定资产投资增长多少",
    periods=(Period.year(2020),),
    evidence=(GoldQuote("f.txt", "固定资产投资完成429.7亿元,同比增长18.3%", "嘉定区"),),
)
WRONG = Verdict(False, "does not state 18.3%")
OTHER = make_quote("财政收入增长2.0%,位居前列,总体平稳")
REFUSED: dict[str, Any] = {"abstained": True, "citations": (), "reason": "indicator_missing"}
FACT = ReadFact("固定资产投资", "嘉定区", "2020", "actual", "18.3", "%")


def read(**changes: Any) -> dict[str, Any]:
    return {"understood": make_understood(**changes), "citations": (OTHER,)}


@pytest.mark.parametrize(
    ("reply", "ranks", "stage", "expected", "got"),
    [
        (make_reply("…", **read(periods=("2019",))), (1,), Stage.UNDERSTANDING, "period 2020", "period 2019"),
        (make_reply("…", **read(regions=("闵行区",))), (1,), Stage.UNDERSTANDING, "region 嘉定区", "region 闵行区"),
        (make_reply("…", **read(status="target")), (1,), Stage.UNDERSTANDING, "status actual", "status target"),
        (make_reply("…", **{**REFUSED, "reason": "out_of_scope"}), (None,), Stage.UNDERSTANDING, "18.3%", "refused as out_of_scope"),
        (make_reply("…", **REFUSED), (None,), Stage.RETRIEVAL, "18.3% from “固定", "first passage: f.txt [0:2] 别的"),
        (make_reply("…", **REFUSED), (3,), Stage.EXTRACTION, "18.3%", "refused (indicator_missing)"),
        (make_reply("…", trace=Trace((FACT,)), **REFUSED), (None,), Stage.EXTRACTION, "18.3%", "refused"),
        (make_reply("…", make_figure("2.0", indicator="财政收入"), citations=(OTHER,)), (1,), Stage.EXTRACTION, "18.3%", "嘉定区 2020 财政收入 2.0%"),
        (make_reply("增长18.3个百分点", make_figure("18.3")), (1,), Stage.WORDING, "18.3%", "does not state 18.3%: 增长18.3个百分点"),
    ],
)  # fmt: skip
def test_the_first_stage_that_fails_lost_it(
    reply: Reply, ranks: tuple[int | None, ...], stage: Stage, expected: str, got: str
) -> None:
    found = diagnose(CASE, reply, (make_passage("别的"),), ranks, WRONG)
    assert found is not None
    assert found.stage == stage
    assert expected in found.expected
    assert got in found.got


def test_a_fact_of_another_slot_was_no_candidate() -> None:
    """18.3 % of another year among the candidates does not make it extraction's fault."""
    other = ReadFact("固定资产投资", "嘉定区", "2019", "actual", "18.3", "%")
    found = diagnose(CASE, make_reply("…", trace=Trace((other,)), **REFUSED), (), (None,), WRONG)
    assert found is not None
    assert (found.stage, found.got) == (Stage.RETRIEVAL, "first passage: nothing")


def test_what_should_be_refused_and_is_not() -> None:
    case: Case = make_case(answerable=False, periods=(Period.year(2021),), question="2021年实际增长多少")
    found = diagnose(case, make_reply("…", make_figure("7", status="target"), **read(periods=("2021",))), (), (), WRONG)
    assert found is not None
    assert (found.stage, found.got) == (Stage.EXTRACTION, "嘉定区 2020 固定资产投资 7% (target)")


def test_words_are_lost_by_wording_where_the_gold_sentence_is_cited() -> None:
    case = make_case(all_of=("嘉定",), evidence=(GoldQuote("f.txt", "同比增长18.3%"),))
    found = diagnose(case, make_reply("青浦", citations=(make_quote(),)), (), (1,), WRONG)
    assert found is not None
    assert found.stage == Stage.WORDING


def test_what_was_not_searched_for_is_not_laid_to_retrieval() -> None:
    """A follow-up, or a record without a gold quote."""
    found = diagnose(CASE, make_reply("…", **REFUSED), (), (), WRONG)
    assert found is not None
    assert found.stage == Stage.EXTRACTION


def test_a_right_answer_lost_nothing() -> None:
    assert diagnose(CASE, make_reply(), (), (1,), Verdict(True, "")) is None
