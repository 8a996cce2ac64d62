"""Whether running text tells plans or results, judged by its clauses where no heading says."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass

from index.rules import Rule
from index.words.fragments import any_word
from index.words.lexicon import load_wording

LEANS_TO_PLANS = 0.74
"""Least lean of a section of plans. Of the sections of 111 reports whose heading announces results none leans above 0.67;
sections whose heading announces plans lean 0.81 to 1.0 between their quartiles."""

ENOUGH = 300
"""Characters below which a text is too short to lean."""


_PLANS = Rule(
    "outline.leaning.plan_clauses",
    rf"(?:^|[,;。:、\n]){any_word('plan_adverbs')}*{any_word('plan_verbs')}(?!了)",
    takes=("全市上下齐心⟦,加快推进⟧项目建设",),
    leaves=("加大了投入,推进了项目",),
    why="A verb with 了 behind it tells what was done.",
)
_PLAN_MARKS = load_wording().pattern("plan_marks")
_RESULTS = Rule(
    "outline.leaning.result_words",
    rf"{any_word('done_marks')}|实现|(?:达|增长|下降|新增)\d|了(?!解)",
    takes=("税收⟦增长6⟧.2%", "项目全部⟦建成⟧"),
    leaves=("深入了解群众需求",),
    why="了 of 了解 is no ending.",
)


def lean(text: str) -> float | None:
    """The share of a cleaned text's telling clauses that plan, in [0, 1]; None where it is too short to say."""
    return _share(len(text), *_telling(text)) if len(text) >= ENOUGH else None


class Leanings:
    """How the beginning and the end of one text lean, at any place of it; the text is read once."""

    def __init__(self, text: str) -> None:
        self._length = len(text)
        plans, marks = _spans(_PLANS, text), _spans(_PLAN_MARKS, text)
        self._told = ((plans, 1), (marks, 2))
        self._results = _spans(_RESULTS, text)

    def before(self, place: int) -> float | None:
        """:func:`lean` of what stands before the start of a line."""
        plans = sum(weight * bisect_right(found.ends, place) for found, weight in self._told)
        return _share(place, plans, bisect_right(self._results.ends, place))

    def behind(self, place: int) -> float | None:
        """:func:`lean` of a line and all below it."""
        # The end of the line before belongs to the words that begin a clause behind it.
        plans = sum(weight * (len(f.starts) - bisect_left(f.starts, place - 1)) for f, weight in self._told)
        results = len(self._results.starts) - bisect_left(self._results.starts, place)
        return _share(self._length - place, plans, results)


@dataclass(frozen=True, slots=True)
class _Found:
    starts: list[int]
    ends: list[int]


def _spans(rule: Rule, text: str) -> _Found:
    spans = [match.span() for match in rule.finditer(text)]
    return _Found([start for start, _ in spans], [end for _, end in spans])


def _share(length: int, plans: int, results: int) -> float | None:
    return plans / (plans + results) if length >= ENOUGH and plans + results else None


def sounds_like_plans(sentence: str) -> bool:
    """Whether one sentence has more clauses that plan than clauses that tell what was done."""
    plans, results = _telling(sentence)
    return plans > results


def _telling(text: str) -> tuple[int, int]:
    return len(_PLANS.findall(text)) + 2 * len(_PLAN_MARKS.findall(text)), len(_RESULTS.findall(text))
