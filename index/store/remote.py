"""Any OpenAI-compatible embedding service as the embedder: Ollama, Xinference, TEI, a vendor's. Imports httpx.

A service is asked for a few texts at a time and in bounded time; what it answers is checked before it is believed. Its
key, and what the address holds of credentials, stand in no error, no identity and no ``repr``.
"""

from __future__ import annotations

import ipaddress
import json
import math
import random
import time
import weakref
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from operator import itemgetter
from typing import Any

import httpx
import numpy as np

from index.errors import EmbeddingServiceError
from index.store.chosen import ChosenModel
from index.store.folders import Role, Vectors

#: Texts of one request. Services bound it too, some by 32 (TEI's default) and some by 10: see ``_embedded``.
TOGETHER = 32
#: Characters of one request, unless a single text has more.
CHARACTERS = 48_000
#: A text that is refused alone is cut in half until it is no longer than this: the model may take no more.
CUT_TO = 200
#: What a service says of an error is shown up to this length.
SHOWN = 300
#: A reply larger than this is no reply to ``TOGETHER`` texts.
LARGEST_REPLY = 64 * 1024 * 1024
#: Sent to learn the dimension.
PROBE = "政府工作报告"

#: Refusals of what was sent, which less of it may mend: too many texts, or too long a one.
_TOO_MUCH = (400, 413, 422)
#: The first wait before another try, in seconds; each further one is twice as long.
_FIRST_WAIT = 0.25


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a service is asked the same and for how many seconds in all, waits between tries included."""

    tries: int
    seconds: float


#: Somebody waits for the answer.
ASKING = Patience(3, 10.0)
#: An ingest rather waits than fails.
STORING = Patience(6, 120.0)


class _RefusedError(EmbeddingServiceError):
    """The service refuses what it was sent, not who sent it."""


class _AgainError(EmbeddingServiceError):
    """What another try may mend. ``after`` is for how long the service asks to be left alone."""

    after: float = 0.0


class RemoteEmbedder:
    """See the module. Asked once when it is made, to learn the dimension; raises ``EmbeddingServiceError``.

    Safe to use from several threads.
    """

    def __init__(self, chosen: ChosenModel, asking: Patience = ASKING, storing: Patience = STORING) -> None:
        self.name = chosen.model
        self._asking, self._storing = asking, storing
        asked = _endpoint(chosen.url or "")
        #: What is posted to, and how it may be shown: without a query too, which may hold a key.
        self._url = asked.copy_with(userinfo=b"", fragment=None)
        self.shown = str(self._url.copy_with(query=None))
        self._client = _client(chosen, asked, self.shown)
        # An embedder has no end that its users know of; its connections have.
        weakref.finalize(self, self._client.close)
        self._secrets = tuple(s for s in ((chosen.api_key or "").strip(), asked.password, *asked.params.values()) if s)
        self._together = TOGETHER
        self._refusals = 0
        self.dimension = 0
        self.dimension = int(self._embedded([PROBE], _Deadline(asking, self.shown)).shape[1])
        self.identity = f"service:{self.shown} model={self.name} dimension={self.dimension}"

    def encode(self, texts: Sequence[str], *, role: Role) -> Vectors:
        """See ``Embedder``. A text that the service finds too long is cut until it takes it, as models in folders do.

        Such a service is told no role, so the same text has one vector. Raises ``EmbeddingServiceError``.
        """
        del role
        return self._encoded(texts, self._asking)

    @property
    def together(self) -> int:
        """Texts of one request: see ``index.store.meanings.Batching``."""
        return self._together

    def store(self, texts: Sequence[str]) -> Vectors:
        """The same with the patience of an ingest: see ``index.store.meanings.Storing``."""
        return self._encoded(texts, self._storing)

    def _encoded(self, texts: Sequence[str], patience: Patience) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), np.float32)
        # Services refuse a request for the sake of one empty text.
        places = [n for n, text in enumerate(texts) if text.strip()]
        for batch in self._batches(texts, places):
            rows[batch] = self._embedded([texts[n] for n in batch], _Deadline(patience, self.shown))
        return rows

    def _batches(self, texts: Sequence[str], places: Sequence[int]) -> Iterator[list[int]]:
        batch: list[int] = []
        size = 0
        for place in places:
            if batch and (len(batch) >= self._together or size + len(texts[place]) > CHARACTERS):
                yield batch
                batch, size = [], 0
            batch.append(place)
            size += len(texts[place])
        if batch:
            yield batch

    def _embedded(self, texts: Sequence[str], deadline: _Deadline) -> Vectors:
        """Vectors of one batch. Where it is refused for its size it is asked in halves, and what fitted is remembered."""
        try:
            return self._asked(texts, deadline)
        except _RefusedError:
            self._refusals = before = self._refusals + 1
            if len(texts) == 1:
                (text,) = texts
                if len(text) <= CUT_TO:
                    raise
                return self._embedded([text[: max(CUT_TO, len(text) // 2)]], deadline)
        middle = (len(texts) + 1) // 2
        rows = np.concatenate([self._embedded(half, deadline) for half in (texts[:middle], texts[middle:])])
        if self._refusals == before:
            # Nothing of it was refused by itself: there were too many, and there will be again.
            self._together = min(self._together, middle)
        return rows

    def _asked(self, texts: Sequence[str], deadline: _Deadline) -> Vectors:
        tried = 0
        while True:
            tried += 1
            try:
                return self._once(texts, deadline)
            except _AgainError as error:
                deadline.wait(error, tried)

    def _once(self, texts: Sequence[str], deadline: _Deadline) -> Vectors:
        """One request. Raises ``_AgainError``, ``_RefusedError`` and ``EmbeddingServiceError``."""
        body = {"model": self.name, "input": list(texts), "encoding_format": "float"}
        left = deadline.left()
        if left <= 0:
            raise _AgainError(self.shown, "took too long to answer")
        timeout = httpx.Timeout(left, connect=min(5.0, left))
        try:
            with self._client.stream("POST", self._url, json=body, timeout=timeout) as response:
                content = self._content(response, deadline)
        except httpx.TimeoutException as error:
            raise _AgainError(self.shown, f"did not answer within {left:.3g} s") from error
        except httpx.TransportError as error:
            raise _AgainError(
                self.shown, f"cannot be reached ({self._clean(str(error)) or 'the line broke'})"
            ) from error
        except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as error:
            raise EmbeddingServiceError(self.shown, f"cannot be asked ({type(error).__name__})") from error
        status = response.status_code
        if status == 200:
            return self._checked(content, len(texts))
        cause = f"answered with status {status}{self._said(content)}"
        if status in (408, 425, 429) or status >= 500:
            again = _AgainError(self.shown, cause, status)
            again.after = _retry_after(response.headers)
            raise again
        kind = _RefusedError if status in _TOO_MUCH else EmbeddingServiceError
        raise kind(self.shown, cause, status)

    def _content(self, response: httpx.Response, deadline: _Deadline) -> bytes:
        held = bytearray()
        for piece in response.iter_bytes():
            held += piece
            if len(held) > LARGEST_REPLY:
                raise EmbeddingServiceError(self.shown, f"answered with more than {LARGEST_REPLY:,} bytes")
            # The client's own limit is for each read: a service that drips would never reach it.
            if deadline.left() <= 0:
                raise _AgainError(self.shown, "took too long to answer")
        return bytes(held)

    def _checked(self, content: bytes, count: int) -> Vectors:
        """The vectors of a reply in the order of the request, each of length 1."""
        try:
            data = json.loads(content)["data"]
            found = sorted(((int(row["index"]), row["embedding"]) for row in data), key=itemgetter(0))
            numbers = [number for number, _ in found]
            lengths = {len(vector) for _, vector in found}
        except (ValueError, TypeError, KeyError) as error:
            raise self._strange("what is no list of numbered vectors") from error
        if numbers != list(range(count)):
            raise self._strange(f"{len(numbers)} vectors, or wrongly numbered ones, for {count} texts")
        if len(lengths) != 1 or 0 in lengths or (self.dimension and lengths != {self.dimension}):
            told = " and ".join(map(str, sorted(lengths)))
            raise self._strange(f"vectors of {told} numbers" + f", not {self.dimension}" * bool(self.dimension))
        try:
            wide = np.array([vector for _, vector in found], np.float64)
        except (ValueError, TypeError) as error:
            raise self._strange("vectors that are not of numbers") from error
        with np.errstate(over="ignore"):
            size = np.linalg.norm(wide, axis=1, keepdims=True)
        if wide.ndim != 2 or not np.isfinite(size).all():
            raise self._strange("numbers that are not finite")
        return np.asarray(wide / np.maximum(size, 1e-12), np.float32)

    def _strange(self, what: str) -> EmbeddingServiceError:
        return EmbeddingServiceError(self.shown, f"answered with {what}", 200)

    def _said(self, content: bytes) -> str:
        """What a service says of its error, in whichever of the usual places."""
        text = content[:4096].decode("utf-8", "replace")
        try:
            held: Any = json.loads(content)
        except ValueError:
            held = text
        for name in ("error", "message", "detail"):
            if isinstance(held, dict):
                held = held.get(name, held)
        cleaned = self._clean(held if isinstance(held, str) else text)
        return f": {cleaned}" if cleaned else ""

    def _clean(self, text: str) -> str:
        """A stranger's words on one line, without our secrets, which some services repeat."""
        for secret in self._secrets:
            text = text.replace(secret, "***")
        text = " ".join("".join(c if c.isprintable() else " " for c in text).split())
        return text if len(text) <= SHOWN else text[:SHOWN] + "…"


class _Deadline:
    """The time that is left for one batch, over all its requests."""

    def __init__(self, patience: Patience, shown: str) -> None:
        self._patience = patience
        self._shown = shown
        self._end = time.monotonic() + patience.seconds

    def left(self) -> float:
        return self._end - time.monotonic()

    def wait(self, error: _AgainError, tried: int) -> None:
        """Wait before the next try of a request. Raises what is to be told where there shall be none."""
        # Spread by a random part, so that many that failed together do not come back together.
        seconds = max(_FIRST_WAIT * 2 ** (tried - 1) * random.uniform(1.0, 1.5), error.after)
        if tried >= self._patience.tries or seconds >= self.left():
            more = f" (it asks to wait {error.after:g} s)" if error.after else ""
            times = "once" if tried == 1 else f"{tried} times"
            raise EmbeddingServiceError(self._shown, f"{error.cause}{more}; asked {times}", error.status) from error
        time.sleep(seconds)


def _endpoint(url: str) -> httpx.URL:
    """Where to post: ``/embeddings`` below the address; ``/v1/embeddings`` where it is a host alone."""
    try:
        given = httpx.URL(url.strip())
        path = given.path.rstrip("/") or "/v1"
        asked = given.copy_with(path=path if path.endswith("/embeddings") else f"{path}/embeddings")
    except (httpx.InvalidURL, UnicodeError) as error:
        # The client's words would repeat what may hold a password.
        raise EmbeddingServiceError("WENJU_EMBEDDING_URL", "is no address") from error
    if not asked.host:
        raise EmbeddingServiceError("WENJU_EMBEDDING_URL", "names no host")
    return asked


def _client(chosen: ChosenModel, asked: httpx.URL, shown: str) -> httpx.Client:
    """With the key, or the name and password of the address; a redirect would take them elsewhere and is not followed."""
    key = (chosen.api_key or "").strip()
    if not key.isascii() or not key.isprintable():
        raise EmbeddingServiceError(shown, "its key holds characters that cannot be sent")
    auth = httpx.BasicAuth(asked.username, asked.password) if asked.username and not key else None
    return httpx.Client(
        headers={"Authorization": f"Bearer {key}"} if key else None,
        auth=auth,
        # A proxy knows nothing of this machine's own services.
        trust_env=not _is_this_machine(asked.host),
    )


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _retry_after(headers: httpx.Headers) -> float:
    """Seconds for which the service asks to be left alone; 0 where it does not say, or not so that it can be read."""
    told = headers.get("retry-after", "").strip()
    try:
        seconds = float(told)
    except ValueError:
        try:
            seconds = parsedate_to_datetime(told).timestamp() - time.time()
        except ValueError:
            return 0.0
    return seconds if 0 < seconds < math.inf else 0.0
