"""Several things asked for in one question (GDP和固定资产投资各是多少): one query for each."""

from __future__ import annotations

import re
from dataclasses import replace

from index.folding import fold
from rag.types import Query, QuestionKind

_BETWEEN = re.compile(r"[\s,、和与及跟同以并各是的]*|\s*(?:and|,)\s*")
_ONE_OF_TWO = frozenset({QuestionKind.EXPLAIN, QuestionKind.LIST, QuestionKind.LOOKUP})


def asked_together(query: Query) -> tuple[Query, ...]:
    """The single queries of a question that names two or more indicators and nothing else; () for all others."""
    mentions = list(dict.fromkeys(m for m in query.mentions if m.slot == "indicator"))
    if len({m.value for m in mentions}) < 2 or query.kind in _ONE_OF_TWO or query.wants_share:
        return ()
    words = [fold(query.text[m.span.start : m.span.end]) for m in mentions]
    rest = query.terms
    for word in words:
        if word not in rest:
            return ()
        rest = rest.replace(word, " ", 1)
    if not _BETWEEN.fullmatch(rest):
        return ()
    return tuple(
        replace(
            query,
            terms=word,
            indicators=(m.value,),
            mentions=(*(o for o in query.mentions if o.slot != "indicator"), m),
        )
        for word, m in zip(words, mentions, strict=True)
    )
