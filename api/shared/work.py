"""Where answering happens: in threads, so that the loop stays free, and never longer than somebody waits for it."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import aclosing
from typing import TypeVar

from litestar.types import Receive

from api.shared.protocols import Pipeline
from rag.generators.contract import DEFAULT
from rag.types import Answer, Question, Understood

T = TypeVar("T")
Piece = Understood | str | Answer

# Answering is short and mostly holds the interpreter: more threads than this would only wait for each other.
MAX_WORKERS = min(4, os.cpu_count() or 1)
# With an embedding service each of them waits for that, and is to leave the processor to others meanwhile.
MAX_ASKING = 16
# A generator mostly waits for somebody else's machine, and must not keep the short answers waiting with it.
MAX_WAITING = 64


class ClientGoneError(Exception):
    """Whoever asked has closed the connection; there is nobody to answer."""


class Workers:
    """Pools of threads: for what computes, for what waits for a language model, and for changes of the index."""

    def __init__(self, most: int = MAX_WORKERS) -> None:
        self._computing = ThreadPoolExecutor(most, thread_name_prefix="wenju")
        # Threads of a pool are started when they are needed: without a model this one has none.
        self._waiting = ThreadPoolExecutor(MAX_WAITING, thread_name_prefix="wenju-generator")
        # A change may have to wait for another process, and no answer must wait with it.
        self._changing = ThreadPoolExecutor(1, thread_name_prefix="wenju-change")

    @property
    def computing(self) -> Executor:
        return self._computing

    def close(self) -> None:
        """Let what computes come to its end. What waits for a model is not waited for: its readers have gone."""
        self._changing.shutdown(cancel_futures=True)
        self._computing.shutdown()
        self._waiting.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T]) -> T:
        """Compute something in a thread."""
        return await asyncio.get_running_loop().run_in_executor(self._computing, work)

    async def change(self, work: Callable[[], T]) -> T:
        """Change the index, after the changes asked for before."""
        return await asyncio.get_running_loop().run_in_executor(self._changing, work)

    async def stream(self, pipeline: Pipeline, question: Question) -> AsyncGenerator[Piece]:
        """Begin an answer. Raises QuestionError now; what is returned yields the pieces, and stops work when closed."""
        loop = asyncio.get_running_loop()
        pieces = await loop.run_in_executor(self._computing, pipeline.stream, question)
        # Without a generator all work is done by now, and what is left is not worth a thread.
        return _ready(pieces) if question.generator == DEFAULT else _each(self._waiting, pieces)

    async def answer(self, pipeline: Pipeline, question: Question, receive: Receive) -> Answer:
        """The whole answer. Raises ClientGoneError as soon as nobody waits for it any more."""
        told = await self.stream(pipeline, question)
        if question.generator == DEFAULT:
            return await _last(told)
        answering = asyncio.ensure_future(_last(told))
        leaving = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({answering, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done():
                raise ClientGoneError
            return answering.result()
        finally:
            answering.cancel()
            leaving.cancel()
            await asyncio.gather(answering, leaving, return_exceptions=True)


async def _last(told: AsyncGenerator[Piece]) -> Answer:
    async with aclosing(told):
        async for piece in told:
            if isinstance(piece, Answer):
                return piece
    raise RuntimeError("a pipeline ended without an answer")


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _ready(pieces: Iterator[Piece]) -> AsyncGenerator[Piece]:
    for piece in pieces:
        yield piece


async def _each(pool: Executor, pieces: Iterator[Piece]) -> AsyncGenerator[Piece]:
    step: Future[Piece | None] | None = None
    try:
        while True:
            step = pool.submit(next, pieces, None)
            piece = await asyncio.wrap_future(step)
            if piece is None:
                return
            if piece != "":
                yield piece
    finally:
        # A reader can leave in the middle of a step; an iterator cannot be closed while it runs.
        if step is None or step.done():
            pool.submit(_close, pieces)
        else:
            step.add_done_callback(lambda _: _close(pieces))


def _close(pieces: Iterator[Piece]) -> None:
    close = getattr(pieces, "close", None)
    if close is not None:
        close()
