"""Wire types of our own requests, and their conversion to the pipeline's values.

They take no coercion: ``"5"`` is not ``5``. An unknown field of a request is ignored, so that a client written for a newer
service still works with this one; an unknown *filter* is refused, because dropping a restriction would answer another
question than the one asked.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator

from rag.generators.contract import DEFAULT
from rag.types import Filters, Question

MAX_QUESTION = 1000
MAX_HISTORY = 20
MAX_TOP_K = 50
DEFAULT_TOP_K = 8
# Far above any real use; only there so that one request cannot carry a whole dictionary.
MAX_FILTERS = 100

_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")


def _iso_date(value: object) -> object:
    """Only ``YYYY-MM-DD``. Pydantic alone would also read numbers as seconds since 1970."""
    if value is None or (isinstance(value, dt.date) and not isinstance(value, dt.datetime)):
        return value
    if not isinstance(value, str) or _ISO_DATE.fullmatch(value) is None:
        raise ValueError("must be a date written YYYY-MM-DD")
    try:
        return dt.date.fromisoformat(value)
    except ValueError as error:
        raise ValueError(f"not a date of the calendar: {value}") from error


QuestionText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_QUESTION)]
FilterText = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
TopK = Annotated[int, Field(ge=1, le=MAX_TOP_K)]
AsOf = Annotated[dt.date | None, BeforeValidator(_iso_date)]
Language = Literal["auto", "zh", "zh-Hant", "en"]


class WireRequest(BaseModel):
    """What every request has in common."""

    model_config = ConfigDict(strict=True, extra="ignore")

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: object) -> object:
        """Many clients send ``null`` for what the user left out; a required field is then missing as it should be."""
        if isinstance(data, dict):
            return {key: value for key, value in data.items() if value is not None}
        return data


class FiltersIn(WireRequest):
    """What to restrict the reports to. All given kinds must hold; within one kind, any."""

    model_config = ConfigDict(strict=True, extra="forbid")

    regions: Annotated[list[FilterText], Field(max_length=MAX_FILTERS)] = []
    years: Annotated[list[Annotated[int, Field(ge=1900, le=2199)]], Field(max_length=MAX_FILTERS)] = []
    documents: Annotated[list[FilterText], Field(max_length=MAX_FILTERS)] = []

    def to_filters(self) -> Filters:
        return Filters(regions=tuple(self.regions), years=tuple(self.years), documents=tuple(self.documents))


class AskRequest(WireRequest):
    """A question, with what came before it and how it is to be answered."""

    question: QuestionText
    history: Annotated[list[QuestionText], Field(max_length=MAX_HISTORY)] = []
    as_of: AsOf = None
    filters: FiltersIn = FiltersIn()
    top_k: TopK = DEFAULT_TOP_K
    generator: Annotated[str, StringConstraints(min_length=1, max_length=100)] = DEFAULT
    language: Language = "auto"
    explain: bool = False
    stream: bool = False

    def to_question(self, today: dt.date) -> Question:
        return Question(
            text=self.question,
            asked_on=self.as_of or today,
            history=tuple(self.history),
            filters=self.filters.to_filters(),
            top_k=self.top_k,
            language=self.language,
            generator=self.generator,
            explain=self.explain,
        )


class SearchRequest(WireRequest):
    """Words to look for. ``question`` is read as ``query``, so that an ask body can be sent here as it is."""

    query: QuestionText
    as_of: AsOf = None
    filters: FiltersIn = FiltersIn()
    top_k: TopK = DEFAULT_TOP_K

    @model_validator(mode="before")
    @classmethod
    def _question_is_query(cls, data: object) -> object:
        if isinstance(data, dict) and "query" not in data and "question" in data:
            return {**data, "query": data["question"]}
        return data
