"""Words before a figure that name nothing by themselves (总投资, 开工, 其中企业), with what the clause before told."""

from __future__ import annotations

from index.figures.carry import Carry
from index.figures.clauses import Context
from index.figures.lists import names_joined
from index.figures.nouns import (
    GENERIC,
    STAGES,
    is_measured,
    joined_names,
    says_not_whose,
    without_measure,
    without_stage,
    without_verbs,
)
from index.figures.readers.behind import EFFECT
from index.figures.readers.parts import of_the_measure
from index.figures.readers.rates import keeps_books, whose
from index.rules import At, Rule
from index.words.fragments import any_word
from index.words.lexicon import load_wording
from index.words.naming import canonical_of, strip_lead

_STAGE_LEAD = Rule(
    "figures.carried.stage_lead",
    r"^(?:基本|已|累计|再|全部|新(?=投产|竣工|完工|交付))+",
    takes=("⟦新⟧投产", "⟦已全部⟧竣工"),
    leaves=("新能源装机", "投产"),
)
_EFFECT_FIRST = Rule(
    "figures.carried.effect_first",
    rf"{any_word('lightly')}*(?P<verb>{EFFECT.pattern})(?P<what>.*)",
    takes=("⟦直接惠及果农⟧", "⟦带动⟧"),
    leaves=("果农受益", "补贴带动消费"),
    at=At.WHOLE,
)
_MEANS = Rule(
    "figures.carried.means",
    rf"(?:补贴|补助|专项|引导)?{any_word('means')}(?:发放)?$",
    takes=("农机购置⟦补贴⟧", "文旅⟦消费券发放⟧"),
    leaves=("补贴标准",),
)
_AGAIN = Rule(
    "figures.carried.again",
    r"^(?:[要再又还将拟共]|累计|已|继续)+",
    takes=("⟦再⟧改造老旧管网", "⟦继续⟧清退"),
    leaves=("老旧管网再改造",),
)
_STOCK_END = Rule(
    "figures.carried.stock_end",
    rf"(?<=.{{2}}){any_word('stocks')}$",
    takes=("奶牛⟦存栏⟧", "轿车⟦保有量⟧"),
    leaves=("存栏", "产量增长"),
)
_NO_ITEM = load_wording().pattern("flow_words", "plan_verbs", "stages", "empty_pairs")


def of_before(words: str, noun: str, context: Context, carry: Carry) -> str:
    """The words with what the clause before told, where they name nothing by themselves; ``noun`` stands behind the figure."""
    if not words:
        return "" if carry.topic.words else carry.heard.theme
    if not noun and context.follows:
        words = _of_stage(words, carry)
    if GENERIC.fullmatch(words):
        words = _of_owner(words, context, carry)
    if context.follows:
        words = _of_cause(words, noun, context, carry)
    return words if noun else _of_same(words, carry)


def _of_stage(words: str, carry: Carry) -> str:
    """新开工保障性安居工程666万套，基本建成544万套; 出让20个、开工20个: a stage of what was told before."""
    thing = carry.topic.words or carry.heard.theme
    stage = STAGES.fullmatch(_STAGE_LEAD.sub("", words)) if thing else None
    return without_stage(thing) + stage[0] if stage is not None else words


def _of_owner(words: str, context: Context, carry: Carry) -> str:
    """A measure that says not whose it is, with whose it is by what was told or heard before."""
    spoken_of, inherited, heard = carry.topic.words, carry.topic.inherited, carry.heard
    if inherited and says_not_whose(words):
        # 粮食生产再创新高。播种面积达到8780.7万亩，…总产量达到853.2亿斤
        owned = spoken_of.startswith(inherited) or not spoken_of
        return joined_names(inherited, words) if owned else words
    if not context.follows:
        return words
    if owner := _owner_in_list(words, heard.several):
        return owner + words
    if spoken_of and (_of_last(words, context, carry) or _of_all_told(words, carry)):
        # 新增高速公路120公里、总里程8667公里
        return joined_names(whose(carry), words)
    if heard.theme:
        return joined_names(heard.theme, words)
    # 加上用于农业的其他各项资金，总额达到174亿元
    heard_now = heard.measured and context.segment.opened_by == ","
    return joined_names(heard.measured, words) if heard_now else words


def _owner_in_list(words: str, several: str) -> str:
    """粮食面积、总产、单产实现“两增一稳”，总产762亿斤: whose the measure is stood in the stretch before, "" if nowhere."""
    parts = names_joined(strip_lead(several)[0])
    owner = without_measure(parts[0])
    named = len(parts) > 1 and any(part.startswith(words) for part in parts[1:])
    return owner if named and owner != parts[0] and len(owner) > 1 else ""


def _of_last(words: str, context: Context, carry: Carry) -> bool:
    """Whether the measure is of what the last level counted or measured: 签约项目215个、总投资超过800亿元."""
    told = carry.told
    if told.counted or keeps_books(carry) or (context.figure.unit == told.unit and canonical_of(words) is None):
        return True
    # 接待游客3亿人次、总花费超过4500亿元
    in_row = context.segment.opened_by == "、"
    return in_row and (told.unit.endswith("人次") or is_measured(carry.topic.words))


def _of_all_told(words: str, carry: Carry) -> bool:
    """Whether the measure is of the only thing that was named, of which no level was told yet."""
    if carry.heard.measured or carry.heard.theme or carry.told.unit:
        return False
    balance = words.endswith("余额") and words[:2] in carry.topic.words
    return balance or canonical_of(words) is None


def _of_cause(words: str, noun: str, context: Context, carry: Carry) -> str:
    """发放购车补贴2亿元、带动消费20亿元; 扩大以旧换新，拉动消费9亿元: an effect, with what brought it about."""
    effect = _EFFECT_FIRST.fullmatch(words)
    if effect is None or not (noun or effect["what"]):
        return words
    by_last = context.segment.opened_by == "、" or not carry.heard.cause
    cause = _MEANS.sub("", without_verbs(carry.topic.words if by_last else carry.heard.cause))
    return cause + words if len(cause) > 1 and not EFFECT.search(cause) else words


def _of_same(words: str, carry: Carry) -> str:
    """What was spoken of, for words that only say it again or are its verb."""
    spoken_of, again = carry.topic.words, _AGAIN.sub("", words)
    if len(again) == 2 and spoken_of.startswith(again) and len(spoken_of) > 2:
        # 关停小火电机组500万千瓦，今年再关停100万千瓦
        return spoken_of
    # 继续实施退耕还林还草，今年拟安排500万亩: a verb alone is of what was spoken of before.
    return words if without_verbs(words) else carry.heard.theme or words


def of_the_whole(words: str, context: Context, carry: Carry) -> str:
    """汽车保有量增至3230万辆，其中新能源汽车356万辆: the part is measured as the whole is."""
    measure = _STOCK_END.search(carry.topic.words)
    if measure is None:
        return of_the_measure(words, context, carry)
    if context.figure.unit != carry.told.unit or is_measured(words) or canonical_of(words):
        return words
    return words if words.endswith(measure[0]) or words[-1] in "量额率数" else words + measure[0]


def says_nothing_alone(words: str, context: Context, carry: Carry) -> bool:
    """Whether two letters go on from the thing before them and are no item of a list.

    …交易1025项，金额225.6亿元 goes on, 铁路新线59公里、复线46公里 is a list.
    """
    if not 0 < len(words) <= 2 or canonical_of(words) is not None:
        return False
    item = context.figure.unit == carry.told.unit and len(words) == len(without_verbs(words)) == 2
    if item and not _NO_ITEM.fullmatch(words):
        return False
    return bool(carry.topic.words) and context.follows
