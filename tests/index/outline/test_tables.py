"""Tables as plain text and as Markdown: facts by what the head and the cell say together."""

from __future__ import annotations

import pytest

from index.types import Fact
from tests.builders import facts_of, make_corpus, make_report

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


def read(table: str, above: str = "") -> set[tuple[str, str, str, str, str, str]]:
    """Place and all that a table tells, in a report of 2023 given in January 2024."""
    report = make_report(
        f"一、2023年工作回顾\n过去一年，成绩来之不易。\n\n{above}\n\n{table}\n\n二、2024年工作安排\n继续努力。"
    )
    return {(str(f.region), *_row(f)) for f in facts_of(report)}


TWO_YEARS = """| 指标 | 2022年 | 2023年 |
|---|---|---|
| 社会消费品零售总额 | 74500 | 81200 |
| 进出口总额 | 31200 | 29800 |"""


def test_a_caption_gives_its_unit_to_the_whole_table() -> None:
    """So does the head of the names; a figure of no unit is told of nothing."""
    for table, above in ((TWO_YEARS, "表3 主要指标\n单位：万元"), (TWO_YEARS.replace("指标", "指标（万元）"), "")):
        assert ("青石市", "进出口总额", "level", "29800万元", "2023", "actual") in read(table, above)
    assert read(TWO_YEARS) == set()


@pytest.mark.parametrize(
    ("above", "place"),
    [
        ("表2 云桥开发区主要指标", "云桥开发区"),
        ("## 沅溪县主要指标", "沅溪县"),
        ("表1 全市主要指标", "青石市"),
        ("主要市场情况", "青石市"),
    ],
)
def test_a_caption_names_whose_figures_they_are(above: str, place: str) -> None:
    assert {region for region, *_ in read(TWO_YEARS, f"{above}（单位：万元）")} == {place}


def test_figures_in_other_prices_are_told_as_such() -> None:
    names = {name for _, name, *_ in read(TWO_YEARS, "主要指标（不变价）\n单位：万元")}
    assert names == {"社会消费品零售总额(不变价)", "进出口总额(不变价)"}


TWO_HEADS = """| 项目 | 2022年 | 2022年 | 2023年 | 2023年 |
|---|---|---|---|---|
| | 总量 | 增速 | 总量 | 增速 |
| 旅游总收入（亿元） | 12.6 | 4.1% | 15.8 | 25.4% |"""
HTML = (
    '<html><body><table><tr><td rowspan="2">项目</td><td colspan="2">2022年</td><td colspan="2">2023年</td></tr>'
    "<tr><td>总量</td><td>增速</td><td>总量</td><td>增速</td></tr>"
    "<tr><td>旅游总收入（亿元）</td><td>12.6</td><td>4.1%</td><td>15.8</td><td>25.4%</td></tr></table></body></html>"
)


@pytest.mark.parametrize("table", [TWO_HEADS, HTML])
def test_a_head_of_two_rows_is_read_column_by_column(table: str) -> None:
    assert read(table) == {
        ("青石市", "旅游总收入", "level", "12.6亿元", "2022", "actual"),
        ("青石市", "旅游总收入", "growth", "4.1%", "2022", "actual"),
        ("青石市", "旅游总收入", "level", "15.8亿元", "2023", "actual"),
        ("青石市", "旅游总收入", "growth", "25.4%", "2023", "actual"),
    }


def test_no_tag_is_left_in_the_text_of_a_sentence() -> None:
    corpus = make_corpus(make_report(f"一、2023年工作回顾\n{HTML}\n二、2024年工作安排\n继续努力。"))
    assert not any("<" in s.text for s in corpus.sentences)


BUDGET = """| 项目 | 2022年决算数 | 2023年预算数 | 2023年执行数 | 比2022年决算数增长% | 完成2023年预算数的% | 2024年预算数 | 比上年预算数增长% |
|---|---|---|---|---|---|---|---|
| 一、契税 | 8,120 | 9,000 | 8,460 | 4.2% | 94.0% | 9,100 | 1.1% |
| 二、转移性收入 | -310 | — | 0 | — | — | 25 | — |"""


def test_what_was_budgeted_is_a_target_and_what_was_done_a_result() -> None:
    found = read(BUDGET, "2023年青石市一般公共预算收入执行情况表\n表一  单位：万元")
    assert found == {
        ("青石市", "契税", "level", "8120万元", "2022", "actual"),
        ("青石市", "契税", "level", "9000万元", "2023", "target"),
        ("青石市", "契税", "level", "8460万元", "2023", "actual"),
        ("青石市", "契税", "growth", "4.2%", "2023", "actual"),
        ("青石市", "契税完成预算", "level", "94.0%", "2023", "actual"),
        ("青石市", "契税", "level", "9100万元", "2024", "target"),
        ("青石市", "契税", "growth", "1.1%", "2024", "target"),
        ("青石市", "转移性收入", "level", "-310万元", "2022", "actual"),
        ("青石市", "转移性收入", "level", "0万元", "2023", "actual"),
        ("青石市", "转移性收入", "level", "25万元", "2024", "target"),
    }


def test_the_year_before_is_that_of_the_caption() -> None:
    table = "| 科目 | 上年执行数 | 预算数 | 预算数比上年执行数增长% |\n|---|---|---|---|\n| 契税 | 8460 | 9100 | 7.6 |"
    assert read(table, "2024年预算表\n单位：万元") == {
        ("青石市", "契税", "level", "8460万元", "2023", "actual"),
        ("青石市", "契税", "level", "9100万元", "2024", "target"),
        ("青石市", "契税", "growth", "7.6%", "2024", "target"),
    }


def test_accounts_of_a_budget_keep_their_items_apart() -> None:
    table = "| 科目 | 执行数 |\n|---|---|\n| 教育支出 | 460 |\n| 本年支出合计 | 9100 |"
    own = read(table, "2023年市本级政府性基金预算支出表\n单位：万元")
    assert {name for _, name, *_ in own} == {"市本级政府性基金教育支出", "市本级政府性基金支出"}
    assert {name for _, name, *_ in read(table, "2023年一般公共预算支出表\n单位：万元")} == {
        "教育支出",
        "一般公共预算支出",
    }


def test_places_stand_in_rows_or_in_columns() -> None:
    rows_ = "| 区县 | 地区生产总值（亿元） | 比上年增长（%） |\n|---|---|---|\n| 沅溪县 | 81.5 | 6.2 |\n| 合计 | 166.1 | 5.4 |"
    assert read(rows_, "表4 2023年分区县地区生产总值") == {
        ("沅溪县", "地区生产总值", "level", "81.5亿元", "2023", "actual"),
        ("沅溪县", "地区生产总值", "growth", "6.2%", "2023", "actual"),
        ("青石市", "地区生产总值", "level", "166.1亿元", "2023", "actual"),
        ("青石市", "地区生产总值", "growth", "5.4%", "2023", "actual"),
    }
    columns = "| 指标 | 单位 | 全国 | 全市 |\n|---|---|---|---|\n| 粮食产量 | 万吨 | 69541 | 31.6 |"
    assert {(r, v) for r, _, _, v, *_ in read(columns)} == {("全国", "69541万吨"), ("青石市", "31.6万吨")}


def test_rows_may_be_years() -> None:
    table = "| 年份 | 常住人口（万人） |\n|---|---|\n| 2021 | 41.2 |\n| 2022 | 41.5 |"
    assert {(n, v, p) for _, n, _, v, p, _ in read(table)} == {
        ("常住人口", "41.2万人", "2021"),
        ("常住人口", "41.5万人", "2022"),
    }


def test_what_is_measured_may_stand_in_the_caption() -> None:
    table = "| 行业 | 比上年增长（%） | 行业 | 比上年增长（%） |\n|---|---|---|---|\n| 采矿业 | -3.4 | 教育 | 8.8 |"
    assert {(n, m, v) for _, n, m, v, *_ in read(table, "表5 2023年分行业固定资产投资增长速度")} == {
        ("采矿业固定资产投资", "growth", "-3.4%"), ("教育固定资产投资", "growth", "8.8%"),
    }  # fmt: skip
    rates = "| 居民消费价格 | 1.2 |\n| --- | --- |\n| 其中：食品烟酒 | -0.6 |"
    assert {(n, m, v) for _, n, m, v, *_ in read(rates, "2023年居民消费价格涨跌幅度（单位：%）")} == {
        ("居民消费价格", "growth", "1.2%"), ("食品烟酒", "growth", "-0.6%"),
    }  # fmt: skip


def test_parts_of_one_name_are_told_with_their_whole() -> None:
    """Without a whole that is known they are told of nothing."""
    table = "| 指标 | 单位 | 2023年 |\n|---|---|---|\n| 旅客运输总量 | 万人次 | 91 |\n| 公路 | 万人次 | 80 |\n| 货物运输总量 | 万吨 | 74 |\n| 公路 | 万吨 | 70 |"
    assert {n for _, n, *_ in read(table)} == {"旅客运输总量", "旅客运输总量公路", "货物运输总量", "货物运输总量公路"}
    assert {n for _, n, *_ in read(table.replace("运输总量", "运输"))} == {"旅客运输", "货物运输"}


def test_a_table_goes_on_behind_a_page_break() -> None:
    split = TWO_YEARS.replace("| 进出口", "\n- 12 -\n\n| 进出口")
    assert read(split, "单位：万元") == read(TWO_YEARS, "单位：万元")


def test_one_row_under_a_head_is_a_table() -> None:
    one = "\n".join(TWO_YEARS.split("\n")[:3])
    assert len(read(one, "单位：万元")) == 2


def test_a_counted_row_of_a_table_heads_nothing() -> None:
    """Its first cells are read, and it is quoted whole."""
    table = "| 项目 | 2022年决算数 | 2023年执行数 |\n|---|---|---|\n| 一、税收收入 | 250,422 | 288,755 |"
    report = make_report(
        f"一、2023年工作回顾\n过去一年，成绩来之不易。\n\n单位：万元\n\n{table}\n\n二、2024年工作安排\n继续努力。"
    )
    assert {f"{f.value}{f.unit}" for f in facts_of(report)} == {"250422万元", "288755万元"}
    assert "| 一、税收收入 | 250,422 | 288,755 |" in {s.text for s in make_corpus(report).sentences}


def test_what_lies_ahead_in_a_budget_is_planned() -> None:
    """The rows over places say what is told of them."""
    table = "| 区县 | 转移支付 |\n|---|---|\n| 一、提前下达数 | 595 |\n| 沅溪县 | 623 |"
    assert read(table, "2024年青石市分区县转移支付预算表\n单位：万元") == {
        ("青石市", "提前下达数转移支付", "level", "595万元", "2024", "target"),
        ("沅溪县", "提前下达数转移支付", "level", "623万元", "2024", "target"),
    }
