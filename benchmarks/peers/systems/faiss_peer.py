"""Plain FAISS: the vectors of all chunks in a flat index; the passage nearest to the question, nothing else."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from cutting import cut
from protocol import TOP_K, Chunk, Found, run
from sentence_transformers import SentenceTransformer


class Faiss:
    """The flat index with the texts beside it. With filters it searches among the fitting chunks alone."""

    reads = 1
    lexical = False

    def __init__(self, model: str) -> None:
        self._model = SentenceTransformer(model)
        self._rows: list[dict[str, str]] = []

    def build_plain(self, texts: Sequence[tuple[str, str]]) -> None:
        self._build([{"text": piece, "document": name} for name, text in texts for piece in cut(text)])

    def build_given(self, chunks: Sequence[Chunk]) -> None:
        self._build([{"text": chunk.text, **chunk.meta} for chunk in chunks])

    def _build(self, rows: list[dict[str, str]]) -> None:
        self._rows = rows
        vectors = self.embed([row["text"] for row in rows])
        self._index = faiss.IndexFlatIP(vectors.shape[1])
        self._index.add(vectors)

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        faiss.write_index(self._index, str(folder / "flat.faiss"))
        (folder / "rows.json").write_text(json.dumps(self._rows, ensure_ascii=False), encoding="utf-8")

    def load(self, folder: Path) -> None:
        self._index = faiss.read_index(str(folder / "flat.faiss"))
        self._rows = json.loads((folder / "rows.json").read_text(encoding="utf-8"))

    def retrieve(self, question: str, wanted: dict[str, str]) -> list[Found]:
        parameters = None
        if wanted:
            fitting = [n for n, row in enumerate(self._rows) if all(row[k] == v for k, v in wanted.items())]
            if not fitting:
                return []
            parameters = faiss.SearchParameters(sel=faiss.IDSelectorBatch(np.array(fitting, dtype=np.int64)))
        scores, numbers = self._index.search(self.embed([question]), TOP_K, params=parameters)
        return [
            Found(self._rows[n]["text"], self._rows[n]["document"], float(s))
            for s, n in zip(scores[0], numbers[0], strict=True)
            if n >= 0
        ]

    def embed(self, texts: Sequence[str]) -> Any:
        return self._model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False, batch_size=64)


if __name__ == "__main__":
    run(Faiss)
