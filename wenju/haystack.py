"""A Haystack component over a running service: ``pip install 'wenju[haystack]'``."""

from __future__ import annotations

from typing import Any

from haystack import Document, component

from wenju.client import Client, metadata


@component
class WenjuRetriever:
    """Passages of the reports for a query; place and time are read from its words, and from ``filters``."""

    def __init__(
        self,
        base_url: str = "http://127.0.0.1:8000",
        api_key: str | None = None,
        top_k: int = 8,
        filters: dict[str, list[Any]] | None = None,
    ) -> None:
        self.client = Client(base_url, api_key)
        self.top_k = top_k
        self.filters = filters or {}

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, list[Any]] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """Find passages; what is given here stands in the place of what the component was made with."""
        hits = self.client.search(query, top_k=top_k or self.top_k, filters=filters or self.filters)
        found = [
            Document(id=hit["chunk_id"], content=hit["text"], meta=metadata(hit), score=hit["score"]) for hit in hits
        ]
        return {"documents": found}
