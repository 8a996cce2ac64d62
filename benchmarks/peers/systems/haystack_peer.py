"""Haystack 3: in-memory store, BM25 and embedding retrievers joined by reciprocal rank fusion, as in its hybrid tutorial.

Helps it: chunks are cut at Chinese sentence ends (its default separators know only Latin ones). Its default BM25
tokenizer is kept, because it already takes Chinese characters one by one.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from haystack import Document, Pipeline
from haystack.components.joiners import DocumentJoiner
from haystack.components.preprocessors import RecursiveDocumentSplitter
from haystack.components.retrievers import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
from haystack.document_stores.in_memory import InMemoryDocumentStore
from haystack_integrations.components.embedders.sentence_transformers import (
    SentenceTransformersDocumentEmbedder,
    SentenceTransformersTextEmbedder,
)
from protocol import CHUNK, OVERLAP, READ, TOP_K, Chunk, Found, run


class Haystack:
    """The store with its query pipeline."""

    reads = READ
    lexical = True

    def __init__(self, model: str) -> None:
        self._documents = SentenceTransformersDocumentEmbedder(model=model, progress_bar=False, local_files_only=True)
        self._text = SentenceTransformersTextEmbedder(model=model, progress_bar=False, local_files_only=True)
        self._documents.warm_up()
        self._text.warm_up()

    def _open(self, store: InMemoryDocumentStore) -> None:
        self._store = store
        pipeline = Pipeline()
        pipeline.add_component("embedder", self._text)
        pipeline.add_component("dense", InMemoryEmbeddingRetriever(store, top_k=TOP_K * 4))
        pipeline.add_component("bm25", InMemoryBM25Retriever(store, top_k=TOP_K * 4))
        pipeline.add_component("joiner", DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=TOP_K))
        pipeline.connect("embedder.embedding", "dense.query_embedding")
        pipeline.connect("dense", "joiner")
        pipeline.connect("bm25", "joiner")
        self._pipeline = pipeline

    def build_plain(self, texts: Sequence[tuple[str, str]]) -> None:
        splitter = RecursiveDocumentSplitter(
            split_length=CHUNK, split_overlap=OVERLAP, split_unit="char", separators=["\n\n", "\n", "。", "；", "，"]
        )
        splitter.warm_up()
        whole = [Document(content=text, meta={"document": name}) for name, text in texts]
        self._write(splitter.run(documents=whole)["documents"])

    def build_given(self, chunks: Sequence[Chunk]) -> None:
        self._write([Document(content=chunk.text, meta=dict(chunk.meta)) for chunk in chunks])

    def _write(self, documents: list[Document]) -> None:
        self._open(InMemoryDocumentStore(embedding_similarity_function="cosine"))
        self._store.write_documents(self._documents.run(documents=documents)["documents"])

    def save(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._store.save_to_disk(str(folder / "store.json"))

    def load(self, folder: Path) -> None:
        self._open(InMemoryDocumentStore.load_from_disk(str(folder / "store.json")))

    def retrieve(self, question: str, wanted: dict[str, str]) -> list[Found]:
        conditions = [{"field": f"meta.{name}", "operator": "==", "value": value} for name, value in wanted.items()]
        filters = {"operator": "AND", "conditions": conditions} if conditions else None
        found = self._pipeline.run(
            {
                "embedder": {"text": question},
                "dense": {"filters": filters},
                "bm25": {"query": question, "filters": filters},
            }
        )
        return [Found(d.content or "", d.meta["document"], d.score or 0.0) for d in found["joiner"]["documents"]]

    def embed(self, texts: Sequence[str]) -> Any:
        # The component takes one text at a time; its model takes a batch, as its users do for many sentences.
        return self._text.embedding_backend.embed(list(texts), show_progress_bar=False)


if __name__ == "__main__":
    run(Haystack)
