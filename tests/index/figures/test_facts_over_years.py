"""When a figure is of that a passage on several years tells: what was done in all of them, or how things stand at their end."""

from __future__ import annotations

import pytest

from tests.builders import facts_of, make_report

BACK = "一、过去五年工作回顾"


def told(body: str) -> list[tuple[str, str, str, str]]:
    return [(f.indicator, f"{f.value}{f.unit}", str(f.period), f.status.value) for f in facts_of(make_report(body))]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("生产总值812亿元，高速公路通车里程310公里。", [("生产总值", "812亿元", "2023", "actual"), ("高速公路通车里程", "310公里", "2023", "actual")]),
        ("高新技术企业312家、“灯塔工厂”2家。", [("高新技术企业", "312家", "2023", "actual"), ("“灯塔工厂”", "2家", "2023", "actual")]),
        ("新增学位1.4万个，改造老旧小区86个。", [("新增学位", "1.4万个", "2019/2023", "actual"), ("改造老旧小区", "86个", "2019/2023", "actual")]),
        ("累计完成造林21万亩、森林抚育30万亩。", [("造林", "21万亩", "2019/2023", "actual"), ("森林抚育", "30万亩", "2019/2023", "actual")]),
        ("民生支出1200亿元。", [("民生支出", "1200亿元", "2019/2023", "actual")]),
        ("完成固定资产投资1500亿元。", [("固定资产投资", "1500亿元", "2019/2023", "actual")]),
        ("建成铁路新线59公里，复线46公里。", [("建成铁路新线", "59公里", "2019/2023", "actual"), ("复线", "46公里", "2019/2023", "actual")]),
        ("群众安全感保持在98%以上。", [("群众安全感", "98%", "2019/2023", "actual")]),
    ],
)  # fmt: skip
def test_a_state_is_of_the_last_year_and_what_was_done_of_all(
    sentence: str, facts: list[tuple[str, str, str, str]]
) -> None:
    """高速公路通车里程310公里 in a review of five years tells how many there are; 新增学位1.4万个 what five years brought."""
    assert told(f"{BACK}\n{sentence}") == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("城镇化率从53%提高到58%。", [("城镇化率", "53%", "2018", "actual"), ("城镇化率", "58%", "2023", "actual")]),
        ("市属企业由51家整合为33家。", [("市属企业", "51家", "2018", "actual"), ("市属企业", "33家", "2023", "actual")]),
        ("工业投资占全部投资比重从18%提升到35%。", [("工业投资占全部投资比重", "18%", "2018", "actual"), ("工业投资占全部投资比重", "35%", "2023", "actual")]),
        ("从2019年到2022年，医院床位由1800张增加到2000张。", [("医院床位", "1800张", "2019", "actual"), ("医院床位", "2000张", "2022", "actual")]),
    ],
)  # fmt: skip
def test_a_change_over_the_years_sets_out_before_them(sentence: str, facts: list[tuple[str, str, str, str]]) -> None:
    """从53%提高到58% in a review of 2019 to 2023 is of 2018 and of 2023."""
    assert told(f"{BACK}\n{sentence}") == facts


def test_these_five_years_in_a_section_of_plans_are_over() -> None:
    """这五年 under a heading on the coming plan looks back; what follows 今后五年 looks ahead."""
    body = (
        "一、2023年工作回顾\n成绩来之不易。\n二、关于《青石市2024—2028年发展规划纲要（草案）》的说明\n"
        "这五年，综合实力跃升。生产总值从600亿元增加到812亿元，新增学位1.4万个。\n今后五年，力争新增学位2万个。"
    )
    assert told(body) == [
        ("生产总值", "600亿元", "2018", "actual"),
        ("生产总值", "812亿元", "2023", "actual"),
        ("新增学位", "1.4万个", "2019/2023", "actual"),
        ("新增学位", "2万个", "2024/2028", "target"),
    ]


def test_the_year_just_past_holds_for_its_passage() -> None:
    """刚刚过去的2023年 in a review of five years speaks of that year until the five years are taken up again."""
    body = f"{BACK}\n刚刚过去的2023年，全市团结奋斗。新增学位3000个。\n过去五年，我们砥砺前行。改造老旧小区86个。"
    assert [row[2] for row in told(body)] == ["2023", "2019/2023"]


def test_five_years_may_be_named_by_what_they_were() -> None:
    """这是民生持续改善的五年 opens a passage on five years in a review of one."""
    body = "一、2023年工作回顾\n新增学位3000个。\n这是民生持续改善的五年。\n改造老旧小区86个。"
    assert [row[2] for row in told(body)] == ["2023", "2019/2023"]
