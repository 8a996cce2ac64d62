"""The numbers that Word puts before paragraphs: they are no part of the file's text, and headings are known by them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import Any, Self

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_COUNTED = "零一二三四五六七八九"
_CHINESE = frozenset(
    {
        "chineseCounting",
        "chineseCountingThousand",
        "japaneseCounting",
        "ideographDigital",
        "taiwaneseCounting",
        "taiwaneseCountingThousand",
    }
)
_CIRCLED = frozenset({"decimalEnclosedCircle", "decimalEnclosedCircleChinese"})
_MOST = 9
"""Levels of a list."""


@dataclass(frozen=True, slots=True)
class _Level:
    start: int
    form: str
    text: str


class Numbering:
    """Counts the numbered paragraphs of a document as they come."""

    def __init__(self, lists: dict[str, dict[int, _Level]], styles: dict[str, tuple[str, int]]) -> None:
        """``lists`` holds the levels of each list by its number, ``styles`` the list and level of a style."""
        self._lists = lists
        self._styles = styles
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)

    @classmethod
    def of(cls, document: Any) -> Self:
        """The numbering of a document; none where it has no such part."""
        lists: dict[str, dict[int, _Level]] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError):
            root = None
        if root is not None:
            shapes = {each.get(f"{_W}abstractNumId"): _levels(each) for each in root.iter(f"{_W}abstractNum")}
            for each in root.iter(f"{_W}num"):
                shape = each.find(f"{_W}abstractNumId")
                lists[each.get(f"{_W}numId")] = shapes.get(shape.get(f"{_W}val"), {}) if shape is not None else {}
        styles = {}
        for style in document.styles.element.iter(f"{_W}style"):
            place = _place(style)
            if place is not None and place[0]:
                styles[style.get(f"{_W}styleId")] = (place[0], place[1])
        return cls(lists, styles)

    def next(self, paragraph: Any) -> str:
        """The number that a paragraph is shown with, counted on; nothing for one without, or with a bullet."""
        place = _place(paragraph)
        if place is None or not place[0]:
            style = paragraph.find(f"{_W}pPr/{_W}pStyle")
            own = self._styles.get(style.get(f"{_W}val")) if style is not None and place is None else None
            if own is None:
                return ""
            place = own
        identity, level = place
        levels = self._lists.get(identity, {})
        if level not in levels:
            return ""
        counts = self._counts[identity]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [each for each in counts if each > level]:
            del counts[deeper]
        return _written(levels, level, counts)


def _place(element: Any) -> tuple[str, int] | None:
    """The list and level that a paragraph or style names; an empty list is one that is turned off."""
    properties = element.find(f"{_W}pPr/{_W}numPr")
    if properties is None:
        return None
    identity, level = properties.find(f"{_W}numId"), properties.find(f"{_W}ilvl")
    number = identity.get(f"{_W}val", "") if identity is not None else ""
    depth = level.get(f"{_W}val", "0") if level is not None else "0"
    return ("" if number == "0" else number), int(depth) if depth.isdigit() and int(depth) < _MOST else 0


def _levels(shape: Any) -> dict[int, _Level]:
    found = {}
    for each in shape.iter(f"{_W}lvl"):
        told = {
            name: part.get(f"{_W}val", "")
            for name in ("start", "numFmt", "lvlText")
            if (part := each.find(f"{_W}{name}")) is not None
        }
        start = told.get("start", "1")
        depth = each.get(f"{_W}ilvl", "0")
        if depth.isdigit():
            found[int(depth)] = _Level(
                int(start) if start.isdigit() else 1, told.get("numFmt", ""), told.get("lvlText", "")
            )
    return found


def _written(levels: dict[int, _Level], level: int, counts: dict[int, int]) -> str:
    shape = levels[level]
    if shape.form in ("bullet", "none"):
        return ""
    words = shape.text
    for depth in range(level + 1):
        if f"%{depth + 1}" in words and depth in levels:
            number = counts.get(depth, levels[depth].start)
            words = words.replace(f"%{depth + 1}", _number(number, levels[depth].form))
    # What is set behind it is a tab or a space; a digit would run into the first figure.
    return words + (" " if words[-1:].isdigit() else "")


def _number(number: int, form: str) -> str:
    if form in _CHINESE and 0 < number < 100:
        tens, ones = divmod(number, 10)
        return ("" if not tens else "十" if tens == 1 else f"{_COUNTED[tens]}十") + (_COUNTED[ones] if ones else "")
    if form in _CIRCLED and 0 < number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("upperLetter", "lowerLetter") and 0 < number <= 26:
        return chr((65 if form == "upperLetter" else 97) + number - 1)
    return str(number)
