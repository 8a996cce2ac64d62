"""Figures in cleaned text: a number with its unit, as exact Decimal.

Years, dates, ordinals, version numbers and numbers inside names ("5G", "G15", "“3+16”", "12345") are no figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from index.rules import At, Rule
from index.types import Span
from index.words.fragments import COUNTING, HAN, any_word
from index.words.lexicon import Unit, load_units

_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.·]\d+)?"
_HAN_DIGITS = "零〇○一二两三四五六七八九"
PREFIX = rf"(?:(?<=[十百千万亿])|(?<=十[{_HAN_DIGITS}]))千(?![万亿])"
"""千 that is of the unit: a thousand of a numeral has its digit before it, so 八十万千瓦 is 八十万 in 千瓦."""
_HAN_NUMBER = rf"[{_HAN_DIGITS}十百千万亿]+(?:点[{_HAN_DIGITS}]+)?"
_PERCENT_WORDS = Rule(
    "words.numbers.percent_words",
    rf"百分之(?P<n>{_DIGITS}|{_HAN_NUMBER})",
    takes=("增长⟦百分之八点五⟧", "增长⟦百分之12.5⟧"),
    leaves=("八个百分点", "千分之三"),
)
_NUMBER = Rule(
    "words.numbers.number",
    rf"(?<![\dA-Za-z./#])(?<!\w\+)(?P<n>{_DIGITS})",
    takes=("完成⟦1,025.5⟧亿元",),
    leaves=("G15高速", "PM2.5"),
    why="A digit behind a letter is of a name.",
)
# 五千瓦 is 五 in 千瓦, and 一万五千米 is no 一万五.
_LONE_PREFIX = (
    rf"(?<![万亿零〇○][{_HAN_DIGITS}])(?<=[{_HAN_DIGITS}])千"
    rf"(?={'|'.join(sorted((u.removeprefix('千') for u in load_units().prefixed), key=len, reverse=True))})"
)
_HAN_AMOUNT = Rule(
    "words.numbers.han_amount",
    rf"(?<![第{_HAN_DIGITS}十百千万亿点分之\d])"
    rf"(?P<n>(?:[{_HAN_DIGITS}十百万亿廿卅]|(?!{PREFIX}|{_LONE_PREFIX})千)+(?:点[{_HAN_DIGITS}]+)?)"
    r"(?:[多余](?P<m>万|亿))?",
    takes=("投资⟦三百二十亿⟧元", "装机⟦八十万⟧千瓦"),
    leaves=("第三批", "增加第十项"),
    why="千 of 千瓦 is of the unit; behind 第 a number only says which.",
)
_BUILT = Rule(
    "words.numbers.built",
    rf"{any_word('made')}(?:[了约近]|各类|各)?$",
    takes=("⟦新建⟧", "投资⟦建成了⟧"),
    leaves=("坚持", "新建的"),
)
"""Before a small number in Chinese digits: 新建两所学校 counts, 两个毫不动摇 does not."""
_FRACTION = Rule(
    "words.numbers.fraction",
    r"(?<![\d/])(?P<n>[1-9]\d?)/(?P<d>[1-9]\d{0,2})(?![\d/年月])",
    takes=("约占全市的⟦1/4⟧。",),
    leaves=("2021/12/5", "1/4月"),
    why="A date has digits and slashes too.",
)
_HAN_FRACTION = Rule(
    "words.numbers.han_fraction",
    rf"(?<![{_HAN_DIGITS}十百千万])(?P<d>[{_HAN_DIGITS}十]+)分之(?P<n>[{_HAN_DIGITS}十]+)(?![点百])",
    takes=("时限压缩⟦三分之一⟧。",),
    leaves=("百分之八", "十分之一点五"),
)
_HAN_VALUES = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2}
_HAN_STEPS = {"十": 10, "百": 100, "千": 1000}
_HAN_MYRIADS = {"万": 10**4, "亿": 10**8}
_RANGE = Rule(
    "words.numbers.range",
    r"\s*(?:[-~至到]|—+)\s*",
    takes=("⟦-⟧8.4", "⟦ 至 ⟧9月"),
    leaves=("、9月",),
)
_DASH = Rule(
    "words.numbers.dash",
    r"\s*(?:[-~至]|—+)\s*",
    takes=("⟦-⟧", "⟦ 至 ⟧"),
    leaves=("到", "、"),
    why="到 joins a number to the next one only where no unit stands before it.",
    at=At.WHOLE,
)
_QUOTED_NAME = Rule(
    "words.numbers.quoted_name",
    r"“[^”]{1,12}”|‘[^’]{1,12}’|《[^》]{1,80}》",
    takes=("打通⟦“断头路”⟧4条", "出台⟦《助企12条》⟧"),
    leaves=("“高效办成一件事、只进一扇门、最多跑一次”改革",),
    why="A long quotation is speech, whose figures count.",
)
_LETTER = Rule(
    "words.numbers.letter",
    r"[a-zA-Z]",
    takes=("⟦G⟧",),
    leaves=("GB", "个"),
    why="One letter behind a small number makes a name of it: 5G.",
    at=At.WHOLE,
)
_SMALL = 10
_SMALL_HAN = 11
_NO_IDIOM = 1000
"""From here on an amount is no idiom: 发电量四千亿度."""
_HAN_IDIOM = frozenset({"度", "代", "重", "级", "层", "角", "分", "分钱", "大", "国", "方", "面", "点", "日", "天"})
_NO_FIGURE = Rule(
    "words.numbers.no_figure",
    rf"\s?(?:{any_word('no_units')}|岁(?:及|\(含\))?以[上下]|岁的?{any_word('people_of_an_age')}|小时{any_word('open_for_hours')}"
    rf"|分钟(?:{HAN}{{0,6}}圈|{HAN}{{0,6}}步行|{any_word('reached_in_minutes')})|[万亿百千]?{any_word('graded_units')}级"
    rf"|千伏(?:及以上)?{any_word('of_a_voltage')}|线{HAN}{{0,8}}(?:段|公路|高速)|所[a-zA-Z])",
    takes=("⟦次会议⟧通过", "⟦岁以上⟧老年人"),
    leaves=("岁,比上年", "次采样"),
    at=At.START,
)
_ANNOUNCES = ("以下", "如下", "下列", "这", "上述", "以上")
"""Right before a number that only counts what the text goes on to say: 重点做好以下9项工作."""
_ORDINALS = Rule(
    "words.numbers.ordinals",
    rf"第[{_HAN_DIGITS}十百\s]+[、和至到]$",
    takes=("完成⟦第十六、⟧",),
    leaves=("十六、", "第十六批"),
)
_ROUND = Rule(
    "words.numbers.round",
    rf"(?:{any_word('thresholds')}|达到?|跨越)了?(?P<n>[百千]?万亿|[百千万]亿|[百千]万|[百千万亿])(?={HAN})",
    takes=("产值首次⟦迈上万亿⟧台阶", "产值⟦突破百亿⟧元"),
    leaves=("产值突破30亿元",),
)
"""Round amounts without a digit: 突破百亿元."""
_THRESHOLD = Rule(
    "words.numbers.threshold",
    r"$|[,;。、!?)]|大关|新?台阶|关口|规模|的?(?:目标|水平)",
    takes=("⟦大关⟧,增长", "⟦,⟧达到"),
    leaves=("楼宇42幢",),
    at=At.START,
)
"""What may stand behind a round amount that is a figure."""
_PER = Rule(
    "words.numbers.per",
    rf"/[百千万亿]*{any_word('per')}",
    takes=("⟦/百亿元⟧以下", "⟦/年⟧"),
    leaves=("/立方英尺", "元/人"),
    at=At.START,
)
_RANK_END = r"(?=$|[,;:。、!?)]|和|及|与|并|且|的[地位])"
_RANK = Rule(
    "words.numbers.rank",
    r"第(?P<n>\d{1,3})[位名]"
    rf"|(?<=[居列名在至到为持全国省市球界洲部由从])第(?P<h>\d{{1,3}}|[{COUNTING}]{{1,3}})[位名]?{_RANK_END}"
    rf"|(?<=[居列持在国省市区球界部区先])(?P<first>首位|榜首){_RANK_END}",
    takes=("居全省⟦第二⟧;", "居西部⟦第二⟧", "上升为⟦第三位⟧", "全省⟦第4⟧的地位", "综合实力⟦第3位⟧"),
    leaves=("第二产业", "全市首位度"),
    why="Without 位 or 名 the place must end its clause.",
)
"""A place in a row: 居全国第3位, 稳居全省首位."""
_RANKED = Rule(
    "words.numbers.ranked",
    rf"{any_word('rank_scopes')}{HAN}{{0,6}}$|{any_word('moves_to_a_place')}[至到在为]?$|(?:排名|排位|位次|位居){HAN}{{0,4}}[由从]$|[、和及,]$",
    takes=("总量居⟦全省⟧", "排位⟦上升至⟧", "由第四位⟦上升为⟧"),
    leaves=("摆在", "列入计划"),
)
"""Before a place that has no unit; 首位 of what is put first (摆在首位) and 第一 of a series are none."""
_RUNNING = Rule(
    "words.numbers.running",
    r"\s?个(?:[榨赛]?季|月|学年|年度)",
    takes=("⟦个季⟧度召开", "⟦个榨季⟧排名靠前"),
    leaves=("个项目",),
    at=At.START,
)
_GOES_ON = Rule(
    "words.numbers.goes_on",
    rf"(?:及?以上)?的?{HAN}",
    takes=("⟦高⟧铁通车", "⟦及以上的铁⟧路"),
    leaves=(",全程2小时",),
    at=At.START,
)
_VERSION = Rule(
    "words.numbers.version",
    r"版|代|时代",
    takes=("⟦版⟧图纸", "⟦时代⟧"),
    leaves=("个版本",),
    at=At.START,
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit. ``value`` is as written (before multipliers), ``unit`` as written ("万个", "亿元", "%").

    ``span`` covers number and unit in the text that was read. ``low`` is the first number of a range, if it is one.
    """

    value: Decimal
    unit: str
    written: str
    span: Span
    low: Decimal | None = None


_ARABIC_NUMERAL = Rule(
    "words.numbers.arabic_numeral",
    r"\d+(?:\.\d+)?",
    takes=("⟦1025.5⟧",),
    leaves=("1.025.5", "三十"),
    at=At.WHOLE,
)


_LONGEST = 40
"""Signs of a number that somebody meant: the sum of all money in the world has sixteen digits."""


def read_numeral(text: str) -> Decimal | None:
    """The value of a Chinese or Arabic numeral ("十八点三", "二〇二〇", "1,025.5"), or None if it is none or tells nothing any more."""
    if len(text) > _LONGEST:
        return None
    plain = text.replace(",", "").replace("·", ".")
    if _ARABIC_NUMERAL.fullmatch(plain):
        return Decimal(plain)
    whole, _, fraction = text.partition("点")
    total = _whole_numeral(whole)
    if total is None:
        return None
    if not fraction:
        return Decimal(total)
    digits = "".join(str(_HAN_VALUES[c]) for c in fraction if c in _HAN_VALUES)
    return Decimal(f"{total}.{digits}")


def _whole_numeral(text: str) -> int | None:
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text or any(c not in _HAN_VALUES and c not in _HAN_STEPS and c not in _HAN_MYRIADS for c in text):
        return None
    if all(c in _HAN_VALUES for c in text):
        return int("".join(str(_HAN_VALUES[c]) for c in text))
    total = section = digit = 0
    step = 10
    for char in text:
        if char in _HAN_VALUES:
            digit = _HAN_VALUES[char]
            step = step if digit else 10
        elif char in _HAN_STEPS:
            section += (digit or 1) * _HAN_STEPS[char]
            digit, step = 0, _HAN_STEPS[char]
        else:
            step = _HAN_MYRIADS[char]
            # 三亿五千万 adds, 一万亿 multiplies.
            if char == "亿":
                total = (total + section + digit) * _HAN_MYRIADS[char]
            else:
                total += (section + digit) * _HAN_MYRIADS[char]
            section = digit = 0
    # 三千五 is three thousand and five hundred, 三千零五 and 三千一十五 are not.
    return total + section + digit * step // 10


def _longest_first(words: Iterable[str]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


# 千伏安 begins with no thousand of 伏.
_UNIT = Rule(
    "words.numbers.unit",
    rf"\s?[余多]?(?P<m>(?:(?!{_longest_first(load_units().prefixed)})(?:{_longest_first(load_units().multipliers)}))?)"
    rf"余?多?(?P<u>{_longest_first(load_units().symbols)})",
    flags=re.IGNORECASE,
    takes=("⟦亿元⟧以上", "⟦万千瓦时⟧"),
    leaves=("左右", "以上"),
    why="千伏安 begins with no thousand of 伏.",
    at=At.START,
)


def find_figures(text: str) -> list[Figure]:
    """All figures of a cleaned text, in order."""
    masked = _QUOTED_NAME.sub(lambda m: "\x00" * len(m[0]), text)
    found = [*_in_percent(masked), *_places(masked), *_with_thousands(masked)]
    found.extend(_in_digits(text, masked, _covered(found)))
    covered = _covered(found)
    found.extend(f for f in _in_han(masked) if covered.isdisjoint(range(f.span.start, f.span.end)))
    found.sort(key=lambda f: f.span)
    return _with_shared_units(masked, found)


def _covered(figures: list[Figure]) -> set[int]:
    return {i for f in figures for i in range(f.span.start, f.span.end)}


def _in_percent(text: str) -> Iterator[Figure]:
    for match in _PERCENT_WORDS.finditer(text):
        value = read_numeral(match["n"])
        if value is not None:
            yield Figure(value, "%", match[0], Span(*match.span()))


def _in_digits(text: str, masked: str, taken: set[int]) -> Iterator[Figure]:
    """Figures in Arabic digits that stand where none is taken yet."""
    pending: tuple[Decimal, Span] | None = None
    for match in _NUMBER.finditer(masked):
        if match.start() in taken:
            continue
        number = Span(*match.span())
        value = read_numeral(match["n"])
        unit, end = _unit_at(masked, number.end)
        if value is None or _counts_nothing(masked, number, end):
            continue
        if unit is not None and _LETTER.fullmatch(unit) and value < _SMALL:
            # "5G" is a name; "11.4万P" and "300g" are figures.
            unit = None
        if pending is not None and not _RANGE.fullmatch(masked, pending[1].end, number.start):
            pending = None
        if _is_signed(masked, number.start):
            # 增长-2.1%: elsewhere a dash before a number makes it part of a name.
            if unit in _SIGNED:
                yield Figure(-value, unit, text[number.start : end], Span(number.start, end))
            continue
        if unit is None:
            # "6-7%": the unit of a range stands after its second number.
            pending = (value, number) if _RANGE.match(masked, number.end) else None
            continue
        low, start = (pending[0], pending[1].start) if pending is not None else (None, number.start)
        pending = None
        yield Figure(value, unit, text[start:end], Span(start, end), low)


_SIGNED = ("%", "‰", "个百分点", "百分点", "度", "℃")
"""Units of which prose tells falls with a minus sign."""
_MINUS = ("-", "- ", "负", "负的", "-约")


def _is_signed(text: str, at: int) -> bool:
    """Whether a minus sign stands before a number, and no dash of a range (5%-6%) or of two times."""
    sign = next((sign for sign in _MINUS if text.endswith(sign, 0, at)), "")
    start = at - len(sign)
    before = text[max(0, start - 1) : start]
    return bool(sign) and not (before.isdigit() or before in tuple("%‰"))


def _counts_nothing(text: str, number: Span, end: int) -> bool:
    """Whether a number only says which, how long or by how much at a time; its unit ends at ``end``."""
    if text.endswith(_ANNOUNCES, 0, number.start):
        return True
    if text[number.start - 1 : number.start] in ("第", "每"):
        # 第4个旅客超千万的机场: one of them, and not four. 每50公斤提高7.4元
        return True
    if text.endswith("连续", 0, number.start):
        # 连续10个季度 tells how long.
        return _RUNNING.match(text, number.end) is not None
    # 时速350公里高铁
    return text.endswith("时速", 0, number.start) and _GOES_ON.match(text, end) is not None


_THOUSANDS = Rule(
    "words.numbers.thousands",
    r"(?<![\d.])(?P<n>\d{1,4})(?P<m>[万亿])(?P<d>\d)(?:千(?P<w>万)?|百(?P<h>万))",
    takes=("增加到⟦1万6千⟧多户", "收购粮食⟦3亿5千万⟧斤"),
    leaves=("1.2万千瓦", "1万6个"),
)


def _with_thousands(text: str) -> Iterator[Figure]:
    """Numbers of two multipliers: 1万6千多户, 3亿5千万斤."""
    for match in _THOUSANDS.finditer(text):
        unit, end = _unit_at(text, match.end())
        step = Decimal("0.01") if match["h"] else Decimal("0.1")
        if unit is None or (match["m"] == "亿") != bool(match["w"] or match["h"]):
            continue
        value = Decimal(match["n"]) + Decimal(match["d"]) * step
        yield Figure(value, match["m"] + unit, text[match.start() : end], Span(match.start(), end))


def _places(text: str) -> Iterator[Figure]:
    """Places in a row as figures in 位, from 第 on: 第3位, 第三, 首位."""
    last = -1
    for match in _RANK.finditer(text):
        before = text[max(0, match.start() - 16) : match.start()]
        ranked = _RANKED.search(before)
        if ranked is not None and ranked[0] in "、和及,":
            # 第1、第2位: the second goes on from a place before it.
            ranked = ranked if last == match.start() - 1 else None
        if match["n"] is None and ranked is None:
            continue
        value = read_numeral(match["n"] or match["h"]) if not match["first"] else Decimal(1)
        if value is not None:
            last = match.end()
            yield Figure(value, "位", match[0], Span(*match.span()))


_COUNTED = frozenset({"count", "number"})


_GOES_ON_AS_A_NAME = Rule(
    "words.numbers.goes_on_as_a_name",
    r"之|五年|五”",
    takes=("⟦之⟧一", "⟦五年⟧规划"),
    leaves=("五个百分点",),
    at=At.START,
)


@dataclass(frozen=True, slots=True)
class _Amount:
    """An amount in Chinese digits: ``words`` its numeral, ``known`` its unit without the multiplier."""

    text: str
    start: int
    end: int
    words: str
    value: Decimal
    unit: str
    known: Unit

    def follows(self, words: str) -> bool:
        return self.text.endswith(words, 0, self.start)


def _is_of_a_name(amount: _Amount) -> bool:
    # 三分之一, 十五个五年规划; 十件大事
    behind = amount.text[amount.end : amount.end + 2]
    return _GOES_ON_AS_A_NAME.match(behind) is not None or (amount.unit == "件" and behind == "大事")


def _is_ordinal(amount: _Amount) -> bool:
    # 第十六、十七批
    return _ORDINALS.search(amount.text, 0, amount.start) is not None


def _is_idiom(amount: _Amount) -> bool:
    # 最后一公里, 十分重要, 长三角 and 二十国集团 count nothing; 番 does behind 翻 only.
    if amount.unit in _HAN_IDIOM and amount.value < _NO_IDIOM:
        return True
    if amount.unit == "番":
        return not amount.follows("翻")
    return amount.value == 1 and amount.unit != "倍"


def _is_few_things(amount: _Amount) -> bool:
    """Whether things are counted that nothing before them says to be made or listed (两个毫不动摇, 四项基本原则)."""
    if amount.known.dimension not in _COUNTED:
        return False
    if amount.value >= _SMALL_HAN and amount.words != "十" and amount.words[0] not in "千百万":
        return False
    return not amount.follows("等") and not _BUILT.search(amount.text, max(0, amount.start - 6), amount.start)


def _is_time_or_many_tenths(amount: _Amount) -> bool:
    if amount.known.dimension == "ratio":
        return amount.unit == "成" and amount.value >= _SMALL
    return amount.known.dimension == "time"


def _is_announced(amount: _Amount) -> bool:
    return amount.text.endswith(_ANNOUNCES, 0, amount.start)


_NO_AMOUNTS = (_is_of_a_name, _is_ordinal, _is_idiom, _is_few_things, _is_time_or_many_tenths, _is_announced)
"""Why an amount in Chinese digits with a unit is no figure."""


def _in_han(text: str) -> Iterator[Figure]:
    """Amounts in Chinese digits: 二十亿元, 三点五个百分点, 新建两所学校; and fractions, as shares of one hundred.

    Small numbers of things are idiom as often as figures; they count where a verb before them says that so many were made.
    """
    yield from _spelled_out(text)
    yield from _round_amounts(text)
    yield from _fractions(text)


def _spelled_out(text: str) -> Iterator[Figure]:
    for match in _HAN_AMOUNT.finditer(text):
        # 四十五亿二千多万斤: the 多 stands inside the numeral.
        words = match["n"] + (match["m"] or "")
        value = read_numeral(words)
        unit, end = _unit_at(text, match.end())
        if value is None or unit is None or not set(words) & set(_HAN_DIGITS + "十廿卅"):
            continue
        if unit == "成" and (half := _HAN_HALVES.get(text[end : end + 1])) and _ends_amount(text, end + 1):
            # 一成五, 两成半
            value, end = value + half, end + 1
        known = load_units().symbols.get(_plain_unit(unit))
        if known is None:
            continue
        amount = _Amount(text, match.start(), end, words, value, unit, known)
        if any(says_no(amount) for says_no in _NO_AMOUNTS):
            continue
        if unit == "人" and text.startswith("口", end):
            unit, end = "人口", end + 1
        yield Figure(value, unit, text[match.start() : end], Span(match.start(), end), _lower_of(words))


_HAN_HALVES = {c: Decimal(i) / 10 for i, c in enumerate("零一二三四五六七八九")} | {"半": Decimal("0.5")}
_ENDS = (",", "。", ";", "、", ")", "以", "左", "和", "\n")
"""Behind an amount whose last digit has no unit of its own."""


def _ends_amount(text: str, at: int) -> bool:
    return at >= len(text) or text[at] in _ENDS


def _lower_of(words: str) -> Decimal | None:
    """The lower of two numbers told in one, 二三十; None where there is one."""
    first, second = (_HAN_VALUES.get(c, -1) for c in words[:2].ljust(2))
    return read_numeral(words[0] + words[2:]) if len(words) > 2 and 0 < first == second - 1 else None


def _round_amounts(text: str) -> Iterator[Figure]:
    symbols = load_units().symbols
    for match in _ROUND.finditer(text):
        unit, end = _unit_at(text, match.end())
        if unit is None or _plain_unit(unit) not in symbols or _THRESHOLD.match(text, end) is None:
            # 税收超亿元楼宇42幢: only says which buildings are counted.
            continue
        if symbols[_plain_unit(unit)].dimension in _COUNTED and match["n"] in ("百", "千", "万"):
            continue
        start = match.start("n")
        value = read_numeral("一" + match["n"])
        if value is not None and unit not in _HAN_IDIOM:
            yield Figure(value, unit, text[start:end], Span(start, end))


def _fractions(text: str) -> Iterator[Figure]:
    for match in (*_FRACTION.finditer(text), *_HAN_FRACTION.finditer(text)):
        above, below = read_numeral(match["n"]), read_numeral(match["d"])
        if above is None or not below or above >= below or _unit_at(text, match.end())[0] is not None:
            continue
        share = (above / below * 100).quantize(Decimal("0.01")).normalize()
        yield Figure(Decimal(f"{share:f}"), "%", match[0], Span(*match.span()))


def _plain_unit(unit: str) -> str:
    """A unit without the multiplier before it: 万吨 → 吨."""
    units = load_units()
    if unit in units.symbols:
        return unit
    return next(
        (
            unit.removeprefix(m)
            for m in units.multipliers
            if unit.startswith(m) and unit.removeprefix(m) in units.symbols
        ),
        unit,
    )


_AND_BETWEEN = Rule(
    "words.numbers.and_between",
    r"[、和及与]",
    takes=("⟦、⟧",),
    leaves=(",", "至"),
    at=At.WHOLE,
)


def _with_shared_units(text: str, figures: list[Figure]) -> list[Figure]:
    """19.8亿、9亿美元: a bare 亿 before a figure in 亿美元 is in 亿美元 too."""
    result = _ranges(text, figures)
    for at in range(len(result) - 2, -1, -1):
        one, other = result[at], result[at + 1]
        joined = _AND_BETWEEN.fullmatch(text[one.span.end : other.span.start])
        cut_short = one.unit in load_units().multipliers or (one.unit, other.unit) == ("个", "个百分点")
        if joined and cut_short and other.unit.startswith(one.unit):
            # 19.8亿、9亿美元, 0.9个和0.4个百分点
            result[at] = replace(one, unit=other.unit)
    return result


def _ranges(text: str, figures: list[Figure]) -> list[Figure]:
    """5%—6% is one figure with two ends."""
    result: list[Figure] = []
    for figure in figures:
        last = result[-1] if result else None
        if last is not None and last.unit == figure.unit and _DASH.fullmatch(text[last.span.end : figure.span.start]):
            span = Span(last.span.start, figure.span.end)
            result[-1] = Figure(figure.value, figure.unit, span.of(text), span, last.value)
        else:
            result.append(figure)
    return result


_DECIMAL_BEFORE = Rule(
    "words.numbers.decimal_before",
    r"(?<!\d)\d{1,2}\.\d{1,2}$",
    takes=("年限提高到⟦10.5⟧",),
    leaves=("年限提高到10", "2021.05"),
    why="No calendar year has a fraction, years of schooling have.",
)


def _unit_at(text: str, at: int) -> tuple[str | None, int]:
    """The unit that stands at a place of the text and where it ends; None where no figure can be meant."""
    if _NO_FIGURE.match(text, at):
        return None, at
    match = _UNIT.match(text, at)
    if match is None:
        return None, at
    unit = match["m"] + match["u"]
    if match["u"] == "台" and match["m"] and text.startswith("阶", match.end()):
        # 迈上5万亿台阶
        return match["m"], match.end("m")
    per = _PER.match(text, match.end())
    if per is not None:
        # 0.6人/百亿元
        return unit + per[0], per.end()
    if unit == "年" and _DECIMAL_BEFORE.search(text[:at]):
        # 平均受教育年限提高到10.5年: no year has a fraction.
        return unit, match.end()
    if _is_calendar(unit, text, match.end()):
        return None, at
    return unit, match.end()


_CALENDAR = frozenset({"年", "月", "日", "号", "点", "时", "届", "次会议", "期", "号线", "周年", "版"})


def _is_calendar(unit: str, text: str, end: int) -> bool:
    return unit in _CALENDAR or (bool(_VERSION.match(text, end)) and unit == "")
