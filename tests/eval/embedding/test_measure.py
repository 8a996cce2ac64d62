"""The embedding evaluation: metrics by hand, tasks from small files, a sound paraphrase set."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from eval.embedding import measure as embedding
from eval.embedding.tasks import (
    SECOND_AUTHOR,
    THIRD_AUTHOR,
    Task,
    lines_task,
    paraphrase_tasks,
    paraphrases,
    report_sentences,
    squad_task,
)
from rag.find.fusion import fuse


def test_rank_is_that_of_the_best_right_passage_and_ties_count_against_it() -> None:
    scores = np.array([[0.9, 0.5, 0.1], [0.5, 0.5, 0.1], [0.1, 0.2, 0.3]], dtype=np.float32)
    found = embedding.ranks(scores, [frozenset({1}), frozenset({0}), frozenset({0, 2})])
    assert found.tolist() == [2, 2, 1]


def test_figures_by_hand() -> None:
    """Ranks 1, 3 and 11: gains 1, 1/2 and 0."""
    one = embedding.score("t", "dense", np.array([1, 3, 11]))
    assert one.ndcg_at_10 == pytest.approx(0.5)
    assert one.recall_at_1 == pytest.approx(1 / 3)
    assert one.recall_at_5 == pytest.approx(2 / 3)


def test_fusion_follows_dense_alone_where_nothing_is_shared() -> None:
    dense = np.array([[0.2, 0.6, 0.4]], dtype=np.float32)
    fused = fuse(dense, np.zeros_like(dense), [3])
    assert fused.argsort().tolist() == dense.argsort().tolist()


def test_fusion_lets_lexical_evidence_decide_between_close_passages() -> None:
    dense = np.array([[0.60, 0.59, 0.0]], dtype=np.float32)
    lexical = np.array([[0.0, 9.0, 0.0]], dtype=np.float32)
    assert int(fuse(dense, lexical, [4]).argmax()) == 1


def test_one_shared_number_does_not_outweigh_meaning() -> None:
    """A long question that shares a single term with a wrong passage is still ranked by meaning."""
    dense = np.array([[0.9, 0.5, 0.1]], dtype=np.float32)
    lexical = np.array([[0.0, 2.0, 0.0]], dtype=np.float32)
    assert int(fuse(dense, lexical, [12]).argmax()) == 0


def test_bm25_uses_the_lexical_index_of_the_product() -> None:
    task = Task("t", ("固定资产投资",), ("森林覆盖率", "固定资产投资增长"), (frozenset({1}),))
    assert int(embedding.bm25_scores(task)[0].argmax()) == 1


def squad(path: Path, context: str, question: str) -> Path:
    content = {"data": [{"paragraphs": [{"context": context, "qas": [{"id": "q1", "question": question}]}]}]}
    path.write_bytes(gzip.compress(json.dumps(content).encode()))
    return path


def test_questions_of_one_language_find_passages_of_the_other_by_id(tmp_path: Path) -> None:
    task = squad_task("x", squad(tmp_path / "en", "a text", "which?"), squad(tmp_path / "zh", "一段文字", "哪个？"))
    assert task.queries == ("which?",)
    assert task.passages == ("一段文字",)
    assert task.relevant == (frozenset({0}),)


def test_a_line_that_occurs_twice_is_right_in_both_places(tmp_path: Path) -> None:
    for name, text in (("a", "一\n二\n三\n"), ("b", "one\none\nthree\n")):
        (tmp_path / name).write_bytes(gzip.compress(text.encode()))
    task = lines_task("x", tmp_path / "a", tmp_path / "b")
    assert task.relevant == (frozenset({0, 1}), frozenset({0, 1}), frozenset({2}))


def test_report_sentences_end_where_sentences_end() -> None:
    assert report_sentences("地区生产总值增长5%；投资增长3%。好。\n第二段没有句号") == (
        "地区生产总值增长5%；",
        "投资增长3%。",
        "第二段没有句号",
    )


def test_paraphrase_set_is_sound() -> None:
    """Ids are unique, both halves hold both languages, and no question stands in both halves."""
    questions = paraphrases()
    assert max(Counter(one.id for one in questions).values()) == 1
    assert sum(one.split == "test" for one in questions) >= 150
    assert {(one.split, one.lang) for one in questions} == {(a, b) for a in ("train", "test") for b in ("zh", "en")}
    halves = [{one.question for one in questions if one.split == split} for split in ("train", "test")]
    assert not halves[0] & halves[1]
    for one in questions:
        re.compile(one.evidence)
        assert one.seen or one.split == "test"


def test_the_third_authors_questions_stand_in_no_other_set_and_find_their_sentences(shared: Path) -> None:
    questions = paraphrases(THIRD_AUTHOR)
    assert Counter(one.lang for one in questions) == {"zh": 80, "en": 40}
    assert not {one.question for one in questions} & {
        one.question for one in (*paraphrases(), *paraphrases(SECOND_AUTHOR))
    }
    assert max(Counter(one.document for one in questions).values()) <= 5
    tasks = paraphrase_tasks(shared, questions)
    assert len(tasks) == 55
    assert all(len(right) <= 3 for task in tasks for right in task.relevant)


def test_a_question_without_a_right_sentence_is_an_error(tmp_path: Path) -> None:
    reports = tmp_path / "data" / "reports"
    reports.mkdir(parents=True)
    one = next(one for one in paraphrases() if one.split == "test")
    (reports / one.document).write_text("这份报告什么数字也没有。", encoding="utf-8")
    with pytest.raises(ValueError, match=one.id):
        paraphrase_tasks(tmp_path, [one])


def test_missing_shared_folder_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert embedding.main(["--shared", str(tmp_path)]) == 1
    assert "holds no data/bench" in capsys.readouterr().err
