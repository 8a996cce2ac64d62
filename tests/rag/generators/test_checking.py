"""What a sentence about real evidence may say: a table of right and wrong ones, in Chinese and in English."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from eval.command import OWN_SET
from rag.answer.pieces import Draft
from rag.generators.checking import SentenceCheck
from rag.generators.contract import Evidence
from rag.generators.registry import Generators
from rag.generators.writing import Written, sentences, write
from rag.pipeline import AnswerPipeline
from tests.builders import make_question


class Keeping:
    """Keeps the evidence that it is handed, and repeats the answer that is there."""

    def __init__(self) -> None:
        self.evidence: list[Evidence] = []

    def write(self, evidence: Evidence, /) -> Iterator[str]:
        self.evidence.append(evidence)
        yield evidence.extractive


class Telling:
    """Tells what it was given to tell."""

    def __init__(self, text: str) -> None:
        self._text = text

    def write(self, evidence: Evidence, /) -> Iterator[str]:
        del evidence
        yield self._text


def evidence_of(pipeline: AnswerPipeline, question: str) -> Evidence:
    kept = Keeping()
    own = AnswerPipeline(pipeline.snapshot, pipeline.embedder, Generators(factories={"keeping": lambda _: kept}))
    own.answer(replace(make_question(question), generator="keeping"))
    return kept.evidence[0]


ZH = "2020年嘉定固定资产投资增长多少"
EN = "How fast did fixed-asset investment in Jiading grow in 2020?"
HALF = "2020年上半年嘉定固定资产投资增长多少"
TARGET = "徐汇区2021年地区生产总值的增长目标是多少"
TEXT = "嘉定区2020年在产业发展方面做了什么"
TWO = "2020年嘉定和闵行的固定资产投资分别是多少"

STANDS = [
    (ZH, "2020年，嘉定区固定资产投资同比增长18.3%。[1]"),
    (ZH, "嘉定区2020年完成固定资产投资429.7亿元，增速为18.3%。[1]"),
    (ZH, "固定资产投资完成４２９．７亿元。[1]"),
    (ZH, "二〇二〇年嘉定区固定资产投资429.7亿元。[1]"),
    (ZH, "报告写道「固定资产投资完成429.7亿元,同比增长18.3%」。[1]"),
    (ZH, "其中四大新兴产业产值545.8亿元，同比增长3.1%。[1]"),
    (EN, "Fixed-asset investment in Jiading grew 18.3% in 2020.[1]"),
    (EN, "In 2020, fixed asset investment of Jiading District was 42.97 billion yuan, up 18.3 percent.[1]"),
    (HALF, "2020年上半年，嘉定区固定资产投资199.3亿元，同比增长30.5%。[1]"),
    (TWO, "2020年嘉定区固定资产投资429.7亿元[1]，闵行区为731亿元[2]。"),
]

FALLS = [
    (ZH, "2020年，嘉定区固定资产投资增长18.4%。[1]", "number"),
    (ZH, "2020年，嘉定区固定资产投资增长一倍，达到百分之二十。[1]", "number"),
    (ZH, "2019年，嘉定区固定资产投资增长18.3%。[1]", "time"),
    (ZH, "2020年上半年，嘉定区固定资产投资增长18.3%。[1]", "time"),
    (ZH, "2020年12月，嘉定区固定资产投资增长18.3%。[1]", "time"),
    (ZH, "2020年，浦东新区固定资产投资增长18.3%。[1]", "place"),
    (ZH, "2020年，北京市固定资产投资增长18.3%。[1]", "place"),
    (ZH, "2020年，嘉定区地区生产总值增长18.3%。[1]", "time or thing"),
    (ZH, "2020年，嘉定区固定资产投资增长28.7%。[1]", "time or thing"),
    (ZH, "2020年，嘉定区固定资产投资增长429.7%。[1]", "number"),
    (ZH, "2020年，嘉定区固定资产投资增长18.3个百分点。[1]", "time or thing"),
    (ZH, "2020年，嘉定区固定资产投资完成18.3亿元。[1]", "number"),
    (ZH, "2020年，嘉定区固定资产投资减少18.3%。[1]", "another direction"),
    (ZH, "嘉定区2020年固定资产投资目标是429.7亿元。[1]", "time or thing"),
    (ZH, "固定资产投资429.7亿元，同比增长18.3%，详见 https://evil.example 。[1]", "link"),
    (ZH, "![x](//evil.example?q=18.3)[1]", "link"),
    (ZH, "嘉定区的经济前景一片光明，投资者信心十足。[1]", "no figure"),
    (ZH, "嘉定区固定资产投资完成429.7亿元，区长因此获得全国劳动模范称号并调任中央。[1]", "more than"),
    (ZH, "报告写道“嘉定区投资全市第一”。[1]", "quotes"),
    (ZH, "报告写道「固定资产投资完成4297亿元,同比增长183%」。[1]", "quotes"),
    (ZH, "嘉定区2020年固定资产投资完成429.7亿美元。[1]", "time or thing"),
    (ZH, "嘉定区2020年固定资产投资占比18.3%。[1]", "time or thing"),
    (ZH, "嘉定区2020年固定资产投资增长了429.7亿元。[1]", "time or thing"),
    (ZH, "嘉定区固定资产投资没有同比增长。[1]", "no figure"),
    (ZH, "嘉定区固定资产投资同比增长。[1]", "no figure"),
    (ZH, "嘉定区2020年固定资产投资并未增长18.3%。[1]", "denies"),
    (EN, "Fixed-asset investment in Jiading was 42.97 billion US dollars in 2020.[1]", "time or thing"),
    (TEXT, "我是一个乐于助人的人工智能助手很高兴认识你。[1]", "more than"),
    (TEXT, "区长因此获得全国劳动模范称号并调任中央工作。[1]", "more than"),
    (ZH, "嘉定区固定资产投资增长18.3%。", "cites nothing"),
    (ZH, "嘉定区固定资产投资增长18.3%。[2]", "does not exist"),
    (ZH, "好的。[1]", "no figure"),
    (EN, "Fixed-asset investment in Jiading grew 18.3% in 2021.[1]", ""),
    (EN, "Fixed-asset investment in Jiading fell 18.3% in 2020.[1]", "another direction"),
    (EN, "Fixed-asset investment in Jiading grew 42.97% in 2020.[1]", "number"),
    (EN, "GDP of Jiading grew 18.3% in 2020.[1]", "time or thing"),
    (EN, "Jiading is a wonderful place to invest your money.[1]", "no figure"),
    (HALF, "2020年，嘉定区固定资产投资199.3亿元。[1]", "time or thing"),
    (TWO, "2020年嘉定区固定资产投资731亿元[1][2]。", "time or thing"),
    (TWO, "2020年闵行区固定资产投资731亿元[1]。", ""),
]  # fmt: skip


@pytest.mark.parametrize(("question", "sentence"), STANDS)
def test_what_the_evidence_says_stands(pipeline: AnswerPipeline, question: str, sentence: str) -> None:
    evidence = evidence_of(pipeline, question)
    assert SentenceCheck(evidence, pipeline.snapshot.regions).fault(sentence) is None


@pytest.mark.parametrize(("question", "sentence", "fault"), FALLS)
def test_what_it_does_not_say_falls(pipeline: AnswerPipeline, question: str, sentence: str, fault: str) -> None:
    evidence = evidence_of(pipeline, question)
    found = SentenceCheck(evidence, pipeline.snapshot.regions).fault(sentence)
    assert found is not None
    assert fault in found


def test_a_target_is_not_a_result(pipeline: AnswerPipeline) -> None:
    evidence = evidence_of(pipeline, TARGET)
    (fact, *_) = [f for e in evidence.exhibits for f in e.facts if f.canonical == "地区生产总值"]
    check = SentenceCheck(evidence, pipeline.snapshot.regions)
    assert check.fault(f"2021年，徐汇区地区生产总值的目标是增长{fact.written}。[1]") is None
    assert check.fault(f"2021年，徐汇区地区生产总值增长了{fact.written}。[1]") is not None


def with_first(evidence: Evidence, n: int, quote: str) -> Evidence:
    """The same evidence with another number and quotation of its first exhibit."""
    first, *others = evidence.exhibits
    changed = replace(first, citation=replace(first.citation, n=n, quote=quote))
    return replace(evidence, exhibits=(changed, *others))


@pytest.mark.parametrize("n", [7, 100, 1234])
def test_a_mark_may_have_as_many_digits_as_there_are_exhibits(pipeline: AnswerPipeline, n: int) -> None:
    """And what is written is numbered by itself."""
    evidence = evidence_of(pipeline, ZH)
    evidence = with_first(evidence, n, evidence.exhibits[0].citation.quote)
    check = SentenceCheck(evidence, pipeline.snapshot.regions)
    sentence = "2020年，嘉定区固定资产投资同比增长18.3%。"
    assert check.fault(f"{sentence}[{n}]") is None
    assert check.fault(f"{sentence}[{n}][{n + 1}]") == "cites what does not exist"
    assert check.fault(f"{sentence}[{'1' * 5000}]") == "cites nothing"
    *_, written = write("told", Telling(f"{sentence}【{n}】"), evidence, Draft(""), check)
    assert isinstance(written, Written)
    assert written.draft.text == f"{sentence}[1]"
    assert [(c.n, c.quote) for c in written.draft.citations] == [(1, evidence.exhibits[0].citation.quote)]


def test_a_note_of_the_source_cites_nothing(pipeline: AnswerPipeline) -> None:
    """Its mark stands in a quotation and in the answer that stands in; a mark of neither is one that does not exist."""
    quote = "固定资产投资完成429.7亿元[35]，同比增长18.3%"
    evidence = with_first(evidence_of(pipeline, ZH), 1, quote)
    check = SentenceCheck(evidence, pipeline.snapshot.regions)
    assert check.fault(f"报告写道「{quote}」。[1]") is None
    assert check.fault(f"报告写道「{quote}」。[35]") == "cites what does not exist"
    assert check.fault(f"报告写道「{quote}」。[36][1]") == "cites what does not exist"
    *_, written = write("told", Telling("好的。[1]"), evidence, Draft(f"{quote}。[1]"), check)
    assert isinstance(written, Written)
    assert written.draft.text == f"{quote}。[1]"
    assert [c.n for c in written.draft.citations] == [1]


def test_our_own_answers_stand(pipeline: AnswerPipeline) -> None:
    """Every answer of the bundled questions, as if a model had said it word for word: none is replaced."""
    kept = Keeping()
    own = AnswerPipeline(pipeline.snapshot, pipeline.embedder, Generators(factories={"keeping": lambda _: kept}))
    replaced = []
    asked = 0
    for line in OWN_SET.read_text(encoding="utf-8").splitlines():
        question = make_question(json.loads(line)["question"])
        if pipeline.answer(question).abstained:
            continue
        asked += 1
        answer = own.answer(replace(question, generator="keeping"))
        if answer.generator != "keeping":
            replaced.append((question.text, answer.notes))
    assert asked > 40
    assert replaced == []
    # Nearly all of them would stand if they were not known for our own.
    foreign = [
        SentenceCheck(evidence, pipeline.snapshot.regions).fault_of_foreign(sentence)
        for evidence in kept.evidence
        for sentence in sentences(evidence.extractive)
    ]
    assert sum(fault is None for fault in foreign) >= 0.9 * len(foreign)
