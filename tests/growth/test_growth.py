"""The work on a hostile input grows no faster than its length, for the inputs that once stopped the service and for new ones."""

from __future__ import annotations

import datetime as dt
from functools import partial

import pytest
from hypothesis import HealthCheck, Phase, given, settings, target
from hypothesis import strategies as st

from benchmarks.growth.inputs import KNOWN, Growing, of_rule
from benchmarks.growth.measure import Grown, grown, seconds_of
from benchmarks.growth.readers import file_of
from eval.rules import all_rules
from rag.limits import MAX_HISTORY, MAX_QUESTION
from rag.pipeline import AnswerPipeline
from rag.types import Question

DAY = dt.date(2024, 1, 1)
RATIO = 8.0
"""How many times longer four times the text may take; a square takes sixteen times as long. Below ``FLOOR`` none is told."""
FLOOR = 0.25
"""CPU seconds that anything may take: clocks and caches tell nothing there."""
SMALL = 3000
"""Characters of the shorter text."""
SLOWEST = 5.0
"""CPU seconds of the longer one on a slow machine: ten times what it takes."""
MOST_OF_A_QUESTION = 3.0
"""CPU seconds of a question on a slow machine: ten times what the worst takes."""


def is_bounded(found: Grown) -> bool:
    short, long = found.seconds[0], found.seconds[-1]
    return not found.error and long < SLOWEST and (long < FLOOR or long < RATIO * max(short, FLOOR / RATIO))


def as_file(each: Growing) -> Grown:
    return grown(each.name, lambda size: file_of(each.text(size)), (SMALL, 4 * SMALL), SLOWEST)


def assert_bounded(each: Growing) -> Grown:
    found = as_file(each)
    if not is_bounded(found):
        # What else runs on the machine may disturb one measurement.
        found = as_file(each)
    assert is_bounded(found), found
    return found


@pytest.mark.parametrize("each", KNOWN, ids=lambda each: each.name)
def test_reading_a_file_grows_with_its_length(each: Growing) -> None:
    """Four times the text takes about four times as long, from bytes to facts."""
    file_of("粮食产量增长5%。")()
    assert_bounded(each)


@pytest.mark.parametrize("each", KNOWN, ids=lambda each: each.name)
def test_a_question_is_answered_in_bounded_time(each: Growing, pipeline: AnswerPipeline) -> None:
    """1,000 characters of anything, alone and behind twenty questions of 1,000 characters."""
    text = each.text(MAX_QUESTION)
    for history in ((), (text,) * MAX_HISTORY):
        asked = Question(text if text.strip() else "?", DAY, history)
        taken, error = seconds_of(partial(pipeline.answer, asked), MOST_OF_A_QUESTION)
        assert not error
        assert taken < MOST_OF_A_QUESTION


PIECES = st.lists(st.sampled_from([each.piece for each in KNOWN]), min_size=1, max_size=3)


@settings(
    max_examples=25,
    deadline=None,
    derandomize=True,
    phases=(Phase.generate, Phase.target),
    suppress_health_check=(HealthCheck.too_slow,),
)
@given(PIECES, st.sampled_from([each.head for each in KNOWN]), st.text(alphabet="1产%、\n。", max_size=2))
def test_no_mixture_of_pieces_grows_faster(pieces: list[str], head: str, joint: str) -> None:
    """Hypothesis looks for the mixture whose time grows fastest."""
    target(assert_bounded(Growing("mixed", joint.join(pieces) + joint, head)).exponent)


def test_no_expression_is_worse_than_a_square() -> None:
    """Near its examples no rule takes long on a text of the length of a question: squares are short there, cubes are not."""
    for name, rule in all_rules().items():
        for each in (*KNOWN, *list(of_rule(rule))[:20]):
            taken, _ = seconds_of(partial(rule.found, each.text(400)), 2.0)
            assert taken < 1.0, (name, each.name)
