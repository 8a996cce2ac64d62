"""Places in a row: 增速居全国第3位."""

from __future__ import annotations

from index.figures.carry import Carry, Read, Reading
from index.figures.clauses import Context
from index.figures.nouns import verbless
from index.rules import Rule
from index.words.fragments import HAN, LETTERS, any_word
from index.words.lexicon import load_wording
from index.words.numbers import Figure

_RANK_VERBS = load_wording().pattern("rank_verbs").pattern
_RANK_SCOPES = load_wording().pattern("rank_scopes").pattern
_IN_A_ROW_OR_ALL = (
    r"(?:均|都|分别|继续|持续|一直|始终|再次|首次|已|并|连续(?:\d+|[一二两三四五六七八九十]+)[年次个届季度月]+|历史性)*"
)
_RANKED = Rule(
    "figures.ranks.ranked",
    rf"{_IN_A_ROW_OR_ALL}(?:(?:{_RANK_VERBS})(?![民住车入为得]))+第?[{LETTERS}、]{{0,12}}$",
    takes=("水质考核⟦稳居全省⟧", "⟦首次跻身⟧"),
    leaves=("居民收入", "列车班次", "列入名录"),
    why="居民, 列车, 列入 and 列为 rank nothing.",
)
_RANK_TAIL = Rule(
    "figures.ranks.rank_tail",
    rf"{_IN_A_ROW_OR_ALL}(?:{_RANK_SCOPES}){HAN}{{0,4}}$",
    takes=("治水考核⟦连续三年全省⟧", "茶叶产量⟦全国⟧"),
    leaves=("治水考核位次",),
)


def is_place(figure: Figure, left: str = "") -> bool:
    """Whether a figure is a place in a row: 第3位, 首位, 前5位."""
    return figure.unit == "位" and (figure.written[0] in "第首榜" or left.endswith("前"))


_PLACE_IT_SET_OUT_FROM = Rule(
    "figures.ranks.place_it_set_out_from",
    rf"[从由]{HAN}{{0,6}}$",
    takes=("营商环境⟦由全省⟧", "⟦从⟧"),
    leaves=("稳居全省", "由第12位升至"),
)
_SCOPE_IT_SET_OUT_IN = Rule(
    "figures.ranks.scope_it_set_out_in",
    rf"(?:{_RANK_SCOPES})$",
    takes=("治水考核由⟦全省⟧",),
    leaves=("全省治水考核",),
)


def before_place(left: str) -> str:
    """The words before a place without those that only bring it in: 产量稳居全国 → 产量."""
    if _PLACE_IT_SET_OUT_FROM.search(left):
        return _SCOPE_IT_SET_OUT_IN.sub("", left)
    left = left.removesuffix("前")
    found = _RANKED.search(left) or _RANK_TAIL.search(left)
    words = _SCOPE_IT_SET_OUT_IN.sub("", left[: found.start()]) if found is not None else left
    return f"{words}分别" if found is not None and "分别" in found[0] else words


_PLACED_MEASURE = Rule(
    "figures.ranks.placed_measure",
    rf"{any_word('rate_names', 'totals')}$",
    takes=("茶叶⟦出口量⟧", "快递业务⟦规模⟧"),
    leaves=("产量全国",),
)


def read_place(context: Context, carry: Carry) -> Read | None:
    """A place is of what stands before it, of its rate (增速居全国第3位) or of what was told last."""
    if not (is_place(context.figure) or context.place):
        return None
    words = context.left
    measure = _PLACED_MEASURE.search(words)
    noun, carry = carry.named(verbless(words))
    # 全市垃圾分类测评位居第三 ranks the speaker among all districts, and not the city.
    carry = carry.scoped("")
    spoken_of = carry.topic.words
    if measure is not None and measure.start() == len(words) - len(words.lstrip("、,")):
        own = spoken_of.removesuffix(measure[0]) + measure[0]
        return Read(Reading(own) if spoken_of else None, carry)
    if measure is not None and noun:
        noun = noun.removesuffix(measure[0]) + measure[0]
    if context.respectively:
        return Read(Reading(context.respectively[0]), carry)
    if noun:
        _, carry = carry.remember(noun, context)
    own = noun or spoken_of
    return Read(Reading(own) if own else None, carry)
