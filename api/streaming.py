"""An answer as server-sent events: ``understood``, ``delta``…, ``citation``…, ``done``; or ``error``.

The answer has been made and checked before the first event leaves, so nothing unverified is ever shown.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Iterator

from litestar.response import ServerSentEventMessage

from api.schemas import AnswerOut

_logger = logging.getLogger("wenju.api")

# A clause with its closing punctuation and citation marks: the smallest piece that reads as a whole.
_PIECE = re.compile(r"[^，。；！？,;!?\n]*(?:[，。；！？,;!?\n]+(?:\[\d+\])*|$)")


def events(answer: AnswerOut) -> Iterator[ServerSentEventMessage]:
    """Yield the events in order. The ``delta`` texts joined are the answer; ``done`` is the plain response."""
    try:
        yield _event("understood", answer.understood.model_dump_json())
        for piece in _PIECE.findall(answer.answer):
            if piece:
                yield _event("delta", json.dumps({"text": piece}, ensure_ascii=False))
        for citation in answer.citations:
            yield _event("citation", citation.model_dump_json())
        yield _event("done", answer.model_dump_json())
    except Exception:
        # The status line is long gone: an event is the only way left to tell.
        _logger.exception("stream of %s failed", answer.id)
        yield _event("error", json.dumps({"status": 500, "title": "Internal Server Error", "detail": "stream failed"}))


def _event(name: str, data: str) -> ServerSentEventMessage:
    return ServerSentEventMessage(event=name, data=data)
