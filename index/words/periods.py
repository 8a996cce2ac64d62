"""Words for time to Periods, for reports and for questions alike.

What 今年, 全年 or 上半年 mean depends on who speaks and when: a :class:`Clock` says so. Nothing here asks today's date.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from index.rules import At, Rule
from index.types import Period, Span
from index.words.fragments import COUNTING, PLAN_NUMBER, TITLE, YEAR, any_word
from index.words.lexicon import load_wording

_ZERO = "0〇○◯零OoΟοОо"
"""Zeros of years, with the letters that are typed for them."""
_HAN_DIGIT = {c: str(i) for i, c in enumerate("零一二三四五六七八九")} | dict.fromkeys(_ZERO, "0")
_YEAR_DIGIT = rf"[1-9一二三四五六七八九{_ZERO}]"
_HAN_YEAR = Rule(
    "words.periods.han_year",
    rf"(?<![\d{COUNTING}百千万〇○零])(?:[一1][九9]|[二2][{_ZERO}]){_YEAR_DIGIT}{{2}}(?=年|[至到]|-|[上下]半|政府)",
    takes=("到⟦二〇二一⟧年末",),
    leaves=("二〇二一户", "十二〇二一年"),
    why="Four digits with no word of time behind them may count anything.",
)
_LETTER_YEAR = Rule(
    "words.periods.letter_year",
    r"(?<![\dA-Za-z])(?:2[Oo][\dOo]{2}|(?:19|20)(?:[Oo][\dOo]|\d[Oo]))(?![\dA-Za-z])",
    takes=("到⟦2O23⟧年末", "今年是⟦20O8⟧"),
    leaves=("型号A2O23", "共12O23户"),
    why="2O23 is a year wherever it stands: no figure has a letter in it.",
)
_COUNT = {c: i for i, c in enumerate("零一二三四五六七八九十")} | {"两": 2}
_PLAN_FIRST_YEAR = {
    "一": 1953, "二": 1958, "三": 1966, "四": 1971, "五": 1976, "六": 1981, "七": 1986, "八": 1991, "九": 1996,
    "十": 2001, "十一": 2006, "十二": 2011, "十三": 2016, "十四": 2021, "十五": 2026, "十六": 2031,
}  # fmt: skip
"""First years of the five-year plans; the second and third do not touch, 1963–1965 lay between plans."""


UNKNOWN = 1
"""The year of a text of which nobody knows when it was written: what it calls 今年 is no period."""
_REACH = 200
"""Years that words may reach from 今年: 百年来."""


@dataclass(frozen=True, slots=True)
class Clock:
    """What relative words mean: ``this_year`` is 今年; ``told`` the year that 全年 or 上半年 belong to where none is named.

    ``so_far`` is what 今年以来 covers, where the speaker stands in the middle of a year.
    """

    this_year: int
    told: int
    so_far: Period | None = None
    past: int | None = None
    """The last year that is over where ``told`` lies ahead: 这五年 in a section of plans ends before they begin."""

    @property
    def over(self) -> int:
        return self.told if self.past is None else min(self.told, self.past)


@dataclass(frozen=True, slots=True)
class TimeMention:
    """Words that name a period. ``base`` marks one that is only compared with (比上年, 较2015年)."""

    period: Period
    span: Span
    words: str
    base: bool = False


def arabic_years(text: str) -> str:
    """Years in Chinese digits or with letters for zeros as Arabic ones, character for character: 二〇二〇年 → 2020年."""
    for rule in (_HAN_YEAR, _LETTER_YEAR):
        text = rule.sub(lambda m: "".join(_HAN_DIGIT.get(c, c) for c in m[0]), text)
    return text


_Y = rf"(?P<y>{YEAR})"
_PART = r"(?P<part>上半年|下半年|第?[一二三四1-4]季度|前三季度|前三个季度|1?\d月(?:份|底|末)?|底|末|初|全年)"
_FEW = r"[两二三四五六七八九十]|\d{1,2}"
_SOME_MONTHS = r"(?:(?<!提)前|头)(?P<n>[二三四五七八九十]|1[01]|[2-57-9])个月"
_MONTHS = r"(?:1|一)月?(?:份)?[-至到~](?P<m2>1[0-2]|[2-9])月(?:份)?"

TimeRule = tuple[Rule, Callable[[re.Match[str], Clock], Period | None]]


_MONTH_NUMBER = Rule(
    "words.periods.month_number",
    r"\d+",
    takes=("⟦11⟧月底",),
    leaves=("月底",),
    at=At.START,
)


def _part_of(year: int, part: str | None) -> Period:
    if not part or part in ("底", "末", "初", "全年"):
        return Period.year(year)
    if part == "上半年":
        return Period.half(year, 1)
    if part == "下半年":
        return Period.half(year, 2)
    if part.startswith("前三"):
        return Period.months(year, 1, 9)
    if part.endswith("季度"):
        digit = part.removeprefix("第")[0]
        return Period.quarter(year, _COUNT[digit] if digit in _COUNT else int(digit))
    month = int(_MONTH_NUMBER.match(part)[0])  # type: ignore[index]
    if not 1 <= month <= 12:
        return Period.year(year)
    # "截至6月底" and "6月末" tell the state at that month's end.
    return Period.months(year, month, month)


NAMED_PLAN = Rule(
    "words.periods.named_plan",
    rf"第{PLAN_NUMBER}个五年(?:计划(?:期间|时期|草案|期)?)?",
    takes=("⟦第十四个五年⟧规划", "⟦第一个五年计划期间⟧"),
    leaves=("第三个项目", "连续五年"),
)
"""A five-year plan by its number; read in titles of plans, where 《》 hides it from :func:`find_times`."""


def plan_named_in(title: str) -> Period | None:
    """The years of the five-year plan that a title names by number."""
    match = NAMED_PLAN.search(title)
    first = _PLAN_FIRST_YEAR.get(match["plan"]) if match is not None else None
    return Period.years(first, first + 4) if first is not None else None


def plan_by_number(number: int) -> Period | None:
    """The years of the five-year plan of a number, from 1 on; None where there is none yet."""
    years = list(_PLAN_FIRST_YEAR.values())
    return Period.years(years[number - 1], years[number - 1] + 4) if 1 <= number <= len(years) else None


def plan_of(year: int) -> Period | None:
    """The five-year plan whose years hold a year."""
    first = next((f for f in _PLAN_FIRST_YEAR.values() if f <= year < f + 5), None)
    return Period.years(first, first + 4) if first is not None else None


_OPENINGS = ("第一年", "的第一年", "开局", "开好局", "起好步", "良好开局")


def _plan(match: re.Match[str], clock: Clock) -> Period | None:
    """The five years of a plan; its 开局 is the first of them and its 收官 the last."""
    del clock
    first = _PLAN_FIRST_YEAR.get(match["plan"])
    if first is None:
        return None
    if match["edge"]:
        return Period.year(first if match["edge"] in _OPENINGS else first + 4)
    return Period.years(first, first + 4)


def _count(words: str) -> int:
    """A small number of years in Chinese or Arabic digits: 五, 十五, 二十, 12."""
    if words.isdigit():
        return int(words)
    tens, ten, ones = words.partition("十")
    if not ten:
        return _COUNT.get(words, 0)
    return (_COUNT.get(tens, 0) if tens else 1) * 10 + (_COUNT.get(ones, 0) if ones else 0)


def _past_years(match: re.Match[str], clock: Clock) -> Period | None:
    count = _count(match["n"])
    return Period.years(clock.over - count + 1, clock.over) if 2 <= count <= 20 else None


def _coming_years(match: re.Match[str], clock: Clock) -> Period | None:
    count = _count(match["n"])
    return Period.years(clock.this_year, clock.this_year + count - 1) if 2 <= count <= 20 else None


def _this_year(match: re.Match[str], clock: Clock) -> Period | None:
    part = match["part"]
    if match[0].startswith("当年"):
        # 到去年底…，当年减少文盲400万人: the year that is told.
        return _part_of(clock.told, part)
    if part:
        return _part_of(clock.this_year, part)
    if match["since"] and clock.so_far is not None:
        return clock.so_far
    return Period.year(clock.this_year)


_RULES: tuple[TimeRule, ...] = (
    (
        Rule(
            "words.periods.year_to_year",
            _Y + rf"年?(?:[-至到~]|—+)(?P<y2>{YEAR})年?",
            takes=("⟦2013年至2017年⟧的五年", "⟦2016-2020年⟧"),
            leaves=("2013年、2017年",),
        ),
        lambda m, _: _span(int(m["y"]), int(m["y2"])),
    ),
    (
        Rule(
            "words.periods.january_to_a_month_of_a_year",
            _Y + r"年?" + _MONTHS,
            takes=("⟦2024年1-6月⟧,全市",),
            leaves=("2024年7-9月",),
        ),
        lambda m, _: Period.months(int(m["y"]), 1, int(m["m2"])),
    ),
    (
        Rule(
            "words.periods.first_half_of_a_year",
            _Y + r"年?[前头](?:6|六)个月|" + _Y.replace("<y>", "<y3>") + "年前半年",
            takes=("⟦2024年前六个月⟧,全市", "⟦2024年前半年⟧"),
            leaves=("2024年前7个月",),
        ),
        lambda m, _: Period.half(int(m["y"] or m["y3"]), 1),
    ),
    (
        Rule(
            "words.periods.first_months_of_a_year",
            _Y + r"年?" + _SOME_MONTHS,
            takes=("⟦2024年前九个月⟧,全市",),
            leaves=("2024年前六个月", "2024年9月"),
        ),
        lambda m, _: Period.months(int(m["y"]), 1, _count(m["n"])),
    ),
    (
        Rule(
            "words.periods.part_of_a_year",
            _Y + r"年?的?" + _PART,
            takes=("⟦2023年上半年⟧", "截至⟦2023年底⟧"),
            leaves=("2023年,上半年",),
        ),
        lambda m, _: _part_of(int(m["y"]), m["part"]),
    ),
    (
        Rule(
            "words.periods.year",
            _Y + r"年度?(?!代)",
            takes=("⟦2023年⟧,全县", "⟦2023年度⟧预算"),
            leaves=("1990年代",),
        ),
        lambda m, _: Period.year(int(m["y"])),
    ),
    (
        Rule(
            "words.periods.plan_in_short",
            rf"[“\"'‘]?{PLAN_NUMBER}五(?:[”\"'’]|(?={any_word('behind_a_plan')})|(?<=十[一二三四五六]五))"
            r"(?:(?:规划|计划|时期|期)?(?P<edge>开局|开好局|起好步|良好开局|收官|期末|末))?这?(?:五年)?",
            takes=("⟦“十四五”⟧时期", "⟦十三五规划收官⟧之年"),
            leaves=("十五年来", "三五年"),
            why="Without quotation marks a plan's word must stand behind it: 十五年 is a number of years.",
        ),
        _plan,
    ),
    (
        Rule(
            "words.periods.plan_by_number",
            rf"第{PLAN_NUMBER}个五年计划(?:(?:期间|时期|期|草案)?(?P<edge>末|的?第一年|的?最后一年)|期间|时期|期|草案"
            r"|(?=[内中里的说,、。]|规定|要求|提出|安排|$))",
            takes=("⟦第一个五年计划期间⟧新建", "⟦第一个五年计划的最后一年⟧"),
            leaves=("第一个五年规划",),
        ),
        _plan,
    ),
    (
        Rule(
            "words.periods.past_years",
            rf"(?:过去|[这近]|最近)的?(?P<n>{_FEW})年(?:[来里间]|以来)?",
            takes=("⟦过去五年⟧工作回顾", "⟦近20年⟧的烂尾楼"),
            leaves=("五年来", "接近2023年水平"),
        ),
        _past_years,
    ),
    (
        Rule(
            "words.periods.years_since_founding",
            rf"(?:成立|开办|实施|开展|举办|建立)(?P<n>{_FEW})年来",
            takes=("⟦成立16年来⟧累计", "规划⟦实施四年来⟧"),
            leaves=("成立16年",),
        ),
        _past_years,
    ),
    (
        Rule(
            "words.periods.five_years_described",
            r"^[-—]*这是[^,。;]{2,30}的(?P<n>五|5)年",
            takes=("⟦这是城乡面貌大幅改善的五年⟧,",),
            leaves=("这是连续丰收的三年", "过去的五年"),
        ),
        _past_years,
    ),
    (
        Rule(
            "words.periods.coming_years",
            rf"(?:今后|未来)的?(?P<n>{_FEW})年",
            takes=("⟦今后五年⟧的目标",),
            leaves=("今后几年", "过去五年"),
        ),
        _coming_years,
    ),
    (
        Rule(
            "words.periods.years_till_now",
            rf"(?P<n>[二三四五六七八九]?十[一二三四五六七八九]?|(?<![{COUNTING}])[三四五六七八九])年(?:[来间]|以来|里|累计)",
            takes=("⟦五年来⟧,全县", "⟦三年累计⟧投入"),
            leaves=("三五年来", "一年来"),
            why="三五年 means a few years.",
        ),
        _past_years,
    ),
    (
        Rule(
            "words.periods.january_to_a_month",
            r"(?<![\d十])(?P<rel>今年|本年|去年|上年)?" + _MONTHS,
            takes=("⟦1-6月⟧,全市", "⟦今年1至9月⟧"),
            leaves=("7-9月",),
        ),
        lambda m, c: Period.months(
            c.this_year - (m["rel"] in ("去年", "上年")) if m["rel"] else c.told, 1, int(m["m2"])
        ),
    ),
    (
        Rule(
            "words.periods.this_year",
            r"(?:今年|本年度?(?![龄级])|当年)(?P<since>以来)?的?" + _PART + "?",
            takes=("⟦今年以来⟧,全县", "⟦今年5月⟧21日"),
            leaves=("来年", "近年来"),
        ),
        _this_year,
    ),
    (
        Rule(
            "words.periods.last_year",
            r"去年的?" + _PART + "?",
            takes=("比⟦去年底⟧减少", "由⟦去年的⟧6例"),
            leaves=("往年",),
        ),
        lambda m, c: _part_of(c.this_year - 1, m["part"]),
    ),
    # Of a year that is looked back on, the one before it.
    (
        Rule(
            "words.periods.year_before",
            r"(?:上年|上一年|前一年)的?" + _PART + "?",
            takes=("比⟦上年末⟧提高",),
            leaves=("上半年",),
        ),
        lambda m, c: _part_of(c.told - 1, m["part"]),
    ),
    (
        Rule(
            "words.periods.two_years_ago",
            r"(?<![目提以之])前年",
            takes=("⟦前年⟧开工的项目",),
            leaves=("前些年",),
        ),
        lambda m, c: Period.year(c.this_year - 2),
    ),
    (
        Rule(
            "words.periods.next_year",
            r"明年|(?<![近未年])来年|下一年",
            takes=("⟦明年⟧初",),
            leaves=("今明两年",),
        ),
        lambda m, c: Period.year(c.this_year + 1),
    ),
    (
        Rule(
            "words.periods.past_year",
            r"过去的?一年|一年来|这一年",
            takes=("⟦过去一年⟧,全县", "⟦一年来⟧,我们"),
            leaves=("过去五年", "第一年"),
        ),
        lambda m, c: Period.year(c.over),
    ),
    (
        Rule(
            "words.periods.month",
            r"(?<![\d年])(?P<part>1?\d月)(?:份|末|当月|单月)",
            takes=("⟦7月份⟧启用", "其中⟦6月当月⟧增长", "⟦9月末⟧不良贷款率"),
            leaves=("7月28日", "2023年7月份"),
        ),
        lambda m, c: _part_of(c.told, m["part"]),
    ),
    (
        Rule(
            "words.periods.first_half",
            r"[前头](?:6|六)个月|前半年",
            takes=("⟦前六个月⟧,全市", "⟦前半年⟧"),
            leaves=("前半段", "六个月"),
        ),
        lambda m, c: _part_of(c.told, "上半年"),
    ),
    (
        Rule(
            "words.periods.first_months",
            _SOME_MONTHS,
            takes=("⟦前九个月⟧,全市",),
            leaves=("前六个月", "九个月"),
        ),
        lambda m, c: Period.months(c.told, 1, _count(m["n"])),
    ),
    (
        Rule(
            "words.periods.half_or_quarter",
            r"上半年|下半年|前三季度|前三个季度|第?[一二三四]季度",
            takes=("⟦上半年⟧增长", "⟦三季度⟧末"),
            leaves=("半年", "季度考核"),
        ),
        lambda m, c: _part_of(c.told, m[0]),
    ),
    (
        Rule(
            "words.periods.month_up_to_a_day",
            r"(?:截至|截止到?)(?P<part>1?\d月)\d{1,2}日",
            takes=("⟦截至6月30日⟧,全区",),
            leaves=("6月30日", "截至6月底"),
        ),
        lambda m, c: _part_of(c.told, m["part"]),
    ),
    (
        Rule(
            "words.periods.month_end",
            r"(?:截至|截止|[到至])(?P<part>1?\d月[份底末])",
            takes=("⟦截至6月底⟧,全区",),
            leaves=("截至6月30日",),
        ),
        lambda m, c: _part_of(c.told, m["part"]),
    ),
    (
        Rule(
            "words.periods.whole_year",
            r"全年|(?<![两二三四五六七八九十])年内|年底|年末",
            takes=("⟦全年⟧完成投资", "确保⟦年内⟧投用"),
            leaves=("三年内",),
            why="三年内 is a span of years.",
        ),
        lambda m, c: Period.year(c.told),
    ),
)

_BASE_BEFORE = Rule(
    "words.periods.base_before",
    r"(?:[比较与同]|相[比较]于)$",
    takes=("粮食产量⟦比⟧", "税收⟦相较于⟧"),
    leaves=("比重", "高于"),
)
_BASE_AFTER = Rule(
    "words.periods.base_after",
    r"(?:相比|末?同期)",
    takes=("⟦同期⟧增长", "⟦相比⟧增加"),
    leaves=("期末余额",),
    at=At.START,
)
_TITLE = Rule(
    "words.periods.title",
    rf"{TITLE}|“?十[一二三四五六]?五”?规划{any_word('papers_of_a_plan')}|\([^)]*{YEAR}[-~—至][^)]*\)|"
    # 落实去年9月26日中央政治局会议部署: the day of a meeting is no time of a figure.
    rf"(?:{YEAR}年|去年|今年|前年)?1?\d月\d{{1,2}}日(?!在)[^,;。、]{{0,14}}?(?:会议|全会|座谈会)",
    takes=("实施⟦《清柏县总体规划》⟧", "落实⟦去年9月26日省委全会⟧部署"),
    leaves=("“十五五”规划目标", "9月26日在全会上"),
    why="The day of a meeting is no time of a figure.",
)


def _span(first: int, last: int) -> Period | None:
    return Period.years(first, last) if first <= last <= first + 60 else None


_ACCOUNTS = {
    "上年": tuple(load_wording().lists["accounts_of_the_year_before"]),
    "本年": tuple(load_wording().lists["accounts_of_the_year"]),
}


def _of_an_account(match: re.Match[str], text: str) -> bool:
    """Whether a time is part of an account's name: 上年结转收入 and 本年收支结余 are of the year whose account it is."""
    return match[0] in _ACCOUNTS and text.startswith(_ACCOUNTS[match[0]], match.end())


def find_times(text: str, clock: Clock) -> list[TimeMention]:
    """The periods that a cleaned text names, in order; titles in 《》 are not read."""
    masked = arabic_years(_TITLE.sub(lambda m: "\x00" * len(m[0]), text))
    taken: list[Span] = []
    found: list[TimeMention] = []
    for pattern, make in _RULES:
        for match in pattern.finditer(masked):
            span = Span(*match.span())
            if any(span.start < t.end and t.start < span.end for t in taken):
                continue
            period = make(match, clock)
            if period is None or period.first_year <= UNKNOWN + _REACH or _of_an_account(match, masked):
                continue
            taken.append(span)
            base = bool(
                _BASE_BEFORE.search(masked, max(0, span.start - 3), span.start) or _BASE_AFTER.match(masked, span.end)
            )
            found.append(TimeMention(period, span, match[0], base))
    found.sort(key=lambda m: m.span)
    return found
