"""How well an embedding model retrieves: alone, beside BM25, and fused with it.

``main(["--model", FOLDER])`` prints one table; ``evaluate`` gives the same figures as values. Nothing here chooses a
setting: those are chosen on held-out training rows (``index.training.texts.devset``).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from eval.embedding.remembering import Remembering
from eval.embedding.tasks import SECOND_AUTHOR, THIRD_AUTHOR, Task, benchmark_tasks, paraphrase_tasks, paraphrases
from index.store.chosen import ChosenModel
from index.store.embedding import BUILT_IN_MODEL, Embedder, load_embedder
from index.store.sparse import SparseIndex
from index.text.tokens import query_tokens
from rag.find.fusion import fuse

Scores = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Score:
    """Figures of one retriever on one task, all between 0 and 1. ``recall`` is a share of queries: any right hit counts."""

    task: str
    retriever: str
    queries: int
    ndcg_at_10: float
    recall_at_1: float
    recall_at_5: float


def dense_scores(model: Embedder, task: Task) -> Scores:
    """Cosine of every query with every passage."""
    held = model.encode(task.passages, role="passage")
    return np.asarray(model.encode(task.queries, role="query") @ held.T, dtype=np.float32)


def bm25_scores(task: Task) -> Scores:
    """BM25 of every query with every passage, by the product's own lexical index; zero where they share no term."""
    engine = SparseIndex.build(task.passages)
    return np.stack([engine.scores(query) for query in task.queries])


def ranks(scores: Scores, relevant: Sequence[frozenset[int]]) -> npt.NDArray[np.int64]:
    """The rank, from 1, of each query's first right passage. Passages with the same score stand before it."""
    first = []
    for row, right in zip(scores, relevant, strict=True):
        best = max(float(row[number]) for number in right)
        wrong = np.ones(len(row), dtype=bool)
        wrong[list(right)] = False
        first.append(1 + int((row[wrong] >= best).sum()))
    return np.array(first, dtype=np.int64)


def score(task: str, retriever: str, found: npt.NDArray[np.int64]) -> Score:
    """Figures from the ranks of the first right passages."""
    gain = np.where(found <= 10, 1 / np.log2(1 + found), 0.0)
    return Score(
        task, retriever, len(found), float(gain.mean()), float((found <= 1).mean()), float((found <= 5).mean())
    )


def evaluate(model: Embedder, tasks: Sequence[Task], name: str = "") -> list[Score]:
    """Every retriever on every task; with ``name`` the tasks are pooled into one line of that name."""
    rows: dict[str, dict[str, list[npt.NDArray[np.int64]]]] = {}
    for task in tasks:
        dense, lexical = dense_scores(model, task), bm25_scores(task)
        terms = [len(query_tokens(query)) for query in task.queries]
        for retriever, scores in (("dense", dense), ("bm25", lexical), ("fused", fuse(dense, lexical, terms))):
            rows.setdefault(name or task.name, {}).setdefault(retriever, []).append(ranks(scores, task.relevant))
    return [
        score(task, retriever, np.concatenate(found))
        for task, by_retriever in rows.items()
        for retriever, found in by_retriever.items()
    ]


def paraphrase_scores(model: Embedder, shared: Path) -> list[Score]:
    """The paraphrase set's halves, the parts of its test half that say most about the model, and the other authors'."""
    questions, second, third = paraphrases(), paraphrases(SECOND_AUTHOR), paraphrases(THIRD_AUTHOR)
    parts = {
        "paraphrase train": [one for one in questions if one.split == "train"],
        "paraphrase test": [one for one in questions if one.split == "test"],
        "paraphrase test zh": [one for one in questions if one.split == "test" and one.lang == "zh"],
        "paraphrase test en": [one for one in questions if one.split == "test" and one.lang == "en"],
        "paraphrase test, indicator unseen": [one for one in questions if one.split == "test" and not one.seen],
        "second author": second,
        "second author zh": [one for one in second if one.lang == "zh"],
        "second author en": [one for one in second if one.lang == "en"],
        "second author, indicator unseen": [one for one in second if not one.seen],
        "third author": third,
        "third author zh": [one for one in third if one.lang == "zh"],
        "third author en": [one for one in third if one.lang == "en"],
    }
    found: list[Score] = []
    once = Remembering(model)
    for name, part in parts.items():
        found += evaluate(once, paraphrase_tasks(shared, part), name)
    return found


def speed(model: Embedder, shared: Path) -> dict[str, float]:
    """Passages a second for 300-character pieces of the 2025 and 2026 reports, and milliseconds a question."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((shared / "data" / "reports").glob("202[56]_*.txt"))]
    pieces = [text[start : start + 300] for text in texts for start in range(0, len(text), 300)]
    model.encode(pieces[:64], role="passage")
    passages = _fastest(lambda: model.encode(pieces, role="passage"), 3)
    question = _fastest(lambda: [model.encode(["2020年嘉定固定资产投资增长多少"], role="query") for _ in range(200)], 3)
    return {"passages_per_second": len(pieces) / passages, "query_ms": question * 1000 / 200}


def _fastest(action: Callable[[], object], times: int) -> float:
    """The least seconds that ``action`` took: other processes only ever make it slower."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        action()
        taken.append(time.perf_counter() - began)
    return min(taken)


def table(scores: Sequence[Score]) -> str:
    """The scores as a Markdown table."""
    lines = ["| task | retriever | queries | nDCG@10 | R@1 | R@5 |", "|---|---|---:|---:|---:|---:|"]
    lines += [
        f"| {s.task} | {s.retriever} | {s.queries} | {s.ndcg_at_10:.3f} | {s.recall_at_1:.3f} | {s.recall_at_5:.3f} |"
        for s in scores
    ]
    return "\n".join(lines)


def main(argv: Sequence[str] | None = None, chosen: str | ChosenModel = str(BUILT_IN_MODEL)) -> int:
    """Evaluate one model. Returns the exit status."""
    parser = argparse.ArgumentParser(prog="wenju eval-embedding", description="Measure an embedding model.")
    parser.add_argument("--model", help="wenju-embed, wenju-e5, a folder or a hub name")
    parser.add_argument("--shared", type=Path, default=Path(os.environ.get("WENJU_SHARED", "../shared")))
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    parser.add_argument("--only", choices=("bench", "paraphrase", "speed"))
    options = parser.parse_args(argv)
    if not (options.shared / "data" / "bench").is_dir():
        print(f"{options.shared}: holds no data/bench; give --shared or WENJU_SHARED", file=sys.stderr)
        return 1
    # One core is what the figures are given for; must be set before the tokenizer's first batch.
    os.environ.setdefault("RAYON_NUM_THREADS", "1")
    began = time.perf_counter()
    model = load_embedder(options.model or chosen)
    figures: dict[str, float] = {"load_s": time.perf_counter() - began}
    found: list[Score] = []
    if options.only in (None, "bench"):
        found += evaluate(model, benchmark_tasks(options.shared))
    if options.only in (None, "paraphrase"):
        found += paraphrase_scores(model, options.shared)
    if options.only in (None, "speed"):
        figures |= speed(model, options.shared)
    if options.json:
        content = {
            "model": model.name,
            "identity": model.identity,
            "scores": [asdict(s) for s in found],
            "figures": figures,
        }
        print(json.dumps(content, ensure_ascii=False, indent=1))
    else:
        print(table(found))
        print("  ".join(f"{name} {value:.3f}" for name, value in figures.items()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
