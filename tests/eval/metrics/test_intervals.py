"""Intervals: known cases, and the same ones on every run."""

from __future__ import annotations

import pytest

from eval.metrics.intervals import Estimate, mean, of_rows


def test_a_mean_has_an_interval_around_it() -> None:
    found = mean([1.0] * 50 + [0.0] * 50)
    assert (found.value, found.n) == (0.5, 100)
    assert found.low == pytest.approx(0.4, abs=0.03)
    assert found.high == pytest.approx(0.6, abs=0.03)
    assert mean([1.0] * 50 + [0.0] * 50) == found


def test_shares_that_are_all_alike_are_not_certain() -> None:
    """8 of 8: the exact lower limit is the eighth root of 0.025."""
    found = mean([1.0] * 8)
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(0.025 ** (1 / 8))
    none = mean([0.0] * 8)
    assert (none.value, none.low) == (0.0, 0.0)
    assert none.high == pytest.approx(1 - 0.025 ** (1 / 8))


def test_numbers_that_are_no_shares_and_all_alike() -> None:
    assert mean([3.0, 3.0], shares=False) == Estimate(3.0, 2, 3.0, 3.0)
    assert mean([0.5]) == Estimate(0.5, 1, 0.5, 0.5)


def test_of_nothing_there_is_no_figure() -> None:
    assert mean([]) == Estimate(None, 0)
    assert of_rows([], lambda table: float(table.sum())) == Estimate(None, 0)


def test_rows_are_drawn_whole() -> None:
    """Both columns of a question stay together: their difference is always 1 here, however the rows are drawn."""
    found = of_rows([(2.0, 1.0), (5.0, 4.0), (9.0, 8.0)], lambda table: float((table[:, 0] - table[:, 1]).mean()))
    assert found == Estimate(1.0, 3, 1.0, 1.0)
    wide = of_rows([(0.0,), (1.0,)] * 20, lambda table: float(table.mean()))
    assert wide.low is not None
    assert wide.high is not None
    assert wide.low < 0.5 < wide.high
