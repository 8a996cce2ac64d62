"""Names of a list that are cut short: to one character (存、贷款余额), and with a list of their own in brackets."""

from __future__ import annotations

from index.words.lexicon import load_wording

_MARKS = {"、": "\ue000", "和": "\ue001", "及": "\ue002", "与": "\ue003", ",": "\ue004"}
"""What parts the names of a list, and what stands for it where it parts none."""
_HIDDEN = str.maketrans(_MARKS)
_SHOWN = str.maketrans({hidden: mark for mark, hidden in _MARKS.items()})
_NUMERALS = "一二三四五"
_TOWN_AND_COUNTRY = {"城": "城镇", "乡": "农村"}


def hide_brackets(words: str) -> str:
    """The words with the marks inside brackets hidden: 职工养老(不含机关、离退休)、失业保险人数 names two things."""
    if "(" not in words:
        return words
    written, depth = [], 0
    for sign in words:
        depth = max(0, depth + (sign == "(") - (sign == ")"))
        written.append(sign.translate(_HIDDEN) if depth else sign)
    return "".join(written)


def show_brackets(words: str) -> str:
    """The words as they were before :func:`hide_brackets`."""
    return words.translate(_SHOWN)


def whole_names(parts: list[str]) -> list[str]:
    """The parts with what the last one says of those that are one character: 农、林、渔业产值, 本外币存、贷款余额.

    A numeral alone is no such character: 一、二产业.
    """
    last = parts[-1]
    if len(parts) < 2 or len(last) < _LEAST:
        return parts
    if load_wording().pattern("generic_measures").fullmatch(last[1:]):
        # 肉、蛋、奶总产量: one character is their whole name.
        return [*(p + last[-2:] if len(p) == 1 else p for p in parts[:-1]), last]
    pair = parts[0][-1] + last[0]
    if len(parts) == 2 and (len(parts[0]) == 1 or pair in _pairs()) and parts[0][-1] not in _NUMERALS:
        head = parts[0][:-1]
        if pair in ("城乡", "乡城"):
            return [head + _TOWN_AND_COUNTRY[sign] + last[1:] for sign in pair]
        return [parts[0] + last[1:], head + last]
    if last.endswith("余额"):
        # 存款、贷款余额
        return [p + "余额" if p.endswith("款") else p for p in parts]
    if len(last) == _LEAST and last[-1] in "率量额" and all(len(p) == _LEAST - 1 for p in parts[:-1]):
        # 出生、死亡率
        return [*(p + last[-1] for p in parts[:-1]), last]
    return [p + last[1:] if len(p) == 1 and p not in _NUMERALS else p for p in parts]


_LEAST = 3
"""Characters of the last name from which it lends all but its first."""


def _pairs() -> frozenset[str]:
    return frozenset(load_wording().lists["opposites"])
