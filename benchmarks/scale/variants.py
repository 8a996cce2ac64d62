"""Reports of other places and years made from real ones, as many as are wanted: the same ones on every machine.

A variant has the words of a real report with another county in place of its own, all years moved by as many, and other
digits in its figures, so that no two are versions of one. Twenty years of one county come before the next county, as
one would gather them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from index.outline.documents import find_documents
from index.text.sources import find_files, read_source
from index.words.regions import Gazetteer, Region

YEARS = range(2005, 2025)
"""The years that the reports of a place review."""
_LEAST_NAMED = 3
"""How often a report names its place, at least, to be one that variants are made from."""

_YEAR = re.compile(r"(?<![\d.])(?:19[5-9]|20[0-4])\d(?![\d.])")
_CHINESE_YEAR = re.compile(r"[一二][九〇○零O][〇○零O一二三四五六七八九]{2}(?=年)")
_FIGURE = re.compile(r"(?<![\d.])\d+\.\d+(?!\d)(?!\.)")
_DIGITS = "〇一二三四五六七八九"
_READ = {c: n for n, c in enumerate(_DIGITS)} | {"○": 0, "零": 0, "O": 0}


@dataclass(frozen=True, slots=True)
class Base:
    """A real report that variants are made from: its text, its place by both names and the year that it reviews."""

    text: str
    name: str
    short: str
    year: int


@dataclass(frozen=True, slots=True)
class Variant:
    """A made report of one place and year."""

    file: str
    text: str
    place: str
    year: int


def bases(folders: Sequence[Path]) -> list[Base]:
    """The reports below some folders that are of one place below the country and of one year."""
    gazetteer = Gazetteer.load()
    found: list[Base] = []
    for name, path in find_files(folders):
        source, _ = read_source(name, path)
        drafts = find_documents(source, gazetteer)
        known = gazetteer.get(drafts[0].region or "") if len(drafts) == 1 else None
        if known is None or known.level == "country" or drafts[0].review is None:
            continue
        if source.text.count(known.short) >= _LEAST_NAMED:
            found.append(Base(source.text, known.name, known.short, drafts[0].review.last_year))
    return found


def places() -> list[Region]:
    """The counties that have a name of their own which is no other word, in the gazetteer's order."""
    regions = [r for r in Gazetteer.load().regions if r.level == "county" and len(r.short) > 1 and not r.weak]
    held: dict[str, int] = {}
    for region in regions:
        for name in {region.name, region.short}:
            held[name] = held.get(name, 0) + 1
    return [r for r in regions if held[r.name] == held[r.short] == 1]


def variants(made_from: Sequence[Base], count: int) -> Iterator[Variant]:
    """So many reports. A larger number begins with the reports of a smaller one."""
    held = places()
    for number in range(count):
        place, year = held[number // len(YEARS)], YEARS[number % len(YEARS)]
        # Each place has other texts in other years.
        base = made_from[(number * 7 + number // len(YEARS)) % len(made_from)]
        yield Variant(f"{year + 1}_{place.name}_政府工作报告.txt", _moved(base, place, year, number), place.name, year)


def _moved(base: Base, place: Region, year: int, seed: int) -> str:
    drawn = random.Random(seed)
    by = year - base.year
    text = base.text.replace(base.name, place.name).replace(base.short, place.short)
    text = _YEAR.sub(lambda found: str(int(found[0]) + by), text)
    text = _CHINESE_YEAR.sub(lambda found: _chinese(_number(found[0]) + by), text)
    return _FIGURE.sub(lambda found: _other_digits(found[0], drawn), text)


def _number(written: str) -> int:
    return int("".join(str(_READ[c]) for c in written))


def _chinese(year: int) -> str:
    return "".join(_DIGITS[int(c)] for c in str(year))


def _other_digits(written: str, drawn: random.Random) -> str:
    """A figure as long as this one: its size stays, so that a rate stays a rate."""
    return written[0] + "".join(c if c == "." else str(drawn.randrange(10)) for c in written[1:])


def write(made_from: Sequence[Base], count: int, folder: Path) -> list[Variant]:
    """Write so many reports into a folder, made if need be."""
    folder.mkdir(parents=True, exist_ok=True)
    made = list(variants(made_from, count))
    for variant in made:
        (folder / variant.file).write_text(variant.text, encoding="utf-8")
    return made
