"""What kind of answer a question wants, and whether it asks for a target or for what was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from index.rules import Rule
from index.types import Period, Span, Status
from index.words.fragments import HAN
from rag.types import QuestionKind
from rag.understand.asked import blank
from rag.understand.words import either, load_asking

_PLAN_NAME = Rule(
    "understand.kind.plan_name",
    r"five[- ]year plan(?: period)?",
    takes=("the 14th ⟦five-year plan period⟧",),
    leaves=("the annual plan",),
)
"""A name that holds a word of targets."""
_NAMED_PLAN = Rule(
    "understand.kind.programme",
    rf"{HAN}{{2}}(?<!{either('plans_meant')})(?P<plan>计划)(?={either('programmes')}|$)",
    takes=("⟦助学计划⟧资助学生", "贫困儿童营养⟦改善计划⟧惠及"),
    leaves=("全年计划新增就业", "计划建成", "国家计划的实施"),
)
_WHICH_CAUSES = Rule(
    "understand.kind.which_causes",
    r"(?:哪[些几]个?|什么)[^,?]{0,6}(?:因素|原因)",
    takes=("取决于⟦哪些因素⟧",),
    leaves=("哪些镇受灾",),
)
_ASKS_AN_AMOUNT = Rule(
    "understand.kind.asks_an_amount",
    r"多少|(?<!哪)几(?!乎)",
    takes=("增长百分之⟦几⟧",),
    leaves=("增长最快的镇",),
)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the kind of a question is read from. ``periods`` stand as often as they are named."""

    text: str
    places: int
    periods: tuple[Period, ...]
    units: bool
    status: Status | None

    def says(self, *names: str) -> bool:
        """Whether it says a word of any of these lists."""
        return any(load_asking().says(name, self.text) for name in names)

    @property
    def different(self) -> set[Period]:
        return set(self.periods)

    @property
    def several(self) -> bool:
        return self.places > 1 or len(self.different) > 1

    @property
    def numeric(self) -> bool:
        """Whether a figure answers it."""
        return self.units or "多少" in self.text or self.says("growth", "level")


def kind_of(
    text: str, open_text: str, places: int, periods: Sequence[Period], units: Sequence[str]
) -> tuple[QuestionKind, Status | None]:
    """The kind of a question about so many places, and the status that it asks for if it does."""
    said = _PLAN_NAME.sub(" ", _without_plan_names(text, open_text))
    heard = _Heard(said, places, tuple(periods), bool(units), _status(said))
    return next(kind for kind, wanted in _IN_ORDER if wanted(heard)), heard.status


def _status(text: str) -> Status | None:
    says = load_asking().says
    # 主要建设 is not what is to be built.
    text = load_asking().patterns["no_intent"].sub(" ", text)
    if says("actual", text):
        return Status.ACTUAL
    return Status.TARGET if says("target", text) else None


def _without_plan_names(text: str, open_text: str) -> str:
    """The text without 计划 where it ends a name (学生营养改善计划) and says nothing of what is meant to be done."""
    for match in _NAMED_PLAN.finditer(open_text):
        text = blank(text, [Span(*match.span("plan"))])
    return text


def _explains(heard: _Heard) -> bool:
    return heard.says("explain") or _WHICH_CAUSES.search(heard.text) is not None


def _ranks(heard: _Heard) -> bool:
    return heard.says("rank") and (heard.places > 2 or heard.says("county", "province", "any"))


def _derives_from_spans(heard: _Heard) -> bool:
    """Two spans of years that end together are asked for what lies between their beginnings."""
    ends = {p.last_year for p in heard.periods}
    spans = len(heard.different) > 1 and all(p.length > 12 for p in heard.periods)
    return spans and len(ends) == 1 and heard.says("derive")


def _looks_up(heard: _Heard) -> bool:
    return not heard.numeric and heard.says("lookup")


def _asks_which(heard: _Heard) -> bool:
    which = "哪" in heard.text and not heard.numeric and not heard.several
    return which and not heard.says("rank", "compare")


_IN_ORDER: tuple[tuple[QuestionKind, Callable[[_Heard], bool]], ...] = (
    (QuestionKind.EXPLAIN, _explains),
    (QuestionKind.RANK, _ranks),
    (QuestionKind.COMPARE, lambda h: h.several and h.says("compare")),
    (QuestionKind.DERIVE, _derives_from_spans),
    (QuestionKind.SERIES, lambda h: len(h.different) > 1 or (h.places == 0 and h.says("series"))),
    (QuestionKind.LIST, lambda h: h.says("list") and not _ASKS_AN_AMOUNT.search(h.text)),
    (QuestionKind.LOOKUP, _looks_up),
    (QuestionKind.LIST, lambda h: not h.numeric and h.says("list")),
    (QuestionKind.LOOKUP, _asks_which),
    (QuestionKind.COMPARE, lambda h: h.places > 1),
    (QuestionKind.DERIVE, lambda h: h.says("derive") and any(p.length > 12 for p in h.periods)),
    (QuestionKind.TARGET, lambda h: h.status is Status.TARGET),
    (QuestionKind.GROWTH, lambda h: h.says("growth")),
    (QuestionKind.VALUE, lambda h: True),
)
"""The first whose words are there is the kind."""
