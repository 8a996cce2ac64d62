"""Which files have the same content: the same report as text, Word or PDF, under other names or with other line ends.

What differs in a figure is another version, and its name may say whether an earlier or a later one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol, Self, TypeVar

from index.text.folding import fold
from index.types import Source

_CUTS = frozenset(",.;:!?、，。；：！？|\t")
_SKETCH = 48
"""Clauses of a text that are compared before the whole is."""
_ALIKE = 0.6
"""Share of them that two copies have in common, at least."""
_APART = 0.02
"""Share of the characters by which copies differ: a heading that one lacks, a number of a page that was left in."""


_DRAFTS = ("征求意见", "讨论稿", "审议稿", "送审", "协商稿", "初稿", "草稿", "draft")
_CORRECTED = ("更正", "订正", "勘误", "修订", "修正", "定稿", "终稿", "正式稿", "corrected", "final")


def version(name: str) -> int:
    """How good a version of a report a file's name says it is, the best first: corrected, as it is, a draft."""
    words = name.rpartition("/")[2].lower()
    if any(word in words for word in _CORRECTED):
        return -1
    return 1 if any(word in words for word in _DRAFTS) else 0


class _File(Protocol):
    """What is known of a file before its text is read."""

    @property
    def name(self) -> str: ...
    @property
    def sha256(self) -> str: ...


F = TypeVar("F", bound=_File)


@dataclass(frozen=True, slots=True)
class Content:
    """What a text is known by beside others: a hash of its clauses, the least hashes of single ones, and how long they are together."""

    digest: str
    sketch: tuple[str, ...]
    length: int

    @classmethod
    def of(cls, text: str) -> Self:
        """That of a text."""
        clauses = _clauses(text)
        marks = sorted({hashlib.sha256(each.encode()).hexdigest()[:12] for each in clauses})
        digest = hashlib.sha256("\n".join(clauses).encode()).hexdigest()
        return cls(digest, tuple(marks[:_SKETCH]), sum(map(len, clauses)))


def with_twins(sources: Iterable[Source], is_first: Callable[[Source], bool]) -> list[Source]:
    """The sources with ``same_as`` set anew, see ``twins``."""
    held = list(sources)
    same = twins(held, is_first, lambda source: Content.of(source.text), lambda source: source.text)
    return [
        replace(source, same_as=of) if source.same_as != of else source for source, of in zip(held, same, strict=True)
    ]


def twins(
    files: Sequence[F],
    is_first: Callable[[F], bool],
    content_of: Callable[[F], Content],
    text_of: Callable[[F], str],
    settled: Mapping[str, str] | None = None,
) -> list[str]:
    """The name that each file is to have as ``same_as``: of those of one content, one is read, and it names the others' text.

    The one that is read is the first of which ``is_first`` holds, or else the first: what was cited stays cited. Texts are
    asked for where two are alike by their contents alone. ``settled`` has the ``same_as`` of files that were compared with
    each other before: they are not compared again.
    """
    before = settled or {}
    order = sorted(range(len(files)), key=lambda at: (not is_first(files[at]), at))
    leading = _Leading()
    same: dict[int, str] = {}
    by_bytes: dict[str, str] = {}

    def are_one(file: F, content: Content, other: F, its: Content) -> bool:
        if file.name in before and other.name in before:
            return before[file.name] == other.name
        return content.digest == its.digest or _is_same(text_of(file), text_of(other))

    for at in order:
        file = files[at]
        twin = by_bytes.get(file.sha256)
        if twin is None:
            content = content_of(file)
            alike = ((files[other], its) for other, its in leading.like(content))
            twin = next((other.name for other, its in alike if are_one(file, content, other, its)), None)
        if twin is None:
            leading.add(at, content)
        by_bytes.setdefault(file.sha256, twin or file.name)
        same[at] = twin or ""
    return [same[at] for at in range(len(files))]


class _Leading:
    """Contents that are read, found by what others share with them."""

    def __init__(self) -> None:
        self._held: list[tuple[int, Content]] = []
        self._by_digest: dict[str, int] = {}
        self._by_mark: dict[str, list[int]] = {}

    def add(self, file: int, content: Content) -> None:
        """Take in the content of a file."""
        number = len(self._held)
        self._held.append((file, content))
        self._by_digest.setdefault(content.digest, number)
        for mark in content.sketch:
            self._by_mark.setdefault(mark, []).append(number)

    def like(self, content: Content) -> Iterator[tuple[int, Content]]:
        """The files whose contents may be that one, in the order in which they came."""
        shared = Counter(number for mark in content.sketch for number in self._by_mark.get(mark, ()))
        equal = self._by_digest.get(content.digest)
        for number in sorted(shared.keys() | ({equal} if equal is not None else set())):
            its = self._held[number][1]
            if number == equal or _alike(content, its, shared[number]):
                yield self._held[number]


def _alike(one: Content, other: Content, shared: int) -> bool:
    longer = max(one.length, other.length)
    return abs(one.length - other.length) <= _APART * longer and shared >= _ALIKE * min(
        len(one.sketch), len(other.sketch)
    )


def _clauses(text: str) -> tuple[str, ...]:
    """The clauses of a text without spaces, line ends, marks and differences of width and script."""
    clauses: list[str] = []
    clause: list[str] = []
    folded = fold(text)
    for at, character in enumerate(folded):
        if character in _CUTS and not _inside_number(folded, at):
            if clause:
                clauses.append("".join(clause))
                clause = []
        elif character.isalnum() or character in "%.," or (character == "-" and folded[at + 1 : at + 2].isdigit()):
            clause.append(character)
    if clause:
        clauses.append("".join(clause))
    return tuple(clauses)


def _inside_number(text: str, at: int) -> bool:
    return text[at] in ".," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def _is_same(one: str, other: str) -> bool:
    """Whether two texts whose contents are alike are one: little apart and no figure among it.

    A corrected report differs in a figure: that is another version, and stays a document of its own.
    """
    # Not a diff: that of two workbooks, whose cells are alike by the thousand, takes minutes.
    clauses, others = _clauses(one), _clauses(other)
    longer = max(sum(map(len, clauses)), sum(map(len, others)))
    left, right = _lacking(clauses, others), _lacking(others, clauses)
    return left == right or (_figures(left) == _figures(right) and max(len(left), len(right)) <= _APART * longer)


def _lacking(one: Sequence[str], other: Sequence[str]) -> str:
    """The clauses that another text has not, or not so often, in their order."""
    left = Counter(other)
    lacking = []
    for clause in one:
        if left[clause]:
            left[clause] -= 1
        else:
            lacking.append(clause)
    return "".join(lacking)


def _figures(words: str) -> str:
    """All digits in their order: where a table's cells are parted in one copy and not in the other, they are the same."""
    return "".join(c for c in words if c.isdigit() or c in "%-.")
