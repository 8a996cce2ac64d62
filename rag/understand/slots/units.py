"""The units that a question asks for: 多少万人, how many kilometers."""

from __future__ import annotations

from index.rules import At, Rule
from index.types import Span
from index.words.fragments import HAN
from index.words.lexicon import load_indicators, load_units
from rag.understand.words import either, load_asking

_ASKED_UNIT = Rule(
    "understand.units.asked_unit",
    rf"(?:多少|(?<![哪前近后这])几)(?P<u>{HAN}{{1,6}}|%)",
    takes=("新建学校⟦多少所⟧",),
    leaves=("新建哪几所学校",),
    why="哪几 asks for names, and 前几 and 近几 for no amount.",
)
_ABOUT_SO_MUCH = Rule(
    "understand.units.about_so_much",
    either("bounds"),
    takes=("⟦以上⟧",),
    leaves=("万吨",),
    at=At.START,
)
_ASKS_FOR_MONEY = Rule(
    "understand.units.asks_for_money",
    r"(?:多少|几个?)块?钱|花了多少|(?<!数)值多少",
    takes=("每户补助⟦多少钱⟧",),
    leaves=("补助多少户",),
)
_HOW_MANY = Rule(
    "understand.units.how_many",
    r"how many (?:square )?(?P<unit>[a-z]{2,})\b(?!-)",
    takes=("⟦how many schools⟧ were built",),
    leaves=("how much money was spent",),
)
_HOW_MUCH_MONEY = Rule(
    "understand.units.how_much_money",
    rf"how much (?:(?!foreign)[a-z-]+ ){{0,4}}?(?:{either('money')})\b(?! (?:{either('moves_english')}))",
    takes=("⟦how much port investment⟧ was made",),
    leaves=("how much water was used",),
)
_THINGS = Rule(
    "understand.units.things",
    rf"(?!钱){HAN}{{2}}",
    takes=("⟦足球⟧场地",),
    leaves=("钱一个月", "?"),
    why="What is counted stands behind its counter; behind money there is 钱 or nothing.",
    at=At.START,
)


_MOVES, _TO = frozenset({"升"}), frozenset("到至为")
"""Units that are verbs as well, and what stands behind them then."""


def unit_words(text: str) -> list[tuple[str, Span]]:
    """Units behind 多少 or 几 with the place of both: 多少万人 asks in 万人."""
    units, asking = load_units(), load_asking()
    found = []
    for match in _ASKED_UNIT.finditer(text):
        words = match["u"]
        if asking.says("not_unit", words):
            # 多少项目 asks how many projects and not how many 项.
            continue
        if any(m.span.start == 0 and m.span.end > 1 for m in load_indicators().asked_in(words)):
            # 多少大豆 asks for the beans and not for large ones.
            continue
        if words[:2] in ("个亿", "个万"):
            # 几个亿
            continue
        for length in range(len(words), 0, -1):
            unit = words[:length].replace("每", "/")
            rest = next((unit.removeprefix(m) for m in units.multipliers if unit.startswith(m)), unit)
            if unit in units.symbols or rest in units.symbols:
                end = match.start("u") + length
                if unit in _MOVES and text[end : end + 1] in _TO:
                    # 从多少升到多少
                    break
                # 多少万人以上: the bound belongs to the amount that is asked.
                bound = _ABOUT_SO_MUCH.match(text, end)
                found.append((unit, Span(match.start(), bound.end() if bound else end)))
                break
    return found


def _is_money(unit: str, before: str, behind: str) -> bool:
    """多少块 asks for money, and 几块足球场地 and 足球场有几块 for places."""
    return unit == "块钱" or (unit == "块" and _THINGS.match(behind) is None and not before.endswith("有"))


def units_of(text: str) -> tuple[str, ...]:
    """The units that a question asks for."""
    # 多少亿 says how large a number is looked for and nothing of its unit.
    found = [
        "元" if _is_money(unit, text[: span.start], text[span.end :]) else unit
        for unit, span in unit_words(text)
        if unit not in load_units().multipliers
    ]
    # 几成 asks for a rate, as 百分之几 does.
    found = ["%" if unit == "成" else unit for unit in found]
    if not found and (_ASKS_FOR_MONEY.search(text) or _asks_for_sums(text)):
        found.append("元")
    if _asks_for_persons(text) and set(found) <= {"个"}:
        found = ["人", "人次"]
    found += [unit for unit in _units_in_english(text) if unit not in found]
    if load_asking().says("rate", text):
        found.append("%")
    return tuple(dict.fromkeys(found))


def _asks_for_sums(text: str) -> bool:
    """Whether how much of some kind of money is asked: 多少补贴, 多少耕地保护资金."""
    sums = tuple(load_asking().words["sums"]["zh"])
    behind = [match["u"] for match in _ASKED_UNIT.finditer(text)]
    if any(part.rstrip("总一共有是了").endswith("钱") for part in text.split("多少")[:-1]):
        # 发的救助钱总共多少
        return True
    # 多少农民领到补贴 counts who got it.
    counted = (*load_asking().words["persons"]["zh"], *"拿领得到享获户")
    return any(
        words.startswith(sums) or (words.endswith(sums) and not any(who in words for who in counted))
        for words in behind
    )


def _asks_for_persons(text: str) -> bool:
    """Whether how many of some kind of people is asked: 多少学生, 几个游客, how many foreign visitors."""
    persons = load_asking().words["persons"]
    behind = (match["u"] for match in _ASKED_UNIT.finditer(text) if not load_asking().says("not_unit", match["u"]))
    english = text.partition("how many ")[2].split()[:2]
    return any(kind in words for words in behind for kind in persons["zh"]) or any(w in persons["en"] for w in english)


def _units_in_english(text: str) -> list[str]:
    """The unit that an English question asks for: how many kilometers, how much income."""
    many = _HOW_MANY.search(text)
    names = {name.lower(): symbol for symbol, unit in load_units().symbols.items() for name in unit.english}
    unit = names.get(many["unit"]) if many is not None else None
    if unit is not None:
        return [unit]
    return ["元"] if _HOW_MUCH_MONEY.search(text) else []
