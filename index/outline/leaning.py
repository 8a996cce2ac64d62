"""Whether running text tells plans or results, judged by its clauses where no heading says."""

from __future__ import annotations

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
    if len(text) < ENOUGH:
        return None
    plans, results = _telling(text)
    return plans / (plans + results) if plans + results else None


def sounds_like_plans(sentence: str) -> bool:
    """Whether one sentence has more clauses that plan than clauses that tell what was done."""
    plans, results = _telling(sentence)
    return plans > results


def _telling(text: str) -> tuple[int, int]:
    return len(_PLANS.findall(text)) + 2 * len(_PLAN_MARKS.findall(text)), len(_RESULTS.findall(text))
