"""Figures whose words name only a part, a size or a difference, and what the clauses before tell them to be of.

All sentences are invented.
"""

from __future__ import annotations

import pytest

from tests.builders import raw_facts

Row = tuple[str, str, str]


def read(sentence: str) -> list[Row]:
    return [(f.indicator, f.measure.value, f"{f.value}{f.figure.unit}") for f in raw_facts(sentence)]


def names(sentence: str) -> list[str]:
    return [f.indicator for f in raw_facts(sentence)]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("普通小学82所，招生9120人，在校生5.4万人。", ["普通小学", "普通小学招生", "普通小学在校生"]),
        ("幼儿园210所，在园幼儿2.1万人，专任教师1800人。", ["幼儿园", "幼儿园在园幼儿", "幼儿园专任教师"]),
        ("技工学校4所；在校学生6200人；毕业生1500人。", ["技工学校", "技工学校在校学生", "技工学校毕业生"]),
        (
            "普通高校3所，招生9800人，其中硕士研究生600人，在校生3.1万人。",
            ["普通高校", "普通高校招生", "硕士研究生", "普通高校在校生"],
        ),
        ("各级各类学校412所，在校生21万人。", ["各级各类学校", "在校生"]),
    ],
)
def test_pupils_are_of_the_schools_told_before(sentence: str, expected: list[str]) -> None:
    """The pupils behind a kind of school are its own; behind all schools together they are the place's."""
    assert names(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("恩格尔系数30.1%，其中城镇28.4%，农村33.0%。", ["恩格尔系数", "城镇恩格尔系数", "农村恩格尔系数"]),
        ("失业保险金标准城镇1500元、农村900元。", ["城镇失业保险金标准", "农村失业保险金标准"]),
        ("上市企业21家，其中境内18家、境外3家。", ["上市企业", "境内上市企业", "境外上市企业"]),
        (
            "全年完成客运量820万人次，增长4%；其中铁路310万人次，公路500万人次。",
            ["客运量", "客运量", "铁路客运量", "公路客运量"],
        ),
        (
            "城镇居民人均消费支出31200元，增长4%；农村居民18900元，增长6%。",
            ["城镇居民人均消费支出"] * 2 + ["农村居民人均消费支出"] * 2,
        ),
    ],
)
def test_one_half_has_the_name_of_the_whole(sentence: str, expected: list[str]) -> None:
    """城镇 and 农村, 铁路 and 公路 told by turns are each of what is told."""
    assert names(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "林木良种补贴（86元）比上年提高5.1%。",
            [("林木良种补贴", "level", "86元"), ("林木良种补贴", "growth", "5.1%")],
        ),
        (
            "在岗职工月平均工资（6120元）增长3.9%。",
            [("在岗职工月平均工资", "level", "6120元"), ("在岗职工月平均工资", "growth", "3.9%")],
        ),
        ("科技投入强度（占财政支出比重）2.6%。", [("科技投入强度", "share", "2.6%")]),
    ],
)
def test_a_value_in_brackets_is_of_the_name_before_it(sentence: str, expected: list[Row]) -> None:
    """What stands alone in brackets behind a name is its value, and what follows goes on with the name."""
    assert read(sentence) == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "契税完成3120万元，比上年同期2980万元增收140万元。",
        "绿化率达到41%，比2022年的38.5%提高2.5个百分点。",
    ],
)
def test_the_value_compared_with_is_of_its_own_year(sentence: str) -> None:
    """比上年同期2980万元增收: the second is last year's."""
    assert [str(f.period) for f in raw_facts(sentence)] == ["2023", "2022", "2023"]


def test_what_brackets_add_is_no_subject_of_what_follows() -> None:
    """…(含摩托车…)，比上年末增加…: the rise is the whole's."""
    told = names("机动车保有量21.4万辆（含摩托车6.1万辆），比上年末增加1.3万辆。")
    assert told == ["机动车保有量", "摩托车", "机动车保有量"]


@pytest.mark.parametrize(
    ("sentence", "name"),
    [("贷款余额812亿元，比上年末增长9.1%。", "贷款余额"), ("网络用户31万户，比上年末减少0.4万户。", "网络用户")],
)
def test_the_end_of_last_year_is_no_name(sentence: str, name: str) -> None:
    """比上年末 is what growth is measured against."""
    assert names(sentence) == [name, name]


def test_accounts_keep_their_names_and_the_year_that_they_are_of() -> None:
    """上年结转 and 本年收支结余 are accounts of the told year, 收入总计 a sum of its own."""
    told = raw_facts("税收返还收入3亿元、上年结转收入2亿元，收入总计9亿元；本年收支结余1亿元，支出总计8亿元。")
    assert [f.indicator for f in told] == ["税收返还收入", "上年结转收入", "收入总计", "本年收支结余", "支出总计"]
    assert {str(f.period) for f in told} == {"2023"}


@pytest.mark.parametrize(
    ("sentence", "sign"),
    [("卫生支出12亿元，增支0.5亿元，增长4.3%。", 1), ("公务支出2亿元，减支0.3亿元，下降13%。", -1)],
)
def test_spending_more_is_no_subject(sentence: str, sign: int) -> None:
    """增支 and 减支 tell how spending changed."""
    told = raw_facts(sentence)
    assert [f.indicator for f in told] == [told[0].indicator] * 3
    assert [f.value > 0 for f in told[1:]] == [sign > 0] * 2


def test_measures_of_the_same_companies() -> None:
    """规模以上服务业企业营业收入…，利润总额…: both are theirs."""
    assert names("限额以上零售业企业销售额增长6.2%，利润总额增长3.1%。") == [
        "限额以上零售业企业销售额",
        "限额以上零售业企业利润总额",
    ]
    assert names("一般公共预算收入增长6.2%，利润总额增长3.1%。")[1] == "利润总额"


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("总投资18亿元的风电装备项目竣工投产。", ["风电装备项目总投资"]),
        ("占地320亩的冷链物流园已入驻商户45家。", ["冷链物流园占地", "冷链物流园已入驻商户"]),
        ("全长21公里的滨河快速路正式通车。", ["滨河快速路全长"]),
    ],
)
def test_the_size_of_what_stands_behind_it(sentence: str, expected: list[str]) -> None:
    """总投资18亿元的…项目: the size is the project's, and the verb behind no part of its name."""
    assert names(sentence) == expected


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("山区农民收入比平原农民少3100元。", ("山区农民收入", "change", "-3100元")),
        ("水产品产量比上年多0.8万吨。", ("水产品产量", "change", "0.8万吨")),
    ],
)
def test_more_or_less_than_another_is_a_difference(sentence: str, expected: Row) -> None:
    """比…多 and 比…少 tell a difference and no level."""
    assert read(sentence) == [expected]


def test_an_aim_of_money_and_what_was_done_of_it() -> None:
    """完成年初预算数2亿元的81%: the first is the aim, the second how much of it was done."""
    told = raw_facts("耕地占用税完成1.62亿元，完成年初预算数2亿元的81%。")
    assert [(f.indicator, f.status.value) for f in told] == [
        ("耕地占用税", "actual"),
        ("耕地占用税", "target"),
        ("耕地占用税完成年初预算", "actual"),
    ]


def test_prizes_and_qualities() -> None:
    """A lower prize is of the same award; what the counted are like stands before their name."""
    assert names("获得省科技进步奖一等奖2项、二等奖5项。")[1].endswith("科技进步奖二等奖")
    assert names("引进30家创新强、成长快的软件企业。") == ["引进软件企业"]


def test_a_part_is_measured_as_the_whole() -> None:
    """…投资57.3亿元，其中省市重点项目31.6亿元: the part is an investment too."""
    told = names("农业项目完成投资18亿元，其中水利项目6亿元。")
    assert told[1] == "水利项目投资"
