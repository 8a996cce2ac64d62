"""LangChain parts over a running service: a retriever, a tool, a Runnable and a loader. ``pip install 'wenju[langchain]'``."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, cast

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.document_loaders import BaseLoader
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableLambda
from langchain_core.tools import BaseTool
from pydantic import BaseModel, Field, SecretStr

from wenju.answers import Answer
from wenju.client import Client, metadata
from wenju.sources import TOOL_DESCRIPTION, TOOL_NAME, answer_metadata, reports, told
from wenju.wire import DEFAULT_URL, Filters


class _Asked(BaseModel):
    """What a model gives the tool."""

    question: str = Field(description="One question about government work reports, in Chinese or English")
    history: list[str] = Field(default_factory=list, description="Earlier questions, oldest first")


class WenjuTool(BaseTool):
    """Answers a question with values and citations: the text for the model, the whole ``wenju.Answer`` as artifact."""

    name: str = TOOL_NAME
    description: str = TOOL_DESCRIPTION
    args_schema: type[BaseModel] = _Asked
    response_format: Literal["content", "content_and_artifact"] = "content_and_artifact"

    base_url: str = DEFAULT_URL
    api_key: SecretStr | None = None
    filters: dict[str, list[Any]] = Field(default_factory=dict)

    def _run(self, question: str, history: list[str] | None = None, **_: Any) -> tuple[str, Answer]:
        with Client(self.base_url, _plain(self.api_key)) as client:
            answer = client.ask(question, history=history or (), filters=cast(Filters, self.filters))
        return told(answer), answer


def wenju_runnable(base_url: str = DEFAULT_URL, api_key: SecretStr | None = None) -> Runnable[str, Document]:
    """A Runnable from a question to a Document: the answer as ``page_content``, its values and citations as metadata."""

    def ask(question: str) -> Document:
        with Client(base_url, _plain(api_key)) as client:
            answer = client.ask(question)
        return Document(page_content=answer.answer, metadata=answer_metadata(answer), id=answer.id)

    return RunnableLambda(ask, name="wenju")


class WenjuRetriever(BaseRetriever):
    """Passages of the reports for a query; place and time are read from its words, and from ``filters``."""

    base_url: str = DEFAULT_URL
    api_key: SecretStr | None = None
    top_k: int = Field(8, ge=1, le=50)
    filters: dict[str, list[Any]] = Field(default_factory=dict)

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        del run_manager
        with Client(self.base_url, _plain(self.api_key)) as client:
            hits = client.search(query, top_k=self.top_k, filters=cast(Filters, self.filters))
        return [Document(page_content=hit.text, metadata=metadata(hit), id=hit.chunk_id) for hit in hits]


class WenjuLoader(BaseLoader):
    """Loads the reports that a service holds, each whole, with what is known of it."""

    def __init__(self, base_url: str = DEFAULT_URL, api_key: SecretStr | None = None) -> None:
        self._base_url = base_url
        self._api_key = api_key

    def lazy_load(self) -> Iterator[Document]:
        """One document for each report, fetched one after another."""
        with Client(self._base_url, _plain(self._api_key)) as client:
            for known, text in reports(client):
                yield Document(page_content=text, metadata=known, id=known["document_id"])


def _plain(key: SecretStr | None) -> str | None:
    return key.get_secret_value() if key is not None else None
