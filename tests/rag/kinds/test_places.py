"""A place that shares its first letters with a held one, or lies in it, is another place."""

from __future__ import annotations

import pytest

from rag.pipeline import AnswerPipeline
from rag.types import Reason
from tests.builders import make_question


@pytest.mark.parametrize(
    ("place", "named"),
    [
        ("禾丰市", "禾丰市"),
        ("禾丰镇", "禾丰镇"),
        ("柳桥新区", "柳桥新区"),
        ("岱川经济开发区", "岱川经济开发区"),
        ("岱川新城", "岱川新城"),
        ("禾丰县工业园区", "禾丰县工业园区"),
    ],
)
def test_another_place_is_refused_by_its_own_name(city: AnswerPipeline, place: str, named: str) -> None:
    answer = city.answer(make_question(f"2023年{place}地区生产总值是多少"))
    assert answer.reason is Reason.REGION_MISSING, answer.answer
    assert answer.answer.startswith(f"没有收录{named}的报告。"), answer.answer


@pytest.mark.parametrize("place", ["禾丰", "禾丰县", "禾丰全县", "岱川市禾丰县"])
def test_the_held_place_is_answered_by_its_short_and_its_whole_name(city: AnswerPipeline, place: str) -> None:
    answer = city.answer(make_question(f"2023年{place}地区生产总值是多少"))
    assert "186.4亿元" in answer.answer


def test_words_that_begin_with_a_rank_make_no_place(city: AnswerPipeline) -> None:
    """县域, 市场 and 区级 are no ranks of a name."""
    for thing in ("禾丰县级粮食产量", "柳桥区域粮食产量", "禾丰市场粮食产量"):
        assert city.answer(make_question(f"2023年{thing}是多少")).reason is not Reason.REGION_MISSING


def test_what_a_report_tells_of_an_area_is_found_by_the_name_it_has_there(city: AnswerPipeline) -> None:
    """No report here names a 工业园区, so that the whole name stays in the refusal, and the nearest is the place around."""
    answer = city.answer(make_question("2023年岱川市工业园区固定资产投资是多少"))
    assert answer.abstained
    assert answer.nearest[0].citation.region == "岱川市"
