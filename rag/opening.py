"""Wires a pipeline from an index folder and an embedding model."""

from __future__ import annotations

from pathlib import Path

from index.store.embedding import load_embedder
from index.store.snapshot import open_snapshot
from rag.generators.contract import GeneratorOptions
from rag.generators.registry import Generators
from rag.pipeline import AnswerPipeline


def open_pipeline(
    index: Path, embedding_model: str, generating: GeneratorOptions | None = None, *, calibrate: bool = True
) -> AnswerPipeline:
    """Open the serving snapshot; without ``calibrate``, support is the bare match score.

    Raises SnapshotError or EmbeddingModelError, naming what mends it.
    """
    embedder = load_embedder(embedding_model)
    return AnswerPipeline(open_snapshot(index, embedder), embedder, Generators(generating), calibrate=calibrate)
