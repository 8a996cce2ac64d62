"""Short runs beside each other, on one reading of the data: what each design choice and each source is worth.

Every run differs from the first in one thing and is scored on the held-out rows (``devset``). Short runs rank
choices; they do not reach what the full run reaches.

    python -m index.training.ablation sources --steps 150 --out runs/ablation.jsonl
    python -m index.training.ablation designs --teacher runs/teacher.npz --out runs/designs.jsonl
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from index.store.folders import Role, Vectors
from index.training import teacher
from index.training.static import deterministic, trained
from index.training.table import Recipe
from index.training.texts import devset, mixing


class InMemory:
    """An ``Embedder`` over a matrix that has not been saved."""

    name = identity = "in memory"

    def __init__(self, tokenizer: Tokenizer, matrix: Vectors) -> None:
        self._tokenizer = tokenizer
        self._matrix = matrix
        self.dimension: int = matrix.shape[1]

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:  # static models know no role
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), 512):
            found = self._tokenizer.encode_batch_fast(list(texts[start : start + 512]), add_special_tokens=False)
            for row, encoding in zip(rows[start:], found, strict=False):
                if encoding.ids:
                    self._matrix.take(encoding.ids, axis=0).sum(axis=0, out=row)
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.divide(rows, lengths, out=rows, where=lengths > 0)


def sources() -> dict[str, dict[str, object]]:
    """All sources, then all but one, for each."""
    names = dict.fromkeys(group.source for group in mixing.groups())
    return {"all sources": {}} | {f"without {name}": {"without": [name]} for name in names}


def designs() -> dict[str, dict[str, object]]:
    """The static recipe with one setting changed at a time."""
    return {
        "(a) contrastive": {},
        "(a) not started from spelling": {"spelled": 0.0},
        "(a) trained n-grams": {"spelled": 0.0, "grams": 40_000},
        "(a) 256 dimensions": {"dimension": 256},
        "(a) temperature 0.03": {"temperature": 0.03},
        "(a) temperature 0.08": {"temperature": 0.08},
        "(a) rate 0.01": {"rate": 0.01},
        "(a) batch 1024, twice the steps": {"batch": 1024, "double": True},
        "(b) started from the teacher": {"taught": 0.3},
        "(b) distilled 0.3": {"distil": 0.3},
        "(b) started and distilled 0.3": {"taught": 0.3, "distil": 0.3},
    }


def run(
    change: Mapping[str, object], recipe: Recipe, tokenizer: Tokenizer, groups: Sequence[mixing.Group], taught: Path
) -> Vectors:
    """One short training of ``recipe`` on ``groups``, changed as ``change`` says."""
    settings = {name: value for name, value in change.items() if name in asdict(recipe)}
    mine = replace(recipe, **settings)
    if change.get("double"):
        mine = replace(mine, steps=2 * recipe.steps)
    without = change.get("without", ())
    assert isinstance(without, Sequence)
    return trained(tokenizer, [group for group in groups if group.source not in without], mine, teaching=taught)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("sources", "designs"))
    parser.add_argument("--tokenizer", type=Path, default=Path("runs/tokenizer.json"))
    parser.add_argument("--teacher", type=Path, default=teacher.OUT)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--only", nargs="*", help="names of runs to do")
    parser.add_argument("--steps", type=int, default=150)
    parser.add_argument("--batch", type=int, default=2048)
    parser.add_argument("--dimension", type=int, default=512)
    parser.add_argument("--threads", type=int, default=1)
    options = parser.parse_args()
    deterministic(options.threads)
    tokenizer = Tokenizer.from_file(str(options.tokenizer))
    groups = mixing.groups()
    recipe = Recipe(steps=options.steps, batch=options.batch, dimension=options.dimension, warmup=20)
    options.out.parent.mkdir(parents=True, exist_ok=True)
    for name, change in (sources() if options.what == "sources" else designs()).items():
        if options.only and name not in options.only:
            continue
        began = time.monotonic()
        matrix = run(change, recipe, tokenizer, groups, options.teacher)
        found = devset.scores(InMemory(tokenizer, matrix))
        line = {"run": name, "seconds": round(time.monotonic() - began), **{k: round(v, 4) for k, v in found.items()}}
        print(json.dumps(line, ensure_ascii=False), flush=True)
        with options.out.open("a", encoding="utf-8") as log:
            log.write(json.dumps(line, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
