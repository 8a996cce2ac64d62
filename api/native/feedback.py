"""``/v1/feedback``: what people say of answers, kept as records of a question set, which ``wenju eval`` reads as they are."""

from __future__ import annotations

import datetime as dt
import json
import secrets
import threading
from http import HTTPStatus
from pathlib import Path
from typing import Annotated, Any, Literal

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation
from pydantic import BaseModel, Field, StringConstraints

from api.native.request_schemas import MAX_HISTORY, QuestionText, WireRequest
from api.shared.errors import BAD_BODY, FeedbackOffError, described
from api.shared.guards import ADMIN
from api.shared.protocols import Pipeline, ServiceOptions
from api.shared.work import Workers
from index.words.numbers import find_figures
from rag.generators.contract import DEFAULT
from rag.types import Answer, Question

FILE = "feedback.jsonl"
"""Beside the snapshots, in the folder of the index: it outlives them."""

MAX_BYTES = 32 * 1024 * 1024
"""What the file may hold: about 20,000 records. Nobody who is let in may fill the disk with more."""

UNTOLD = "（没有说明应该是什么）"
"""Stands where a right answer would: a record that nobody has completed is never met, and so is not forgotten."""

_writing = threading.Lock()


class FeedbackIn(WireRequest):
    """A verdict on an answer: ``should`` is what it should have been, in the reader's own words."""

    question: QuestionText
    history: Annotated[list[QuestionText], Field(default_factory=list, max_length=MAX_HISTORY)]
    verdict: Literal["right", "wrong"]
    should: Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)] = ""
    generator: Annotated[str, StringConstraints(min_length=1, max_length=100)] = DEFAULT


class FeedbackOut(BaseModel):
    """The record that was kept."""

    id: str


@post(
    "/v1/feedback",
    status_code=HTTPStatus.CREATED,
    responses=described(*BAD_BODY, HTTPStatus.NOT_IMPLEMENTED, HTTPStatus.SERVICE_UNAVAILABLE),
)
async def give_feedback(
    data: JSONBody[FeedbackIn],
    request: Request[Any, Any, Any],
    pipeline: NamedDependency[SkipValidation[Pipeline]],
    workers: NamedDependency[SkipValidation[Workers]],
    options: NamedDependency[SkipValidation[ServiceOptions]],
) -> FeedbackOut:
    """Keep what a reader says of an answer. What was answered is asked again, not taken from the reader."""
    if not options.feedback:
        raise FeedbackOffError
    now = dt.datetime.now(dt.UTC)
    question = Question(data.question, now.date(), tuple(data.history), generator=data.generator)
    answer = await workers.answer(pipeline, question, request.receive)
    made = record(answer, question, data, f"fb-{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}")
    await workers.run(lambda: _append(options.index / FILE, made))
    return FeedbackOut(id=made["id"])


@get("/v1/feedback", sync_to_thread=True, opt=ADMIN, responses=described(HTTPStatus.NOT_IMPLEMENTED))
def read_feedback(options: NamedDependency[SkipValidation[ServiceOptions]]) -> Response[bytes]:
    """Give out the records that were kept, one JSON object a line: a question set of ``wenju eval``."""
    if not options.feedback:
        raise FeedbackOffError
    path = options.index / FILE
    headers = {"Content-Disposition": f'attachment; filename="{FILE}"', "Cache-Control": "no-cache"}
    return Response(
        path.read_bytes() if path.is_file() else b"", media_type="application/x-ndjson; charset=utf-8", headers=headers
    )


def record(answer: Answer, question: Question, given: FeedbackIn, id: str) -> dict[str, Any]:
    """A record of a question set: what was answered where that was right, else what the reader says it should be.

    It is ``drafted`` until a person who keeps the set has looked at it.
    """
    made: dict[str, Any] = {
        "id": id,
        "question": question.text,
        "category": answer.understood.kind.value,
        "answerable": True,
        "history": list(question.history),
        "as_of": question.asked_on.isoformat(),
        "drafted": True,
        "verdict": given.verdict,
        "should": given.should,
        "given": answer.answer,
        "snapshot": answer.snapshot,
        "generator": answer.generator,
    }
    if given.verdict == "right":
        return {**made, **_as_answered(answer)}
    figures = find_figures(given.should)
    if figures:
        numbers = [{"value": str(each.value), "unit": each.unit} for each in figures]
        return {**made, "numbers": numbers, "note": "the reader's figures"}
    return {
        **made,
        "answers": [given.should or UNTOLD],
        "note": "the reader's words" if given.should else "to complete",
    }


def _as_answered(answer: Answer) -> dict[str, Any]:
    if answer.abstained:
        return {"answerable": False}
    told: dict[str, Any] = {
        "evidence": [
            {"doc": each.document, "quote": each.quote, **({"region": each.region} if each.region else {})}
            for each in answer.citations
        ]
    }
    stated = [each for each in answer.values if each.derived is None]
    if stated:
        return {**told, "numbers": [{"value": each.value, "unit": each.unit} for each in stated]}
    return {**told, "answers": [each.quote for each in answer.citations] or [answer.answer]}


def _append(path: Path, made: dict[str, Any]) -> None:
    line = json.dumps(made, ensure_ascii=False) + "\n"
    with _writing:
        if path.is_file() and path.stat().st_size + len(line.encode()) > MAX_BYTES:
            raise FeedbackOffError("the file of feedback is full; take it away, or make room in it")
        # One write of one line: what is read meanwhile, or by another process, holds whole records.
        with path.open("a", encoding="utf-8") as file:
            file.write(line)
