"""A line of a page, as the file draws it."""

from __future__ import annotations

from dataclasses import dataclass

_COUNTED = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class Gap:
    """A space or tab of a line: its place in the text, and where the gap begins and ends, in points."""

    at: int
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a page with its box in points, from the lower left corner; ``size`` is the height of a character."""

    text: str
    page: int
    left: float
    right: float
    top: float
    bottom: float
    size: float
    gaps: tuple[Gap, ...] = ()

    @property
    def cells(self) -> int:
        """How many cells wide gaps part it into."""
        return self.text.count("\t") + 1

    @property
    def is_row(self) -> bool:
        """Whether wide gaps part it, as they do cells of a table."""
        return "\t" in self.text


def begins_part(text: str) -> bool:
    """Whether a line begins as headings, numbered points and captions do: 一、, （二）, 三是, 表 1, 图2."""
    words = text.lstrip("（( ")
    counted = len(words) - len(words.lstrip(_COUNTED))
    if counted:
        return words[counted : counted + 1] in ("、", "）", ")", "是", ".", "．")
    return words[:1] in "表图第" and any(c.isdigit() or c in _COUNTED for c in words[1:4])
