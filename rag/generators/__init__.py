"""What writes an answer from evidence: the ``Generator`` protocol, and the table of names that can be asked for.

``extractive`` is the service's own wording and needs no generator. Every other one is handed numbered quotations and
yields text that cites them by number; ``rag/writing.py`` checks each sentence before anyone sees it. A further one comes
with a package of its own that names a factory in the entry point group ``wenju.generators``: see docs/generators.md.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from importlib.metadata import EntryPoint, entry_points
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
    """One numbered piece of evidence: a verbatim quotation, and the figures that were read from it."""

    citation: Citation
    facts: tuple[Fact, ...] = ()

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


Factory = Callable[[GeneratorOptions], Generator]


class Generators:
    """The generators that can be asked for by name; each is made when first asked for and kept."""

    def __init__(self, options: GeneratorOptions | None = None, factories: Mapping[str, Factory] | None = None) -> None:
        """Take the built-in ones and every installed package's; ``factories`` replaces the latter."""
        self._options = options or GeneratorOptions()
        self._given = factories
        self._made: dict[str, Generator] = {}

    @cached_property
    def _factories(self) -> dict[str, Factory]:
        # Read when a name is first asked for that is not the default: it takes a look at every installed package.
        given = _installed() if self._given is None else self._given
        # A name of ours cannot be taken over by a package.
        return {**given, **_built_in(self._options)}

    def __contains__(self, name: str) -> bool:
        return name == DEFAULT or name in self._factories

    @property
    def names(self) -> tuple[str, ...]:
        """All names, the default first, the others sorted."""
        return (DEFAULT, *sorted(self._factories))

    def get(self, name: str) -> Generator | None:
        """The generator of that name; None for the default, which needs none. Raises GeneratorError."""
        if name == DEFAULT:
            return None
        if name not in self._made:
            try:
                self._made[name] = self._factories[name](self._options)
            except GeneratorError:
                raise
            except Exception as error:
                # Whatever a package raises must not take the service down, nor its words reach a user.
                raise GeneratorError(f"generator {name!r} cannot be used ({type(error).__name__})") from error
        return self._made[name]


def _built_in(options: GeneratorOptions) -> dict[str, Factory]:
    from rag.generators.passages import PassagesGenerator

    factories: dict[str, Factory] = {"passages": PassagesGenerator}
    if options.model:
        factories["openai"] = _openai
    return factories


def _openai(options: GeneratorOptions) -> Generator:
    # Imported when first asked: without a language model the SDK is not needed, and need not be installed.
    from rag.generators.openai import OpenAIGenerator

    return OpenAIGenerator(options)


def _installed() -> dict[str, Factory]:
    return {entry.name: partial(_load, entry) for entry in entry_points(group=GROUP)}


def _load(entry: EntryPoint, options: GeneratorOptions) -> Generator:
    generator: Generator = entry.load()(options)
    return generator
