"""Chinese heading numbers to an outline.

Reports number their parts 第一方面 / 一、 / （一） / 1. / 第一，. A number counts as a heading only where it is the next one
of its rank, because 一、二期 and 三（四） stand in running text too, and some copies put a space before each of them.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

from index.rules import At, Rule
from index.types import Span
from index.words.fragments import COUNTING, HAN, LINE, TITLE, YEAR, any_word
from index.words.lexicon import load_wording

RESULT_WORDS = load_wording().pattern("heading_results")
"""Heading words that announce results."""

PLAN_WORDS = load_wording().pattern("heading_plans")
"""Heading words that announce plans; weaker than :data:`RESULT_WORDS` where both stand."""

_ROMAN = {"I": 1, "V": 5, "X": 10}
_VALUES = {c: i + 1 for i, c in enumerate(COUNTING)}


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading found in a cleaned text: ``level`` from 0 (part) to 3, ``span`` of its words."""

    level: int
    span: Span


@dataclass(frozen=True, slots=True)
class _Marker:
    level: int
    pattern: Rule
    inline: bool
    """Whether it may stand inside a paragraph, after a sentence end or a space."""
    alone: bool = False
    """Whether it heads only where the heading fills its line."""


_A_TITLE = rf"(?=(?:{YEAR}年)?(?:{HAN}|“)[^\d\n]*$)"
_MARKERS = (
    _Marker(
        0,
        Rule(
            "outline.headings.markers_of_parts",
            rf"第(?P<n>[{COUNTING}]{{1,3}})(?:方面|部分|章)[:、,]?",
            takes=("⟦第一部分⟧2021年工作回顾", "⟦第二方面:⟧关于民生"),
            leaves=("第一季度",),
        ),
        True,
    ),
    _Marker(
        1,
        Rule(
            "outline.headings.markers_counted",
            rf"(?P<n>[{COUNTING}]{{1,3}})(?:、|[.](?!\d))",
            takes=("⟦一、⟧工作回顾", "⟦二.⟧工作安排"),
            leaves=("一产、二产", "一.1工业"),
        ),
        True,
    ),
    _Marker(
        2,
        Rule(
            "outline.headings.markers_in_brackets",
            rf"[(](?P<n>[{COUNTING}]{{1,3}})[)]",
            takes=("⟦(一)⟧稳增长",),
            leaves=("(1)稳增长", "(一季度)"),
        ),
        True,
    ),
    _Marker(
        3,
        Rule(
            "outline.headings.markers_in_digits",
            r"(?P<n>\d{1,2})[.、](?!\d)",
            takes=("⟦3.⟧加强监管", "⟦10、⟧加强监管"),
            leaves=("3.5亿元",),
            why="A digit behind the point makes it a figure.",
        ),
        False,
    ),
    _Marker(
        3,
        Rule(
            "outline.headings.markers_circled",
            r"(?P<n>[①-⑳](?=[.、])|[⒈-⒛])[.、]?",
            takes=("⟦⒈⟧加强监管", "⟦①.⟧加强监管"),
            leaves=("碧水工程①",),
            why="A circled digit with no point or comma behind it marks a note.",
        ),
        False,
    ),
    _Marker(
        3,
        Rule(
            "outline.headings.markers_first_second",
            rf"第(?P<n>[{COUNTING}]{{1,2}})[,:]",
            takes=("⟦第一,⟧持续扩大投资",),
            leaves=("第一批项目",),
        ),
        True,
    ),
    # 1 2023年工作总结, 1.1 经济运行: decimal numbers, of which no other digits follow in the line.
    _Marker(
        1,
        Rule(
            "outline.headings.markers_in_bare_digits",
            rf"(?P<n>\d{{1,2}}) +{_A_TITLE}",
            flags=re.MULTILINE,
            takes=("⟦1 ⟧2023年工作总结",),
            leaves=("12 个项目完成5个",),
            why="Digits further on in the line show a row of figures.",
        ),
        False,
        True,
    ),
    _Marker(
        1,
        Rule(
            "outline.headings.markers_roman",
            r"(?P<n>[IVX]{1,4})\.\s+(?=[A-Z].{0,150}[^.,;:\s]\s*$)",
            flags=re.MULTILINE,
            takes=("⟦II. ⟧Major Tasks for 2022\n",),
            leaves=("I. e. it was done.", "I have"),
            why="Numbers of an English report; a line that ends like a sentence heads nothing.",
        ),
        False,
        True,
    ),
    # 1.2023年工作总结
    _Marker(
        1,
        Rule(
            "outline.headings.markers_before_a_year",
            rf"(?P<n>\d{{1,2}})\.(?={YEAR}年[^\d\n]*$)",
            flags=re.MULTILINE,
            takes=("⟦1.⟧2020年工作回顾",),
            leaves=("1.2020年1-6月工作",),
            why="Digits further on in the line show a sentence.",
        ),
        False,
        True,
    ),
    _Marker(
        2,
        Rule(
            "outline.headings.markers_in_decimals",
            rf"\d{{1,2}}\.(?P<n>\d{{1,2}}) *{_A_TITLE}",
            flags=re.MULTILINE,
            takes=("⟦2.1⟧预期目标",),
            leaves=("增加1.9亿元、3家",),
            why="Digits further on in the line show a figure.",
        ),
        False,
        True,
    ),
)
_AT_INLINE = Rule(
    "outline.headings.at_inline",
    r"(?:^|[\n。!?;:”)\s])$",
    takes=("成效明显⟦。⟧", "重点抓好⟦:⟧"),
    leaves=("加快建设",),
)
_SENTENCE_END = Rule(
    "outline.headings.sentence_end",
    r"[。!?;]",
    takes=("成效明显⟦。⟧",),
    leaves=("稳增长,促改革",),
)
_LINE_HEADING = Rule(
    "outline.headings.line_heading",
    rf"{LINE}(?P<t>[^\n。!?;]{{4,30}}?)[ \t]*$",
    takes=("⟦优化营商环境⟧\n",),
    leaves=("优化营商环境成效明显。",),
    why="A line that ends like a sentence is none.",
)
_ANNEX = Rule(
    "outline.headings.annex",
    r"附件|附[:、]|附录",
    takes=("⟦附件⟧:名词解释", "⟦附:⟧名词解释"),
    leaves=("附属医院建设", "本附件"),
    at=At.START,
)
_TITLE_NOUN = any_word("title_nouns")
_GLUED_TITLE = Rule(
    "outline.headings.glued_title",
    rf"[^。!?;\n]{{0,60}}?{_TITLE_NOUN}(?!{_TITLE_NOUN}|[的和及、与中以]|报告)",
    takes=("⟦2022年工作回顾⟧ 2022年是", "⟦工作回顾和主要任务⟧"),
    leaves=("工作报告的起草",),
    why="A noun that 和, 的 or another such noun goes on from does not end the title.",
    at=At.START,
)
_TITLED = Rule(
    "outline.headings.titled",
    rf"{TITLE}|\([^)]*\)",
    takes=("关于⟦《清柏县总体规划》⟧的说明", "企业情况⟦(1-11月)⟧"),
    leaves=("关于总体规划的说明",),
)
_BULLET = Rule(
    "outline.headings.bullet",
    r"^[◆◇■□●○▲△★☆※▶►·*>\s]+",
    takes=("⟦◆ ⟧街道概况",),
    leaves=("一、街道概况",),
)
_ROW = Rule(
    "outline.headings.row",
    r" \S* ?-?\d+(?:\.\d+)?%?$",
    takes=("森林覆盖率 %⟦ 68.1 70.6⟧",),
    leaves=("完成投资68.1亿元",),
)
"""The end of a row of a table whose gaps were drawn together: 森林覆盖率 % 68.1 70.6."""
_OF_A_YEAR = Rule(
    "outline.headings.of_a_year",
    rf"{YEAR}年(?![\d{COUNTING}]{{1,3}}月)(?!.*报告)[^,:、]{{2,20}}",
    takes=("⟦2022年工作回顾⟧",),
    leaves=("2022年1月9日上午", "2022年政府工作报告"),
    why="A date and the title of the report head no section.",
    at=At.WHOLE,
)
_NOTE = Rule(
    "outline.headings.note",
    r"[:]是?指",
    takes=("白改黑⟦:是指⟧将水泥路面改造",),
    leaves=("主要指标:增长6%",),
)
_TERM = Rule(
    "outline.headings.term",
    r"\d{1,2}[.、]\s*[^\n:,。;]{2,30}:(?=[^\n]{4})",
    takes=("⟦3.碧水工程:⟧指以河道治理为主",),
    leaves=("3.加强监管,确保安全", "3.主要任务:\n"),
    why="A colon at the end of its line opens a list and explains no term.",
    at=At.START,
)
"""A numbered note that says what a term means: 3.“四融一共”和美乡村：景村融合、产村融合…"""
_NOTES = 3
"""The level of headings that notes are numbered like."""
_BELOW = 1000
"""Characters behind a line in which the paragraph begins that it heads."""
MAX_HEADING = 60
"""Characters; what is longer is a paragraph that happens to begin with a number."""


def find_headings(text: str) -> list[Heading]:
    """The headings of one document's cleaned text, in order."""
    # 3.技工贸收入：是指企业全年的…: a numbered note explains a term and heads nothing.
    candidates = [
        h
        for h in _numbered(text)
        if not _NOTE.search(text, h.span.start, h.span.end + 1)
        and not (h.level == _NOTES and _TERM.match(text, h.span.start))
    ]
    taken = [h.span for h in candidates]
    ends = [t.end for t in taken]
    begins, ends_at = len(text) - len(text.lstrip()), len(text.rstrip())
    top_levels = {h.level for h in candidates if h.level <= 1}
    for match in _LINE_HEADING.finditer(text):
        span = Span(match.start("t"), match.end("t"))
        # Numbered headings stand in order, one behind another.
        near = bisect_right(ends, span.start)
        if (near < len(taken) and taken[near].start < span.end) or not _is_title_line(
            text, span, ends_at, first=span.start <= begins
        ):
            continue
        annex = _ANNEX.match(match["t"]) is not None
        of_a_year = _OF_A_YEAR.fullmatch(_BULLET.sub("", match["t"])) is not None
        if annex or not top_levels or of_a_year or match["t"].startswith("关于"):
            candidates.append(Heading(0 if annex else 1, span))
    candidates.sort(key=lambda h: h.span)
    return candidates


_NO_TITLE = Rule(
    "outline.headings.no_title",
    r"[:,、]$|^各位|^\d{4}[-年]|点击|分享|^[-—─–]|\d{4}年\d+月\d+日|[区市省县州]长|主席|会议",
    takes=("⟦2021年⟧1月9日", "云岭县⟦县长⟧林远山"),
    leaves=("优化营商环境",),
    why="Dates, salutations and bylines stand on short lines as titles do.",
)
_FOUR_CHARACTERS = Rule(
    "outline.headings.four_characters",
    rf"{HAN}{{4}}",
    takes=("【2016⟦年工作回⟧顾】",),
    leaves=("第12部分",),
    why="A title says something in words.",
)
LINE_BELOW = Rule(
    "outline.headings.line_below",
    r"\s*([^\n]+)",
    takes=("⟦\n一年来,全县上下奋力拼搏⟧\n",),
    leaves=("\n\n",),
    at=At.START,
)


def _is_title_line(text: str, span: Span, ends_at: int, *, first: bool) -> bool:
    """A short line without a sentence end, before a paragraph and not part of the opening or the salutation.

    ``first``: whether nothing stands before it; the text ends at ``ends_at``.
    """
    line = _BULLET.sub("", span.of(text).strip())
    if _ROW.search(line):
        return False
    if _OF_A_YEAR.fullmatch(line) and (RESULT_WORDS.search(line) or PLAN_WORDS.search(line)):
        # 2022年工作回顾 is no date, and may stand right before the first of its parts.
        return not first and span.end < ends_at
    if _NO_TITLE.search(line):
        return False
    if not _FOUR_CHARACTERS.search(line):
        return False
    if "《" in line and not _ANNEX.match(line):
        return False
    following = LINE_BELOW.match(text, span.end, span.end + _BELOW)
    return following is not None and len(following[1]) >= MAX_HEADING and not first


def _numbered(text: str) -> list[Heading]:
    found: list[Heading] = []
    counters: dict[tuple[int, int], int] = {}
    matches = sorted(
        ((m.start(), index, m) for index, marker in enumerate(_MARKERS) for m in marker.pattern.finditer(text)),
        key=lambda item: (item[0], item[1]),
    )
    behind = 0
    for start, index, match in matches:
        marker = _MARKERS[index]
        if start < behind:
            continue
        line_start = not text[text.rfind("\n", 0, start) + 1 : start].strip()
        if not line_start and not (marker.inline and _AT_INLINE.search(text, max(0, start - 1), start)):
            continue
        number = _number(match["n"])
        last = counters.get((marker.level, index))
        expected = 1 if last is None else last + 1
        # A line of its own may also begin a new row of numbers, or follow a number that the copy has lost.
        fits = number == expected or (line_start and (number == 1 or number == expected + 1))
        if not fits:
            continue
        span = _heading_span(text, start, match.end(), line_start=line_start, level=marker.level)
        if span is None or (marker.alone and span.end < _line_end(text, start)):
            continue
        counters[(marker.level, index)] = number
        for key in [k for k in counters if k[0] > marker.level]:
            del counters[key]
        found.append(Heading(marker.level, span))
        behind = span.end
    return found


def _line_end(text: str, start: int) -> int:
    end = text.find("\n", start)
    return start + len(text[start : end if end >= 0 else None].rstrip())


def _number(text: str) -> int:
    if text.isdecimal():
        return int(text)
    if text[0] in _ROMAN:
        signs = [_ROMAN[sign] for sign in text]
        return sum(-a if a < b else a for a, b in zip(signs, [*signs[1:], 0], strict=True))
    if len(text) == 1:
        # ①, ⒈
        return _VALUES.get(text) or int(unicodedata.numeric(text))
    tens, _, ones = text.partition("十")
    return (_VALUES[tens] if tens else 1) * 10 + (_VALUES.get(ones, 0) if ones else 0)


_COMMA_OR_COLON = Rule(
    "outline.headings.comma_or_colon",
    r"[,:]",
    takes=("一、党建引领⟦,⟧凝聚力量",),
    leaves=("一、党建引领、凝聚力量",),
)


def _heading_span(text: str, start: int, body: int, *, line_start: bool, level: int) -> Span | None:
    line_end = text.find("\n", start)
    line_end = len(text) if line_end < 0 else line_end
    line = text[start:line_end].rstrip()
    end = _SENTENCE_END.search(text, body, line_end)
    # A Latin word takes as much room as one or two characters say.
    longest = 2 * MAX_HEADING if line.isascii() else MAX_HEADING
    if line_start and len(line) <= longest and (end is None or end.end() >= start + len(line)):
        return Span(start, start + len(line))
    if level == 1:
        masked = _TITLED.sub(lambda m: "\x00" * len(m[0]), text[body : body + 120])
        glued = _GLUED_TITLE.match(masked)
        if glued is not None and (end is None or body + glued.end() <= end.start()):
            return Span(start, body + glued.end())
    if end is not None and end.start() - start <= MAX_HEADING:
        return Span(start, end.start() + (text[end.start()] == "。"))
    if line_start or level <= 2:
        comma = _COMMA_OR_COLON.search(text, body, min(line_end, start + MAX_HEADING))
        if comma is not None:
            return Span(start, comma.start())
    return None
