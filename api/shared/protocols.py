"""What the service needs of the others: one pipeline to ask, the snapshot it reads, and a few settings.

The real ones are ``rag.pipeline.AnswerPipeline``, ``index.store.snapshot.IndexSnapshot`` and ``settings.Settings``;
tests put small fakes in their place.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Protocol

from pydantic import SecretStr

from index.store.embedding import Embedder
from index.types import Document, Fact, Sentence, Source
from rag.find.rerank import Reranker
from rag.types import Answer, Filters, Question, SearchResult, Understood


class Snapshot(Protocol):
    """An opened index: what was ingested, read only."""

    @property
    def id(self) -> str: ...

    @property
    def sources(self) -> Mapping[str, Source]: ...

    @property
    def documents(self) -> tuple[Document, ...]: ...

    @property
    def facts(self) -> Sequence[Fact]: ...

    @property
    def sentences(self) -> Sequence[Sentence]: ...

    def document(self, id: str, /) -> Document | None: ...

    def also(self, name: str, /) -> tuple[str, ...]:
        """The other files of the content of one."""

    def original(self, name: str, /) -> bytes:
        """The unmodified bytes of a file. Raise SnapshotError where they are gone."""

    def coverage(self) -> dict[str, object]: ...

    def close(self) -> None: ...


class Pipeline(Protocol):
    """Answers and searches over one snapshot. Called from several threads at once."""

    @property
    def snapshot(self) -> Snapshot: ...

    @property
    def embedder(self) -> Embedder: ...

    @property
    def reranker(self) -> Reranker: ...

    @property
    def generators(self) -> tuple[str, ...]:
        """The names that a question's generator may have, the default first."""

    def answer(self, question: Question, /) -> Answer: ...

    def stream(self, question: Question, /) -> Iterator[Understood | str | Answer]:
        """Raise QuestionError at once; then the question as understood, the text in pieces, and the whole answer."""

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

    @property
    def max_upload_bytes(self) -> int: ...

    @property
    def embedding_url(self) -> str | None: ...

    @property
    def token_vocabulary(self) -> str: ...

    @property
    def public_url(self) -> str | None: ...

    @property
    def allowed_hosts(self) -> tuple[str, ...]: ...

    @property
    def allowed_origins(self) -> tuple[str, ...]: ...

    @property
    def log(self) -> str: ...

    @property
    def log_questions(self) -> bool: ...

    @property
    def workers(self) -> int: ...

    @property
    def chat_events(self) -> bool: ...

    @property
    def chat_sources(self) -> bool: ...

    @property
    def feedback(self) -> bool: ...

    @property
    def insecure(self) -> bool: ...

    @property
    def api_keys(self) -> SecretStr | None: ...

    @property
    def api_key_file(self) -> Path | None: ...

    @property
    def rate_per_minute(self) -> int: ...
