"""Places in a row: sorted, cut, ties told, and who is missing."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from index.words.regions import Gazetteer
from rag.pipeline import AnswerPipeline
from tests.builders import make_question, write_files

_COUNTIES = 130
"""More than an answer has words for, and more than citations of two digits."""


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


def test_a_row_of_more_places_than_an_answer_has_words_for(tmp_path: Path, embedder: Embedder) -> None:
    """The text tells its beginning and how many follow; the values have all of it, in order and each with its citation."""
    regions = Gazetteer.load().regions
    called = [r.short for r in regions]
    names = [r.name for r in regions if r.level == "county" and len(r.short) > 1 and called.count(r.short) == 1]
    files: dict[str, str | bytes] = {
        f"{name}.txt": f"2024年{name}政府工作报告\n2023年，{name}地区生产总值完成{100 + n}.5亿元，同比增长5.2%。\n"
        for n, name in enumerate(names[:_COUNTIES])
    }
    ingest([write_files(tmp_path / "reports", files)], tmp_path / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    pipeline = AnswerPipeline(open_snapshot(tmp_path / "index", embedder), embedder)
    answer = pipeline.answer(make_question("2023年各县区地区生产总值排名"))
    assert not answer.abstained, answer.notes
    told = [line for line in answer.answer.splitlines() if line.partition(".")[0].isdigit()]
    assert told[0].startswith(f"1. {names[_COUNTIES - 1]}：{99 + _COUNTIES}.5亿元")
    assert (
        told
        == [f"{n}. {v.region}：{v.value}{v.unit}[{v.citation}]" for n, v in enumerate(answer.values, 1)][: len(told)]
    )
    # Of some of these names the reports are taken to be of a larger place.
    assert len(answer.values) > 100 > len(told)
    assert f"其余{len(answer.values) - len(told)}个见数据。" in answer.answer
    assert [float(v.value) for v in answer.values] == sorted((float(v.value) for v in answer.values), reverse=True)
    assert [v.citation for v in answer.values] == [c.n for c in answer.citations]
    assert [v.citation for v in answer.values] == list(range(1, len(answer.values) + 1))
