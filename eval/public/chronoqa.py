"""ChronoQA: whether the time that a question names is understood, and whether that helps to find the passage.

The gold passages are the only passages in the file, so retrieval is over 6,000 of them and not over the 300,000 news
texts of the paper; figures of the two cannot be compared. The dates of passages and the explicit ones of questions are
read here by a plain pattern, independent of the product's reader.
"""

from __future__ import annotations

import ast
import csv
import datetime as dt
import gzip
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from eval.embedding.measure import bm25_scores, dense_scores, ranks, score
from eval.embedding.tasks import Task
from eval.public.rows import Row
from index.store.embedding import Embedder
from index.text.tokens import query_tokens
from index.types import Period
from index.words.regions import Gazetteer
from rag.find.fusion import fuse
from rag.find.passages import EXACT_PERIOD
from rag.types import Question
from rag.understand.known import Known
from rag.understand.query import understand

SHORTEST = 15
"""Characters of a passage: shorter ones in the file are bare dates and say nothing."""

_DATE = re.compile(r"((?:19|20)\d\d)年(?:(1[0-2]|0?[1-9])月)?")

_DAY = re.compile(r"(\d{4})\D(\d{1,2})\D(\d{1,2})")


@dataclass(frozen=True, slots=True)
class Timed:
    """One question with the day it is asked on, how its time is given, and its gold passages."""

    question: str
    asked_on: dt.date
    expression: str
    kind: str
    passages: tuple[str, ...]


def read_chronoqa(path: Path) -> tuple[Timed, ...]:
    """All questions that have a date and a gold passage longer than a bare date."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    timed = []
    for row in rows:
        passages = tuple(p for p in ast.literal_eval(row["golden_chunks"]) if len(p) >= SHORTEST)
        # The file has 2024-6-15 and 2024-1月20日 too, and one row where a model's name stands instead of a date.
        day = _DAY.match(row["question_date"])
        if passages and day is not None:
            asked_on = dt.date(int(day[1]), int(day[2]), int(day[3]))
            timed.append(
                Timed(row["question"], asked_on, row["temporal_expression_type"], row["temporal_type"], passages)
            )
    return tuple(timed)


def dates(text: str) -> tuple[Period, ...]:
    """The years and months that a text spells out in digits; days count as their month."""
    found = []
    for match in _DATE.finditer(text):
        year = int(match[1])
        found.append(Period.months(year, int(match[2]), int(match[2])) if match[2] else Period.year(year))
    return tuple(dict.fromkeys(found))


def overlap(one: Sequence[Period], other: Sequence[Period]) -> bool:
    return any(a.overlaps(b) for a in one for b in other)


def chronoqa(model: Embedder, path: Path, limit: int | None, on_case: Callable[[], None]) -> list[Row]:
    """Understanding of time by kind of question, and retrieval without and with it."""
    asked = read_chronoqa(path)
    gazetteer = Gazetteer.load()
    known = Known(frozenset())
    read = []
    for one in asked[:limit]:
        read.append(understand(Question(one.question, one.asked_on), known, gazetteer).time.periods)
        on_case()
    return [*_understanding(asked[:limit], read), *_retrieval(model, asked, read)]


def _understanding(asked: Sequence[Timed], read: Sequence[tuple[Period, ...]]) -> list[Row]:
    """Of questions whose time can be told: read at all, and read as a time that a gold passage names.

    ``exact`` is given where the question spells its dates out: the very periods, and no other.
    """
    rows = []
    groups = sorted({(one.kind, one.expression) for one in asked})
    for kind, expression in groups:
        held = [
            (one, periods)
            for one, periods in zip(asked, read, strict=True)
            if (one.kind, one.expression) == (kind, expression) and any(dates(p) for p in one.passages)
        ]
        told = [(one, periods) for one, periods in held if periods]
        fits = sum(overlap(periods, [d for p in one.passages for d in dates(p)]) for one, periods in told)
        spelt = [(one, periods) for one, periods in held if dates(one.question)]
        same = sum(set(dates(one.question)) == set(periods) for one, periods in spelt)
        rows.append(
            Row(
                f"ChronoQA {kind}", f"time, {expression}", len(held),
                {
                    "time read": len(told) / len(held) if held else 0.0,
                    "fits a gold passage, where read": fits / len(told) if told else 0.0,
                    "spells a date": len(spelt) / len(held) if held else 0.0,
                    "exact, where spelt": same / len(spelt) if spelt else 0.0,
                },
            )
        )  # fmt: skip
    return rows


def _retrieval(model: Embedder, asked: Sequence[Timed], read: Sequence[tuple[Period, ...]]) -> list[Row]:
    """The first gold passage among all; with time, a passage that names the read time is preferred as in the product."""
    held: dict[str, int] = {}
    for one in asked:
        for passage in one.passages:
            held.setdefault(passage, len(held))
    chosen = asked[: len(read)]
    task = Task(
        "ChronoQA", tuple(one.question for one in chosen), tuple(held),
        tuple(frozenset(held[p] for p in one.passages) for one in chosen),
    )  # fmt: skip
    dense, lexical = dense_scores(model, task), bm25_scores(task)
    fused = fuse(dense, lexical, [len(query_tokens(query)) for query in task.queries])
    named = [dates(passage) for passage in held]
    bonus = np.zeros_like(fused)
    for number, periods in enumerate(read):
        if periods:
            bonus[number, [n for n, told in enumerate(named) if overlap(periods, told)]] = EXACT_PERIOD
    rows = []
    for setting, scores in (("dense", dense), ("bm25", lexical), ("fused", fused), ("fused, with time", fused + bonus)):
        found = score("ChronoQA", setting, ranks(scores, task.relevant))
        rows.append(
            Row("ChronoQA", setting, found.queries,
                {"nDCG@10": found.ndcg_at_10, "R@1": found.recall_at_1, "R@5": found.recall_at_5})
        )  # fmt: skip
    return rows
