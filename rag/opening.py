"""Wires a pipeline from an index folder and an embedding model."""

from __future__ import annotations

from pathlib import Path

from index.store.chosen import ChosenModel
from index.store.embedding import Embedder, load_embedder
from index.store.snapshot import open_snapshot
from rag.generators.contract import GeneratorOptions
from rag.generators.registry import Generators
from rag.pipeline import AnswerPipeline


def open_pipeline(
    index: Path, model: str | ChosenModel, generating: GeneratorOptions | None = None, *, calibrate: bool = True
) -> AnswerPipeline:
    """Open the serving snapshot; without ``calibrate``, support is the bare match score.

    Raises SnapshotError, EmbeddingModelError or EmbeddingServiceError, naming what mends it.
    """
    return pipeline_over(index, load_embedder(model), generating, calibrate=calibrate)


def pipeline_over(
    index: Path, embedder: Embedder, generating: GeneratorOptions | None = None, *, calibrate: bool = True
) -> AnswerPipeline:
    """The same with a model that is loaded already. Raises SnapshotError."""
    return AnswerPipeline(open_snapshot(index, embedder), embedder, Generators(generating), calibrate=calibrate)
