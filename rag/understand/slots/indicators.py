"""The indicators of the vocabulary that a question names."""

from __future__ import annotations

from dataclasses import dataclass

from index.rules import Rule
from index.types import Span
from index.words.fragments import HAN
from index.words.lexicon import IndicatorMention, Indicators, content_words, load_indicators
from rag.understand.asked import blanked
from rag.understand.language import language_of
from rag.understand.slots.terms import BRACKETS, IN_REAL_TERMS
from rag.understand.words import either

_ANY_HAN = Rule(
    "understand.indicators.any_han",
    rf"{HAN}",
    takes=("⟦粮⟧食",),
    leaves=("gdp",),
)


_INSIDE = Rule(
    "understand.indicators.inside",
    rf"[\s,]*(?:其中|(?:{either('inside')})(?!{either('no_inside')}))[的,有是\s]*",
    takes=("粮食产量⟦里面的⟧小麦", "投资⟦,其中⟧民间投资"),
    leaves=("收入中央补助",),
    why="中央 and 中心 begin another word.",
)


_OF_THE_WHOLE = frozenset("外哪谁")


@dataclass(frozen=True, slots=True)
class Whole:
    """A thing of which a part is asked, by its name; ``span`` are its words and what joins them to the part."""

    name: str
    span: Span


def whole_of_part(text: str) -> Whole | None:
    """The whole of which only a part is asked (粮食产量里小麦多少); None where there is none."""
    for mention in load_indicators().asked_in(text):
        joint = _INSIDE.match(text, mention.span.end)
        # Of what is left out (收入中税收以外的部分), and of which of its parts it is (哪个最高), the whole is asked too.
        if (
            joint is not None
            and len(_ANY_HAN.findall(text[joint.end() :])) > 1
            and not _OF_THE_WHOLE & set(text[joint.end() :])
        ):
            return Whole(mention.indicator.name, Span(mention.span.start, joint.end()))
    return None


def indicators_of(open_text: str, terms: str, part: str) -> list[IndicatorMention]:
    """The names in what is left of the question; of a part that is asked for alone only those in it."""
    # (个体户和公司都算上) is an aside.
    plain = BRACKETS.sub(blanked, IN_REAL_TERMS.sub(blanked, open_text))
    found = [m for m in _named_in(plain, load_indicators()) if not plain.startswith(_CONTRIBUTED_TO, m.span.end)]
    return _not_only_asking(terms, [m for m in found if m.surface in part] if part else found)


_CONTRIBUTED_TO = ("的贡献", "贡献")
"""Behind what something contributes to (对经济增长的贡献率): the thing that is asked is the contribution."""


def _named_in(text: str, lexicon: Indicators) -> list[IndicatorMention]:
    found = lexicon.asked_in(text) or _across(text, lexicon)
    if language_of(text, "auto") != "en":
        return found
    scattered = lexicon.asked_by_words(text)
    # The name with more words is the surer one: "industrial enterprises" stands inside the name of their output.
    if scattered is not None and scattered.words > max((content_words(m.surface) for m in found), default=0):
        start = len(text) - len(text.lstrip())
        return [IndicatorMention(scattered.indicator, Span(start, len(text.rstrip())), text.strip())]
    return found


def _across(text: str, lexicon: Indicators) -> list[IndicatorMention]:
    """Names that 的 or an aside parts: 农村居民的人均纯收入, 农民(农村居民)人均纯收入 with the aside blanked."""
    kept = [n for n, letter in enumerate(text) if letter not in "的 "]
    joined_text = "".join(text[n] for n in kept)
    return [
        IndicatorMention(m.indicator, Span(kept[m.span.start], kept[m.span.end - 1] + 1), m.surface)
        for m in lexicon.asked_in(joined_text)
        # Words that a space parts are words of their own, unless an aside stood there.
        if "  " in text[kept[m.span.start] : kept[m.span.end - 1] + 1]
        or " " not in text[kept[m.span.start] : kept[m.span.end - 1] + 1]
    ]


def _not_only_asking(terms: str, indicators: list[IndicatorMention]) -> list[IndicatorMention]:
    """Without names that are only words of asking where something else is asked for: 工程技术人员有多少人 asks for no population."""
    said = [m for m in indicators if any(m.surface[:n] in terms for n in range(len(m.surface), 1, -1))]
    return said if len(_ANY_HAN.findall(terms)) > 1 else indicators
