"""The two locks on an answer: every quotation is the source's text, and every number stands in a cited quotation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import takewhile

from index.rules import At, Rule
from index.store.snapshot import IndexSnapshot
from index.text.cleaning import clean
from index.text.folding import fold
from index.text.notes import SMALL_MARK, level_digits
from index.text.view import View
from index.types import Document, Span
from index.words.fragments import YEAR
from index.words.numbers import PREFIX, read_numeral
from index.words.periods import arabic_years
from rag.types import Citation, Derived

MARK = Rule(
    "answer.citing.mark",
    r"\[(\d{1,9})\]",
    takes=("达到31.6万户。⟦[1]⟧",),
    leaves=("总量[万户]",),
)
"""A citation mark of an answer, or a note's of a source. More digits number nothing."""

AMOUNT = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in digits, as a part of a pattern."""
ONES = "一二两三四五六七八九"
NUMERALS = f"零〇{ONES}十百千"
"""Letters that numerals are written in, as a part of a pattern."""
SCALES = {
    "trillion": Decimal(10**12),
    "billion": Decimal(10**9),
    "million": Decimal(10**6),
    "thousand": Decimal(10**3),
    "万亿": Decimal(10**12),
    "亿": Decimal(10**8),
    "万": Decimal(10**4),
}
"""What a word behind a number multiplies it by, the longest first."""

_NUMBER = Rule(
    "answer.citing.number",
    rf"(?<![\d.])(?:{AMOUNT})",
    takes=("收入⟦1,286.4⟧亿元", "⟦12.5⟧万亩"),
    leaves=("第三产业",),
)
_PERCENT = Rule(
    "answer.citing.percent",
    rf"百分之([{NUMERALS}点]+)",
    takes=("增长⟦百分之八⟧",),
    leaves=("八个百分点",),
)
_NUMERAL = Rule(
    "answer.citing.numeral",
    rf"(?<![{NUMERALS}万亿分之“])[{ONES}十][{NUMERALS}]*[十百千万亿][{NUMERALS}万亿]*(?![{NUMERALS}万亿年月日号届大])",
    takes=("安排资金⟦三千二百万⟧元",),
    leaves=("第十六届会议和十四五规划",),
    why="Numerals of ordinals and of names of plans are no amounts.",
)
"""Amounts in Chinese numerals before a unit; 十四五 and 第十六届 are names."""
_DECIMAL = Rule(
    "answer.citing.decimal",
    rf"[{NUMERALS}]+点[零{ONES}]+|(?<![{NUMERALS}万亿第])[{ONES}](?=[倍番])",
    takes=("增长百分之⟦十一点八⟧", "产值比十年前翻了⟦两⟧番"),
    leaves=("第三番",),
    why="Of single numerals only those before 倍 and 番 are amounts.",
)

_PREFIX = Rule(
    "answer.citing.prefix",
    PREFIX,
    takes=("装机72万⟦千⟧瓦",),
    leaves=("产量72万吨",),
)
_POINT = Rule(
    "answer.citing.point",
    r"(?<=\d)·(?=\d)",
    takes=("增长14⟦·⟧1%",),
    leaves=("亚热带·季风",),
    why="Reports of the 1990s write a decimal point so.",
)
_CALENDAR = Rule(
    "answer.citing.calendar",
    rf"{YEAR}(?=年|—{YEAR}年)|\d{{1,2}}(?:—\d{{1,2}})?月",
    takes=("⟦2022⟧年末总户数",),
    leaves=("2022户",),
    why="Years and months are no figures that need a citation.",
    at=At.START,
)
_SCALE = Rule(
    "answer.citing.scale",
    rf"\s*[多余]?\s*({'|'.join(SCALES)})",
    takes=("⟦万⟧户", "⟦ billion⟧ yuan"),
    leaves=("户",),
    at=At.START,
)


class UncitedError(AssertionError):
    """A draft breaks a promise; it is never sent."""


def cite(
    snapshot: IndexSnapshot, document: Document, span: Span, number: int, period: str | None, heading: tuple[str, ...]
) -> Citation:
    """A checked quotation of a document's source. Raises UncitedError where the source does not say so."""
    source = snapshot.source_of(document)
    quote = span.of(source.text)
    if not quote.strip() or source.sha256 != document.sha256 or not document.span.covers(span):
        raise UncitedError(f"{document.source} does not hold {span}")
    place = source.place(span.start)
    return Citation(
        n=number,
        document_id=document.id,
        document=document.source,
        title=document.title,
        region=document.region,
        period=period,
        heading=heading,
        quote=quote,
        start=span.start,
        end=span.end,
        sha256=document.sha256,
        url=f"/documents/{document.id}?start={span.start}&end={span.end}",
        page=place.page if place else None,
        cell=place.cell if place else None,
    )


_BROKEN = Rule(
    "answer.citing.broken",
    r"(?<=\d)[ \t\r]*\n[ \t\r]*(?=\d)",
    takes=("分别达到11286元和10⟦\n⟧974元",),
    leaves=("分别达到11286元\n和10974元",),
    why="A line may break inside a number of a source.",
)


def numbers_in(text: str) -> set[Decimal]:
    """All numbers of a text, each multiplied by the scale word behind it: 429.7亿 and 42.97 billion are one number.

    Marks are none, whatever they stand for.
    """
    return {value for _, value in _numbers(MARK.sub(" ", fold(text)))}


def _numbers(text: str) -> list[tuple[str, Decimal]]:
    # Reports of the 1990s write 14·1%.
    plain = _POINT.sub(".", SMALL_MARK.sub(" ", arabic_years(fold(level_digits(text)))))
    plain = _PREFIX.sub(" ", plain)
    for about in ("余", "多"):
        # 四百八十余万人 is of the size of 四百八十万.
        for size in ("万", "亿"):
            plain = plain.replace(about + size, size)
    found: list[tuple[str, Decimal]] = []
    for match in _NUMBER.finditer(plain):
        if _CALENDAR.match(plain, match.start()):
            continue
        scaled = _SCALE.match(plain, match.end())
        scale = SCALES[scaled[1]] if scaled else Decimal(1)
        found.append((match[0], (Decimal(match[0].replace(",", "")) * scale).normalize()))
    for match in _PERCENT.finditer(plain):
        value = read_numeral(match[1])
        if value is not None:
            found.append((match[0], value.normalize()))
    for match in (*_NUMERAL.finditer(plain), *_DECIMAL.finditer(plain)):
        value = read_numeral(match[0])
        if value is not None:
            found.append((match[0], value.normalize()))
    return found


def _places_in_rows(text: str) -> Iterator[int]:
    """The places in a row that a folded text names in Chinese digits: 第三, 首位."""
    if "首" in text:
        yield 1
    for behind in text.split("第")[1:]:
        value = read_numeral("".join(takewhile(lambda letter: letter in NUMERALS, behind[:3])))
        if value is not None:
            yield int(value)


def unlocked_numbers(
    text: str, citations: Sequence[Citation], derived: Sequence[Derived], context: Sequence[str]
) -> list[str]:
    """Numbers of an answer that neither a cited quotation nor a shown calculation holds.

    ``context`` holds words that name slots and are no figures: the asked periods, indicators and titles. A mark is no
    number where it stands for one of ``citations`` or is repeated from one; any other is a number in brackets.
    """
    told = [*context, *(calculation.formula for calculation in derived)]
    for citation in citations:
        # A line may break inside a number of the source.
        told += [citation.quote, _BROKEN.sub("", citation.quote), " ".join(citation.heading), citation.title]
        # And a number may be written in marks that the reading takes off: $12.5\%$, 12&#46;5.
        told.append(clean(View.of(citation.quote)).text)
    allowed = {value for words in told for value in numbers_in(words)}
    marks = {str(citation.n) for citation in citations} | {n for words in told for n in MARK.findall(fold(words))}
    plain = MARK.sub(lambda mark: " " if mark[1] in marks else mark[0], fold(text))
    for place in {place for words in told for place in _places_in_rows(fold(words))}:
        # 第3位 repeats 居全省第三.
        plain = plain.replace(f"第{place}位", " ")
    return [written for written, value in _numbers(plain) if value not in allowed]
