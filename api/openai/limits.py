"""What a caller limits an answer's text to: so many tokens, or up to a word at which to stop. And how many tokens it has."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from api.openai.schemas import MessageIn
from api.shared.work import Workers
from index.text.counting import TokenCounter


class Limit:
    """Lets the pieces of one text through up to its limits; ``finish`` is the reason why it ended, as OpenAI names it."""

    def __init__(
        self, counter: TokenCounter, most_tokens: int | None = None, stops: str | Sequence[str] | None = None
    ) -> None:
        self._counter = counter
        self._most = most_tokens
        self._stops = [s for s in ([stops] if isinstance(stops, str) else stops or ()) if s]
        # So much of the end may be the beginning of a word to stop at.
        self._held_back = max(map(len, self._stops), default=1) - 1
        self._read = ""
        self._told = 0
        self.finish = "stop"
        self.ended = False

    @property
    def text(self) -> str:
        """All that was let through."""
        return self._read[: self._told]

    def feed(self, piece: str) -> str:
        """What of the text can be told now that this piece is there."""
        if self.ended:
            return ""
        self._read += piece
        return self._tell(len(self._read) - self._held_back)

    def close(self) -> str:
        """The rest."""
        return "" if self.ended else self._tell(len(self._read))

    def _tell(self, until: int) -> str:
        found = [at for stop in self._stops if (at := self._read.find(stop, max(0, self._told - self._held_back))) >= 0]
        if found:
            until, self.ended = min(found), True
        if self._most is not None:
            within = len(self._counter.truncate(self._read[: max(until, 0)], self._most))
            if within < until:
                until, self.ended, self.finish = within, True, "length"
        before, self._told = self._told, max(until, self._told)
        return self._read[before : self._told]


SHORT = 8_000
"""Characters of a chat that are read sooner than a thread is found for them."""

T = TypeVar("T")


async def read_by(workers: Workers, messages: Sequence[MessageIn], work: Callable[[], T]) -> T:
    """Read a chat: a long one in a thread, since the loop is everybody's."""
    size = sum(len(message.text()) for message in messages)
    return work() if size <= SHORT else await workers.run(work)


def tokens_of(counter: TokenCounter, texts: Sequence[str]) -> int:
    """How many tokens texts have in the service's vocabulary."""
    return sum(counter.count(text) for text in texts)
