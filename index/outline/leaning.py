"""Whether running text tells plans or results, judged by its clauses where no heading says."""

from __future__ import annotations

from functools import cache

from index.rules import Rule
from index.words.lexicon import load_wording

LEANS_TO_PLANS = 0.74
"""Least lean of a section of plans. Of the sections of 111 reports whose heading announces results none leans above 0.67;
sections whose heading announces plans lean 0.81 to 1.0 between their quartiles."""

ENOUGH = 300
"""Characters below which a text is too short to lean."""


@cache
def _patterns() -> tuple[Rule, Rule, Rule]:
    words = load_wording()
    adverbs, verbs = (words.pattern(name).pattern for name in ("plan_adverbs", "plan_verbs"))
    opening = Rule("outline.leaning.patterns_1", rf"(?:^|[,;。:、\n])(?:{adverbs})*(?:{verbs})(?!了)")
    done = Rule(
        "outline.leaning.patterns_2",
        rf"(?:{words.pattern('done_marks').pattern})(?!好)|实现(?!了?[高更])|达\d|(?:增长|下降|新增)\d|了(?!解)",
    )
    return opening, words.pattern("plan_marks"), done


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
    opening, mark, done = _patterns()
    return len(opening.findall(text)) + 2 * len(mark.findall(text)), len(done.findall(text))
