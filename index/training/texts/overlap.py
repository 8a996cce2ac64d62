"""Proof that no evaluation text was trained on: every training text against every evaluation text.

Both are evened out (width, case, script; only letters and digits kept). Counted as overlap: an evaluation text of at
least ``SHORTEST`` characters that stands whole in a training text, and a run of ``RUN`` characters that both hold.
Texts found are listed in ``data/excluded.txt`` by hash, which ``mixing`` leaves out; a second run must find none.

    python -m index.training.texts.overlap [--exclude]
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import io
import json
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.training.texts import corpus, domain, mixing

RUN = 40
SHORTEST = 12
#: The paraphrase questions of other authors; none of them is training text.
OTHERS = tuple(domain.PARAPHRASES.with_name(f"paraphrase_{which}.jsonl") for which in ("second", "third"))
#: Characters hashed at a time.
BLOCK = 4_000_000
_PRIME = 0x100000001B3

Hashes = npt.NDArray[np.uint64]


def even_plain(text: str) -> str:
    """Fold width and case; keep letters and digits only."""
    return "".join(sign for sign in unicodedata.normalize("NFKC", text).lower() if sign.isalnum())


def even(text: str) -> str:
    """Fold width, case and script; keep letters and digits only."""
    table = corpus.traditional()
    return "".join(table.get(sign, sign) for sign in even_plain(text))


def window_hashes(text: str, width: int) -> Hashes:
    """A hash of every ``width`` characters in a row, by prefix sums modulo 2**64."""
    if len(text) < width:
        return np.zeros(0, dtype=np.uint64)
    codes = np.frombuffer(text.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64) + np.uint64(1)
    powers = np.cumprod(np.full(len(codes) + 1, _PRIME, dtype=np.uint64))
    sums = np.concatenate([np.zeros(1, dtype=np.uint64), np.cumsum(codes * powers[:-1])])
    inverse = np.uint64(pow(_PRIME, -1, 2**64))
    back = np.cumprod(np.full(len(codes) - width + 1, inverse, dtype=np.uint64))
    return np.asarray((sums[width:] - sums[:-width]) * back, dtype=np.uint64)


def evaluation_texts() -> Iterator[tuple[str, str]]:
    """Every text of the benchmarks, of the shared question set and of the paraphrase test half, with its origin."""
    bench = corpus.shared_root() / "data" / "bench"
    for path in sorted([*bench.glob("xquad/*.json.gz"), *bench.glob("cmrc2018/*.json.gz")]):
        content: Any = json.loads(gzip.decompress(path.read_bytes()))
        for article in content["data"]:
            for paragraph in article["paragraphs"]:
                yield path.name, paragraph["context"]
                yield from ((path.name, asked["question"]) for asked in paragraph["qas"])
    for path in sorted(bench.glob("ntrex128/*.txt.gz")):
        yield from ((path.name, line) for line in gzip.decompress(path.read_bytes()).decode().splitlines())
    csv.field_size_limit(sys.maxsize)
    table = gzip.decompress((bench / "chronoqa" / "chronoqa.csv.gz").read_bytes()).decode("utf-8-sig")
    for row in csv.DictReader(io.StringIO(table)):
        yield "chronoqa", row["question"]
        yield "chronoqa", row["golden_chunks"]
    for line in (corpus.shared_root() / "eval" / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield "questions.jsonl", row["question"]
        evidence = row.get("evidence") or []
        yield from (("questions.jsonl", piece["quote"]) for piece in evidence if isinstance(piece, dict))
    for path in OTHERS:
        for line in path.read_text(encoding="utf-8").splitlines():
            yield path.name, json.loads(line)["question"]
    for line in domain.PARAPHRASES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if row["split"] == "test":
            yield "paraphrase test half", row["question"]


def training_texts() -> list[str]:
    """Every distinct text of every group, excluded ones left out as in training."""
    texts: dict[str, None] = {}
    for group in mixing.groups():
        for side in (group.left, group.right, group.wrong):
            texts.update(dict.fromkeys(side))
    return list(texts)


def blocks(texts: Iterable[str]) -> Iterator[tuple[str, list[int]]]:
    """Texts joined by line breaks into blocks of about ``BLOCK`` characters, with the number of each text's row."""
    held: list[str] = []
    rows: list[int] = []
    size = 0
    for number, text in enumerate(texts):
        held.append(text)
        rows.append(number)
        size += len(text) + 1
        if size >= BLOCK:
            yield "\n".join(held), rows
            held, rows, size = [], [], 0
    if held:
        yield "\n".join(held), rows


def overlaps(training: list[str], evaluation: list[str]) -> dict[int, str]:
    """Number of a training text to what it shares with an evaluation text. Both must be evened out."""
    long_runs = np.unique(np.concatenate([window_hashes(text, RUN) for text in evaluation]))
    short = [text for text in evaluation if len(text) >= SHORTEST]
    beginnings: dict[int, list[str]] = {}
    for text in short:
        beginnings.setdefault(int(window_hashes(text[:SHORTEST], SHORTEST)[0]), []).append(text)
    first = np.array(sorted(beginnings), dtype=np.uint64)
    found: dict[int, str] = {}
    for block, rows in blocks(training):
        ends = np.cumsum([len(training[row]) + 1 for row in rows])
        hashes = window_hashes(block, RUN)
        for place in np.flatnonzero(_among(hashes, long_runs)):
            shared = block[place : place + RUN]
            if "\n" not in shared:
                found.setdefault(rows[int(np.searchsorted(ends, place, side="right"))], shared)
        hashes = window_hashes(block, SHORTEST)
        for place in np.flatnonzero(_among(hashes, first)):
            for text in beginnings[int(hashes[place])]:
                if block.startswith(text, place):
                    found.setdefault(rows[int(np.searchsorted(ends, place, side="right"))], text)
    return found


def _among(values: Hashes, known: Hashes) -> npt.NDArray[np.bool_]:
    place = np.minimum(np.searchsorted(known, values), len(known) - 1)
    return np.asarray(known[place] == values)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--exclude", action="store_true", help="add what is found to data/excluded.txt")
    options = parser.parse_args()
    texts = training_texts()
    evaluation = list(dict.fromkeys(even(text) for _, text in evaluation_texts()))
    found = overlaps([even(text) for text in texts], evaluation)
    print(f"{len(texts)} training texts, {len(evaluation)} evaluation texts: {len(found)} overlap")
    for number, shared in list(found.items())[:20]:
        print(f"  {texts[number][:60]!r} shares {shared[:60]!r}")
    if options.exclude and found:
        known = set(mixing.excluded())
        known |= {hashlib.sha256(texts[number].encode()).hexdigest()[:16] for number in found}
        Path(mixing.EXCLUDED).write_text("".join(f"{value}\n" for value in sorted(known)), encoding="ascii")
        print(f"{mixing.EXCLUDED.name}: {len(known)} texts")
        return
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
