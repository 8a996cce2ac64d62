"""How much something grew or fell, by its verb (同比增长18.3%), by the name of the rate (涨幅控制在3.5%) or by a deed (压减支出10%)."""

from __future__ import annotations

import re
from dataclasses import replace

from index.figures.carry import Carry, Read, Reader, Reading
from index.figures.clauses import Context, ends_change, starts_change, without_start
from index.figures.nouns import GENERIC, says_not_whose, verbless, without_measure, without_verbs
from index.figures.readers.behind import noun_follows
from index.figures.readers.parts import part_named
from index.figures.readers.shares import share_in_points
from index.rules import At, Rule
from index.types import Measure
from index.words.fragments import CHANGED_TO, FEW_YEARS, any_word
from index.words.lexicon import load_wording
from index.words.naming import canonical_of, patterns_of_reports, strip_lead

ADDED = Rule(
    "figures.rates.added",
    r"(?:新增|净增|再增|增设|增开)[了约近超]?$",
    takes=("托育园⟦新增⟧", "⟦净增近⟧"),
    leaves=("新增托育园",),
)
_ABOVE_OR_BELOW = Rule(
    "figures.rates.above_or_below",
    rf"{any_word('gaps')}",
    takes=("用电量增速⟦快于⟧上年", "失业率⟦低于⟧"),
    leaves=("用电量增速加快",),
)
_FARES = Rule(
    "figures.rates.how_it_fares",
    rf"(?<=.{{2}})的?(?:经济)?{any_word('activities')}$",
    takes=("县属国企⟦经营⟧", "养殖户⟦的效益⟧"),
    leaves=("效益", "发展基金"),
    why="No part of the name of who fares well; two characters must be left.",
)
_SPAN_ALONE = Rule(
    "figures.rates.span_alone",
    rf"(?:[这近]|过去)?{FEW_YEARS}[来间内]?",
    takes=("⟦近五年⟧", "⟦3年间⟧"),
    leaves=("五年规划",),
    at=At.WHOLE,
)
"""各类市场主体达到9800多万户，五年增加70%: how long it took names nothing."""
_COMPARED_WITH = Rule(
    "figures.rates.compared_with",
    rf"(?:[比较]|{any_word('gaps')})[^,;]{{1,12}}$",
    takes=("粮价⟦比上年上涨⟧", "增速⟦快于全省⟧"),
    leaves=("粮价上涨", "比上年上涨,环比"),
)


def _measure_of(context: Context) -> Measure:
    return Measure.GROWTH if context.is_rate else Measure.CHANGE


def _fell(word: str) -> bool:
    return patterns_of_reports().fall.search(word) is not None


def _grown(context: Context, carry: Carry) -> Read | None:
    """同比增长18.3%: a verb of growth before the figure."""
    left = context.left
    growth = None if ends_change(left) else patterns_of_reports().growth.search(left)
    if (
        growth is None
        or _is_natural(left[: growth.start()])
        or ADDED.search(left)
        or _makes(left[: growth.start()], context)
    ):
        return None
    words, carry = carry.named(verbless(left[: growth.start()]))
    words = _whose_growth(words, growth["word"], context, carry)
    own = share_in_points(words, context, carry)
    if not own:
        own, carry = carry.remember(words, context)
    measure = Measure.CHANGE if _ABOVE_OR_BELOW.search(left) else _measure_of(context)
    reading = Reading(own, measure, -1 if _fell(growth["word"]) else 1, growth["base"] or _against(left))
    return Read(reading if own else None, carry.telling(reading, context))


def _is_natural(before: str) -> bool:
    """Whether a rate of growth is that of births over deaths (人口自然增长率), which is a level as theirs are."""
    return before.endswith("自然")


def _whose_growth(words: str, verb: str, context: Context, carry: Carry) -> str:
    """The words before a verb of growth, with what they leave to the clause before."""
    if (part := part_named(words, context, carry)) != words:
        return part
    if context.follows and says_not_whose(words) and keeps_books(carry):
        # 规模以上工业企业营业收入增长9.4%，利润总额增长23.7%
        return whose(carry) + words
    if context.segment.opened_by == "、" and carry.told.counted and GENERIC.fullmatch(words):
        # 规上企业760家、增加值增长3%
        return whose(carry) + words
    if context.segment.opened_by == "," and carry.heard.theme and says_not_whose(words):
        # 国有企业效益明显好转，去年利润增长23.5%
        return _FARES.sub("", carry.heard.theme) + words
    if verb in ("增产", "减产") and words and canonical_of(words) is None and canonical_of(f"{words}产量") is not None:
        # 粮食减产2.2%: what is made of it.
        return f"{words}产量"
    return "经济增长" if words == "经济" else "" if _SPAN_ALONE.fullmatch(words) else words


def whose(carry: Carry) -> str:
    """What the last level was a level of, without its own measure: 粮食播种面积320万亩、产量120万吨 → 粮食."""
    return without_measure(without_verbs(carry.topic.words))


_KEEPERS_OF_BOOKS = tuple(load_wording().lists["keepers_of_books"])


def keeps_books(carry: Carry) -> bool:
    """Whether what was told last is a measure of companies or the like, whose other measures may follow."""
    owner = whose(carry)
    return owner != carry.topic.words and owner.endswith(_KEEPERS_OF_BOOKS)


def _against(left: str) -> str:
    match = _COMPARED_WITH.search(left)
    return match[0] if match else ""


_JOINTS_OF_VERBS = Rule(
    "figures.rates.joints_of_verbs",
    r"[和、及并]",
    takes=("新增⟦和⟧改造", "新建⟦、⟧扩建"),
    leaves=("新增改造",),
)


def _makes(before: str, context: Context) -> bool:
    """新增和改造提升8600亩高标准农田: verbs of doing and no rise, as nothing but verbs stands before and an object follows."""
    if context.is_rate or context.is_points:
        return False
    words = _JOINTS_OF_VERBS.sub("", strip_lead(before)[0])
    rest = patterns_of_reports().list_verb.sub("", words)
    return not rest and noun_follows(context.right)


def _grows_after(context: Context, carry: Carry) -> Read | None:
    """A verb of growth behind the figure: 以8%的速度增长."""
    found = patterns_of_reports().growth_after.match(context.right)
    if found is None or not (context.is_rate or context.is_points):
        return None
    words, carry = carry.named(verbless(context.left))
    own, carry = carry.remember(words, context)
    falls = patterns_of_reports().fall.match(found["word"]) is not None
    reading = Reading(own, _measure_of(context), -1 if falls else 1)
    return Read(reading if own else None, carry.telling(reading, context))


_AIMED_RATE = Rule(
    "figures.rates.aimed_rate",
    rf"的?{any_word('aimed')}*(?:增长|{any_word('rate_names')})的?{any_word('aimed', 'aim_of')}*(?:{any_word('aims')}[拟仍确]?[为是在]|{any_word('aims')}?(?:初步|[拟仍确])?(?:设?定[为在]|安排为|按))$",
    takes=("地方财政收入⟦增长预期目标为⟧", "物价⟦涨幅按⟧"),
    leaves=("财政收入增长目标", "增长为主"),
)


def _aimed(context: Context, carry: Carry) -> Read | None:
    """货币供应量预期增长目标拟定为13%: a rate that is set."""
    found = _AIMED_RATE.search(context.left) if _is_alone(context) else None
    if found is None:
        return None
    words, carry = carry.named(context.left[: found.start()])
    return _told_of(words, context, carry)


def _is_alone(context: Context) -> bool:
    """Whether a figure is a rate and opens no list."""
    return context.is_rate and not context.respectively


def _told_of(words: str, context: Context, carry: Carry, sign: int = 1, base: str = "", *, acted: bool = False) -> Read:
    own, carry = carry.remember(words, context)
    reading = Reading(own, Measure.GROWTH, sign, base)
    return Read(reading if own else None, carry.telling(reading, context, acted=acted))


_RATE_WORD = Rule(
    "figures.rates.rate_word",
    rf"(?P<word>{any_word('rate_names')})(?:{any_word('adverbs', 'approximate_before')}|[为是]|达到?|[控保稳维][制持定]在|回[升落][到至]|提[高升]到|收窄[到至为])+$",
    takes=("商品房均价⟦涨幅控制在⟧", "出口⟦降幅已收窄至⟧"),
    leaves=("涨幅回落",),
)


def _by_name(context: Context, carry: Carry) -> Read | None:
    """涨幅控制在3.5%: a rate told by its name."""
    named = _RATE_WORD.search(context.left) if _is_alone(context) else None
    if named is None or _is_natural(context.left[: named.start()]):
        return None
    left = context.left[: named.start()]
    words, carry = carry.named(re.sub(patterns_of_reports().growth.pattern.removesuffix("$") + "$", "", left))
    sign = -1 if named["word"] in ("降幅", "跌幅", "下降幅度") else 1
    return _told_of(words, context, carry, sign, "年均" if left.endswith("年均") else "")


_OBJECT = Rule(
    "figures.rates.change_of_object",
    rf"^(?P<verb>{any_word('alters')}(?!值))了?(?P<noun>[^,;、]{{2,}})$",
    takes=("⟦压减办公经费⟧", "⟦增加绿化面积⟧"),
    leaves=("增加值", "办公经费压减"),
    why="A verb of change with its object before a rate; 增加值 is a noun.",
    at=At.START,
)
"""A verb of change with its object before a rate: 压减一般性支出10%."""
_VERB_OF_CHANGE = Rule(
    "figures.rates.verb_of_change",
    rf"{any_word('alters')}",
    takes=("⟦压减⟧会议",),
    leaves=("会议压减",),
    at=At.START,
)


def _of_deed(context: Context, carry: Carry) -> Read | None:
    """压减支出10%: a verb of change before its object."""
    acted = _OBJECT.match(strip_lead(context.left)[0]) if _is_alone(context) else None
    if acted is None or verbless(acted["noun"]) != acted["noun"]:
        return None
    falls = patterns_of_reports().fall.match(acted["verb"]) is not None or acted["verb"] in ("下调", "调减")
    thing, carry = carry.named(acted["noun"])
    words = thing if len(thing) > 2 else acted["verb"] + thing
    return _told_of(words, context, carry, -1 if falls else 1, acted=True)


def _of_deed_again(context: Context, carry: Carry) -> Read | None:
    """压减会议费10%、培训费5%: a list of what was acted upon goes on."""
    goes_on = context.segment.opened_by == "、" and carry.told.acted and carry.told.measure is Measure.GROWTH
    words, _ = strip_lead(context.left)
    if not (_is_alone(context) and goes_on and words and verbless(words) == words):
        return None
    if patterns_of_reports().growth.search(words) is not None:
        return None
    thing, carry = carry.named(words)
    short = _VERB_OF_CHANGE.match(carry.topic.words)
    words = thing if len(thing) > 2 or not short else short[0] + thing
    return _told_of(words, context, carry, carry.told.reading.sign, acted=True)


_FROM_NEAR = Rule(
    "figures.rates.from_near",
    r"(?:[从由]|(?<!来)自)[^,;、]{0,14}$",
    takes=("工资标准⟦由每月⟧", "⟦从去年末⟧"),
    leaves=("游客来自省外", "从去年起,每月"),
    why="来自 says where somebody comes from, not from how much.",
)
_RISES_TO = Rule(
    "figures.rates.rises_to",
    rf"{CHANGED_TO}",
    takes=("⟦提高到⟧", "⟦降至⟧6天"),
    leaves=("达到", "产量提高到"),
    at=At.START,
)
_RATE_END = Rule(
    "figures.rates.rate_end",
    rf"(?<=.{{2}})的?{any_word('rate_names')}$",
    takes=("猪肉价格⟦涨幅⟧", "人口⟦的增长速度⟧"),
    leaves=("涨幅", "增速目标"),
)


def before_start(context: Context) -> str | None:
    """The words before the start of a change (从2020年的3.68万亿元增长到…); None where a figure is none."""
    if starts_change(context.left):
        return without_start(context.left)
    if _FROM_NEAR.search(context.left) and _RISES_TO.match(context.right):
        return _FROM_NEAR.sub("", context.left)
    return None


def _from_rate(context: Context, carry: Carry) -> Read | None:
    """物价涨幅要从14.8%降到10%: the start of a change of a rate is a rate."""
    before = before_start(context)
    if before is None or context.figure.unit != "%" or context.respectively:
        return None
    words = verbless(before)
    if _RATE_END.search(words) is None:
        return None
    noun, carry = carry.named(_RATE_END.sub("", words))
    own, carry = carry.remember(noun, context)
    reading = Reading(own, Measure.GROWTH, sets_out=True)
    carry = carry.telling(replace(reading, sets_out=False), context)
    return Read(reading if own else None, replace(carry, told=replace(carry.told, rated=True)))


STARTS: tuple[Reader, ...] = (_from_rate,)
"""Readers of the rate from which another set out."""
RATES: tuple[Reader, ...] = (_aimed, _by_name, _of_deed, _of_deed_again)
"""Readers of rates that no verb of growth tells."""
GROWTH: tuple[Reader, ...] = (_grown, _grows_after)
"""Readers of changes that a verb of growth tells."""
