"""An answer as server-sent events: ``understood``, ``delta``…, ``citation``…, ``done``; or ``error``.

What is told has been checked before it leaves, sentence by sentence, so nothing unverified is ever shown.
"""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing

from litestar.response import ServerSentEventMessage

from api.native.schemas import AnswerOut, UnderstoodOut
from api.shared.work import Piece
from rag.types import Answer, Understood

_logger = logging.getLogger("wenju.api")


async def events(told: AsyncGenerator[Piece], *, explain: bool) -> AsyncGenerator[ServerSentEventMessage]:
    """Yield the events in order. The ``delta`` texts joined are the answer; ``done`` is the plain response."""
    try:
        async with aclosing(told):
            async for piece in told:
                if isinstance(piece, Understood):
                    yield _event("understood", UnderstoodOut.of(piece).model_dump_json())
                elif isinstance(piece, Answer):
                    answer = AnswerOut.of(piece, explain=explain)
                    for citation in answer.citations:
                        yield _event("citation", citation.model_dump_json())
                    yield _event("done", answer.model_dump_json())
                else:
                    yield _event("delta", json.dumps({"text": piece}, ensure_ascii=False))
    except Exception:
        # The status line is long gone: an event is the only way left to tell.
        _logger.exception("a stream failed")
        yield _event("error", json.dumps({"status": 500, "title": "Internal Server Error", "detail": "stream failed"}))


def _event(name: str, data: str) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=data)
