"""``/openapi.json`` and ``/docs``: the schema under the name that generators of clients look for, and a page made from it."""

from __future__ import annotations

from html import escape
from typing import Any

from litestar import MediaType, Request, Response, get

_STYLE = """body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#222}
summary{cursor:pointer;padding:.3rem 0}code,pre{font-family:ui-monospace,monospace;font-size:.9em}
.get{color:#075}.post{color:#047}.delete{color:#a20}table{border-collapse:collapse}td,th{text-align:left;padding:.1rem .8rem .1rem 0}
@media(prefers-color-scheme:dark){body{background:#111;color:#ddd}.get{color:#5c9}.post{color:#7ae}.delete{color:#f86}a{color:#9cf}}"""


@get("/openapi.json", sync_to_thread=False, include_in_schema=False)
def openapi_json(request: Request[Any, Any, Any]) -> Response[dict[str, Any]]:
    """The same as ``/schema/openapi.json``."""
    return Response(request.app.openapi_schema.to_schema())


@get("/docs", sync_to_thread=False, include_in_schema=False)
def reference(request: Request[Any, Any, Any]) -> Response[str]:
    """Every route with its parameters, bodies and replies, as one page that runs no script and fetches nothing."""
    schema = request.app.openapi_schema.to_schema()
    routes = [
        _operation(path, method, operation)
        for path, methods in sorted(schema["paths"].items())
        for method, operation in methods.items()
        if method in ("get", "post", "put", "patch", "delete")
    ]
    types = [_type(name, each) for name, each in sorted(schema.get("components", {}).get("schemas", {}).items())]
    info = schema["info"]
    page = (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>{escape(info['title'])} API</title><style>{_STYLE}</style><main>"
        f"<h1>{escape(info['title'])} {escape(info['version'])}</h1><p>{escape(info.get('description', ''))}</p>"
        f'<p><a href="openapi.json">openapi.json</a></p><h2>Routes</h2>{"".join(routes)}<h2>Types</h2>{"".join(types)}</main></html>'
    )
    return Response(page, media_type=MediaType.HTML)


def _operation(path: str, method: str, operation: dict[str, Any]) -> str:
    rows = [
        (p["name"], p["in"], _shape(p.get("schema", {})), p.get("required", False))
        for p in operation.get("parameters", [])
    ]
    for kind, content in operation.get("requestBody", {}).get("content", {}).items():
        rows.append(("body", kind, _shape(content.get("schema", {})), True))
    told = "".join(
        f"<tr><td><code>{escape(name)}</code>{'' if required else ' <small>optional</small>'}<td>{escape(place)}<td>{shape}"
        for name, place, shape, required in rows
    )
    replies = "".join(
        f"<tr><td><code>{escape(status)}</code><td>{escape(reply.get('description', ''))}<td>"
        + " ".join(_shape(c.get("schema", {})) for c in reply.get("content", {}).values())
        for status, reply in operation.get("responses", {}).items()
    )
    return (
        f'<details><summary><code class="{method}">{method.upper()}</code> <code>{escape(path)}</code> '
        f"{escape((operation.get('description') or operation.get('summary') or '').split(chr(10))[0])}</summary>"
        f"<table>{told}</table><table>{replies}</table></details>"
    )


def _type(name: str, schema: dict[str, Any]) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(field)}</code><td>{_shape(shape)}"
        for field, shape in schema.get("properties", {}).items()
    )
    told = escape(schema.get("description", ""))
    return f'<details id="{escape(name)}"><summary><code>{escape(name)}</code></summary><p>{told}</p><table>{rows}</table></details>'


def _shape(schema: dict[str, Any]) -> str:
    """A schema in a few words, with a link where it has a name."""
    reference = schema.get("$ref")
    if reference:
        name = escape(reference.rpartition("/")[2])
        return f'<a href="#{name}">{name}</a>'
    choices = schema.get("oneOf") or schema.get("anyOf")
    if choices:
        return " | ".join(_shape(each) for each in choices)
    if schema.get("type") == "array":
        return f"[{_shape(schema.get('items', {}))}]"
    if "enum" in schema:
        return " | ".join(f"<code>{escape(str(each))}</code>" for each in schema["enum"])
    kind = schema.get("type", "any")
    return escape(" | ".join(kind) if isinstance(kind, list) else str(kind))


REFERENCE = [openapi_json, reference]
