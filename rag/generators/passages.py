"""Quotations and nothing else: for who wants the reports' own words."""

from __future__ import annotations

from collections.abc import Iterator

from index.rules import Rule
from rag.generators.contract import Evidence, GeneratorOptions

_SPACES = Rule(
    "generators.passages.spaces",
    r"\s+",
    takes=("增长⟦ \n⟧8%",),
    leaves=("增长8%",),
)


class PassagesGenerator:
    """One line for each piece of evidence: whose words, of which time, and the words."""

    def __init__(self, options: GeneratorOptions) -> None:
        del options

    def write(self, evidence: Evidence, /) -> Iterator[str]:
        """Yield a line per exhibit."""
        for at, exhibit in enumerate(evidence.exhibits):
            quote = _SPACES.sub(" " if evidence.language == "en" else "", exhibit.citation.quote)
            # The reports' own quotation marks are others, so that what is quoted in them stays whole.
            yield f"{chr(10) if at else ''}「{quote}」[{exhibit.n}]"
