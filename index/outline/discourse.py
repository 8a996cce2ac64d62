"""What running text speaks of: a span of years that a sentence opens holds until another time is named."""

from __future__ import annotations

from dataclasses import dataclass

from index.outline.leaning import sounds_like_plans
from index.rules import At, Rule
from index.types import Period
from index.words.fragments import COUNTING, any_word
from index.words.periods import TimeMention

_TURN = Rule(
    "outline.discourse.turn",
    rf"^{any_word('turns_back')}",
    takes=("⟦与此同时⟧,我们也看到", "⟦各位代表⟧:"),
    leaves=("我们同时看到",),
    at=At.START,
)
_JUST_PAST = Rule(
    "outline.discourse.just_past",
    r"刚刚?过去的$",
    takes=("在⟦刚刚过去的⟧",),
    leaves=("过去的", "刚过去的日子"),
)
_OF_THE_PLAN = Rule(
    "outline.discourse.of_the_plan",
    rf"(?:《[^》]*(?:规划|纲要)[^》]*》[^。]{{0,24}}?{any_word('setting')}[^。]{{0,30}}?|(?:^|[,、])(?:今后|未来)五年[^。]{{0,12}}){any_word('aims')}",
    takes=("⟦《纲要(草案)》设置了29项主要指标⟧:", "全县⟦,今后五年的奋斗目标⟧是"),
    leaves=("落实《纲要》各项部署",),
)
OPENING = 60
"""Characters at the start of a sentence in which words for time govern all of it."""


@dataclass(slots=True)
class Discourse:
    """What was last spoken of, and where it was said."""

    default: Period | None
    latest: int | None
    """The last month the section's results reach, or None in a section of plans."""
    fallback: Period | None = None
    """What the section itself speaks of, where ``default`` was handed down to it."""
    current: Period | None = None
    planned: Period | None = None
    """The five-year plan that the document's own plans fall in."""

    opens_paragraph: bool = True
    """Whether the next sentence is the first of its paragraph."""
    led: bool = False
    """Whether ``current`` was named by the first sentence of a paragraph and so holds for more than this one."""

    def new_paragraph(self) -> None:
        """What a paragraph says in passing of several years ends with it; what its first sentence opens goes on.

        In a section of plans a look back ends with its paragraph.
        """
        spoken, usual = self.current, self.default
        back = self.latest is None and spoken is not None and usual is not None and spoken.last < usual.first
        if not self.led or back:
            self.current = None
        self.opens_paragraph = True

    def hear(self, text: str, times: list[TimeMention], *, calm: bool = False) -> Period | None:
        """The period of the next sentence, given the times it names; ``calm`` is a paragraph that leans to no plans."""
        first, self.opens_paragraph = self.opens_paragraph, False
        leading = next((t for t in times if not t.base and t.span.start <= OPENING and _opens(text, t)), None)
        if leading is not None:
            self._take_up(leading.period, text[: leading.span.start], first=first, calm=calm or not first)
            return leading.period
        if self.planned is not None and not self._plan_has_begun and _OF_THE_PLAN.search(text):
            # 《纲要（草案）》设置了29项主要指标: from here on the plan's years are spoken of.
            self.current, self.led = self.planned, True
            return self.planned
        if self._ends_what_was_spoken_of(text):
            self.current = None
        return self.current or self.default

    def _take_up(self, period: Period, before: str, *, first: bool, calm: bool) -> None:
        """Keep the period that a sentence opens with, where it reaches beyond the sentence."""
        # Only spans of several years do: “十三五”以来 opens a passage, 上半年 does not, and neither does a look ahead
        # in a passage of results.
        ahead = self.latest is not None and period.last > self.latest
        long = period.length > 12 and not ahead
        if long or (first and self._is_last_year(period)) or self._looks_back(period, calm=calm):
            # 刚刚过去的2025年 in a section on five years: the paragraph speaks of that year, and so do those behind it.
            self.current, self.led = period, first and (long or _JUST_PAST.search(before) is not None)
        elif self.current is None or not (self.current.is_year and period.within(self.current)):
            self.current, self.led = None, first
        if period == self.fallback:
            # 刚刚过去的2025年 ends what 五年来 had opened.
            self.default = self.fallback

    @property
    def _plan_has_begun(self) -> bool:
        return self.latest is not None and self.planned is not None and self.planned.first <= self.latest

    def _ends_what_was_spoken_of(self, text: str) -> bool:
        """Whether a sentence that opens with no time turns away from what those before it spoke of."""
        if self.current is None:
            return False
        if self._looks_back(self.current, calm=True) and sounds_like_plans(text):
            return True
        return not self.current.is_year and _TURN.match(text) is not None

    def _looks_back(self, period: Period, *, calm: bool) -> bool:
        """Whether a paragraph of a section of plans opens with a year that is over: 1986年是…取得显著成就的一年."""
        spoken = self.default
        return (
            self.latest is None and calm and period.is_year and spoken is not None and period.last == spoken.first - 1
        )

    def _is_last_year(self, period: Period) -> bool:
        """Whether a year is the last of the several years that the section looks back on."""
        spoken = self.default
        return (
            self.latest is not None
            and period.is_year
            and spoken is not None
            and spoken.length > 12
            and period.last == spoken.last
        )


_FIGURE_BEFORE = Rule(
    "outline.discourse.figure_before",
    r"\d[^,。]{0,6}$",
    takes=("办复率为⟦98.8%和⟧",),
    leaves=("新增项目12个,其中",),
    why="A time behind a figure of the same clause opens no sentence.",
)
_OPENERS = Rule(
    "outline.discourse.openers",
    rf"^(?:(?:这里|在此)?[还也]?{any_word('must')}?{any_word('mainly')}*{any_word('says')}(?:的是)?"
    rf"|各位(?:代表|委员)|[{COUNTING}]是|{any_word('opens_a_sentence')}|[“”,、:!])+",
    takes=("⟦各位代表,⟧随着", "⟦截至⟧6月底"),
    leaves=("全县截至6月底",),
)


def _opens(text: str, mention: TimeMention) -> bool:
    """Whether a time governs the sentence: before it stand only a salutation, a connective or a subject."""
    before = text[: mention.span.start]
    if _FIGURE_BEFORE.search(before):
        return False
    return len(_OPENERS.sub("", before)) <= 4
