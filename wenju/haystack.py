"""Haystack components over a running service, each saved and loaded with its pipeline: ``pip install 'wenju[haystack]'``."""

from __future__ import annotations

from typing import Any, Self

from haystack import Document, component, default_from_dict, default_to_dict
from haystack.dataclasses import GeneratedAnswer
from haystack.utils import Secret, deserialize_secrets_inplace

from wenju.client import Client, metadata
from wenju.sources import answer_metadata, reports
from wenju.wire import DEFAULT_URL, Filters


class _OverService:
    """What all components keep: the address, and where the key is found, never the key itself."""

    def __init__(self, base_url: str, api_key: Secret | None) -> None:
        self.base_url = base_url
        self.api_key = api_key

    def _client(self) -> Client:
        return Client(self.base_url, self.api_key.resolve_value() if self.api_key is not None else None)

    def _kept(self, **more: Any) -> dict[str, Any]:
        key = self.api_key.to_dict() if self.api_key is not None else None
        return dict(default_to_dict(self, base_url=self.base_url, api_key=key, **more))

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The component that ``to_dict`` was asked of."""
        if data.get("init_parameters", {}).get("api_key"):
            deserialize_secrets_inplace(data["init_parameters"], keys=["api_key"])
        made: Self = default_from_dict(cls, data)
        return made


@component
class WenjuRetriever(_OverService):
    """Passages of the reports for a query; place and time are read from its words, and from ``filters``."""

    def __init__(
        self,
        base_url: str = DEFAULT_URL,
        api_key: Secret | None = None,
        top_k: int = 8,
        filters: Filters | None = None,
    ) -> None:
        # By name: the decorator makes another class of this one, of which `super()` knows nothing.
        _OverService.__init__(self, base_url, api_key)
        self.top_k = top_k
        self.filters = filters

    def to_dict(self) -> dict[str, Any]:
        """All that makes it, the key as the place where it is found. Raises ValueError for a key given in plain text."""
        return self._kept(top_k=self.top_k, filters=self.filters)

    @component.output_types(documents=list[Document])
    def run(
        self, query: str, filters: dict[str, list[Any]] | None = None, top_k: int | None = None
    ) -> dict[str, list[Document]]:
        """Find passages; what is given here stands in the place of what the component was made with."""
        with self._client() as client:
            hits = client.search(query, top_k=top_k or self.top_k, filters=filters or self.filters)  # type: ignore[arg-type]
        return {"documents": [Document(id=h.chunk_id, content=h.text, meta=metadata(h), score=h.score) for h in hits]}


@component
class WenjuAnswerer(_OverService):
    """Answers a query as a ``GeneratedAnswer``: text, cited quotations as documents, values and reason as ``meta``."""

    def __init__(
        self, base_url: str = DEFAULT_URL, api_key: Secret | None = None, filters: Filters | None = None
    ) -> None:
        # By name: the decorator makes another class of this one, of which `super()` knows nothing.
        _OverService.__init__(self, base_url, api_key)
        self.filters = filters

    def to_dict(self) -> dict[str, Any]:
        """All that makes it, the key as the place where it is found. Raises ValueError for a key given in plain text."""
        return self._kept(filters=self.filters)

    @component.output_types(answers=list[GeneratedAnswer])
    def run(self, query: str, history: list[str] | None = None) -> dict[str, list[GeneratedAnswer]]:
        """Answer, or say why not: then ``meta`` has ``abstained`` and ``reason``."""
        with self._client() as client:
            answer = client.ask(query, history=history or (), filters=self.filters)
        documents = [
            Document(
                id=f"{each.document_id}:{each.start}-{each.end}",
                content=each.quote,
                meta={"n": each.n, "title": each.title, "document": each.document, "start": each.start, "end": each.end, "url": each.url},
                score=answer.support,
            )
            for each in answer.citations
        ]  # fmt: skip
        made = GeneratedAnswer(data=answer.answer, query=query, documents=documents, meta=answer_metadata(answer))
        return {"answers": [made]}


@component
class WenjuReports(_OverService):
    """Gives the reports that a service holds, each whole, for an indexing pipeline."""

    def __init__(self, base_url: str = DEFAULT_URL, api_key: Secret | None = None) -> None:
        # By name: the decorator makes another class of this one, of which `super()` knows nothing.
        _OverService.__init__(self, base_url, api_key)

    def to_dict(self) -> dict[str, Any]:
        """All that makes it, the key as the place where it is found. Raises ValueError for a key given in plain text."""
        return self._kept()

    @component.output_types(documents=list[Document])
    def run(self) -> dict[str, list[Document]]:
        """One document for each report."""
        with self._client() as client:
            return {"documents": [Document(id=k["document_id"], content=text, meta=k) for k, text in reports(client)]}
