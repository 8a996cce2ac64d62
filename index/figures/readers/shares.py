"""A part of a whole: 占全市比重, 占比."""

from __future__ import annotations

import re
from dataclasses import replace

from index.figures.carry import Carry, Read, Reader, Reading
from index.figures.clauses import Context, only_ends_change, starts_change
from index.rules import Rule
from index.types import Measure
from index.words.fragments import any_word
from index.words.lexicon import load_wording
from index.words.naming import strip_lead

_SHARE_VERBS = (
    r"(?:已经|已|就|约|近|超过?|达到?|达|为|是|连续\d+年|首次|均|都|大约|高达|仅|只|逐年|进一步|持续|稳步"
    r"|(?:提高|上升|提升|下降|降低|增加|减少|回升|扩大|升|降|增)(?:到|至|为)|(?:保持|稳定|控制|维持)在|突破|将|则|却|也|都|又|要|(?:从|由)的?)*$"
)
_SHARE = Rule(
    "figures.shares.share",
    rf"(?:占(?!比)|相当于)(?P<whole>[^,;]{{1,30}}?)的?(?:比重|比例|比值|份额)?(?:分别)?{_SHARE_VERBS}",
    takes=("林地⟦占县域面积比重达⟧", "⟦相当于上年的⟧"),
    leaves=("绿电占比", "林地面积"),
    why="占比 names no whole.",
)
_RATIO = Rule(
    "figures.shares.ratio",
    rf"(?:占比?|比重|所占比例){_SHARE_VERBS}",
    takes=("绿电⟦占比提高到⟧", "财政收入⟦所占比例⟧", "其中民营经济主体⟦占⟧"),
    leaves=("占比全省第一",),
)
OF_THE_AIM = Rule(
    "figures.shares.of_the_aim",
    rf"(?:占|完成|[为是超]|达到?|相当于|超[过出])(?P<aim>[^,;占]{{0,10}}?(?:预算|{any_word('aims')})(?:任务)?)(?:[数额]|投资)?的?$",
    takes=("用工⟦占年度计划的⟧", "⟦完成全年任务的⟧", "⟦为调整预算数的⟧"),
    leaves=("年度计划", "完成预算收入"),
)
_SHARE_NAME = Rule(
    "figures.shares.share_name",
    r"占.+(?:比重|比例|份额)$|占比$",
    takes=("林地⟦占县域面积比重⟧", "绿电⟦占比⟧"),
    leaves=("占地面积", "占比提高"),
)


_ARE_SHARES = ("强度", "率", "比重", "水平", "度")
"""Ends of names that are shares by themselves: 研发投入强度, 依存度."""


def _of_each(context: Context, carry: Carry) -> Read | None:
    """甲产业、乙产业产值占规上工业比重分别达42.1%、52.1%."""
    if not context.is_rate or not context.respectively or _SHARE_NAME.search(context.respectively[0]) is None:
        return None
    own, carry = carry.remember(context.respectively[0], context)
    reading = Reading(own, Measure.SHARE)
    return Read(reading, carry.telling(reading, context, share=carry.told.share))


def _of_a_whole(context: Context, carry: Carry) -> Read | None:
    """工业增加值占生产总值比重达到35%; 在新开工项目中，工业项目占六成."""
    found = _SHARE.search(context.left) if context.is_rate else None
    if found is None:
        return None
    if context.left.startswith("(", found.start() - 1) and context.left.endswith(")"):
        return _named_in_brackets(context, found, carry)
    # 占计划投资: there the plan is no verb before a name.
    whole = found["whole"] if found["whole"].startswith(load_wording().lists["aims"]) else strip_lead(found["whole"])[0]
    own, carry = carry.named(context.left[: found.start()])
    return _told(f"{carry.heard.within if own else ''}{own or carry.topic.words}占{whole}比重", context, carry)


def _named_in_brackets(context: Context, found: re.Match[str], carry: Carry) -> Read:
    """研发投入强度(占GDP比重)2.1%: the brackets only say what kind of share the name is, or of what it is one."""
    own, carry = carry.named(context.left[: found.start() - 1])
    whole = found["whole"].rstrip(")").removesuffix("的比重").removesuffix("比重").removesuffix("比例")
    share = own if own.endswith(_ARE_SHARES) else f"{own or carry.topic.words}占{whole}比重"
    read = _told(share, context, carry)
    return replace(read, carry=read.carry.about(share, context.segment.span.start))


def _as_ratio(context: Context, carry: Carry) -> Read | None:
    """服务业占比达到55%."""
    found = _RATIO.search(context.left) if context.is_rate else None
    if found is None:
        return None
    own, carry = carry.named(context.left[: found.start()])
    return _told(f"{own or carry.topic.words}占比", context, carry)


def _told(share: str, context: Context, carry: Carry) -> Read:
    reading = Reading(share, Measure.SHARE, sets_out=starts_change(context.left))
    return Read(reading, carry.telling(reading, context, share=share))


def _come_to(context: Context, carry: Carry) -> Read | None:
    """服务业占比由50%提高到55%: the end of what began as a share."""
    if not context.is_rate or not carry.told.share or not only_ends_change(context.left):
        return None
    reading = Reading(carry.told.share, Measure.SHARE)
    return Read(reading, carry.telling(reading, context, share=carry.told.share))


def _of_an_aim(context: Context, carry: Carry) -> Read | None:
    """完成预算的101.2%: how much of an aim was done has a name of its own, as in tables, and changes no subject."""
    if context.figure.unit != "%" or context.respectively:
        return None
    if context.left == "的" and carry.told.aim and carry.topic.words:
        # 完成年初预算数15250万元的75.7%
        told = OF_THE_AIM.search(f"{carry.told.aim.removesuffix('的')}的")
        share = Reading(f"{carry.topic.words}完成{told['aim']}") if told is not None else None
        return Read(share, replace(carry, told=replace(carry.told, aim=""))) if share is not None else None
    found = OF_THE_AIM.search(context.left)
    if found is None or found[0].startswith(("占", "相当于", "超")) or context.left.endswith("超额", 0, found.start()):
        # 超额完成任务的12% tells what was done beyond it.
        return None
    own, carry = carry.named(context.left[: found.start()])
    own, carry = carry.remember(own, context)
    return Read(Reading(f"{own}完成{found['aim'].lstrip('了当')}") if own else None, carry)


SHARES: tuple[Reader, ...] = (_of_an_aim, _of_each, _of_a_whole, _as_ratio, _come_to)
"""Readers of rates that are shares."""


def share_in_points(words: str, context: Context, carry: Carry) -> str:
    """The share that a change in points is of where it names nothing itself: 产业投资比重提升至55.7%、提高4.7个百分点."""
    told = not words and context.is_points and carry.told.measure is Measure.SHARE
    return carry.told.share if told else ""
