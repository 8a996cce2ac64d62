"""What is evaluated: the pipeline in this process, or a running service behind an address."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, Protocol, Self
from urllib.parse import quote

import httpx
import msgspec

from eval.cases import Case
from eval.replies import Passage, Reply, passage_from_hit, passage_from_json, reply_from_answer, reply_from_json
from index.errors import WenjuError
from rag.pipeline import AnswerPipeline
from rag.types import Filters, Question

DEFAULT_DAY = dt.date(2026, 1, 1)
"""The day on which questions without ``as_of`` are asked: fixed, so that a run gives the same answers on every day."""

TOP_K = 10
"""How many passages a search is asked for: what the retrieval metrics look at."""

TIMEOUT_SECONDS = 120
"""For one answer; a language model behind the service may take its time."""


class ServiceError(WenjuError):
    """The evaluated service cannot be reached, or answers something else than an answer."""


class Service(Protocol):
    """Answers and searches; ``source`` gives the file's own text at a citation's place, or None where there is none."""

    @property
    def where(self) -> str: ...
    @property
    def snapshot(self) -> str: ...
    @property
    def model(self) -> str | None: ...

    def ask(self, case: Case, *, generator: str, explain: bool) -> Reply: ...
    def search(self, case: Case) -> tuple[Passage, ...]: ...
    def source(self, document_id: str, start: int, end: int) -> str | None: ...


class InProcess:
    """The pipeline of this process."""

    def __init__(self, pipeline: AnswerPipeline) -> None:
        self._pipeline = pipeline

    @property
    def where(self) -> str:
        return "in process"

    @property
    def snapshot(self) -> str:
        return self._pipeline.snapshot.id

    @property
    def model(self) -> str | None:
        manifest = self._pipeline.snapshot.manifest
        # A model of one's own is named by its folder, which says something on one machine only.
        return f"{Path(manifest.embedding_name).name} {manifest.embedding_identity.removeprefix('sha256:')[:12]}"

    def ask(self, case: Case, *, generator: str, explain: bool) -> Reply:
        question = Question(
            case.question, case.as_of or DEFAULT_DAY, case.history, generator=generator, explain=explain
        )
        return reply_from_answer(self._pipeline.answer(question))

    def search(self, case: Case) -> tuple[Passage, ...]:
        found = self._pipeline.search(case.question, filters=Filters(), top_k=TOP_K, asked_on=case.as_of or DEFAULT_DAY)
        return tuple(passage_from_hit(hit) for hit in found.hits)

    def source(self, document_id: str, start: int, end: int) -> str | None:
        document = self._pipeline.snapshot.document(document_id)
        if document is None or not document.span.start <= start <= end <= document.span.end:
            return None
        return self._pipeline.snapshot.source_of(document).text[start:end]


class Remote:
    """A running service. Use as a context manager; the connection is kept between questions."""

    def __init__(self, address: str) -> None:
        self._address = address.rstrip("/")
        self._texts: dict[str, tuple[int, str] | None] = {}
        self._client = httpx.Client(base_url=self._address, timeout=TIMEOUT_SECONDS, trust_env=False)
        self._snapshot = ""

    def __enter__(self) -> Self:
        try:
            self._snapshot = str(self._get("/health/ready")["snapshot"])
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    @property
    def where(self) -> str:
        return self._address

    @property
    def snapshot(self) -> str:
        return self._snapshot

    @property
    def model(self) -> str | None:
        """No route tells it; the snapshot's id includes it."""
        return None

    def ask(self, case: Case, *, generator: str, explain: bool) -> Reply:
        asked = {
            "question": case.question,
            "history": list(case.history),
            "as_of": (case.as_of or DEFAULT_DAY).isoformat(),
            "generator": generator,
            "explain": explain,
        }
        try:
            return reply_from_json(self._post("/v1/ask", asked))
        except msgspec.ValidationError as error:
            raise ServiceError(f"{self._address}/v1/ask: not an answer: {error}") from error

    def search(self, case: Case) -> tuple[Passage, ...]:
        asked = {"query": case.question, "as_of": (case.as_of or DEFAULT_DAY).isoformat(), "top_k": TOP_K}
        body = self._post("/v1/search", asked)
        try:
            return tuple(passage_from_json(hit) for hit in body["hits"])
        except (msgspec.ValidationError, KeyError, TypeError) as error:
            raise ServiceError(f"{self._address}/v1/search: not a list of hits: {error}") from error

    def source(self, document_id: str, start: int, end: int) -> str | None:
        if document_id not in self._texts:
            path = f"/v1/documents/{quote(document_id, safe='')}"
            response = self._send("GET", path, None)
            # A citation of a document that the service does not know is not verbatim; that is no failure of the run.
            missing = response.status_code == httpx.codes.NOT_FOUND
            body = None if missing else self._body(path, response)
            try:
                self._texts[document_id] = None if body is None else (int(body["start"]), str(body["text"]))
            except (KeyError, TypeError, ValueError) as error:
                raise ServiceError(f"{self._address}{path}: not a document: {error}") from error
        held = self._texts[document_id]
        if held is None or not held[0] <= start <= end <= held[0] + len(held[1]):
            return None
        return held[1][start - held[0] : end - held[0]]

    def _get(self, path: str) -> dict[str, Any]:
        return self._json("GET", path, None)

    def _post(self, path: str, content: object) -> dict[str, Any]:
        return self._json("POST", path, content)

    def _json(self, method: str, path: str, content: object) -> dict[str, Any]:
        return self._body(path, self._send(method, path, content))

    def _send(self, method: str, path: str, content: object) -> httpx.Response:
        try:
            return self._client.request(method, path, json=content)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise ServiceError(f"{self._address}{path}: {error or type(error).__name__}") from error

    def _body(self, path: str, response: httpx.Response) -> dict[str, Any]:
        if response.status_code != httpx.codes.OK:
            raise ServiceError(f"{self._address}{path}: status {response.status_code}: {response.text[:300]}")
        try:
            body = response.json()
        except ValueError as error:
            raise ServiceError(f"{self._address}{path}: not JSON") from error
        if not isinstance(body, dict):
            raise ServiceError(f"{self._address}{path}: not a JSON object")
        return body
