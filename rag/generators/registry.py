"""The table of generators that can be asked for by name: our own, and those of installed packages."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property, partial
from importlib.metadata import EntryPoint, entry_points

from rag.generators.contract import DEFAULT, GROUP, Generator, GeneratorError, GeneratorOptions
from rag.generators.passages import PassagesGenerator

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
