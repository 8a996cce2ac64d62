"""Reading a request body."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from litestar import Request
from litestar.exceptions import ClientException, HTTPException, SerializationException


class JsonRequest(Request[Any, Any, Any]):
    """A request whose body, when it is no JSON at all, is the client's fault in every case."""

    async def json(self) -> object:
        """Decode the body. Text that is not UTF-8 or nests without end escapes the framework's own handling.

        A page of any site may make a browser send a form or plain text here, but not JSON: that has to be said to be it.
        """
        kind = self.content_type[0]
        if kind != "application/json" and not kind.endswith("+json"):
            raise HTTPException(
                status_code=HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
                detail=f"send JSON, with the header Content-Type: application/json (not {kind[:80] or 'none'})",
            )
        try:
            return await super().json()
        except SerializationException as error:
            raise ClientException(f"malformed JSON: {error.detail or error}") from error
        except UnicodeDecodeError as error:
            raise ClientException("malformed JSON: not UTF-8") from error
        except RecursionError as error:
            raise ClientException("malformed JSON: nested too deeply") from error
