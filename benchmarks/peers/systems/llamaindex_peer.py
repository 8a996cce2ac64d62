"""LlamaIndex: vector index and BM25 retriever in a fusion retriever (reciprocal rerank), as in its documentation.

Helps it: a token pattern that takes Chinese characters one by one (the default one makes a token of a whole clause), no
English stemmer, and no query generation, so that no language model is called. Its fusion retriever is not asked
asynchronously, which is faster here. For filters a retriever over each filter value is made once and kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from llama_index.core import Document, Settings, StorageContext, VectorStoreIndex, load_index_from_storage
from llama_index.core.base.embeddings.base import BaseEmbedding
from llama_index.core.bridge.pydantic import PrivateAttr
from llama_index.core.llms import MockLLM
from llama_index.core.node_parser import SentenceSplitter
from llama_index.core.retrievers import BaseRetriever, QueryFusionRetriever
from llama_index.core.retrievers.fusion_retriever import FUSION_MODES
from llama_index.core.schema import BaseNode, TextNode
from llama_index.core.vector_stores import ExactMatchFilter, MetadataFilters
from llama_index.retrievers.bm25 import BM25Retriever
from protocol import CHUNK, OVERLAP, READ, TOP_K, Chunk, Found, run
from sentence_transformers import SentenceTransformer

TOKENS = r"(?u)[\u3400-\u9fff]|[A-Za-z]+|\d+(?:\.\d+)?"


class LocalEmbedding(BaseEmbedding):
    """A custom embedding as its documentation shows: its Hugging Face class refuses models without a longest input."""

    _model: SentenceTransformer = PrivateAttr()

    def __init__(self, model: SentenceTransformer) -> None:
        super().__init__(model_name="local", embed_batch_size=64)
        self._model = model

    def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self._model.encode(
            texts, normalize_embeddings=True, show_progress_bar=False
        ).tolist()
        return vectors

    def _get_text_embedding(self, text: str) -> list[float]:
        return self._get_text_embeddings([text])[0]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embeddings([query])[0]

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class LlamaIndex:
    """The index with its fusion retrievers."""

    reads = READ
    lexical = True

    def __init__(self, model: str) -> None:
        self._model = LocalEmbedding(SentenceTransformer(model))
        Settings.embed_model = self._model
        Settings.llm = MockLLM()
        self._retrievers: dict[tuple[tuple[str, str], ...], BaseRetriever | None] = {}

    def build_plain(self, texts: Sequence[tuple[str, str]]) -> None:
        # Its splitter counts tokens; characters are what Chinese text is sized by.
        splitter = SentenceSplitter(chunk_size=CHUNK, chunk_overlap=OVERLAP, tokenizer=list)
        documents = [
            Document(text=text, metadata={"document": name}, excluded_embed_metadata_keys=["document"])
            for name, text in texts
        ]
        self._index_nodes(splitter.get_nodes_from_documents(documents))

    def build_given(self, chunks: Sequence[Chunk]) -> None:
        # The metadata stand in the text already.
        self._index_nodes(
            [
                TextNode(text=chunk.text, metadata=dict(chunk.meta), excluded_embed_metadata_keys=list(chunk.meta))
                for chunk in chunks
            ]
        )

    def _index_nodes(self, nodes: Sequence[BaseNode]) -> None:
        self._index = VectorStoreIndex(list(nodes))
        self._retriever({})

    def save(self, folder: Path) -> None:
        self._index.storage_context.persist(str(folder))

    def load(self, folder: Path) -> None:
        index = load_index_from_storage(StorageContext.from_defaults(persist_dir=str(folder)))
        assert isinstance(index, VectorStoreIndex)
        self._index = index

    def _retriever(self, wanted: dict[str, str]) -> BaseRetriever | None:
        key = tuple(sorted(wanted.items()))
        if key not in self._retrievers:
            nodes = [
                node
                for node in self._index.docstore.docs.values()
                if all(node.metadata.get(name) == value for name, value in wanted.items())
            ]
            self._retrievers[key] = self._fusion(nodes, wanted) if nodes else None
        return self._retrievers[key]

    def _fusion(self, nodes: list[BaseNode], wanted: dict[str, str]) -> BaseRetriever:
        most = min(TOP_K * 4, len(nodes))
        lexical = BM25Retriever.from_defaults(
            nodes=nodes, similarity_top_k=most, skip_stemming=True, token_pattern=TOKENS
        )
        filters = (
            MetadataFilters(filters=[ExactMatchFilter(key=k, value=v) for k, v in wanted.items()]) if wanted else None
        )
        dense = self._index.as_retriever(similarity_top_k=most, filters=filters)
        return QueryFusionRetriever(
            [dense, lexical], mode=FUSION_MODES.RECIPROCAL_RANK, similarity_top_k=TOP_K, num_queries=1, use_async=False
        )

    def retrieve(self, question: str, wanted: dict[str, str]) -> list[Found]:
        retriever = self._retriever(wanted)
        if retriever is None:
            return []
        return [
            Found(hit.node.get_content(), hit.node.metadata["document"], hit.score or 0.0)
            for hit in retriever.retrieve(question)
        ]

    def embed(self, texts: Sequence[str]) -> Any:
        return self._model.get_text_embedding_batch(list(texts))


if __name__ == "__main__":
    run(LlamaIndex)
