"""What each process of a service is put together from, and how it ends."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache, partial
from typing import TYPE_CHECKING

from api.app import LibraryFactory
from api.shared.library import Library
from api.shared.protocols import PipelineFactory
from index.errors import EmbeddingServiceError
from rag.opening import Models, open_pipeline
from rag.pipeline import AnswerPipeline

if TYPE_CHECKING:
    from settings import Settings

# Then the process ends, whatever it does: a change of the index that is cut off was none.
END_SECONDS = 9.0

SWITCH_SECONDS = 0.0005
"""For which a thread that computes keeps the interpreter while the loop wants it; Python's own 0.005 s, twice for two threads, let
half as many events be handled in a second of full load, and cost no less (``python -m benchmarks.attack load``)."""

Parts = tuple[PipelineFactory, LibraryFactory, Callable[[], str | None]]


def parts_of(settings: Settings) -> Parts:
    """What a process needs to serve: what opens the index, what changes it, and which snapshot it is to serve."""
    # Once, not at every change of the index: a model takes time to load, and a service may be away just then.
    store = settings.held
    models = cache(partial(Models.load, settings.embedding, settings.reranker_model))
    return (
        lambda: _warm(open_pipeline(store, models(), settings.generating)),
        lambda on_change: Library(store, settings.token_vocabulary, settings.chunking, on_change),
        store.current,
    )


def _warm(pipeline: AnswerPipeline) -> AnswerPipeline:
    """The pipeline after its first questions, so that the first asker does not wait for what they load."""
    # What a service does not give now is told to those who ask; it may be back by then.
    with suppress(EmbeddingServiceError):
        pipeline.warm()
    return pipeline


def let_the_loop_in() -> None:
    """Have this process hand the interpreter over soon, so that probes and refusals do not wait for answers."""
    sys.setswitchinterval(SWITCH_SECONDS)


def end_in(seconds: float) -> None:
    """End this process, well, after so many seconds."""
    timer = threading.Timer(seconds, os._exit, (0,))
    timer.daemon = True
    timer.start()
