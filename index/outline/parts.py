"""Where each document of a file stands: one report, a scraped listing of several, or papers of several years in a row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from index.outline.headings import LINE_BELOW
from index.outline.titles import HEAD, SALUTATION, paper_title
from index.outline.years import title_years
from index.rules import Rule
from index.text.folding import fold
from index.types import Span
from index.words.fragments import LINE, YEAR

_LISTING_ITEM = Rule(
    "outline.parts.listing_item",
    rf"{LINE}(?:#+ )?[•·●▪■◆*-][ \t]*(?P<title>[^\n]{{4,80}})$",
    takes=(
        "⟦• 【转载】2021年清柏区政府工作报告⟧",
        "⟦# • 【转载】2021年清柏区政府工作报告⟧",
    ),
    leaves=("2021年清柏区政府工作报告",),
)
_DATE_LINE = Rule(
    "outline.parts.date_line",
    rf"{LINE}(?:发布(?:时间|日期)[:：])?[ \t]*{YEAR}[-/.年]\d{{1,2}}[-/.月]\d{{1,2}}日?[ \t]*$",
    takes=("⟦发布时间:2021-03-08⟧", "正文结束。\n⟦2021年3月8日⟧\n"),
    leaves=("2021-03-08 点击数:35",),
    why="A line that goes on behind its date is no line of a date.",
)
_REPORT_TITLE = Rule(
    "outline.parts.report_title",
    rf"{LINE}(?:#+[ \t]*)?(?P<title>[^\n。，,]{{0,40}}?(?:工作|情况的?)报告(?:[（(][^）)\n]{{1,12}}[）)])?)[ \t]*$",
    takes=("⟦# 清柏县人民政府工作报告⟧\n", "⟦政府工作报告（摘要）⟧"),
    leaves=("他向大会作了工作报告。",),
    why="Read in the unmodified source, so brackets and commas may be of full width.",
)
_LISTED_BODY = 400
"""Characters in the line after a bullet for it to be a listed article and not a menu entry."""
_SHORTEST = 800
"""Characters between two titles below which they head the same report."""
_LONGEST_TITLE = 60
_TELLING = 8
"""Characters of a line by which a text is known again."""
_REPEATED = 0.9
"""Share of such lines that a repeated text has in common with the first."""


def split_source(text: str) -> list[tuple[Span, str | None]]:
    """Where each document of a file stands, with its title if a listing gives one."""
    listed = _split_listing(text)
    if listed:
        return listed
    starts: list[re.Match[str]] = []
    for match in _REPORT_TITLE.finditer(text):
        # A page may print its title twice; a report stands between two titles.
        far = not starts or match.start() - starts[-1].end() > _SHORTEST
        if far and SALUTATION.search(text, match.end(), match.end() + HEAD):
            starts.append(match)
    papers = _split_papers(text) if len(starts) < 2 else []
    if papers:
        return papers
    if len(starts) > 1:
        bounds = [m.start() for m in starts] + [len(text)]
        parts = [
            (_trimmed(text, Span(a, b)), m["title"].strip()) for m, (a, b) in zip(starts, pairwise(bounds), strict=True)
        ]
        return _unrepeated(text, parts)
    return [(_trimmed(text, Span(0, len(text))), None)]


_SHORTEST_PAPER = 2000
"""Characters of a paper that stands in a file with others of its kind; what is shorter is a mention of it."""
_DATE = 12
"""Characters of a line that holds a date alone."""
_ISSUERS = ("局", "队", "厅", "府", "办公室")
_FIRST, _LATER = "\n一、", "\n三、"
_OPENING = 1500
"""Characters between the date of a paper and its first heading."""


def _split_papers(text: str) -> list[tuple[Span, str | None]]:
    """Papers of several years in one file (bulletins of four years); none where there is one only."""
    starts = list(_starts_of_papers(text))
    if not starts or starts[0][0] > HEAD:
        return []
    bounds = [start for start, _ in starts[1:]] + [len(text)]
    long = [each for each, end in zip(starts, bounds, strict=True) if end - each[0] >= _SHORTEST_PAPER]
    years = [tuple(title_years(title)) for _, title in long]
    if len(long) < 2 or len(set(years)) < len(years):
        return []
    ends = [start for start, _ in long[1:]] + [len(text)]
    return [(_trimmed(text, Span(start, end)), title) for (start, title), end in zip(long, ends, strict=True)]


def _starts_of_papers(text: str) -> Iterator[tuple[int, str]]:
    """Where papers begin that tell of different years, with their titles.

    Each begins with its title on a line or, where that was left out, with who issued it and the day, and with headings
    that are counted from one again; it is then called as the first, of the year before that day.
    """
    first, last, began = "", "", 0
    at, issuer = 0, -1
    for line in text.split("\n"):
        words, start, title = line.strip(), at, paper_title(line)
        if first and not title and issuer >= 0 and _is_date(words) and _counts_again(text, began, at):
            title = _titled_anew(first, title_years(fold(words))[0] - 1, text[at : at + _OPENING])
            start = issuer
        if title and title_years(title) != title_years(last):
            yield start, title
            first, last, began = first or title, title, start
        if words:
            issuer = (issuer if issuer >= 0 else at) if _is_issuer(words) else -1
        at += len(line) + 1


def _is_issuer(words: str) -> bool:
    return words.endswith(_ISSUERS) and len(words) <= _LONGEST_TITLE


def _is_date(words: str) -> bool:
    return len(words) <= _DATE and words.strip("()（）").endswith(("月", "日")) and len(title_years(fold(words))) == 1


def _counts_again(text: str, start: int, at: int) -> bool:
    """Whether the headings of a paper that began at ``start`` have come to the third, and are counted from one soon behind ``at``."""
    return text.find(_LATER, start, at) >= 0 and 0 <= text.find(_FIRST, at) - at <= _OPENING


def _titled_anew(first: str, year: int, opening: str) -> str:
    """The first paper's title for another year, where the opening of a paper without one speaks of it; else ""."""
    own = title_years(first)
    return first.replace(str(own[0]), str(year)) if own and year != own[0] and f"{year}年" in opening else ""


def _unrepeated(text: str, parts: list[tuple[Span, str | None]]) -> list[tuple[Span, str | None]]:
    """The parts without those whose text stands in one before them: a page may hold its report twice."""
    kept: list[tuple[Span, str | None]] = []
    seen: set[str] = set()
    for span, title in parts:
        lines = {"".join(line.split()) for line in span.of(text).split("\n") if len(line) >= _TELLING}
        if not lines or len(lines & seen) < _REPEATED * len(lines):
            kept.append((span, title))
        seen |= lines
    return kept


def _split_listing(text: str) -> list[tuple[Span, str | None]]:
    items: list[tuple[Span, str | None]] = []
    for match in _LISTING_ITEM.finditer(text):
        body = LINE_BELOW.match(text, match.end())
        if body is None or len(body[1].strip()) < _LISTED_BODY:
            continue
        if items:
            items[-1] = (_item_span(text, items[-1][0].start, match.start()), items[-1][1])
        items.append((Span(match.start("title"), len(text)), match["title"].strip()))
    if len(items) < 2:
        return []
    items[-1] = (_item_span(text, items[-1][0].start, len(text)), items[-1][1])
    return items


def _item_span(text: str, start: int, limit: int) -> Span:
    """A listed article ends before the line with its date; what follows that line is the page, not the article."""
    body = text.find("\n", start)
    date = _DATE_LINE.search(text, body + 1, limit)
    return _trimmed(text, Span(start, date.start() if date else limit))


def _trimmed(text: str, span: Span) -> Span:
    part = span.of(text)
    start = span.start + len(part) - len(part.lstrip())
    return Span(start, max(start, span.start + len(part.rstrip())))
