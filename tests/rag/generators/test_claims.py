"""What replies claim against what their evidence says: right ones pass, and none of the ways to make them false.

The short form of ``python -m benchmarks.generators``, without a service in between.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from benchmarks.generators.__main__ import index_of_reports, questions
from benchmarks.generators.faults import faults, without_marks
from index.store.embedding import BUILT_IN_MODEL
from rag.generators.checking import SentenceCheck
from rag.generators.claims import LONGEST
from rag.generators.covering import Words, denials, is_covered, moves
from rag.generators.writing import sentences
from rag.opening import open_pipeline
from rag.pipeline import AnswerPipeline
from tests.rag.generators.test_checking import evidence_of

EVERY = 12
"""Of the false replies each so-many-th is tried here; more than 200 with those that were written by hand."""


@pytest.fixture(scope="module")
def reports() -> Iterator[AnswerPipeline]:
    """The bundled reports and the one that the benchmark brings."""
    with index_of_reports() as index:
        pipeline = open_pipeline(index, str(BUILT_IN_MODEL))
        yield pipeline
        pipeline.close()


def passed(pipeline: AnswerPipeline, question: str, replies: list[str]) -> list[str]:
    """Of each reply what stands of it."""
    evidence = evidence_of(pipeline, question)
    told = []
    for reply in replies:
        check = SentenceCheck(evidence, pipeline.snapshot.regions)
        told.append("".join(s for s in sentences(reply) if check.fault(s) is None))
    return told


def by_question(name: str) -> dict[str, list[str]]:
    asked: dict[str, list[str]] = {}
    for question, reply in questions(name):
        asked.setdefault(question, []).append(reply)
    return asked


def test_right_replies_in_other_words_stand(reports: AnswerPipeline) -> None:
    """All of those that the check was made with, and nearly all of those that it had not seen."""
    for name, least in (("right.toml", 1.0), ("unseen.toml", 0.9)):
        stood = [r == t for q, rs in by_question(name).items() for r, t in zip(rs, passed(reports, q, rs), strict=True)]
        assert sum(stood) >= least * len(stood), name
    assert len(questions("right.toml")) + len(questions("unseen.toml")) > 80


def test_nothing_false_stands(reports: AnswerPipeline) -> None:
    tried = 0
    for question, replies in by_question("right.toml").items():
        made = [fault for reply in replies for fault in faults(reply)][tried % EVERY :: EVERY]
        for fault, stands in zip(made, passed(reports, question, [f.reply for f in made]), strict=True):
            assert fault.false not in without_marks(stands), fault
        tried += len(made)
    for question, replies in by_question("wrong.toml").items():
        for reply, stands in zip(replies, passed(reports, question, replies), strict=True):
            assert stands != reply
        tried += len(replies)
    assert tried > 200


def words(*told: str) -> list[Words]:
    return [Words.of(each) for each in told]


@pytest.mark.parametrize(
    ("clause", "told", "covered"),
    [
        ("加快培育新经济", "新经济加快培育", True),
        ("由三类提升为四类", "由四类提升为三类", False),
        ("人民医院投入使用", "第二人民医院投入使用", False),
        ("轨道交通尚未开工", "轨道交通二号线尚未开工", False),
        ("推动西山中学扩建", "推进西山中学扩建", True),
        ("引进人才12人", "引进人才126人", False),
        ("引进人才126人", "引进人才126人", True),
        ("引进r&d人才", "引进人才", False),
    ],
)
def test_words_are_the_evidence_s(clause: str, told: str, covered: bool) -> None:
    """In its order where that is the meaning, its names whole, its numbers too."""
    assert is_covered(clause, words(told), (), {"的"}) is covered


def test_moves_and_denials_are_counted() -> None:
    assert [m.ways for m in moves("由降转升")] == ["-+"]
    assert [m.ways for m in moves("汽车行业增速较上年回落,投资增长")] == ["~-", "+"]
    assert [m.ways for m in moves("降幅收窄")] == ["=-"]
    assert (denials("尚未开工"), denials("未来不断发展"), denials("没有未完成的")) == (1, 0, 2)


def test_work_on_a_clause_is_bounded(reports: AnswerPipeline) -> None:
    check = SentenceCheck(evidence_of(reports, "西山中学扩建工程完工了吗"), reports.snapshot.regions)
    assert check.fault(f"{'西山中学' * LONGEST}[1]") is not None
    assert check.fault(f"{'西山中学扩建工程未能按期完工。' * 400}[1]") == "is too long to be checked"
