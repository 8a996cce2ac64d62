"""A language model behind any OpenAI-compatible endpoint, through the official client; it alone imports ``openai``."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, Any

from index.text.counting import TokenCounter
from rag.generators.contract import Evidence, GeneratorError, GeneratorOptions, TokensUsed
from rag.generators.prompts import messages

if TYPE_CHECKING:
    import openai

# A reader waits for the extractive answer meanwhile, and a second try would have the time of the first again.
RETRIES = 0

CONNECT = 5.0
"""Seconds for the line to stand: an endpoint that is there takes no longer."""


class OpenAIGenerator:
    """Asks the model, and passes on what it writes as it comes."""

    def __init__(self, options: GeneratorOptions) -> None:
        """Make the client. Raises GeneratorError where the SDK is not installed or the options cannot be used."""
        try:
            import openai
        except ImportError as error:
            raise GeneratorError("needs a package that is not installed: pip install 'wenju[openai]'") from error
        assert options.model is not None
        self._options = options
        self._errors = openai
        self._counter = TokenCounter(options.vocabulary)
        self._client = openai.OpenAI(
            base_url=options.base_url,
            # Many local servers want none, and the client insists on one.
            api_key=options.api_key or "none",
            timeout=openai.Timeout(options.timeout, connect=min(CONNECT, options.timeout)),
            max_retries=RETRIES,
            http_client=openai.DefaultHttpxClient(event_hooks={"request": [self._stay]}),
        )
        self._home: Any = self._client.base_url

    def write(self, evidence: Evidence, /) -> Iterator[str | TokensUsed]:
        """Yield the model's text. Raises GeneratorError in words of our own: an endpoint's may repeat the key.

        A reply that does not say that it has come to its end is none: what is missing may be what its words hang on.
        """
        begun = time.monotonic()
        late = GeneratorError(f"took longer than {self._options.timeout:g} s")
        ended, pieces = False, 0
        try:
            with self._asked(evidence) as chunks, _hanging_up(chunks, begun + self._options.timeout):
                for chunk in chunks:
                    if time.monotonic() - begun > self._options.timeout:
                        # A model that drips keeps the client's own timeout, which is for each read, from ending it.
                        raise late
                    pieces += any(choice.delta is not None and choice.delta.content for choice in chunk.choices)
                    if pieces > self._options.most_tokens:
                        # A piece holds a token at least; some servers do not heed the limit that they are sent.
                        raise GeneratorError("was cut off at its limit of tokens")
                    yield from _told(chunk)
                    ended = ended or any(choice.finish_reason for choice in chunk.choices)
            if not ended:
                raise late if time.monotonic() - begun > self._options.timeout else GeneratorError("broke off")
        except GeneratorError:
            raise
        except Exception as error:
            if time.monotonic() - begun > self._options.timeout:
                raise late from error
            raise self._told_of(error) from error

    def _told_of(self, error: Exception) -> Exception:
        """GeneratorError for what went wrong on the way, or the error itself where it is not the client's."""
        if isinstance(error.__cause__, GeneratorError):
            return error.__cause__
        if isinstance(error, self._errors.APITimeoutError):
            return GeneratorError(f"took longer than {self._options.timeout:g} s")
        if isinstance(error, self._errors.APIConnectionError):
            return GeneratorError("cannot be reached")
        if isinstance(error, self._errors.APIStatusError):
            return GeneratorError(f"answered with status {error.status_code}")
        if isinstance(error, self._errors.APIError):
            return GeneratorError("broke off with an error")
        if isinstance(error, self._errors.OpenAIError):
            return GeneratorError(f"failed ({type(error).__name__})")
        return error

    def _stay(self, request: Any) -> None:
        """Raise GeneratorError for an address that a redirect leads to: question and evidence are for the configured one."""
        asked, home = request.url, self._home
        if (asked.scheme, asked.host, asked.port) != (home.scheme, home.host, home.port):
            raise GeneratorError(f"redirects to another address ({asked.host}), which was not followed")

    def _asked(self, evidence: Evidence) -> openai.Stream[Any]:
        # Plain dictionaries, where the client's types name one class for each role.
        asked: Any = messages(evidence, self._counter, self._options.budget)
        stream: openai.Stream[Any] = self._client.chat.completions.create(
            model=str(self._options.model),
            messages=asked,
            max_tokens=self._options.most_tokens,
            # As near to the same words for the same question as a model comes.
            temperature=0,
            stream=True,
            stream_options={"include_usage": True},
        )
        return stream


@contextmanager
def _hanging_up(chunks: openai.Stream[Any], deadline: float) -> Iterator[None]:
    """Shut the line when the time is over: a read that waits for a model that says nothing more ends only so."""
    line = chunks.response.extensions.get("network_stream")
    ours = line.get_extra_info("socket") if line is not None else None

    def hang_up() -> None:
        if ours is not None:
            with suppress(OSError):
                ours.shutdown(socket.SHUT_RDWR)

    timer = threading.Timer(max(0.0, deadline - time.monotonic()), hang_up)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _told(chunk: Any) -> Iterator[str | TokensUsed]:
    if chunk.usage is not None:
        yield TokensUsed(chunk.usage.prompt_tokens, chunk.usage.completion_tokens)
    for choice in chunk.choices[:1]:
        if choice.delta is not None and choice.delta.content:
            yield choice.delta.content
        if choice.finish_reason == "length":
            raise GeneratorError("was cut off at its limit of tokens")
        if choice.finish_reason == "content_filter":
            raise GeneratorError("refused")
