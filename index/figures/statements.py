"""One figure and the words beside it: what it measures of which subject, by the first reader that takes it.

The subject is carried from segment to segment: 固定资产投资完成429.7亿元，同比增长18.3% states two figures of one.
"""

from __future__ import annotations

from dataclasses import replace

from index.figures.carry import Carry, Read, Reader
from index.figures.clauses import Context
from index.figures.readers import rates
from index.figures.readers.gaps import AGAIN, AIMS, read_difference, read_points, without_mean
from index.figures.readers.levels import LEVELS, STARTS
from index.figures.readers.ranks import read_place
from index.figures.readers.shares import SHARES
from index.rules import Rule

_BECAUSE = Rule(
    "figures.statements.because",
    r"受[^,;、]{1,16}?影响|由[正负升降增跌]转[正负升降增涨][、,]?",
    takes=("⟦受持续干旱影响⟧减产", "出口⟦由负转正,⟧增长"),
    leaves=("影响力提升",),
)
"""Why a rate is what it is, or what it was before; no part of a name."""
_IN_REAL_TERMS = Rule(
    "figures.statements.in_real_terms",
    r"(?:扣除|剔除)[物价][价格](?:上涨)?(?:因素)?(?:的?影响)?(?:以后|[后外])?[,、]?(?:实际)?",
    takes=("⟦扣除价格因素实际⟧增长", "⟦剔除物价因素的影响后,⟧"),
    leaves=("扣除成本后",),
)
_NO_LESS = Rule(
    "figures.statements.no_less",
    r"不[低高少超小大多][于过]$",
    takes=("信贷投放⟦不少于⟧",),
    leaves=("不少农户",),
)
_DOUBLES = Rule(
    "figures.statements.doubles",
    r"翻了?$",
    takes=("农机总动力⟦翻了⟧", "产值⟦翻⟧"),
    leaves=("翻新道路",),
)

READERS: tuple[Reader, ...] = (
    *AGAIN,
    *SHARES,
    *rates.STARTS,
    *STARTS,
    read_place,
    *rates.RATES,
    *rates.GROWTH,
    read_points,
    read_difference,
    *AIMS,
    *LEVELS,
)
"""All ways to state a figure, the narrowest first; the last reader takes every figure."""


def read_one(context: Context, carry: Carry) -> Read:
    """What a figure states of which subject, by the words on both sides of it."""
    left = _plain(context)
    plain = context if left == context.left else replace(context, left=left)
    return next(read for reader in READERS if (read := reader(plain, carry)) is not None)


def _plain(context: Context) -> str:
    """The words before a figure, without what says why, how far or in which prices."""
    left = _IN_REAL_TERMS.sub("实际", _BECAUSE.sub("", _NO_LESS.sub("", context.left)))
    if context.figure.unit == "番":
        # 营业收入较2020年翻一番: a verb of growth that only this unit has.
        left = _DOUBLES.sub("增长", left)
    # 高于全市平均增速0.3个百分点
    return without_mean(left) if context.is_points else left
