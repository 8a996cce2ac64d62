"""A text that was cleaned, of which every character knows its place in the source."""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.types import Span


@dataclass(frozen=True, slots=True)
class View:
    """A cleaned text; ``offsets[i]`` is the place in the source of its character ``i``, strictly rising.

    Made by :meth:`of`, the offsets are an array of four bytes a character: a file of 20 MB would fill a gigabyte with numbers.
    """

    text: str
    offsets: Sequence[int]

    @classmethod
    def of(cls, text: str, start: int = 0) -> View:
        return cls(text, array("I", range(start, start + len(text))))

    def source_span(self, span: Span) -> Span:
        """The span of the source from the first to the last character of a non-empty span of this view."""
        if span.start == span.end:
            at = self.offsets[span.start] if span.start < len(self.offsets) else self._end()
            return Span(at, at)
        return Span(self.offsets[span.start], self.offsets[span.end - 1] + 1)

    def _end(self) -> int:
        return self.offsets[-1] + 1 if self.offsets else 0


def remove(view: View, spans: Iterator[Span] | list[Span]) -> View:
    """Leave out the given spans (in order, not overlapping) of a view."""
    parts: list[str] = []
    offsets = array("I")
    at = 0
    for span in spans:
        parts.append(view.text[at : span.start])
        offsets.extend(view.offsets[at : span.start])
        at = max(at, span.end)
    if not parts:
        return view
    parts.append(view.text[at:])
    offsets.extend(view.offsets[at:])
    return View("".join(parts), offsets)
