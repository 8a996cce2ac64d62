"""Years as questions write them for short (23年, 二三年, 20-21年), and words for years that cannot be read.

In a report two digits before 年 are a duration as a rule; in a question they are a year, unless the words around them
say that they tell how long.
"""

from __future__ import annotations

import re

from index.rules import At, Rule
from index.text.cleaning import View
from index.types import Span
from index.words.numbers import read_numeral
from rag.understand.words import YEAR, but, either

_HAN = "零一二三四五六七八九"
_ZEROS = "〇○零o"
_TWO = rf"(?:\d[\d{_HAN}]|(?<![a-z])o\d|[{_HAN}{_ZEROS}]{{2}})"
_TO = r"(?:-{1,2}|~|至|到|、|和|与|及|跟|,)"
_SHORT = Rule(
    "understand.years.short",
    rf"(?<!\d[a-z])(?<![\d.第{_HAN}{_ZEROS}十百千万亿])(?:{YEAR}年?{_TO})?(?P<short>{_TWO}(?:年?{_TO}{_TWO})*)(?:年|(?=[上下]半年))",
    takes=("⟦23年⟧粮食产量",),
    leaves=("2023年粮食产量",),
)
_BARE = Rule(
    "understand.years.bare",
    rf"(?<![{_HAN}十百千万亿])(?:二[〇○零]|一九)[{_HAN}〇○]{{2}}(?![{_HAN}{_ZEROS}十百千万亿点年至到个户家元项人])",
    takes=("⟦二〇二三⟧嘉禾县粮食产量",),
    leaves=("二〇二三年粮食产量",),
)
"""A year in Chinese digits without 年: 二〇二三嘉定…"""
_TELLS_HOW_LONG_BEFORE = Rule(
    "understand.years.tells_how_long_before",
    rf"(?:{either('how_long_before')})(?<!{but('how_long_before')})$|(?:{either('all_along')})[^,。?;]{{0,8}}$|(?<!\d)\d{{1,3}}[-~至到、]$",
    takes=("⟦历时⟧",),
    leaves=("历史",),
)
_TELLS_HOW_LONG = Rule(
    "understand.years.tells_how_long",
    rf"(?!{but('how_long')}|前(?:\d|[一二三四]个?季|[一二三四五六七八九十]+个月))的?(?:{either('how_long')})",
    takes=("⟦来⟧粮食产量",),
    leaves=("来宾市粮食产量",),
    why="来宾, 间接, 内蒙古 and the like begin another word.",
    at=At.START,
)
_RELATIVE = Rule(
    "understand.years.relative",
    rf"(?<![\d.第近年{_HAN}十百千万两几数])(?P<n>\d{{1,3}}|[{_HAN}两十]{{1,3}})年[以之]?(?P<way>[前后])(?!{but('how_long')}|\d|[一二三四]个?季|[一二三四五六七八九十]+个月|[才再又便就])",
    takes=("⟦五年前⟧粮食产量", "产量在⟦3年以后⟧"),
    leaves=("2020年前三季度", "编制两年后才完成"),
    why="两年后才 tells how long something took.",
)
"""A year told by how far it lies from the day of the question."""
_NAMED_YEAR = Rule("understand.years.named_year", rf"{YEAR}年", takes=("截至⟦2021年⟧底",), leaves=("21年底",))
_ABOUT = ("三五", "一二", "一两", "两三")
"""Neighbours that stand for a few years and for no year of a report."""
_AHEAD = 10
"""How far a short year may lie ahead; from there on it is one of the 1900s."""
_ODD = (
    Rule(
        "understand.years.odd_number",
        r"(?<!\d)(?:\d{5,}|\d{3}|(?!19|20)\d{4})年",
        takes=("⟦20210年⟧全年", "⟦1199年⟧底"),
        leaves=("2021年底", "21年底"),
    ),
    Rule(
        "understand.years.odd_letters",
        r"(?<![\da-z])[12](?=\d*[a-z])[\da-z]{2,4}年",
        takes=("⟦2o21年⟧全年",),
        leaves=("2021年底", "gb2o21年"),
        why="A letter was typed for a digit of like shape.",
    ),
    Rule(
        "understand.years.odd_numerals",
        rf"(?<![{_HAN}{_ZEROS}两几十百千万亿\d第])(?!\d{{3,5}}年|\d{{4}}\D)[{_HAN}{_ZEROS}\d]{{3,5}}年",
        takes=("⟦二〇二年⟧全年", "⟦二0二12年⟧"),
        leaves=("2021年底", "第二二三年", "2006、2007三年", "1997、1998两年"),
        why="Years in Chinese digits are written with Arabic ones before this is looked for.",
    ),
)


def full_years(view: View, today: int) -> View:
    """The question with its short years written out, each inserted digit at the place of the first one it precedes.

    99年 is 1999, asked in ``today``'s year, and 23年 is 2023; 五年前 is the year five before it; 近20年, 20年来 and the like
    stay as they are.
    """
    text, offsets = view.text, list(view.offsets)
    # Beside a year that is named, a distance is counted from that.
    for match in reversed([] if _NAMED_YEAR.search(text) else list(_RELATIVE.finditer(text))):
        count = read_numeral(match["n"])
        if count is None or match["n"] in _ABOUT:
            continue
        year = f"{today + (int(count) if match['way'] == '后' else -int(count))}年"
        text = text[: match.start()] + year + text[match.end() :]
        offsets[match.start() : match.end()] = [offsets[match.start()]] * len(year)
    for match in reversed(list(_SHORT.finditer(text))):
        if _is_duration(text, Span(*match.span())) or match["short"] in _ABOUT:
            continue
        for short in reversed(list(re.finditer(_TWO, match["short"]))):
            start, end = match.start("short") + short.start(), match.start("short") + short.end()
            digits = "".join(_digit(c) for c in short[0])
            century = "20" if int(digits) <= (today + _AHEAD) % 100 else "19"
            text = text[:start] + century + digits + text[end:]
            offsets[start:start] = [offsets[start]] * len(century)
    return View(_BARE.sub(lambda m: "".join(map(_digit, m[0])), text), tuple(offsets))


def odd_year(text: str) -> str:
    """Words for a year that no report can be of (20200年, 999年, 2o2x年), as written; they must not be passed over."""
    found = [m for rule in _ODD for m in rule.finditer(text) if not _is_duration(text, Span(*m.span()))]
    return min(found, key=lambda m: m.start())[0] if found else ""


def _is_duration(text: str, span: Span) -> bool:
    """Whether the words around a number of years say that it tells how long."""
    before = _TELLS_HOW_LONG_BEFORE.search(text[: span.start])
    return before is not None or _TELLS_HOW_LONG.match(text, span.end) is not None


def _digit(char: str) -> str:
    return "0" if char in _ZEROS else str(_HAN.index(char)) if char in _HAN else char
