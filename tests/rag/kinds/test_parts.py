"""A part of a whole is answered by the part or refused, never by the whole."""

from __future__ import annotations

import pytest

from rag.pipeline import AnswerPipeline
from tests.builders import make_question


@pytest.mark.parametrize(
    ("question", "figure"),
    [
        ("2023年岱川市一般公共预算收入里税收收入多少", "43.5亿元"),
        ("2023年岱川市一般公共预算收入其中税收收入多少", "43.5亿元"),
        ("2023年岱川市固定资产投资里面的工业投资是多少", "121.4亿元"),
        ("2023年岱川市外贸进出口总额中出口多少", "72.3亿元"),
        ("2023年岱川市进出口当中的出口是多少", "72.3亿元"),
    ],
)
def test_the_part_is_told(city: AnswerPipeline, question: str, figure: str) -> None:
    answer = city.answer(make_question(question))
    assert figure in answer.answer
    assert "312.6" not in answer.answer and "96.4" not in answer.answer


@pytest.mark.parametrize(
    ("question", "part"),
    [
        ("2023年岱川市固定资产投资中民间投资是多少", "民间投资"),
        ("2023年岱川市外贸进出口总额中进口多少", "进口总额"),
        ("2019年岱川市一般公共预算收入里税收收入多少", "税收收入"),
    ],
)
def test_a_part_that_is_not_told_is_refused_with_the_whole_as_nearest(
    city: AnswerPipeline, question: str, part: str
) -> None:
    answer = city.answer(make_question(question))
    assert answer.abstained
    assert f"“{part}”" in answer.answer
    assert answer.nearest[0].citation.period == question[:4]


def test_the_share_of_a_part_asks_for_both(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年岱川市固定资产投资中工业投资占比多少"))
    assert answer.values[0].derived is not None
    assert answer.values[0].derived.formula.startswith("121.4亿元 ÷ 312.6亿元")
