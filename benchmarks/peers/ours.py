"""Wenju under the same measurements as its peers, in a process of its own: ``python -m benchmarks.peers.ours``."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from eval.cases import read_cases
from eval.services import DEFAULT_DAY, TOP_K
from index.ingest import ingest
from index.store.embedding import load_embedder
from rag.opening import open_pipeline
from rag.types import Filters, Question
from settings import Settings


def main(data: Path, index: Path, repeats: int) -> int:
    """Ingest, answer every question once for its answer and ``repeats`` times for its time; print all as JSON."""
    settings = Settings()
    embedder = load_embedder(settings.embedding)
    # The peers' models are loaded before their ingest is timed too.
    began = time.perf_counter()
    ingest([data / "reports"], index, embedder, settings.token_vocabulary, settings.chunking, fresh=True)
    took = time.perf_counter() - began
    pipeline = open_pipeline(index, settings.embedding)
    cases = read_cases(data / "cases.jsonl")
    asked = [Question(case.question, case.as_of or DEFAULT_DAY, case.history) for case in cases]
    outputs = []
    for case, question in zip(cases, asked, strict=True):
        answer = pipeline.answer(question)
        hits = pipeline.search(case.question, filters=Filters(), top_k=TOP_K, asked_on=question.asked_on).hits
        outputs.append(
            {
                "id": case.id, "answer": answer.answer, "abstained": answer.abstained, "score": answer.support,
                "cited": [{"document": c.document, "text": c.quote} for c in answer.citations],
                "passages": [{"text": h.text, "document": h.document} for h in hits[:5]],
            }
        )  # fmt: skip
    taken = []
    for _ in range(repeats):
        for question in asked:
            began = time.perf_counter()
            pipeline.answer(question)
            taken.append((time.perf_counter() - began) * 1000)
    status = Path("/proc/self/status").read_text(encoding="ascii")
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024
    result = {"ingest_s": took, "memory_mb": resident, "ms": taken, "outputs": outputs}
    sys.stdout.write(json.dumps(result, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])))
