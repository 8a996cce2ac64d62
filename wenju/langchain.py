"""A LangChain retriever over a running service: ``pip install 'wenju[langchain]'``."""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from pydantic import Field, SecretStr

from wenju.client import Client, metadata


class WenjuRetriever(BaseRetriever):
    """Passages of the reports for a query; place and time are read from its words, and from ``filters``."""

    base_url: str = "http://127.0.0.1:8000"
    api_key: SecretStr | None = None
    top_k: int = Field(8, ge=1, le=50)
    filters: dict[str, list[Any]] = Field(default_factory=dict)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager
        client = Client(self.base_url, self.api_key.get_secret_value() if self.api_key else None)
        hits = client.search(query, top_k=self.top_k, filters=self.filters)
        return [Document(page_content=hit["text"], metadata=metadata(hit), id=hit["chunk_id"]) for hit in hits]
