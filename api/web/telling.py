"""What the service says in English, in the language of a page: causes, doubts, reasons and notes, sentence by sentence.

The catalogue is ``static/messages.json``, pairs of an English sentence and its Chinese, each ``{}`` of the one being the
``{0}``, ``{1}`` … of the other. ``static/telling.js`` does the same in the browser.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path

_CATALOGUE = Path(__file__).parent / "static" / "messages.json"

_DEPTH = 4
"""Sentences inside of sentences: ``a.zip: b.pdf: a damaged PDF (…)``."""


@cache
def _sentences() -> list[tuple[re.Pattern[str], str]]:
    """The most exact first: those with the most words of their own."""
    pairs: list[tuple[str, str]] = json.loads(_CATALOGUE.read_text(encoding="utf-8"))
    pairs.sort(key=lambda pair: -len(pair[0].replace("{}", "")))
    return [(re.compile("(.+?)".join(map(re.escape, one.split("{}"))), re.DOTALL), other) for one, other in pairs]


def telling(message: str, lang: str, depth: int = _DEPTH) -> str:
    """A sentence of ours in ``zh``; what is not in the catalogue, or is for another language, as it is."""
    if lang != "zh" or not depth:
        return message
    for pattern, chinese in _sentences():
        found = pattern.fullmatch(message)
        if found is not None:
            return chinese.format(*(telling(gap, lang, depth - 1) for gap in found.groups()))
    for mark, written in (("; ", "；"), (": ", "：")):
        head, between, rest = message.partition(mark)
        if between:
            told = telling(head, lang, depth - 1), telling(rest, lang, depth - 1 if mark == ": " else depth)
            if told != (head, rest):
                return written.join(told)
    return message
