"""A rule is a value: a pattern with a name, a text that it takes, one that it must leave, and why it is odd if it is.

Every expression that decides what words mean is a :class:`Rule` at the top of its module, where ``wenju rules`` finds it,
counts it and switches it off; ``tests/test_rules.py`` runs all examples. How to add one: ``docs/rules.md``.
After Facebook's duckling (``Rule``, ``Corpus``) and HeidelTime (``EXAMPLE``).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from typing import Any

NOTHING = "(?!)"

_METHODS = ("search", "match", "fullmatch", "finditer", "findall", "split", "sub")

_FLAGS = re.compile(r"^\(\?[aiLmsux]+\)")


class At(StrEnum):
    """Where in a text a rule is looked for: what ``search``, ``match`` and ``fullmatch`` do."""

    ANYWHERE = "anywhere"
    START = "start"
    WHOLE = "whole"


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """A regular expression with its reasons.

    ``takes`` are texts that it finds something in, ``leaves`` such that it must find nothing in; both from reports or in
    their manner, never from a question set. A part marked ``⟦so⟧`` is what is found, no more and no less. ``at`` says how
    examples are tried: as the rule is used. ``why`` stands where the pattern surprises.

    ``search``, ``match`` and the rest are those of :class:`re.Pattern`.
    """

    name: str
    pattern: str
    takes: tuple[str, ...] = ()
    leaves: tuple[str, ...] = ()
    why: str = ""
    at: At = At.ANYWHERE
    flags: int = 0
    search: Callable[..., re.Match[str] | None] = field(init=False, repr=False)
    match: Callable[..., re.Match[str] | None] = field(init=False, repr=False)
    fullmatch: Callable[..., re.Match[str] | None] = field(init=False, repr=False)
    finditer: Callable[..., Iterator[re.Match[str]]] = field(init=False, repr=False)
    findall: Callable[..., list[Any]] = field(init=False, repr=False)
    split: Callable[..., list[str]] = field(init=False, repr=False)
    sub: Callable[..., str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        # Compiled when first used: a question needs few of the rules, and all of them take half a second.
        for name in _METHODS:
            object.__setattr__(self, name, partial(self._first, name))

    def _first(self, name: str, *given: Any, **named: Any) -> Any:
        """The first call of a method, or one through a reference that was taken before it."""
        if isinstance(getattr(self, name), partial):
            self._bind(re.compile(self.pattern, self.flags))
        return getattr(self, name)(*given, **named)

    def _bind(self, compiled: Any) -> None:
        # Bound once, so that a rule costs nothing over its pattern.
        for name in _METHODS:
            object.__setattr__(self, name, getattr(compiled, name))

    def found(self, text: str) -> list[str]:
        """What the rule finds in a text as it is used, for its examples."""
        if self.at is At.ANYWHERE:
            return [m[0] for m in self.finditer(text)]
        match = self.match(text) if self.at is At.START else self.fullmatch(text)
        return [] if match is None else [match[0]]


def any_of(name: str, words: Iterable[str], *, flags: int = 0) -> Rule:
    """A vocabulary list as a rule: any of its words, the longest first. Its words are its examples."""
    longest = sorted(set(words), key=lambda w: (-len(w), w))
    return Rule(name, "|".join(map(re.escape, longest)) or NOTHING, flags=flags)


class _Noting:
    """A pattern that tells of each of its matches."""

    def __init__(self, compiled: re.Pattern[str], note: Callable[[re.Match[str]], None]) -> None:
        self._compiled = compiled
        self._note = note

    def _told(self, match: re.Match[str] | None) -> re.Match[str] | None:
        if match is not None:
            self._note(match)
        return match

    def search(self, *given: Any) -> re.Match[str] | None:
        return self._told(self._compiled.search(*given))

    def match(self, *given: Any) -> re.Match[str] | None:
        return self._told(self._compiled.match(*given))

    def fullmatch(self, *given: Any) -> re.Match[str] | None:
        return self._told(self._compiled.fullmatch(*given))

    def finditer(self, *given: Any) -> Iterator[re.Match[str]]:
        for match in self._compiled.finditer(*given):
            self._note(match)
            yield match

    def findall(self, *given: Any) -> list[Any]:
        for match in self._compiled.finditer(*given):
            self._note(match)
        return self._compiled.findall(*given)

    def split(self, text: str, *given: Any, **named: Any) -> list[str]:
        for match in self._compiled.finditer(text):
            self._note(match)
        return self._compiled.split(text, *given, **named)

    def sub(self, replacement: Any, text: str, *given: Any, **named: Any) -> str:
        for match in self._compiled.finditer(text):
            self._note(match)
        return self._compiled.sub(replacement, text, *given, **named)


@contextmanager
def noting(rules: Iterable[Rule], note: Callable[[Rule, re.Match[str]], None]) -> Iterator[None]:
    """Tell of every match of the rules, in this process, while the context is open."""
    held = list(rules)
    for rule in held:
        compiled = re.compile(rule.pattern, rule.flags)
        rule._bind(_Noting(compiled, lambda match, rule=rule: note(rule, match)))  # type: ignore[misc]
    try:
        yield
    finally:
        for rule in held:
            rule._bind(re.compile(rule.pattern, rule.flags))


@contextmanager
def without(rule: Rule) -> Iterator[None]:
    """The rule finds nothing, in this process, while the context is open. What is built of its pattern is not touched."""
    # Its groups stay, so that a replacement that names them can be read. Flags may stand at the start of a pattern only.
    flags = re.compile(rule.pattern, rule.flags).flags
    rule._bind(re.compile(f"(?!)(?:{_FLAGS.sub('', rule.pattern)})", flags))
    try:
        yield
    finally:
        rule._bind(re.compile(rule.pattern, rule.flags))
