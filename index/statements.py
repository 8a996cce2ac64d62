"""One figure and the words beside it: what it measures of which subject.

The subject is carried from segment to segment: 固定资产投资完成429.7亿元，同比增长18.3% states two figures of one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from index.clauses import Segment
from index.lexicon import load_units, load_wording
from index.lists import before_respectively, says_respectively, subjects
from index.naming import canonical_of, patterns_of_reports, strip_lead
from index.numbers import Figure
from index.types import Measure, Period

_FROM = re.compile(r"(?:从|由|自)的?$")


_FROM_NEAR = re.compile(r"(?:从|由|自)[^,;、]{0,14}$")
_RISES_TO = re.compile(
    r"(?:增加|提高|上升|扩大|增长|减少|下降|降低|提升|压缩|缩短|拓展|发展|整合|调整|攀升|跃升|升|降|增|减)(?:了)?(?:到|至|为)"
)
_REACHED = re.compile(
    r"(?:提高|增加|增长|提升|上升|扩大|下降|减少|降低|缩短|压缩|压减|回升|攀升|跃升|降|增|升|缩减|发展|扩展)(?:了)?(?:到|至|为)$"
)


_COMPARED = re.compile(
    r"(?:比|较|与|同)(?:\d{4}年|上年|去年|上一年|前年|年初|上半年|一季度|全国|全市|全省|“?十[一二三四五]?五”?末?)(?:底|末|同期|平均水平|平均)?"
)


_OWN_RATE = re.compile(r"^(?:增速|增幅|降幅|涨幅|增长率|增长幅度)(?:$|(?:比|较|高于|低于|快于|慢于|高出|领先).*$)")


_OWN_RATE_END = re.compile(r"(?<=.)的?(?:增速|增幅|降幅|涨幅)(?:(?:高于|低于|快于|慢于|高出|好于|领先)[^,;、]{1,12})?$")


_ADDED = re.compile(r"(?:新增|净增|再增|增设|增开)(?:了|约|近|超)?$")


_IN_ALL = re.compile(r"累计|总数|总量|共有")


_AGAINST = re.compile(
    r"(?P<word>高于|低于|快于|慢于|高出|低出|好于|优于|领先|落后|领先于|落后于|跑赢)(?P<place>[^,;]{1,16})$"
    r"|(?:比|较)(?P<place2>[^,;]{1,16}?(?:水平|平均|均值|平均数|全国|全省|全市|全区|全县))(?P<word2>高|低|快|慢|多|少)(?:出)?(?:了|约|近)?$"
)
"""Before a gap in percentage points: 增速高于全市18.5个百分点."""
_BEHIND = frozenset({"低于", "慢于", "低出", "落后", "落后于", "低", "慢", "少"})
_AND = re.compile(r"、|和|及|与")


_SHARE = re.compile(
    r"(?:占(?!比)|相当于)(?P<whole>[^,;]{1,30}?)(?:的)?(?:比重|比例|比值|份额)?(?:已|就|约|近|超过?|达到?|为|是|提高到|上升到|提升到|下降到|提升至|提高至|上升至|升至|降至|突破)*$"
)


_GROWTH_UNITS = frozenset({"%", "倍", "成", "‰"})


_POINT_UNITS = frozenset({"个百分点", "百分点"})


_RATIO = re.compile(
    r"(?:占比|比重|所占比例)(?:已|就|约|近|超过?|达到?|为|是|提高到|上升到|提升到|下降到|提升至|提高至|上升至|升至|降至|突破)*$"
)


_SHARE_NAME = re.compile(r"占.+(?:比重|比例|份额)$|占比$")
_MIDDLE_VERB = re.compile(r"(?<=.)(?:完成|实现|达到|总投资|带动|投入|共设|设有|建有|配备|拥有)(?=.)")
_AFTER_NOUN = re.compile(r"^(?:的)?(?P<noun>(?:“[^”]{1,24}”|[\u4e00-\u9fffa-z0-9·]){2,})", re.IGNORECASE)
_HEDGE = re.compile(r"^(?:以上|以内|左右|余|多)(?:的)?(?=[\u4e00-\u9fff])")
_EXAMPLES = re.compile(r"^(?P<verb>.*?)(?P<names>[^,;]*(?:、|等)[^,;]*)$")
_OBJECT = re.compile(
    r"^(?P<verb>压减|压缩|压降|减少|削减|精简|降低|下调|调减|提高|增加|上调|上浮|提升)(?:了)?(?P<noun>[^,;、]{2,})$"
)
"""A verb of change with its object before a rate: 压减一般性支出10%."""
_RATE_WORD = re.compile(
    r"(?P<word>增速|增幅|涨幅|增长率|降幅|跌幅)(?:已|就|约|近|为|是|达到?|控制在|保持在|稳定在|维持在|回升至|回升到|提高到|提升到|回落至|回落到|收窄至|收窄到|收窄为)+$"
)
_NAMED_AMONG = re.compile(r".{2,}?等(?![级于待候])(?P<noun>[\u4e00-\u9fff]{2,})")
_IN_A_ROW = re.compile(r"(?:已)?连续(?:\d+|[两三四五六七八九十]+)(?:年|个月|个季度)")
_DOING = load_wording().pattern("doing_verbs", "plan_verbs")
_CARRIED_ON = re.compile(r"^(?:继续|持续|全面|加快|深入)*(?:实施|推进|开展|推动)")
_STAGES = load_wording().pattern("stages")
_GENERIC = load_wording().pattern("generic_measures")
_PREDICATE = load_wording().pattern("predicates")


TARGET_BEFORE = re.compile(
    r"(?:为|是|占|相当于|低于|高于|超过|超额完成|未完成|完成)?(?:了)?(?:全年|年度|年初|原定)(?:确定的?|既定的?|预期)?(?:目标|计划|任务)(?:数|值)?(?:的|为|是)?(?:增长|下降)?$"
)
TARGET_AFTER = re.compile(r"^.{0,6}(?:的)?(?:年度|年初)?(?:目标|任务|计划)")


MAX_INDICATOR = 40
"""Characters kept of an indicator's words; what is longer is no noun phrase."""


@dataclass(slots=True)
class Subject:
    """What the running sentence speaks of."""

    words: str = ""
    parts: tuple[str, ...] = ()
    given: int = 0
    """How many of ``parts`` have their figure."""
    start: int = 0
    scope: str = ""
    period: Period | None = None
    opened: bool = False
    """Whether a segment without figures named the period; it then holds for all that follow it."""
    label: str = ""
    lead: str = ""
    tail: str = ""
    tail_end: int = -1
    expected: str = ""
    """The subject whose level was an estimate: its growth in the next segment is one too."""
    group: int = -1
    verb: str = ""
    topic: str = ""
    """What a segment without figures spoke of: 在线新经济发展势头良好，上半年完成产值29.3亿元."""
    counted: bool = False
    """Whether the last level counted things (签约项目215个), whose amount may follow (总投资800亿元)."""
    owner: str = ""
    acted: bool = False
    meant: Period | None = None
    """The period of an aim that the stretch opened with (力争全年…) and that holds until something done is told."""
    times: list[Period] = field(default_factory=list)
    """Periods still to be given to the figures of a list: 一季度、上半年…分别下降7.4%、增长0.6%."""
    began: Period | None = None
    """Where a change over several years set out (由2020年的…), for this sentence."""
    ruling: Period | None = None
    """The time that opened a clause of a plan and holds until another is named."""
    reckoned: bool = False
    """Whether the stretch opened with an estimate's word (预计…)."""
    row: list[str] = field(default_factory=list)
    """Subjects of the statements that only a 、 parts: 国内游客4.16亿人次、入境游客936万人次，分别增长…"""
    sign: int = 1
    measure: Measure = Measure.LEVEL
    base: str = ""


Reading = tuple[str, Measure, int, str]


def against_each(left: str, figures: int) -> tuple[str, ...]:
    """Stretches as if each figure had its own: 增速分别高于全国、全省 gives 增速高于全国 and 增速高于全省."""
    gap = _AGAINST.search(left)
    if gap is None or figures < 2 or not gap["place"]:
        return ()
    places = [p for p in _AND.split(gap["place"]) if p]
    if len(places) != figures:
        return ()
    before = re.sub(r"(?:分别|均)$", "", left[: gap.start()])
    return tuple(f"{before}{gap['word']}{place}" for place in places)


def listed(left: str, subject: Subject, figures: int) -> tuple[str, ...]:
    """The subjects of a list: named before 分别 in this segment, or carried from the one before it.

    Without 分别 it is a list only where subjects and figures are equally many.
    """
    told = says_respectively(left)
    if figures < 2 and not told:
        return ()
    growth = patterns_of_reports().growth.search(left)
    words = before_respectively(left) if told else _verbless(left[: growth.start()] if growth else left)
    words = _OWN_RATE_END.sub("", words)
    words, scope = strip_lead(words)
    if len(words) < 2:
        if not subject.parts and told and len(subject.row) >= figures:
            subject.parts = tuple(subject.row[-figures:])
        return subject.parts if told or len(subject.parts) == figures else ()
    parts = subjects(words, figures)
    if len(parts) != figures and not (told and len(parts) > 1):
        return ()
    subject.parts, subject.scope = parts, scope
    return parts


def read_one(
    left: str,
    right: str,
    figure: Figure,
    subject: Subject,
    segment: Segment,
    respectively: tuple[str, ...],
) -> Reading | None:
    patterns = patterns_of_reports()
    if respectively and figure.unit in _GROWTH_UNITS and _SHARE_NAME.search(respectively[0]):
        # 甲产业、乙产业产值占规上工业比重分别达42.1%、52.1%
        own = _remember(respectively[0], subject, segment, respectively)
        subject.measure, subject.sign, subject.base = Measure.SHARE, 1, ""
        return own, Measure.SHARE, 1, ""
    if figure.unit in _GROWTH_UNITS and (share := _SHARE.search(left)) is not None:
        whole = strip_lead(share["whole"])[0]
        own = noun_of(left[: share.start()], subject)
        part = own or subject.words
        subject.measure, subject.sign = Measure.SHARE, 1
        return f"{part}占{whole}比重", Measure.SHARE, 1, ""
    if figure.unit in _GROWTH_UNITS and (ratio := _RATIO.search(left)) is not None:
        part = noun_of(left[: ratio.start()], subject) or subject.words
        subject.measure, subject.sign = Measure.SHARE, 1
        return (f"{part}占比", Measure.SHARE, 1, "") if part else None
    if _FROM.search(left) or (_FROM_NEAR.search(left) and _RISES_TO.match(right)):
        # 从2020年的3.68万亿元增长到…: the start of a change is a level of its own year.
        own = _remember(noun_of(_FROM_NEAR.sub("", left), subject), subject, segment, respectively)
        subject.measure, subject.sign, subject.base = Measure.LEVEL, 1, ""
        return (own, Measure.LEVEL, 1, "from") if own else None
    if figure.unit in _GROWTH_UNITS and not respectively:
        rate = _rate(left, subject, segment)
        if rate is not None:
            return rate
    growth = None if _REACHED.search(left) else patterns.growth.search(left)
    if growth is not None and figure.unit not in _GROWTH_UNITS | _POINT_UNITS and _makes(left[: growth.start()], right):
        # 新增和改造提升8600亩高标准农田: a verb before its object, and no rise of anything.
        return _read_level(left, right, figure, subject, segment, respectively)
    after = patterns.growth_after.match(right) if figure.unit in _GROWTH_UNITS | _POINT_UNITS else None
    if growth is not None and not _ADDED.search(left):
        sign = -1 if patterns.fall.search(growth["word"]) else 1
        words = noun_of(_verbless(left[: growth.start()]), subject)
        own = _remember(words, subject, segment, respectively)
        against = growth["base"] or _against(left)
        measure = Measure.GROWTH if figure.unit in _GROWTH_UNITS else Measure.CHANGE
        if re.search(r"(?:高于|低于|高出|快于|好于|领先)", left):
            measure = Measure.CHANGE
        subject.measure, subject.sign, subject.base = measure, sign, against
        return (own, measure, sign, against) if own else None
    if after is not None:
        sign = -1 if patterns.fall.match(after["word"]) else 1
        own = _remember(noun_of(_verbless(left), subject), subject, segment, respectively)
        measure = Measure.GROWTH if figure.unit in _GROWTH_UNITS else Measure.CHANGE
        subject.measure, subject.sign, subject.base = measure, sign, ""
        return (own, measure, sign, "") if own else None
    if figure.unit in _POINT_UNITS:
        gap = _AGAINST.search(left)
        words = left[: gap.start()] if gap else _verbless(left)
        words = re.sub(r"(?:分别|均|也|都)$", "", words)
        own = _remember(noun_of(words, subject), subject, segment, respectively)
        base = f"{gap['word'] or gap['word2']}{gap['place'] or gap['place2']}" if gap else ""
        sign = -1 if gap and (gap["word"] or gap["word2"]) in _BEHIND else 1
        subject.measure, subject.sign, subject.base = Measure.CHANGE, sign, base
        return (own, Measure.CHANGE, sign, base) if own else None
    return _read_level(left, right, figure, subject, segment, respectively)


def _rate(left: str, subject: Subject, segment: Segment) -> Reading | None:
    """A rate told by its name (涨幅控制在3.5%), by a verb before its object (压减支出10%), or going on with such a list."""
    named = _RATE_WORD.search(left)
    if named is not None:
        sign = -1 if named["word"] in ("降幅", "跌幅") else 1
        words = re.sub(patterns_of_reports().growth.pattern.removesuffix("$") + "$", "", left[: named.start()])
        own = _remember(noun_of(words, subject), subject, segment, ())
        base = "年均" if left[: named.start()].endswith("年均") else ""
        subject.measure, subject.sign, subject.base = Measure.GROWTH, sign, base
        return (own, Measure.GROWTH, sign, base) if own else None
    words, _ = strip_lead(left)
    acted = _OBJECT.match(re.sub(r"^(?:平均|累计|再|继续|全面|统一|分别)+", "", words))
    if acted is not None and _verbless(acted["noun"]) == acted["noun"]:
        sign = -1 if patterns_of_reports().fall.match(acted["verb"]) or acted["verb"] in ("下调", "调减") else 1
        thing = noun_of(acted["noun"], subject)
        own = _remember(thing if len(thing) > 2 else acted["verb"] + thing, subject, segment, ())
        subject.measure, subject.sign, subject.base, subject.acted = Measure.GROWTH, sign, "", True
        return (own, Measure.GROWTH, sign, "") if own else None
    goes_on = segment.opened_by == "、" and subject.acted and subject.measure is Measure.GROWTH
    if goes_on and words and _verbless(words) == words and patterns_of_reports().growth.search(words) is None:
        thing = noun_of(words, subject)
        short = re.match(r"压减|压缩|减少|精简|提高|增加", subject.words)
        own = _remember(thing if len(thing) > 2 or not short else short[0] + thing, subject, segment, ())
        return (own, Measure.GROWTH, subject.sign, "") if own else None
    subject.acted = False
    return None


def _makes(before: str, right: str) -> bool:
    """Whether words of change before a figure are a verb of doing: nothing stands before them but verbs, and an object follows."""
    words, _ = strip_lead(before)
    words = re.sub(r"[和、及并]", "", words)
    rest = patterns_of_reports().list_verb.sub("", words)
    noun = _AFTER_NOUN.match(_HEDGE.sub("", right))
    return not rest and noun is not None and not re.match(r"(?:的)?(?:增长|下降|同比|达到|完成)", right)


def _read_level(
    left: str,
    right: str,
    figure: Figure,
    subject: Subject,
    segment: Segment,
    respectively: tuple[str, ...],
) -> Reading | None:
    if TARGET_AFTER.match(right) and subject.words and not respectively:
        # …10000户的旧改征收签约，超额完成年初确定的6000户目标: the target is of what was told before.
        measure = (
            Measure.GROWTH if subject.measure is Measure.GROWTH and figure.unit in _GROWTH_UNITS else Measure.LEVEL
        )
        return subject.words, measure, 1, ""
    if TARGET_BEFORE.search(left) and subject.words and not noun_of(TARGET_BEFORE.sub("", left), Subject()):
        # 实际使用外资3.86亿美元，为年度目标4.3亿美元的89.8%
        return subject.words, Measure.LEVEL, 1, ""
    left = _IN_A_ROW.sub("", left)
    bare = _verbless(_REACHED.sub("", left))
    verb = left[len(bare) :] or left
    words = noun_of(bare, subject)
    words = "" if _ADDED.fullmatch(words) else words
    added = _ADDED.search(words)
    if (
        added is not None
        and not respectively
        and not (_AFTER_NOUN.match(right) and not _without_verbs(words[: added.start()]))
    ):
        # 供热面积新增64万平方米，达到860万平方米: what was added, and then what there is.
        base = _remember(words[: added.start()], subject, segment, respectively)
        return f"新增{base}", Measure.LEVEL, 1, ""
    hedge = _HEDGE.match(right)
    noun = _AFTER_NOUN.match(right[hedge.end() :] if hedge else right)
    tail = ""
    subject.lead = left
    if (
        noun is not None
        and (hedge is not None or not patterns_of_reports().approx_after.match(right))
        and not re.match(r"(?:的)?(?:增长|下降|同比)", right)
    ):
        tail = re.sub(r"(?:以及|和|及|(?<!参)与)$", "", noun["noun"])
        verb_inside = _MIDDLE_VERB.search(tail)
        if verb_inside is not None:
            # 96个市重点项目完成投资152.4亿元: the noun belongs to both figures.
            tail = tail[: verb_inside.start()]
        else:
            subject.tail = right[: (hedge.end() if hedge else 0) + noun.start("noun")] + tail
    if tail and not words:
        # 在全市率先开展…，完成78台…: whose it is was said of what went before.
        subject.scope = ""
    if tail and not respectively:
        plain = _without_examples(words)
        if not plain and words and canonical_of(tail) is not None:
            # 甲大学、乙学院等6所高校实现招生: six of the universities, and not how many there are.
            plain = words
        lead = plain if plain else (verb if len(verb) <= 8 and not words else "")
        words = f"{lead}{tail}"
    among = left.lstrip().startswith("其中")
    no_verb = bare == left or among
    if (
        words
        and (segment.opened_by == "、" or among)
        and subject.verb
        and patterns_of_reports().list_verb.match(words) is None
        and no_verb
    ):
        # 新增养老床位893张、社区长者食堂6个, 新设市场主体3.28万户，其中企业2.75万户: the verb holds for every item.
        words = subject.verb + words
    if words and not tail and not respectively and subject.words and segment.opened_by in (",", "、"):
        # 新开工保障性安居工程666万套，基本建成544万套; 出让20个、开工20个: a stage of what was told before.
        stage = _STAGES.fullmatch(re.sub(r"^(?:基本|已|累计|再|全部)+", "", words))
        if stage is not None:
            words = _without_stage(subject.words) + stage[0]
    if words and not respectively and segment.opened_by in (",", "、") and _GENERIC.fullmatch(words):
        # 签约项目215个、总投资超过800亿元; 在线新经济势头良好，完成产值29.3亿元
        if subject.counted and subject.words and segment.group == subject.group:
            words = _without_verbs(subject.words) + words
        elif subject.topic:
            words = subject.topic + words
    if not tail and not respectively and words and not _without_verbs(words):
        # 继续实施退耕还林还草，今年拟安排500万亩: a verb alone is of what was spoken of before.
        words = subject.topic if subject.topic else words
    if not words and not respectively and subject.topic and not subject.words:
        words = subject.topic
    if not words and _ADDED.search(left) and subject.words and not respectively:
        # 高新技术企业达到312家，净增58家: what was added is not how many there are.
        return f"新增{subject.words}", Measure.LEVEL, 1, ""
    if not words and _IN_ALL.search(left) and subject.verb and subject.words.startswith(subject.verb):
        # 新增公园127座，累计达到1100座: what there is in all was not added.
        words = subject.words.removeprefix(subject.verb)
    bare_pair = (
        0 < len(words) <= 2 and not tail and subject.words and segment.opened_by in (",", "、") and not respectively
    )
    if bare_pair and not among and canonical_of(words) is None:
        # …交易1025项，金额225.6亿元: two letters name nothing by themselves.
        words = subject.words + words
    own = _remember(words, subject, segment, respectively)
    if segment.opened_by != "、" and not among:
        new = patterns_of_reports().list_verb.match(left.strip())
        subject.verb = new[0] if new else ""
    subject.row.append(own)
    known = load_units().symbols.get(figure.unit)
    subject.counted = known is not None and known.dimension == "count" and figure.unit not in _PEOPLE
    subject.measure, subject.sign, subject.base = Measure.LEVEL, 1, ""
    return (own, Measure.LEVEL, 1, "") if own else None


_PEOPLE = frozenset({"人", "名", "户", "万人", "人次", "万人次", "人口"})


def _after_examples(words: str) -> str:
    """新开办新城实验中学等优质学校 → 新开办优质学校: examples before 等 narrow nothing."""
    found = _NAMED_AMONG.fullmatch(words)
    if found is None:
        return words
    verb = re.match(rf"(?:{patterns_of_reports().list_verb.pattern}|{_DOING.pattern})+", words)
    if verb is None and canonical_of(found["noun"]) is not None:
        return words
    return (verb[0] if verb else "") + found["noun"]


def _without_examples(words: str) -> str:
    """The verb alone where names of examples stand between it and the figure: 启用安亭医院新院等 → 启用."""
    if not re.search(r"等$|、", words) or ("“" in words and not words.endswith("等")):
        return words
    verb = re.match(rf"(?:{patterns_of_reports().list_verb.pattern}|{_DOING.pattern})+", words)
    return verb[0] if verb else ""


def _without_verbs(words: str) -> str:
    return re.sub(rf"^(?:累计|{patterns_of_reports().list_verb.pattern}|{_DOING.pattern}|和|及|并|、)+", "", words)


def _without_stage(words: str) -> str:
    """What went through a stage: 新开工保障性安居工程 and 保障性安居工程开工 → 保障性安居工程."""
    base = re.sub(rf"(?:{_STAGES.pattern})$", "", words)
    return re.sub(rf"^(?:新|已)?(?:{_STAGES.pattern})", "", base) or base


_ZONE = re.compile(
    r"^(?P<place>[\u4e00-\u9fff]{2,8}?(?:工业园区|产业园区|经济技术开发区|经济开发区|经开区|开发区|高新区|工业园|产业园|科技园|保税区|景区|园区|街道|镇))(?=[\u4e00-\u9fff]{2,})"
)
_NO_ZONE = re.compile(
    r"^(?:国家|省级|市级|区级|县级|自治区|全|各|新|重点|特色|级|推进|推动|加快|支持|[一二三四五六七八九十两])|[省市县国区]级|(?:城|乡|村|小|集)镇$|、|和"
)


def owner_of(words: str) -> str:
    """The park, zone or town that a stretch without figures begins with, "" if none."""
    found = _ZONE.match(strip_lead(words)[0])
    return found["place"] if found is not None and not _NO_ZONE.search(found["place"]) else ""


def topic_of(words: str, subject: Subject) -> str:
    """What a stretch without figures speaks of, if a predicate says how it does: X发展势头良好, or a verb has it as object."""
    scope = subject.scope
    plain = strip_lead(words)[0]
    at = _PREDICATE.search(plain)
    if at is not None and 2 <= at.start() <= 24:
        noun = plain[: at.start()]
    else:
        verb = _CARRIED_ON.match(plain)
        noun = plain[verb.end() :] if verb is not None else ""
    subject.scope = scope
    return noun if 2 <= len(noun) <= 24 and not re.search(r"[、,“”()]", noun) else ""


def _remember(words: str, subject: Subject, segment: Segment, respectively: tuple[str, ...]) -> str:
    """Take the words as the new subject, or go on with the last one where there are none."""
    if respectively:
        if says_respectively(words) or words:
            subject.start = segment.span.start
        subject.words = respectively[0]
        return respectively[0]
    if words:
        subject.words, subject.parts, subject.start = words, (), segment.span.start
        return words
    if segment.opened_by == "、" and 0 < subject.given < len(subject.parts):
        # A、B分别增长2.3%、下降4.6%: the second thing of the list with a word of its own.
        subject.given += 1
        return subject.parts[subject.given - 1]
    return subject.words


def _verbless(left: str) -> str:
    return patterns_of_reports().verbs.sub("", left)


def _against(left: str) -> str:
    match = re.search(r"(?:比|较|高于|低于|快于)[^,;]{1,12}$", left)
    return match[0] if match else ""


def noun_of(left: str, subject: Subject) -> str:
    """The words of a subject without scope words, connectives, verbs and comparisons around it."""
    words, scope = strip_lead(left)
    if words in load_wording().scopes:
        words, scope = "", words
        subject.scope = scope
    if words:
        subject.scope = scope
    words = _after_examples(words)
    if "(" in words and ")" not in words[words.rindex("(") :]:
        # 2000人(含重点产业1000人): only what stands inside the bracket is meant.
        words = re.sub(r"^(?:其中|含|包括|包含)+", "", words[words.rindex("(") + 1 :])
    words = re.sub(r"^[”’)\]的]+|[“‘(\[]+$", "", words.strip())
    words = _COMPARED.sub("", words)
    words = re.sub(
        r"(?:同比|可比|年均|平均|增速|增幅|降幅|涨幅)+$", lambda m: m[0] if len(words) <= len(m[0]) else "", words
    )
    # 增速高于全市18.5个百分点, 降幅较上半年收窄: the rate is the last subject's, not a thing of its own.
    return "" if _OWN_RATE.match(words) else words[-MAX_INDICATOR:]
