"""What a report states, figure by figure: of what, for whom, when, how much, and whether it was done.

The sentences are of an invented city that no gazetteer holds, in the wording of real reports.
"""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.store.snapshot import IndexSnapshot
from index.types import Fact, Measure
from index.words.naming import canonical_of, normalised
from tests.builders import PLANNED, facts_of, make_report, raw_facts

Row = tuple[str, str, str]


def read(sentence: str) -> list[Row]:
    """Indicator, measure and signed value with its unit, of one sentence of results."""
    return [(f.indicator, f.measure.value, f"{f.value}{f.figure.unit}") for f in raw_facts(sentence)]


def brief(facts: tuple[Fact, ...]) -> list[tuple[str, str, str, str]]:
    return [(f.indicator, f"{f.value}{f.unit}", str(f.period), f.status.value) for f in facts]


def told(sentence: str) -> list[tuple[str, str, str, str]]:
    """Indicator, value, period and status in the results of 2023."""
    return brief(facts_of(make_report(f"一、2023年工作回顾\n{sentence}")))


def planned(sentence: str) -> list[tuple[str, str, str, str]]:
    """The same in the plans for 2024."""
    return brief(facts_of(make_report(f"一、2023年工作回顾\n过去一年,成绩来之不易。\n二、2024年工作安排\n{sentence}")))


def told_in_august(sentence: str) -> list[tuple[str, str, str, str]]:
    """The same in a report of August 2023 on the first half."""
    return brief(
        facts_of(
            make_report(
                f"一、上半年工作情况\n{sentence}\n二、下半年工作安排\n下半年,继续努力。",
                title="2023年青石市上半年政府工作情况的报告",
                byline="——2023年8月2日在青石市第十七届人民代表大会常务委员会第九次会议上\n青石市市长 林远山",
            )
        )
    )


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "固定资产投资完成429.7亿元，同比增长18.3%。",
            [("固定资产投资", "level", "429.7亿元"), ("固定资产投资", "growth", "18.3%")],
        ),
        (
            "一般公共预算收入完成98.6亿元、增长5.2%，其中税收收入82.1亿元、增长6.4%。",
            [
                ("一般公共预算收入", "level", "98.6亿元"),
                ("一般公共预算收入", "growth", "5.2%"),
                ("税收收入", "level", "82.1亿元"),
                ("税收收入", "growth", "6.4%"),
            ],
        ),
        (
            "进出口总额突破1500亿元，其中出口920.4亿元，下降3.1%。",
            [("进出口总额", "level", "1500亿元"), ("出口", "level", "920.4亿元"), ("出口", "growth", "-3.1%")],
        ),
        (
            "居民人均可支配收入达到4.1万元，比上年增长6.5%。",
            [("居民人均可支配收入", "level", "4.1万元"), ("居民人均可支配收入", "growth", "6.5%")],
        ),
        (
            "空气质量优良率达91.2%，提高2.3个百分点。",
            [("空气质量优良率", "level", "91.2%"), ("空气质量优良率", "change", "2.3个百分点")],
        ),
    ],
)
def test_figures_that_follow_share_the_subject(sentence: str, facts: list[Row]) -> None:
    """A level and its growth are two figures of one thing; 其中 brings in a part of it, which then carries on."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "专利申请量、授权量分别达到3200件、2100件，分别增长12.5%、8.3%。",
            [
                ("专利申请量", "level", "3200件"),
                ("专利授权量", "level", "2100件"),
                ("专利申请量", "growth", "12.5%"),
                ("专利授权量", "growth", "8.3%"),
            ],
        ),
        (
            "规模以上工业总产值、社会消费品零售总额分别增长4.2%和7.9%。",
            [("规模以上工业总产值", "growth", "4.2%"), ("社会消费品零售总额", "growth", "7.9%")],
        ),
        (
            "新增养老床位893张、社区长者食堂6个。",
            [("新增养老床位", "level", "893张"), ("新增社区长者食堂", "level", "6个")],
        ),
        (
            "新增养老床位893张、改建公厕12座。",
            [("新增养老床位", "level", "893张"), ("改建公厕", "level", "12座")],
        ),
    ],
)
def test_a_list_gives_each_thing_its_own_figure(sentence: str, facts: list[Row]) -> None:
    """分别 pairs things and figures in order, and a verb before a list holds for every item."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("企业开办时间由5天压缩至1天。", [("企业开办时间", "level", "1天")]),
        ("绿化覆盖率提高到41.5%。", [("绿化覆盖率", "level", "41.5%")]),
        ("万元地区生产总值能耗下降到0.32吨标准煤。", [("万元地区生产总值能耗", "level", "0.32吨标准煤")]),
        (
            "森林覆盖率由18.2%提高到19.5%。",
            [("森林覆盖率", "level", "19.5%")],
        ),
    ],
)
def test_a_change_to_a_level_is_a_level(sentence: str, facts: list[Row]) -> None:
    """由…到… states where it got to; 提高到 19.5% is no growth of 19.5%."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "part", "canonical"),
    [
        ("第三产业增加值占地区生产总值的比重为62.4%。", "第三产业增加值占地区生产总值", None),
        (
            "全社会研发投入占地区生产总值比重提高到3.2%。",
            "全社会研发投入占地区生产总值",
            "研发投入强度",
        ),
    ],
)
def test_a_share_is_no_growth(sentence: str, part: str, canonical: str | None) -> None:
    """占…比重 is a share of something, never a level of the part or a growth."""
    (fact,) = raw_facts(sentence)
    assert fact.measure is Measure.SHARE
    assert fact.indicator.startswith(part)
    assert fact.canonical == canonical


@pytest.mark.parametrize(
    ("sentence", "stock", "count"),
    [
        ("高新技术企业达到312家，净增58家。", "高新技术企业", "312"),
        ("养老床位达到4500张，新增养老床位893张。", "养老床位", "4500"),
    ],
)
def test_what_was_added_is_not_what_there_is(sentence: str, stock: str, count: str) -> None:
    """新增养老床位893张 says nothing of how many beds there are."""
    assert [str(f.value) for f in raw_facts(sentence) if f.canonical == stock] == [count]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("规上工业总产值负增长2.1%。", [("规上工业总产值", "growth", "-2.1%")]),
        ("规上工业总产值同比下降2.1%。", [("规上工业总产值", "growth", "-2.1%")]),
        ("进出口总额同比增长1.74倍。", [("进出口总额", "growth", "1.74倍")]),
        ("PM2.5平均浓度下降8.6%。", [("PM2.5平均浓度", "growth", "-8.6%")]),
        ("地区生产总值增长6.1%左右。", [("地区生产总值", "growth", "6.1%")]),
        ("单位生产总值能耗累计下降18%。", [("单位生产总值能耗", "growth", "-18%")]),
        pytest.param("地区生产总值增长6-7%。", [("地区生产总值", "growth", "7%")]),
    ],
)
def test_a_growth_has_a_sign(sentence: str, facts: list[Row]) -> None:
    """A fall is negative, by whatever word; 1.74倍 is a growth too."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        (
            "固定资产投资完成298亿，增长12.3%。",
            [("固定资产投资", "level", "298亿"), ("固定资产投资", "growth", "12.3%")],
        ),
        ("固定资产投资完成百分之十八点三。", [("固定资产投资", "level", "18.3%")]),
        ("完善“3+16”规划体系，优化12345热线，G15公路改造完工，PM2.5浓度持续改善。", []),
        ("建成5G基站1200个。", [("建成5G基站", "level", "1200个")]),
        (
            "招商引资到位资金首次突破百亿元，达到103亿元。",
            [("招商引资到位资金", "level", "10000000000元"), ("招商引资到位资金", "level", "103亿元")],
        ),
        (
            "粮食总产量达到四千三百五十亿公斤，增长百分之八。",
            [("粮食总产量", "level", "435000000000公斤"), ("粮食总产量", "growth", "8%")],
        ),
        ("新建两所学校，坚持两个毫不动摇，重点抓好以下9项工作。", [("新建学校", "level", "2所")]),
        ("船舶出口占全国1/3以上。", [("船舶出口占全国比重", "share", "33.33%")]),
    ],
)
def test_what_counts_as_a_figure(sentence: str, facts: list[Row]) -> None:
    """298亿 needs no 元; names with digits are no figures."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("全年新增就业1.3万人。", [("新增就业", "1.3万人", "2023", "actual")]),
        ("截至6月底，累计发放贷款36.5亿元。", [("发放贷款", "36.5亿元", "2023-06", "actual")]),
        ("上半年，进出口总额完成300亿元，下降2.4%。", [("进出口总额", "300亿元", "2023-H1", "actual"), ("进出口总额", "-2.4%", "2023-H1", "actual")]),
        ("去年一季度，规上工业总产值下降3.5%。", [("规上工业总产值", "-3.5%", "2023-Q1", "actual")]),
        ("“十三五”期间，地区生产总值年均增长7.1%。", [("地区生产总值", "7.1%", "2016/2020", "actual")]),
        ("二〇二二年，粮食产量达到52万吨。", [("粮食产量", "52万吨", "2022", "actual")]),
        ("2022年完成投资80亿元，2023年完成95亿元。", [("投资", "80亿元", "2022", "actual"), ("投资", "95亿元", "2023", "actual")]),
        ("力争到2025年，地区生产总值突破1000亿元。", [("地区生产总值", "1000亿元", "2025", "target")]),
        ("今年计划完成投资50亿元。", [("投资", "50亿元", "2024", "target")]),
        ("预计地区生产总值增长6%左右。", [("地区生产总值", "6%", "2023", "estimate")]),
        ("地区生产总值预计完成500亿元。", [("地区生产总值", "500亿元", "2023", "estimate")]),
        ("一般公共预算收入比2022年增长5.2%。", [("一般公共预算收入", "5.2%", "2023", "actual")]),
    ],
)  # fmt: skip
def test_results_are_bound_to_their_time(sentence: str, facts: list[tuple[str, str, str, str]]) -> None:
    """The sentence's own time before the section's; a year only compared with is not it; 预计 is an estimate."""
    assert told(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("地区生产总值增长6%左右。", [("地区生产总值", "6%", "2024", "target")]),
        ("全年实施重大工程85项。", [("实施重大工程", "85项", "2024", "target")]),
        ("城镇调查失业率控制在5%以内。", [("城镇调查失业率", "5%", "2024", "target")]),
        ("到2025年，高新技术企业达到500家。", [("高新技术企业", "500家", "2025", "target")]),
        ("去年固定资产投资完成300亿元。", [("固定资产投资", "300亿元", "2023", "actual")]),
        (
            "去年，全市固定资产投资完成300亿元，为今年打下基础。",
            [("固定资产投资", "300亿元", "2023", "actual")],
        ),
        pytest.param("固定资产投资力争增长8%以上。", [("固定资产投资", "8%", "2024", "target")]),
    ],
)
def test_plans_are_targets(sentence: str, facts: list[tuple[str, str, str, str]]) -> None:
    """Under a heading of plans a figure is meant, unless its year is over."""
    assert planned(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("上半年，固定资产投资完成120.5亿元。", [("固定资产投资", "120.5亿元", "2023-H1", "actual")]),
        ("今年以来，新增企业2300户。", [("新增企业", "2300户", "2023-H1", "actual")]),
        ("一季度地区生产总值增长3.1%。", [("地区生产总值", "3.1%", "2023-Q1", "actual")]),
        ("截至6月底，累计发放贷款36.5亿元。", [("发放贷款", "36.5亿元", "2023-06", "actual")]),
        ("城镇登记失业率为3.2%。", [("城镇登记失业率", "3.2%", "2023-H1", "actual")]),
    ],
)
def test_a_half_year_report_tells_the_half(sentence: str, facts: list[tuple[str, str, str, str]]) -> None:
    """What it reports is of the first half and never of the whole year."""
    assert told_in_august(sentence) == facts


def test_the_whole_year_is_no_result_in_august() -> None:
    """预计全年… in a mid-year report looks ahead."""
    ((_, value, period, status),) = told_in_august("预计全年地区生产总值增长5%。")
    assert (value, period) == ("5%", "2023")
    assert status != "actual"


def test_a_target_named_behind_the_figure_is_a_target() -> None:
    """完成 8% 的年度目标 does not say that 8% was reached."""
    assert [f.status for f in raw_facts("固定资产投资增长8%的目标。", PLANNED)] == ["target"]


def of_place(sentence: str, place: str) -> str | None:
    """Whose the only figure of a sentence is, in the report of a place."""
    text = make_report(
        f"一、2023年工作回顾\n{sentence}",
        title=f"2024年{place}政府工作报告",
        byline=f"——2024年1月16日在{place}第十八届人民代表大会第三次会议上\n{place}市长 林远山",
        government=f"{place}人民政府",
    )
    (fact,) = facts_of(text)
    return fact.region


@pytest.mark.parametrize(
    ("place", "sentence", "region"),
    [
        ("苏州市", "全市地区生产总值增长6.1%。", "苏州市"),
        ("苏州市", "我市地区生产总值增长6.1%。", "苏州市"),
        ("苏州市", "地区生产总值增长6.1%。", "苏州市"),
        ("苏州市", "全省地区生产总值增长6.1%。", "江苏省"),
        ("苏州市", "全国地区生产总值增长6.1%。", "全国"),
        ("苏州市", "周庄镇财政收入增长6.1%。", "周庄镇"),
        ("苏州市", "昆山市地区生产总值增长6.1%。", "昆山市"),
        ("嘉定区", "全市地区生产总值增长6.1%。", "上海市"),
        ("嘉定区", "全区地区生产总值增长6.1%。", "嘉定区"),
        ("昆山市", "全市地区生产总值增长6.1%。", "昆山市"),
        ("昆山市", "我市地区生产总值增长6.1%。", "昆山市"),
        ("昆山市", "全省地区生产总值增长6.1%。", "江苏省"),
    ],
)
def test_a_figure_belongs_to_the_place_that_its_words_name(place: str, sentence: str, region: str) -> None:
    """全省 in a city's report is the province, and a town's figure is the town's."""
    assert of_place(sentence, place) == region


def test_the_province_of_an_unknown_city_is_not_the_city() -> None:
    """Where the place above is unknown, its figure is nobody's rather than the speaker's."""
    (fact,) = facts_of(make_report("一、2023年工作回顾\n全省地区生产总值增长5.2%。"))
    assert fact.region != "青石市"


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("地区生产总值", "地区生产总值"),
        ("全区地区生产总值", "地区生产总值"),
        ("规上工业总产值", "规模以上工业总产值"),
        ("固定资产投资总量", "固定资产投资"),
        ("工业固定资产投资额", None),
        ("某种从未听说的东西", None),
    ],
)
def test_an_indicator_has_a_name_in_the_lexicon_or_none(words: str, name: str | None) -> None:
    """Words of scope do not narrow an indicator; any other word does."""
    found = canonical_of(words)
    assert found == name or (name is None and found not in ("固定资产投资", "地区生产总值"))


@pytest.mark.parametrize(
    ("value", "unit", "base", "dimension"),
    [
        ("429.7", "亿元", "42970000000", "money_cny"),
        ("4.1", "万元", "41000", "money_cny"),
        ("18.3", "%", "18.3", "percent"),
        ("12", "万平方米", "120000", "area"),
        ("5", "不存在的单位", "5", "不存在的单位"),
    ],
)
def test_a_value_in_its_base_unit(value: str, unit: str, base: str, dimension: str) -> None:
    """429.7亿元 is 42,970,000,000 yuan; an unknown unit stays what it is."""
    assert normalised(Decimal(value), unit) == (Decimal(base), dimension)


def stated(snapshot: IndexSnapshot, region: str, period: str, canonical: str) -> set[tuple[str, str, str]]:
    return {
        (f.measure.value, f"{f.value}{f.unit}", f.status.value)
        for f in snapshot.facts
        if (f.region, str(f.period), f.canonical) == (region, period, canonical) and f.measure is not Measure.CHANGE
    }


@pytest.mark.parametrize(
    ("region", "period", "indicator", "facts"),
    [
        ("嘉定区", "2020", "固定资产投资", {("level", "429.7亿元", "actual"), ("growth", "18.3%", "actual"), ("level", "420亿元", "target"), ("growth", "15%", "target")}),
        ("嘉定区", "2019", "固定资产投资", {("level", "363.3亿元", "actual")}),
        ("嘉定区", "2020-H1", "固定资产投资", {("level", "199.3亿元", "actual"), ("growth", "30.5%", "actual")}),
        ("嘉定区", "2025-H1", "固定资产投资", {("level", "403.3亿元", "actual"), ("growth", "24.7%", "actual")}),
        ("嘉定区", "2016/2020", "固定资产投资", {("level", "2009.3亿元", "actual")}),
        ("闵行区", "2020", "固定资产投资", {("level", "731亿元", "actual"), ("growth", "9.2%", "actual")}),
        ("普陀区", "2020", "固定资产投资", {("growth", "16.9%", "actual")}),
        ("松江区", "2020", "固定资产投资", set()),
        ("松江区", "2020", "工业固定资产投资", {("level", "201亿元", "actual"), ("growth", "22.2%", "actual")}),
        ("杨浦区", "2011", "固定资产投资", {("level", "159亿元", "actual")}),
        ("青浦区", "2021", "固定资产投资", {("level", "500亿元", "target")}),
        ("徐汇区", "2020", "固定资产投资", {("level", "320亿元", "estimate"), ("growth", "34%", "estimate")}),
        ("虹口区", "2020", "固定资产投资", {("level", "235亿元", "estimate"), ("growth", "33.4%", "estimate")}),
    ],
)  # fmt: skip
def test_what_the_real_reports_state_of_investment(
    snapshot: IndexSnapshot, region: str, period: str, indicator: str, facts: set[tuple[str, str, str]]
) -> None:
    """All figures of a place and a time, no more and no fewer: read in the reports by hand."""
    assert stated(snapshot, region, period, indicator) == facts


def test_every_fact_of_the_real_reports_is_a_figure_of_something(snapshot: IndexSnapshot) -> None:
    """No empty indicator, no figure of no place, no result of no time, and only changes are signed."""
    kinds = {d.id: d.kind for d in snapshot.documents}
    for fact in snapshot.facts:
        assert fact.indicator.strip()
        assert fact.region is not None
        assert fact.period is not None or fact.status == "target" or kinds[fact.document_id] == "other"
        assert fact.value >= 0 or fact.measure in (Measure.GROWTH, Measure.CHANGE)


@given(st.lists(st.sampled_from([
    "固定资产投资", "完成", "429.7亿元", "，", "、", "；", "同比", "增长", "下降", "18.3%", "分别", "和", "其中", "由", "提高到", "占", "比重", "2020年", "上半年",
    "全市", "预计", "力争", "6-7%", "百分之五", "（", "）", "“", "”", "5G", "的", "余", "1.2万户", "左右", "负增长",
]), max_size=25).map("".join))  # fmt: skip
def test_any_sentence_can_be_read(sentence: str) -> None:
    """Words in any order give facts whose figure stands in their clause, or none."""
    for fact in raw_facts(sentence):
        assert fact.indicator
        assert fact.span.covers(fact.figure.span)
