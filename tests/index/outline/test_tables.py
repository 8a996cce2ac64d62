"""Tables as plain text and as Markdown: facts by what the head and the cell say together."""

from __future__ import annotations

import pytest

from index.types import Fact
from tests.builders import facts_of, make_report

PLAIN = """指标名称            单位      2023年完成   同比增长(%)   2024年预期目标
地区生产总值        亿元      346.2        5.8           增长9%
固定资产投资        亿元      143.9        -12.6         增长10%
其中:工业固定资产投资 亿元    87.4         22.1          95亿元
房地产开发投资      亿元      31.6         8.3           —"""

MARKDOWN = """| 指标 | 2023年 | 增速（%） |
|---|---:|---:|
| 地区生产总值（亿元） | 346.2 | 5.8 |
| 常住人口（万人） | 23.6 | 0.4 |"""


def rows(table: str) -> list[tuple[str, str, str, str, str]]:
    return [
        _row(f)
        for f in facts_of(
            make_report(f"一、2023年工作回顾\n过去一年，成绩来之不易。\n{table}\n二、2024年工作安排\n继续努力。")
        )
    ]


def _row(fact: Fact) -> tuple[str, str, str, str, str]:
    return fact.indicator, fact.measure.value, f"{fact.value}{fact.unit}", str(fact.period), fact.status.value


@pytest.mark.parametrize(
    "row",
    [
        ("地区生产总值", "level", "346.2亿元", "2023", "actual"),
        ("地区生产总值", "growth", "5.8%", "2023", "actual"),
        ("地区生产总值", "growth", "9%", "2024", "target"),
        ("固定资产投资", "growth", "-12.6%", "2023", "actual"),
        ("工业固定资产投资", "level", "87.4亿元", "2023", "actual"),
        ("工业固定资产投资", "level", "95亿元", "2024", "target"),
    ],
)
def test_a_plain_table_is_read_by_its_head(row: tuple[str, str, str, str, str]) -> None:
    assert row in rows(PLAIN)


def test_a_dash_states_nothing() -> None:
    assert [r for r in rows(PLAIN) if r[0] == "房地产开发投资" and r[4] == "target"] == []


def test_a_markdown_table_takes_units_from_brackets() -> None:
    assert rows(MARKDOWN) == [
        ("地区生产总值", "level", "346.2亿元", "2023", "actual"),
        ("地区生产总值", "growth", "5.8%", "2023", "actual"),
        ("常住人口", "level", "23.6万人", "2023", "actual"),
        ("常住人口", "growth", "0.4%", "2023", "actual"),
    ]


def test_a_table_without_a_head_makes_no_facts() -> None:
    assert rows("地区生产总值   346.2   5.8\n固定资产投资   143.9   12.6\n社会消费品零售总额   74.5   2.7") == []


def test_a_cell_is_quoted_where_it_stands() -> None:
    report = make_report(f"一、2023年工作回顾\n{PLAIN}\n")
    fact = next(f for f in facts_of(report) if f.indicator == "工业固定资产投资")
    assert fact.figure.of(report) == "87.4"
