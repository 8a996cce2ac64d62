"""Words that name only a part (农村, 在校生, 二等奖), with what the clauses before told it is a part of."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from index.figures.carry import Carry
from index.figures.clauses import Context
from index.figures.nouns import is_measured, joined_names, without_measure, without_verbs
from index.words.lexicon import load_wording
from index.words.naming import canonical_for, canonical_of, normalised

_HALVES = frozenset(load_wording().lists["halves"])
_HALF_ENDS = load_wording().lists["halves"]
_FULL = {"男": "男性", "女": "女性"}
_OF_SCHOOLS = load_wording().lists["of_schools"]
_ALL_SCHOOLS = frozenset(load_wording().lists["all_schools"])
_KINDS_OF_SCHOOL = tuple(load_wording().lists["kinds_of_school"])
_WHO = "居民"
_PEOPLE = ("人", "名")
_PRIZE = "等奖"
_SAYS_LITTLE = frozenset({"总额", "总量", "规模", "金额", "资金", "余额"})
"""Ends of a measure that alone do not say what is measured: 总额 of 零售总额."""
_MEASURED_ENDS = "额量率数值资入出款费积重准度"


def part_named(words: str, context: Context, carry: Carry) -> str:
    """The words with the whole that they are of, where they only name a part of it; the words where they do not."""
    if context.respectively:
        return words
    return _half(words, context, carry) or _of_school(words, carry) or _prize(words, carry) or words


_DONE = load_wording().pattern("holds")


def _half(words: str, context: Context, carry: Carry) -> str:
    """婴儿死亡率城市2.1‰、农村3.2‰: one half of what is told, "" where the words name none."""
    if words in _HALVES:
        whole = _without_half(carry.topic.parted or carry.topic.words, words)
        alike = not carry.told.unit or _alike(context.figure.unit, carry.told.unit) or context.is_rate
        return joined_names(_FULL.get(words, words), whole) if len(whole) > 1 and alike else ""
    half = next((h for h in _HALF_ENDS if words.endswith(h) and len(words) > len(h) + 1), "")
    whole = words[: -len(half)] if half else ""
    if whole and (canonical_of(whole) is not None or whole[-1] in _MEASURED_ENDS):
        return joined_names(_FULL.get(half, half), whole)
    return ""


def _without_half(words: str, other: str = "") -> str:
    """The whole of which words name one half, for another half: 居民收入 of 城镇居民收入 for 农村, 收入 for 农村居民."""
    whose = other.endswith(_WHO)
    halves = (h for h in _HALF_ENDS if words.startswith(h) and len(words) > len(h) + 1)
    half = next((h for h in halves if not other or h.endswith(_WHO) == whose), "")
    # 主要运输方式完成货运量: what was done stands behind the verb.
    return _DONE.split(words[len(half) :])[-1]


def _alike(one: str, other: str) -> bool:
    """Whether two units measure the same."""
    return one == other or normalised(Decimal(1), one)[1] == normalised(Decimal(1), other)[1]


def _of_school(words: str, carry: Carry) -> str:
    """小学1368所，招生19.9万人，在校生106.5万人: pupils of primary schools, and not of all; "" where no kind was told."""
    return carry.topic.school + words if carry.topic.school and words in _OF_SCHOOLS else ""


def _prize(words: str, carry: Carry) -> str:
    """国家科学技术奖特等奖1项、二等奖1项."""
    told = carry.topic.words
    both = len(words) == len(_PRIZE) + 1 and words.endswith(_PRIZE) and told.endswith(_PRIZE) and told != words
    return told[: -len(words)] + words if both else ""


def keep_whole(words: str, context: Context, carry: Carry) -> Carry:
    """The carry with the school or the whole of which parts may follow what was just told."""
    topic = carry.topic
    school = topic.school
    measure = next((m for m in _OF_SCHOOLS if words.endswith(m) and words != m), "")
    counted = context.counts and context.figure.unit[-1:] not in _PEOPLE
    kind = without_verbs(words[: -len(measure)] if measure else words if counted else "")
    if kind and kind.endswith(_KINDS_OF_SCHOOL):
        school = "" if kind in _ALL_SCHOOLS else kind
    parted = words if _without_half(words) != words else ""
    if (school, parted) == (topic.school, topic.parted):
        return carry
    return replace(carry, topic=replace(topic, school=school, parted=parted))


def of_the_measure(words: str, context: Context, carry: Carry) -> str:
    """重点项目完成投资57.3亿元，其中省市重点项目31.6亿元: the part is measured as the whole is."""
    told = carry.topic.words
    known = canonical_for(words, context.figure.unit) is not None
    if not is_measured(told) or known or context.figure.unit != carry.told.unit or words[-1] in _MEASURED_ENDS:
        return words
    # 铁路复线318公里，公路3002公里: 复线 is a kind of line and no measure.
    measure = told[len(without_measure(told)) :]
    if not measure.endswith(tuple(_MEASURED_ENDS)) or measure in _SAYS_LITTLE or is_measured(words):
        return words
    return words + measure
