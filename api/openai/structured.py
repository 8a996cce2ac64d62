"""An answer in a form that the caller describes by a JSON schema: our own, or any whose fields an answer can fill."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, Self

from litestar import get

from api.native.schemas import AnswerOut
from api.shared.guards import OPEN
from rag.errors import QuestionError
from rag.types import Answer, QuestionKind

Schema = Mapping[str, Any]

MAX_DEPTH = 6
OURS = "wenju_answer"
"""The name of the published schema, ``GET /v1/answer.schema.json``; a request that names it needs to send no schema."""

_VALUE = {
    "value": ("value", "number", "figure", "amount", "数值", "值"),
    "unit": ("unit", "单位"),
    "indicator": ("indicator", "metric", "name", "item", "指标"),
    "region": ("region", "place", "location", "district", "area", "地区"),
    "period": ("period", "year", "time", "date", "年份", "时期"),
    "measure": ("measure", "kind", "type"),
    "status": ("status",),
}
_CITATION = {
    "quote": ("quote", "quotation", "text", "evidence", "sentence", "原文"),
    "title": ("title", "report"),
    "document": ("document", "file", "filename"),
    "url": ("url", "link", "href"),
    "page": ("page",),
    "start": ("start",),
    "end": ("end",),
    "n": ("n", "index", "id"),
}
_ANSWER = {
    "answer": ("answer", "response", "result", "summary", "text", "content", "回答", "答案"),
    "question": ("question", "query", "问题"),
    "abstained": ("abstained", "refused", "unknown", "not_found"),
    "reason": ("reason", "refusal_reason"),
    "support": ("support", "confidence", "probability", "score"),
    "found": ("found", "answered", "answerable"),
    "values": ("values", "figures", "facts", "data", "rows", "数据"),
    "citations": ("citations", "sources", "references", "evidence", "quotes", "来源"),
}
"""Our fields, and the names by which a schema may ask for them."""


class Format(Protocol):
    """What a request says of the asked form."""

    @property
    def name(self) -> str | None: ...
    @property
    def json_schema(self) -> dict[str, Any] | None: ...
    @property
    def wanted(self) -> dict[str, Any] | None: ...


@dataclass(frozen=True, slots=True)
class Form:
    """The asked form of an answer: text, our own object, or that of ``schema``."""

    structured: bool = False
    schema: Schema | None = None

    @classmethod
    def of(cls, kind: str, given: Format, field: str) -> Self:
        """Raises QuestionError for another kind of form, and naming the first field that no answer can fill."""
        if kind == "text":
            return cls()
        if kind not in ("json_schema", "json_object"):
            raise QuestionError(field, f"unknown type {kind!r}; there is text, json_object and json_schema")
        name = given.name or (given.json_schema or {}).get("name")
        if kind == "json_object" or name == OURS:
            return cls(True)
        if given.wanted is None:
            raise QuestionError(field, f"json_schema wants a schema, or the name {OURS} of the published one")
        _Filler(given.wanted, field).check()
        return cls(True, given.wanted)

    def filled(self, answer: Answer) -> str | None:
        """The answer as JSON of that form; None where it must hold a figure and there is none, or not one alone."""
        own = AnswerOut.of(answer).model_dump(mode="json")
        if self.schema is None:
            return json.dumps(own, ensure_ascii=False)
        try:
            return json.dumps(_Filler(self.schema).fill(own, answer), ensure_ascii=False)
        except _NothingToFillError:
            return None


@get("/v1/answer.schema.json", sync_to_thread=False, opt=OPEN)
def answer_schema() -> dict[str, Any]:
    """The published form of an answer, for ``response_format``: a request may send it, or its name alone."""
    return {"name": OURS, **AnswerOut.model_json_schema()}


def refuse_calls(tool_choice: str | Mapping[str, Any]) -> None:
    """Raises QuestionError where a call of a tool is demanded: the answer is in the reports, and nothing else is called."""
    if tool_choice == "required" or (isinstance(tool_choice, Mapping) and tool_choice.get("type") != "file_search"):
        raise QuestionError("tool_choice", "no tool is ever called here; send auto or none, and read the answer")


class _NothingToFillError(Exception):
    """A required field has nothing to hold, and may not be null."""


class _Filler:
    def __init__(self, root: Schema, field: str = "response_format") -> None:
        self._root = root
        self._blamed = field

    def check(self) -> None:
        self._object(self._resolved(self._root), self._levels(), "", 0)

    def fill(self, own: dict[str, Any], answer: Answer) -> Any:
        asked = "growth" if answer.understood.kind is QuestionKind.GROWTH else None
        first = next((v for v in own["values"] if v["measure"] == asked), own["values"][0] if own["values"] else {})
        cited: dict[str, Any] = next((c for c in own["citations"] if c["n"] == first.get("citation")), {})
        if len({(v["indicator"], v["region"], v["period"]) for v in own["values"]}) > 1:
            # Of several things none is the one that a single field asks for; a list of them holds all.
            first, cited = {}, {}
        known = {**cited, **first, **own, "found": not own["abstained"]}
        known["text"] = own["answer"]
        return self._filled(self._resolved(self._root), known)

    def _levels(self) -> dict[str, tuple[str, ...]]:
        return {**_CITATION, **_VALUE, **_ANSWER}

    def _resolved(self, schema: Any) -> Schema:
        """A schema with its reference followed, and of a choice the first that is not null."""
        for _ in range(MAX_DEPTH):
            if not isinstance(schema, Mapping):
                return {}
            reference = schema.get("$ref")
            if isinstance(reference, str) and reference.startswith("#/"):
                found: Any = self._root
                for part in reference[2:].split("/"):
                    found = found.get(part) if isinstance(found, Mapping) else None
                schema = found
                continue
            choices = schema.get("anyOf") or schema.get("oneOf")
            if isinstance(choices, list):
                schema = next((c for c in choices if isinstance(c, Mapping) and c.get("type") != "null"), {})
                continue
            return schema
        return {}

    def _nullable(self, schema: Any) -> bool:
        if not isinstance(schema, Mapping):
            return False
        kinds = schema.get("type")
        choices = schema.get("anyOf") or schema.get("oneOf") or []
        return (isinstance(kinds, list) and "null" in kinds) or any(
            isinstance(c, Mapping) and c.get("type") == "null" for c in choices
        )

    def _object(self, schema: Schema, names: Mapping[str, Sequence[str]], path: str, depth: int) -> None:
        properties = schema.get("properties")
        if _kind(schema) != "object" or not isinstance(properties, Mapping) or not properties or depth > MAX_DEPTH:
            raise QuestionError(self._blamed, f"{path or 'the schema'} must be an object with properties")
        required = schema.get("required", [])
        for name, raw in properties.items():
            inner = self._resolved(raw)
            kind = _kind(inner)
            field = _field(str(name), names)
            where = f"{path}{name}"
            if field is None or not _fits(field, kind):
                if name not in required or self._nullable(raw):
                    continue
                fields = ", ".join(sorted(names))
                raise QuestionError(
                    self._blamed, f"an answer has nothing for the field {where!r} ({kind}); it has {fields}"
                )
            if kind == "array":
                item = self._resolved(inner.get("items", {}))
                if _kind(item) == "object":
                    self._object(item, _VALUE if field == "values" else _CITATION, f"{where}.", depth + 1)

    def _filled(
        self, schema: Schema, known: Mapping[str, Any], names: Mapping[str, Sequence[str]] | None = None
    ) -> Any:
        told: dict[str, Any] = {}
        for name, raw in schema["properties"].items():
            inner = self._resolved(raw)
            field = _field(str(name), names or self._levels())
            value = self._one(field, inner, known) if field is not None and _fits(field, _kind(inner)) else None
            if value is None and not self._nullable(raw):
                if name in schema.get("required", []):
                    raise _NothingToFillError
                continue
            told[str(name)] = value
        return told

    def _one(self, field: str, schema: Schema, known: Mapping[str, Any]) -> Any:
        value, kind = known.get(field), _kind(schema)
        if kind == "array":
            item = self._resolved(schema.get("items", {}))
            rows = value if isinstance(value, list) else []
            if _kind(item) == "object":
                names = _VALUE if field == "values" else _CITATION
                return [self._filled(item, row, names) for row in rows]
            return [row["quote"] if field == "citations" else f"{row['value']}{row['unit']}" for row in rows]
        if value is None:
            return None
        if kind in ("number", "integer"):
            return _number(value, whole=kind == "integer")
        if "enum" in schema and value not in schema["enum"]:
            return None
        return value if kind == "boolean" else str(value)


def _kind(schema: Schema) -> str:
    kinds = schema.get("type")
    if isinstance(kinds, list):
        kinds = next((k for k in kinds if k != "null"), None)
    return str(kinds) if kinds else "object" if "properties" in schema else "string"


def _field(name: str, names: Mapping[str, Sequence[str]]) -> str | None:
    """The field of ours that a name asks for: the whole of it, else its last word (growth_value, report_title)."""
    plain = name.lower()
    last = plain.replace("-", "_").rsplit("_", 1)[-1]
    # A field by its own name goes before another's alias.
    return (
        (plain if plain in names else None)
        or next((field for field, aliases in names.items() if plain in aliases), None)
        or next((field for field, aliases in names.items() if last in aliases), None)
    )


def _fits(field: str, kind: str) -> bool:
    if field in ("values", "citations"):
        return kind == "array"
    if kind in ("number", "integer"):
        return field in ("value", "support", "period", "start", "end", "n", "page")
    if kind == "boolean":
        return field in ("abstained", "found")
    return kind == "string" and field not in ("abstained", "found")


def _number(value: Any, *, whole: bool) -> int | float | None:
    try:
        number = float(str(value))
    except ValueError:
        return None
    if number == int(number):
        return int(number)
    return None if whole else number
