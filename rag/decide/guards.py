"""What speaks against a figure that shares words with a question: it is of another park, the whole of a part, all but it.

A guard returns its objection in a few words, "" where it has none.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.rules import At, Rule
from index.text.folding import fold
from index.text.tokens import query_tokens
from index.types import Fact, Measure
from index.words.fragments import HAN
from index.words.lexicon import load_indicators, load_units, load_wording
from index.words.naming import patterns_of_reports
from rag.find.coverage import parts_asked
from rag.find.facts import dimension_of, is_whole, tells_flow
from rag.find.letters import longest_shared
from rag.find.synonyms import Part
from rag.types import Query
from rag.understand.cues import numbers_of
from rag.understand.words import either, load_asking

_VOCABULARY = load_asking()

_NAMED = Rule(
    "decide.guards.named",
    rf"(?:^|\s)(?P<core>{HAN}{{2,8}}?)"
    rf"(?P<kind>(?:{either('trades')})*(?:{either('sites')}|(?<![农城乡新下老返家同集])[村镇乡]))",
    takes=("⟦松岗科技园⟧实现利润",),
    leaves=("全县农村人口", "住在城镇的人口"),
    why="农村, 城镇, 家乡 and 新村 name no single place.",
)
_DOING = Rule(
    "decide.guards.doing",
    either("links"),
    takes=("⟦实现⟧税收",),
    leaves=("税收",),
)
_JOINED = Rule(
    "decide.guards.joined",
    r"(?:和|及|与|、|以及)$",
    takes=("固定电话⟦和⟧",),
    leaves=("固定电话用户",),
)
_WITHOUT = Rule(
    "decide.guards.without",
    rf"(?:{either('leaving_out')})(?P<what>{HAN}{{2,8}})|(?<![拆消解免去清扫排])除(?P<but>[^外,;]{{2,8}})外",
    takes=("固定资产投资(⟦不含农户⟧)下降2.4%", "⟦除粮食外⟧全部放开"),
    leaves=("清除垃圾外运",),
    why="The last letter of 清除, 免除 and the like leaves nothing out.",
)
_MEASURED = Rule(
    "decide.guards.measured",
    rf"(?:全?年|生产|实现)?(?P<noun>{HAN}{{2,8}}?)(?P<measure>{either('yields')})",
    takes=("⟦钢铁产业产值⟧",),
    leaves=("钢铁企业数量",),
    at=At.WHOLE,
)
_LEAVING = Rule(
    "decide.guards.leaving",
    either("leaving_out"),
    takes=("工业总产值⟦不含⟧村办工业",),
    leaves=("工业总产值",),
)
_RATIO_NAMED = Rule(
    "decide.guards.ratio_named",
    either("ratios_named"),
    takes=("保险⟦密度⟧", "灌溉水有效利用⟦系数⟧"),
    leaves=("人均生产总值",),
)
_STRETCH_END = Rule(
    "decide.guards.stretch_end",
    r"[;。]",
    takes=("增长5.9%⟦;⟧经济总量跨过万亿元",),
    leaves=("增长5.9%,经济总量跨过万亿元",),
)


_MONEY = "money"
_PERSONS = frozenset({"人", "人次"})
_OF_PERSONS_TOO = frozenset({"", "名", "位", "户", "个", "例", "对", "家"})
"""Counters that count persons as well, or whole households of them."""
_NO_KINDS = frozenset(
    {"新型", "大型", "中型", "小型", "类型", "典型", "转型", "模型", "户型", "机型", "车型", "造型", "定型", "选型"}
)
"""Words that end in 型 and name no kind of a thing, or only its size."""
_KINDS_TOO = frozenset({"创新型"})
"""Kinds that only end like one of these."""
_OFTEN = frozenset("年月日天季周次小期届轮到")
"""What behind 每 counts times and no things."""
_BY_THE_UNIT = ("每", "均", "单位", "密度", "强度", "单产")
"""Words of what is reckoned by the unit."""


def is_told_of(name: str, fact: Fact, sentence: str) -> bool:
    """Whether a place is named before a figure in its stretch and nothing behind it says that the whole is meant."""
    stretch = _STRETCH_END.split(sentence.partition(fact.written)[0])[-1]
    _, named, behind = stretch.rpartition(name)
    return bool(named) and not any(scope in behind for scope in load_wording().scopes)


def told_otherwise(query: Query) -> tuple[Part, ...]:
    """The asked words of which the vocabulary knows what reports say for them."""
    return tuple(part for part in parts_asked(query) if len(part.readings) > 1)


def leaves_unsaid(known: Sequence[Part], sentence: str) -> str:
    """One of such words, of which a sentence says nothing: 864个小区实施封闭管理 is no 翻新 of 老小区 (改造, 修缮)."""
    unsaid = (p for p in known if not any(token in sentence for reading in p.readings for token in reading))
    return next((f"says nothing of {part.words}" for part in unsaid), "")


def _core(name: str) -> str:
    """A place's own name without a particle or conjunction before it, which 和平 and 中关村 begin with and do not have."""
    bare = name.lstrip("的在中里和与")
    return bare if len(bare) > 1 else name


def of_another_name(query: Query, fact: Fact, sentence: str) -> str:
    """苟江经济开发区 is not 和平经济开发区. A name that only the sentence says counts where the clause names no other."""
    asked, region, sentence = query.thing.terms, fold(fact.region or ""), fold(sentence)
    # The clause of a 分别 list names its other things too.
    told = fold(fact.indicator) if "分别" in fact.clause else fold(fact.indicator + fact.clause)
    for name in _NAMED.finditer(asked):
        core = _core(name["core"])
        if len(core) < 2 or core in told or core in region or core[:2] in told:
            continue
        other = re.search(rf"{HAN}{{2}}{name['kind'][-2:]}", told)
        deed = patterns_of_reports().list_verb.match(core) is not None
        other = other or (_NAMED.match(told) if not deed else None)
        # A sentence that names the asked one and the figure's own place tells of both.
        if core not in sentence or other is not None or (region and region[:2] in sentence):
            return "another name"
    return ""


def of_its_own_but_another(query: Query, fact: Fact, _: str) -> str:
    """Whether a figure of the very park that is asked shares no letter with what is asked of it: 产值 and 到位资金."""
    asked, indicator, told = query.thing.terms, fold(fact.indicator), fold(fact.indicator + fact.clause)
    for name in _NAMED.finditer(asked):
        core = _core(name["core"])
        rest = _DOING.sub("", asked[name.end() :].replace(" ", ""))
        if len(core) < 2 or not indicator.startswith(core) or len(rest) < 2:
            continue
        own = told.replace(name["core"], "").replace(name["kind"], "")
        if not set(rest) & set(_DOING.sub("", own)):
            return "another thing of the same place"
    return ""


def by_the_unit(query: Query, fact: Fact, _: str) -> str:
    """税收 is not told by 单位面积税收 in yuan per square metre."""
    said = () if query.cues.each else _VOCABULARY.per_unit
    found = any(word in fact.indicator and word not in query.cues.per_unit for word in said)
    return "reckoned by the unit" if found else ""


def narrower_by_name(query: Query, fact: Fact) -> bool:
    """固定资产投资 is not told by 工业固定资产投资, which the vocabulary knows for a part of it, where nothing else is asked."""
    named = query.thing.indicators
    if fact.canonical is None or fact.canonical in named or not is_whole(query):
        return False
    known = (load_indicators().get(name) for name in named)
    return any(i is not None and fact.canonical in i.narrower for i in known)


def went_and_is_not_left(query: Query, fact: Fact, _: str) -> str:
    """还有多少户没脱贫 is not told by 减少贫困人口2386户."""
    left = query.wants.stock and query.cues.left
    return "tells what went, and not what is left" if left and tells_flow(fact) else ""


def not_by_the_unit(query: Query, fact: Fact, _: str) -> str:
    """每平方公里产出多少 is told by no total: what is asked by the unit is a rate, or says what it is reckoned by."""
    _, each, unit = query.thing.terms.partition("每")
    if not each or unit[:1] in _OFTEN or "/" in fact.unit or dimension_of(fact.unit) in ("percent", "ratio"):
        return ""
    said = fold(fact.indicator + fact.clause)
    # 万人拥有量 is reckoned by the 万人 of 每万人 without a word for each.
    reckoned = unit[:2] in said or any(word in said for word in _BY_THE_UNIT)
    return "" if reckoned else "not reckoned by the unit"


def no_amount(query: Query, fact: Fact, _: str) -> str:
    """旅客吞吐量 is told by no minutes and by no rate: what is called an amount is counted or weighed."""
    wants = query.wants
    if not query.thing.terms.endswith(_AMOUNTS) or wants.growth or wants.share or wants.change or wants.rise:
        return ""
    rate = dimension_of(fact.unit) == "percent" and fact.measure is Measure.LEVEL
    return "no amount" if rate or dimension_of(fact.unit) == "time" else ""


def no_rate(query: Query, fact: Fact, _: str) -> str:
    """个人所得税税率 is told by no revenue: what is called a rate is one."""
    if not query.thing.terms.endswith("率") or query.thing.terms.endswith("汇率"):
        return ""
    return "" if "/" in fact.unit or dimension_of(fact.unit) in _OF_RATES else "no rate"


_OF_RATES = frozenset({"percent", "percentage_point", "ratio", ""})


def of_another_share(query: Query, fact: Fact, sentence: str) -> str:
    """金融业占GDP is told neither by 第一产业占GDP nor by 占比10.3% of a whole that its sentence does not name as the asked one."""
    terms = fold(query.thing.terms)
    part, share, _ = terms.partition("占")
    whole = _whole_of(terms)
    if not query.wants.share or not share:
        return ""
    told = fold(fact.indicator).partition("占")[0]
    asked, known, of = _names_of(part), _names_of(told), _names_of(whole)
    if known & of and fact.indicator.endswith("占比"):
        # 民营…外贸进出口总额占比: whose share of the asked whole it is stands before the list.
        return ""
    alike = longest_shared(part.replace(_VALUE_ADDED, ""), told.replace(_VALUE_ADDED, "")) >= _ONE_THING
    if asked and known and not asked & known and not alike:
        return "a share of another part"
    if not fact.indicator.endswith("占比") or len(whole) < 2:
        return ""
    before = fold(sentence).partition(fold(fact.written))[0]
    names = {fold(name) for indicator in of for name in _all_names(indicator)}
    said = set(whole) & set(before) if not names else any(name in before for name in (*names, whole))
    return "" if said else "a share of a whole that is not named"


_VALUE_ADDED = "增加值"
_ONE_THING = 3
"""Letters that the names of one thing share in a run, the measure set aside."""


def _all_names(indicator: str) -> tuple[str, ...]:
    known = load_indicators().get(indicator)
    return (known.name, *known.aliases) if known is not None else ()


_AMOUNTS = ("量", "额")
"""Ends of the names of what is counted, weighed or paid."""


def of_another_whole(query: Query, fact: Fact, _: str) -> str:
    """占全部支出 is not told by 占预算数的比重: a share of a whole that shares no letter with the asked one and is not it by its name."""
    asked, told = _whole_of(query.thing.terms), _whole_of(fold(fact.indicator))
    if not query.wants.share or len(asked) < 2 or len(told) < 2:
        return ""
    one, other = _kin_of(_names_of(asked)), _kin_of(_names_of(told))
    if one and other and not one & other:
        # 占地区生产总值 is not told by 占第三产业, which shares a letter with it.
        return "a share of another whole"
    if set(asked) & set(told):
        return ""
    scopes = load_wording().lists["rank_scopes"]
    if asked in scopes and told in scopes:
        # 世界, 全球
        return ""
    return "" if _names_of(asked) & _names_of(told) else "a share of another whole"


def _names_of(words: str) -> set[str]:
    """The indicators that words name, also by a name by which they are asked for alone (GDP, 经济)."""
    lexicon = load_indicators()
    exactly = lexicon.exactly(words)
    return {m.indicator.name for m in lexicon.asked_in(words)} | ({exactly.name} if exactly is not None else set())


def _kin_of(names: set[str]) -> set[str]:
    """Indicators, or the families of those that have one: 国内生产总值 and 地区生产总值 are one whole."""
    lexicon = load_indicators()
    return {known.family or name for name in names if (known := lexicon.get(name)) is not None}


def _whole_of(share: str) -> str:
    """What a share is of: 全部支出 of 行政经费占全部支出的比重; "" where the words name no whole."""
    part, _, whole = share.partition("占")
    whole = whole.replace(" ", "")
    for end in ("比重", "比例", "份额", "比", "的"):
        whole = whole.removesuffix(end)
    if whole or not share.count("占"):
        return whole
    # 卫生总费用里，个人掏钱的部分占比
    before = next((part.partition(inside)[0] for inside in ("里面", "里", "当中", "中") if inside in part), "")
    return before.replace(" ", "")


def without_a_narrowing_word(query: Query, fact: Fact, sentence: str) -> str:
    """国际旅客吞吐量 is not told by 旅客吞吐量: a word that narrows must be said, in one of its forms."""
    in_names = _VOCABULARY.patterns["in_names"]
    # What a sentence says behind a figure narrows the figures behind it.
    before = fold(sentence).partition(fold(fact.written))[0]
    asked, said = in_names.sub("", query.thing.terms), in_names.sub("", before + fold(fact.indicator + fact.clause))
    lacking = any(
        any(len(word) > 1 and word in asked for word in group) and not any(word in said for word in group)
        for group in _VOCABULARY.narrowing
    )
    return "lacks a word that narrows" if lacking or _of_a_kind(asked) - _of_a_kind(said) else ""


def _of_a_kind(words: str) -> set[str]:
    """The kinds that are named in 型 (护理型, 创新型), without the words that only end so."""
    places = (n for n, letter in enumerate(words) if letter == "型" and n > 1)
    kinds = {words[n - 2 : n + 1] for n in places}
    return {kind for kind in kinds if kind.isalpha() and (kind in _KINDS_TOO or kind[1:] not in _NO_KINDS)}


def narrowed(query: Query, fact: Fact) -> str:
    """Whether a figure is of a part, by a word of its name that was not asked for."""
    asked = query.thing.terms + "".join(query.thing.indicators)
    return "a part of what is asked" if narrows(asked, fold(fact.indicator)) else ""


def narrows(asked: str, name: str) -> bool:
    """Whether a figure's name has a word that narrows and the question none of its forms: 城镇人口 for 常住人口 is a part.

    每人每年 says how a standard is reckoned and makes no part of it.
    """
    return any(
        any(len(word) > 1 and word[0] != "每" and word in name for word in group)
        and not any(word in asked for word in group)
        for group in _VOCABULARY.narrowing
    )


def of_several(query: Query, fact: Fact, _: str) -> str:
    """移动电话用户 is not told by 固定电话和移动电话用户."""
    name = fold(fact.indicator)
    at = name.find(query.thing.terms.replace(" ", ""))
    return "several things together" if at > 0 and _JOINED.search(name[:at]) else ""


def of_another_part(query: Query, fact: Fact, _: str) -> str:
    """A part (…三家企业产值410亿元，其中甲公司286亿元) tells nothing of what only the words of its whole name."""
    whole, among, own = fold(fact.clause).rpartition("其中")
    if not among or query.place.about or fact.canonical in query.thing.indicators:
        return ""
    asked, of_whole, of_part = (set(query_tokens(words)) for words in (query.thing.terms, whole, own))
    return "another part" if asked & of_whole - of_part and not asked & of_part - of_whole else ""


def of_another_measure(query: Query, fact: Fact, _: str = "") -> str:
    """新能源汽车产量 is not told by 新能源汽车新上牌: what is asked of a thing must be said, unless the vocabulary knows it."""
    if fact.canonical is not None and fact.canonical in query.thing.indicators:
        return ""
    told, name = fold(fact.indicator + fact.clause), fold(fact.indicator)
    for group in _VOCABULARY.measures:
        word = next((w for w in group if len(w) > 1 and query.thing.terms.endswith(w)), None)
        # 碳酸锂13.5万吨 says nothing else of the thing, and what is made is meant.
        if word is not None and name not in query.thing.terms and not any(w in told for w in group):
            return "another measure"
    # 保险密度 is told by no amount a head.
    asked = set(_RATIO_NAMED.findall(query.thing.terms))
    return "another measure" if any(word not in told for word in asked) else ""


def of_another_noun(query: Query, fact: Fact, _: str = "") -> str:
    """红枣产量 is not told by 果品产量, nor 烤烟种植面积 by 粮食播种面积: the measure is shared, and no letter of what it is of."""
    asked, told = _MEASURED.fullmatch(query.thing.terms.replace(" ", "")), _MEASURED.fullmatch(fold(fact.indicator))
    if asked is None or told is None or asked["measure"][-2:] != told["measure"][-2:]:
        return ""
    # 软件业 and 工业 share only that they are branches.
    shared = set(asked["noun"]) & set(told["noun"]) - set("业")
    return "" if shared or asked["noun"] in told["noun"] else "the same measure of another thing"


def of_another_number(query: Query, fact: Fact, _: str = "") -> str:
    """8号线 is not told by 27号线, nor the third bridge by the second."""
    told = set(numbers_of(fold(fact.clause))) if query.cues.numbers else set()
    return "another number" if told and not query.cues.numbers & told else ""


def leaves_out(query: Query, fact: Fact, _: str = "") -> str:
    """大豆 is not told by 粮食(不包括大豆)."""
    told = fold(fact.indicator + fact.clause)
    without = _WITHOUT.search(told)
    what = (without["what"] or without["but"])[:2] if without is not None else ""
    if _LEAVING.search(query.thing.terms):
        # 工业总产值，如果不包括村办工业: asked as it is told.
        return ""
    if what and what in query.thing.terms:
        return "leaves it out" if what not in _WITHOUT.sub("", told) else ""
    return ""


def of_another_dimension(query: Query, fact: Fact, _: str) -> str:
    """How many people is told in no hectares. A rate and a figure that leaves its unit to the reader may be of any."""
    asked = {dimension_of(unit) for unit in query.thing.units if unit != "%"}
    if not asked or fact.measure is Measure.GROWTH:
        return ""
    # 入院人次31192万: what the name ends in is counted.
    unit = counter_of(fact.indicator) if fact.unit in load_units().multipliers else fact.unit
    if unit and "元" in query.thing.units and dimension_of(unit).startswith(_MONEY):
        # 多少钱 is told in dollars too.
        return ""
    if unit and dimension_of(unit) not in asked:
        return "in another dimension"
    # How many times people rode is told by no number of lines.
    persons = any(plain_unit(u) in _PERSONS for u in query.thing.units)
    counted = unit and dimension_of(unit) == "count" and plain_unit(unit) not in _PERSONS
    return "counts no persons" if persons and counted and plain_unit(unit) not in _OF_PERSONS_TOO else ""


def plain_unit(unit: str) -> str:
    """A unit without its multiplier: 人次 of 万人次."""
    multipliers = sorted(load_units().multipliers, key=len, reverse=True)
    return next((unit.removeprefix(m) for m in multipliers if unit.startswith(m)), unit)


def counter_of(name: str) -> str:
    """The unit in which a name says that its things are counted: 人次 of 入院人次; "" where it says none."""
    symbols = load_units().symbols
    return next((name[-n:] for n in (3, 2) if name[-n:] in symbols and len(name) > n), "")


_GUARDS = (
    "of_another_dimension",
    "of_another_number",
    "of_another_noun",
    "of_another_measure",
    "of_another_name",
    "of_its_own_but_another",
    "by_the_unit",
    "went_and_is_not_left",
    "not_by_the_unit",
    "no_amount",
    "no_rate",
    "of_another_share",
    "of_another_whole",
    "without_a_narrowing_word",
    "of_several",
    "of_another_part",
    "leaves_out",
)


def objections(query: Query, fact: Fact, sentence: str) -> Iterator[str]:
    """What makes another thing of a figure, by what the words mean: each reason in a few words."""
    # Looked up by name, so that the ledger can switch each off.
    said = (str(globals()[name](query, fact, sentence)) for name in _GUARDS)
    return (reason for reason in said if reason)
