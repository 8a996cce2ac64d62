"""Sections and sentences: what part of a report speaks of which time, and whether it tells or plans."""

from __future__ import annotations

import pytest

from tests.builders import REPORT, make_report, sections, sentences


def test_a_report_turns_from_results_to_plans() -> None:
    """Sections take period and status from their headings, and smaller ones from those they lie in."""
    assert sections(REPORT) == [
        ("", "2023", "actual"),
        ("一、2023年工作回顾", "2023", "actual"),
        ("(一)产业发展稳中有进", "2023", "actual"),
        ("(二)民生福祉持续改善", "2023", "actual"),
        ("二、2024年工作安排", "2024", "target"),
        ("(一)全力扩大有效投资", "2024", "target"),
        ("(二)持续增进民生福祉", "2024", "target"),
    ]


@pytest.mark.parametrize(
    ("headings", "told"),
    [
        (("一、过去五年工作回顾", "二、今后五年奋斗目标", "三、2024年重点工作"), [("2019/2023", "actual"), ("2024/2028", "target"), ("2024", "target")]),
        (("一、2023年工作回顾", "二、2024年工作安排", "三、加强政府自身建设"), [("2023", "actual"), ("2024", "target"), ("2024", "target")]),
        (("一、2023年工作回顾", "二、关于《青石市国民经济和社会发展第十五个五年规划纲要(草案)》的说明", "三、2024年主要任务"), [("2023", "actual"), ("2026/2030", "target"), ("2024", "target")]),
        (("一、去年工作回顾", "二、今年工作任务"), [("2023", "actual"), ("2024", "target")]),
        (("一、2023年工作回顾和2024年工作的总体要求", "二、2024年重点任务"), [("2023", "actual"), ("2024", "target")]),
    ],
)  # fmt: skip
def test_what_each_part_speaks_of(headings: tuple[str, ...], told: list[tuple[str, str]]) -> None:
    """Five years, one year, a plan, and a part that says neither and goes on as the one before."""
    body = "\n".join(f"{heading}\n我们扎实推进各项工作。" for heading in headings)
    assert [(period, status) for heading, period, status in sections(make_report(body)) if heading] == told


def test_sentences_are_cut_at_their_ends() -> None:
    """。！？ and line ends part sentences; a closing quotation mark stays with its sentence; headings are none."""
    text = make_report("一、2023年工作回顾\n经济稳中有进。大家说：“日子更好了！”我们继续努力吗？\n是的；一定")
    assert [s.text for s in sentences(text) if s.heading] == [
        "经济稳中有进。",
        "大家说:“日子更好了!”",
        "我们继续努力吗?",
        "是的;一定",
    ]


@pytest.mark.parametrize(
    ("text", "periods"),
    [
        ("过去一年，成绩显著。新增企业300户。", ["2023", "2023"]),
        ("“十三五”期间，我们打下了基础。累计建成道路80公里。", ["2016/2020", "2016/2020"]),
        ("“十三五”期间，我们打下了基础。过去一年，新建道路20公里。", ["2016/2020", "2023"]),
        ("上半年，外贸下降。全年进出口由负转正。", ["2023-H1", "2023"]),
        ("上半年，外贸下降。新增企业300户。", ["2023-H1", "2023"]),
        ("到2030年，全面建成。新增企业300户。", ["2030", "2023"]),
        ("比2019年增长5%。", ["2023"]),
    ],
)
def test_the_time_of_a_sentence(text: str, periods: list[str]) -> None:
    """Its own first, then a span of years opened before it, else that of its section."""
    found = sentences(make_report(f"一、2023年工作回顾\n{text}"))
    assert [str(s.period) for s in found if s.heading] == periods


def test_what_is_not_over_when_the_report_is_given_is_no_result() -> None:
    """A look ahead in a passage of results is a target, whatever the heading says."""
    found = sentences(make_report("一、2023年工作回顾\n到2030年，全面建成现代化新城。今年将启动二期工程。"))
    assert [s.status for s in found if s.heading] == ["target", "target"]


def test_every_sentence_knows_its_section_and_heading() -> None:
    found = [s for s in sentences(REPORT) if "就业1.2万人" in s.text]
    assert [s.heading for s in found] == [("二、2024年工作安排", "(二)持续增进民生福祉")]
    assert found[0].section_id.endswith(".s6")
