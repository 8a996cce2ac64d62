"""Several lists of strings or periods as one, sorted and each once, with where the members of each are in it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from index.store.tables.mapped import Strings

T = TypeVar("T")
Numbers = NDArray[np.int32]
Used = NDArray[np.bool_]

_FEW = 8
"""A list so many times as long as all others together takes theirs in, and is not read for it."""


def union(parts: Sequence[Sequence[T]], used: Sequence[Used]) -> tuple[tuple[T, ...], list[Numbers]]:
    """Sorted lists as one, of each those members alone that are ``used``; and the number of each member in it, -1 for no other."""
    kept = [_those(part, told) for part, told in zip(parts, used, strict=True)]
    held: list[Any] = sorted({value for part in kept for value in part})
    numbers = {value: number for number, value in enumerate(held)}
    return tuple(held), [
        _spread([numbers[value] for value in part], told) for part, told in zip(kept, used, strict=True)
    ]


def union_of_strings(parts: Sequence[Strings], used: Sequence[Used]) -> tuple[Strings, list[Numbers]]:
    """As ``union``, of strings: what few add to many is put in at its place, so that the many are not gone through."""
    most = max(range(len(parts)), key=lambda n: len(parts[n]), default=None)
    if most is None or not used[most].all() or sum(map(len, parts)) - len(parts[most]) > len(parts[most]) // _FEW:
        held, numbers = union(parts, used)
        return Strings.of(held), numbers
    main = parts[most]
    others = [(n, part, used[n]) for n, part in enumerate(parts) if n != most]
    added = sorted({string for _, part, told in others for string in _those(part, told)})
    places = [main.place(string) for string in added]
    fresh = [(string, at) for string, (at, there) in zip(added, places, strict=True) if not there]
    before = np.array([at for _, at in fresh], np.int64)
    merged = main.with_inserted([string for string, _ in fresh], before)
    of_main = (np.arange(len(main)) + np.searchsorted(before, np.arange(len(main)), side="right")).astype(np.int32)
    of_fresh = {string: int(at) + n for n, (string, at) in enumerate(fresh)}
    number = {
        string: int(of_main[at]) if there else of_fresh[string]
        for string, (at, there) in zip(added, places, strict=True)
    }
    found = {n: _spread([number[s] for s in _those(part, told)], told) for n, part, told in others}
    return merged, [of_main if n == most else found[n] for n in range(len(parts))]


def _those(part: Iterable[T], used: Used) -> list[T]:
    return [value for value, is_used in zip(part, used.tolist(), strict=True) if is_used]


def _spread(numbers: Sequence[int], used: Used) -> Numbers:
    """The numbers of those that are used at their places, -1 at the others."""
    result = np.full(len(used), -1, np.int32)
    result[used] = numbers
    return result
