"""What a document calls itself: the line that is its title, or the file's name where no line is."""

from __future__ import annotations

from index.rules import Rule
from index.text.folding import fold
from index.text.lines import HEADING_START
from index.text.notes import NOTE_MARK
from index.words.fragments import YEAR, any_word
from index.words.lexicon import load_wording
from index.words.periods import arabic_years

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
_NAVIGATION = (">>", "点击", "首页")
"""What a page's menu and path hold, and no title does."""
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
_SOURCE = ("来源", "发布机构", "作者", "责任编辑")
_LINES = 12
"""Lines at the start of a page among which its title stands."""
_LONGEST = 60
"""Characters of a title, the site's name left out."""


_ENDS_A_PAPER = ("统计公报", "工作报告", "草案的报告", "计划的报告", "预算的报告", "决算的报告")


def paper_title(line: str) -> str:
    """The line as the title of a paper of a year, which it is from its first to its last word; else ""."""
    words = _MARKS_OF_A_HEADING.sub("", line.strip()).strip("* \t\u3000")
    ended = NOTE_MARK.sub("", words).endswith(_ENDS_A_PAPER)
    return words if ended and len(words) <= _LONGEST and _CALLS_ITSELF.search(arabic_years(fold(words))) else ""


def _navigates(line: str) -> bool:
    return line.startswith("当前位置") or any(words in line for words in _NAVIGATION)


def title_of(raw: str, listed: str | None, file_name: str) -> str:
    """The title of a document: as a listing has it, as a line of the text says it, or as the file is named."""
    if listed:
        return _LABEL.sub("", NOTE_MARK.sub("", _TAG_OF_A_LISTING.sub("", listed))).strip()
    lines = [_plain(line) for line in raw[:HEAD].replace("\ufeff", "").split("\n")]
    lines = [_LABEL.sub("", line) for line in lines if line and not _navigates(line)]
    for line in lines[:6]:
        if _ENDS_IN_REPORT.search(line) and len(line) <= 50 and not line.startswith(("—", "─", "-")):
            return line
    own = [line for line in (_SITE.sub("", line) for line in lines[:_LINES]) if len(line) <= _LONGEST]
    called = next((line for line in own if _CALLS_ITSELF.search(line)), None)
    if called is not None:
        return called
    stem = file_name.rsplit("/", 1)[-1].rsplit(".", 1)[0]
    if _CALLS_ITSELF.search(stem):
        own_stem = _SITE.sub("", stem)
        return own_stem if _CALLS_ITSELF.search(own_stem) else stem
    if lines and len(lines[0]) <= _LONGEST and not _heads_a_part(lines[0], stem) and not SALUTATION.match(lines[0]):
        subtitle = lines[1] if len(lines) > 1 and lines[1].startswith(("—", "─", "--")) else ""
        return lines[0] + (subtitle if len(subtitle) <= _LONGEST else "")
    return stem


def _heads_a_part(line: str, stem: str) -> bool:
    """Whether a text begins with its first heading, and its file's name says what paper it is."""
    return (
        HEADING_START.match(line) is not None and load_wording().pattern("papers", "accounts").search(stem) is not None
    )


def _plain(line: str) -> str:
    """A line without what a page, a heading or a table puts around a title."""
    words = _MARKS_OF_A_HEADING.sub("", line).strip()
    if words.startswith("|"):
        # The title on the cover of a workbook stands in a table's cell.
        words = max((cell.strip(" |—-") for cell in words.split("|")), key=len)
    # 来源：某网      政府工作报告
    return words.split("   ")[-1].strip() if words.startswith(_SOURCE) else words
