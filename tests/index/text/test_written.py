"""Codes, tags, formulas, raised marks and signs without a meaning: what is read beside and inside figures."""

from __future__ import annotations

import pytest

from tests.builders import cleaned, facts_of, make_report

SENTENCE = "茶园面积达到{}万亩，综合产值增长{}%。"
"""Takes a level and a rate."""

WRITTEN = {
    "plain": ("38.6", "7.2"),
    "circled marks": ("38.6①", "7.2②"),
    "marks in brackets": ("38.6[3]", "7.2〔4〕"),
    "raised marks of HTML": ("38.6<sup>1</sup>", "7.2<sup>[2]</sup>"),
    "raised marks of LaTeX": ("38.6$^{[1]}$", "7.2$^{2}$"),
    "bold": ("**38.6**", "**7.2**"),
    "bold that ends inside": ("**38**.6", "*7.2*"),
    "bold of HTML": ("<b>38.6</b>", '<span class="x">7.2</span>'),
    "LaTeX": ("$38.6$", "\\(7.2\\)"),
    "LaTeX with commands": ("$\\mathbf{38.6}$", "$7.2\\,$"),
    "entities": ("&nbsp;38.6", "7&#46;2"),
    "entities of digits": ("&#51;8.6", "&#x37;.2"),
    "spaces": (" 38.6 ", "\u00a07.2\u2009"),
    "signs of no width": ("3\u200b8.6\u200c", "7\u2060.\u00ad2"),
    "full width": ("３８．６", "７．２"),
    "a full stop for a point": ("38。6", "7。2"),
    "spaces of private use": ("\ue5e538.6\uf020", "7.2"),
    "ends of lines": ("38.\n6", "7\n.2"),
}


def told(sentence: str) -> list[tuple[str, str, str]]:
    report = make_report(f"一、2023年工作回顾\n过去一年，成绩来之不易。\n{sentence}\n二、2024年工作安排\n继续努力。")
    return [(f.indicator, f.measure.value, f"{f.value}{f.unit}") for f in facts_of(report)]


@pytest.mark.parametrize("way", WRITTEN)
def test_a_figure_is_read_however_it_is_written(way: str) -> None:
    assert told(SENTENCE.format(*WRITTEN[way])) == [
        ("茶园面积", "level", "38.6万亩"),
        ("综合产值", "growth", "7.2%"),
    ]


@pytest.mark.parametrize("lost", ["3\ufffd.6", "3\ue011.6", "38.\ufffd", "\ufffd8.6"])
def test_a_figure_that_lost_a_digit_is_none(lost: str) -> None:
    assert [value for _, _, value in told(SENTENCE.format(lost, "7.2"))] == ["7.2%"]


def test_thousands_are_parted_by_spaces_but_not_figures_of_a_table() -> None:
    assert [value for *_, value in told("城镇新增就业12 346人。")] == ["12346人"]
    assert [value for *_, value in told("城镇新增就业12\u2009346人。")] == ["12346人"]
    assert cleaned("就业 12 346 上年 11 208") == "就业12 346上年11 208"


def test_a_power_is_no_note() -> None:
    assert told("绿地面积达到46.5万m<sup>2</sup>。") == [("绿地面积", "level", "46.5万m2")]
    assert cleaned("排放5.2×10<sup>4</sup>吨") == "排放5.2×104吨"


def test_money_of_america_is_no_formula() -> None:
    assert (
        cleaned("exports of $5 billion and imports of $3 billion") == "exports of $5 billion and imports of $3 billion"
    )


@pytest.mark.parametrize("sign", ["-", "－", "−", "–", "负", "负的", " - "])
def test_a_minus_sign_makes_growth_a_fall(sign: str) -> None:
    expected = [("茶叶产值", "growth", "-2.1%"), ("烟叶产值", "growth", "-3.4%"), ("蚕茧产值", "growth", "-0.5%")]
    assert told(f"茶叶产值增长{sign}2.1%，烟叶产值增速为{sign}3.4%，蚕茧产值同比{sign}0.5%。") == expected


def test_a_dash_of_a_range_is_no_minus_sign() -> None:
    assert [value for *_, value in told("茶叶产值增长5%-6%。")] == ["6%"]
    assert [value for *_, value in told("茶叶产值增长5-6%。")] == ["6%"]
    assert [value for *_, value in told("居民消费价格下降-0.2%。")] == ["-0.2%"]


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("装机容量达到三千六百六十万千瓦。", "36600000千瓦"),
        ("新增就业三千五人。", "3500人"),
        ("新增就业一万二人。", "12000人"),
        ("新增就业三千零五人。", "3005人"),
        ("新增就业一百二十五人。", "125人"),
        ("新建小学廿五所。", "25所"),
        ("关闭煤矿卅二座。", "32座"),
        ("粮食产量增长一成五。", "1.5成"),
        ("粮食产量增长两成半。", "2.5成"),
    ],
)
def test_numerals_in_chinese_are_read_whole(written: str, value: str) -> None:
    assert [told_value for *_, told_value in told(written)] == [value]


@pytest.mark.parametrize("number", ["- 12 -", "第 12 页 共 30 页", "12 / 30", "— 12 —\f"])
def test_a_page_number_inside_a_sentence_goes(number: str) -> None:
    long = "我们坚持以推动高质量发展为主题，统筹做好稳增长、促改革、调结构、惠民生、防风险、保稳定各项工作，全市茶产业持续壮大，茶园面积达到"
    assert told(f"{long}\n{number}\n38.6万亩。") == [("茶园面积", "level", "38.6万亩")]


def test_bare_page_numbers_are_known_by_those_around_them() -> None:
    long = "我们坚持以推动高质量发展为主题，统筹做好稳增长、促改革、调结构、惠民生、防风险、保稳定各项工作，" * 5
    pages = "".join(f"{long}第{n}块茶园面积达到\n{n}\n3{n}.6万亩。\n" for n in range(4, 8))
    assert [value for *_, value in told(pages)] == [f"3{n}.6万亩" for n in range(4, 8)]
    assert "5" in cleaned(f"{long}\n5\n{long}")


def test_a_number_that_a_line_cuts_is_whole_and_cells_are_not_joined() -> None:
    assert [value for *_, value in told("过去一年，全县茶园面积达到3\n8.6万亩，综合产值增长7.2%。")] == [
        "38.6万亩",
        "7.2%",
    ]
    assert cleaned("茶园面积 38\n46.5万亩") == "茶园面积38\n46.5万亩"
