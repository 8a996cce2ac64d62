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
