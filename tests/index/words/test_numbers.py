"""What is a figure, what its unit is, and what only looks like one."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.words.numbers import find_figures, read_numeral
from tests.builders import cleaned


def read(text: str) -> list[str]:
    """Value and unit of every figure of a sentence, after cleaning."""
    return [f"{figure.value}{figure.unit}" for figure in find_figures(cleaned(text))]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("429.7", "429.7"),
        ("1,025.5", "1025.5"),
        ("18·3", "18.3"),
        ("十八点三", "18.3"),
        ("二〇二〇", "2020"),
        ("三", "3"),
        ("两", "2"),
        ("十", "10"),
        ("二十五", "25"),
        ("一百零六", "106"),
        ("三千五百", "3500"),
        ("一万二千", "12000"),
        ("一万三千五百", "13500"),
        ("三亿五千万", "350000000"),
        ("零点五", "0.5"),
    ],
)
def test_a_numeral_has_a_value(text: str, value: str) -> None:
    """Chinese numerals, digit by digit or with their steps, and Arabic ones with commas."""
    assert read_numeral(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "点", "亩", "甲乙", "3A", "1.2.3"])
def test_what_is_no_numeral(text: str) -> None:
    assert read_numeral(text) is None


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("地区生产总值完成812.6亿元,同比增长6.1%", ["812.6亿元", "6.1%"]),
        ("固定资产投资１，３０５．２亿元、增长９．４％", ["1305.2亿元", "9.4%"]),
        ("增长百分之十八点三", ["18.3%"]),
        ("失业率控制在3.5%以内", ["3.5%"]),
        ("提高1.2个百分点", ["1.2个百分点"]),
        ("增长1.74倍", ["1.74倍"]),
        ("外贸总额突破千亿元", ["100000000000元"]),
        ("数字产业营收跨上百亿元台阶", ["10000000000元"]),
        ("招引超百亿元项目3个", ["3个"]),
        ("旧改受益居民1.2万户", ["1.2万户"]),
        ("新增公共绿地45公顷、绿道12.5公里", ["45公顷", "12.5公里"]),
        ("研发投入298亿,增长12%", ["298亿", "12%"]),
        ("共引进企业230余家", ["230家"]),
        ("拆除违法建筑12.3万余平方米", ["12.3万平方米"]),
        ("增长6至7%", ["7%"]),
        ("增速保持在6-7%", ["7%"]),
        ("增长6%—7%", ["7%"]),
        ("PM2.5平均浓度为32微克/立方米", ["32微克/立方米"]),
        ("合同外资5.6亿美元", ["5.6亿美元"]),
        ("处理政务服务事项7 4 7 7 2件", ["74772件"]),
        ("办结率达99.9％", ["99.9%"]),
    ],
)
def test_a_figure_is_a_number_with_its_unit(text: str, figures: list[str]) -> None:
    """As written, in any width, with the words 余 and 多 between number and unit."""
    assert read(text) == figures


@pytest.mark.parametrize(
    "text",
    [
        "PM2.5浓度持续改善", "G15沈海高速", "完善“3+16”规划体系", "拨打12345热线", "2023年", "6月18日", "第12届", "COVID-19",
        "推进“1+6+X”政策", "轨道交通14号线", "《2023年度工作要点》", "L4级自动驾驶", "“100个项目”行动", "Web3.0技术", "A股", "4.0版规划", "",
        "5G网络全覆盖",
        "第3次会议",
        "建党100周年",
    ],
)  # fmt: skip
def test_what_only_looks_like_a_figure(text: str) -> None:
    """Names, versions, dates, ordinals, roads and hotlines hold no figure."""
    assert read(text) == []


@pytest.mark.parametrize("dash", ["至", "到", "~", "-"])
def test_a_range_keeps_its_first_number(dash: str) -> None:
    """6-7%: the unit stands after the second number and holds for both."""
    (figure,) = find_figures(f"地区生产总值增长6{dash}7%")
    assert (figure.low, figure.value, figure.unit) == (Decimal(6), Decimal(7), "%")


@given(st.decimals(0, 10**7, places=2), st.sampled_from(["亿元", "%", "万户", "家", "公里", "个百分点", "万平方米"]))
def test_any_number_before_a_unit_is_read_exactly(value: Decimal, unit: str) -> None:
    """No rounding: the digits of the text are the digits of the figure."""
    text = f"全市完成{value}{unit},同比增长"
    (figure,) = find_figures(text)
    assert (figure.value, figure.unit) == (value, unit)
    assert figure.span.of(text) == figure.written == f"{value}{unit}"


@given(st.text("0123456789.,%亿万元个家余多-至十百千一二三四点分之“”《》年月 G", max_size=40))
def test_figures_are_slices_in_order(text: str) -> None:
    """Whatever stands in a text, each figure is its words at its place, and none is read twice."""
    end = 0
    for figure in find_figures(text):
        assert figure.span.start >= end
        assert figure.span.of(text) == figure.written
        assert figure.value >= 0
        end = figure.span.end


@pytest.mark.parametrize("mark", ["①", "⑨", "¹", "²³", "₄", "⑴", "⒈", "❷", "㊀", "[3]", "［12］", "[^7]"])
@pytest.mark.parametrize("text", ["出口额{}372.5亿元", "出口额372.5{}亿元", "出口额372.5亿元{}", "出口额 {} 372.5亿元"])
def test_a_mark_of_a_note_is_no_part_of_a_number(text: str, mark: str) -> None:
    """Before the figure, between it and its unit, or behind both."""
    assert read(text.format(mark)) == ["372.5亿元"]


@pytest.mark.parametrize(
    ("text", "figure"),
    [
        ("装机七十二万千瓦", "720000千瓦"),
        ("发电三十六亿千瓦时", "3600000000千瓦时"),
        ("机组一万八千千瓦", "18000千瓦"),
        ("装机二十五千瓦", "25千瓦"),
        ("用电9千瓦时", "9千瓦时"),
        ("主变压器40千伏安", "40千伏安"),
        ("变电容量九万千伏安", "90000千伏安"),
        ("产茶六百五十千克", "650千克"),
        ("道路四千米", "4千米"),
        ("光伏三十兆瓦", "30兆瓦"),
        ("热量2千卡", "2千卡"),
        ("渠道一万四千米", "14000米"),
        ("产盐七千吨", "7000吨"),
        ("造林三千公顷", "3000公顷"),
        ("搬迁六千户", "6000户"),
        ("补助八千元", "8000元"),
        ("搬迁6千户", "6千户"),
        ("装机3万5千千瓦", "3.5万千瓦"),
    ],
)
def test_a_prefix_of_a_unit_is_no_thousand(text: str, figure: str) -> None:
    """千 counts where a numeral holds it with its own digit, and the unit is not one that is written with it."""
    assert read(text) == [figure]


@given(st.integers(11, 99), st.sampled_from(["千瓦", "千瓦时", "千伏安", "千克"]))
def test_a_prefixed_unit_does_not_change_its_number(tens: int, unit: str) -> None:
    """In Chinese digits and Arabic ones the same number of the same unit."""
    han = "零一二三四五六七八九"
    numeral = f"{han[tens // 10]}十{han[tens % 10] if tens % 10 else ''}"
    assert read(f"共有{numeral}万{unit}") == [f"{tens}0000{unit}"]
    assert read(f"共有{numeral}{unit}") == read(f"共有{tens}{unit}")
