"""The body of an error, as RFC 9457 has it."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, Field


class FieldError(BaseModel):
    """A field of the request and what is wrong with it; list items are named like ``filters.years.0``."""

    field: str
    message: str


class ProblemOut(BaseModel):
    """RFC 9457 problem details."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    errors: Annotated[list[FieldError], Field(exclude_if=lambda errors: not errors)] = []
