"""Is a figure the one of the asked period, place, scope and status? Faults that a reader may not notice. Pure functions.

Judged from the ``values`` that an answer states about itself: which period, place and status each of its figures has.
An answer that is right in its numbers can be wrong in a slot (the figure of 2019 told as that of 2020 by chance alike),
so where some value states a gold number only such values are looked at; otherwise all of them are.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from eval.cases import Case
from eval.replies import Figure, ReadFact, Reply
from index.types import Period, Status
from index.words.naming import normalised


class Fault(StrEnum):
    """What is wrong with the figure that was given."""

    PERIOD = "wrong_period"
    REGION = "wrong_region"
    SCOPE = "wrong_scope"
    TARGET_AS_ACTUAL = "target_as_actual"
    ACTUAL_AS_TARGET = "actual_as_target"


def faults(case: Case, reply: Reply, *, right: bool) -> tuple[Fault, ...]:
    """The faults of an answer; none for a refusal, or where neither the answer nor the set names slots."""
    if reply.abstained:
        return ()
    deciding = [v for v in reply.values if states_gold(case, v)] or list(reply.values)
    found = []
    if _off_period(case.periods, [v.period for v in deciding]):
        found.append(Fault.PERIOD)
    if case.regions and any(v.region is not None and v.region not in case.regions for v in deciding):
        found.append(Fault.REGION)
    if deciding and case.wants is Status.ACTUAL and all(v.status == Status.TARGET for v in deciding):
        found.append(Fault.TARGET_AS_ACTUAL)
    if deciding and case.wants is Status.TARGET and all(v.status != Status.TARGET for v in deciding):
        found.append(Fault.ACTUAL_AS_TARGET)
    if not found and not right and case.numbers and deciding:
        # Right place, time and status, and still another figure: another thing of a like name.
        found.append(Fault.SCOPE)
    return tuple(found)


def applies(fault: Fault, case: Case) -> bool:
    """Whether a question can show a fault: the set must say what would be right."""
    match fault:
        case Fault.PERIOD:
            return bool(case.periods)
        case Fault.REGION:
            return bool(case.regions)
        case Fault.SCOPE:
            return bool(case.numbers)
        case Fault.TARGET_AS_ACTUAL:
            return case.wants is Status.ACTUAL
        case Fault.ACTUAL_AS_TARGET:
            return case.wants is Status.TARGET


def states_gold(case: Case, value: Figure | ReadFact) -> bool:
    """Whether a value is one of the gold numbers, in size and unit."""
    try:
        stated, dimension = normalised(Decimal(value.value), value.unit)
    except InvalidOperation:
        return False
    for gold in case.numbers:
        wanted, unit = normalised(gold.value, gold.unit)
        slack = abs(normalised(case.tolerance, gold.unit)[0])
        if dimension == unit and abs(abs(stated) - abs(wanted)) <= slack:
            return True
    return False


def _off_period(gold: Sequence[Period], stated: Sequence[str | None]) -> bool:
    """Whether some stated period is none of the gold ones, nor a year inside a gold span of years."""
    if not gold:
        return False
    for text in stated:
        if text is None:
            continue
        try:
            period = Period.parse(text)
        except ValueError:
            return True
        if not any(period == g or (g.length > 12 and period.within(g)) for g in gold):
            return True
    return False
