"""Measures the two lexical engines that could carry `index.store.sparse`: bm25s and tantivy, with the same tokens.

``python -m benchmarks.sparse_engines`` prints a table; it needs ``pip install tantivy`` beside the project, and reads
the reports and public question sets under the folder that ``WENJU_SHARED`` names (``../shared`` if unset). Each engine
runs in a process of its own, so that its memory is its own.
"""

from __future__ import annotations

import gzip
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.text.tokens import index_tokens, query_tokens

_ENGINES = ("bm25s", "tantivy")
_CHUNK_LENGTH = 350
"""Characters per chunk, near the 200–400 tokens of the service's own chunks."""
_REPEATS = 3
_K = 10

Search = Callable[[str, int], list[int]]


@dataclass(frozen=True, slots=True)
class Questions:
    """Passages, and questions with the position of the passage that answers each."""

    passages: tuple[str, ...]
    questions: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Measured:
    """Figures of one engine: seconds, milliseconds, mebibytes; quality by question set as (nDCG@10, R@1)."""

    engine: str
    chunks: int
    build_s: float
    load_ms: float
    query_ms: float
    query_p95_ms: float
    memory_mib: float
    disk_mib: float
    quality: dict[str, tuple[float, float]]


def shared_folder() -> Path:
    """Return the folder of the shared data."""
    return Path(os.environ.get("WENJU_SHARED", "../shared"))


def report_chunks(folder: Path) -> list[str]:
    """Cut every report into runs of whole paragraphs of about `_CHUNK_LENGTH` characters; longer ones are split."""
    chunks: list[str] = []
    for path in sorted(folder.glob("*.txt")):
        held = ""
        for line in path.read_text(encoding="utf-8").splitlines():
            held += line
            while len(held) >= _CHUNK_LENGTH:
                chunks.append(held[:_CHUNK_LENGTH])
                held = held[_CHUNK_LENGTH:]
        if held:
            chunks.append(held)
    return chunks


def read_questions(path: Path) -> Questions:
    """Read a gzipped file in the SQuAD layout."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    passages: list[str] = []
    questions: list[tuple[str, int]] = []
    for paragraph in (paragraph for article in articles for paragraph in article["paragraphs"]):
        questions.extend((asked["question"], len(passages)) for asked in paragraph["qas"])
        passages.append(paragraph["context"])
    return Questions(tuple(passages), tuple(questions))


def open_bm25s(texts: Sequence[str] | None, folder: Path) -> Search:
    """Build and store the index of `texts`, or open the stored one when there are none."""
    from index.store.sparse import SparseIndex

    if texts is None:
        index = SparseIndex.load(folder)
    else:
        index = SparseIndex.build(texts)
        index.save(folder)
    return lambda query, k: [document for document, _ in index.search(query, k)]


def open_tantivy(texts: Sequence[str] | None, folder: Path) -> Search:
    """Build and store the index of `texts`, or open the stored one when there are none."""
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("text", tokenizer_name="whitespace")
    builder.add_integer_field("id", stored=True, indexed=False)
    schema = builder.build()
    if texts is None:
        index = tantivy.Index.open(str(folder))
    else:
        folder.mkdir(parents=True, exist_ok=True)
        index = tantivy.Index(schema, path=str(folder))
        writer = index.writer(heap_size=64_000_000, num_threads=1)
        for number, text in enumerate(texts):
            writer.add_document(tantivy.Document(text=" ".join(index_tokens(text)), id=number))
        writer.commit()
        writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query: str, k: int) -> list[int]:
        terms = [
            (tantivy.Occur.Should, tantivy.Query.term_query(schema, "text", token)) for token in query_tokens(query)
        ]
        hits = searcher.search(tantivy.Query.boolean_query(terms), k).hits
        return [searcher.doc(address)["id"][0] for _, address in hits]

    return search


_OPEN: dict[str, Callable[[Sequence[str] | None, Path], Search]] = {"bm25s": open_bm25s, "tantivy": open_tantivy}


def quality(search: Search, questions: Sequence[tuple[str, int]]) -> tuple[float, float]:
    """Return nDCG@10 and R@1 where each question has one passage that counts."""
    gains: list[float] = []
    firsts = 0
    for question, wanted in questions:
        found = search(question, _K)
        gains.append(1 / math.log2(found.index(wanted) + 2) if wanted in found else 0.0)
        firsts += found[:1] == [wanted]
    return statistics.fmean(gains), firsts / len(questions)


def resident_mib() -> float:
    """Return this process's resident memory."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def measure(engine: str, folder: Path) -> Measured:
    """Measure one engine; `folder` receives its indexes."""
    shared = shared_folder()
    chunks = report_chunks(shared / "data" / "reports")
    bench = shared / "data" / "bench"
    sets = {
        "XQuAD-zh": read_questions(bench / "xquad" / "xquad.zh.json.gz"),
        "CMRC dev": read_questions(bench / "cmrc2018" / "cmrc2018_dev.json.gz"),
    }
    # Twenty characters of a chunk: as long as a question, and in the words of the reports.
    queries = [chunk[:20] for chunk in chunks[:: max(1, len(chunks) // 500)]]
    start = time.perf_counter()
    _OPEN[engine](chunks, folder / "reports")
    built = time.perf_counter() - start
    stored = subprocess.run(
        [sys.executable, "-m", "benchmarks.sparse_engines", engine, str(folder / "reports")],
        input=json.dumps(queries), capture_output=True, text=True, check=True,
    )  # fmt: skip
    opened = json.loads(stored.stdout)
    scores = {
        name: quality(_OPEN[engine](found.passages, folder / str(number)), found.questions)
        for number, (name, found) in enumerate(sets.items())
    }
    disk = sum(path.stat().st_size for path in (folder / "reports").iterdir()) / 2**20
    return Measured(engine, len(chunks), built, disk_mib=disk, quality=scores, **opened)


def measure_opened(engine: str, folder: Path, queries: Sequence[str]) -> dict[str, float]:
    """Open a stored index and ask it all `queries`; memory counts the engine's code, the index and the questions."""
    before = resident_mib()
    start = time.perf_counter()
    search = _OPEN[engine](None, folder)
    loaded = time.perf_counter() - start
    times: list[float] = []
    for query in [*queries] * _REPEATS:
        start = time.perf_counter()
        search(query, _K)
        times.append((time.perf_counter() - start) * 1e3)
    return {
        "load_ms": loaded * 1e3,
        "query_ms": statistics.median(times),
        "query_p95_ms": statistics.quantiles(times, n=20)[-1],
        "memory_mib": resident_mib() - before,
    }


def table(rows: Sequence[Measured]) -> str:
    """Set the figures in a Markdown table, one column per engine."""
    lines: list[tuple[str, list[str]]] = [
        ("build, s", [f"{row.build_s:.2f}" for row in rows]),
        ("open stored index (import included), ms", [f"{row.load_ms:.0f}" for row in rows]),
        ("query median / p95, ms", [f"{row.query_ms:.2f} / {row.query_p95_ms:.2f}" for row in rows]),
        ("memory after opening and asking, MiB", [f"{row.memory_mib:.0f}" for row in rows]),
        ("index on disk, MiB", [f"{row.disk_mib:.1f}" for row in rows]),
    ]
    for name in rows[0].quality:
        lines.append((f"{name}: nDCG@10 / R@1", [f"{n:.4f} / {r:.4f}" for n, r in (row.quality[name] for row in rows)]))
    head = f"| {rows[0].chunks} chunks of reports | " + " | ".join(row.engine for row in rows) + " |"
    rule = "|---|" + "---|" * len(rows)
    return "\n".join([head, rule, *(f"| {name} | " + " | ".join(cells) + " |" for name, cells in lines)])


def main(arguments: Sequence[str]) -> None:
    """Print the table; with an engine and a folder, measure that stored index on the questions of standard input."""
    if len(arguments) == 2:
        engine, folder = arguments
        sys.stdout.write(json.dumps(measure_opened(engine, Path(folder), json.load(sys.stdin))))
        return
    if len(arguments) == 1:
        with tempfile.TemporaryDirectory() as folder:
            sys.stdout.write(json.dumps(asdict(measure(arguments[0], Path(folder)))))
        return
    rows = []
    for engine in _ENGINES:
        command = [sys.executable, "-m", "benchmarks.sparse_engines", engine]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
        rows.append(Measured(**json.loads(done.stdout)))
    sys.stdout.write(table(rows) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
