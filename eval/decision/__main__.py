"""``python -m eval.decision``: make the examples, fit, print what the fit is worth on places left out, and write it."""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from eval.corpora import report_sets
from eval.decision.examples import Example, examples
from eval.decision.fitting import calibration_error, curve, fitted, left_out, stated
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from rag.decide.features import NAMES, OF_QUERY
from rag.decide.judge import DATA, Judge
from rag.opening import open_pipeline
from settings import Settings

LEFT_OUT = 0.5
"""Weight of an example without its right figure."""
LEASTS = (0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m eval.decision", description=__doc__)
    parser.add_argument("--indexes", type=Path, help="folder of the corpora's indexes, made where they are absent")
    parser.add_argument("--model", default=None, help="embedding model (default: the built-in one)")
    parser.add_argument("--keep", type=Path, help="keep the examples in this file, or take them from it")
    parser.add_argument("--out", type=Path, default=DATA)
    options = parser.parse_args(arguments)
    settings = Settings(_env_file=None)
    model = options.model or str(BUILT_IN_MODEL)
    if options.keep is not None and options.keep.is_file():
        held: list[Example] = pickle.loads(options.keep.read_bytes())
    else:
        with tempfile.TemporaryDirectory() as temporary:
            held = _examples(settings, model, options.indexes or Path(temporary))
        if options.keep is not None:
            options.keep.write_bytes(pickle.dumps(held))
    outcomes = left_out(held)
    judge = replace(fitted(held), stated=stated(outcomes))
    report = {
        "questions": len({(e.corpus, e.set, e.case) for e in held}),
        "examples": len(held),
        "calibration_error": round(calibration_error(outcomes, judge), 4),
        "left_out": [
            {"least": p.least, "right": round(p.right, 4), "wrong": round(p.wrong, 4)} for p in curve(outcomes, LEASTS)
        ],
    }
    sys.stdout.write(json.dumps(report, indent=1) + "\n")
    for corpus in sorted({e.corpus for e in held}):
        points = curve([o for o in outcomes if o.example.corpus == corpus], LEASTS)
        told = "  ".join(f"{p.least}: {p.right:.3f}/{p.wrong:.3f}" for p in points)
        sys.stdout.write(f"{corpus:10} right/wrong at  {told}\n")
    write(judge, report, options.out)
    return 0


def _examples(settings: Settings, model: str, folder: Path) -> list[Example]:
    embedder = load_embedder(model)
    held: list[Example] = []
    for corpus in report_sets(settings.shared):
        index = folder / corpus.name
        if not (index / "CURRENT").is_file():
            ingest(corpus.reports, index, embedder, settings.token_vocabulary, settings.chunking)
        pipeline = open_pipeline(index, model)
        held += examples(corpus, pipeline, LEFT_OUT)
        pipeline.close()
        sys.stderr.write(f"{corpus.name}: {len(held)} examples\n")
    return held


def write(judge: Judge, report: dict[str, object], path: Path) -> None:
    """The fit as JSON, one feature a line; heavier ones first."""
    silence = dict(zip(OF_QUERY, judge.silence.tolist(), strict=True))
    rows = [
        {"feature": name, "weight": round(weight, 4), "mean": round(mean, 5), "scale": round(scale, 5)}
        | ({"silence": round(silence[name], 4)} if name in silence else {})
        for name, weight, mean, scale in zip(
            NAMES, judge.weights.tolist(), judge.mean.tolist(), judge.scale.tolist(), strict=True
        )
    ]
    rows.sort(key=lambda row: -abs(float(row["weight"])))
    lines = ",\n  ".join(json.dumps(row) for row in rows)
    head = json.dumps(
        {
            "command": "python -m eval.decision",
            "bias": round(judge.bias, 4),
            "stated": [round(each, 4) for each in judge.stated],
            **report,
        }
    )[1:-1]
    path.write_text(f'{{\n {head},\n "features": [\n  {lines}\n ]\n}}\n', encoding="utf-8")


if __name__ == "__main__":
    raise SystemExit(main())
