"""Differences from another place or from an aim (高于全市18.5个百分点), and figures that say the last one once more: the aim, the year before."""

from __future__ import annotations

import re
from dataclasses import replace

from index.figures.carry import Carry, Read, Reader, Reading
from index.figures.clauses import Context, ends_change, without_end
from index.figures.nouns import noun_of, verbless
from index.figures.readers.shares import share_in_points
from index.rules import At, Rule
from index.types import Measure
from index.words.fragments import LETTERS, any_word
from index.words.lexicon import load_wording

_AGAINST = Rule(
    "figures.gaps.against",
    rf"(?P<word>{any_word('gaps')}(?![ⅰ-ⅲi]|[一二三]类))(?P<place>[^,;]{{1,16}})$"
    rf"|[比较](?P<place2>[^,;]{{0,16}}?{any_word('bases', 'averages')}[^,;]{{0,4}}?)(?P<word2>[高低快慢多少])出?[了约近]?$",
    takes=("用电量增速⟦高于全市⟧", "调查失业率⟦比上年低⟧"),
    leaves=("水质优于ⅲ类", "占gdp比重"),
    why="A class of water is no place to compare with.",
)
"""Before a gap in percentage points: 增速高于全市18.5个百分点."""
_BEHIND = frozenset({"低于", "慢于", "低出", "落后", "落后于", "低", "慢", "少"})
_OF_RATES = Rule(
    "figures.gaps.of_rates",
    rf"(?:平均)?(?:{any_word('rate_names')}|水平|平均数?)$",
    takes=("高于全省⟦平均水平⟧", "低于全市⟦增速⟧"),
    leaves=("平均工资",),
)
_EACH_OR_ALSO = Rule(
    "figures.gaps.each_or_also",
    r"(?:分别|[均也都])$",
    takes=("两项指标⟦均⟧", "增速⟦也⟧"),
    leaves=("均衡发展",),
)


def goes_against(left: str) -> re.Match[str] | None:
    """The end of some words that says from whom a figure differs: 高于全市."""
    return _AGAINST.search(left)


def without_mean(left: str) -> str:
    """高于全市平均增速 → 高于全市: that a rate or a mean is meant says the unit."""
    plain = _OF_RATES.sub("", left)
    return plain if plain != left and goes_against(plain) else left


def read_points(context: Context, carry: Carry) -> Read | None:
    """Percentage points: 增速高于全市18.5个百分点, 比重提高4.7个百分点."""
    if not context.is_points:
        return None
    gap = goes_against(context.left)
    words = context.left[: gap.start()] if gap else verbless(context.left)
    words, carry = carry.named(_EACH_OR_ALSO.sub("", words))
    own = share_in_points(words, context, carry)
    if not own:
        own, carry = carry.remember(words, context)
    word = (gap["word"] or gap["word2"]) if gap else ""
    place = (gap["place"] or gap["place2"]) if gap else ""
    reading = Reading(own, Measure.CHANGE, -1 if word in _BEHIND else 1, f"{word}{place}")
    return Read(reading if own else None, carry.telling(reading, context))


_MORE_OR_LESS = {"多": 1, "高": 1, "少": -1, "低": -1}
_THAN = ("比", "较")
_LONGEST_OTHER = 16


def read_difference(context: Context, carry: Carry) -> Read | None:
    """城镇居民收入比农村居民多2.5万元, 粮食产量比上年少1.2万吨: by how much it differs from another or from what it was."""
    left = context.left.rstrip("了出约近")
    sign = _MORE_OR_LESS.get(left[-1:])
    at = max(left.rfind(than, max(0, len(left) - _LONGEST_OTHER)) for than in _THAN)
    if sign is None or context.respectively or context.is_points or not 0 <= at < len(left) - 2:
        return None
    if left[at + 1 :].startswith(_NOT_THAN):
        return None
    words, carry = carry.named(_EACH_OR_ALSO.sub("", left[:at]))
    own, carry = carry.remember(words, context)
    measure = Measure.GROWTH if context.is_rate else Measure.CHANGE
    reading = Reading(own, measure, sign, left[at:])
    return Read(reading if own else None, carry.telling(reading, context))


_NOT_THAN = ("重", "例", "率", "为", "好", "大", "多", "高", "低", "少", "快", "慢")
"""Behind 比 or 较 where it is of another word: 比重, 比例, 较高."""

TARGET_BEFORE = Rule(
    "figures.gaps.target_before",
    rf"(?:{any_word('level_verbs', 'gaps')}|占|相当于|超额完成|未完成)?了?{any_word('of_an_aim')}{any_word('setting')}?的?{any_word('aimed', 'aim_of')}?{any_word('aims')}[数值]?[的为是]?(?:增长|下降)?$"
    rf"|{any_word('fulfils')}了?{any_word('when_aimed')}*{any_word('plans_of_money')}的$",
    takes=("税收⟦为年度目标的⟧", "⟦超额完成全年任务⟧", "⟦完成调整预算的⟧"),
    leaves=("年度目标责任", "目标的", "安排一般公共预算"),
)
TARGET_AFTER = Rule(
    "figures.gaps.target_after",
    rf"^{any_word('approximate_after')}?的?(?:{any_word('of_an_aim', 'aimed', 'aim_of')}|[“”])*(?:目标|任务(?!书|清单)|计划(?![新内外总单开生]))|^[^,;。]{{0,8}}{any_word('aims')}[^,;。]{{0,4}}(?:未|没有)",
    takes=("⟦左右的预期目标⟧", "⟦的年度计划⟧"),
    leaves=("的任务书", "计划新建公园"),
    why="任务书 is a paper and 计划新建 a verb.",
    at=At.START,
)
_IN_BRACKETS = Rule(
    "figures.gaps.in_brackets",
    rf"\((?P<told>{any_word('leaving_out')}[{LETTERS}、]{{2,14}}?)(?:[后则]|的话)?(?:[,为是]|增长)*",
    takes=("⟦(剔除罚没收入后增长⟧",),
    leaves=("(预计可达", "剔除罚没收入"),
    at=At.WHOLE,
)
_THAN_IT_WAS = Rule(
    "figures.gaps.than_it_was",
    rf"[但也还]?{any_word('by_far')}?(?:{any_word('gaps')}|超过)(?P<word>增长|上升|下降)",
    takes=("⟦但明显低于增长⟧",),
    leaves=("低于全省", "增长"),
    at=At.WHOLE,
)
_AS_FAST = load_wording().pattern("as_fast")
_NEAR_THE_AIM = Rule(
    "figures.gaps.near_the_aim",
    rf"^(?:虽|{any_word('connectives')})*{any_word('by_far')}?(?:{any_word('gaps')}|超过|接近|[没未]?有?达到)$",
    takes=("⟦但略低于⟧", "⟦虽未达到⟧"),
    leaves=("低于全省",),
)


def _without_something(context: Context, carry: Carry) -> Read | None:
    """工业总产值增长7.5%(不包括村办工业7%)."""
    without = _IN_BRACKETS.fullmatch(context.left.strip())
    if without is None or not context.is_rate or not carry.topic.words:
        return None
    return Read(replace(carry.told.reading, indicator=f"{carry.topic.words}({without['told']})"), carry)


def _rate_came_to(context: Context, carry: Carry) -> Read | None:
    """涨幅要从14.8%降到10%左右，经过努力，实际回落到6.1%."""
    if not (carry.told.rated and carry.topic.words and context.is_rate and ends_change(context.left)):
        return None
    if noun_of(verbless(without_end(context.left))) not in ("", "实际"):
        return None
    return Read(Reading(carry.topic.words, Measure.GROWTH, carry.told.reading.sign), carry)


def _than_it_was(context: Context, carry: Carry) -> Read | None:
    """增长7.3%，大大低于1985年增长44.6%的速度: the same in the year that is named."""
    then = _THAN_IT_WAS.fullmatch(context.left.strip())
    if then is None or not context.is_rate or not carry.topic.words or not _AS_FAST.match(context.right):
        return None
    return Read(Reading(carry.topic.words, Measure.GROWTH, -1 if then["word"] == "下降" else 1), carry)


def _near_the_aim(context: Context, carry: Carry) -> Read | None:
    """增长7.8%，略低于8%的预定目标."""
    if not carry.topic.words or not TARGET_AFTER.match(context.right) or not _NEAR_THE_AIM.search(context.left):
        return None
    return Read(Reading(carry.topic.words, _as_told(context, carry), carry.told.reading.sign), carry)


def _as_told(context: Context, carry: Carry) -> Measure:
    grew = carry.told.measure is Measure.GROWTH and context.is_rate
    return Measure.GROWTH if grew else Measure.LEVEL


AGAIN: tuple[Reader, ...] = (_without_something, _rate_came_to, _than_it_was, _near_the_aim)
"""Readers of a figure beside the one that was told last: the same without something, or the aim that was just missed."""


def _aim_behind(context: Context, carry: Carry) -> Read | None:
    """…10000户的旧改征收签约，超额完成年初确定的6000户目标."""
    if context.respectively or not carry.topic.words or not TARGET_AFTER.match(context.right):
        return None
    return Read(Reading(carry.topic.words, _as_told(context, carry)), carry)


def _aim_before(context: Context, carry: Carry) -> Read | None:
    """实际使用外资3.86亿美元，为年度目标4.3亿美元的89.8%."""
    # 完成年初预算数1.5亿元的75.7%
    left = f"{context.left}的" if context.right == "的" else context.left
    found = TARGET_BEFORE.search(left) if carry.topic.words and not context.respectively else None
    if found is None or noun_of(left[: found.start()]):
        return None
    return Read(Reading(carry.topic.words), replace(carry, told=replace(carry.told, aim=found[0])))


AIMS: tuple[Reader, ...] = (_aim_behind, _aim_before)
"""Readers of a figure that is the target of what was told before it."""
