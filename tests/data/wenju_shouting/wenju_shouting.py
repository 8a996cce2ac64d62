"""A generator for Wenju that reads figures out with exclamation marks."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rag.generators.contract import Evidence, GeneratorOptions


class Shouting:
    """Says what was asked for, and then a little more than it knows."""

    def __init__(self, options: GeneratorOptions) -> None:
        self.timeout = options.timeout

    def write(self, evidence: Evidence) -> Iterator[str]:
        """Yield text in pieces of any size; every sentence ends with the number of its exhibit."""
        for exhibit in evidence.exhibits:
            for fact in exhibit.facts:
                if fact.indicator in evidence.query.thing.indicators and fact.measure == "growth":
                    yield f"{fact.period}年{fact.region}{fact.indicator}增长{fact.written}！[{exhibit.n}]"
                    yield f"这比什么都好，高达99.9%！[{exhibit.n}]"
