"""The questions of the benchmark of growth, by kind; the same for every size, about places that every size holds."""

from __future__ import annotations

import random
from collections.abc import Sequence

from benchmarks.scale.variants import Variant

KINDS = {
    "value": "{year}年{place}{thing}是多少",
    "growth": "{year}年{place}{thing}增长多少",
    "series": "{place}{before}年到{year}年{thing}",
    "reason": "{year}年{place}为什么要{doing}",
    "list": "{year}年{place}在{doing}方面做了哪些工作",
    "refused": "{year}年{place}鲸鱼养殖产量是多少",
    "no place": "{year}年哪个县的{thing}最高",
    "no time": "{place}{thing}是多少",
}
"""A question of each kind with its open slots."""
THINGS = ("地区生产总值", "固定资产投资", "一般公共预算收入", "社会消费品零售总额", "进出口总额", "居民人均可支配收入")
DOINGS = ("乡村振兴", "科技创新", "生态环境保护", "改善民生", "优化营商环境")


def questions(held: Sequence[Variant], each: int) -> list[tuple[str, str]]:
    """(kind, question): so many of each kind, about places and years that are held."""
    drawn = random.Random(16)
    asked: list[tuple[str, str]] = []
    for kind, form in KINDS.items():
        for _ in range(each):
            one = drawn.choice(held)
            slots = {"year": one.year, "before": one.year - 4, "place": one.place}
            text = form.format(**slots, thing=drawn.choice(THINGS), doing=drawn.choice(DOINGS))
            asked.append((kind, text))
    return asked
