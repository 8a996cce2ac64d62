"""A result beside its target and whether it met it; two places or years beside each other, both looked up."""

from __future__ import annotations

import pytest

from rag.pipeline import AnswerPipeline
from tests.builders import make_question


@pytest.mark.parametrize(
    ("question", "verdict", "formula"),
    [
        ("2023年岱川市城镇新增就业多少人，完成年初目标了吗", "完成了目标", "2.46万人 − 2.4万人 = 0.06万人"),
        ("2023年岱川市一般公共预算收入增速有没有达到预期目标", "完成了目标", "6.1% − 5% = 1.1个百分点"),
        ("2023年岱川市居民消费价格涨幅控制在目标以内了吗", "完成了目标", "0.4% − 3% = -2.6个百分点"),
        ("2020年岱川市地区生产总值增长多少，是否完成年度目标", "没有完成目标", "2.4% − 6.5% = -4.1个百分点"),
        ("2023年岱川市城镇新增就业目标实现了没有", "完成了目标", "2.46万人 − 2.4万人 = 0.06万人"),
        ("2023年岱川市地区生产总值增速达标了吗", "略低于“左右”的目标", "5.5% − 6% = -0.5个百分点"),
    ],
)
def test_whether_a_target_was_met_is_calculated(
    city: AnswerPipeline, question: str, verdict: str, formula: str
) -> None:
    answer = city.answer(make_question(question))
    assert {v.status for v in answer.values} == {"actual", "target"}
    assert answer.answer.startswith(f"{verdict}：")
    assert answer.values[-1].derived is not None
    assert answer.values[-1].derived.formula == formula
    assert len(answer.citations) == 2


def test_without_a_target_the_result_is_told_and_that_none_is(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2019年岱川市地区生产总值完成目标了吗"))
    assert "701.5亿元" in answer.answer
    assert "没有给出2019年的“地区生产总值的目标”" in answer.answer
    assert "完成了目标" not in answer.answer


def test_a_question_for_the_target_itself_stays_one(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年岱川市城镇新增就业目标是多少"))
    assert {v.status for v in answer.values} == {"target"}


@pytest.mark.parametrize("words", ["哪个高", "一样吗", "谁更快"])
def test_equal_figures_are_called_equal(city: AnswerPipeline, words: str) -> None:
    answer = city.answer(make_question(f"2023年禾丰县和石栎县地区生产总值增速{words}"))
    assert answer.answer.startswith("两者相同（增长6.2%）。")


def test_of_two_years_the_larger_is_named_with_the_difference(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2022年和2023年岱川市城镇新增就业哪年多"))
    assert answer.answer.startswith("2023年最高（2.46万人），相差0.11万人")


@pytest.mark.parametrize(
    ("question", "told", "lacking"),
    [
        ("2023年岱川市固定资产投资比2022年多多少", "312.6亿元", "2022年"),
        ("2020年岱川市地区生产总值比2021年多多少亿元", "722.0亿元", "2021年"),
        ("2023年禾丰县和浙江省地区生产总值哪个高", "186.4亿元", "浙江省"),
    ],
)
def test_of_two_sides_the_one_that_is_told_stands_beside_the_gap(
    city: AnswerPipeline, question: str, told: str, lacking: str
) -> None:
    answer = city.answer(make_question(question))
    assert told in answer.answer
    assert lacking in answer.answer


def test_a_difference_is_calculated_though_a_growth_is_told(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年岱川市地区生产总值比2022年多多少"))
    assert answer.values[0].value == "43.5"


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2023年禾丰县比石栎县地区生产总值高多少", "相差89.2亿元"),
        ("2023年禾丰县地区生产总值比柳桥区低多少亿元", "柳桥区最高（240.7亿元），相差54.3亿元"),
        ("2023年禾丰县固定资产投资增速比柳桥区高还是低", "相差3.8个百分点"),
    ],
)
def test_a_place_set_against_another_is_told_with_it(city: AnswerPipeline, question: str, told: str) -> None:
    answer = city.answer(make_question(question))
    assert told in answer.answer.splitlines()[0]
    assert {v.region for v in answer.values} >= {"禾丰县"}
