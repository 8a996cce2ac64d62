"""What the product reads and answers, written down whole, so that a change that should change nothing can prove it.

``python -m benchmarks.freeze FOLDER`` reads the bundled, the shared and the invented reports, asks every question of all
sets, and writes every document, section, sentence, fact and answer to ``FOLDER``, a line each, with one digest for each
file in ``digests.json``. ``--compare BEFORE`` names the files whose digests differ from those of an earlier folder, how
many lines do, and the first of them; it exits with 1 where any does. The share of right answers of every set is printed too. ``--only NAME`` (a corpus) may be given again.

Left out of an answer is what is no part of what it says: its id, the snapshot's id and the timings. The shared reports
are looked for in ``$WENJU_SHARED``; where they are absent their part is left out, and said to be.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

import msgspec

from eval.cases import Case, read_cases
from eval.corpora import ROOT, ReportSet, report_sets, set_name
from eval.metrics.answers import grade
from eval.services import DEFAULT_DAY
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, load_embedder
from rag.opening import open_pipeline
from rag.pipeline import AnswerPipeline
from rag.types import Question
from settings import Settings

SHARED = Path(os.environ.get("WENJU_SHARED", ROOT.parent / "shared"))


def freeze(frozen: ReportSet, folder: Path) -> dict[str, str]:
    """Write all of one corpus below ``folder``; the digest of each file by its name."""
    settings = Settings(_env_file=None)
    with tempfile.TemporaryDirectory() as index:
        embedder = load_embedder(str(BUILT_IN_MODEL))
        ingest(frozen.reports, Path(index), embedder, settings.token_vocabulary, settings.chunking)
        pipeline = open_pipeline(Path(index), str(BUILT_IN_MODEL))
        written = dict(_written(folder / frozen.name, pipeline, frozen.questions))
        pipeline.close()
    return {f"{frozen.name}/{name}": digest for name, digest in sorted(written.items())}


def _written(folder: Path, pipeline: AnswerPipeline, sets: Sequence[Path]) -> Iterator[tuple[str, str]]:
    snapshot = pipeline.snapshot
    (folder / "answers").mkdir(parents=True, exist_ok=True)
    tables: dict[str, Sequence[object]] = {
        "documents": [replace(d, sections=()) for d in snapshot.documents],
        "sections": [s for d in snapshot.documents for s in d.sections],
        "sentences": snapshot.sentences,
        "facts": snapshot.facts,
    }
    for name, rows in tables.items():
        yield _save(folder, name, (msgspec.json.encode(row) for row in rows))
    for path in sets:
        yield _save(folder, f"answers/{set_name(path)}", (_answer(pipeline, case) for case in read_cases(path)))


def _answer(pipeline: AnswerPipeline, case: Case) -> bytes:
    answer = pipeline.answer(Question(case.question, case.as_of or DEFAULT_DAY, case.history))
    told = msgspec.to_builtins(answer)
    for name in ("id", "snapshot", "timings_ms", "trace"):
        told.pop(name)
    return msgspec.json.encode({"case": case.id, **told})


def _save(folder: Path, name: str, lines: Iterator[bytes]) -> tuple[str, str]:
    text = b"".join(line + b"\n" for line in lines)
    (folder / f"{name}.jsonl").write_bytes(text)
    return name, hashlib.sha256(text).hexdigest()[:16]


def differences(before: Path, after: Path) -> list[str]:
    """What differs between two folders, one line a file: how many lines, and the first that does as both have it."""
    old, new = (json.loads((f / "digests.json").read_text(encoding="utf-8")) for f in (before, after))
    told: list[str] = []
    for name in sorted(new):
        if name not in old:
            told.append(f"{name}: was not there before")
        elif old[name] != new[name]:
            rows = [(f / f"{name}.jsonl").read_text(encoding="utf-8").splitlines() for f in (before, after)]
            pairs = list(zip_longest(*rows, fillvalue=""))
            changed = [n for n, (one, other) in enumerate(pairs) if one != other]
            told.append(
                f"{name}: {len(changed)} of {len(pairs)} lines; first line {changed[0] + 1}: {_first(*pairs[changed[0]])}"
            )
    return told


def accuracy(folder: Path, frozen: ReportSet) -> Iterator[tuple[str, int, int]]:
    """Of each set of a frozen corpus its name, how many answers are right, and how many there are."""
    for path in frozen.questions:
        lines = (folder / frozen.name / "answers" / f"{set_name(path)}.jsonl").read_text(encoding="utf-8").splitlines()
        told = {row["case"]: row for row in map(json.loads, lines)}
        cases = read_cases(path)
        right = sum(grade(c, told[c.id]["answer"], abstained=told[c.id]["abstained"]).right for c in cases)
        yield f"{frozen.name}/{set_name(path)}", right, len(cases)


def _first(one: str, other: str) -> str:
    """The fields that differ between two lines."""
    if not one or not other:
        return f"only {'after' if other else 'before'}: {(one or other)[:300]}"
    was, now = json.loads(one), json.loads(other)
    fields = [f"{k}: {was.get(k)!r} → {now.get(k)!r}" for k in {**was, **now} if was.get(k) != now.get(k)]
    label = now.get("case") or now.get("clause") or now.get("source") or ""
    return f"{label} {'; '.join(fields)}"[:600]


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the folder, compare where asked, print."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.freeze", description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--compare", type=Path, metavar="BEFORE", help="a folder of an earlier run")
    parser.add_argument("--only", action="append", metavar="CORPUS", help="bundled, invented or shared")
    options = parser.parse_args(arguments)
    chosen = [c for c in report_sets(SHARED) if not options.only or c.name in options.only]
    if not any(c.name == "shared" for c in chosen):
        print(f"not frozen: the shared reports ({SHARED})", file=sys.stderr)
    digests: dict[str, str] = {}
    # The largest first, so that the others are done beside it.
    with ProcessPoolExecutor(max_workers=2) as pool:
        for found in pool.map(freeze, reversed(chosen), [options.folder] * len(chosen)):
            digests |= found
    (options.folder / "digests.json").write_text(json.dumps(digests, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    for name, digest in sorted(digests.items()):
        print(f"{digest}  {name}")
    for name, right, asked in (row for each in chosen for row in accuracy(options.folder, each)):
        print(f"{right:5} of {asked:5} right, {right / asked:6.1%}  {name}")
    if options.compare is None:
        return 0
    told = differences(options.compare, options.folder)
    print("\n".join(told) if told else f"all {len(digests)} files as in {options.compare}")
    return bool(told)


if __name__ == "__main__":
    raise SystemExit(main())
