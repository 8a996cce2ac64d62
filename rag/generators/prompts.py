"""Evidence to messages for a language model: the rules as system message, the evidence as JSON, which is data and looks it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from index.text.counting import TokenCounter
from rag.generators.contract import Evidence, Exhibit

_TEMPLATE = Path(__file__).parent / "templates" / "answer.txt"
_LANGUAGES = {"zh": "Simplified Chinese", "zh-Hant": "Traditional Chinese", "en": "English"}


@cache
def _rules() -> str:
    return _TEMPLATE.read_text(encoding="utf-8")


def messages(evidence: Evidence, counter: TokenCounter, budget: int) -> list[dict[str, str]]:
    """Make the two messages. Evidence is taken in its order as long as it fits ``budget`` tokens; the first always goes."""
    told: list[dict[str, Any]] = []
    left = budget
    for exhibit in evidence.exhibits:
        entry = _entry(exhibit)
        cost = counter.count(json.dumps(entry, ensure_ascii=False))
        if told and cost > left:
            break
        left -= cost
        told.append(entry)
    body = {
        "question": evidence.question,
        "earlier_questions": list(evidence.history),
        "answer_in": _LANGUAGES.get(evidence.language, "the language of the question"),
        "evidence": told,
        "calculations": [derived.formula for derived in evidence.calculations],
    }
    return [
        {"role": "system", "content": _rules()},
        {"role": "user", "content": json.dumps(body, ensure_ascii=False)},
    ]


def _entry(exhibit: Exhibit) -> dict[str, Any]:
    citation = exhibit.citation
    return {
        "n": exhibit.n,
        "report": citation.title,
        "place": citation.region,
        "period": citation.period,
        "heading": list(citation.heading),
        "quotation": citation.quote,
        "figures": [
            {
                "indicator": fact.indicator,
                "place": fact.region,
                "period": str(fact.period) if fact.period else None,
                "measure": fact.measure.value,
                "status": fact.status.value,
                "value": fact.written,
            }
            for fact in exhibit.facts
        ],
    }
