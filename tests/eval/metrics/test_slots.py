"""Wrong period, place, scope and status, each on an answer made for it."""

from __future__ import annotations

from typing import Any

import pytest

from eval.cases import GoldQuote
from eval.metrics.slots import Fault, applies, faults
from index.types import Period
from tests.eval.builders import make_case, make_figure, make_reply

CASE: dict[str, Any] = {
    "question": "2020年嘉定区固定资产投资增长多少",
    "periods": (Period.year(2020),),
    "evidence": (GoldQuote("f.txt", "同比增长18.3%", "嘉定区"),),
}
RIGHT = make_figure("18.3")


@pytest.mark.parametrize(
    ("value", "right", "found"),
    [
        (RIGHT, True, ()),
        (make_figure("30.5", period="2019"), False, (Fault.PERIOD,)),
        (make_figure("7.1", period="2020-H1"), False, (Fault.PERIOD,)),
        (make_figure("18.3", period="2019"), True, (Fault.PERIOD,)),
        (make_figure("5.0", period="sometime"), False, (Fault.PERIOD,)),
        (make_figure("1.5", region="闵行区"), False, (Fault.REGION,)),
        (make_figure("1.5", region="闵行区", period="2019"), False, (Fault.PERIOD, Fault.REGION)),
        (make_figure("8", status="target"), False, (Fault.TARGET_AS_ACTUAL,)),
        (make_figure("21.2", indicator="工业投资"), False, (Fault.SCOPE,)),
        (make_figure("21.2", period=None, region=None), False, (Fault.SCOPE,)),
    ],
)
def test_a_figure_of_another_slot(value: Any, right: bool, found: tuple[Fault, ...]) -> None:
    case = make_case(("18.3", "%"), **CASE)
    assert faults(case, make_reply("…", value), right=right) == found


def test_further_figures_beside_the_right_one_are_no_fault() -> None:
    """The target told beside the result, or last year's figure for comparison."""
    case = make_case(("18.3", "%"), **CASE)
    beside = (
        make_figure("10", status="target"),
        make_figure("30.5", period="2019"),
        make_figure("1.5", region="闵行区"),
    )
    assert faults(case, make_reply("…", RIGHT, *beside), right=True) == ()


def test_a_refusal_has_no_fault() -> None:
    case = make_case(("18.3", "%"), **CASE)
    assert faults(case, make_reply("…", make_figure("30.5", period="2019"), abstained=True), right=False) == ()


def test_a_result_told_for_a_target() -> None:
    case = make_case(("6.5", "%"), question="青浦区2021年增长的预期目标是多少")
    assert faults(case, make_reply("…", make_figure("3.8")), right=False) == (Fault.ACTUAL_AS_TARGET,)
    assert faults(case, make_reply("…", make_figure("6.5", status="target")), right=True) == ()
    assert applies(Fault.ACTUAL_AS_TARGET, case)
    assert not applies(Fault.TARGET_AS_ACTUAL, case)


def test_an_unanswerable_question_shows_faults_too() -> None:
    """Asked for 2022 and given 2020: wrong period, though there is no right figure."""
    case = make_case(answerable=False, question="2022年嘉定区增长多少", periods=(Period.year(2022),))
    assert faults(case, make_reply("…", RIGHT), right=False) == (Fault.PERIOD,)
    assert not applies(Fault.REGION, case)
    assert not applies(Fault.SCOPE, case)


def test_years_inside_a_gold_span_are_right() -> None:
    """A difference over 2016 to 2020 may show its operands' years; a half year inside a gold year is another figure."""
    case = make_case(("5", "%"), question="增加多少", periods=(Period.years(2016, 2020),))
    assert faults(case, make_reply("…", make_figure("5", period="2020")), right=True) == ()
    assert faults(case, make_reply("…", make_figure("5", period="2021")), right=True) == (Fault.PERIOD,)
