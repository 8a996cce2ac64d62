"""Where a line is drawn between answer and refusal: the thresholds of this room, each with what it is.

None is fitted; they were set by hand on the question sets, and ``wenju rules`` counts what hangs on the mechanisms that use them.
"""

from __future__ import annotations

from decimal import Decimal

# Figures whose words are compared.

ACCEPT = 0.6
"""Least score of a fact that answers. Below it the words of question and clause share too little to be one thing."""

LEADS = 0.5
"""Least score of a figure that answers below :data:`ACCEPT` because nothing else of its place and time comes near."""

LEADS_BY = 0.2
"""Its least lead over the next thing of the same place and time."""

NEAR = 0.5
"""Least score of a fact that is shown as nearest evidence."""

TIE = 0.04
"""Scores closer than this are told apart by status, period and place in the text, not by a few shared letters."""

BOTH_TOLD = 3 * TIE
"""How far a statement of level and growth may lie behind, where both are asked."""

# Figures whose meaning is compared: the mean cosine of indicator and clause with what is asked.

MEANS = 0.25
"""Least likeness of a figure that answers by meaning alone."""

STANDS_OUT = 0.1
"""By how much it must be more alike than the next figure of another indicator."""

STANDS_OUT_IN_UNIT = 0.07
"""The same where a unit narrows the choice."""

MEANS_KNOWN = 0.5
"""Least likeness where the vocabulary knows what is asked for: what is alike may then be something else."""

LEADS_KNOWN = 0.15
"""Least lead there."""

MEANS_FORMALLY = 0.2
"""Least likeness where everyday words are read as what reports say for them."""

STANDS_OUT_FORMALLY = 0.06
"""Least lead there."""

SAID_AT_ALL = 0.03
"""Least share of the asked words, or of what may stand for them, that a figure found by meaning must be told with."""

SAID_FORMALLY = 0.1
"""The same where everyday words are read as what reports say for them."""

MOST_BY_MEANING = 0.75
"""The most that a figure found by meaning is supported."""

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
