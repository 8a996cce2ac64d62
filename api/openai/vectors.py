"""``POST /v1/embeddings`` and ``POST /v1/rerank``: the built-in model, for tools that want vectors or an order."""

from __future__ import annotations

import base64
import uuid
from collections.abc import Iterator, Sequence
from functools import partial
from http import HTTPStatus
from typing import Any

import msgspec
import numpy as np
from litestar import Response, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation

from api.openai.errors import BAD_BODY, described
from api.openai.models import EMBED, RERANK
from api.openai.schemas import EmbeddingsRequest, RerankRequest
from api.shared.errors import UnknownModelError
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.work import Workers
from index.store.embedding import Embedder
from index.text.counting import DEFAULT_VOCABULARY, TokenCounter
from rag.errors import QuestionError
from rag.find.rerank import best_first

#: Texts that go to a model together, and their characters. Other requests get their turn between two such batches.
TOGETHER = 32
CHARACTERS = 100_000
#: Tokens of the shipped vocabulary in a request from which on it is believed that they are of it.
TELLING = 12

_RESPONSES: dict[int, ResponseSpec] = described(*BAD_BODY)


@post(
    "/v1/embeddings",
    status_code=HTTPStatus.OK,
    responses={200: ResponseSpec(dict[str, Any], description="The vectors, in the order of the inputs"), **_RESPONSES},
)
async def embeddings(
    data: JSONBody[EmbeddingsRequest],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
) -> Response[bytes]:
    """Turn texts into vectors of length 1. ``dimensions`` keeps the first so many numbers and stretches them to length 1.

    Tokens are read by the vocabulary that the service is set to, and refused where they are not of it.
    """
    _known(data.model, EMBED, pipeline.embedder.name)
    if data.dimensions is not None and data.dimensions > pipeline.embedder.dimension:
        raise QuestionError("dimensions", f"the model has {pipeline.embedder.dimension}")
    texts = await workers.run(partial(_texts, data.inputs(), options.token_vocabulary))
    rows: list[bytes] = []
    used = 0
    for batch in _batches(texts):
        written, tokens = await workers.run(partial(_embedded, batch, len(rows), data, pipeline.embedder), begun=True)
        rows += written
        used += tokens
    model = msgspec.json.encode(data.model)
    usage = msgspec.json.encode({"prompt_tokens": used, "total_tokens": used})
    # Put together from what the threads have written: a list of a million numbers would hold up the loop.
    body = b'{"object":"list","data":[%s],"model":%s,"usage":%s}' % (b",".join(rows), model, usage)
    return Response(body, media_type="application/json", status_code=HTTPStatus.OK)


def _texts(inputs: list[str] | list[list[int]], vocabulary: str) -> list[str]:
    """The texts to embed. Raises QuestionError for an empty one, and for tokens that are none of the vocabulary.

    Raises VocabularyUnavailableError where tokens are to be read and it cannot be had.
    """
    tokens = [each for each in inputs if not isinstance(each, str)]
    texts: list[str | None] = [each for each in inputs if isinstance(each, str)]
    if tokens:
        counter = TokenCounter(vocabulary)
        texts = [counter.text_of(each) for each in tokens]
    # The shipped vocabulary is nobody else's, and what a client sends unasked is of another: a few tokens of that may by
    # chance be text in ours, and would be another text.
    few = vocabulary == DEFAULT_VOCABULARY and sum(map(len, tokens)) < TELLING
    if tokens and (few or None in texts):
        raise QuestionError(
            "input",
            f"tokens are read by the vocabulary {vocabulary!r} alone, and these are not of it or too few to tell; "
            "send text (in LangChain: check_embedding_ctx_length=False)",
        )
    found = [text for text in texts if text is not None]
    if not all(text.strip() for text in found):
        raise QuestionError("input", "must not be empty")
    return found


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    """Texts that go to a model together: bounded by number and by characters, but for one long text alone."""
    batch: list[str] = []
    size = 0
    for text in texts:
        if batch and (len(batch) == TOGETHER or size + len(text) > CHARACTERS):
            yield batch
            batch, size = [], 0
        batch.append(text)
        size += len(text)
    if batch:
        yield batch


def _embedded(texts: Sequence[str], first: int, data: EmbeddingsRequest, embedder: Embedder) -> tuple[list[bytes], int]:
    """The rows of a batch as JSON, numbered from ``first``, and how many tokens it has."""
    vectors = embedder.encode(texts, role="passage")
    if data.dimensions is not None:
        vectors = vectors[:, : data.dimensions]
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    written = [
        msgspec.json.encode(
            {"object": "embedding", "index": n, "embedding": _written(row.astype("<f4"), data.encoding_format)}
        )
        for n, row in enumerate(vectors, first)
    ]
    return written, _tokens(texts)


def _operation(handler: Any, method: Any, parts: list[Any]) -> str:
    """One id for each of the paths; the schema wants them distinct."""
    del handler, method
    return "_".join(["rerank", *(str(part) for part in parts if str(part) not in ("/", "rerank"))])


@post(
    ["/v1/rerank", "/rerank", "/v2/rerank"],
    status_code=HTTPStatus.OK,
    responses=_RESPONSES,
    operation_id=_operation,
)
async def rerank(
    data: JSONBody[RerankRequest],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
) -> dict[str, Any]:
    """Order texts by how well they answer a query: scores are in [0, 1], and ``index`` is the place in the request."""
    _known(data.model, RERANK, EMBED, pipeline.reranker.name, pipeline.embedder.name)
    texts = data.texts()
    scores: list[float] = []
    for batch in _batches(texts):
        scores += (await workers.run(partial(pipeline.reranker.scores, data.query, batch), begun=bool(scores))).tolist()
    scores = [round(score, 6) for score in scores]
    results = [
        {
            "index": index,
            "relevance_score": scores[index],
            **({"document": {"text": texts[index]}} if data.return_documents else {}),
        }
        for index in best_first(scores)[: data.top_n]
    ]
    used = await workers.run(lambda: _tokens([data.query, *texts]), begun=True)
    return {
        "id": f"rerank-{uuid.uuid4().hex}",
        "model": data.model,
        "results": results,
        "usage": {"total_tokens": used},
        "meta": {"api_version": {"version": "1"}, "billed_units": {"search_units": 1}},
    }


def _known(model: str, *names: str) -> None:
    if model not in names:
        raise UnknownModelError(model)


def _written(row: np.ndarray[Any, np.dtype[np.float32]], form: str) -> str | list[float]:
    """A vector as clients ask for it; the official one asks for base64 of little-endian 32-bit numbers."""
    return base64.b64encode(row.tobytes()).decode("ascii") if form == "base64" else row.tolist()


def _tokens(texts: Sequence[str]) -> int:
    counter = TokenCounter()
    return sum(counter.count(text) for text in texts)
