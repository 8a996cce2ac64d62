"""``POST /v1/embeddings`` and ``POST /v1/rerank``: the built-in model, for tools that want vectors or an order."""

from __future__ import annotations

import base64
import uuid
from functools import partial
from http import HTTPStatus
from typing import Any

import numpy as np
from litestar import post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import JSONBody, SkipValidation

from api.openai.errors import BAD_BODY, described
from api.openai.models import EMBED, RERANK
from api.openai.schemas import EmbeddingsRequest, RerankRequest
from api.shared.errors import UnknownModelError
from api.shared.protocols import Pipeline
from api.shared.work import Workers
from index.text.counting import TokenCounter
from rag.errors import QuestionError
from rag.find.rerank import best_first

#: Texts that go to a model together. Other requests get their turn between two such batches.
TOGETHER = 32

_RESPONSES: dict[int, ResponseSpec] = described(*BAD_BODY)


@post("/v1/embeddings", status_code=HTTPStatus.OK, responses=_RESPONSES)
async def embeddings(
    data: JSONBody[EmbeddingsRequest],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
) -> dict[str, Any]:
    """Turn texts into vectors of length 1. ``dimensions`` keeps the first so many numbers and stretches them to length 1."""
    return await workers.run(lambda: _embedded(data, pipeline))


def _embedded(data: EmbeddingsRequest, pipeline: Pipeline) -> dict[str, Any]:
    _known(data.model, EMBED, pipeline.embedder.name)
    texts = [data.input] if isinstance(data.input, str) else data.input
    if not all(text.strip() for text in texts):
        raise QuestionError("input", "must not be empty")
    if data.dimensions is not None and data.dimensions > pipeline.embedder.dimension:
        raise QuestionError("dimensions", f"the model has {pipeline.embedder.dimension}")
    vectors = pipeline.embedder.encode(texts, role="passage")
    if data.dimensions is not None:
        vectors = vectors[:, : data.dimensions]
        vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    rows = [
        {"object": "embedding", "index": n, "embedding": _written(row.astype("<f4"), data.encoding_format)}
        for n, row in enumerate(vectors)
    ]
    used = _tokens(texts)
    return {
        "object": "list", "data": rows, "model": data.model, "usage": {"prompt_tokens": used, "total_tokens": used}
    }  # fmt: skip


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
    for start in range(0, len(texts), TOGETHER):
        some = texts[start : start + TOGETHER]
        scores += (await workers.run(partial(pipeline.reranker.scores, data.query, some))).tolist()
    scores = [round(score, 6) for score in scores]
    results = [
        {
            "index": index,
            "relevance_score": scores[index],
            **({"document": {"text": texts[index]}} if data.return_documents else {}),
        }
        for index in best_first(scores)[: data.top_n]
    ]
    used = await workers.run(lambda: _tokens([data.query, *texts]))
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


def _tokens(texts: list[str]) -> int:
    counter = TokenCounter()
    return sum(counter.count(text) for text in texts)
