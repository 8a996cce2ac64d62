"""txtai: embeddings database with content, hybrid (its BM25 beside FAISS), as in its documentation.

Helps it: the texts are cut as for plain FAISS, because its own segmentation knows no Chinese sentence ends. Its default
tokenizer is kept, which takes Chinese characters one by one. Filters are its SQL clauses over the stored metadata.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cutting import cut
from protocol import READ, TOP_K, Chunk, Found, run
from txtai import Embeddings


class Txtai:
    """The embeddings database."""

    reads = READ
    lexical = True

    def __init__(self, model: str) -> None:
        self._database = Embeddings(path=model, method="sentence-transformers", hybrid=True, content=True)

    def build_plain(self, texts: Sequence[tuple[str, str]]) -> None:
        self._database.index([{"text": piece, "document": name} for name, text in texts for piece in cut(text)])

    def build_given(self, chunks: Sequence[Chunk]) -> None:
        self._database.index([{"text": chunk.text, **chunk.meta} for chunk in chunks])

    def save(self, folder: Path) -> None:
        self._database.save(str(folder))

    def load(self, folder: Path) -> None:
        self._database.load(str(folder))

    def retrieve(self, question: str, wanted: dict[str, str]) -> list[Found]:
        clauses = "".join(f" and {name} = :{name}" for name in wanted)
        # A filter is applied to the candidates of the similarity search: enough of them must be taken for it to match.
        similar = "similar(:question, 2000)" if wanted else "similar(:question)"
        rows = self._database.search(
            f"select text, document, score from txtai where {similar}{clauses} limit {TOP_K}",
            parameters={"question": question, **wanted},
        )
        return [Found(row["text"], row["document"], row["score"]) for row in rows]

    def embed(self, texts: Sequence[str]) -> Any:
        return self._database.batchtransform(list(texts))


if __name__ == "__main__":
    run(Txtai)
