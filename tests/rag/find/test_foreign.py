"""Reports in English answer in sentences, to questions in both languages, and refuse what they do not say."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Question
from tests.builders import write_files

REPORT = """REPORT ON THE WORK OF THE GOVERNMENT
Delivered at the Third Session of the Fifteenth National People's Congress on March 5, 2031
Fellow Deputies,
On behalf of the State Council, I now present to you my report on the work of the government.
I. Review of Work in 2030
Grain output reached 702 million metric tons.
A total of 11.87 million new urban jobs were created.
The forest coverage rate was raised to 26.3 percent.
We put 3,214 kilometers of newly built railway lines into operation.
Retail sales of consumer goods grew by 4.9 percent.
The discharge of major pollutants continued to fall, and the number of days with good air rose to 87.2 percent.
II. Major Tasks for 2031
We will create over 12 million new urban jobs.
Grain output is to stay above 700 million metric tons.
"""
CHINESE = "2031年青石市政府工作报告\n——2031年1月16日在青石市第十届人民代表大会第一次会议上\n各位代表：\n一、2030年工作回顾\n粮食产量40.2万吨。\n二、2031年工作安排\n粮食产量41万吨。\n"


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    base: Path = tmp_path_factory.mktemp("foreign")
    files: dict[str, str | bytes] = {"report.txt": REPORT, "stone.txt": CHINESE}
    ingest([write_files(base / "reports", files)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


def answer(pipeline: AnswerPipeline, question: str) -> Answer:
    return pipeline.answer(Question(question, dt.date(2031, 6, 1)))


@pytest.mark.parametrize(
    ("question", "told", "quoted"),
    [
        ("How many new urban jobs were created in China in 2030?", "11.87 million", "11.87 million new urban jobs"),
        ("What was China's grain output in 2030?", "702 million", "702 million metric tons"),
        ("2030年全国粮食产量是多少？", "全国粮食产量为7.02亿吨", "702 million metric tons"),
        # A figure whose name the vocabulary knows is told by that, in Chinese units.
        ("2030年我国森林覆盖率达到多少？", "全国森林覆盖率为26.3%", "26.3 percent"),
        ("How many kilometers of new railway lines went into operation in China in 2030?", "3214 kilometers", "3,214 kilometers"),
        ("2031年全国城镇新增就业的目标是多少？", "over 12 million new urban jobs", "over 12 million new urban jobs"),
    ],
)  # fmt: skip
def test_the_figure_or_the_sentence_that_tells_it_is_told(
    asked: AnswerPipeline, question: str, told: str, quoted: str
) -> None:
    found = answer(asked, question)
    assert not found.abstained
    assert told in found.answer
    assert quoted in found.citations[0].quote


@pytest.mark.parametrize(
    "question",
    [
        "How many nuclear reactors were started in China in 2030?",
        "2030年全国离婚多少对？",
        "How much did China's exports grow in 2030?",
        "2029年全国粮食产量是多少？",
        "2030年全国就业人员有多少？",
    ],
)
def test_what_no_sentence_tells_is_refused(asked: AnswerPipeline, question: str) -> None:
    assert answer(asked, question).abstained


def test_a_place_with_a_report_in_chinese_is_answered_from_it(asked: AnswerPipeline) -> None:
    assert "40.2万吨" in answer(asked, "2030年青石市粮食产量是多少？").answer
