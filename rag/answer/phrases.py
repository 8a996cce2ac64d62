"""Answers in words: figures as the report states them, with the place and period they are bound to."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import cache

from index.rules import At, Rule
from index.text.folding import fold
from index.types import Fact, Measure, Period, Status
from index.words.fragments import HAN
from index.words.lexicon import load_indicators, load_units
from index.words.naming import normalised
from index.words.numbers import find_figures
from index.words.regions import Gazetteer
from rag.answer.citing import ONES
from rag.decide.serving import RANKS_TOLD
from rag.decide.verdict import Calculation
from rag.find.candidates import known_name

_STATUS_ZH = {Status.ACTUAL: "", Status.ESTIMATE: "预计", Status.TARGET: "目标为"}
_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def period_zh(period: Period | None) -> str:
    """Word a period in Chinese: 2020年, 2020年上半年, 2016—2020年."""
    if period is None:
        return ""
    year, month = divmod(period.first, 12)
    if period.is_year:
        return f"{year}年"
    if month == 0 and period.length % 12 == 0:
        return f"{year}—{period.last_year}年"
    if period.length == 6 and month in (0, 6):
        return f"{year}年{'上' if month == 0 else '下'}半年"
    if period.length == 3 and month % 3 == 0:
        return f"{year}年{'一二三四'[month // 3]}季度"
    if period.length == 1:
        return f"{year}年{month + 1}月"
    if period.last_year == year:
        return f"{year}年{month + 1}—{period.last % 12 + 1}月"
    return f"{year}年{month + 1}月至{period.last_year}年{period.last % 12 + 1}月"


def period_en(period: Period | None) -> str:
    if period is None:
        return ""
    year, month = divmod(period.first, 12)
    if period.is_year:
        return str(year)
    if month == 0 and period.length % 12 == 0:
        return f"{year}–{period.last_year}"
    if period.length == 6 and month in (0, 6):
        return f"the {'first' if month == 0 else 'second'} half of {year}"
    if period.length == 3 and month % 3 == 0:
        return f"Q{month // 3 + 1} {year}"
    if period.length == 1:
        return f"{_MONTHS[month]} {year}"
    return f"{_MONTHS[month]} {year} to {_MONTHS[period.last % 12]} {period.last_year}"


def region_en(name: str | None) -> str:
    if not name:
        return ""
    gazetteer = Gazetteer.load()
    # A name that several places share is one in English too, unless they differ there.
    shared = gazetteer.candidates(name)
    region = gazetteer.get(name) or (shared[0] if len({r.english for r in shared}) == 1 else None)
    if region is None or not region.english:
        return name
    english = region.english if region.english[0].isupper() else region.english.title()
    kind = {"区": "District", "县": "County", "省": "Province"}.get(name[-1], "")
    return (
        f"{english} {kind}".strip()
        if kind and kind.lower() not in english.lower() and not name.endswith("自治区")
        else english
    )


def figure_zh(fact: Fact) -> str:
    """The figure of one fact as a phrase: 429.7亿元, 同比增长18.3%, 占…比重23.0%."""
    about, written = fact.approx, written_zh(fact)
    after = about if about in ("左右", "以上", "以下", "以内", "余", "多", "上下") else ""
    before = "" if after else about
    if fact.measure is Measure.GROWTH:
        word = "下降" if fact.value < 0 else "增长"
        base = _base_zh(fact.base)
        if base.endswith(("增长", "增加", "下降", "减少", "上涨", "提高")):
            return f"{base}{before}{written}{after}"
        return f"{'' if base and fact.indicator.endswith(base) else base}{word}{before}{written}{after}"
    return f"{before}{written}{after}"


def written_zh(fact: Fact) -> str:
    """The figure as its report writes it; of an English report in the units of Chinese ones: 47.2万亿元."""
    foreign = (
        fact.written.isascii() and any(map(str.isalpha, fact.written)) and (fact.unit == "%" or not fact.unit.isascii())
    )
    return f"{abs(fact.value):f}{fact.unit}" if foreign else fact.written


def _base_zh(base: str) -> str:
    return "" if base in ("分别", "均", "累计") else base.replace("分别", "")


_NUMBER = r"\d+(?:\.\d+)?"

_NAMES_THE_AIM = Rule(
    "answer.phrases.names_the_aim",
    r".{0,8}(?:目标|任务|计划)",
    takes=("⟦左右的预期目标⟧",),
    leaves=("以上,实现稳定增长",),
    at=At.START,
)
_NUMBER_TOLD = Rule(
    "answer.phrases.number_told",
    _NUMBER,
    takes=("总量达到⟦31.6⟧万户",),
    leaves=("总量达到三十万户",),
)


def clause_zh(facts: Sequence[Fact]) -> str:
    """The statement of a level and its growth: as the report words it where that is short, else put together anew."""
    first = facts[0]
    words = _own_words(facts)
    if known_name(first).isascii() and any(map(str.isalpha, first.indicator)) and first.clause.isascii():
        # No name in Chinese is known: the words of the English report, and the figures in Chinese units.
        return f"“{first.clause.strip()}”（{'，'.join(map(figure_zh, facts))}）"
    if first.status is Status.TARGET and any(_aim_behind(f, words) for f in facts):
        # …增长7.8%，低于年初12%的目标: the clause tells the result too.
        return f"{known_name(first)}{'，'.join(map(figure_zh, facts))}"
    if any(f.written not in words or f.written != written_zh(f) for f in facts):
        # Cells of one row of a table, or figures of two clauses: 投资年均增长10.2%，五年累计完成投资286亿元.
        words = ""
    reached = _FROM_TO.search(words)
    if reached is not None and first.measure is Measure.LEVEL and words.count(first.written) == 1 and len(facts) == 1:
        # 由147家压减至19家: what it came to stands first.
        return f"{known_name(first)}为{figure_zh(first)}（{reached[0]}）"
    said = _said_shortly(facts, words)
    if said:
        return _tidy(said)
    if first.unit in RANKS_TOLD and (placed := _place_told(first)):
        return f"{known_name(first)}{placed}"
    parts = []
    for number, fact in enumerate(facts):
        joint = "为" if number == 0 and fact.measure in (Measure.LEVEL, Measure.SHARE) else ""
        parts.append(f"{joint}{figure_zh(fact)}")
    return f"{known_name(first)}{'，'.join(parts)}"


def _place_told(fact: Fact) -> str:
    """A place in a row with what it is a row of (排西部第二), as the clause words it; "" where it words it at length."""
    end = fact.clause.rfind(fact.written) + len(fact.written)
    start = max(fact.clause.rfind(mark, 0, end) for mark in "、，,；;:：") + 1
    told = fact.clause[start:end]
    return told if fact.written in told and len(told) <= _LONGEST_PLACE else ""


_LONGEST_PLACE = 12
"""Letters of 居中国西部地区第一位 and the like."""


def _own_words(facts: Sequence[Fact]) -> str:
    """The clause that tells the facts, without its time, which is said before it, and without a whole before its part."""
    words = _OWN_YEAR.sub("", max(facts, key=lambda f: len(f.clause)).clause)
    part = words.rpartition("其中")[2]
    # Of a part (进出口总额…，其中出口1318.6亿元) the words of the whole before it are left out.
    return part if all(f.written in part for f in facts) else words


def _aim_behind(fact: Fact, words: str) -> bool:
    """Whether a target is called one behind its figure."""
    return _NAMES_THE_AIM.match(words[words.rfind(fact.written) + len(fact.written) :]) is not None


def _said_shortly(facts: Sequence[Fact], words: str) -> str:
    """The words of a clause from the indicator on, or from a figure before it; "" where they are too long or too many."""
    first = facts[0]
    if not words or "分别" in words or sum(1 for _ in _NUMBER_TOLD.finditer(words)) > 5:
        return ""
    at = words.find(first.indicator)
    if at < 0:
        return words if len(words) <= 60 and _in_order(first.indicator, words) else ""
    if at > 0 and any(f.written not in words[at:] for f in facts):
        # 85个口袋公园建成开放: the figure stands before its noun.
        at = min(at, *(max(words.find(f.written), 0) for f in facts))
    return words[at:] if len(words) - at <= 90 else ""


def _in_order(letters: str, words: str) -> bool:
    """Whether the words hold all letters in their order: 帮助…长期失业青年实现就业 around a figure."""
    rest = iter(words)
    return all(letter in rest for letter in letters)


_COMMA_OF_TEXT = Rule(
    "answer.phrases.comma_of_text",
    r",(?!\d{3})",
    takes=("收入7.84亿元⟦,⟧增长8%",),
    leaves=("收入1,286元",),
    why="A comma before three digits parts thousands.",
)


def _tidy(words: str) -> str:
    """Half-width punctuation of the cleaned text as Chinese prose prints it."""
    words = _COMMA_OF_TEXT.sub("，", words)
    return words.replace(";", "；").replace("(", "（").replace(")", "）").strip("，、；")


_OWN_YEAR = Rule(
    "answer.phrases.own_year",
    rf"^[在到]?(?:\d{{4}}|[一二][九〇○零][〇○零{ONES}]{{2}})年(?:全年)?,?(?={HAN}{{2}})",
    takes=("⟦2012年⟧接待游客526万人次",),
    leaves=("截至2012年末接待游客526万人次",),
)
_FROM_TO = Rule(
    "answer.phrases.from_to",
    r"[由从][^,;由从]{1,24}?\d[^,;由从]{0,12}?[至到为][^,;]{1,14}$",
    takes=("人均可支配收入⟦由62358元增加到79865元⟧",),
    leaves=("人均可支配收入增加到79865元",),
)
_MORE_THAN = Rule(
    "answer.phrases.more_than",
    rf"(?P<n>{_NUMBER})[多余](?P<scale>万?亿|万)(?P<unit>[^\d]{{0,6}})",
    takes=("⟦2800多亿美元⟧",),
    leaves=("2800亿美元",),
    why="2800多亿 wants its 多 behind the amount in other languages.",
    at=At.WHOLE,
)
_SPAN = Rule(
    "answer.phrases.span",
    rf"(?P<low>{_NUMBER})\s*[-~—至到]+\s*(?P<high>{_NUMBER})(?P<unit>[^\d\s]{{1,4}})",
    takes=("⟦6-7%⟧",),
    leaves=("6%",),
    at=At.WHOLE,
)


_ANY_DIGIT = Rule(
    "answer.phrases.any_digit",
    r"\d",
    takes=("⟦3⟧1.6万户",),
    leaves=("三十一万户",),
)


def _arabic(written: str, value: Decimal, unit: str) -> str:
    """A figure that stands in Chinese digits, in Arabic ones: 一千八百二十九亿元 → 1829亿元; "" for others."""
    if _ANY_DIGIT.search(written) or "·" in written or not written:
        return ""
    if unit in RANKS_TOLD:
        # 居全国第四, 首位.
        return f"第{_decimal(value)}位"
    for size, word in ((10**8, "亿"), (10**4, "万")):
        if abs(value) >= size and unit[:1] not in "亿万":
            return f"{_decimal(abs(value) / size)}{word}{unit}"
    return f"{_decimal(abs(value))}{unit}"


def _all_in_arabic(words: str, facts: Sequence[Fact]) -> list[str]:
    """The figures of a statement that stand in Chinese digits, those of a move's start among them (由四成上升到五成)."""
    told = [(f.written, f.value, f.unit) for f in facts]
    folded = fold(words)
    if any(_arabic(*figure) for figure in told) and {"由", "从"} & set(words):
        known = {fold(written) for written, *_ in told}
        told += [(f.written, f.value, f.unit) for f in find_figures(folded) if f.written not in known]
    told.sort(key=lambda figure: folded.find(fold(figure[0])))
    return [a for a in dict.fromkeys(_arabic(*figure) for figure in told) if a]


def statement_zh(facts: Sequence[Fact], *, brief: bool = False, about: Sequence[str] = ()) -> str:
    """A full statement: 2020年，嘉定区固定资产投资完成429.7亿元，同比增长18.3%.

    ``brief`` leaves out what else the report says beside the figures; ``about`` are places in the region that they are of.
    """
    words = _statement_zh(facts, brief=brief)
    region = facts[0].region or ""
    if about and region:
        words = words.replace(region, f"{region}（{'、'.join(about)}）", 1)
    for fact in facts:
        span = _SPAN.fullmatch(fact.written)
        if span is not None:
            # 6-7%: both ends with their unit.
            words = words.replace(fact.written, f"{span['low']}{span['unit']}—{span['high']}{span['unit']}")
    for fact in facts:
        more = _MORE_THAN.fullmatch(fact.written)
        if more is not None:
            # 30多万公里: said once with the number and its scale together.
            words += f"（{more['n']}{more['scale']}{more['unit']}以上）"
    arabic = _all_in_arabic(words, facts)
    return f"{words}（即{'、'.join(arabic)}）" if arabic else words


def _statement_zh(facts: Sequence[Fact], *, brief: bool) -> str:
    first = facts[0]
    lead = f"{period_zh(first.period)}，" if first.period else ""
    status = _STATUS_ZH[first.status]
    clause = f"{known_name(first)}{'，'.join(map(figure_zh, facts))}" if brief else clause_zh(facts)
    if first.status is Status.ESTIMATE:
        clause = clause if clause.startswith("预计") or "预计" in clause else f"预计{clause}"
        status = ""
    if first.status is Status.TARGET:
        return f"{lead}{first.region or ''}的目标（计划数）：{clause}"
    return f"{lead}{first.region or ''}{status}{clause}"


@cache
def indicator_en(name: str) -> str:
    """The first English name of an indicator, or the Chinese one where there is none."""
    known = load_indicators().get(name)
    return known.english[0] if known and known.english else name


def _decimal(value: Decimal) -> str:
    return f"{value.normalize():f}"


_ABOUT_EN = {
    "左右": "about ", "上下": "about ", "约": "about ", "大约": "about ", "近": "nearly ", "接近": "nearly ",
    "以上": "at least ", "不低于": "at least ", "不少于": "at least ", "超": "over ", "超过": "over ", "突破": "over ",
    "逾": "over ", "多": "over ", "余": "over ", "以内": "at most ", "以下": "below ", "不超过": "at most ",
}  # fmt: skip
"""How exactly a figure is meant, by the word beside it."""


def figure_en(fact: Fact) -> str:
    """The figure in English units, as exactly as it is meant: up about 5%, over 42.97 billion yuan (429.7亿元)."""
    # 跨上…台阶, 迈过…大关: what is passed.
    about = _ABOUT_EN.get(fact.approx, "over " if fact.approx.endswith(("台阶", "关口", "大关")) else "")
    plain = _figure_en(fact)
    for word in ("up ", "down "):
        if plain.startswith(word):
            return f"{word}{about}{plain.removeprefix(word)}"
    return f"{about}{plain}"


def _figure_en(fact: Fact) -> str:
    """The bare figure, with the written one beside it where a scale changes."""
    if fact.measure is Measure.GROWTH:
        amount = f"{_decimal(abs(fact.value))}{'%' if fact.unit == '%' else ' ' + fact.unit}"
        return f"{'down' if fact.value < 0 else 'up'} {amount}" + (
            " on a comparable basis" if "可比" in fact.base else ""
        )
    if fact.unit in ("%", "个百分点", "百分点"):
        return f"{_decimal(fact.value)}{'%' if fact.unit == '%' else ' percentage points'}"
    units = load_units()
    rest, factor = fact.unit, Decimal(1)
    for symbol in sorted(units.multipliers, key=len, reverse=True):
        if rest.startswith(symbol) and rest not in units.prefixed:
            rest, factor = rest[len(symbol) :], units.multipliers[symbol]
            break
    known = units.symbols.get(rest)
    noun = known.english[1] if known and len(known.english) > 1 else rest
    plain = fact.value * factor
    beside = f" ({fact.written})" if written_zh(fact) == fact.written else ""
    if factor == 1 and plain < 10**7:
        return f"{_decimal(plain)} {noun}".strip()
    for size, word in ((10**12, "trillion"), (10**9, "billion"), (10**6, "million")):
        if plain >= size:
            return f"{_decimal(plain / size)} {word} {noun}{beside}"
    return f"{plain:,.0f} {noun}{beside}" if plain == plain.to_integral() else f"{_decimal(plain)} {noun}{beside}"


def statement_en(facts: Sequence[Fact]) -> str:
    first = facts[0]
    name = indicator_en(first.canonical) if first.canonical else first.indicator
    status = {Status.ACTUAL: "", Status.ESTIMATE: " (estimate)", Status.TARGET: " (target, not a result)"}[first.status]
    place = region_en(first.region)
    when = period_en(first.period)
    name = name.upper() if len(name) <= 4 and " " not in name else name
    lead = f"{name[:1].upper()}{name[1:]}" + (
        f" ({first.indicator})" if first.canonical and name != first.indicator else ""
    )
    return f"{lead} of {place} in {when}{status}: {', '.join(figure_en(f) for f in facts)}"


def outstanding(fact: Fact, of: str, language: str, *, lowest: bool, falls: bool, gap: Calculation | None) -> str:
    """Which of several figures stands out: ``of`` says whether they differ in place, thing or time; ``gap`` by how much.

    ``falls``: the largest fall is meant and not the largest rate.
    """
    by = gap.formula.rsplit("= ", 1)[1] if gap is not None else ""
    if language == "en":
        name = {"place": region_en(fact.region), "thing": fact.indicator, "time": period_en(fact.period)}[of]
        most = ("Smallest fall" if lowest else "Largest fall") if falls else "Lowest" if lowest else "Highest"
        more = f", by {by} (calculated: {gap.formula})" if gap is not None else ""
        return f"{most}: {name} ({figure_en(fact)}){more}."
    name = {"place": fact.region or "", "thing": fact.indicator, "time": period_zh(fact.period)}[of]
    most = ("降幅最小" if lowest else "降幅最大") if falls else "最低" if lowest else "最高"
    more = f"，相差{by}（计算：{gap.formula}）" if gap is not None else ""
    return f"{name}{most}（{figure_zh(fact)}）{more}。"


def calculated(result: Calculation, period: Period | None, language: str) -> str:
    """A calculated figure with its formula: as a difference, a rate or a share."""
    fact = result.operands[0]
    if language == "en":
        place = region_en(fact.region)
        return f"{place}, {period_en(period)}: {result.value}{result.unit} (calculated: {result.formula})."
    lead = f"{period_zh(period)}，{fact.region or ''}"
    if not result.against:
        return f"{lead}{result.label}为{result.value}{result.unit}（计算：{result.formula}）。"
    then = period_zh(result.operands[1].period)
    if result.unit == "%":
        word = "下降" if result.value < 0 else "增长"
        return f"{lead}{fact.indicator}比{then}{word}{abs(result.value)}%（按两个报告数计算：{result.formula}）。"
    word = "少" if result.value < 0 else "多"
    return f"{lead}{fact.indicator}比{then}{word}{abs(result.value)}{result.unit}（计算：{result.formula}）。"


def equal(fact: Fact, names: Sequence[str | None], of: int, language: str, *, lowest: bool) -> str:
    """That several of the compared figures are the same, all of them or those that stand out."""
    told = [name for name in names if name]
    if language == "en":
        shown = ", ".join(region_en(name) for name in told)
        return (
            f"They are the same ({figure_en(fact)})." if len(names) == of else f"{shown} are equal ({figure_en(fact)})."
        )
    if len(names) == of:
        return f"{'两者' if of == 2 else '各项'}相同（{figure_zh(fact)}）。"
    return f"{'、'.join(told)}并列{'最低' if lowest else '最高'}（{figure_zh(fact)}）。"


def target_met(gap: Calculation, met: bool | None, language: str) -> str:
    """Whether a result met its target, with what lies between them."""
    amount = f"{abs(gap.value):f}".rstrip("0").rstrip(".") if "." in f"{gap.value:f}" else f"{abs(gap.value):f}"
    done, meant = gap.written
    if language == "en":
        verdict = {True: "Target met", False: "Target not met", None: "Just short of a target that is approximate"}[met]
        result, aim = map(figure_en, gap.operands)
        side = "equal to it" if not gap.value else "above it" if gap.value > 0 else "below it"
        return f"{verdict}: {result} against {aim}, {side} (calculated: {gap.formula})."
    verdict = {True: "完成了目标", False: "没有完成目标", None: "略低于“左右”的目标"}[met]
    side = "与目标相同" if not gap.value else f"{'高于' if gap.value > 0 else '低于'}目标{amount}{gap.unit}"
    return f"{verdict}：实际{done}，目标{meant}，{side}（计算：{gap.formula}）。"


def same_kind(facts: Sequence[Fact]) -> bool:
    """Whether figures can be put in order: one measure and one dimension."""
    return len({(f.measure, normalised(f.value, f.unit)[1]) for f in facts}) == 1
