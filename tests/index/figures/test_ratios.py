"""Proportions: what each of three industries makes up, told as 8.0:42.7:49.3."""

from __future__ import annotations

import pytest

from index.figures.facts import read_facts
from index.figures.ratios import shares_of_industries
from index.types import Measure
from tests.builders import REVIEWED

GDP = "产业增加值占地区生产总值比重"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("三次产业结构为8.0:42.7:49.3。", [f"第一{GDP} 8.0%", f"第二{GDP} 42.7%", f"第三{GDP} 49.3%"]),
        (
            "三次产业增加值占地区生产总值比重为40.4:9.0:50.6。",
            [f"第一{GDP} 40.4%", f"第二{GDP} 9.0%", f"第三{GDP} 50.6%"],
        ),
        ("三次产业比例由9:43:48调整为8:43:49。", [f"第一{GDP} 8%", f"第二{GDP} 43%", f"第三{GDP} 49%"]),
        (
            "三次产业投资比重为0.3:73.4:26.3。",
            ["第一产业投资比重 0.3%", "第二产业投资比重 73.4%", "第三产业投资比重 26.3%"],
        ),
        (
            "全国三次产业结构为7.1:38.3:54.6。全县三次产业结构为25:35:40,",
            [f"第一{GDP} 25%", f"第二{GDP} 35%", f"第三{GDP} 40%"],
        ),
        ("上年三次产业结构为26:35:39;开发区三次产业结构为1:80:19。", []),
        ("非公有制经济三次产业结构为3.2:50.1:46.7,农业产业结构比例调整为60:25:15。", []),
        (
            "一、二、三产业比例由2022年的16.0∶37.5∶46.5调整为15.2∶38.1∶46.7。",
            [f"第一{GDP} 15.2%", f"第二{GDP} 38.1%", f"第三{GDP} 46.7%"],
        ),
        ("三次产业结构不断优化,发布于17:23:05。", []),
        ("三次产业协调发展,男女比例为104.5:100。", []),
        ("三次产业结构为8.0:42.7:19.3。", []),
    ],
)
def test_shares_are_read_where_they_make_up_a_whole(text: str, told: list[str]) -> None:
    assert [f"{name} {figure.written}" for name, figure, _ in shares_of_industries(text)] == told


def test_a_proportion_stands_beside_other_figures_of_its_sentence() -> None:
    facts = read_facts("全年地区生产总值1052.3亿元,增长4.7%,三次产业结构为8.0:42.7:49.3。", REVIEWED)
    assert sorted((f.measure, str(f.figure.value)) for f in facts) == [
        (Measure.GROWTH, "4.7"),
        (Measure.LEVEL, "1052.3"),
        (Measure.SHARE, "42.7"),
        (Measure.SHARE, "49.3"),
        (Measure.SHARE, "8.0"),
    ]
    assert {str(f.period) for f in facts} == {"2023"}


@pytest.mark.parametrize(
    ("sentence", "name"),
    [
        ("在建水利项目完成投资8.2亿元,占计划投资的104.1%。", "在建水利项目完成投资占计划投资比重"),
        ("全区招商项目到位资金31亿元,占计划资金的96.5%。", "招商项目到位资金占计划资金比重"),
    ],
)
def test_what_a_share_is_of_keeps_that_it_was_planned(sentence: str, name: str) -> None:
    assert read_facts(sentence, REVIEWED)[-1].indicator == name


@pytest.mark.parametrize("when", ["4月末", "10月末"])
def test_a_month_s_end_is_a_time_and_no_part_of_a_name(when: str) -> None:
    (fact,) = read_facts(f"{when}农户贷款余额120亿元。", REVIEWED)
    assert (fact.indicator, str(fact.period)) == ("农户贷款余额", f"2023-{int(when.removesuffix('月末')):02}")
