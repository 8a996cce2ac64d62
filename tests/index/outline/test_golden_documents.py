"""The structure of the five real files, as a reader of them would write it down."""

from __future__ import annotations

import datetime as dt

import pytest

from index.store.snapshot import IndexSnapshot
from index.types import Document
from tests.builders import brief

HALF_2025, HALF_2020, REVIEW_2024, ANNUAL_2020, LISTING = (
    "000_f4a979547995b3ea.txt",
    "001_db8ee4bb34bbb4f3.txt",
    "002_face59470fb1d086.txt",
    "003_9420b6cb8d12d681.txt",
    "004_606b8993a8cf2f09.txt",
)

# file, title, region, kind, given, speaker, review, plan, number of sections
DOCUMENTS = (
    (HALF_2025, "政府上半年工作情况报告", "嘉定区", "half_year", "2025-07-23", "高香", "2025-H1", "2025-H2", 25),
    (HALF_2020, "区政府上半年工作情况的报告", "嘉定区", "half_year", "2020-08-27", "高香", "2020-H1", "2020-H2", 20),
    (REVIEW_2024, "全面深化改革,构建新发展格局——《政府工作报告》关于2024年工作的回顾(摘要)", "嘉定区", "summary", None, None, "2024", None, 6),
    (ANNUAL_2020, "2020年上海市嘉定区人民政府工作报告", "嘉定区", "annual", "2020-01-07", "陆方舟", "2019", "2020", 19),
    (LISTING, "2021年青浦区政府工作报告", "青浦区", "annual", None, None, "2020", "2021", 15),
    (LISTING, "2021年普陀区政府工作报告", "普陀区", "annual", "2021-01-18", "姜冬冬", "2020", "2021", 20),
    (LISTING, "2021年虹口区政府工作报告", "虹口区", "annual", "2021-01-13", "胡广杰", "2020", "2021", 26),
    (LISTING, "2021年嘉定区政府工作报告", "嘉定区", "annual", "2021-02-03", "高香", "2020", "2021", 31),
    (LISTING, "2021年闵行区政府工作报告", "闵行区", "annual", "2021-02-02", "陈宇剑", "2020", "2021", 21),
    (LISTING, "2021年杨浦区政府工作报告", "杨浦区", "annual", None, None, "2011", "2012", 18),
    (LISTING, "2021年松江区政府工作报告", "松江区", "annual", "2021-01-12", "李谦", "2020", "2021", 23),
    (LISTING, "2021年徐汇区政府工作报告", "徐汇区", "annual", "2021-01-13", "钟晓咏", "2020", "2021", 22),
    (LISTING, "上港集团深化科技强港战略 以创新驱动融入新发展格局", "上海市", "other", None, None, None, None, 4),
    (LISTING, "上海工控系统国产化突破 筑牢制造业数字化转型基石", "上海市", "other", None, None, None, None, 5),
)  # fmt: skip

PLAN_OF_2021 = "2021/2025"


def found(snapshot: IndexSnapshot, source: str, region: str = "嘉定区") -> Document:
    (document,) = [d for d in snapshot.documents if (d.source, d.region) == (source, region)]
    return document


def test_each_file_gives_its_documents(snapshot: IndexSnapshot) -> None:
    """One report in each of four files, eight reports and two news items in the listing: who, when and about what."""
    rows = tuple(
        (
            d.source, d.title, d.region, d.kind.value, d.given.isoformat() if d.given else None, d.speaker,
            str(d.review) if d.review else None, str(d.plan) if d.plan else None, len(d.sections),
        )
        for d in snapshot.documents
    )  # fmt: skip
    assert rows == DOCUMENTS


def test_the_counts(snapshot: IndexSnapshot) -> None:
    counts = snapshot.manifest.counts
    assert (counts["sources"], counts["documents"], counts["sections"]) == (5, 14, 255)
    assert counts["sentences"] == len(snapshot.sentences) > 3500
    assert counts["chunks"] == len(snapshot.chunks) > 350
    assert counts["facts"] == len(snapshot.facts) > 1800


def test_every_district_belongs_to_its_city(snapshot: IndexSnapshot) -> None:
    """The government that speaks, and the place above it."""
    reports = [d for d in snapshot.documents if d.kind != "other"]
    assert {d.parent for d in reports} == {"上海市"}
    assert all(d.issuer == f"{d.region}人民政府" for d in reports)
    assert {d.issuer for d in snapshot.documents if d.kind == "other"} == {None}


def test_only_yangpu_contradicts_its_title(snapshot: IndexSnapshot) -> None:
    """The report listed as 2021 speaks of the years to 2011 and plans 2012; it is dated by its text."""
    (wrong,) = [d for d in snapshot.documents if d.contradictions]
    assert (wrong.region, str(wrong.review), str(wrong.plan)) == ("杨浦区", "2011", "2012")
    (contradiction,) = wrong.contradictions
    assert "2021" in contradiction
    assert "2011" in contradiction
    periods = {str(f.period) for f in snapshot.facts if f.document_id == wrong.id}
    assert periods
    assert not {p for p in periods if p.startswith(("2019", "202"))}


PARTS = {
    (HALF_2025, "嘉定区"): (
        ("", "2025-H1", "actual"),
        ("第一方面:关于上半年全区经济社会发展工作", "2025-H1", "actual"),
        ("第二方面:关于代表、委员比较关心的问题", "2025-H2", "target"),
    ),
    (HALF_2020, "嘉定区"): (
        ("", "2020-H1", "actual"),
        ("一、关于上半年工作情况", "2020-H1", "actual"),
        ("二、关于下半年工作计划", "2020-H2", "target"),
        ("关于新冠肺炎疫情防控工作情况", "2020-H1", "actual"),
        ("关于经济发展工作情况", "2020-H1", "actual"),
        ("关于乡村振兴工作情况", "2020-H1", "actual"),
        ("关于“两张网”建设工作情况", "2020-H1", "actual"),
        ("关于“十四五”规划编制工作情况", "2020-H1", "actual"),
    ),
    (REVIEW_2024, "嘉定区"): (
        ("", "2024", "actual"),
        ("经济高质量发展彰显新成效", "2024", "actual"),
        ("城市能级和核心竞争力迈上新台阶", "2024", "actual"),
        ("城市现代化治理取得新进展", "2024", "actual"),
        ("人民生活品质得到新提升", "2024", "actual"),
        ("政府自身建设展现新气象", "2024", "actual"),
    ),
    (ANNUAL_2020, "嘉定区"): (
        ("", "2019", "actual"),
        ("一、2019年工作回顾", "2019", "actual"),
        ("二、2020 年工作安排", "2020", "target"),
        ("三、推动政府治理能力现代化", "2020", "target"),
    ),
    (LISTING, "青浦区"): (
        ("", "2020", "actual"),
        ("一、2020年工作回顾", "2020", "actual"),
        ("二、关于《上海市青浦区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要(草案)》的说明", PLAN_OF_2021, "target"),
        ("三、2021年主要任务", "2021", "target"),
    ),
    (LISTING, "普陀区"): (
        ("", "2020", "actual"),
        ("一、2020年工作回顾", "2020", "actual"),
        ("二、关于《普陀区国民经济和社会发展第十四个五年规划和二○三五年远景目标纲要(草案)》的说明", PLAN_OF_2021, "target"),
        ("三、全力做好“十四五”开局工作", "2021", "target"),
        ("四、推进政府治理现代化", "2021", "target"),
    ),
    (LISTING, "虹口区"): (
        ("", "2020", "actual"),
        ("一、2020年工作回顾", "2020", "actual"),
        ("二、关于《上海市虹口区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要(草案)》的说明", PLAN_OF_2021, "target"),
        ("三、全力以赴做好“十四五”开局工作", "2021", "target"),
        ("四、全面加强政府自身建设", "2021", "target"),
    ),
    (LISTING, "嘉定区"): (
        ("", "2020", "actual"),
        ("一、2020年工作回顾", "2020", "actual"),
        ("二、关于《上海市嘉定区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要(草案)》的说明", PLAN_OF_2021, "target"),
        ("三、2021年主要任务", "2021", "target"),
        ("四、推进政府治理现代化", "2021", "target"),
    ),
    (LISTING, "闵行区"): (
        ("", "2020", "actual"),
        ("一、2020年工作回顾", "2020", "actual"),
        ("二、关于《闵行区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要(草案)》的说明", PLAN_OF_2021, "target"),
        ("三、2021年主要任务", "2021", "target"),
        ("四、推进政府治理现代化", "2021", "target"),
    ),
    (LISTING, "杨浦区"): (
        ("", "2011", "actual"),
        ("一、过去五年工作回顾", "2007/2011", "actual"),
        ("二、今后五年的奋斗目标和主要任务", "2012/2016", "target"),
        ("三、2012年主要任务", "2012", "target"),
    ),
    (LISTING, "松江区"): (
        ("", "2020", "actual"),
        ("一、2020年工作回顾", "2020", "actual"),
        ("二、关于《上海市松江区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要(草案)》的说明", PLAN_OF_2021, "target"),
        ("三、2021年主要工作", "2021", "target"),
        ("四、推进政府治理现代化", "2021", "target"),
    ),
    (LISTING, "徐汇区"): (
        ("", "2020", "actual"),
        ("一、2020年工作回顾", "2020", "actual"),
        ("二、关于《徐汇区国民经济和社会发展第十四个五年规划和二〇三五年远景目标纲要(草案)》的说明", PLAN_OF_2021, "target"),
        ("三、全力以赴做好“十四五”开局工作", "2021", "target"),
        ("四、推进政府治理现代化", "2021", "target"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("key", PARTS, ids=lambda key: f"{key[0][:3]}-{key[1]}")
def test_the_parts_of_a_report_tell_results_or_plans(snapshot: IndexSnapshot, key: tuple[str, str]) -> None:
    """Top-level headings as printed, each with the period it speaks of and whether it tells or plans."""
    document = found(snapshot, *key)
    assert tuple(brief(s) for s in document.sections if len(s.heading) <= 1) == PARTS[key]


LAST = {
    (HALF_2025, "嘉定区"): "第四,推动基层治理服务融合",
    (HALF_2020, "嘉定区"): "关于“十四五”规划编制工作情况",
    (ANNUAL_2020, "嘉定区"): "（三）全面加强作风建设",
    (LISTING, "青浦区"): "(八)加快提升城市治理水平",
    (LISTING, "嘉定区"): "(四)加强法治政府建设全力做好法治政府示范创建",
    (LISTING, "闵行区"): "四、推进政府治理现代化",
    (LISTING, "徐汇区"): "(三)持续改进工作作风",
}


@pytest.mark.parametrize("key", LAST, ids=lambda key: f"{key[0][:3]}-{key[1]}")
def test_the_last_section_ends_the_document(snapshot: IndexSnapshot, key: tuple[str, str]) -> None:
    document = found(snapshot, *key)
    last = document.sections[-1]
    assert last.heading[-1] == LAST[key]
    assert last.span.end == document.span.end


@pytest.mark.parametrize(
    ("key", "path", "period", "status"),
    [
        ((HALF_2020, "嘉定区"), ("二、关于下半年工作计划", "(八)高质量编制好“十四五”规划"), PLAN_OF_2021, "target"),
        (
            (ANNUAL_2020, "嘉定区"),
            ("一、2019年工作回顾", "（一）推动经济有体量又有质量，发展基础更加稳固"),
            "2019",
            "actual",
        ),
        ((ANNUAL_2020, "嘉定区"), ("二、2020 年工作安排", "（二）推动经济高质量发展"), "2020", "target"),
    ],
)
def test_a_section_inside(
    snapshot: IndexSnapshot, key: tuple[str, str], path: tuple[str, ...], period: str, status: str
) -> None:
    """A heading of the wrong Markdown level stands where its number puts it."""
    (section,) = [s for s in found(snapshot, *key).sections if s.heading == path]
    assert (str(section.period), section.status) == (period, status)


@pytest.mark.parametrize("words", ["产业园区网", "投资咨询热线", "点我投稿", "共 28 页", "400-162-2002", "2025-07-08"])
def test_website_furniture_is_in_no_document(snapshot: IndexSnapshot, words: str) -> None:
    """Menus, dates of publication and terms of service around the listed reports belong to no report."""
    text = snapshot.sources[LISTING].text
    places = [at for at in range(len(text)) if text.startswith(words, at)]
    assert places
    documents = [d for d in snapshot.documents if d.source == LISTING]
    assert not [at for at in places if any(d.span.start <= at < d.span.end for d in documents)]
    assert not [s for s in snapshot.sentences if words in s.text]


def test_dates_of_bylines_are_dates(snapshot: IndexSnapshot) -> None:
    """Given on the day of the byline; the later day on which the page was published is not it."""
    given = {d.given for d in snapshot.documents if d.given}
    assert dt.date(2020, 8, 27) in given
    assert dt.date(2020, 8, 28) not in given
    for document in snapshot.documents:
        if document.byline is not None and document.given is not None:
            byline = document.byline.of(snapshot.source_of(document).text)
            assert f"{document.given.year}年{document.given.month}月{document.given.day}日" in byline
