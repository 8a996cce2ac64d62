"""Years as questions write them for short (23年, 二三年, 20-21年), and words for years that cannot be read.

In a report two digits before 年 are a duration as a rule; in a question they are a year, unless the words around them
say that they tell how long.
"""

from __future__ import annotations

import re

from index.rules import Rule
from index.text.cleaning import View
from index.types import Span

_HAN = "零一二三四五六七八九"
_ZEROS = "〇○零o"
_TWO = rf"(?:\d{{2}}|(?<![a-z])o\d|[{_HAN}{_ZEROS}]{{2}})"
_TO = r"(?:-{1,2}|~|至|到|、|和|与|及|跟|,)"
_SHORT = Rule(
    "understand.years.short",
    rf"(?<!\d[a-z])(?<![\d.第{_HAN}{_ZEROS}十百千万亿])(?:(?:19|20)\d{{2}}年?{_TO})?(?P<short>{_TWO}(?:年?{_TO}{_TWO})*)(?:年|(?=[上下]半年))",
)
_BARE = Rule(
    "understand.years.bare",
    rf"(?<![{_HAN}十百千万亿])(?:二[〇○零]|一九)[{_HAN}〇○]{{2}}(?![{_HAN}{_ZEROS}十百千万亿点年至到个户家元项人])",
)
"""A year in Chinese digits without 年: 二〇二三嘉定…"""
_TELLS_HOW_LONG_BEFORE = Rule(
    "understand.years.tells_how_long_before",
    r"(?:(?<!附)近|(?<!节)约|过去|[这那]|历时|历经|经过|(?<!到)达|满|(?<!公)共|整整?|了|(?<!目)前|(?<!最)后|最后|未来|今后|(?<![费利信应])用|花费?|需要?"
    r"|再|每隔?|相?隔|时隔|超过?|逾|少于|不到|不足|(?<!多)至?少|最多|大概|大约|平均|持续|坚持|[工司党军教]龄|役|任职|任教|从业|从事|[为工任限保学]期|期限|寿命|质保"
    r"|成立|建立|开放|建[国市区县省州党军校厂]|解放|回归|办学|奋斗|苦战|只|才)$"
    r"|(?:连续|持续|坚持|经过|过去|历时)[^,。?;]{0,8}$|(?<!\d)\d{1,3}[-~至到、]$",
)
_TELLS_HOW_LONG = Rule(
    "understand.years.tells_how_long",
    r"来(?![宾沪京华自访料安凤源锦商])|间(?![接伐距])|内(?![蒙江环贸资外部河陆需黄丘乡])|里(?![程约水])|以[来上下内前后]"
    r"|之[久内间后前中]|多(?![多少出了几伦个式元家项])|余(?![额杭姚干江庆])|左右|上下|期(?![末间初])|龄|代(?![表码理县])|级|周年|一遇|均(?![价衡])|连续|国债|如一日|一次|义务|免费"
    r"|限(?![额上下])|制(?![造定度成药糖种])|的?(?:时间|历史|努力|奋斗|历程|周期|功夫|光阴)"
    r"|后(?![半三四续勤备台期]|[一二]季)|前(?!三个?季|[一二四1-4]个?季|半|\d|[一二三四五六七八九十]{1,2}个月|[期沿往置])",
)
_ABOUT = ("三五", "一二", "一两", "两三")
"""Neighbours that stand for a few years and for no year of a report."""
_AHEAD = 10
"""How far a short year may lie ahead; from there on it is one of the 1900s."""
_ODD = Rule(
    "understand.years.odd",
    r"(?<!\d)(?:\d{5,}|\d{3}|(?!19|20)\d{4})年"
    r"|(?<![\da-z])[12](?=\d*[a-z])[\da-z]{2,4}年"
    rf"|(?<![{_HAN}{_ZEROS}两几十百千万亿\d第])(?!\d{{3,5}}年)[{_HAN}{_ZEROS}\d]{{3,5}}年",
)


def full_years(view: View, today: int) -> View:
    """The question with its short years written out, each inserted digit at the place of the first one it precedes.

    99年 is 1999, asked in ``today``'s year, and 23年 is 2023; 近20年, 20年来 and the like stay as they are.
    """
    text, offsets = view.text, list(view.offsets)
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
    return next((m[0] for m in _ODD.finditer(text) if not _is_duration(text, Span(*m.span()))), "")


def _is_duration(text: str, span: Span) -> bool:
    """Whether the words around a number of years say that it tells how long."""
    before = _TELLS_HOW_LONG_BEFORE.search(text[: span.start])
    return before is not None or _TELLS_HOW_LONG.match(text, span.end) is not None


def _digit(char: str) -> str:
    return "0" if char in _ZEROS else str(_HAN.index(char)) if char in _HAN else char
