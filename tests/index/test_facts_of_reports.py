"""What figures are named in the turns of phrase of government reports: effects, places in a row, lists, what narrows a thing.

All sentences are invented.
"""

from __future__ import annotations

import pytest

from tests.builders import PLANNED, facts_of, make_report, raw_facts

Row = tuple[str, str]


def read(sentence: str) -> list[Row]:
    return [(f.indicator, f"{f.value}{f.figure.unit}") for f in raw_facts(sentence)]


def statuses(sentence: str) -> list[str]:
    return [f.status.value for f in facts_of(make_report(f"一、2023年工作回顾\n{sentence}"))]


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("争取国债项目资金12.5亿元。", "actual"),
        ("力争国债项目资金达到12.5亿元。", "target"),
        ("人均预期寿命达到80.2岁。", "actual"),
        ("将38项行政职权下放到镇。", "actual"),
        ("如期完成裁减员额300人的任务。", "actual"),
        ("22项改革试点任务全部落地。", "actual"),
        ("为国家下达的1.2万人年度任务。", "target"),
    ],
)
def test_what_was_obtained_or_assigned_is_no_aim(sentence: str, status: str) -> None:
    """争取资金12.5亿元 in a review says what was got; 力争 looks ahead there too."""
    assert set(statuses(sentence)) == {status}


def test_what_was_promised_and_not_reached_is_an_aim() -> None:
    """没有实现年初确定的…目标 states what was meant."""
    sentence = "没有实现年初确定的单位产值能耗降低4%、主要污染物排放总量减少2%的目标。"
    assert statuses(sentence) == ["target", "target"]


def test_how_things_are_may_be_told_among_plans() -> None:
    """目前已有120个村… in a passage of plans is no plan."""
    assert [f.status.value for f in raw_facts("目前有120个村建立了托管点。", PLANNED)] == ["actual"]
    assert [f.status.value for f in raw_facts("要在120个村建立托管点。", PLANNED)] == ["target"]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("新能源汽车产量达到11万辆、居全国第9。", [("新能源汽车产量", "11万辆"), ("新能源汽车产量", "9位")]),
        ("备案大模型数量稳居全国首位。", [("备案大模型数量", "1位")]),
        ("地热利用规模、风电装机总量居全省第1、第2位。", [("地热利用规模", "1位"), ("风电装机总量", "2位")]),
        ("原煤产量增速连续4年居全国第一。", [("原煤产量增速", "1位")]),
        ("固定资产投资增长7.9%、增速居全国第三。", [("固定资产投资", "7.9%"), ("固定资产投资增速", "3位")]),
        ("必须把就业摆在首位，坚持安全第一。", []),
    ],
)
def test_a_place_in_a_row_is_of_what_stands_before_it(sentence: str, facts: list[Row]) -> None:
    """In words, without 位 and two at once; what is put first is no place."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("落实家电换新补贴资金3.4亿元、带动消费26亿元。", [("落实家电换新补贴资金", "3.4亿元"), ("家电换新带动消费", "26亿元")]),
        ("20亿元购车补贴拉动消费215亿元。", [("购车补贴", "20亿元"), ("购车补贴拉动消费", "215亿元")]),
        ("实施学前免费教育政策，惠及16万名儿童。", [("学前免费教育政策惠及儿童", "16万名")]),
    ],
)  # fmt: skip
def test_an_effect_is_named_by_what_brought_it_about(sentence: str, facts: list[Row]) -> None:
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("29个镇(街道)全部达到无烟标准。", [("镇(街道)全部达到无烟标准", "29个")]),
        ("5个镇和8个行政村新获评文明村镇。", [("镇新获评文明村镇", "5个"), ("行政村新获评文明村镇", "8个")]),
        ("为超2000名视力、听力等残疾儿童免费提供康复服务。", [("视力、听力等残疾儿童", "2000名")]),
        ("构建覆盖14个村的防控网。", [("构建覆盖村", "14个")]),
        ("加快大型水电站和69万千瓦火电项目建设。", [("火电项目建设", "69万千瓦")]),
        ("实际使用外资16.6亿美元、折合118亿元人民币。", [("实际使用外资", "16.6亿美元"), ("实际使用外资", "118亿元")]),
        ("省财政投入9亿元，用于乡镇卫生院建设。", [("省财政投入乡镇卫生院建设", "9亿元")]),
        ("粮食播种面积320万亩、产量128万吨。", [("粮食播种面积", "320万亩"), ("粮食产量", "128万吨")]),
        ("有效发明专利1200件，在校学生3.2万人。", [("有效发明专利", "1200件"), ("在校学生", "3.2万人")]),
        ("关停小火电机组50万千瓦，今年要关停10万千瓦。", [("关停小火电机组", "50万千瓦"), ("关停小火电机组", "10万千瓦")]),
    ],
)  # fmt: skip
def test_a_name_holds_what_a_reader_would_say(sentence: str, facts: list[Row]) -> None:
    """Noun and predicate behind a figure, what a sum was for, whose a measure is; and nothing of another thing."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("“青石标准”、“青石品牌”分别新增12项和44项，累计分别达到64项和288项。", ["“青石标准”", "“青石品牌”"] * 2),
        ("存贷款余额分别达387亿元、299亿元。", ["存款余额", "贷款余额"]),
        ("煤炭、电解铝分别淘汰落后产能11万吨和12万吨。", ["煤炭淘汰落后产能", "电解铝淘汰落后产能"]),
        ("生产安全事故起数、死亡人数分别下降15.1%、17%。", ["生产安全事故起数", "生产安全事故死亡人数"]),
        ("基础教育、职业教育信息化指数分别达到80%、82%。", ["基础教育信息化指数", "职业教育信息化指数"]),
    ],
)
def test_things_of_a_list_share_what_is_said_once(sentence: str, facts: list[str]) -> None:
    assert [name for name, _ in read(sentence)] == facts


@pytest.mark.parametrize(
    "sentence",
    [
        "青石机场成为全省第4个千万级机场。",
        "为0-6岁儿童、65岁以上老年人提供服务。",
        "推动公园24小时开放，提升15分钟生活圈功能。",
        "25兆瓦级风电轴承下线，750千伏输变电工程开工。",
        "20户以上自然村全部通硬化路。",
    ],
)
def test_ordinals_ages_hours_and_sizes_are_no_figures(sentence: str) -> None:
    assert read(sentence) == []


def test_what_is_taken_from_last_year_is_not_of_it() -> None:
    """今年拟从去年超收收入中安排5亿元 is of this year."""
    (fact,) = facts_of(make_report("一、2024年工作安排\n今年拟从去年超收收入中安排5亿元。"))
    assert str(fact.period) == "2024"


def test_pm_stands_on_one_line() -> None:
    """PM2.5 whose digits stand on a line of their own is the name of what follows."""
    (fact,) = facts_of(make_report("一、2023年工作回顾\n空气更好，PM\n2.5\n年均浓度为20微克/立方米。"))
    assert fact.indicator == "PM2.5年均浓度"
