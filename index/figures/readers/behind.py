"""The noun that a figure counts where it stands behind it: 5个以上紧密型医疗集团."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.figures.clauses import Context, qualities_first, without_end
from index.figures.nouns import verbless, without_verbs
from index.rules import At, Rule
from index.text.folding import fold
from index.words.fragments import HAN, LETTER, LETTERS, SUCH, any_word
from index.words.lexicon import load_indicators, load_wording
from index.words.naming import canonical_of, patterns_of_reports

_MIDDLE_VERB = Rule(
    "figures.behind.middle_verb",
    rf"(?<=.)(?:{any_word('holds')}|对(?={HAN}{{1,10}}贡献))(?=.)",
    takes=("水利工程⟦完成⟧投资", "网点⟦配备⟧助老员"),
    leaves=("完成投资", "投资完成"),
)
EFFECT = load_wording().pattern("effect_verbs")
_EFFECT_INSIDE = Rule(
    "figures.behind.effect_inside",
    rf"(?<=.{{2}})(?:{EFFECT.pattern})(?=.)",
    takes=("直播电商⟦拉动⟧特产销售",),
    leaves=("拉动消费", "直播电商拉动"),
)
_DEED_AND = Rule(
    "figures.behind.deed_and",
    rf"(?<={any_word('deeds')})和(?={HAN}{{2}})(?!.*{any_word('one_for_both')}$)",
    takes=("河堤加固⟦和⟧清淤排查",),
    leaves=("河堤加固和清淤工程", "清淤和排查"),
    why="Two deeds, unless one noun behind them holds for both: 加固和清淤工程.",
)
_REACHING_OUT = Rule(
    "figures.behind.reaching_out",
    rf"{any_word('extends')}[^,;]{{0,6}}$",
    takes=("改革⟦覆盖全县⟧", "⟦涉及⟧"),
    leaves=("惠及城乡困难老年群众",),
)
_SERIES = Rule(
    "figures.behind.series",
    rf"^的?(?P<noun>(?:(?:“[^”]{{1,16}}”|{LETTER}){{1,12}}、)+(?:“[^”]{{1,16}}”|{LETTER}){{1,12}}{SUCH}{HAN}{{2,}})",
    flags=re.IGNORECASE,
    takes=("⟦节水、节能等改造项目⟧", "⟦的“守望”、“暖冬”等行动⟧"),
    leaves=("节水、节能等级评定", "节水改造项目"),
    why="等级, 等于, 等待 and 等候 close no list.",
    at=At.START,
)
_SERVED = Rule(
    "figures.behind.served",
    rf"(?<=.{{2}}){any_word('served')}(?=.)",
    takes=("失能老人⟦免费提供⟧助浴", "留守儿童⟦开展⟧家访"),
    leaves=("提供助浴", "助浴服务提供"),
)
_INSIDE = rf"\([{LETTERS}、]{{1,8}}\)"
"""What a name holds in brackets."""
_AFTER_NOUN = Rule(
    "figures.behind.after_noun",
    rf"^的?(?!等|和(?![美谐田])|[及与并]|人民币(?:[,;。、]|$))(?P<noun>(?=“|{LETTER}{{2}}|[区县市州镇村乡](?:[(,;。、和与]|$))"
    rf"(?:“[^”]{{1,24}}”|(?<=[县市州区村镇乡]){_INSIDE}|{_INSIDE}(?={HAN})|{LETTER})+)",
    flags=re.IGNORECASE,
    takes=("⟦的水利工程⟧", "⟦“口袋公园”⟧,", "⟦镇⟧,"),
    leaves=("和5个村", "人民币,"),
    why="和 joins unless it begins 和美, 和谐 or 和田; one character is a noun only where it names a place and ends there.",
    at=At.START,
)
_SIZES = load_wording().pattern("sizes_of_things")
_HAPPENS = load_wording().pattern("stages", "events", "now_at_work")
_HEDGE = Rule(
    "figures.behind.hedge",
    rf"^(?:以上|以内|左右|[余多])的?(?={HAN})",
    takes=("⟦以上的⟧农户", "⟦余⟧名教师"),
    leaves=("以上", "以上,"),
)
_NO_NOUN = Rule(
    "figures.behind.no_noun",
    rf"{any_word('handling')}",
    takes=("⟦执行⟧", "⟦编列⟧"),
    leaves=("执行案件",),
    at=At.WHOLE,
)
_HANGING_JOIN = Rule(
    "figures.behind.hanging_join",
    r"(?:以及|[和及]|(?<!参)与)$",
    takes=("托育机构⟦以及⟧", "养老机构⟦和⟧"),
    leaves=("公众参与", "和美乡村"),
    why="参与 is a verb and ends in no joint.",
)
_SHARE_BEHIND = Rule(
    "figures.behind.share_behind",
    r"(?<=.{2})占(?!地|[用比]).*$",
    takes=("林业产值⟦占全县比重⟧",),
    leaves=("园区占地面积", "绿电占比", "占全县比重"),
    why="占地, 占用 and 占比 tell no share of a whole.",
)


@dataclass(frozen=True, slots=True)
class Behind:
    """The noun behind a figure, "" if none."""

    noun: str = ""
    written: str = ""
    """All words behind the figure up to the end of the noun, where the next figure is told of something else."""


def noun_follows(right: str) -> bool:
    """Whether a noun stands behind a figure: 8600亩高标准农田."""
    return _AFTER_NOUN.match(_HEDGE.sub("", right)) is not None


def sized_thing(left: str, right: str) -> str:
    """What has the size that a figure tells: 锂电材料项目 of 总投资50亿元的锂电材料项目开工建设; "" where no size is told so."""
    if not right.startswith("的") or not _SIZES.fullmatch(without_verbs(left)):
        return ""
    found = _AFTER_NOUN.match(right)
    noun = found["noun"] if found is not None else ""
    at = _HAPPENS.search(noun, 2)
    noun = noun[: at.start()] if at is not None else noun
    return noun if len(noun) > 2 and not noun.endswith("等") else ""


def noun_behind(left: str, context: Context) -> Behind:
    """The noun that a figure counts; ``left`` are the words before it as they were read."""
    qualities = qualities_first(context.right)
    right, said = context.right[qualities:], context.right[:qualities]
    hedge = _HEDGE.match(right)
    hedged = hedge.end() if hedge else 0
    series = _SERIES.match(right[hedged:]) if context.counts and context.is_last else None
    found = series or _AFTER_NOUN.match(right[hedged:])
    if found is None or (hedge is None and _only_hedges(right)) or _NO_NOUN.fullmatch(found["noun"]):
        return Behind()
    noun = _HANGING_JOIN.sub("", found["noun"])
    if series is not None and (served := _SERVED.search(noun)) is not None:
        # 200名视力、听力等残疾儿童免费提供康复服务
        noun = noun[: served.start()]
    effect = _EFFECT_INSIDE.search(noun)
    if effect is not None:
        # 20亿元购车补贴拉动消费: what it brought about is no part of its name.
        return Behind(noun[: effect.start()])
    noun = _of_one_deed(noun, left)
    start = hedged + found.start("noun")
    shared = None if context.is_last else _shared_with_next(noun, fills=start + len(noun) == len(right))
    if shared is not None:
        return Behind(shared)
    return Behind(noun, said + right[:start] + noun)


def _only_hedges(right: str) -> bool:
    return patterns_of_reports().approx_after.match(right) is not None


def _of_one_deed(noun: str, left: str) -> str:
    """The noun without a second deed behind 和, and without what the things counted belong to."""
    if (another := _DEED_AND.search(noun)) is not None:
        noun = noun[: another.start()]
    if _REACHING_OUT.search(left) and "的" in noun[1:]:
        # 覆盖143个村的防控网 counts villages.
        noun = noun[: noun.index("的", 1)]
    return noun


def _shared_with_next(noun: str, *, fills: bool) -> str | None:
    """The noun alone where its words go on to what the next figure tells of it; None where they do not."""
    verb = _MIDDLE_VERB.search(noun)
    if verb is None and fills:
        # 74个国控断面水质优良比例达到95%: the measure is the next figure's, and what it is told of the first's.
        thing = _without_known_measure(noun)
        return thing if len(thing) + 1 < len(noun) or (thing != noun and noun[-1] in "超达为") else None
    if verb is None:
        return None
    alone = noun[: verb.start()]
    # 96个市重点项目完成投资152.4亿元: the noun belongs to both figures.
    # 600个事项实现“一律免于提交”: two letters say nothing.
    return alone if len(alone) > 2 or canonical_of(alone) is not None or verb[0] != "实现" else None


def _without_known_measure(words: str) -> str:
    """What a known measure at the end of some words is measured of: 国控断面水质优良比例达到 → 国控断面."""
    growth = patterns_of_reports().growth.search(words)
    plain = verbless(without_end(words[: growth.start()] if growth is not None else words))
    share = _SHARE_BEHIND.search(plain)
    plain = plain[: share.start()] if share is not None else plain
    at = next((m.span.start for m in load_indicators().written_in(fold(plain)) if m.span.end == len(plain)), 0)
    return plain[:at] if at > 1 else plain
