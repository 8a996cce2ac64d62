"""Are citations verbatim, to the point, and the source of every number? Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from eval.cases import Case
from eval.metrics.answers import cites_gold, says, stated_numbers
from eval.replies import Figure, Quote, Reply
from index.words.naming import normalised


def relevant(case: Case, quote: Quote) -> bool:
    """Whether a citation is to the point: it overlaps a gold quotation, or holds a gold number or phrase.

    That a number stands in it suffices, so that a second sentence that states the same figure is no mistake. A
    question that must be refused has no relevant citation.
    """
    if not case.answerable:
        return False
    if cites_gold(case, [(quote.document, quote.quote)]):
        return True
    held = {abs(number.value) for number in stated_numbers(quote.quote)}
    if held & {abs(normalised(gold.value, gold.unit)[0]) for gold in case.numbers}:
        return True
    phrases = case.all_of or (() if case.numbers else case.answers)
    return any(says(quote.quote, phrase) for phrase in phrases)


def loose_numbers(question: str, answer: str, citations: Sequence[Quote], values: Sequence[Figure]) -> tuple[str, ...]:
    """Numbers of an answer that stand in no cited quotation: none, by promise.

    Years, dates and citation marks are no numbers here. A calculated value is allowed where it shows its operands and
    each of them is cited; a number of the question is the asker's own. Sizes are compared, not signs.
    """
    cited: set[Decimal] = set()
    for quote in citations:
        cited |= {abs(number.value) for number in stated_numbers(quote.quote)}
    allowed = cited | {abs(number.value) for number in stated_numbers(question)}
    for value in values:
        if value.derived is not None and all(_size(o.value, o.unit) in cited for o in value.derived.operands):
            allowed.add(_size(value.value, value.unit))
            if "100%" in value.derived.formula:
                # The constant of a share's formula is shown and no figure of the reports.
                allowed.add(Decimal(100))
    return tuple(f"{number.value:f}" for number in stated_numbers(answer) if abs(number.value) not in allowed)


def loose_numbers_of(reply: Reply, question: str) -> tuple[str, ...]:
    """The loose numbers of a whole answer; a refusal's numbers must stand in its nearest evidence."""
    quotes = (*reply.citations, *reply.nearest)
    return loose_numbers(question, reply.answer, quotes, reply.values)


def _size(value: str, unit: str) -> Decimal:
    try:
        return abs(normalised(Decimal(value), unit)[0])
    except InvalidOperation:
        return Decimal("NaN")
