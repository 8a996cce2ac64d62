"""A LlamaIndex retriever over a running service: ``pip install 'wenju[llama-index]'``."""

from __future__ import annotations

import asyncio
from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeWithScore, QueryBundle, TextNode

from wenju.client import Client, metadata


class WenjuRetriever(BaseRetriever):
    """Passages of the reports for a query; place and time are read from its words, and from ``filters``."""

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        *,
        api_key: str | None = None,
        top_k: int = 8,
        filters: dict[str, list[Any]] | None = None,
    ) -> None:
        self._client = Client(base_url, api_key)
        self._top_k = top_k
        self._filters = filters or {}
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        hits = self._client.search(query_bundle.query_str, top_k=self._top_k, filters=self._filters)
        return [
            NodeWithScore(
                node=TextNode(text=hit["text"], id_=hit["chunk_id"], metadata=metadata(hit)), score=hit["score"]
            )
            for hit in hits
        ]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)
