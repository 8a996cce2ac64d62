"""What the service needs of the others: one pipeline to ask, the snapshot it reads, and a few settings.

The real ones are ``rag.pipeline.AnswerPipeline``, ``index.snapshot.IndexSnapshot`` and ``settings.Settings``;
tests put small fakes in their place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

from index.types import Document, Source
from rag.types import Answer, Filters, Question, SearchResult


class Snapshot(Protocol):
    """An opened index: what was ingested, read only."""

    @property
    def id(self) -> str: ...

    @property
    def sources(self) -> Mapping[str, Source]: ...

    @property
    def documents(self) -> tuple[Document, ...]: ...

    def document(self, id: str, /) -> Document | None: ...

    def coverage(self) -> dict[str, object]: ...

    def close(self) -> None: ...


class Pipeline(Protocol):
    """Answers and searches over one snapshot. Called from several threads at once."""

    @property
    def snapshot(self) -> Snapshot: ...

    def answer(self, question: Question, /) -> Answer: ...

    def search(self, text: str, /, *, filters: Filters, top_k: int, asked_on: dt.date) -> SearchResult: ...


PipelineFactory = Callable[[], Pipeline]


class ServiceOptions(Protocol):
    """The settings that the service itself reads; everything else is in the pipeline that it is handed."""

    @property
    def index(self) -> Path: ...

    @property
    def host(self) -> str: ...

    @property
    def port(self) -> int: ...

    @property
    def max_body_bytes(self) -> int: ...
