"""Addresses of cited places that work outside this service's own pages."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from litestar import Request

from api.shared.protocols import ServiceOptions
from rag.types import Citation


class Links:
    """Makes addresses that open a report at the cited words."""

    def __init__(self, base: str) -> None:
        self._base = base.rstrip("/")

    @classmethod
    def of(cls, request: Request[Any, Any, Any], options: ServiceOptions) -> Links:
        """As the operator says, else as the client reached the service: behind a proxy those differ."""
        return cls(options.public_url or str(request.base_url))

    def place(self, document_id: str, start: int, end: int) -> str:
        return f"{self._base}/documents/{quote(document_id, safe='')}?start={start}&end={end}#hit"

    def cited(self, citation: Citation) -> str:
        return self.place(citation.document_id, citation.start, citation.end)

    def document(self, document_id: str) -> str:
        return f"{self._base}/documents/{quote(document_id, safe='')}"
