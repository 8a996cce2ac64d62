"""Whether a figure was done, is expected or is meant: by the words before and behind it and by what opened the stretch."""

from __future__ import annotations

from dataclasses import replace

from index.figures.carry import Carry, Times
from index.figures.clauses import Segment
from index.figures.readers.gaps import TARGET_AFTER, TARGET_BEFORE
from index.figures.readers.shares import OF_THE_AIM
from index.figures.when import Moment, Setting, Timed
from index.rules import At, Rule
from index.types import Period, Status
from index.words.fragments import HAN, any_word
from index.words.naming import patterns_of_reports

_PROMISED = Rule(
    "figures.status.promised",
    rf"{any_word('of_an_aim')}{any_word('setting')}?的",
    takes=("⟦年初确定的⟧造林", "⟦年度下达的⟧"),
    leaves=("年初确定目标",),
)
_THE_AIM = Rule(
    "figures.status.the_aim",
    r"的(?:目标|任务|要求)$",
    takes=("减排两成⟦的目标⟧",),
    leaves=("的目标责任", "目标"),
)
"""没有实现年初确定的能耗降低4%、排放减少2%的目标"""
_AIMS = Rule(
    "figures.status.aims",
    rf"力争|争取|确保|拟|计划|到20\d\d年|{any_word('of_an_aim')}{any_word('setting')}?的?{any_word('aimed', 'aim_of')}*{any_word('aims')}+[是为]",
    takes=("⟦力争⟧森林覆盖率", "⟦年度预期目标为⟧"),
    leaves=("森林覆盖率力争", "年度目标完成"),
    at=At.START,
)
"""Words at the start of a clause that make an aim of all that the stretch goes on to name."""
_MEANT = Rule(
    "figures.status.meant",
    rf"(?<={HAN})将[会可要只也再]?{any_word('will')}|(?:(?<![度大])(?<!五年)计划|拟){any_word('planned')}|拟定|争取{any_word('striven_for')}",
    takes=("产能⟦将达⟧", "财政⟦拟安排⟧"),
    leaves=("将38个事项下放", "争取资金"),
    why="争取资金 tells what was obtained and 将38个事项下放 what was done.",
)
"""What is meant in a passage of results, where 争取资金5亿元 tells what was obtained and 将38个事项下放 what was done."""
_TASKS = Rule(
    "figures.status.tasks",
    rf"的?(?:{HAN}{{0,6}})任务",
    takes=("⟦重点任务⟧", "⟦的任务⟧全部完成"),
    leaves=("重点项目", "、任务"),
    at=At.START,
)
_DONE_TASK = Rule(
    "figures.status.done_task",
    rf"(?:完成|实现)(?!.*{any_word('when_aimed')})",
    takes=("如期⟦完成⟧退耕", "⟦实现⟧整村脱贫"),
    leaves=("完成年初确定的造林",),
)
_WHOLE_TASK = Rule(
    "figures.status.whole_task",
    r"的?(?:目标|任务)",
    takes=("⟦的任务⟧", "⟦目标⟧如期实现"),
    leaves=("重点任务",),
    at=At.START,
)
_THINGS = frozenset({"项", "件", "条", "个"})
_PUT_FORWARD = Rule(
    "figures.status.put_forward",
    rf"(?:(?:工作)?报告|计划|规划|会议|大会|年初)中?[曾就]?{any_word('setting')}(?:的是)?$",
    takes=("去年⟦工作报告提出⟧", "五年⟦规划确定⟧"),
    leaves=("报告提出要求",),
)
"""去年政府工作报告提出，物价涨幅要从14.8%降到10%左右: what was put forward was meant, until what came of it is told."""
_AS_IT_IS = Rule(
    "figures.status.as_it_is",
    rf"^(?:我[省市区县国]|全[省市区县])有\d|^{any_word('nowadays')}|先后在|(?:进行|实现|安排|{any_word('flow_words')})了",
    takes=("⟦目前⟧已有", "两县⟦签订了⟧协议"),
    leaves=("到目前为止", "签订协议"),
)
_STRETCH_ENDS = Rule(
    "figures.status.stretch_ends",
    r"[,;。]",
    takes=("造林9万亩⟦,⟧治沙", "造林9万亩⟦。⟧"),
    leaves=("造林、治沙",),
)
_LEAD = 24
"""Characters at the start of a stretch in which 预计 governs all of it."""


def settled(moment: Moment, timed: Timed, carry: Carry, setting: Setting) -> tuple[Period | None, Status, Times]:
    """Period and status, with an aim or an estimate that opened the stretch carried on."""
    period, times = timed.period, timed.times
    if moment.reading.sets_out and moment.before and _is_over(period, setting):
        # 将由1980年的191元增加到1985年的255元: where a change sets out from is known.
        return period, Status.ACTUAL, times
    status = _status(moment, period, setting)
    really = "实际" in moment.words
    if status is Status.ACTUAL and not really and _was_put_forward(moment):
        return period, Status.TARGET, replace(times, meant=period)
    done = bool(moment.before) or really or patterns_of_reports().done.search(moment.words) is not None
    if status is Status.ACTUAL and not done and times.meant is not None:
        # 力争全年重大工程完成投资101亿元，亿元以上项目竣工58个: all of it is meant.
        return times.meant, Status.TARGET, times
    if status is Status.TARGET and period is not None and _AIMS.match(moment.words.lstrip("、,并且同时还")):
        times = replace(times, meant=period)
    elif times.meant is not None and (done or status is not Status.TARGET):
        times = replace(times, meant=None)
    return period, *_reckoned(moment, status, carry.topic.words, times, done=done)


def _is_over(period: Period | None, setting: Setting) -> bool:
    """Whether a period ended before the report can hold no more results."""
    return period is not None and setting.closes is not None and period.last <= setting.closes


def _was_put_forward(moment: Moment) -> bool:
    """去年政府工作报告提出，物价涨幅要从14.8%降到10%左右: what was put forward was meant, until what came of it is told."""
    opening = moment.text[: moment.segment.span.start].rstrip(",:")
    return moment.segment.opened_by in (",", ":") and _PUT_FORWARD.search(opening) is not None


def _reckoned(moment: Moment, status: Status, words: str, times: Times, *, done: bool) -> tuple[Status, Times]:
    """The status, where an estimate was told of the same thing or opened the stretch."""
    if status is Status.ESTIMATE:
        opens = times.reckoned or _opens_group(moment.text, moment.segment)
        return status, replace(times, expected=words, reckoned=opens)
    same = bool(times.expected) and times.expected == words
    if status is Status.ACTUAL and (same or (times.reckoned and not done)):
        return Status.ESTIMATE, times
    return status, times


def _opens_group(text: str, segment: Segment) -> bool:
    """Whether an estimate's word stands at the start of a stretch between semicolons and so holds for all of it."""
    behind = max(text.rfind(mark, 0, segment.span.start) for mark in ";。!?")
    lead = text[behind + 1 : segment.span.end].lstrip()
    found = patterns_of_reports().estimate.search(lead)
    return found is not None and found.start() <= _LEAD


def _status(moment: Moment, period: Period | None, setting: Setting) -> Status:
    """What the words around one figure say."""
    if _tells_how_much_was_done(moment, period, setting):
        return Status.ACTUAL
    if _names_an_aim(moment):
        return Status.TARGET
    if setting.status is Status.TARGET and period == setting.period and _stands_now(moment):
        return Status.ACTUAL
    if period is not None and setting.closes is not None and period.last > setting.closes:
        return Status.TARGET
    patterns = patterns_of_reports()
    if patterns.estimate.search(moment.words):
        return Status.ESTIMATE
    if setting.status is Status.TARGET:
        return Status.ACTUAL if _is_over(period, setting) else Status.TARGET
    means = patterns.aim.search(moment.words) or _MEANT.search(moment.words)
    return Status.TARGET if means and not patterns.done.search(moment.words) else Status.ACTUAL


def _tells_how_much_was_done(moment: Moment, period: Period | None, setting: Setting) -> bool:
    """Whether an aim or a task is named of which the figure tells what was done."""
    words, right, unit = moment.words, moment.right, moment.figure.unit
    if unit in ("%", "倍") and OF_THE_AIM.search(words):
        # 占年度计划的112% tells how much of the aim was done.
        return True
    over = period is None or setting.closes is None or period.last <= setting.closes
    if setting.status is Status.TARGET or not over:
        return False
    # 33项任务全部落地 counts tasks; 如期完成裁减员额50万的任务 was done.
    counts_tasks = unit in _THINGS and _TASKS.match(right) is not None
    return counts_tasks or (_WHOLE_TASK.match(right) is not None and _DONE_TASK.search(words) is not None)


def _names_an_aim(moment: Moment) -> bool:
    """Whether the words call the figure an aim: 年度目标4.3亿美元, 6000户目标."""
    stretch = _STRETCH_ENDS.split(moment.text[moment.figure.span.end :], maxsplit=1)[0]
    if _PROMISED.search(moment.words) and _THE_AIM.search(stretch):
        return True
    # 完成年初预算数1.5亿元的75.7%
    words = f"{moment.words}的" if moment.right == "的" else moment.words
    return TARGET_AFTER.match(moment.right) is not None or TARGET_BEFORE.search(words) is not None


def _stands_now(moment: Moment) -> bool:
    """现在已有100多个城市建立了这项制度: how things are, in a passage of plans."""
    clause = moment.segment.span.of(moment.text)
    return _AS_IT_IS.search(clause) is not None
