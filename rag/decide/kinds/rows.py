"""A row of places that a report itself tells (销售额居前10位的省份依次为…), where the places are not held one by one."""

from __future__ import annotations

from dataclasses import dataclass, replace

from rag.decide.policy import PASSAGE_ACCEPT, PASSAGE_LEAST
from rag.decide.verdict import Told
from rag.find.passages import Retriever, constraints_of
from rag.types import Filters, Query, QuestionKind, Row

_LOOKED_AT = 48
"""Sentences among which one that tells a row is looked for."""
_IN_THEIR_ORDER = ("依次", "居前", "前列的", "排名前", "排在前", "位列前")
_OF_LEVEL = {"province": ("省",), "city": ("城市", "地市", "设区市", "市州"), "county": ("县", "区")}
"""Words for the places of a level."""


@dataclass(frozen=True, slots=True)
class ToldRows:
    """Looks for told rows in one snapshot."""

    retriever: Retriever

    def tell(self, query: Query, filters: Filters) -> Told | None:
        """The sentence that names the places of the asked level in their order; None where none does."""
        level = query.row.level
        if query.place.regions or level is None:
            return None
        listed = replace(query, kind=QuestionKind.LIST, place=replace(query.place, level=None), row=Row())
        # Who tells of as many places as are asked for tells the asked row, in fewer of the words.
        counted = f"前{query.row.top}" if query.row.top else "?"
        for passage in self.retriever.passages(listed, constraints_of(listed, filters), _LOOKED_AT):
            text = passage.value.text
            enough = PASSAGE_LEAST if counted in text else PASSAGE_ACCEPT
            if passage.score >= enough and _says_a_row(text, level):
                return Told((passage,))
        return None


def _says_a_row(text: str, level: str) -> bool:
    """Whether a sentence names several places of a level in their order."""
    ordered = any(word in text for word in _IN_THEIR_ORDER) and text.count("、") > 1
    return ordered and any(word in text for word in _OF_LEVEL.get(level, ()))
