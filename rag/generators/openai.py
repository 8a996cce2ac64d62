"""A language model behind any OpenAI-compatible endpoint, through the official client; it alone imports ``openai``."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.text.counting import TokenCounter
from rag.generators.contract import Evidence, GeneratorError, GeneratorOptions, TokensUsed
from rag.generators.prompts import messages

if TYPE_CHECKING:
    import openai

# The client's own retries wait up to eight seconds each; a reader waits for the extractive answer meanwhile.
RETRIES = 1


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
            timeout=options.timeout,
            max_retries=RETRIES,
            http_client=openai.DefaultHttpxClient(event_hooks={"request": [self._stay]}),
        )
        self._home: Any = self._client.base_url

    def write(self, evidence: Evidence, /) -> Iterator[str | TokensUsed]:
        """Yield the model's text. Raises GeneratorError in words of our own: an endpoint's may repeat the key."""
        deadline = time.monotonic() + self._options.timeout
        try:
            with self._asked(evidence) as chunks:
                for chunk in chunks:
                    if time.monotonic() > deadline:
                        # A model that drips keeps the client's own timeout, which is for each read, from ending it.
                        raise GeneratorError(f"took longer than {self._options.timeout:g} s")
                    yield from _told(chunk)
        except self._errors.APITimeoutError as error:
            raise GeneratorError(f"took longer than {self._options.timeout:g} s") from error
        except self._errors.APIConnectionError as error:
            raise GeneratorError("cannot be reached") from error
        except self._errors.APIStatusError as error:
            raise GeneratorError(f"answered with status {error.status_code}") from error
        except self._errors.APIError as error:
            if isinstance(error.__cause__, GeneratorError):
                raise error.__cause__ from None
            raise GeneratorError("broke off with an error") from error
        except self._errors.OpenAIError as error:
            raise GeneratorError(f"failed ({type(error).__name__})") from error

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
