"""What sort of document it is, from its title, its file's name and its first lines, in this order."""

from __future__ import annotations

import re

from index.outline.titles import HEAD, SALUTATION
from index.outline.years import MONTHS_SO_FAR
from index.rules import At, Rule
from index.types import Kind
from index.words.fragments import HAN, LINE, any_word

_SUMMARY = Rule(
    "outline.kinds.summary",
    any_word("summaries"),
    takes=("清柏街道2021⟦年工作总结⟧", "⟦上半年工作汇报⟧"),
    leaves=("年终总结大会",),
)
"""Titles of reports that do not call themselves so: 2021年上半年工作总结和下半年工作安排."""
_OTHERS = Rule(
    "outline.kinds.others",
    rf"{any_word('other_reporters')}",
    takes=("清柏县⟦检察院⟧工作报告",),
    leaves=("清柏县人民政府工作报告",),
)
"""Who else gives reports on work."""
_GOVERNMENT_REPORT = Rule(
    "outline.kinds.government_report",
    r"政府工作报告|工作情况的?报告|报告.{0,12}工作|政府工作|政府.{0,24}报告",
    takes=("青石县⟦政府工作报告⟧", "清柏县⟦政府关于上半年有关情况的报告⟧"),
    leaves=("关于预算执行情况的报告",),
)
_ENDS_IN_WORK_REPORT = Rule(
    "outline.kinds.ends_in_work_report",
    r"工作报告$",
    takes=("岭湾新区管委会⟦工作报告⟧",),
    leaves=("工作报告起草说明",),
)
_HALF_YEAR_TITLE = Rule(
    "outline.kinds.half_year_title",
    r"上半年.{0,24}(?:报告|情况)|上半年(?:政府)?工作|政府上半年",
    takes=("云岭县2024年⟦上半年工作⟧总结", "⟦政府上半年⟧重点工作汇报"),
    leaves=("云岭县2024年工作总结",),
)
_COMRADES = Rule(
    "outline.kinds.comrades_salutation",
    rf"{LINE}同志们[:,!]",
    takes=("⟦同志们:⟧\n现在,我代表管委会",),
    leaves=("衷心感谢同志们!",),
    why="A salutation has a line of its own; 感谢同志们 is none.",
)
_TITLED_GOVERNMENT_REPORT = Rule(
    "outline.kinds.titled_government_report",
    r"政府工作报告(?:\([^)]*\)|[\d_ 年])*$",
    takes=("霁川市⟦政府工作报告(摘要)⟧", "清柏县⟦政府工作报告_2021年⟧"),
    leaves=("《政府工作报告》起草说明",),
)


_WORK_REPORT = Rule(
    "outline.kinds.work_report",
    r"政府工作报告|工作报告$",
    takes=("清柏县⟦政府工作报告⟧(全文)", "岭湾新区管理委员会⟦工作报告⟧"),
    leaves=("关于预算执行情况的报告",),
)
_BULLETIN = Rule(
    "outline.kinds.bulletin",
    r"(?<!会议|全会|政府)公报|statistical communiqu",
    flags=re.IGNORECASE,
    takes=("霁川市2021年国民经济和社会发展统计⟦公报⟧", "第四次经济普查⟦公报⟧(第一号)"),
    leaves=("第六次全体会议公报", "政府公报", "市政府公告"),
    why="The communiqué of a meeting and the gazette of a government tell no statistics.",
)
_BUDGET = Rule(
    "outline.kinds.budget",
    r"预算.{0,12}(?:执行|草案|报告|安排|调整)|决算",
    takes=("霁川市2021年⟦预算执行⟧情况", "2021年市级⟦决算⟧(草案)"),
    leaves=("2021年预算绩效管理办法",),
)
_PLAN = Rule(
    "outline.kinds.plan",
    r"国民经济和社会发展计划|计划执行情况",
    takes=("霁川市2021年⟦国民经济和社会发展计划⟧执行情况的报告",),
    leaves=("国民经济和社会发展统计公报", "工作计划"),
)
_OUTLINE = Rule(
    "outline.kinds.outline",
    rf"{any_word('outlines')}|规划.{{0,12}}纲要",
    takes=("霁川市国民经济和社会发展第十四个⟦五年规划⟧和2035年远景目标纲要",),
    leaves=("城市总体规划", "规划局工作总结"),
)
_ACCOUNT = Rule(
    "outline.kinds.account",
    any_word("accounts"),
    takes=("2021年霁川市经济⟦运行情况⟧", "药品流通行业运行统计⟦分析报告⟧"),
    leaves=("情况说明", "研究报告"),
)
_ENGLISH_REPORT = Rule(
    "outline.kinds.english_report",
    any_word("english_reports"),
    flags=re.IGNORECASE,
    takes=("⟦REPORT ON THE WORK OF THE GOVERNMENT⟧",),
    leaves=("report on the government's finances",),
)
_ABOUT_A_PAPER = Rule(
    "outline.kinds.about_a_paper",
    any_word("afterwards"),
    takes=("霁川市2021年统计公报⟦解读⟧", "⟦我市发布⟧2021年统计公报"),
    leaves=("霁川市2021年统计公报",),
)
_MENU = Rule(
    "outline.kinds.menu",
    rf"{HAN}{{2,6}}(?:[ |>]+{HAN}{{2,6}})+",
    takes=("⟦政府公报 统计公报 财政预算⟧",),
    leaves=("2021年 统计公报",),
    at=At.WHOLE,
)
_OF_FIGURES = ((_BULLETIN, Kind.BULLETIN), (_BUDGET, Kind.BUDGET), (_PLAN, Kind.PLAN), (_OUTLINE, Kind.OUTLINE))
"""Papers that name themselves, the surest first."""


def kind_of(head: str, title: str, file_name: str, text: str) -> Kind:
    """The kind of a document; all words folded. A title outdoes the file's name, and both outdo the first lines."""
    # Who is spoken to is given a report: a page's menu above it may name anything.
    spoken = SALUTATION.search(text[: HEAD * 2]) is not None
    for name in (title, file_name):
        if _MENU.fullmatch(name):
            continue
        if _ABOUT_A_PAPER.search(name):
            return Kind.NEWS
        if _WORK_REPORT.search(name) or _ENGLISH_REPORT.search(name):
            break
        kind = next((kind for rule, kind in _OF_FIGURES if rule.search(name)), None)
        if kind is not None and not (kind is Kind.BULLETIN and spoken):
            return kind
    if _ENGLISH_REPORT.search(title + "\n" + head):
        return Kind.ANNUAL
    found = _kind_of_a_report(head, title, text)
    if found is Kind.OTHER and not _OTHERS.search(title) and any(_ACCOUNT.search(name) for name in (title, file_name)):
        return _kind_of_an_account(title, file_name)
    return found


def _kind_of_an_account(*names: str) -> Kind:
    """How things went in a year, or in the months of it that a name tells."""
    if any("上半年" in name for name in names):
        return Kind.HALF_YEAR
    return Kind.QUARTER if any(MONTHS_SO_FAR.search(name) for name in names) else Kind.SUMMARY


def _kind_of_a_report(head: str, title: str, text: str) -> Kind:
    opening = title + "\n" + head
    reports = _GOVERNMENT_REPORT.search(opening)
    if reports is None and not _OTHERS.search(title):
        reports = _ENDS_IN_WORK_REPORT.search(title)
    if reports is None and _SUMMARY.search(title) is None:
        return Kind.OTHER
    if _HALF_YEAR_TITLE.search(title) or ("上半年" in head and "上半年" in title):
        return Kind.HALF_YEAR
    if "上半年工作" in head and "政府工作报告" not in title:
        return Kind.HALF_YEAR
    comrades = _ENDS_IN_WORK_REPORT.search(title) and _COMRADES.search(text[: HEAD * 2])
    if comrades or SALUTATION.search(text[: HEAD * 2]) or any(map(_TITLED_GOVERNMENT_REPORT.search, title.split("_"))):
        return Kind.ANNUAL
    return Kind.SUMMARY
