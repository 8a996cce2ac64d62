"""Calibration figures and the monotone fit, by hand."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.metrics.calibration import Bin, Step, aurc, brier, calibrated, ece, fit, reliability, risk_coverage

PAIRS = [(0.95, True), (0.95, True), (0.95, False), (0.55, True), (0.5, False)]


def test_bins_hold_mean_support_and_share_of_right_answers() -> None:
    low, high = reliability(PAIRS)
    assert isinstance(low, Bin)
    assert (low.low, low.high, low.count, low.right) == (0.5, 0.6, 2, 0.5)
    assert low.support == pytest.approx(0.525)
    assert (high.low, high.high, high.count) == (0.9, 1.0, 3)
    assert (high.support, high.right) == pytest.approx((0.95, 2 / 3))
    assert reliability([(1.0, True)])[0].low == 0.9


def test_calibration_error_by_hand() -> None:
    """(3 × |0.95 - 2/3| + 2 × |0.525 - 0.5|) / 5."""
    assert ece(PAIRS) == pytest.approx((3 * (0.95 - 2 / 3) + 2 * 0.025) / 5)
    assert ece([(1.0, True), (0.0, False)]) == 0


def test_brier_by_hand() -> None:
    assert brier([(0.8, True), (0.4, False)]) == pytest.approx((0.04 + 0.16) / 2)


def test_risk_and_coverage_by_hand() -> None:
    """Answers of equal support are kept or withheld together: no order among them flatters the curve."""
    points = risk_coverage(PAIRS)
    assert [coverage for coverage, _ in points] == pytest.approx([0.6, 0.8, 1.0])
    assert [risk for _, risk in points] == pytest.approx([1 / 3, 0.25, 0.4])
    assert aurc(PAIRS) == pytest.approx(0.6 / 3 + 0.2 * 0.25 + 0.2 * 0.4)
    assert risk_coverage([]) == ()


def test_the_fit_pools_what_is_out_of_order() -> None:
    """0.6 right above 0.7 wrong become one block of a half; each block is drawn by one answer of the overall share.

    Three of six are right, so by the rule of succession the overall share is 4/8.
    """
    pairs = [(0.9, True), (0.8, True), (0.7, False), (0.6, True), (0.5, False), (0.5, False)]
    assert fit(pairs) == (Step(0.0, 0.1667, 2), Step(0.6, 0.5, 2), Step(0.8, 0.8333, 2))
    assert [calibrated(fit(pairs), s) for s in (0.1, 0.59, 0.6, 0.79, 1.0)] == [0.1667, 0.1667, 0.5, 0.5, 0.8333]
    assert fit([]) == ()


def test_where_all_is_right_the_fit_does_not_claim_certainty() -> None:
    (step,) = fit([(0.9, True), (0.5, True)])
    assert (step.support, step.count) == (0.0, 2)
    assert step.share == pytest.approx((2 + 0.75) / 3, abs=1e-4)


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40))
def test_the_fit_never_falls(pairs: list[tuple[float, bool]]) -> None:
    """More support never means a smaller share, and every answer is counted once."""
    steps = fit(pairs)
    assert sum(s.count for s in steps) == len(pairs)
    assert all(a.support < b.support and a.share < b.share for a, b in itertools.pairwise(steps))
    assert all(0 < s.share < 1 for s in steps)
