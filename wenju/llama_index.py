"""LlamaIndex parts over a running service: a retriever, a query engine, a tool and a reader. ``pip install 'wenju[llama-index]'``."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

from llama_index.core.base.base_query_engine import BaseQueryEngine
from llama_index.core.base.response.schema import RESPONSE_TYPE, Response
from llama_index.core.callbacks import CallbackManager
from llama_index.core.prompts.mixin import PromptMixinType
from llama_index.core.readers.base import BaseReader
from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import Document, NodeWithScore, QueryBundle, TextNode
from llama_index.core.tools import QueryEngineTool

from wenju.client import Client, metadata
from wenju.sources import TOOL_DESCRIPTION, TOOL_NAME, answer_metadata, reports
from wenju.wire import DEFAULT_URL, Filters


class WenjuQueryEngine(BaseQueryEngine):
    """Answers a question: the text as response, each citation as a source node, values and reason as metadata."""

    def __init__(
        self, base_url: str = DEFAULT_URL, *, api_key: str | None = None, filters: Filters | None = None
    ) -> None:
        self._service = (base_url, api_key)
        self._filters = filters
        super().__init__(CallbackManager())

    def _query(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        with Client(*self._service) as client:
            answer = client.ask(query_bundle.query_str, filters=self._filters)
        nodes = [
            NodeWithScore(
                node=TextNode(
                    text=each.quote,
                    id_=f"{each.document_id}:{each.start}-{each.end}",
                    metadata={
                        "n": each.n, "title": each.title, "document": each.document, "document_id": each.document_id,
                        "region": each.region, "period": each.period, "start": each.start, "end": each.end, "url": each.url,
                    },
                ),
                score=answer.support,
            )
            for each in answer.citations
        ]  # fmt: skip
        return Response(response=answer.answer, source_nodes=nodes, metadata=answer_metadata(answer))

    async def _aquery(self, query_bundle: QueryBundle) -> RESPONSE_TYPE:
        return await asyncio.to_thread(self._query, query_bundle)

    def _get_prompt_modules(self) -> PromptMixinType:
        return {}


def wenju_tool(base_url: str = DEFAULT_URL, *, api_key: str | None = None) -> QueryEngineTool:
    """The query engine as a tool of an agent."""
    engine = WenjuQueryEngine(base_url, api_key=api_key)
    return QueryEngineTool.from_defaults(engine, name=TOOL_NAME, description=TOOL_DESCRIPTION)


class WenjuReader(BaseReader):
    """Loads the reports that a service holds, each whole, with what is known of it."""

    def __init__(self, base_url: str = DEFAULT_URL, *, api_key: str | None = None) -> None:
        self._service = (base_url, api_key)

    def lazy_load_data(self, *args: Any, **load_kwargs: Any) -> Iterator[Document]:
        """One document for each report, fetched one after another."""
        del args, load_kwargs
        with Client(*self._service) as client:
            for known, text in reports(client):
                yield Document(text=text, id_=known["document_id"], metadata=known)


class WenjuRetriever(BaseRetriever):
    """Passages of the reports for a query; place and time are read from its words, and from ``filters``."""

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        *,
        api_key: str | None = None,
        top_k: int = 8,
        filters: Filters | None = None,
    ) -> None:
        self._service = (base_url, api_key)
        self._top_k = top_k
        self._filters = filters
        super().__init__()

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        with Client(*self._service) as client:
            hits = client.search(query_bundle.query_str, top_k=self._top_k, filters=self._filters)
        return [
            NodeWithScore(node=TextNode(text=hit.text, id_=hit.chunk_id, metadata=metadata(hit)), score=hit.score)
            for hit in hits
        ]

    async def _aretrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        return await asyncio.to_thread(self._retrieve, query_bundle)
