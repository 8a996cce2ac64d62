"""What is to be told of the thing that is asked for: its level, its growth, its share, who said it."""

from __future__ import annotations

from collections.abc import Sequence

from index.rules import Rule
from rag.types import Wants
from rag.understand.words import either, load_asking

_SHARE = Rule(
    "understand.wants.share",
    r"相当于|占(?!地|用|据|有|领)",
    takes=("研发经费⟦占⟧生产总值多少",),
    leaves=("占地面积是多少",),
    why="占地, 占用, 占据 and the like tell no share.",
)
_RISEN = Rule(
    "understand.wants.risen",
    rf"(?<![比新增])(?:{either('moved_plainly')})[了掉]多少|多.了[多几]|(?<![造设和、及])(?:{either('moved_in_writing')})了?(?:多少|几)",
    takes=("床位⟦增加了多少⟧", "油价⟦便宜了多少⟧"),
    leaves=("新增了多少户",),
    why="比…多多少 and 新增 tell no rise of what was there.",
)
_BY_TENTHS = Rule(
    "understand.wants.by_tenths",
    rf"(?:{either('moved_plainly', 'moved_in_writing')})[了掉出]*(几成|百分之|[几多少个]+点)",
    takes=("快递比上年⟦多了几成⟧",),
    leaves=("土地多少亩", "占了百分之几"),
)
"""A rate of change in everyday words: however much there was, so many tenths more."""
_AND_GROWTH = Rule(
    "understand.wants.and_growth",
    rf"(?:多少|几)[^?]{{0,12}}[,、和及并;][^?]{{0,16}}(?:{either('rates')})|[和及与]其?(?:{either('rates')})|and (?:its |the )?(?:growth|rate)",
    takes=("产值⟦和增速⟧各是多少",),
    leaves=("产值是多少",),
)
_MORE_BY = Rule(
    "understand.wants.more_by",
    r"[多少高低快慢]了?(?:出来?)?(?:多少|几)",
    takes=("收入比上年⟦多出多少⟧",),
    leaves=("收入是多少",),
)
_NET = Rule(
    "understand.wants.net",
    r"净增加?了?多少",
    takes=("规上企业⟦净增多少⟧家",),
    leaves=("规上企业新增多少家",),
)
"""Over several years what there is in all at their end without what there was at their start."""
_AS_OF_A_TIME = Rule(
    "understand.wants.as_of_a_time",
    r"截[至止]|到[^,?]{0,6}底",
    takes=("⟦截至⟧2021年有多少户",),
    leaves=("2021年有多少户",),
)
_ON_YEARLY_AVERAGE = Rule(
    "understand.wants.on_yearly_average",
    rf"年均(?!{either('measured')})|{either('yearly')}",
    takes=("投资⟦年均⟧增长多少",),
    leaves=("年均气温是多少",),
    why="年均 of a temperature or a concentration is a level.",
)
_OF_RATES = frozenset({"%", "个百分点", "百分点", "倍"})


def wants_of(text: str, units: Sequence[str], *, places: int, compared: bool, spans: bool) -> Wants:
    """What is to be told. ``units`` are the asked ones, ``compared`` says that a time is compared with, ``spans`` that years together are asked for."""
    says = load_asking().says
    # 对经济增长的贡献率 is a level.
    moving = text.replace("增长的贡献", "").replace("增长贡献", "")
    growth = says("growth", moving) is not None or _BY_TENTHS.search(text) is not None
    both = growth and _AND_GROWTH.search(text) is not None
    amount = any(u not in _OF_RATES for u in units)
    return Wants(
        # "by how much" asks for no amount.
        level=not growth or both or amount or says("level", text.replace("by how much", "")) is not None,
        growth=growth,
        both=both,
        share=bool(says("share", text) or _SHARE.search(text)),
        change=places < 2 and says("change", text) is not None,
        rise=_rise(text, compared=compared, spans=spans),
        stock=says("stock", text) is not None,
        total="累计" in text,
        state=_AS_OF_A_TIME.search(text) is not None,
        yearly=_ON_YEARLY_AVERAGE.search(text) is not None,
        planned=bool(says("planned", text) or (says("decided", text) and not says("done", text))),
        speaker=says("speaker", text) is not None,
    )


def _rise(text: str, *, compared: bool, spans: bool) -> bool:
    """Whether it asks by how much a thing rose or fell."""
    return bool(
        _RISEN.search(text)
        or (compared and _MORE_BY.search(text))
        or (spans and (_NET.search(text) or _MORE_BY.search(text)))
    )


def direction_of(text: str) -> int:
    """+1 or -1 where a rise or a fall is taken for granted, else 0."""
    says = load_asking().says
    rises, falls = says("rise", text) is not None, says("fall", text) is not None
    if rises and falls and "负增长" not in text:
        # 生产增长不慢，收入反而下降了 takes both for granted, and of what each is said nobody knows; 负增长 is a fall.
        return 0
    return -1 if falls else int(rises)
