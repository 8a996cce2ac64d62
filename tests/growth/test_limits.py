"""What is cut before it is read, what is said of it, and what happens where the work still costs too much."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from api.shared.errors import status_of
from index.budget import check, spending
from index.errors import SourceError
from index.ingest import ingest
from index.store.embedding import Embedder
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.errors import QuestionTooCostlyError
from rag.limits import MOST_READ, as_read
from rag.pipeline import AnswerPipeline
from rag.types import Question
from rag.understand.readings import MOST_SENTENCES

DAY = dt.date(2024, 1, 1)
REPORT = "青石县政府工作报告\n(2021年1月9日)\n各位代表:\n一、2020年工作回顾\n粮食产量达到5万吨。\n"


def test_a_usual_conversation_is_read_whole() -> None:
    question = Question("那2019年呢?", DAY, ("2020年粮食产量是多少?",) * 20)
    assert as_read(question) == (question, ())


def test_of_long_questions_before_one_the_newest_are_read() -> None:
    """What is left out is said, and stands at the beginning: a follow-up goes on from what was asked right before it."""
    history = tuple(f"{n}" * 500 for n in range(1, 10))
    read, notes = as_read(Question("那2019年呢?", DAY, history))
    assert read.history == history[-MOST_READ // 500 :]
    assert notes == (f"history: the {9 - MOST_READ // 500} oldest of 9 questions were not read",)
    assert as_read(Question("呢?", DAY, ("长" * 5000, "2020年粮食产量是多少?")))[0].history == (
        "2020年粮食产量是多少?",
    )


def test_white_space_says_no_more_for_being_long() -> None:
    assert as_read(Question("粮食" + " " * 500 + "产量\n\n多少?", DAY))[0].text == "粮食    产量\n\n多少?"


def test_the_answer_names_what_was_not_read(pipeline: AnswerPipeline) -> None:
    """The question stands in the answer as it was asked."""
    answer = pipeline.answer(Question("那2019年呢?" + " " * 9, DAY, ("粮" * 900,) * 5))
    assert answer.question == "那2019年呢?" + " " * 9
    assert any("questions were not read" in note for note in answer.notes)


def test_of_many_questions_in_one_the_first_are_answered(pipeline: AnswerPipeline) -> None:
    text = "2021年地区生产总值是多少?" * (MOST_SENTENCES + 3)
    answer = pipeline.answer(Question(text, DAY))
    assert f"only the first {MOST_SENTENCES} of {MOST_SENTENCES + 3} questions in one were read" in answer.notes


def test_a_question_that_costs_too_much_is_ended(pipeline: AnswerPipeline, monkeypatch: pytest.MonkeyPatch) -> None:
    """With a reason that a client can act on: 503 on every surface."""
    monkeypatch.setattr("rag.pipeline.MOST_SECONDS", -1.0)
    with pytest.raises(QuestionTooCostlyError, match="ask a shorter one") as raised:
        pipeline.answer(Question("2021年地区生产总值是多少?", DAY))
    assert status_of(raised.value) == 503


def test_a_budget_holds_inside_its_context_only() -> None:
    check()
    with pytest.raises(SourceError), spending(-1.0, lambda: SourceError("a.txt", "takes too long")):
        check()
    check()


def test_a_file_that_costs_too_much_is_left_out_and_named(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The others are taken, and so is the next version of it."""
    folder = tmp_path / "reports"
    folder.mkdir()
    for name, more in (("good.txt", ""), ("bad.txt", "棉花产量达到7万吨。\n"), ("copy.txt", "棉花产量达到7万吨。\n\n")):
        (folder / name).write_text(REPORT + more, encoding="utf-8")
    monkeypatch.setattr("index.reading.seconds_for", lambda source: 60.0 if source.name == "good.txt" else -1.0)
    report = ingest([folder], tmp_path / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    assert report.added == ("good.txt",)
    assert {name for name, _ in report.refused} == {"bad.txt", "copy.txt"}
    assert all("of computing to read" in cause for _, cause in report.refused)
    monkeypatch.undo()
    again = ingest([folder], tmp_path / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    assert not again.refused
    assert set(again.added) == {"bad.txt", "good.txt"}
    assert again.same == (("copy.txt", "bad.txt"),)


def test_a_file_alone_that_costs_too_much_changes_nothing(
    tmp_path: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bad.txt").write_text(REPORT, encoding="utf-8")
    monkeypatch.setattr("index.reading.seconds_for", lambda _: -1.0)
    with pytest.raises(SourceError, match="of computing to read"):
        ingest([tmp_path / "bad.txt"], tmp_path / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())


def test_the_doubts_name_text_that_is_not_read(tmp_path: Path, embedder: Embedder) -> None:
    from index.store.snapshot import open_snapshot

    (tmp_path / "a.txt").write_text(REPORT + "全县" + "增长1%" * 800 + "。\n", encoding="utf-8")
    ingest([tmp_path / "a.txt"], tmp_path / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    snapshot = open_snapshot(tmp_path / "index", embedder)
    assert any("no figure is read in" in doubt for document in snapshot.documents for doubt in document.doubts)
    assert [fact.written for fact in snapshot.facts] == ["5万吨"]
    snapshot.close()


def test_a_number_too_long_to_mean_anything_is_none() -> None:
    from index.words.numbers import find_figures, read_numeral

    assert read_numeral("一" * 5000) is None
    assert read_numeral("1" * 5000) is None
    assert find_figures("1" * 3000 + "亿元") == []
