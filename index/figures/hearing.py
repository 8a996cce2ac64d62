"""Segments without figures: they may name the time, the thing that the next figures are of, or the label before a colon."""

from __future__ import annotations

from dataclasses import replace

from index.figures.carry import Carry, Heard
from index.figures.clauses import Segment, without_times
from index.figures.lists import names_joined
from index.figures.nouns import cause_of, noun_of, owner_of, topic_of
from index.figures.when import is_range
from index.rules import At, Rule
from index.text.folding import fold
from index.words.fragments import COUNTING, HAN, any_word
from index.words.lexicon import load_indicators, load_wording
from index.words.naming import strip_lead
from index.words.numbers import find_figures
from index.words.periods import TimeMention

_WITHIN = Rule(
    "figures.hearing.share_within",
    rf"在(?P<whole>{HAN}{{4,24}})中",
    takes=("⟦在全部新建住宅中⟧",),
    leaves=("在建工程", "全部新建住宅中"),
    at=At.WHOLE,
)
_OF_IT = Rule(
    "figures.hearing.of_it",
    rf"的{HAN}{{2,6}}",
    takes=("⟦的学生⟧", "⟦的营业面积⟧"),
    leaves=("学生", "的一般公共服务支出"),
    why="The head of a short noun phrase: 高等学校 的学生 tells of students.",
    at=At.WHOLE,
)
_MEASURED = Rule(
    "figures.hearing.measured",
    r"(?:[额量率数值资入出款费税润金]|面积|规模)$",
    takes=("全县民生支⟦出⟧", "社会融资⟦规模⟧"),
    leaves=("营商环境持续改善",),
    why="By its last character: 支出, 税费, 投资.",
)
LABEL = 24
"""Characters of a stretch before a colon that may still be a label."""
_OUT_OF = {
    "从": Rule(
        "figures.hearing.taken_out_of",
        r"[^,;。]{0,14}中",
        takes=("⟦超收收入中⟧安排12亿元",),
        leaves=(",其中安排12亿元", "超收收入"),
        why="Behind a time that only says out of what something was taken; a mark ends it.",
        at=At.START,
    ),
    "在": Rule(
        "figures.hearing.on_top_of",
        r"[^,;。]{0,14}基础上",
        takes=("⟦压减一成的基础上⟧再压减",),
        leaves=("压减一成", "基础设施投资"),
        why="Behind a time that only says on top of what something was done.",
        at=At.START,
    ),
}
_YEAR_IN_FRONT = load_wording().pattern("years_in_front")
_MODIFIER_BEFORE = Rule(
    "figures.hearing.modifier_before",
    rf"{HAN}{{1,6}}$",
    takes=("⟦民营企业⟧", "重点打造⟦乡村旅游线路⟧"),
    leaves=("增长2.5%", "(万元)"),
)
_POINT_MARKS = Rule(
    "figures.hearing.point_marks",
    rf"^(?:[-—·*]+|[{COUNTING}]+是,?)+",
    takes=("⟦二是⟧生态环境持续改善", "⟦——⟧创新能力增强"),
    leaves=("一批项目落地",),
)
_MARK_IN_SENTENCE = Rule(
    "figures.hearing.mark_in_sentence",
    r"[,、:;]",
    takes=("畜牧业稳产⟦、⟧渔业增收", "结构优化⟦:⟧"),
    leaves=("畜牧业稳产保供",),
)
_ACTIVITY_END = Rule(
    "figures.hearing.activity_end",
    rf"(?<=.{{2}}){any_word('activities')}$",
    takes=("畜牧业⟦生产⟧", "乡村旅游⟦发展⟧"),
    leaves=("生产", "建设用地"),
    why="Two characters must be left to name something.",
)


def _without_year(words: str) -> str:
    time = _YEAR_IN_FRONT.match(words)
    return words if time is None else words[time.end() :]


def hear(text: str, segment: Segment, carry: Carry, times: tuple[TimeMention, ...]) -> Carry:
    """What a segment without figures leaves to the next."""
    own = tuple(t for t in times if _rules(t, text, segment))
    if own:
        named = replace(carry.times, period=own[-1].period, opened=True, ranged=is_range(own[-1].words))
        carry = replace(carry, times=named)
    carry = replace(carry, heard=_heard(segment.span.of(text)))
    plain = without_times(text, segment.span, own)
    thing = _thing_named(plain)
    if thing:
        return carry.about(thing, segment.span.start).without_list()
    if carry.heard.theme:
        # 在财政收入下降的同时，预算外资金却大幅度增加，由371亿元增加到650亿元: spoken of now is the latter.
        heard = replace(carry.heard, label=carry.heard.theme)
        return replace(carry.about("", carry.topic.start), heard=heard)
    return carry


def _rules(time: TimeMention, text: str, segment: Segment) -> bool:
    """Whether a time is named in a segment and holds for what follows it."""
    since = text.startswith("以来", time.span.end)
    return segment.span.covers(time.span) and not time.base and not since and not out_of(text, time, segment.span.end)


def out_of(text: str, time: TimeMention, end: int) -> bool:
    """Whether a time only says out of what something was taken (从去年超收收入中), in the text before ``end``."""
    rule = _OUT_OF.get(text[max(0, time.span.start - 1) : time.span.start])
    return rule is not None and rule.match(text, time.span.end, end) is not None


def _heard(words: str) -> Heard:
    within = _WITHIN.fullmatch(words)
    short = len(words) <= LABEL
    return Heard(
        label=noun_of(words) if short else "",
        theme=topic_of(words),
        several=words if len(names_joined(words)) > 1 else "",
        measured=noun_of(_without_year(words)) if short and _MEASURED.search(words) else "",
        cause=cause_of(words),
        within=within["whole"] if within is not None else "",
        owner=owner_of(words),
    )


def _thing_named(plain: str) -> str:
    """到位资金首次突破百亿元，达到103亿元: the indicator that is named where no figure stands, "" if none is."""
    named = load_indicators().written_in(fold(plain))
    if not named:
        return ""
    modifier = _MODIFIER_BEFORE.search(strip_lead(plain[: named[-1].span.start])[0])
    # 高等学校的学生，1952年有19万人: students, and not schools.
    of_it = _OF_IT.fullmatch(plain[named[-1].span.end :])
    return (modifier[0] if modifier else "") + named[-1].surface + (of_it[0] if of_it else "")


def spoken_of(sentence: str) -> str:
    """What a short sentence without figures speaks of, which the next one may go on about.

    经营主体稳中培优。总量达1461.4万户
    """
    words = _POINT_MARKS.sub("", sentence.rstrip("。;!"))
    if not 0 < len(words) <= LABEL or find_figures(words) or _MARK_IN_SENTENCE.search(words):
        return ""
    named = next(iter(load_indicators().written_in(fold(words))), None)
    if named is not None and named.span.start == 0:
        return named.surface
    return _ACTIVITY_END.sub("", topic_of(words))
