"""How much there is of something, or was done: 固定资产投资完成429.7亿元."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.figures.carry import Carry, Read, Reader, Reading
from index.figures.clauses import Context, without_end
from index.figures.lists import only_joins
from index.figures.nouns import (
    GENERIC,
    STAGES,
    is_place_alone,
    thing_told,
    verbless,
    without_examples,
    without_verbs,
)
from index.figures.readers.behind import EFFECT, Behind, noun_behind, noun_follows, sized_thing
from index.figures.readers.carried import of_before, of_the_whole, says_nothing_alone
from index.figures.readers.parts import keep_whole, part_named
from index.figures.readers.rates import ADDED, before_start
from index.rules import At, Rule
from index.types import Measure
from index.words.fragments import COUNTING, FEW_YEARS, HAN, LETTERS, any_word
from index.words.lexicon import load_wording
from index.words.naming import canonical_of, patterns_of_reports, strip_lead

_TOTAL = Rule(
    "figures.levels.total",
    rf"{any_word('amounts_in_all')}",
    takes=("⟦存量⟧", "⟦总规模⟧"),
    leaves=("存量土地",),
    at=At.WHOLE,
)
_IN_ALL = load_wording().pattern("levels_in_all")
_ANOTHER = Rule(
    "figures.levels.another",
    rf"(?<=[{LETTERS}”)])(?:以及|和|(?<![惠涉普])及|(?<!参)与|、)$",
    takes=("大型灌区⟦和⟧", "城东片区⟦以及⟧"),
    leaves=("公众参与", "高中教育普及"),
    why="参与, 惠及, 涉及 and 普及 end in no joint.",
)
_WON = Rule(
    "figures.levels.won",
    rf"新?{any_word('won')}",
    takes=("⟦新获批⟧", "⟦入选⟧国家级名录和"),
    leaves=("国家级名录",),
    at=At.START,
)
_DEEDS = Rule(
    "figures.levels.subject_and_last_deed",
    rf"(?P<head>{HAN}{{2,12}}?)(?:[推实]行|{any_word('plan_verbs')}){HAN}{{2,20}}、(?P<last>(?:完成|实现){HAN}{{2,8}})$",
    takes=("⟦市直部门推行错时服务、完成整改⟧",),
    leaves=("市直部门完成整改", "推行错时服务"),
)
_CONVERTED = Rule(
    "figures.levels.converted",
    r"(?:折合|约合|折算)(?:[成为]|人民币|约)*$",
    takes=("外汇收入⟦折合人民币约⟧",),
    leaves=("折合价",),
)
_IN_A_ROW = Rule(
    "figures.levels.in_a_row",
    rf"已?连续[\d两{COUNTING}]+(?:年|个月|个季度)",
    takes=("⟦已连续三年⟧增产", "⟦连续5个季度⟧回升"),
    leaves=("连续性",),
)
_LONG = 24
"""Characters of examples beyond which they only lengthen a name."""
_MORE_BY = Rule(
    "figures.levels.more_by",
    r"(?:[两三四五]年|年度)?净?增量",
    takes=("⟦三年增量⟧", "⟦净增量⟧"),
    leaves=("增量配电",),
    at=At.WHOLE,
)
_OFFERED = Rule(
    "figures.levels.offered",
    rf"^[为对给向将把]+{any_word('approximate_before')}*|{any_word('approximate_before')}+$",
    takes=("⟦为近⟧", "服务⟦不少于⟧"),
    leaves=("服务居民",),
)
_PER_ONE = Rule(
    "figures.levels.per_one",
    r"(?<=.{2})[是为](?:平均)?每[人户亩]$",
    takes=("养老金标准⟦为每人⟧",),
    leaves=("为每人", "每人养老金"),
)
"""职工年平均工资是每人446元"""
_LOSS = Rule(
    "figures.levels.loss",
    rf"(?:损失|少收|少生产|浪费)(?={HAN}{{2}})",
    takes=("⟦少收⟧粮食", "⟦损失⟧工业产值"),
    leaves=("损失", "灾害损失"),
    at=At.START,
)
_LOST = frozenset({"损失", "少收", "少生产", "浪费"})
"""Verbs that hold for what follows behind commas as well: 损失工业总产值一千亿元，钢产量…，财政收入四百亿元."""
_YEARS_FIRST = Rule(
    "figures.levels.years_first",
    rf"^{FEW_YEARS}(?:[来间里内共]|累计)?",
    takes=("⟦三年累计⟧培训", "⟦5年⟧新增"),
    leaves=("2021年", "培训三年"),
    why="At most two digits: a longer number is a year.",
)
_PEOPLE = frozenset({"人", "名", "户", "万人", "人次", "万人次", "人口"})


@dataclass(frozen=True, slots=True)
class _Wording:
    """The words that lead to a level."""

    left: str
    """All of them, without what says how the figure was reckoned (折合, 连续5年)."""
    words: str
    """The noun among them."""
    verb: str
    """What stands between the noun and the figure; all words where nothing does."""

    no_verb: bool
    """Whether the noun stands right before the figure."""


def _worded(context: Context, carry: Carry) -> tuple[_Wording, Carry]:
    left = context.left if context.respectively else _last_deed(context.left)
    left = _CONVERTED.sub("", _IN_A_ROW.sub("", left))
    bare = verbless(without_end(left))
    words, carry = carry.named(bare)
    words = _PER_ONE.sub("", words)
    spoken_of = carry.topic.words
    same = context.figure.unit == carry.told.unit and not context.respectively
    if spoken_of and same and is_place_alone(words):
        # 拆除412万平方米，其中甲镇58.3万平方米、乙镇46.7万平方米
        words += thing_told(spoken_of)
    if ADDED.fullmatch(words) or (spoken_of and _TOTAL.fullmatch(words)):
        words = ""
    return _Wording(left, words, left[len(bare) :] or left, bare == left), carry


def _last_deed(left: str) -> str:
    """The subject with the last of what it did: 省级重点项目建立包联机制、完成投资5000亿元."""
    deeds = _DEEDS.search(left)
    return deeds["head"] + deeds["last"] if deeds is not None else left


def _added(context: Context, carry: Carry) -> Read | None:
    """供热面积新增64万平方米，达到860万平方米: what was added, and then what there is."""
    if "增" not in context.left:
        return None
    wording, carry = _worded(context, carry)
    added = ADDED.search(wording.words)
    if added is None or context.respectively:
        return None
    base = wording.words[: added.start()]
    if noun_follows(context.right) and not without_verbs(base):
        # 累计新增820个停车泊位: the noun stands behind.
        return None
    base, carry = carry.remember(base, context)
    return Read(Reading(f"新增{base}"), carry)


def _more_by(context: Context, carry: Carry) -> Read | None:
    """生产总值突破800亿元、五年增量超120亿元."""
    if "增量" not in context.left or context.respectively or not carry.topic.words:
        return None
    wording, after = _worded(context, carry)
    if not _MORE_BY.fullmatch(wording.words):
        return None
    return Read(Reading(carry.topic.words, Measure.CHANGE), after)


def _added_to_last(context: Context, carry: Carry) -> Read | None:
    """高新技术企业达到312家，净增58家: what was added is not how many there are."""
    if context.respectively or not carry.topic.words or not ADDED.search(context.left):
        return None
    wording, carry = _worded(context, carry)
    if wording.words or noun_behind(wording.left, context).noun:
        return None
    return Read(Reading(f"新增{carry.topic.words}"), carry)


def _from_level(context: Context, carry: Carry) -> Read | None:
    """从2020年的3.68万亿元增长到…: the start of a change is a level of its own year."""
    before = before_start(context)
    if before is None:
        return None
    words, carry = carry.named(verbless(before))
    if words and before.lstrip().startswith("其中"):
        words = of_the_whole(words, context, carry)
    own, carry = carry.remember(words, context)
    reading = Reading(own, sets_out=True)
    # Of a list all are starts; alone, what follows is the end.
    carry = carry.telling(replace(reading, sets_out=bool(context.respectively)), context)
    return Read(reading if own else None, replace(carry, told=replace(carry.told, unit=context.figure.unit)))


def _level(context: Context, carry: Carry) -> Read:
    """How much there is: 高速公路里程1.2万公里, 新建学校5所."""
    wording, carry = _worded(context, carry)
    behind = noun_behind(wording.left, context)
    if behind.noun:
        wording, behind = _apart_from_another(wording, behind, context)
        if not wording.words:
            # 在全市率先开展…，完成78台…: whose it is was said of what went before.
            carry = carry.scoped("")
    words = wording.words if context.respectively else _with_noun(wording, behind.noun)
    if _verb_holds(words, wording, context, carry):
        # 新增养老床位893张、社区长者食堂6个, 新设市场主体3.28万户，其中企业2.75万户: the verb holds for every item.
        words = carry.topic.verb + words
    if not context.respectively:
        words = words if behind.noun else part_named(words, context, carry)
        words = of_the_whole(words, context, carry) if context.among and words and not behind.noun else words
        words = of_before(words, behind.noun, context, carry)
    words = words or _without_verb_of_adding(wording.left, carry)
    alone = not (behind.noun or context.respectively or context.among)
    if alone and says_nothing_alone(words, context, carry):
        words = carry.topic.words + words
    own, carry = carry.remember(words, context)
    carry = carry if context.respectively else keep_whole(own, context, carry)
    reading = Reading(own, lead=wording.left if behind.written else "", tail=behind.written)
    return Read(reading if own else None, _after_level(reading, wording.left, context, carry))


def _apart_from_another(wording: _Wording, behind: Behind, context: Context) -> tuple[_Wording, Behind]:
    """The noun behind a figure without the other thing that stands before it.

    加快大型水电站和690万千瓦火电项目建设: what stands before 和 is another thing; so is what the counted are some of
    (成为全国首批5个国家公园之一).
    """
    one_of_them = context.counts and behind.noun.endswith("之一")
    joined = _ANOTHER.search(wording.left) is not None and not only_joins(wording.left)
    if context.respectively or not (one_of_them or joined):
        return wording, behind
    words = wording.words
    verb = None if one_of_them else patterns_of_reports().list_verb.match(words) or _WON.match(words)
    told = replace(wording, words=verb[0] if verb else "", verb="", no_verb=True)
    return told, replace(behind, noun=behind.noun.removesuffix("之一"))


def _with_noun(wording: _Wording, noun: str) -> str:
    """The words before a figure with the noun behind it: 建成 and 学校 of 建成5所学校."""
    words = wording.words
    if not noun:
        return words
    plain = without_examples(words)
    if not plain and 0 < len(words) <= _LONG and canonical_of(noun) is not None:
        # 甲大学、乙学院等6所高校实现招生: six of the universities, and not how many there are.
        plain = words
    verb = _OFFERED.sub("", wording.verb) if len(wording.verb) <= 8 and not words else ""
    return f"{plain or verb}{noun}"


def _verb_holds(words: str, wording: _Wording, context: Context, carry: Carry) -> bool:
    """Whether the verb of a list is meant of an item that has none of its own."""
    verb, opened_by = carry.topic.verb, context.segment.opened_by
    goes_on = opened_by == "、" or context.among or (opened_by == "," and verb in _LOST)
    if not (words and verb and goes_on and (wording.no_verb or context.among)):
        return False
    own = patterns_of_reports().list_verb.match(words) is not None or EFFECT.match(words) is not None
    return not own and STAGES.fullmatch(words) is None and GENERIC.fullmatch(words) is None


def _without_verb_of_adding(left: str, carry: Carry) -> str:
    """新增公园127座，累计达到1100座: what there is in all was not added; "" where nothing was."""
    verb, words = carry.topic.verb, carry.topic.words
    return words.removeprefix(verb) if verb and words.startswith(verb) and _IN_ALL.search(left) else ""


def _after_level(reading: Reading, left: str, context: Context, carry: Carry) -> Carry:
    """What goes on from a level: its verb, its unit, and its subject for a list that follows."""
    if context.segment.opened_by != "、" and not context.among:
        list_verb = patterns_of_reports().list_verb.match(_YEARS_FIRST.sub("", left.strip()))
        new = list_verb or _LOSS.match(strip_lead(left)[0])
        carry = replace(carry, topic=replace(carry.topic, verb=new[0] if new else ""))
    counted = context.counts and context.figure.unit not in _PEOPLE
    told = replace(carry.telling(reading, context).told, unit=context.figure.unit, counted=counted)
    row = (*carry.listing.row, reading.indicator)
    return replace(carry, told=told, listing=replace(carry.listing, row=row))


def _of_a_size(context: Context, carry: Carry) -> Read | None:
    """总投资50亿元的锂电材料项目开工建设: the size of what stands behind it, which the next figure may be told of."""
    thing = "" if context.respectively else sized_thing(context.left, context.right)
    if not thing:
        return None
    size = without_verbs(context.left)
    own, carry = carry.remember(f"{thing}{size}", context)
    return Read(Reading(own, lead=context.left, tail="的"), carry.about(thing, context.segment.span.start))


STARTS: tuple[Reader, ...] = (_from_level,)
"""Readers of the level from which a change set out."""
LEVELS: tuple[Reader, ...] = (_of_a_size, _added, _more_by, _added_to_last, _level)
"""Readers of levels; the last takes every figure."""
