"""What the lines above a table say of all its figures: of when, whose, in which unit and prices, of which account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index.outline.tabular.columns import says, status_of, times_told, unit_told, without_times
from index.outline.tabular.owners import own_account, place_of_caption
from index.rules import Rule
from index.text.cleaning import View, clean
from index.types import Measure, Period, Status
from index.words.fragments import COUNTING, HAN
from index.words.lexicon import load_wording
from index.words.periods import Clock

_NUMBERED = Rule(
    "outline.captions.numbered",
    rf"^(?:附?表\s*[\d{COUNTING}]+(?:[-.]\d+)?|附[件表]|续表)[\s:.、]*|\([^()]*\)",
    takes=("⟦表1 ⟧主要指标", "⟦附表7⟧", "主要指标⟦(单位:万元)⟧"),
    leaves=("主要指标表1份",),
)
_DIVIDED = Rule(
    "outline.captions.divided",
    rf"^[分按]{HAN}{{2}}(?:分类)?",
    takes=("⟦分行业⟧固定资产投资", "⟦按商品分类⟧限额以上零售额"),
    leaves=("固定资产投资",),
)
_TELLING = 3
"""Characters of an account by which a name shows that it is of it: 政府性基金 by 政府性."""


@dataclass(frozen=True, slots=True)
class Caption:
    """What holds for all figures of a table; "" and None are what the lines above it do not say."""

    clock: Clock
    period: Period | None = None
    place: str = ""
    unit: str = ""
    measure: Measure = Measure.LEVEL
    """What figures in % are, where their heads do not say it."""
    status: Status | None = None
    noun: str = ""
    account: str = ""
    own: str = ""
    basis: str = ""

    def account_of(self, name: str) -> str:
        """What a name lacks of the account that its table is of; 一般公共预算 is meant where only a total is named."""
        if name.endswith("合计") or says(self.account, "table_accounts"):
            return "" if self.account[:_TELLING] in name else self.account
        return ""


def caption_of(lines: Sequence[str], clock: Clock) -> Caption:
    """Read the lines above a table, the nearest last; what several say the nearest of them holds."""
    told = Caption(clock)
    texts = [clean(View.of(line)).text.strip() for line in lines]
    joined = " ".join(texts)
    titles = [words for words in (_NUMBERED.sub("", text).strip() for text in texts) if words and "单位" not in words]
    title = next((words for words in reversed(titles) if not words.startswith(("比", "较"))), "")
    times = next((t for text in reversed(texts) if (t := times_told(text, clock))), [])
    period = times[-1].period if times else None
    if period is not None and period.length == 12:
        clock = Clock(period.last_year, period.last_year)
    words = without_times(title, clock).strip()
    place = place_of_caption(words)
    rate = says(joined, "table_rates")
    measure = Measure.GROWTH if rate else Measure.SHARE if says(joined, "table_shares") else told.measure
    unit = next((u for text in reversed(texts) if (u := unit_told(text))), "")
    rest = words.removeprefix(place).strip()
    return Caption(
        clock, period, place, unit, measure, _status(title), _noun(rest),
        _first(title, "table_accounts", "table_budgets"), own_account(rest), _first(joined, "table_bases"),
    )  # fmt: skip


def _first(words: str, *lists: str) -> str:
    match = load_wording().pattern(*lists).search(words)
    return match[0] if match is not None else ""


def _status(title: str) -> Status | None:
    """Whether a whole table is of plans: 2026年主要预期目标; a budget's heads say it themselves."""
    return Status.TARGET if status_of(title) is Status.TARGET and "预算" not in title else None


def _noun(words: str) -> str:
    """What a table tells of its rows, by its caption: 分行业固定资产投资增长速度 → 固定资产投资."""
    noun = _DIVIDED.sub("", words).replace(" ", "")
    tail, last = load_wording().pattern("table_tails"), ""
    while noun and noun != last:
        last = noun
        cuts = [m for m in tail.finditer(noun) if m.end() == len(noun)]
        noun = noun[: cuts[0].start()] if cuts else noun
    if "产量" in noun:
        return "产量"
    return noun if len(noun) > 1 else ""
