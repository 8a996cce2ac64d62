"""Whether a target was met: the result beside the target of the same thing, place and time, and what lies between them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from index.types import Fact, Measure, Status
from index.words.naming import normalised
from rag.decide.derive import difference
from rag.decide.policy import JUST_SHORT
from rag.decide.verdict import Found, Missing, ResultAndTarget
from rag.types import Query, QuestionKind

Look = Callable[[Query], list[Found | Missing]]

_ABOUT = frozenset({"左右", "上下", "约", "大约"})
_AT_MOST = frozenset({"以内", "以下", "不超过", "低于", "控制在", "不高于"})


def beside_target(query: Query, look: Look) -> ResultAndTarget | None:
    """The result and the target that a question sets beside each other; None where it does not, or neither is told."""
    if not query.cues.met:
        return None
    result = _first(look(_as(query, Status.ACTUAL)))
    aim = _first(look(_as(query, Status.TARGET)))
    if not isinstance(result, Found) and not isinstance(aim, Found):
        return None
    if not isinstance(result, Found) or not isinstance(aim, Found):
        return ResultAndTarget(result, aim)
    pair = _comparable(result, aim)
    if pair is None:
        return ResultAndTarget(result, aim)
    done, meant = pair
    return ResultAndTarget(
        _with(result, done), replace(aim, facts=(meant,)), met(done, meant, query), difference(done, meant)
    )


def _as(query: Query, status: Status) -> Query:
    """The query for one side, whatever measure it is told in."""
    target = status is Status.TARGET
    return replace(
        query,
        kind=QuestionKind.TARGET if target else QuestionKind.VALUE,
        status=status,
        thing=replace(query.thing, units=() if target else query.thing.units),
        wants=replace(query.wants, level=True, growth=True if target else query.wants.growth, change=False, rise=False),
        cues=replace(query.cues, done=not target),
    )


def _first(cells: list[Found | Missing]) -> Found | Missing:
    return next((c for c in cells if isinstance(c, Found)), cells[0])


def _comparable(result: Found, aim: Found) -> tuple[Fact, Fact] | None:
    """A result and a target in one measure and dimension: a rate beside a rate, an amount beside an amount."""
    for meant in aim.facts:
        for done in result.facts:
            alike = normalised(done.value, done.unit)[1] == normalised(meant.value, meant.unit)[1]
            if alike and (done.measure is Measure.GROWTH) is (meant.measure is Measure.GROWTH):
                return done, meant
    return None


def _with(result: Found, done: Fact) -> Found:
    """The result with what is compared, and the amount that is told with it."""
    return replace(result, facts=tuple(dict.fromkeys((*result.facts[:1], done))))


def met(done: Fact, meant: Fact, query: Query) -> bool | None:
    """Whether a result meets a target; None where the target is only about so much and the result lies just short of it."""
    (result, _), (aim, _) = normalised(done.value, done.unit), normalised(meant.value, meant.unit)
    low = meant.approx in _AT_MOST or query.cues.kept_low or meant.value < 0
    reached = result <= aim if low else result >= aim
    short = abs(result - aim) <= abs(aim) * JUST_SHORT
    return None if not reached and short and meant.approx in _ABOUT else reached
