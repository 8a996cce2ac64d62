"""Wires a pipeline from an index folder and an embedding model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from index.store.chosen import ChosenModel
from index.store.embedding import Embedder, load_embedder
from index.store.engines.opening import Place, store_of
from index.store.reranking import CrossEncoderReranker
from index.store.snapshot import open_snapshot
from rag.find.rerank import Reranker
from rag.generators.contract import GeneratorOptions
from rag.generators.registry import Generators
from rag.pipeline import AnswerPipeline


@dataclass(frozen=True, slots=True)
class Models:
    """The loaded models that a pipeline leans on; without a rerank model the signals of retrieval give the order."""

    embedder: Embedder
    reranker: Reranker | None = None

    @classmethod
    def load(cls, model: str | ChosenModel, rerank_model: str | None = None) -> Self:
        """Raises EmbeddingModelError, EmbeddingServiceError and RerankModelError, naming what mends it."""
        embedder = load_embedder(model)
        return cls(embedder, CrossEncoderReranker(rerank_model) if rerank_model is not None else None)


def open_pipeline(
    index: Place,
    model: str | ChosenModel | Models,
    generating: GeneratorOptions | None = None,
    *,
    calibrate: bool = True,
) -> AnswerPipeline:
    """Open the serving snapshot; without ``calibrate``, support is the bare match score.

    Raises SnapshotError, StoreError, and what ``Models.load`` raises where it is not given loaded models.
    """
    models = model if isinstance(model, Models) else Models.load(model)
    snapshot = open_snapshot(store_of(index).reading(), models.embedder)
    generators = Generators(generating)
    return AnswerPipeline(snapshot, models.embedder, generators, reranker=models.reranker, calibrate=calibrate)
