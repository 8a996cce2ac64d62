"""How designs and settings are chosen: retrieval over the held-out rows of the training files, never a benchmark.

python -m index.training.texts.devset MODEL_FOLDER…
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from index.store.embedding import Embedder, load_embedder
from index.training.texts import mixing


def reciprocal_rank(queries: np.ndarray, passages: np.ndarray, right: Sequence[int]) -> float:
    """Mean of one over the rank of the right passage; ties count against the model."""
    total = 0.0
    answers = np.asarray(right)
    for start in range(0, len(queries), 512):
        scores = queries[start : start + 512] @ passages.T
        wanted = scores[np.arange(len(scores)), answers[start : start + 512]]
        total += float((1 / (scores >= wanted[:, None] - 1e-7).sum(axis=1)).sum())
    return total / len(queries)


def tasks() -> dict[str, tuple[list[str], list[str], list[int]]]:
    """Task name to queries, passages and the number of the right passage of each query.

    CMRC passages are joined by thousands of law articles and report paragraphs as distractors. The cross-lingual
    passage tasks ask for the passage that holds a sentence's translation.
    """
    made: dict[str, tuple[list[str], list[str], list[int]]] = {}
    questions = mixing.dev("cmrc2018_train_qa_zh")
    passages = list(dict.fromkeys(pair.b for pair in questions))
    place = {text: number for number, text in enumerate(passages)}
    made["cmrc zh-zh"] = ([p.a for p in questions], passages, [place[p.b] for p in questions])
    for name in ("tatoeba_zh_en", "tico19_zh_en", "gov_work_reports_zh_en"):
        rows = {pair.b: pair for pair in mixing.dev(name) if len(pair.a) >= 8}
        chinese, english = [pair.a for pair in rows.values()], list(rows)
        same = list(range(len(english)))
        short = name.split("_")[0]
        made[f"{short} zh-en"] = (chinese, english, same)
        made[f"{short} en-zh"] = (english, chinese, same)
        if name != "tatoeba_zh_en":
            joined_en = [" ".join(english[i : i + 4]) for i in range(0, len(english), 4)]
            joined_zh = ["".join(chinese[i : i + 4]) for i in range(0, len(chinese), 4)]
            parents = [number // 4 for number in same]
            made[f"{short} en-passage zh"] = (english, joined_zh, parents)
            # Every other word of a sentence stands in for a question that shares only some words with its passage.
            halves = [" ".join(text.split()[::2]) for text in english]
            made[f"{short} en-passage en"] = (halves, joined_en, parents)
    senses = mixing.dev_senses()
    glosses = [sense.gloss for sense in senses]
    made["wordnet word-gloss"] = ([sense.words[0] for sense in senses], glosses, list(range(len(senses))))
    told = [(example, place) for place, sense in enumerate(senses) for example in sense.examples[:1]]
    entries = [f"{', '.join(sense.words)}: {sense.gloss}" for sense in senses]
    made["wordnet example-entry"] = ([text for text, _ in told], entries, [place for _, place in told])
    return made


def scores(model: Embedder) -> dict[str, float]:
    """Mean reciprocal rank by task, and their mean."""
    found = {}
    for name, (queries, passages, right) in tasks().items():
        asked, held = model.encode(queries, role="query"), model.encode(passages, role="passage")
        found[name] = reciprocal_rank(asked, held, right)
    found["mean"] = sum(found.values()) / len(found)
    return found


def main() -> None:
    for folder in sys.argv[1:]:
        for name, value in scores(load_embedder(Path(folder))).items():
            print(f"{folder}  {name:24s} {value:.4f}")


if __name__ == "__main__":
    main()
