"""What writes an answer from evidence: the ``Generator`` protocol, and the values that it takes and gives.

``extractive`` is the service's own wording and needs no generator. Every other one is handed numbered quotations and
yields text that cites them by number; ``rag/generators/writing.py`` checks each sentence before anyone sees it. A further one comes
with a package of its own that names a factory in the entry point group ``wenju.generators``: see docs/generators.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from index.errors import WenjuError
from index.types import Fact
from rag.types import Citation, Derived, Query, Value

GROUP = "wenju.generators"
"""The entry point group of generators: each entry is a factory that takes ``GeneratorOptions``."""

DEFAULT = "extractive"


class GeneratorError(WenjuError):
    """A generator cannot be had, or broke off. Its text is shown to users and must hold no secret."""


@dataclass(frozen=True, slots=True)
class GeneratorOptions:
    """What a generator may be set to. ``budget`` and ``most_tokens`` are tokens of the evidence and of the reply.

    ``timeout`` is in seconds, for the whole reply. The key is kept out of every ``repr``.
    """

    base_url: str | None = None
    model: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout: float = 30.0
    budget: int = 3000
    most_tokens: int = 800
    vocabulary: str = "wenju_zh"


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One numbered piece of evidence: a verbatim quotation, and the figures that were read from it.

    ``planned`` where it says what is meant to be done, and not what was.
    """

    citation: Citation
    facts: tuple[Fact, ...] = ()
    planned: bool = False

    @property
    def n(self) -> int:
        """The number to cite it by."""
        return self.citation.n


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that an answer may be written from. ``extractive`` is the checked answer that is there already, ``values`` its figures."""

    question: str
    asked_on: dt.date
    history: tuple[str, ...]
    language: str
    query: Query
    exhibits: tuple[Exhibit, ...]
    values: tuple[Value, ...]
    extractive: str

    @property
    def calculations(self) -> tuple[Derived, ...]:
        """What was calculated, with formulas and operands."""
        return tuple(value.derived for value in self.values if value.derived is not None)


@dataclass(frozen=True, slots=True)
class TokensUsed:
    """What a model was sent and wrote; a generator that knows yields it once, at any time."""

    prompt: int
    completion: int


class Generator(Protocol):
    """Writes an answer piece by piece."""

    def write(self, evidence: Evidence, /) -> Iterator[str | TokensUsed]:
        """Yield the answer's text in pieces of any size, each statement followed by ``[n]`` of its exhibit.

        May raise GeneratorError at any point; the extractive answer then stands in. Closing the iterator stops the work.
        """
