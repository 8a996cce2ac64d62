"""What sort of document a file holds, of which years, where no work report is told: bulletins, budgets, English reports."""

from __future__ import annotations

import pytest

from index.build import read_corpus
from index.types import Document, Fact, Status
from tests.builders import SIZES, counter, make_corpus, make_document, make_source

BULLETIN = (
    "2023年，全年地区生产总值187.2亿元，比上年增长4.1%。年末常住人口43.6万人。\n"
    "二、农业\n全年粮食产量21.4万吨，增长2.3%。\n八、城乡建设和规划\n年末全市公路里程3120公里。\n"
)
MENU = "首页\n政务公开\n互动交流\n办事大厅\n统计数据\n"


def named(name: str, text: str) -> tuple[Document, list[Fact]]:
    corpus = read_corpus([make_source(text, name)], counter(), SIZES)
    return corpus.documents[0], list(corpus.facts)


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.txt", f"临泽市2023年国民经济和社会发展统计公报\n{BULLETIN}"),
        ("a.txt", f"临泽市2023年国民经济和社会发展统计公报-临泽市人民政府门户网站\n{MENU}{BULLETIN}"),
        ("a.txt", f"某省统计局 -\n临泽市2023年国民经济和社会发展统计公报\n{MENU}{BULLETIN}\n发布日期：2024-04-02\n"),
        ("临泽市2023年国民经济和社会发展统计公报.txt", f"2023 [1]\n临泽市统计局\n2024年4月2日\n{BULLETIN}"),
        ("临泽市2023年统计公报.md", f"{MENU}{BULLETIN}"),
    ],
    ids=["title", "title of a page", "below another office", "cut off title", "file name"],
)
def test_a_bulletin_tells_results_of_the_year_in_its_title(name: str, text: str) -> None:
    document, facts = named(name, text)
    assert (document.kind, document.region, str(document.review), document.plan) == ("bulletin", "临泽市", "2023", None)
    assert len(facts) >= 5
    assert {(str(f.period), f.status) for f in facts} == {("2023", Status.ACTUAL)}


MENUS = ["政府公报 统计公报 财政预算", "首页 | 政务公开 | 统计公报", "清洛湾县人民政府公报"]


@pytest.mark.parametrize("menu", MENUS)
@pytest.mark.parametrize("title", ["清洛湾县2023年政府工作报告（全文）_清洛湾县人民政府", ""])
def test_a_menu_makes_no_bulletin_of_a_work_report(menu: str, title: str) -> None:
    text = (
        f"{menu}\n{title}\n各位代表：\n现在，我代表清洛湾县人民政府，向大会报告工作。\n一、2022年工作回顾\n地区生产总值完成79.5亿元，增长4.2%。\n"
        "二、2023年工作安排\n地区生产总值增长7%，新建学校3所。\n"
    )
    document, facts = named("a.txt", text)
    assert (document.region, str(document.review), str(document.plan)) == ("清洛湾县", "2022", "2023")
    assert document.kind in ("annual", "summary")
    assert {(str(f.value), str(f.period), f.status) for f in facts} >= {
        ("79.5", "2022", Status.ACTUAL),
        ("7", "2023", Status.TARGET),
    }


@pytest.mark.parametrize(
    ("title", "period"),
    [
        ("清江县2024年上半年国民经济和社会发展统计公报", "2024-H1"),
        ("2024年上半年清江县经济运行情况", "2024-H1"),
        ("清江县2024年1-6月经济运行情况", "2024-H1"),
        ("清江县2024年一季度经济运行情况", "2024-Q1"),
        ("2024年前三季度清江县经济运行情况", "2024-01/2024-09"),
        ("清江县2024年度统计公报", "2024"),
        ("清江县2020-2024年国民经济主要指标公报", "2020/2024"),
        ("清江县2024年统计公报（2025年3月8日）", "2024"),
    ],
)
def test_figures_are_of_the_months_that_a_title_names(title: str, period: str) -> None:
    document, facts = named("a.txt", f"{title}\n全县固定资产投资增长8.2%。第三产业增加值60.0亿元，增长5.4%。\n")
    assert (document.region, str(document.review)) == ("清江县", period)
    # A rate without 年均 in a stretch of years is its last year's.
    assert {(str(f.period), f.status) for f in facts} - {("2024", Status.ACTUAL)} <= {(period, Status.ACTUAL)}
    assert period in {str(f.period) for f in facts}


@pytest.mark.parametrize(
    ("text", "year"),
    [
        (
            "岐泽县第七次全国人口普查公报（第三号）\n2021年6月10日\n现将2020年11月1日零时我县人口情况公布如下：\n"
            "全县常住人口45678人。\n与2010年第六次全国人口普查相比，增加1200人。与2010年相比，增长2.7%。\n",
            "2020",
        ),
        (
            "赤泽河县国民经济和社会发展统计公报\n赤泽河县统计局 2024年3月20日\n全年粮食产量20.5万吨。2023年是不平凡的一年。\n",
            "2023",
        ),
    ],
    ids=["day of a census", "day of publication"],
)
def test_the_year_of_a_bulletin_whose_title_has_none(text: str, year: str) -> None:
    assert str(make_document(text).review) == year


@pytest.mark.parametrize(
    ("title", "review", "plan"),
    [
        ("关于清江县2024年上半年国民经济和社会发展计划执行情况的报告", "2024-H1", "2024-H2"),
        ("清江县2024年国民经济和社会发展计划", "2023", "2024"),
        ("关于清江县2024年预算调整方案的报告", "2024", None),
        ("清江县2023年财政决算和2024年上半年预算执行情况的报告", "2023", "2024"),
        ("清江县国民经济和社会发展第十四个五年规划和2035年远景目标纲要", "2020", "2021/2025"),
        ("清江县农业农村局2023年工作计划及2022年工作总结", "2022", "2023"),
    ],
)
def test_what_lies_behind_and_what_lies_ahead(title: str, review: str, plan: str | None) -> None:
    document = make_document(f"{title}\n一、主要情况\n2023年粮食产量15.6万吨，2022年为15万吨，2024年为16万吨。\n")
    assert document.region == "清江县"
    assert (str(document.review), None if document.plan is None else str(document.plan)) == (review, plan)


def test_the_targets_of_an_outline_are_targets() -> None:
    _, facts = named(
        "a.txt",
        "清江县国民经济和社会发展第十四个五年规划纲要\n第一章 主要目标\n到2025年，地区生产总值达到220亿元，城镇化率达到52%。\n",
    )
    assert {f.status for f in facts} == {Status.TARGET}


def test_last_year_of_the_news_about_a_bulletin_is_the_bulletins_year() -> None:
    document, facts = named(
        "a.txt", "清江县2023年国民经济和社会发展统计公报解读\n2024年3月20日\n去年，全县地区生产总值完成130.5亿元。\n"
    )
    assert (document.kind, [str(f.period) for f in facts]) == ("news", ["2023"])


@pytest.mark.parametrize(
    "title",
    [
        "2023年度清江县财政决算报告",
        "关于下达清江县2023年国民经济和社会发展计划的通知",
        "国家税务总局清江县税务局2023年工作总结",
        "2023年1-6月份清江县经济运行情况",
    ],
)
def test_words_before_a_place_are_no_part_of_it(title: str) -> None:
    assert make_document(f"{title}\n2023年，全县税收收入8.2亿元。\n").region == "清江县"


def test_the_communique_of_a_meeting_is_no_bulletin() -> None:
    assert make_document("中国共产党云岭县第十届委员会第六次全体会议公报\n会议指出，要坚持稳中求进。\n").kind == "other"


@pytest.mark.parametrize(
    ("title", "kind", "review", "plan"),
    [
        ("关于霁川市2021年预算执行情况和2022年预算草案的报告", "budget", "2021", "2022"),
        ("霁川市2021年财政决算草案的报告", "budget", "2021", "2022"),
        ("关于霁川市2022年预算草案的报告", "budget", "2021", "2022"),
        ("霁川市2021年国民经济和社会发展计划执行情况与2022年国民经济和社会发展计划草案的报告", "plan", "2021", "2022"),
        ("霁川市商务局2021年工作总结", "summary", "2021", None),
        ("2021年霁川市经济运行情况", "summary", "2021", None),
        ("霁川市政府工作报告（2022年）", "annual", "2021", "2022"),
    ],
)
def test_papers_that_name_themselves(title: str, kind: str, review: str, plan: str | None) -> None:
    text = (
        f"{title}\n2021年，全市一般公共预算收入98.7亿元，增长3.2%。2021年支出完成134亿元。\n2022年，预计收入102亿元。\n"
    )
    document = make_document(text)
    assert (document.kind, str(document.review), document.region) == (kind, review, "霁川市")
    assert (None if document.plan is None else str(document.plan)) == plan


def test_a_budget_report_lays_a_plan_behind_results() -> None:
    text = (
        "关于霁川市2021年预算执行情况和2022年预算草案的报告\n一、2021年预算执行情况\n"
        "全市一般公共预算收入98.7亿元，增长3.2%。\n二、2022年预算草案\n全市一般公共预算收入安排102.6亿元，增长4%。\n"
    )
    facts = make_corpus(text).facts
    told = {(str(f.value), str(f.period), f.status) for f in facts}
    assert ("98.7", "2021", Status.ACTUAL) in told
    assert ("102.6", "2022", Status.TARGET) in told


def test_an_english_report_has_years_and_plans() -> None:
    text = (
        "REPORT ON THE WORK OF THE GOVERNMENT\nDelivered at the Fifth Session of the Eleventh National People's Congress "
        "on March 5, 2012\nWen Jiabao, Premier of the State Council\nFellow Deputies,\nOn behalf of the State Council, I now "
        "present to you my report.\nI. Review of Work in 2011\nChina's GDP grew by 9.2 percent.\n"
        "II. Overall Requirements and Policy Orientation for Economic and Social Development in 2012\n"
        "GDP is to increase by 7.5 percent.\n"
    )
    document = make_document(text)
    assert (document.kind, document.region, str(document.review), str(document.plan)) == (
        "annual",
        "全国",
        "2011",
        "2012",
    )
    assert str(document.given) == "2012-03-05"
    assert [(str(s.period), s.status) for s in document.sections[-2:]] == [
        ("2011", Status.ACTUAL),
        ("2012", Status.TARGET),
    ]


def test_where_nobody_knows_the_year_no_figure_has_one() -> None:
    """今年 of a page without a date is no year 1."""
    facts = make_corpus("云岭县见闻\n今年以来，云岭县新建公园12个，去年新建8个。\n").facts
    assert all(f.period is None for f in facts)
