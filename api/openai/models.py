"""The models that the OpenAI-style routes offer: one for each generator, one to embed, one to rerank."""

from __future__ import annotations

import time
from typing import Any

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, SkipValidation

from api.shared.errors import UnknownModelError
from api.shared.protocols import Pipeline
from rag.errors import QuestionError
from rag.generators.contract import DEFAULT

CHAT = "wenju"
EMBED = "wenju-embed"
RERANK = "wenju-rerank"
OWNER = "wenju"
SOURCES = ":sources"
"""Behind the name of a model that chats: with a list of sources at the end of its answers."""

#: Where the models go that do not chat.
_ELSEWHERE = {EMBED: "POST /v1/embeddings", RERANK: "POST /v1/rerank"}

_STARTED = int(time.time())


def chat_models(pipeline: Pipeline) -> dict[str, str]:
    """The generator behind each model name; ``wenju`` is the default one."""
    return {CHAT: DEFAULT, **{f"{CHAT}-{name}": name for name in pipeline.generators}}


def generator_of(model: str, pipeline: Pipeline) -> str:
    """The generator that a model name means. Raises UnknownModelError, and QuestionError for what cannot chat."""
    if model in _ELSEWHERE:
        raise QuestionError("model", f"{model!r} is no model to chat with; {_ELSEWHERE[model]} takes it")
    generator = chat_models(pipeline).get(model.removesuffix(SOURCES))
    if generator is None:
        raise UnknownModelError(model)
    return generator


def _listed(pipeline: Pipeline) -> list[str]:
    return list(dict.fromkeys([*chat_models(pipeline), CHAT + SOURCES, *_ELSEWHERE]))


def _model(name: str) -> dict[str, Any]:
    return {"id": name, "object": "model", "created": _STARTED, "owned_by": OWNER}


def _operation(handler: Any, method: Any, parts: list[Any]) -> str:
    """One id for each of the paths; the schema wants them distinct."""
    del method
    return f"{handler.handler_name}{'' if any(str(part) == 'v1' for part in parts) else '_plain'}"


@get(["/v1/models", "/models"], operation_id=_operation, sync_to_thread=False)
def models(pipeline: NamedDependency[SkipValidation[Pipeline]]) -> dict[str, Any]:
    """List the models: those to chat with first, since chat tools offer the first, then the ones to embed and to rerank."""
    return {"object": "list", "data": [_model(name) for name in _listed(pipeline)]}


@get(["/v1/models/{model_id:str}", "/models/{model_id:str}"], operation_id=_operation, sync_to_thread=False)
def model(model_id: FromPath[str], pipeline: NamedDependency[SkipValidation[Pipeline]]) -> dict[str, Any]:
    """Describe one model; those that embed and rerank go by their own names too."""
    if model_id not in {*_listed(pipeline), pipeline.embedder.name, pipeline.reranker.name}:
        raise UnknownModelError(model_id)
    return _model(model_id)
