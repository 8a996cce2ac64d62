"""The times that a question asks for, those it compares with, and the years that only name a report."""

from __future__ import annotations

import pytest

from index.types import Period
from rag.understand.slots.times import aimed_of, when_asked


@pytest.mark.parametrize(
    ("text", "times", "bases", "reports"),
    [
        ("2021年茶叶产量", ["2021"], [], ()),
        ("茶叶2021年产量上半年多少", ["2021-H1"], [], ()),
        ("今年茶叶产量", ["2022"], [], ()),
        ("今年(2019年)茶叶产量", ["2019"], [], ()),
        ("2020年茶叶比2018年多产多少", ["2020"], ["2018"], ()),
        ("2020年茶叶产量和2018年相比", ["2018", "2020"], [], ()),
        ("2018年、2019年两年间茶叶产量", ["2018/2019"], [], ()),
        ("“十三五”茶叶产量", ["2016/2020"], [], ()),
        ("2013到2017年这五年茶叶产量", ["2013/2017"], [], ()),
        ("2021年政府工作报告里茶叶产量", [], [], (2021,)),
        ("2018年和2021年的政府工作报告，哪一年定的目标更高", ["2018", "2021"], [], ()),
        ("tea output in the first half of 2021", ["2021-H1"], [], ()),
        ("tea output from 2016 to 2019", ["2016/2019"], [], ()),
        ("tea output in q3 2021", ["2021-Q3"], [], ()),
        ("tea output at the end of the 13th five-year plan", ["2020"], [], ()),
        ("tea output last year", ["2021"], [], ()),
        ("growth of tea output in 2021 over the previous year", ["2021"], [], ()),
    ],
)
def test_times_are_read(text: str, times: list[str], bases: list[str], reports: tuple[int, ...]) -> None:
    when = when_asked(text, 2022, None)
    read = (sorted({str(t.period) for t in when.times}), [str(t.period) for t in when.bases], when.report_years)
    assert read == (times, bases, reports)


def test_of_two_years_the_one_with_a_target_is_aimed_at() -> None:
    text = "2021年完成多少,2022年目标多少"
    assert aimed_of(text, when_asked(text, 2022, None).times) == (Period.year(2022),)
