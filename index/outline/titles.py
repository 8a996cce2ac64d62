"""What a document calls itself: the line that is its title, or the file's name where no line is."""

from __future__ import annotations

from index.rules import Rule
from index.words.fragments import YEAR, any_word

HEAD = 500
"""Characters at the start of a document in which titles, bylines and salutations stand."""

SALUTATION = Rule(
    "outline.titles.salutation",
    r"各位(?:代表|委员)",
    takes=("⟦各位代表⟧:",),
    leaves=("人大代表和政协委员",),
)
_TAG_OF_A_LISTING = Rule(
    "outline.titles.tag_of_a_listing",
    r"^【[^】]*】",
    takes=("⟦【转载】⟧2021年清柏区政府工作报告",),
    leaves=("政府工作报告【摘要】",),
)
_MARKS_OF_A_HEADING = Rule(
    "outline.titles.marks_of_a_heading",
    r"^#+\s*",
    takes=("⟦## ⟧政府工作报告",),
    leaves=("C#软件开发",),
)
_PAGE_NAVIGATION = Rule(
    "outline.titles.page_navigation",
    r">>|点击|^当前位置|首页",
    takes=("⟦当前位置⟧:政务公开", "浏览⟦>>⟧正文"),
    leaves=("政务公开年度报告", "项目当前位置图"),
)
_ENDS_IN_REPORT = Rule(
    "outline.titles.ends_in_report",
    r"报告(?:[（(].{1,8}[）)])?$",
    takes=("清柏县政府工作⟦报告(摘要)⟧",),
    leaves=("报告起草说明",),
)


_LABEL = Rule(
    "outline.titles.label",
    r"^标题[:：]\s*",
    takes=("⟦标题：⟧清柏县政府工作报告",),
    leaves=("标题党",),
)
_SITE = Rule(
    "outline.titles.site",
    r"(?<=[^\d-])\s*(?:[_|]|-(?!-)|\s[–—]\s).*$",
    takes=("霁川市2021年统计公报⟦-霁川市人民政府门户网站⟧", "清柏县预算执行情况的报告⟦ _财政报告_清柏县政府⟧"),
    leaves=("2021-2025年规划纲要", "云岭县统计公报——数据"),
    why="What a page's title says behind the document's own is the site's.",
)
_CALLS_ITSELF = Rule(
    "outline.titles.calls_itself",
    rf"{YEAR}.{{0,40}}{any_word('papers')}",
    takes=("⟦2021年霁川市国民经济和社会发展统计公报⟧",),
    leaves=("2021年3月8日", "政府公报 统计公报 财政预算"),
    why="A line that names a year and a paper is a title; papers without a year may be a page's menu.",
)
_LINES = 12
"""Lines at the start of a page among which its title stands."""
_LONGEST = 60
"""Characters of a title, the site's name left out."""


def title_of(raw: str, listed: str | None, file_name: str) -> str:
    """The title of a document: as a listing has it, as a line of the text says it, or as the file is named."""
    if listed:
        return _TAG_OF_A_LISTING.sub("", listed).strip()
    lines = [_MARKS_OF_A_HEADING.sub("", line).strip() for line in raw[:HEAD].replace("\ufeff", "").split("\n")]
    lines = [_LABEL.sub("", line) for line in lines if line and not _PAGE_NAVIGATION.search(line)]
    for line in lines[:6]:
        if _ENDS_IN_REPORT.search(line) and len(line) <= 50 and not line.startswith(("—", "─", "-")):
            return line
    own = [line for line in (_SITE.sub("", line) for line in lines[:_LINES]) if len(line) <= _LONGEST]
    called = next((line for line in own if _CALLS_ITSELF.search(line)), None)
    if called is not None:
        return called
    stem = file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if _CALLS_ITSELF.search(stem):
        return stem
    if lines and len(lines[0]) <= _LONGEST:
        subtitle = lines[1] if len(lines) > 1 and lines[1].startswith(("—", "─", "--")) else ""
        return lines[0] + (subtitle if len(subtitle) <= _LONGEST else "")
    return stem
