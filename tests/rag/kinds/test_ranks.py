"""Places in a row: sorted, cut, ties told, and who is missing."""

from __future__ import annotations

import pytest

from rag.pipeline import AnswerPipeline
from tests.builders import make_question


@pytest.mark.parametrize(
    ("question", "rows"),
    [
        ("2023年各县区地区生产总值排名", ["1. 柳桥区：240.7亿元", "2. 禾丰县：186.4亿元", "3. 石栎县：97.2亿元"]),
        ("2023年地区生产总值前二的县区有哪些", ["1. 柳桥区：240.7亿元", "2. 禾丰县：186.4亿元"]),
        ("2023年地区生产总值最高的两个县", ["1. 柳桥区：240.7亿元", "2. 禾丰县：186.4亿元"]),
        ("2023年地区生产总值后2名的县", ["1. 石栎县：97.2亿元", "2. 禾丰县：186.4亿元"]),
        ("2023年哪些县地区生产总值超过150亿元", ["1. 柳桥区：240.7亿元", "2. 禾丰县：186.4亿元"]),
        ("2023年固定资产投资增速低于10%的县有哪些", ["2. 柳桥区：增长7.5%", "3. 石栎县：下降2.4%"]),
        ("2023年各县区地区生产总值增速前两名", ["1. 石栎县：增长6.2%（并列）", "1. 禾丰县：增长6.2%（并列）"]),
        ("2023年各县粮食产量从高到低", ["1. 禾丰县：21.5万吨", "2. 柳桥区：8.6万吨"]),
    ],
)
def test_the_asked_stretch_of_a_row_in_its_order(city: AnswerPipeline, question: str, rows: list[str]) -> None:
    answer = city.answer(make_question(question))
    told = [line.partition("[")[0] for line in answer.answer.splitlines() if "[" in line]
    assert told == rows, answer.answer
    assert len(answer.values) == len(rows)


def test_an_amount_never_stands_beside_a_rate(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年各县区地区生产总值排名"))
    assert {v.measure for v in answer.values} == {"level"}
    assert "增长" not in answer.answer


def test_who_states_nothing_is_named_once(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年各县粮食产量排名"))
    assert answer.answer.count("石栎县") == 1
    assert "报告没有给出的：石栎县。" in answer.answer


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("2023年禾丰县地区生产总值在各县区排第几", "禾丰县第2："),
        ("2023年禾丰县地区生产总值增速在各县区中排名第几", "禾丰县并列第1："),
    ],
)
def test_the_rank_of_one_place(city: AnswerPipeline, question: str, told: str) -> None:
    answer = city.answer(make_question(question))
    assert told in answer.answer
    assert len(answer.values) == 1


@pytest.mark.parametrize("question", ["2023年前三季度禾丰县地区生产总值是多少", "禾丰县前五年粮食产量是多少"])
def test_the_first_part_of_a_time_is_no_end_of_a_row(city: AnswerPipeline, question: str) -> None:
    assert city.answer(make_question(question)).understood.kind.value != "rank"


def test_two_named_places_are_compared_with_each_other_only(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年禾丰县和石栎县两个县地区生产总值哪个最高"))
    assert "柳桥区" not in answer.answer


def test_in_english_a_row_is_told_in_english(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年各县区地区生产总值排名", language="en"))
    assert answer.answer.splitlines()[0].startswith("GDP in 2023, among 3 districts and counties")


def test_a_place_that_does_not_state_it_has_no_rank(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("2023年石栎县粮食产量在各县区排第几"))
    assert answer.abstained
    assert "石栎县" in answer.answer
