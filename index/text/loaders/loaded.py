"""What a loader gives, and how one is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from index.errors import SourceError
from index.types import Mark

EXTRA = "pip install 'wenju[documents]'"
RECOGNISED = "recognised from pictures (OCR)"
"""What a note says of pages that were read from their pictures; a document with such a note is doubted."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """The text of a file.

    ``encoding`` is how the file's own bytes give it; an empty one says that it was extracted or repaired, so that it has
    to be kept beside them. ``marks`` rise; ``notes`` say in words what was repaired or left out.
    """

    text: str
    encoding: str = ""
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()


class Loader(Protocol):
    """Reads the bytes of one format. Pure: the same bytes give the same text on every machine."""

    def __call__(self, name: str, data: bytes, /) -> Loaded:
        """Raise SourceError, naming the cause, for what cannot be read; nothing else."""
        ...


def missing_extra(name: str, package: str) -> SourceError:
    """What to tell where the library of a format is not installed."""
    return SourceError(name, f"this format is read by {package}, which is not installed: {EXTRA}")


class Writing:
    """A text that grows part by part, with the places of its parts in the original."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._marks: list[Mark] = []
        self._length = 0

    def write(self, words: str, *, page: int | None = None, cell: str | None = None) -> None:
        """Add some words. A place that is the one before is not marked again."""
        if not words:
            return
        last = self._marks[-1] if self._marks else None
        if (page is not None or cell is not None) and (last is None or (last.page, last.cell) != (page, cell)):
            self._marks.append(Mark(self._length, page, cell))
        self._parts.append(words)
        self._length += len(words)

    def loaded(self, notes: Iterable[str] = ()) -> Loaded:
        return Loaded("".join(self._parts), marks=tuple(self._marks), notes=tuple(notes))


def storable(text: str) -> str:
    """A text without what no file can hold or no reader sees: lone surrogates and control characters.

    One character for one, so that marks hold: each becomes a space.
    """
    return "".join(" " if _is_unwritten(c) else c for c in text)


def _is_unwritten(character: str) -> bool:
    return "\ud800" <= character <= "\udfff" or (character < " " and character not in "\t\n\r") or character == "\x7f"


def joined(before: str, after: str) -> str:
    """Two pieces of a line that was broken: between Chinese characters nothing stood there, between Latin words a space."""
    if not before or not after:
        return before + after
    return f"{before} {after}" if _is_latin(before[-1]) and _is_latin(after[0]) else before + after


def _is_latin(character: str) -> bool:
    return character.isascii() and (character.isalpha() or character in ",.;:)'\"")


def one_line(words: str) -> str:
    """The words of a cell or heading on one line, with one space where several stood."""
    line = ""
    for piece in words.replace("\xa0", " ").splitlines():
        line = joined(line, " ".join(piece.split()))
    return line
