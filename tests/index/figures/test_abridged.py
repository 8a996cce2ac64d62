"""Names that a list cuts short, words between a name and its figure that are no part of it, and rates in brackets."""

from __future__ import annotations

import pytest

from tests.builders import raw_facts

Row = tuple[str, str]


def read(sentence: str) -> list[Row]:
    return [(f.indicator, f"{f.value}{f.figure.unit}") for f in raw_facts(sentence)]


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("存、贷款余额分别达到86亿元、52亿元。", [("存款余额", "86亿元"), ("贷款余额", "52亿元")]),
        ("存款、贷款余额分别达到86亿元、52亿元。", [("存款余额", "86亿元"), ("贷款余额", "52亿元")]),
        ("农商行存、贷款余额分别为9亿元和7亿元。", [("农商行存款余额", "9亿元"), ("农商行贷款余额", "7亿元")]),
        ("进、出口额分别为3亿元、8亿元。", [("进口额", "3亿元"), ("出口额", "8亿元")]),
        ("城、乡居民人均消费支出分别增长4%、6%。", [("城镇居民人均消费支出", "4%"), ("农村居民人均消费支出", "6%")]),
        (
            "中、高等职业教育在校生分别为2万人、1万人。",
            [("中等职业教育在校生", "2万人"), ("高等职业教育在校生", "1万人")],
        ),
        ("出生、死亡率分别为6.2‰、7.5‰。", [("出生率", "6.2‰"), ("死亡率", "7.5‰")]),
        (
            "农、林、牧、渔业产值分别为30亿元、4亿元、18亿元、2亿元。",
            [("农业产值", "30亿元"), ("林业产值", "4亿元"), ("牧业产值", "18亿元"), ("渔业产值", "2亿元")],
        ),
        (
            "农、林、牧、渔业和建筑业增加值分别增长3%、5%。",
            [("农林牧渔业增加值", "3%"), ("建筑业增加值", "5%")],
        ),
        ("肉、蛋总产量分别增长2%、5%。", [("肉产量", "2%"), ("蛋总产量", "5%")]),
        ("第一、三产业增加值分别增长3.1%和5.6%。", [("第一产业增加值", "3.1%"), ("第三产业增加值", "5.6%")]),
        ("户籍、常住人口城镇化率分别为41%、57%。", [("户籍人口城镇化率", "41%"), ("常住人口城镇化率", "57%")]),
        (
            "养老、医疗保险参保人数分别为8万人、15万人。",
            [("养老保险参保人数", "8万人"), ("医疗保险参保人数", "15万人")],
        ),
        (
            "参加职工养老(不含机关、含离退休)、失业保险人数分别为12万人、6万人。",
            [("参加职工养老(不含机关、含离退休)保险人数", "12万人"), ("失业保险人数", "6万人")],
        ),
    ],
)
def test_a_name_that_a_list_cuts_short_is_whole(sentence: str, facts: list[Row]) -> None:
    """One character of a list has the rest of its name in the last item, and a list in brackets is no part of it."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("工业总产值连续迈上3个百亿元台阶、达612亿元。", [("工业总产值", "612亿元")]),
        ("工业总产值五年跨越两个百亿级大关，达到612亿元，增长9%。", [("工业总产值", "612亿元"), ("工业总产值", "9%")]),
        ("财政收入接连站上20亿元、30亿元两个台阶，达32亿元。", [("财政收入", "32亿元")]),
        ("财政收入突破30亿元大关、达到32亿元。", [("财政收入", "30亿元"), ("财政收入", "32亿元")]),
    ],
)
def test_steps_that_were_passed_name_nothing(sentence: str, facts: list[Row]) -> None:
    """连续迈上3个百亿元台阶 stands between a name and its figure; one amount that was passed is a figure."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("其他卫生机构22个。", [("其他卫生机构", "22个")]),
        ("并网光伏装机容量31万千瓦。", [("并网光伏装机容量", "31万千瓦")]),
        ("及时化解纠纷420起。", [("及时化解纠纷", "420起")]),
        ("总投资46亿元的23个技改项目。", [("总投资", "46亿元"), ("技改项目", "23个")]),
        (
            "人口自然增长率-1.2‰，比上年提高0.3个千分点。",
            [("人口自然增长率", "-1.2‰"), ("人口自然增长率", "0.3个千分点")],
        ),
    ],
)
def test_the_beginning_of_a_word_is_no_connective(sentence: str, facts: list[Row]) -> None:
    """其他 is no 其, 并网 no 并, and 自然增长率 the name of a level."""
    assert read(sentence) == facts


@pytest.mark.parametrize(
    ("sentence", "facts"),
    [
        ("外贸总额45亿元（-3.2%），其中出口30亿元（+2.1%）。", ["level 45", "growth -3.2", "level 30", "growth 2.1"]),
        ("网上零售额同比（-0.5%）。", ["growth -0.5"]),
    ],
)
def test_a_signed_rate_in_brackets_is_a_change(sentence: str, facts: list[str]) -> None:
    """Behind a level or 同比 the sign says what a verb of growth would."""
    assert [f"{f.measure.value} {f.value}" for f in raw_facts(sentence)] == facts
