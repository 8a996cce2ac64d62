"""The same reports in every format: which share of their figures is found again, and what reading costs.

``python -m benchmarks.formats [REPORT.txt…]`` makes of each text report a PDF (reportlab), a Word document (python-docx) and a web
page, as the tests make theirs, reads all of them, and prints for each format the share of the facts of the text form that are
found again with all slots, the facts that the text form does not have, and the seconds of this process and its readers for
100 pages. Pages are those of the PDF. Without arguments: the bundled reports.
"""

from __future__ import annotations

import argparse
import html
import resource
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.corpora import BUNDLED
from index.build import read_documents
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
from index.text.sources import read_source
from index.types import Fact
from index.words.regions import Gazetteer
from tests.index.text.loaders.files import make_docx, make_pdf

_ROWS = 24
"""Lines on a page of the PDF."""
Made = Callable[[Sequence[str]], bytes]


def _text(lines: Sequence[str]) -> bytes:
    return "\n".join(lines).encode()


def _pdf(lines: Sequence[str]) -> bytes:
    return make_pdf(lines, head=lines[0][:20], rows=_ROWS)


def _page(lines: Sequence[str]) -> bytes:
    title, *rest = map(html.escape, lines)
    body = "\n".join(f"<p>　　{line}</p>" for line in rest)
    return f"<!DOCTYPE html><html><head><meta charset=utf-8></head><body><h1>{title}</h1>{body}</body></html>".encode()


FORMATS: dict[str, Made] = {"txt": _text, "pdf": _pdf, "docx": make_docx, "html": _page}
"""How each format is made of the lines of a text; the first is what the others are held against."""


@dataclass
class Count:
    """What was read of one format."""

    found: int = 0
    new: int = 0
    seconds: float = 0.0


def pages_of(pdf: bytes) -> int:
    """Pages of a PDF as :func:`_pdf` makes them."""
    return pdf.count(b"/Type /Page\n") or pdf.count(b"/Type /Page ") or 1


def facts_in(path: Path, gazetteer: Gazetteer, counter: TokenCounter) -> Counter[tuple[str, ...]]:
    """How often each fact of a file is told, by all its slots."""
    source, _ = read_source(path.name, path)
    told: Iterator[Fact] = (f for d in read_documents(source, gazetteer, counter, ChunkOptions()) for f in d.facts)
    return Counter(
        (f.indicator, f.measure, f"{f.value.normalize():f}", f.unit, str(f.region), str(f.period), f.status)
        for f in told
    )


def _spent() -> float:
    """Seconds of processor time of this process and of those that read files for it."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(u.ru_utime + u.ru_stime for u in used)


def measured(reports: Sequence[Path]) -> tuple[dict[str, Count], int, int]:
    """For each format what was read of all reports; how many facts their texts hold, and how many pages they have."""
    gazetteer, counter = Gazetteer.load(), TokenCounter(DEFAULT_VOCABULARY)
    counts = {name: Count() for name in FORMATS}
    facts = pages = 0
    with tempfile.TemporaryDirectory() as folder:
        for report in reports:
            source, _ = read_source(report.name, report)
            lines = [line.strip() for line in source.text.splitlines() if line.strip()]
            held: Counter[tuple[str, ...]] | None = None
            for name, made in FORMATS.items():
                path = Path(folder) / f"{report.stem}.{name}"
                path.write_bytes(made(lines))
                if name == "pdf":
                    pages += pages_of(path.read_bytes())
                began = _spent()
                told = facts_in(path, gazetteer, counter)
                counts[name].seconds += _spent() - began
                held = told if held is None else held
                counts[name].found += (told & held).total()
                counts[name].new += (told - held).total()
            facts += held.total() if held is not None else 0
    return counts, facts, pages


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each format."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.formats", description=__doc__.splitlines()[0])
    parser.add_argument("reports", nargs="*", type=Path, metavar="REPORT.txt")
    reports = parser.parse_args(arguments).reports or sorted(BUNDLED.glob("*.txt"))
    counts, facts, pages = measured(reports)
    print(f"{len(reports)} reports, {facts} facts in their texts, {pages} pages")
    print(f"{'format':8}{'found again':>13}{'not in text':>13}{'s/100 pages':>13}")
    for name, count in counts.items():
        share = count.found / facts if facts else 0.0
        print(f"{name:8}{share:13.1%}{count.new:13}{100 * count.seconds / max(pages, 1):13.2f}")


if __name__ == "__main__":
    main()
