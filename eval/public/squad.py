"""CMRC 2018 and XQuAD: retrieval of the passage, and for CMRC 2018 the answers of the product as it is."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import re
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from eval.embedding.measure import evaluate
from eval.embedding.tasks import Task, squad_task
from eval.public.rows import Row
from index.ingest import ingest
from index.store.embedding import Embedder
from rag.answer.citing import MARK
from rag.opening import open_pipeline
from rag.types import Filters, Question
from settings import Settings

ASKED_ON = dt.date(2019, 1, 1)
_PIECE = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a SQuAD-like file: the number of its passage, and the spans that annotators gave."""

    question: str
    passage: int
    answers: tuple[str, ...]


def read_squad(path: Path) -> tuple[tuple[str, ...], tuple[Asked, ...]]:
    """(passages, questions) of a file in SQuAD's layout, gzip-compressed."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        content: Any = json.load(file)
    passages: list[str] = []
    asked: list[Asked] = []
    for article in content["data"]:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                answers = tuple(dict.fromkeys(answer["text"] for answer in question["answers"]))
                asked.append(Asked(question["question"], len(passages), answers))
            passages.append(paragraph["context"])
    return tuple(passages), tuple(asked)


def pieces(text: str) -> list[str]:
    """The units in which CMRC 2018 counts: each Chinese character, each run of other letters and digits; no punctuation."""
    return _PIECE.findall(text.lower())


def overlap_f1(answer: str, gold: str) -> float:
    """CMRC 2018's F1: from the longest run of pieces that the two have in common (not from a bag of them)."""
    one, other = pieces(answer), pieces(gold)
    longest = 0
    before = [0] * (len(other) + 1)
    for piece in one:
        now = [0] * (len(other) + 1)
        for place, wanted in enumerate(other, 1):
            if piece == wanted:
                now[place] = before[place - 1] + 1
                longest = max(longest, now[place])
        before = now
    if not longest:
        return 0.0
    precision, recall = longest / len(one), longest / len(other)
    return 2 * precision * recall / (precision + recall)


def exact(answer: str, gold: str) -> bool:
    """CMRC 2018's exact match: equal but for case, white space and punctuation."""
    return "".join(pieces(answer)) == "".join(pieces(gold))


def retrieval_rows(model: Embedder, task: Task) -> list[Row]:
    """Dense, BM25 and fused retrieval of the passage."""
    return [
        Row(s.task, s.retriever, s.queries, {"nDCG@10": s.ndcg_at_10, "R@1": s.recall_at_1, "R@5": s.recall_at_5})
        for s in evaluate(model, [task])
    ]


def first(task: Task, limit: int | None) -> Task:
    """The first queries over all passages."""
    return replace(task, queries=task.queries[:limit], relevant=task.relevant[:limit])


def cmrc(
    settings: Settings, model: Embedder, folder: Path, limit: int | None, on_case: Callable[[], None]
) -> list[Row]:
    """CMRC 2018 dev: retrieval, and answers with the passage given and with all passages held."""
    path = folder / "cmrc2018_dev.json.gz"
    passages, asked = read_squad(path)
    rows = retrieval_rows(model, first(squad_task("CMRC 2018 dev", path, path), limit))
    return rows + _answer_rows(settings, model, passages, asked[:limit], on_case)


def xquad(model: Embedder, folder: Path, limit: int | None) -> list[Row]:
    """XQuAD: questions over passages of the same language, and across."""
    files = {language: folder / f"xquad.{language}.json.gz" for language in ("zh", "en")}
    rows: list[Row] = []
    for question, passage in (("zh", "zh"), ("en", "en"), ("en", "zh"), ("zh", "en")):
        task = squad_task(f"XQuAD {question}→{passage}", files[question], files[passage])
        rows += retrieval_rows(model, first(task, limit))
    return rows


def _answer_rows(
    settings: Settings, model: Embedder, passages: Sequence[str], asked: Sequence[Asked], on_case: Callable[[], None]
) -> list[Row]:
    """Each passage goes in as a file of its own; the answer is what the service says, its citation marks left out."""
    with tempfile.TemporaryDirectory(prefix="wenju-cmrc-") as name:
        files = Path(name) / "files"
        files.mkdir()
        for number, text in enumerate(passages):
            (files / f"{number:04}.txt").write_text(text, encoding="utf-8")
        index = Path(name) / "index"
        ingest([files], index, model, settings.token_vocabulary, settings.chunking)
        pipeline = open_pipeline(index, settings.embedding)
        try:
            rows = []
            for setting in ("answer, passage given", "answer, all passages"):
                given = setting.endswith("given")
                told = []
                for one in asked:
                    filters = Filters(documents=(f"{one.passage:04}.txt",)) if given else Filters()
                    answer = pipeline.answer(Question(one.question, ASKED_ON, filters=filters))
                    told.append(None if answer.abstained else MARK.sub("", answer.answer))
                    on_case()
                rows.append(Row("CMRC 2018 dev", setting, len(asked), answer_figures(asked, told)))
        finally:
            pipeline.close()
    return rows


def answer_figures(asked: Sequence[Asked], told: Sequence[str | None]) -> dict[str, float]:
    """EM, F1, the share of answers that hold a gold span, and of refusals; None is a refusal and scores 0."""
    count = len(asked)
    pairs = list(zip(asked, told, strict=True))
    return {
        "EM": sum(t is not None and any(exact(t, gold) for gold in a.answers) for a, t in pairs) / count,
        "F1": sum(max((overlap_f1(t, gold) for gold in a.answers), default=0.0) for a, t in pairs if t is not None) / count,
        "holds the span": sum(t is not None and any("".join(pieces(g)) in "".join(pieces(t)) for g in a.answers) for a, t in pairs) / count,
        "refused": sum(t is None for t in told) / count,
    }  # fmt: skip
