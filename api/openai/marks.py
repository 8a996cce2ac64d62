"""The marks of an answer numbered behind the sources that a chat tool gave with the question.

Open WebUI numbers the sources of a reply through, its own (an attached file is its first) before those that the reply sends.
``[1]`` would be shown there as that file, and a figure of a report be put down to it.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import replace
from itertools import accumulate

from rag.types import Answer, Citation

_MARK = re.compile(r"\[(\d{1,3})\]")
_UNFINISHED = re.compile(r"\[\d{0,3}\Z")


def behind(text: str, given: int) -> str:
    """The text with each mark ``given`` higher."""
    return _MARK.sub(lambda mark: f"[{int(mark[1]) + given}]", text) if given else text


class Marks:
    """The same for a text that comes in pieces: a mark that is cut in two is held back until it is whole."""

    def __init__(self, given: int) -> None:
        self._given = given
        self._held = ""

    def feed(self, piece: str) -> str:
        """What can be told now that this piece is there."""
        if not self._given:
            return piece
        text = self._held + piece
        cut = _UNFINISHED.search(text)
        at = len(text) if cut is None else cut.start()
        self._held = text[at:]
        return behind(text[:at], self._given)

    def close(self) -> str:
        """The rest."""
        rest, self._held = self._held, ""
        return rest


def answer_behind(answer: Answer, given: int) -> Answer:
    """A whole answer with its marks and citations ``given`` higher; what a citation supports is where it stands then."""
    if not given:
        return answer
    marks = list(_MARK.finditer(answer.answer))
    ends = [mark.end() for mark in marks]
    longer = [0, *accumulate(len(str(int(mark[1]) + given)) - len(mark[1]) for mark in marks)]

    def moved(at: int) -> int:
        return at + longer[bisect_right(ends, at)]

    def numbered(citation: Citation) -> Citation:
        spans = tuple((moved(start), moved(end)) for start, end in citation.answer_spans)
        return replace(citation, n=citation.n + given, answer_spans=spans)

    citations = tuple(map(numbered, answer.citations))
    return replace(answer, answer=behind(answer.answer, given), citations=citations)
