"""How well figures are read: ``python -m benchmarks.extraction``.

Precision and recall of the facts of annotated sentences with all slots right, for every sample under
``tests/data/annotated``. The reports of the samples are looked for in ``data/reports`` and in the folders of reports under ``$WENJU_SHARED/data``.
"""

from __future__ import annotations

import os
from pathlib import Path

from eval.metrics.extraction import Scores, compare, read_annotations, score
from index.build import read_corpus
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
from index.text.sources import read_source

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("WENJU_SHARED", ROOT.parent / "shared")) / "data"
FOLDERS = (ROOT / "data" / "reports", SHARED / "reports", SHARED / "local_reports")


TEN = ("bundled", "shared")
"""The samples of the first ten annotated reports."""


def scored(sample: Path) -> Scores | None:
    """The scores of one sample; None where a report of it is not here."""
    annotated = read_annotations(sample)
    sources = []
    for name in sorted({a.document for a in annotated}):
        path = next((folder / name for folder in FOLDERS if (folder / name).is_file()), None)
        if path is None:
            return None
        sources.append(read_source(name, path)[0])
    corpus = read_corpus(sources, TokenCounter(DEFAULT_VOCABULARY), ChunkOptions())
    return score(compare(corpus.documents, corpus.facts, annotated))


def main() -> None:
    """Print a line for every sample, and one for the ten reports of the first two together."""
    first: list[Scores] = []
    print(f"{'sample':12}{'figures':>9}{'facts':>7}{'right':>7}{'precision':>11}{'recall':>8}")
    for sample in sorted((ROOT / "tests" / "data" / "annotated").glob("*.jsonl")):
        found = scored(sample)
        if found is None:
            print(f"{sample.stem:12}skipped: its reports are not here (WENJU_SHARED)")
            continue
        print(_line(sample.stem, found))
        if sample.stem in TEN:
            first.append(found)
    if len(first) == len(TEN):
        both = Scores(sum(s.figures for s in first), sum(s.facts for s in first), sum(s.right for s in first), {})
        print(_line("ten reports", both))


def _line(name: str, found: Scores) -> str:
    return f"{name:12}{found.figures:9}{found.facts:7}{found.right:7}{found.precision:11.1%}{found.recall:8.1%}"


if __name__ == "__main__":
    main()
