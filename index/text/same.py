"""Which files have the same content: the same report as text, Word or PDF, under other names or with other line ends.

What differs in a figure is another version, and its name may say whether an earlier or a later one.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class _Content:
    clauses: tuple[str, ...]
    sketch: frozenset[str]
    length: int


def with_twins(sources: Iterable[Source], is_first: Callable[[Source], bool]) -> list[Source]:
    """The sources with ``same_as`` set anew: of those of one content, one is read, and it names the others' text.

    The one that is read is the first of which ``is_first`` holds, or else the first: what was cited stays cited.
    """
    held = list(sources)
    order = sorted(range(len(held)), key=lambda at: (not is_first(held[at]), at))
    leading: list[tuple[Source, _Content]] = []
    same: dict[int, str] = {}
    by_bytes: dict[str, str] = {}
    for at in order:
        source = held[at]
        twin = by_bytes.get(source.sha256)
        if twin is None:
            content = _content(source.text)
            twin = next((other.name for other, its in leading if is_same(content, its)), None)
        if twin is None:
            leading.append((source, content))
        by_bytes.setdefault(source.sha256, twin or source.name)
        same[at] = twin or ""
    return [
        replace(source, same_as=same[at]) if source.same_as != same[at] else source for at, source in enumerate(held)
    ]


def _content(text: str) -> _Content:
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
    marks = sorted({hashlib.sha256(each.encode()).hexdigest()[:12] for each in clauses})
    return _Content(tuple(clauses), frozenset(marks[:_SKETCH]), sum(map(len, clauses)))


def _inside_number(text: str, at: int) -> bool:
    return text[at] in ".," and text[at - 1 : at].isdigit() and text[at + 1 : at + 2].isdigit()


def is_same(one: _Content, other: _Content) -> bool:
    """Whether two contents are one: all clauses alike, or little apart and no figure among it.

    A corrected report differs in a figure: that is another version, and stays a document of its own.
    """
    if one.clauses == other.clauses:
        return True
    longer = max(one.length, other.length)
    if abs(one.length - other.length) > _APART * longer or not one.sketch or not other.sketch:
        return False
    if len(one.sketch & other.sketch) < _ALIKE * min(len(one.sketch), len(other.sketch)):
        return False
    # Not a diff: that of two workbooks, whose cells are alike by the thousand, takes minutes.
    left, right = _lacking(one, other), _lacking(other, one)
    return left == right or (_figures(left) == _figures(right) and max(len(left), len(right)) <= _APART * longer)


def _lacking(one: _Content, other: _Content) -> str:
    """The clauses that another content has not, or not so often, in their order."""
    left = Counter(other.clauses)
    lacking = []
    for clause in one.clauses:
        if left[clause]:
            left[clause] -= 1
        else:
            lacking.append(clause)
    return "".join(lacking)


def _figures(words: str) -> str:
    """All digits in their order: where a table's cells are parted in one copy and not in the other, they are the same."""
    return "".join(c for c in words if c.isdigit() or c in "%-.")
