"""From one file to its documents: how many there are, and who gave each where and when, about what."""

from __future__ import annotations

import datetime as dt

import pytest

from index.outline.documents import find_documents
from index.words.regions import Gazetteer
from tests.builders import REPORT, facts_of, make_corpus, make_document, make_draft, make_report, make_source

PARAGRAPH = "我们坚持稳中求进工作总基调，统筹推进各项工作，全市经济社会发展取得新的成效，人民群众的获得感幸福感安全感不断增强，各项事业再上新台阶。"
BODY = f"一、2023年工作回顾\n{PARAGRAPH * 12}\n二、2024年工作安排\n{PARAGRAPH * 12}"


def test_a_report_of_a_place_that_no_gazetteer_holds() -> None:
    """Everything is read from the text: the place, who spoke there, on what day, and about which years."""
    document = make_document(REPORT)
    assert document.title == "2024年青石市政府工作报告"
    assert (document.region, document.parent, document.issuer) == ("青石市", None, "青石市人民政府")
    assert (document.given, document.speaker) == (dt.date(2024, 1, 16), "林远山")
    assert (document.kind, str(document.review), str(document.plan)) == ("annual", "2023", "2024")
    assert document.contradictions == ()
    assert document.byline is not None
    assert document.byline.of(REPORT).startswith("2024年1月16日")


LAYOUTS = {
    "one paragraph": REPORT.replace("\n", "").encode(),
    "CRLF and BOM": b"\xef\xbb\xbf" + REPORT.replace("\n", "\r\n").encode(),
    "old Mac line ends": REPORT.replace("\n", "\r").encode(),
    "GB18030": REPORT.encode("gb18030"),
    "empty lines": REPORT.replace("\n", "\n\n\n").encode(),
    "full width": REPORT.replace(":", "：").replace(",", "，").encode(),
    "Chinese digits": REPORT.replace("一、2023年", "一、二〇二三年").replace("二、2024年", "二、二〇二四年").encode(),
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_the_layout_of_a_file_changes_nothing_that_is_read(layout: str) -> None:
    """The same report in another layout has the same date, years, sections and facts."""
    plain, other = make_corpus(REPORT), make_corpus(LAYOUTS[layout])
    (expected,), (document,) = plain.documents, other.documents
    assert (document.region, document.given, document.speaker) == (expected.region, expected.given, expected.speaker)
    assert (document.kind, document.review, document.plan) == (expected.kind, expected.review, expected.plan)
    assert [(s.level, s.period, s.status) for s in document.sections] == [
        (s.level, s.period, s.status) for s in expected.sections
    ]
    assert [(f.indicator, f.value, f.unit, f.period, f.status) for f in other.facts] == [
        (f.indicator, f.value, f.unit, f.period, f.status) for f in plain.facts
    ]


def bulletin(year: int, *, title: bool) -> str:
    """A bulletin of an invented city: with its title, or as it stands in a row of several whose titles were left out."""
    head = f"青石市{year}年国民经济和社会发展统计公报\n" if title else ""
    parts = [
        f"{number}、{name}\n{PARAGRAPH * 9}"
        for number, name in zip("一二三四", ("综合", "农业", "工业", "投资"), strict=True)
    ]
    opening = f"{year}年，全市经济运行平稳。全年实现地区生产总值{year % 100}0.5亿元，比上年增长5.1%。"
    return f"{head}青石市统计局\n国家统计局青石调查队\n{year + 1}年3月\n{opening}\n" + "\n".join(parts) + "\n"


@pytest.mark.parametrize("titled", [True, False])
def test_bulletins_of_several_years_in_one_file_are_one_document_each(titled: bool) -> None:
    """Where only the first has its title, the others begin with who issued them and the month, and are counted from 一 again."""
    corpus = make_corpus(bulletin(2023, title=True) + bulletin(2022, title=titled) + bulletin(2021, title=titled))
    assert [(d.title, str(d.review), d.region) for d in corpus.documents] == [
        (f"青石市{year}年国民经济和社会发展统计公报", str(year), "青石市") for year in (2023, 2022, 2021)
    ]
    told = {str(f.period): f"{f.value}" for f in corpus.facts if f.unit == "亿元"}
    assert told == {"2023": "230.5", "2022": "220.5", "2021": "210.5"}


def test_a_bulletin_that_names_others_is_one_document() -> None:
    links = "\n".join(f"青石市{year}年国民经济和社会发展统计公报" for year in range(2015, 2022))
    assert len(make_corpus(bulletin(2023, title=True) + links).documents) == 1


def test_a_report_that_a_page_holds_twice_is_one_document() -> None:
    report = make_report(BODY)
    assert len(make_corpus(report + report).documents) == 1


def test_what_stands_around_a_title_is_no_part_of_it() -> None:
    assert make_draft(f"| {TITLE} | 3 |\n| --- | --- |\n| — | 8 |\n{BODY}").title == TITLE
    assert make_draft(f"来源：某某网        {TITLE}\n{BODY}").title == TITLE
    assert make_draft(f"各位代表：\n{BODY}", f"{TITLE} _ 青石新闻.html").title == TITLE


TITLE = "2023年青石市国民经济和社会发展统计公报"


def test_a_document_says_its_years_and_what_was_guessed() -> None:
    document = make_document(REPORT)
    assert (document.data_years, document.title_year, document.doubts) == ((2023,), 2024, ())
    guessed = make_corpus(f"国民经济和社会发展统计公报\n{'2023年，长沙市增长5%。' * 5}", name="公报").documents[0]
    assert guessed.title_year is None
    assert [doubt for doubt in guessed.doubts if "place" in doubt]
    assert [doubt for doubt in guessed.doubts if "year" in doubt]


@pytest.mark.parametrize(
    "text",
    [
        "\ufeff" + REPORT,
        "\n\n# " + REPORT,
        "当前位置: 首页 >> 政务公开 >> 内容\n\n" + REPORT,
    ],
    ids=["BOM", "Markdown", "breadcrumb"],
)
def test_a_title_is_a_title(text: str) -> None:
    """Marks and menus before it are no part of it."""
    assert make_document(text).title == "2024年青石市政府工作报告"


@pytest.mark.parametrize(
    ("title", "byline", "body", "kind", "review", "plan"),
    [
        ("2024年青石市政府工作报告", "——2024年1月16日", "一、2023年工作回顾\n好。\n二、2024年工作安排\n好。", "annual", "2023", "2024"),
        ("政府工作报告", "——2024年1月16日", "一、去年工作回顾\n好。\n二、今年工作安排\n好。", "annual", "2023", "2024"),
        ("政府工作报告", "——2022年1月16日", "一、过去五年工作回顾\n2021年好。\n二、今后五年奋斗目标\n好。\n三、2022年重点工作\n好。", "annual", "2021", "2022"),
        ("政府工作报告", "", "一、2023年工作回顾\n好。\n二、2024年工作安排\n好。", "annual", "2023", "2024"),
        ("2023年上半年政府工作情况的报告", "——2023年8月2日", "一、上半年工作情况\n好。\n二、下半年工作安排\n好。", "half_year", "2023-H1", "2023-H2"),
    ],
)  # fmt: skip
def test_what_a_report_reviews_and_plans(title: str, byline: str, body: str, kind: str, review: str, plan: str) -> None:
    """Headings first, then the day on which it was given."""
    document = make_document(make_report(body, title=title, byline=byline))
    assert (document.kind, str(document.review), str(document.plan)) == (kind, review, plan)


def test_a_title_that_the_text_contradicts_loses() -> None:
    """A report listed as 2024 that reviews 2011 is dated by its text, and says so."""
    text = make_report("一、2011年工作回顾\n2011年，我们努力工作。\n二、2012年工作安排\n好。", byline="")
    document = make_document(text)
    assert (str(document.review), str(document.plan)) == ("2011", "2012")
    (contradiction,) = document.contradictions
    assert contradiction == "the title says 2024, the text reviews 2011 and plans 2012"


def test_a_file_name_that_the_text_contradicts_is_noted() -> None:
    draft = make_draft(REPORT, name="2019年青石市政府工作报告.txt")
    (contradiction,) = draft.contradictions
    assert contradiction.startswith("the file name says 2019")


def test_a_byline_that_the_text_contradicts_is_noted() -> None:
    draft = make_draft(REPORT.replace("——2024年1月16日", "——2019年1月16日"))
    assert any("2019-01-16" in contradiction for contradiction in draft.contradictions)


LISTING = "\n".join(
    (
        "产业园区网  首页  招商引资",
        "• 首页",
        "• 青石市政府工作报告",
        "",
        f"    2024年青石市政府工作报告各位代表:现在,我代表青石市人民政府,向大会报告工作,请予审议。 {BODY.replace(chr(10), '')}",
        "",
        "    2025-07-08",
        "",
        "• 白水县政府工作报告",
        "",
        f"    2024年白水县政府工作报告各位代表:现在,我代表白水县人民政府,向大会报告工作,请予审议。 {BODY.replace(chr(10), '')}",
        "",
        "    2025-07-08",
        "",
        "版权声明:本网站转载的内容仅供参考。",
    )
)


def test_a_listing_gives_one_document_for_each_article() -> None:
    """What stands between and behind the articles belongs to none."""
    corpus = make_corpus(LISTING)
    assert [d.region for d in corpus.documents] == ["青石市", "白水县"]
    assert [str(d.review) for d in corpus.documents] == ["2023", "2023"]
    held = "".join(d.span.of(LISTING) for d in corpus.documents)
    assert not [words for words in ("版权声明", "产业园区网", "2025-07-08", "首页") if words in held]


def test_two_reports_in_one_file_are_two_documents() -> None:
    """Each begins at its title; the second is not taken for a part of the first."""
    first = make_report(BODY)
    second = make_report(
        BODY.replace("2023", "2021").replace("2024", "2022"),
        title="2022年白水市政府工作报告",
        byline="——2022年1月10日在白水市第九届人民代表大会第二次会议上",
        government="白水市人民政府",
    )
    corpus = make_corpus(first + second)
    assert [(d.region, str(d.review)) for d in corpus.documents] == [("青石市", "2023"), ("白水市", "2021")]
    assert corpus.documents[0].span.end <= corpus.documents[1].span.start


@pytest.mark.parametrize(
    "text",
    [
        "新华社讯:某港口集装箱吞吐量再创新高,比去年增长8%。",
        "关于开展春季植树活动的通知\n各单位:请按要求落实。",
        "第一章 总则\n第一条 为了规范管理,制定本办法。",
    ],
)
def test_other_texts_are_other(text: str) -> None:
    """A news item, a notice or a rule is no report: nobody gave it, and it reviews nothing."""
    draft = make_draft(text)
    assert (draft.kind, draft.review, draft.plan, draft.speaker, draft.issuer) == ("other", None, None, None, None)


def test_a_document_is_never_empty() -> None:
    """Text that is no report at all is still one document, and its span is its text."""
    (draft,) = find_documents(make_source("  \n 一些文字 \n "), Gazetteer.load())
    assert draft.span.of("  \n 一些文字 \n ") == "一些文字"


def test_a_summary_of_the_work_of_a_street_is_a_report() -> None:
    """…工作总结 of a subdistrict, with decimal headings, speaks of a year and then of the next."""
    text = (
        "安河市北苑街道2023年工作总结和2024年工作计划\n\n2023年，街道党工委、办事处扎实推进各项工作。\n"
        "1.2023年工作总结\n1.1 经济稳中向好\n完成固定资产投资12.5亿元，增长8%。实现税收3.2亿元。\n"
        "1.2 民生持续改善\n改造老旧小区6个。\n2.2024年工作计划\n完成固定资产投资13亿元。改造老旧小区4个。\n"
    )
    document = make_document(text)
    assert (document.kind, document.region, str(document.review)) == ("summary", "安河市北苑街道", "2023")
    assert [(str(f.period), f.status.value) for f in facts_of(text)] == [("2023", "actual")] * 4 + [
        ("2024", "target")
    ] * 2


@pytest.mark.parametrize("zero", ["Ｏ", "0", "O", "○"])
def test_a_report_whose_years_have_other_zeros(zero: str) -> None:
    """In title, byline, headings and text, and in the file name: the same years as with plain digits."""
    text = REPORT.replace("2023年", f"二{zero}二三年").replace("2024年", f"二{zero}二四年")
    draft, facts = make_draft(text, f"青石市2{zero}24年政府工作报告.txt"), facts_of(text)
    assert (draft.given, str(draft.review), str(draft.plan)) == (dt.date(2024, 1, 16), "2023", "2024")
    assert draft.contradictions == ()
    assert [(f.indicator, f.value, f.period) for f in facts] == [
        (f.indicator, f.value, f.period) for f in facts_of(REPORT)
    ]


def test_a_file_name_with_letters_for_zeros_is_read() -> None:
    """One that the text contradicts is noted."""
    assert "2019" in make_draft(REPORT, "青石市2O19年政府工作报告.txt").contradictions[0]
