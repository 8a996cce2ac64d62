"""Lists in which each of several subjects has its own figure: A、B分别增长3.9%、2.5%."""

from __future__ import annotations

from dataclasses import replace

from index.figures.carry import Carry
from index.figures.clauses import without_start
from index.figures.lists import PER_HEAD, after_respectively, before_respectively, says_respectively, subjects
from index.figures.nouns import is_place_alone, says_not_whose, thing_told, verbless, without_measure, without_number
from index.figures.readers.gaps import goes_against
from index.rules import At, Rule
from index.words.fragments import HAN, any_word
from index.words.lexicon import load_wording
from index.words.naming import patterns_of_reports, strip_lead

_AND = Rule(
    "figures.listed.and",
    r"、|[和及]|与",
    takes=("全省⟦、⟧全市", "全国⟦和⟧全省"),
    leaves=("全省平均",),
)


def against_each(left: str, figures: int) -> tuple[str, ...]:
    """Stretches as if each figure had its own: 增速分别高于全国、全省 gives 增速高于全国 and 增速高于全省."""
    gap = goes_against(left)
    if gap is None or figures < 2 or not gap["place"]:
        return ()
    places = [p for p in _AND.split(gap["place"]) if p]
    if len(places) != figures:
        return ()
    return tuple(f"{left[: gap.start()]}{gap['word']}{place}" for place in places)


_OWN_RATE_END = Rule(
    "figures.listed.own_rate_end",
    rf"(?<=.)的?{any_word('rate_names')}(?:{any_word('gaps')}[^,;、]{{1,12}})?$",
    takes=("社会用电量⟦增速高于全省⟧", "煤价⟦的涨幅⟧"),
    leaves=("增速", "增速目标"),
)
_LEVEL_LEAD = Rule(
    "figures.listed.level_lead",
    rf"^(?:{load_wording().pattern('level_verbs').pattern}|累计|共)+",
    takes=("⟦累计完成⟧造林面积", "⟦提高到⟧每月"),
    leaves=("造林完成",),
)
_HAN_ONLY = Rule(
    "figures.listed.han_only",
    rf"{HAN}+",
    takes=("⟦外贸进出口额⟧",),
    leaves=("外贸10强产值", "产值、利润"),
    at=At.WHOLE,
)


def listed(left: str, carry: Carry, figures: int) -> tuple[tuple[str, ...], Carry]:
    """The subjects of a list: named before 分别 in this segment, or carried from the one before it.

    Without 分别 it is a list only where subjects and figures are equally many.
    """
    told = says_respectively(left)
    if figures < 2 and not told:
        return (), carry
    growth = patterns_of_reports().growth.search(left)
    words = verbless(before_respectively(left)) if told else verbless(left[: growth.start()] if growth else left)
    words, scope = strip_lead(without_start(_OWN_RATE_END.sub("", words)))
    if len(words) < 2:
        parts = carry.listing.parts
        if not parts and (parts := _carried(carry, figures, told=told, grows=growth is not None)):
            carry = replace(carry, listing=replace(carry.listing, parts=parts))
        return parts if told or len(parts) == figures else (), carry
    parts = subjects(words, figures)
    if told and growth is None:
        parts = _with_what_is_behind(parts, left, carry.topic.words)
    if len(parts) != figures and not (told and len(parts) > 1):
        return (), carry
    parts = _with_owner(parts)
    return parts, replace(carry, listing=replace(carry.listing, parts=parts)).scoped(scope)


def _carried(carry: Carry, figures: int, *, told: bool, grows: bool) -> tuple[str, ...]:
    """The subjects that the stretch before named, where this one names none."""
    row = carry.listing.row
    if told and carry.heard.several and len(row) < figures:
        # 农村居民人均纯收入和城镇居民人均可支配收入，2000年分别达到2253元和6280元
        spoken = subjects(strip_lead(carry.heard.several)[0], figures)
        return spoken if len(spoken) == figures else ()
    return row[-figures:] if (told or grows) and len(row) >= figures else ()


def _with_what_is_behind(parts: tuple[str, ...], left: str, spoken_of: str) -> tuple[str, ...]:
    """The subjects with the deed or the measure that stands behind 分别 and is of all of them."""
    if len(parts) < 2:
        return parts
    measure = _measure_behind(left)
    if not measure and spoken_of and all(map(is_place_alone, parts)):
        # 完成改造5210亩，甲镇、乙镇、丙镇分别完成1380亩、960亩和845亩: places of what was told before.
        measure = thing_told(spoken_of)
    # 甲镇、乙镇分别完成规模以上工业产值76.3亿元、88.9亿元
    return tuple(part.removesuffix(measure) + measure for part in parts)


def _measure_behind(left: str) -> str:
    """The measure between 分别 and the first figure (分别完成工业产值), "" where there is none."""
    words = PER_HEAD.sub("", without_start(_LEVEL_LEAD.sub("", after_respectively(left))))
    plain = verbless(words)
    return words if 2 <= len(words) <= 14 and plain == words and _HAN_ONLY.fullmatch(words) else ""


def _with_owner(parts: tuple[str, ...]) -> tuple[str, ...]:
    """省属企业营业收入、利润分别增长: a measure that says not whose it is has the first one's owner."""
    first = parts[0] if parts else ""
    owner = without_number(without_measure(first))
    if owner == first or len(owner) < 2:
        return parts
    return tuple(owner + p if says_not_whose(p) else p for p in parts)
