"""Search the reports without answering."""

from __future__ import annotations

import datetime as dt
from http import HTTPStatus

from litestar import post
from litestar.di import NamedDependency
from litestar.params import JSONBody, SkipValidation

from api.native.request_schemas import SearchRequest
from api.native.schemas import SearchOut
from api.shared.errors import BAD_BODY, described
from api.shared.protocols import Pipeline


@post(
    "/v1/search", status_code=200, sync_to_thread=True, responses=described(*BAD_BODY, HTTPStatus.SERVICE_UNAVAILABLE)
)
def search(data: JSONBody[SearchRequest], pipeline: NamedDependency[SkipValidation[Pipeline]]) -> SearchOut:
    """Find the passages nearest to the words, with the score of every signal."""
    found = pipeline.search(
        data.query, filters=data.filters.to_filters(), top_k=data.top_k, asked_on=data.as_of or dt.date.today()
    )
    return SearchOut.of(found, pipeline.snapshot.id)
