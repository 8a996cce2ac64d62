"""What a why-question takes for granted, held against what the reports say: a rise that was a fall, a record that is none."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from index.rules import Rule
from index.store.snapshot import IndexSnapshot
from index.text.folding import fold
from index.types import Fact, Measure
from index.words.fragments import HAN
from rag.decide.derive import derive
from rag.decide.verdict import Found, Missing
from rag.types import Passage, Query, QuestionKind
from rag.understand.words import either, load_asking

_VOCABULARY = load_asking()

Find = Callable[[Query], list[Found | Missing]]

_RISES, _FALLS = "扩大|增加|上升|提高|增长|增多|上涨", "缩小|减少|下降|降低|收窄|下滑|减弱"
_GAPS = ("高于", "低于", "快于", "慢于", "高出", "低出", "好于", "领先", "落后")
_HAN = Rule(
    "decide.premises.han",
    rf"{HAN}{{2,}}",
    takes=("⟦地区生产总值⟧ 2023",),
    leaves=("gdp 2023",),
)
_RIGHT_BEHIND = 12
"""Characters behind a figure that still speak of it."""


def taken_for_granted(query: Query) -> int:
    """+1 where a question takes a rise for granted, -1 for a fall, 0 where it takes neither."""
    return query.direction or query.cues.granted


def contradicting_figure(query: Query, find: Find, snapshot: IndexSnapshot) -> Fact | None:
    """The figure that says the opposite of what a question takes for granted, None where none does."""
    direction = taken_for_granted(query)
    if not direction or not (query.thing.indicators or query.thing.terms):
        return None
    plain = replace(
        query,
        kind=QuestionKind.VALUE,
        thing=replace(query.thing, units=()),
        wants=replace(query.wants, growth=False, level=True, rise=False),
    )
    for asked in (
        replace(
            query,
            kind=QuestionKind.GROWTH,
            wants=replace(query.wants, growth=True, level=False),
            thing=replace(query.thing, units=()),
        ),
        replace(plain, time=replace(plain.time, bases=()), wants=replace(plain.wants, rise=True)),
    ):
        for fact in (f for cell in find(asked) if isinstance(cell, Found) for f in cell.facts):
            moved = fact.measure in (Measure.GROWTH, Measure.CHANGE) and fact.base[:2] not in _GAPS
            if moved and fact.value * direction < 0:
                return fact
    compared = (
        derive(replace(plain, wants=replace(plain.wants, rise=True)), find, snapshot) if query.time.bases else None
    )
    if compared is not None and compared.value * direction < 0:
        return compared.operands[0]
    for cell in find(replace(plain, time=replace(plain.time, bases=()))) if direction < 0 else ():
        if isinstance(cell, Found) and _at_its_height(cell.facts[0], snapshot):
            return cell.facts[0]
    return None


def _at_its_height(fact: Fact, snapshot: IndexSnapshot) -> bool:
    """Whether the sentence says right behind a figure that it is the highest so far, so that it did not fall."""
    behind = snapshot.sentences[fact.sentence].text.partition(fact.written)[2]
    return _VOCABULARY.says("at_its_height", fact.clause + behind[:_RIGHT_BEHIND]) is not None


_REASON = Rule(
    "decide.premises.reason",
    either("gives_reason", "lacks", "burdens"),
    takes=("主要⟦原因⟧是结构调整缓慢",),
    leaves=("结构调整加快",),
)


def speaks_of_fall_or_reason(text: str) -> bool:
    """Whether a sentence says that something fell, or why it may have."""
    return _VOCABULARY.says("fall", fold(text)) is not None or _REASON.search(text) is not None


_MOVEMENT = Rule(
    "decide.premises.movement",
    f"{_RISES}|{_FALLS}",
    takes=("生猪出栏大幅⟦减少⟧",),
    leaves=("生猪出栏量",),
)


def contradicts(query: Query, passage: Passage) -> bool:
    """Whether a sentence says of the asked thing that it moved the other way: 差距继续缩小 for 差距为什么扩大."""
    denied = query.cues.denied
    said = fold(passage.value.text)
    if denied and denied in said and not re.search(rf"[没未不无][^,。]{{0,3}}{denied}", said):
        # 为什么没能超过火电: it did.
        return True
    direction = taken_for_granted(query)
    words = _HAN.findall(_MOVEMENT.sub(" ", query.thing.terms))
    if not direction or not words:
        return False
    same, opposite = (_RISES, _FALLS) if direction > 0 else (_FALLS, _RISES)
    thing = re.escape(words[-1][-2:])
    text = fold(passage.value.text)
    told = re.search(rf"{thing}[^,;。]{{0,6}}?(?:{opposite})", text)
    return told is not None and re.search(rf"{thing}[^;。]{{0,20}}?(?:{same})", text) is None
