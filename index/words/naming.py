"""The words around a figure: what belongs to an indicator's name, and which indicator of the lexicon it is."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache, lru_cache

from index.rules import At, Rule
from index.text.folding import fold
from index.words.fragments import any_word
from index.words.lexicon import load_indicators, load_units, load_wording
from index.words.regions import Gazetteer

_CONNECTIVE = Rule(
    "words.naming.connective",
    rf"^(?:{any_word('connectives')}|它们?(?=虽|[比占的]))+",
    takes=("⟦其中⟧一般公共预算收入", "⟦大约⟧十户"),
    leaves=("投资约束性指标",),
)


@dataclass(frozen=True, slots=True)
class Patterns:
    """What the word lists of ``reading.toml`` are looked for with."""

    growth: Rule
    growth_after: Rule
    verbs: Rule
    lead: Rule
    whole: Rule
    scope: Rule
    estimate: Rule
    target: Rule
    aim: Rule
    approx_before: Rule
    approx_after: Rule
    fall: Rule
    done: Rule
    list_verb: Rule


@cache
def patterns_of_reports() -> Patterns:
    words = load_wording()
    rise, fall, base = (words.pattern(n).pattern for n in ("rise", "fall", "compare_base"))
    narrow, verbs, approx = (words.pattern(n).pattern for n in ("narrow", "level_verbs", "approximate_before"))
    after = words.pattern("approximate_after").pattern
    estimate, target = words.pattern("estimate"), words.pattern("target")
    scope = "|".join(sorted(map(re.escape, words.scopes), key=len, reverse=True))
    small = rf"(?:了|达到|达|为|是|预期目标|预期|{approx})*"
    return Patterns(
        growth=Rule(
            "words.naming.growth_before",
            rf"(?P<base>(?:{base})*)(?P<word>{fall}|{narrow}|{rise}){small}$",
            takes=("财政收入⟦同比增长⟧", "工业投资⟦比上年下降了⟧"),
            leaves=("新的增长点",),
        ),
        growth_after=Rule(
            "words.naming.growth_behind",
            rf"^(?:左右|以上)?的?(?:比例|幅度|速度)?{any_word('pace')}*(?P<word>{fall}|{rise})",
            takes=("⟦左右的增长⟧", "⟦的速度递增⟧"),
            leaves=("左右的份额",),
            at=At.START,
        ),
        verbs=Rule(
            "words.naming.verbs_before",
            rf"(?:{verbs}|{approx}|{estimate.pattern}|{any_word('before_verbs')}|(?<![必需主重纪摘首只])要)+了?$",
            takes=("公路里程⟦达到了⟧", "全年⟦要完成⟧"),
            leaves=("会议纪要", "达到率"),
            why="要 of 纪要, 需要 and 主要 is no verb.",
        ),
        lead=Rule(
            "words.naming.lead",
            rf"^(?:{estimate.pattern}|{target.pattern}|{verbs}|{base})",
            takes=("⟦预计⟧实现财政收入",),
            leaves=("粮食预计产量",),
            at=At.START,
        ),
        # 共建“一带一路”国家, but 共建成泊位12个
        whole=Rule(
            "words.naming.whole_words",
            rf"(?:{words.pattern('whole_words').pattern})(?<!共建(?=[成设]))",
            takes=("⟦在建⟧项目", "⟦共建⟧产业园"),
            leaves=("共建成泊位12个", "在全县"),
            why="共建成泊位12个 counts berths, 共建 of 共建产业园 is one word.",
            at=At.START,
        ),
        scope=Rule(
            "words.naming.scope",
            rf"^(?:{scope})(?!性)",
            takes=("⟦全县⟧财政收入",),
            leaves=("全国性社团",),
            why="全国性 says what kind, not where.",
        ),
        estimate=estimate,
        target=target,
        aim=words.pattern("aim"),
        approx_before=Rule(
            "words.naming.approximate_before",
            rf"(?:{approx})$",
            takes=("缺工率⟦约⟧",),
            leaves=("约定条款",),
        ),
        approx_after=Rule(
            "words.naming.approximate_behind",
            rf"^(?:{after})",
            takes=("⟦以上⟧的企业",),
            leaves=("上级部门",),
            at=At.START,
        ),
        fall=words.pattern("fall"),
        done=words.pattern("done"),
        list_verb=words.pattern("list_verbs"),
    )


def strip_lead(words: str) -> tuple[str, str]:
    """The words without connectives, verbs and times of comparison before them, and the scope word (全区) among these."""
    patterns = patterns_of_reports()
    scope = ""
    words = words.strip()
    while True:
        before = words
        # 加上年结转收入: what is added is of the year before.
        words = words[1:] if words.startswith("加上年") else words
        if patterns.whole.match(words):
            # 在校学生, 有效发明专利, 超长期特别国债
            return words, scope
        if not _begins_with_place(words):
            words = _CONNECTIVE.sub("", words)
        if patterns.whole.match(words):
            return words, scope
        if (match := patterns.scope.match(words)) is not None and len(words) > match.end():
            scope, words = match[0], words[match.end() :]
        if (match := patterns.lead.match(words)) is not None and len(words) > match.end():
            words = words[match.end() :]
        words = words.lstrip(" ,、:的”·*-")
        if words == before:
            return words, scope


def _begins_with_place(words: str) -> bool:
    """和田地区 and 将乐县 are places, though 和 and 将 are connectives elsewhere."""
    if _CONNECTIVE.match(words) is None:
        return False
    first = next(iter(Gazetteer.load().mentions(words[:8])), None)
    return first is not None and first.start == 0 and first.end > 1


_EMPTY = frozenset(
    {"总量", "规模", "数", "总数", "数量", "人数", "人次", "国家", "安排", "拟安排", "完成", "实现", "计划", "预计"}
)
"""Words beside an indicator's name that narrow nothing."""


_PER_HEAD = Rule(
    "words.naming.per_head",
    r"(?:全国)?(?:按人口平均|平均每人|每人平均)的?",
    takes=("牧民⟦平均每人的⟧纯收入",),
    leaves=("牧民人均纯收入",),
)
_PER_ONE = Rule(
    "words.naming.per_one",
    r"(?:全国)?(?:平均)?每个(?P<who>农民|居民|职工)的",
    takes=("⟦每个农民的⟧收入",),
    leaves=("每个乡镇的收入", "农民的收入"),
)
_LIVING = Rule(
    "words.naming.living",
    r"可用于生活费的收入",
    takes=("职工家庭⟦可用于生活费的收入⟧",),
    leaves=("职工家庭生活费收入",),
)
"""How reports of the 1980s say 人均 and 生活费收入."""


@lru_cache(1 << 16)
def canonical_of(indicator: str) -> str | None:
    """The lexicon's name for an indicator as written, if the words are no narrower than one of its names."""
    lexicon = load_indicators()
    indicator = _PER_ONE.sub(r"\g<who>人均", indicator)
    indicator = _PER_HEAD.sub("人均", _LIVING.sub("生活费收入", fold(indicator)))
    exact = lexicon.written_as(indicator)
    if exact is not None:
        return exact.name
    whole = lexicon.exactly(indicator)
    if whole is not None:
        return whole.name
    for mention in lexicon.written_in(indicator):
        rest = indicator[: mention.span.start] + indicator[mention.span.end :]
        rest, _ = strip_lead(rest)
        if not rest or patterns_of_reports().scope.fullmatch(rest) or rest in _EMPTY:
            return mention.indicator.name
    return None


def canonical_for(indicator: str, unit: str) -> str | None:
    """As :func:`canonical_of`, for a level in a unit: 税收 in 幢 is no revenue."""
    name = canonical_of(indicator)
    known = load_indicators().get(name) if name is not None else None
    if known is None or not known.units or unit in load_units().multipliers:
        return name
    dimensions = {normalised(Decimal(1), u)[1] for u in known.units}
    held = normalised(Decimal(1), unit)[1]
    # A rate may be told of anything; of things that are counted the word for one may vary.
    return name if held in dimensions or held in ("percent", "percentage_point", "ratio") else None


def normalised(value: Decimal, unit: str) -> tuple[Decimal, str]:
    """A value in the base unit of its dimension, and the dimension ("" where the unit is unknown)."""
    factor, dimension = _measured_in(unit)
    return value * factor, dimension


@lru_cache(4096)
def _measured_in(unit: str) -> tuple[Decimal, str]:
    """How much one of a unit is in the base unit of its dimension, and the dimension."""
    units = load_units()
    factor = Decimal(1)
    rest = fold(unit)
    for symbol in sorted(units.multipliers, key=len, reverse=True):
        if rest.startswith(symbol) and rest not in units.symbols:
            factor, rest = units.multipliers[symbol], rest[len(symbol) :]
            break
    known = units.symbols.get(rest)
    return (factor, rest) if known is None else (factor * known.factor, known.dimension)
