"""What every peer does alike: read the corpus, choose the sentence that answers, measure, write its answers.

Runs inside a peer's own environment, so it may use numpy and the standard library and nothing of this project. A peer
is a class with ``build``, ``save``, ``load``, ``retrieve`` and ``embed``; see the files beside this one.
"""

from __future__ import annotations

import argparse
import itertools
import json
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

TOP_K = 5
"""Passages retrieved for a question."""

READ = 3
"""How many of them a hybrid system's answer may come from."""

CHUNK = 400
OVERLAP = 60
"""Characters of a chunk and of its overlap with the next, in the configuration where a peer cuts the texts itself."""

_SENTENCE = re.compile(r"(?<=[。;；!！?？\n])")


@dataclass(frozen=True)
class Chunk:
    """A passage to index. ``meta`` is empty in the plain configuration but for the document's name."""

    text: str
    meta: dict[str, str]


@dataclass(frozen=True)
class Found:
    text: str
    document: str
    score: float


class Peer(Protocol):
    """One system as a competent user sets it up. ``texts`` of ``build_plain`` are (file name, text).

    ``reads`` is how many of the retrieved passages the sentence that answers may come from, ``lexical`` whether shared
    characters count in choosing it.
    """

    reads: int
    lexical: bool

    def build_plain(self, texts: Sequence[tuple[str, str]]) -> None: ...
    def build_given(self, chunks: Sequence[Chunk]) -> None: ...
    def save(self, folder: Path) -> None: ...
    def load(self, folder: Path) -> None: ...
    def retrieve(self, question: str, wanted: dict[str, str]) -> list[Found]: ...
    def embed(self, texts: Sequence[str]) -> Any: ...


def given_text(record: dict[str, Any]) -> str:
    """A chunk of ours with its metadata in front, as papers on near-identical filings recommend (arXiv 2601.11863)."""
    head = " ".join(part for part in (record["region"], record["period"], record["title"], *record["heading"]) if part)
    return f"{head}\n{record['text']}"


def wanted_of(asked: Sequence[str], regions: Sequence[str], years: Sequence[str]) -> dict[str, str]:
    """The metadata filters that plain matching of names gives: a held place, with or without 区, and a held year.

    ``asked`` has the earlier questions first. The newest question that names any decides; where it names two there is
    no filter, because one would leave out half of what is asked.
    """
    found = {}
    for name, known in (("region", {r: r.rstrip("区") or r for r in regions}), ("year", {y: y for y in years})):
        for text in reversed(asked):
            named = [value for value, words in known.items() if words in text]
            if len(named) == 1:
                found[name] = named[0]
            if named:
                break
    return found


def best_sentence(peer: Peer, question: str, passages: Sequence[Found]) -> tuple[str, str, float]:
    """(sentence, document, score): the sentence of the first passages that fits best.

    Half the score is the cosine by the same embedding model, half the share of the question's character pairs that the
    sentence has. Cosine alone, which is the plain way, finds fewer: the lexical half helps every peer that takes it.
    """
    sentences, documents = [], []
    for passage in passages[: peer.reads]:
        for sentence in _SENTENCE.split(passage.text):
            if len(sentence.strip()) >= 6:
                sentences.append(sentence.strip())
                documents.append(passage.document)
    if not sentences:
        return "", "", 0.0
    vectors = np.asarray(peer.embed([question, *sentences]), dtype=np.float32)
    vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    scores = vectors[1:] @ vectors[0]
    if peer.lexical:
        asked = _pairs(question)
        shared = [len(asked & _pairs(sentence)) / max(len(asked), 1) for sentence in sentences]
        scores = (scores + np.asarray(shared, dtype=np.float32)) / 2
    best = int(np.argmax(scores))
    return sentences[best], documents[best], float(scores[best])


def _pairs(text: str) -> set[str]:
    letters = [c for c in text.lower() if c.isalnum()]
    return {a + b for a, b in itertools.pairwise(letters)}


def answer(peer: Peer, asked: str, wanted: dict[str, str], *, given: bool) -> dict[str, Any]:
    """One answer; abstained where the filters leave nothing, or nothing is found."""
    passages = peer.retrieve(asked, wanted)
    if given:
        # The metadata in front are for finding the passage and would make a poor answer.
        passages = [Found(p.text.partition("\n")[2], p.document, p.score) for p in passages]
    sentence, document, score = best_sentence(peer, asked, passages)
    return {
        "answer": sentence, "abstained": not sentence, "score": score, "cited": [{"document": document, "text": sentence}],
        "passages": [{"text": p.text, "document": p.document} for p in passages],
    }  # fmt: skip


def read_lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def resident_megabytes() -> float:
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def run(make: type[Peer]) -> None:
    """The command line that ``benchmarks.peers.run`` calls: build and answer everything, or load and answer once."""
    parser = argparse.ArgumentParser()
    parser.add_argument("data", type=Path)
    parser.add_argument("model")
    parser.add_argument("setting", choices=("plain", "given"))
    parser.add_argument("index", type=Path)
    parser.add_argument("--once", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    given = options.setting == "given"
    questions = read_lines(options.data / "questions.jsonl")
    records = read_lines(options.data / "chunks.jsonl") if given else []
    regions = sorted({r["region"] for r in records if r["region"]})
    years = sorted({r["year"] for r in records if r["year"]})
    peer = make(options.model)  # type: ignore[call-arg]

    def ask(question: dict[str, Any]) -> dict[str, Any]:
        asked = [*question["history"], question["question"]]
        return answer(peer, " ".join(asked), wanted_of(asked, regions, years) if given else {}, given=given)

    if options.once:
        peer.load(options.index)
        sys.stdout.write(json.dumps(ask(questions[0]), ensure_ascii=False))
        return
    began = time.perf_counter()
    if given:
        peer.build_given(
            [
                Chunk(given_text(r), {"document": r["document"], "region": r["region"], "year": r["year"]})
                for r in records
            ]
        )
    else:
        files = sorted((options.data / "reports").glob("*.txt"))
        peer.build_plain([(path.name, path.read_text(encoding="utf-8")) for path in files])
    ingest = time.perf_counter() - began
    peer.save(options.index)
    outputs = [{"id": q["id"], **ask(q)} for q in questions]
    taken = []
    for _ in range(options.repeats):
        for question in questions:
            began = time.perf_counter()
            ask(question)
            taken.append((time.perf_counter() - began) * 1000)
    result = {"ingest_s": ingest, "memory_mb": resident_megabytes(), "ms": taken, "outputs": outputs}
    sys.stdout.write(json.dumps(result, ensure_ascii=False))
