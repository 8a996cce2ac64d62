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


@pytest.mark.parametrize(
    "share",
    ["完成预算的41.7%", "为年初预算的98%", "完成调整预算数的101.2%", "完成全年任务的96%", "占年度计划的97%"],
)
def test_what_a_plan_was_fulfilled_by_changes_no_subject(share: str) -> None:
    """政府性基金收入31872万元，完成预算的41.7%，下降28.6%: it is the income that fell, and no budget."""
    told = read(f"政府性基金收入31872万元，{share}，下降28.6%。")
    assert [name for name, _ in told][::2] == ["政府性基金收入"] * 2
    assert told[-1][1] == "-28.6%"


@pytest.mark.parametrize(
    ("share", "name"),
    [
        ("完成预算的41.7%", "契税完成预算"),
        ("为调整预算数的101.2%", "契税完成调整预算"),
        ("完成了年度计划的96%", "契税完成年度计划"),
        ("超额完成任务的12%", None),
        ("超年度目标13.9%", None),
    ],
)
def test_how_much_of_an_aim_was_done_has_a_name_of_its_own(share: str, name: str | None) -> None:
    """As in tables: 契税完成预算94% is no 契税, and what was done is no aim; what went beyond it is no share of it."""
    facts = raw_facts(f"契税3120万元，{share}。")
    assert [f.status.value for f in facts] == ["actual", "actual"]
    assert (facts[1].indicator == name) is (name is not None)
    assert facts[1].canonical != "契税"


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


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "产业投资比重提升至55.7%、提高4.7个百分点，民间投资占比34%、提高1.3个百分点。",
            ["产业投资占比 share 55.7%", "产业投资占比 change 4.7个百分点", "民间投资占比 share 34%", "民间投资占比 change 1.3个百分点"],
        ),
        ("化工、有色行业增加值增速均超过30%。", ["化工、有色行业增加值 growth 30%"]),
        ("日均新设企业由5千户增加到1万6千户。", ["日均新设企业 level 1.6万户"]),
        ("劳动年龄人口平均受教育年限提高到10.5年。", ["劳动年龄人口平均受教育年限 level 10.5年"]),
        ("各类市场主体达到9800万户，五年增加70%以上。", ["各类市场主体 level 9800万户", "各类市场主体 growth 70%"]),
        ("利润翻三番。", ["利润 growth 3番"]),
        ("有机质增长6.1%、达到27克/千克。", ["有机质 growth 6.1%", "有机质 level 27克/千克"]),
        ("汽车产销量分别增长22.9%和17.4%。", ["汽车产量 growth 22.9%", "汽车销量 growth 17.4%"]),
        ("省属企业营业收入、利润分别增长6%、60.7%。", ["省属企业营业收入 growth 6%", "省属企业利润 growth 60.7%"]),
        ("接待游客3亿人次、总花费超过4500亿元。", ["接待游客 level 3亿人次", "接待游客总花费 level 4500亿元"]),
        ("国有企业效益明显好转，去年利润增长23.5%。", ["国有企业利润 growth 23.5%"]),
        ("社会商品零售总额扣除价格因素增长7.8%。", ["社会商品零售总额 growth 7.8%"]),
        (
            "甲山、乙山、丙山3个镇分别实现税收1.1亿元、1.2亿元和1.3亿元。",
            ["甲山税收 level 1.1亿元", "乙山税收 level 1.2亿元", "丙山税收 level 1.3亿元"],
        ),
        (
            "东湖新区、北山2个办事处和园区分别实现税收9.8亿元和8.6亿元。",
            ["东湖新区税收 level 9.8亿元", "北山税收 level 8.6亿元"],
        ),
        ("赤字率按2.6%安排，比去年预算低0.4个百分点。", ["赤字率 level 2.6%", "赤字率 change -0.4个百分点"]),
        ("雪豹国家公园成为全国首批5个国家公园之一。", ["国家公园 level 5个"]),
    ],
)  # fmt: skip
def test_changes_of_shares_and_counts_of_lists(sentence: str, facts: list[str]) -> None:
    """A change in points is of the share before it; how many names a list has is a figure of none of them."""
    assert [f"{f.indicator} {f.measure.value} {f.value}{f.figure.unit}" for f in raw_facts(sentence)] == facts


def test_the_day_of_a_meeting_is_no_time_of_a_figure() -> None:
    """落实去年9月26日…会议部署 names the meeting; what was done since a foundation is of all the years since."""
    text = make_report(
        "一、2023年工作回顾\n落实去年9月26日中央政治局会议部署，争取资金3903亿元。\n基金会成立16年来累计募集善款31.7亿元。"
    )
    assert [str(f.period) for f in facts_of(text)] == ["2023", "2008/2023"]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "认定创新中心、外资实验室分别从71家、48家增加到106家、63家。",
            ["认定创新中心 level 106家", "外资实验室 level 63家"],
        ),
        (
            "城乡居民人均可支配收入从2021年的46500元和16900元分别提高到58700元和23100元。",
            [
                "城镇居民人均可支配收入 level 46500元",
                "农村居民人均可支配收入 level 16900元",
                "城镇居民人均可支配收入 level 58700元",
                "农村居民人均可支配收入 level 23100元",
            ],
        ),
        ("重大项目落地投产，实际使用内外资分别增长10%、6.4%。", ["实际使用内资 growth 10%", "实际使用外资 growth 6.4%"]),
        (
            "市财政用于科技、教育和文化事业的支出分别为7.4亿元、5.3亿元和1.2亿元。",
            ["市财政用于科技事业的支出 level 7.4亿元", "市财政用于教育事业的支出 level 5.3亿元", "市财政用于文化事业的支出 level 1.2亿元"],
        ),
        (
            "汽车保有量由255万辆增至323万辆，其中新能源汽车由4万辆增至36万辆。",
            ["汽车保有量 level 323万辆", "新能源汽车保有量 level 36万辆"],
        ),
        ("经营主体总量达146.4万户，新登记14万户、其中企业5.3万家。", ["经营主体 level 146.4万户", "新登记 level 14万户", "新登记企业 level 5.3万家"]),
        ("养老保险制度不断完善，2023年参保人数突破20万人，比2020年增加5.4万人。", ["养老保险参保人数 level 20万人", "养老保险参保人数 change 5.4万人"]),
        ("粮食的年平均产量由三十五万吨增加到三十七万吨，棉花由二万吨增加到四万吨。", ["粮食的年平均产量 level 370000吨", "棉花 level 40000吨"]),
        (
            "面对经济下行压力，实现三季度增长4.6%、四季度增长5.6%，全年增长4.8%、总量达5300亿元。",
            ["经济增长 growth 4.6%", "经济增长 growth 5.6%", "经济增长 growth 4.8%", "经济增长 level 5300亿元"],
        ),
        ("城乡低保标准分别提高到每人每月680元和每人每年5520元。", ["城镇低保标准 level 680元", "农村低保标准 level 5520元"]),
        ("基本建设投资缩减为十一亿元，它虽然比2022年减少百分之二十。", ["基本建设投资 level 1100000000元", "基本建设投资 growth -20%"]),
    ],
)  # fmt: skip
def test_what_is_not_named_again_is_what_was_spoken_of(sentence: str, facts: list[str]) -> None:
    """A second list from-to, the parts of 内外资 and of a list of spending, a part of a whole, and a subject that stays unsaid."""
    assert [f"{f.indicator} {f.measure.value} {f.value}{f.figure.unit}" for f in raw_facts(sentence)] == facts


@pytest.mark.parametrize(
    ("sentence", "status"),
    [
        ("国内生产总值比上年增长7.8%，虽然略低于8%的预定目标。", ["actual", "target"]),
        ("2022年政府工作报告提出，物价涨幅要从4.8%降到3%左右，经过努力，实际回落到2.1%，明显低于预定的调控目标。", ["target", "actual"]),
        ("广义货币M2预期增长目标拟定为13%左右。", ["target"]),
    ],
)  # fmt: skip
def test_an_aim_beside_what_came_of_it(sentence: str, status: list[str]) -> None:
    """低于8%的预定目标 states the aim; 实际回落到2.1% what came."""
    assert statuses(sentence) == status


def test_a_total_is_of_what_the_sentence_before_it_names() -> None:
    """经营主体稳中培优。总量达… counts 经营主体."""
    facts = facts_of(make_report("一、2023年工作回顾\n经营主体稳中培优。总量达146.4万户。"))
    assert [(f.indicator, f"{f.value}{f.unit}") for f in facts] == [("经营主体", "146.4万户")]
