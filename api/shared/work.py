"""Where answering happens: in threads, so that the loop stays free, and never longer than somebody waits for it."""

from __future__ import annotations

import asyncio
import math
import os
import threading
import time
from collections.abc import AsyncGenerator, Callable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from contextlib import aclosing
from functools import partial
from typing import TypeVar

from litestar.types import Receive

from api.shared.operation import note
from api.shared.operation.lanes import Lane
from api.shared.protocols import Pipeline
from api.shared.refusals import OverloadedError
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
# Changes that wait for the ones before them; each takes seconds.
MAX_CHANGES = 8


class ClientGoneError(Exception):
    """Whoever asked has closed the connection; there is nobody to answer."""


class Workers:
    """Lanes of threads: for what computes, for what waits for a language model, and for changes of the index.

    None waits behind another, and what would have to wait long is refused at once with OverloadedError.
    """

    def __init__(self, most: int = MAX_WORKERS) -> None:
        self.computing = Lane("answering", most)
        # Threads of a pool are started when they are needed: without a model this one has none.
        self._waiting = ThreadPoolExecutor(MAX_WAITING, thread_name_prefix="wenju-generator")
        self._telling = 0
        # A change may have to wait for another process, and no answer must wait with it.
        self.changing = Lane("changing", 1, most_waiting=MAX_CHANGES, patience=math.inf)

    def close(self) -> None:
        """Begin nothing more. Who ends the process waits for what is under way, as long as there is time."""
        self.changing.shutdown(wait=False, cancel_futures=True)
        self.computing.shutdown(wait=False, cancel_futures=True)
        self._waiting.shutdown(wait=False, cancel_futures=True)

    async def run(self, work: Callable[[], T], *, begun: bool = False) -> T:
        """Compute something in a thread; what goes on with a request that was ``begun`` is not refused any more."""
        return await asyncio.wrap_future(self.computing.enter(work, admitted=begun))

    async def change(self, work: Callable[[], T]) -> T:
        """Change the index, after the changes asked for before."""
        return await asyncio.wrap_future(self.changing.enter(work))

    async def change_if_wanted(self, work: Callable[[Callable[[], None]], T], receive: Receive) -> T:
        """Change the index, unless whoever asked has left before it begins. Raises ClientGoneError then.

        ``work`` calls what it is given when its turn has come. A change that nobody waits for any more could otherwise be made
        after a newer one of the same file, which another process has made and promised meanwhile.
        """
        left = threading.Event()

        def wanted() -> None:
            if left.is_set():
                raise ClientGoneError

        changing = asyncio.ensure_future(self.change(partial(work, wanted)))
        # What has begun goes on, also when nobody hears of it.
        changing.add_done_callback(lambda done: done.cancelled() or done.exception())
        leaving = asyncio.ensure_future(_gone(receive))
        try:
            await asyncio.wait({changing, leaving}, return_when=asyncio.FIRST_COMPLETED)
            if not changing.done():
                left.set()
                raise ClientGoneError
            return changing.result()
        finally:
            leaving.cancel()
            await asyncio.gather(leaving, return_exceptions=True)

    async def stream(self, pipeline: Pipeline, question: Question) -> AsyncGenerator[Piece]:
        """Begin an answer. Raises QuestionError now; what is returned yields the pieces, and stops work when closed."""
        noted = note.current()
        noted.question = question.text
        noted.asked = "" if question.generator == DEFAULT else question.generator
        if question.generator != DEFAULT and self._telling >= MAX_WAITING:
            raise OverloadedError("language model", 5.0)
        pieces = await self.run(partial(pipeline.stream, question))
        # Without a generator all work is done by now, and what is left is not worth a thread.
        told = _ready(pieces) if question.generator == DEFAULT else self._counted(_each(self._waiting, pieces))
        return _noted(told, noted)

    async def _counted(self, told: AsyncGenerator[Piece]) -> AsyncGenerator[Piece]:
        self._telling += 1
        try:
            async with aclosing(told):
                async for piece in told:
                    yield piece
        finally:
            self._telling -= 1

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


async def _noted(told: AsyncGenerator[Piece], noted: note.Note) -> AsyncGenerator[Piece]:
    async with aclosing(told):
        async for piece in told:
            if isinstance(piece, Answer):
                noted.answer, noted.answered = piece, time.time_ns()
            yield piece


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
