"""Asks a running Wenju service over HTTP, with the standard library alone: what the framework retrievers stand on."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


class ServiceError(Exception):
    """The service refused a request, or cannot be reached."""


@dataclass(frozen=True, slots=True)
class Client:
    """Where the service is, and what to ask it with. ``timeout`` is in seconds; the key stays out of every ``repr``."""

    base_url: str = "http://127.0.0.1:8000"
    api_key: str | None = field(default=None, repr=False)
    timeout: float = 30.0

    def search(
        self, query: str, *, top_k: int = 8, filters: Mapping[str, Sequence[Any]] | None = None
    ) -> list[dict[str, Any]]:
        """Passages best first, as ``POST /v1/search`` gives them, each with an absolute ``url``. Raises ServiceError.

        ``filters`` holds ``regions``, ``years`` and ``documents``; a value that is not held is an error, not an empty list.
        """
        body = {
            "query": query,
            "top_k": top_k,
            "filters": {name: list(values) for name, values in (filters or {}).items()},
        }
        hits: list[dict[str, Any]] = self._post("/v1/search", body)["hits"]
        return [{**hit, "url": f"{self.base_url.rstrip('/')}{hit['url']}"} for hit in hits]

    def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        if self.api_key:
            headers["Authorization"] = f"Bearer {self.api_key}"
        request = urllib.request.Request(
            self.base_url.rstrip("/") + path, json.dumps(body).encode(), headers, method="POST"
        )
        try:
            with urllib.request.urlopen(request, timeout=self.timeout) as response:
                found: dict[str, Any] = json.load(response)
                return found
        except urllib.error.HTTPError as error:
            with error:
                raise ServiceError(f"{error.code}: {_detail(error.read())}") from error
        except (OSError, ValueError) as error:
            raise ServiceError(f"{self.base_url} cannot be asked: {error}") from error


def _detail(body: bytes) -> str:
    try:
        return str(json.loads(body)["detail"])
    except (ValueError, KeyError, TypeError):
        return "no reason given"


def metadata(hit: Mapping[str, Any]) -> dict[str, Any]:
    """What is known of a passage besides its text, in plain values that every framework can store."""
    names = ("title", "document", "document_id", "region", "period", "start", "end", "url", "score")
    known = {name: hit[name] for name in names if hit[name] is not None}
    return {**known, "heading": " › ".join(hit["heading"])}
