"""Which stage lost a question: understanding, retrieval, extraction or wording. From gold slots and the answer alone.

The first stage whose result is not what it should be is the one that lost it. Nothing inside the service is looked at,
so the same verdict comes over HTTP.
"""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum

from eval.cases import Case
from eval.metrics.answers import Verdict, cites_gold
from eval.metrics.slots import states_gold
from eval.replies import Passage, Reply
from eval.results import Diagnosis
from index.types import Period, Status


class Stage(StrEnum):
    """Where the right answer was last seen: each comes after all before it did their work."""

    UNDERSTANDING = "understanding"
    RETRIEVAL = "retrieval"
    EXTRACTION = "extraction"
    WORDING = "wording"


def diagnose(
    case: Case, reply: Reply, passages: tuple[Passage, ...], ranks: tuple[int | None, ...], verdict: Verdict
) -> Diagnosis | None:
    """The stage of a failure; None for a right answer."""
    if verdict.right:
        return None
    misread = _misread(case, reply)
    if misread is not None:
        return Diagnosis(Stage.UNDERSTANDING, *misread)
    if not case.answerable:
        return Diagnosis(Stage.EXTRACTION, "a refusal: the reports do not hold it", _given(reply))
    if _held(case, reply):
        return Diagnosis(Stage.WORDING, _wanted(case), f"{verdict.why}: {reply.answer}")
    # Without a gold quote, or behind earlier questions, nothing was searched for: retrieval cannot be blamed.
    if not ranks or any(rank is not None for rank in ranks) or _among_candidates(case, reply):
        return Diagnosis(Stage.EXTRACTION, _wanted(case), _given(reply))
    best = (
        f"{passages[0].document} [{passages[0].start}:{passages[0].end}] {passages[0].text[:80]}"
        if passages
        else "nothing"
    )
    return Diagnosis(Stage.RETRIEVAL, _wanted(case), f"first passage: {best}")


def _misread(case: Case, reply: Reply) -> tuple[str, str] | None:
    """(expected, got) where a slot of the question was read as something that the gold answer is not of."""
    understood = reply.understood
    asked = [_period(text) for text in understood.periods]
    if case.periods and asked and not any(p is not None and p.overlaps(g) for p in asked for g in case.periods):
        return f"period {'; '.join(map(str, case.periods))}", f"period {'; '.join(understood.periods)}"
    if case.regions and understood.regions and not case.regions & set(understood.regions):
        return f"region {', '.join(sorted(case.regions))}", f"region {', '.join(understood.regions)}"
    if case.answerable and case.numbers and (understood.status == Status.TARGET) != (case.wants is Status.TARGET):
        return f"status {case.wants.value}", f"status {understood.status}"
    if case.answerable and reply.abstained and reply.reason in ("out_of_scope", "ambiguous"):
        return (
            _wanted(case),
            f"refused as {reply.reason}; understood: {understood.kind} of {', '.join(understood.indicators) or 'nothing known'}",
        )
    return None


def _held(case: Case, reply: Reply) -> bool:
    """Whether the answer has what it should say, in its figures or its quotations, and only says it wrongly."""
    if reply.abstained:
        return False
    if case.numbers:
        return all(
            any(states_gold(_only(case, number), value) for value in reply.values)
            for number in range(len(case.numbers))
        )
    return cites_gold(case, [(c.document, c.quote) for c in reply.citations])


def _among_candidates(case: Case, reply: Reply) -> bool:
    """Whether a gold number was read into the index and considered (the explain view's facts), in a gold slot."""
    periods = {str(p) for p in case.periods}
    return any(
        states_gold(case, fact)
        and (not periods or fact.period in periods)
        and (not case.regions or fact.region in case.regions)
        for fact in reply.trace.facts
    )


def _only(case: Case, number: int) -> Case:
    return replace(case, numbers=(case.numbers[number],))


def _period(text: str) -> Period | None:
    try:
        return Period.parse(text)
    except ValueError:
        return None


def _wanted(case: Case) -> str:
    quotes = "; ".join(f"“{quote.quote}” ({quote.document})" for quote in case.evidence)
    return f"{gold_text(case)}{' from ' + quotes if quotes else ''}"


def _given(reply: Reply) -> str:
    if reply.abstained:
        near = f"; nearest: {reply.nearest[0].text}" if reply.nearest else ""
        return f"refused ({reply.reason}){near}"
    told = "; ".join(
        f"{v.region or '-'} {v.period or '-'} {v.indicator} {v.value}{v.unit} ({v.status})" for v in reply.values
    )
    return told or reply.answer


def gold_text(case: Case) -> str:
    """What a right answer states, on one line."""
    if not case.answerable:
        return "(refusal)"
    stated = [f"{number.value}{number.unit}" for number in case.numbers] + list(case.all_of)
    return "; ".join(stated) or " / ".join(case.answers)
