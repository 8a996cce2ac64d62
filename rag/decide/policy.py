"""Where a line is drawn between answer and refusal: the thresholds of this room, each with what it is.

Those of figures are cuts of a fitted probability; the others were set by hand on the question sets, and ``wenju rules``
counts what hangs on the mechanisms that use them.
"""

from __future__ import annotations

from decimal import Decimal

# Figures, by the probability that ``rag/decide/judge.py`` gives them.

ANSWER = 0.25
"""Least probability of a figure that answers: over places left out 3 % of the answers are wrong at 0.2 and
2.4 % at 0.3 (``decision.json``)."""

CONTRADICTS = 0.8
"""Least probability of a figure that a why-question is refused for, because it says the opposite."""

NEAR = 0.15
"""Least probability, with nothing but silence beside it, of a figure that is shown as nearest evidence."""

TIE = 0.02
"""Probabilities closer than this are told apart by status, period and place in the text."""

LEAST_SAID = 0.2
"""The least of words or likeness that a figure has of what is asked: hardly a right answer to a judged question has less."""

AS_MUCH = 0.7
"""Of a part and the whole before it, share of the part's probability from which on the whole is meant where no part is named."""

OWN = 0.5
"""Of equally likely ones, least probability of its own of one that is told, as a share of the likeliest's."""

PLACE_TOO = 0.7
"""Where no place is asked: share of the best figure's probability from which on another place's is meant as well."""

# Lists.

LIST_SAID = 0.6
"""Least share of the asked words, weighted by rarity, that a list's sentence must hold."""

MOST_OF_LIST = 0.8
"""The most that the largest of a list is supported."""

# Sentences.

PASSAGE_ACCEPT = 0.46
"""Least score of a sentence that answers a question about something that is no figure."""

PASSAGE_LEAST = 0.3
"""Least score of a sentence that answers below :data:`PASSAGE_ACCEPT` because it leaves all others behind."""

PASSAGE_GAP = 0.09
"""Its least lead over the next sentence."""

FOREIGN_ACCEPT = 0.6
"""Least score of a sentence of a report in English that answers for a figure: most of the asked words, or their meaning."""

FOREIGN_GAP = 0.1
"""Its least lead over the next sentence."""

SAYS_WHAT_IT_IS = 0.8
"""Support of a sentence that says what a term means, by its form alone."""

# Whether a question is one for reports at all.

HOPEFUL = 0.2
"""Least share of its words that reports hold, where place and time are named but no number is asked for."""

FAMILIAR = 0.5
"""Least share where neither is, besides a sentence of :data:`PASSAGE_LEAST`."""

# Targets.

JUST_SHORT = Decimal("0.1")
"""Share of a target that is only about so much (6%左右) by which a result may lie below it and be called just short."""

# How sure an answer is that no score stands for.

CALCULATED = 0.9
"""Support of a calculated figure: both operands answered questions of their own."""

BYLINE = 0.95
"""Support of who gave a report, which stands in its byline."""
