"""One figure and the words beside it: what it measures of which subject.

The subject is carried from segment to segment: 固定资产投资完成429.7亿元，同比增长18.3% states two figures of one.
"""

from __future__ import annotations

import re

from index.figures.carry import (
    GENERIC,
    STAGES,
    Subject,
    noun_of,
    remember,
    verbless,
    without_examples,
    without_stage,
    without_verbs,
)
from index.figures.clauses import Segment
from index.figures.lists import (
    PER_HEAD,
    after_respectively,
    before_respectively,
    only_joins,
    says_respectively,
    subjects,
)
from index.rules import Rule
from index.text.folding import fold
from index.types import Measure
from index.words.lexicon import load_indicators, load_wording
from index.words.naming import canonical_of, normalised, patterns_of_reports, strip_lead
from index.words.numbers import Figure

_FROM = Rule("figures.statements.from", r"(?:从|由|(?<!来)自)的?$")


_FROM_NEAR = Rule("figures.statements.from_near", r"(?:从|由|(?<!来)自)[^,;、]{0,14}$")
_RISES_TO = Rule(
    "figures.statements.rises_to",
    r"(?:增加|提高|上升|扩大|增长|减少|下降|降低|提升|压缩|缩短|拓展|发展|整合|调整|攀升|跃升|回落|升|降|增|减)(?:了)?(?:到|至|为)",
)
_REACHED = Rule(
    "figures.statements.reached",
    r"(?:提高|增加|增长|提升|上升|扩大|下降|减少|降低|缩短|压缩|压减|回升|回落|攀升|跃升|降|增|升|缩减|发展|扩展|整合|优化|调整|精简|合并|归并|重组|升级|更新|壮大|拓展|扩容|扩增)+(?:了)?(?:到|至|为)$",
)


def goes_up_to(words: str) -> bool:
    """Whether words lead from the start of a change to its end: 增加到."""
    return _REACHED.fullmatch(words.strip()) is not None


_OWN_RATE_END = Rule(
    "figures.statements.own_rate_end",
    r"(?<=.)的?(?:增速|增幅|降幅|涨幅)(?:(?:高于|低于|快于|慢于|高出|好于|领先)[^,;、]{1,12})?$",
)


_ADDED = Rule("figures.statements.added", r"(?:新增|净增|再增|增设|增开)(?:了|约|近|超)?$")


_TOTAL = Rule("figures.statements.total", r"总数|总量|总规模|数量|存量|累计总数|总计")
_IN_ALL = Rule("figures.statements.in_all", r"累计|总数|总量|共有")


_AGAINST = Rule(
    "figures.statements.against",
    r"(?P<word>高于|低于|快于|慢于|高出|低出|好于(?!ⅲ|ⅱ|iii|ii|三类|二类)|优于(?!ⅲ|ⅱ|iii|ii|三类|二类)|领先|落后|领先于|落后于|跑赢)(?P<place>[^,;]{1,16})$"
    r"|(?:比|较)(?P<place2>[^,;]{1,16}?(?:水平|平均|均值|平均数|全国|全省|全市|全区|全县)|[^,;]{0,6}(?:去年|上年|前年|年初)[^,;]{0,4}?|[^,;]{1,6}(?:预算|预期|计划|目标|同期))(?P<word2>高|低|快|慢|多|少)(?:出)?(?:了|约|近)?$",
)
"""Before a gap in percentage points: 增速高于全市18.5个百分点."""
_BEHIND = frozenset({"低于", "慢于", "低出", "落后", "落后于", "低", "慢", "少"})
_AND = Rule("figures.statements.and", r"、|和|及|与")


_SHARE_VERBS = (
    r"(?:已经|已|就|约|近|超过?|达到?|达|为|是|连续\d+年|首次|均|都|大约|高达|仅|只|逐年|进一步|持续|稳步"
    r"|(?:提高|上升|提升|下降|降低|增加|减少|回升|扩大|升|降|增)(?:到|至|为)|(?:保持|稳定|控制|维持)在|突破|将|则|却|也|都|又|要|(?:从|由)的?)*$"
)
_SHARE = Rule(
    "figures.statements.share",
    rf"(?:占(?!比)|相当于)(?P<whole>[^,;]{{1,30}}?)(?:的)?(?:比重|比例|比值|份额)?(?:分别)?{_SHARE_VERBS}",
)


_GROWTH_UNITS = frozenset({"%", "倍", "成", "‰", "番"})


_POINT_UNITS = frozenset({"个百分点", "百分点"})
_LEVEL_LEAD = Rule("figures.statements.level_lead", rf"^(?:{load_wording().pattern('level_verbs').pattern}|累计|共)+")
_OF_RATES = Rule("figures.statements.of_rates", r"(?:平均)?(?:增速|增幅|增长率|增长水平|水平|平均数|平均)$")
_BECAUSE = Rule(
    "figures.statements.because", r"受[^,;、]{1,16}?影响|由(?:负转正|正转负|降转升|升转降|降转增|增转降|跌转涨)[、,]?"
)
"""Why a rate is what it is, or what it was before; no part of a name."""


_IN_REAL_TERMS = Rule(
    "figures.statements.in_real_terms",
    r"(?:扣除|剔除)(?:价格|物价|物价上涨|价格上涨)(?:因素)?(?:的?影响)?(?:以后|后|外)?[,、]?(?:实际)?",
)
_RATIO = Rule("figures.statements.ratio", rf"(?:占比|比重|所占比例){_SHARE_VERBS}")


_NO_LESS = Rule("figures.statements.no_less", r"(?:不低于|不高于|不少于|不超过|不小于|不大于|不多于)$")
_SHARE_NAME = Rule("figures.statements.share_name", r"占.+(?:比重|比例|份额)$|占比$")
_MIDDLE_VERB = Rule(
    "figures.statements.middle_verb",
    r"(?<=.)(?:完成|实现|达到|总投资|投入|共设|设置|设有|建有|配备|拥有|对(?=[\u4e00-\u9fff]{1,10}贡献))(?=.)",
)
_EFFECT = load_wording().pattern("effect_verbs")
_EFFECT_INSIDE = Rule("figures.statements.effect_inside", rf"(?<=.{{2}})(?:{_EFFECT.pattern})(?=.)")
_EFFECT_FIRST = Rule(
    "figures.statements.effect_first",
    rf"(?:直接|间接|累计|有效|共|预计|可|已|实际|共计)*(?P<verb>{_EFFECT.pattern})(?P<what>.*)",
)
_MEANS = Rule("figures.statements.means", r"(?:补贴|补助|专项|引导)?(?:资金|基金|补贴|消费券)(?:发放)?$")
_ANOTHER = Rule("figures.statements.another", r"(?<=[\u4e00-\u9fff”)])(?:以及|和|(?<![惠涉普])及|(?<!参)与|、)$")
_WON = Rule("figures.statements.won", r"新?(?:获批|获评|入选|落户|建立|开工|投产|开展|组建|设立|创建|形成|打造|布局)")
_DEED_AND = Rule(
    "figures.statements.deed_and",
    r"(?<=建设|改造|修缮|加固|培训|评估|整治)和(?=[\u4e00-\u9fff]{2})(?!.*(?:项目|工程|行动|任务|试点)$)",
)
_REACHING_OUT = Rule("figures.statements.reaching_out", r"(?:覆盖|涉及|惠及|辐射|包括|涵盖)[^,;]{0,6}$")
_SERIES = Rule(
    "figures.statements.series",
    r"^(?:的)?(?P<noun>(?:(?:“[^”]{1,16}”|[\u4e00-\u9fffa-z0-9]){1,12}、)+(?:“[^”]{1,16}”|[\u4e00-\u9fffa-z0-9]){1,12}等(?![级于待候])[\u4e00-\u9fff]{2,})",
    flags=re.IGNORECASE,
)
_SERVED = Rule("figures.statements.served", r"(?<=.{2})(?:免费提供|提供|开展|进行|发放|实施|配发|配备)(?=.)")
_AFTER_NOUN = Rule(
    "figures.statements.after_noun",
    r"^(?:的)?(?!等|和(?![美谐田])|及|与|并|人民币(?:[,;。、]|$))(?P<noun>(?=“|[\u4e00-\u9fffa-z0-9·]{2}|[区县市州镇村乡](?:[(,;。、和与]|$))(?:“[^”]{1,24}”|(?<=[县市州区村镇乡])\([\u4e00-\u9fff、]{1,8}\)|\([\u4e00-\u9fff、]{1,8}\)(?=[\u4e00-\u9fff])|[\u4e00-\u9fffa-z0-9·])+)",
    flags=re.IGNORECASE,
)
_HEDGE = Rule("figures.statements.hedge", r"^(?:以上|以内|左右|余|多)(?:的)?(?=[\u4e00-\u9fff])")
_DEEDS = Rule(
    "figures.statements.deeds",
    r"(?P<head>[\u4e00-\u9fff]{2,12}?)(?:建立|实行|推行|完善|健全|落实|强化|优化)[\u4e00-\u9fff]{2,20}、(?P<last>(?:完成|实现)[\u4e00-\u9fff]{2,8})$",
)
_OBJECT = Rule(
    "figures.statements.object",
    r"^(?P<verb>压减|压缩|压降|减少|削减|精简|降低|下调|调减|提高|增加(?!值)|上调|上浮|提升)(?:了)?(?P<noun>[^,;、]{2,})$",
)
"""A verb of change with its object before a rate: 压减一般性支出10%."""
_RATE_WORD = Rule(
    "figures.statements.rate_word",
    r"(?P<word>增速|增幅|涨幅|增长率|降幅|跌幅|(?:上涨|增长)幅度|增长速度|上涨率|下降幅度)(?:仍然|仍|也|却|还|已|就|约|近|均|都|分别|为|是|达到?|超过?|突破|高达|不低于|控制在|保持在|稳定在|维持在|回升至|回升到|提高到|提升到|回落至|回落到|收窄至|收窄到|收窄为)+$",
)
_CONVERTED = Rule("figures.statements.converted", r"(?:折合|约合|折算)(?:成|为|人民币|约)*$")
_IN_A_ROW = Rule("figures.statements.in_a_row", r"(?:已)?连续(?:\d+|[两三四五六七八九十]+)(?:年|个月|个季度)")


TARGET_BEFORE = Rule(
    "figures.statements.target_before",
    r"(?:为|是|占|相当于|低于|高于|超过|超额完成|未完成|完成)?(?:了)?(?:全年|年度|年初|原定)(?:确定的?|既定的?|预期)?(?:目标|计划|任务)(?:数|值)?(?:的|为|是)?(?:增长|下降)?$",
)
TARGET_AFTER = Rule(
    "figures.statements.target_after",
    r"^(?:以上|左右|以内)?(?:的)?(?:年度|年初|全年|预期|预定|原定|调控|既定|工作|增长|发展|投资|收入|征收|控制|规划|[“”])*(?:目标|任务(?!书|清单)|计划(?![新内外总单开生]))|^[^,;。]{0,8}(?:指标|目标|任务)[^,;。]{0,4}(?:未|没有)",
)


_IN_BRACKETS = Rule(
    "figures.statements.in_brackets",
    r"\((?P<told>(?:不包括|不含|不计|扣除|剔除|包括|含)[\u4e00-\u9fff、]{2,14}?)(?:后|则|的话)?(?:,|为|是|增长)*",
)
_THAN_IT_WAS = Rule(
    "figures.statements.than_it_was",
    r"(?:但|也|还)?(?:大大|明显|远远?|略|稍)?(?:低于|高于|快于|慢于|超过)(?P<word>增长|上升|下降)",
)
_AS_FAST = Rule("figures.statements.as_fast", r"的(?:速度|水平|幅度|增幅|增速)")
_NEAR_THE_AIM = Rule(
    "figures.statements.near_the_aim",
    r"^(?:虽然|虽|尽管|但|并|也|而)*(?:略|稍|明显|大大|远)?(?:低于|高于|超过|好于|接近|达到|没有?达到|未达到)$",
)


Reading = tuple[str, Measure, int, str]


_RANK_VERBS = load_wording().pattern("rank_verbs").pattern
_RANK_SCOPES = load_wording().pattern("rank_scopes").pattern
_IN_A_ROW_OR_ALL = (
    r"(?:均|都|分别|继续|持续|一直|始终|再次|首次|已|并|连续(?:\d+|[一二两三四五六七八九十]+)[年次个届季度月]+|历史性)*"
)
_RANKED = Rule(
    "figures.statements.ranked",
    rf"{_IN_A_ROW_OR_ALL}(?:(?:{_RANK_VERBS})(?<!居(?=民))(?<!列(?=[车入为]))(?!民|住|车|入|为|得))+(?:第)?[\u4e00-\u9fff、]{{0,12}}$",
)
_RANK_TAIL = Rule("figures.statements.rank_tail", rf"{_IN_A_ROW_OR_ALL}(?:{_RANK_SCOPES})[\u4e00-\u9fff]{{0,4}}$")


def is_place(figure: Figure, left: str = "") -> bool:
    """Whether a figure is a place in a row: 第3位, 首位, 前5位."""
    return figure.unit == "位" and (figure.written[0] in "第首榜" or left.endswith("前"))


_BEFORE_PLACE_1 = Rule("figures.statements.before_place_1", r"(?:从|由)[\u4e00-\u9fff]{0,6}$")
_BEFORE_PLACE_2 = Rule("figures.statements.before_place_2", rf"(?:{_RANK_SCOPES})$")
_BEFORE_PLACE_3 = Rule("figures.statements.before_place_3", rf"(?:{_RANK_SCOPES})$")


def before_place(left: str) -> str:
    """The words before a place without those that only bring it in: 产量稳居全国 → 产量."""
    if _BEFORE_PLACE_1.search(left):
        return _BEFORE_PLACE_2.sub("", left)
    left = left.removesuffix("前")
    found = _RANKED.search(left) or _RANK_TAIL.search(left)
    words = _BEFORE_PLACE_3.sub("", left[: found.start()]) if found is not None else left
    return f"{words}分别" if found is not None and "分别" in found[0] else words


_PLACED_MEASURE = Rule(
    "figures.statements.placed_measure",
    r"(?:增速|增幅|降幅|涨幅|增量|增长率|总量|总数|总额|规模|数量|产量|面积|拥有量|出口量|进口量|销量|产销量|单产)$",
)


_READ_PLACE_1 = Rule("figures.statements.read_place_1", r"分别$")
_READ_PLACE_2 = Rule("figures.statements.read_place_2", r"(?:增速|增幅|增长率)$")


def _read_place(left: str, subject: Subject, segment: Segment, respectively: tuple[str, ...]) -> Reading | None:
    """A place is of what stands before it, of its rate (增速居全国第3位) or of what was told last."""
    words = _READ_PLACE_1.sub("", left)
    measure = _PLACED_MEASURE.search(words)
    noun = noun_of(verbless(words), subject)
    # 全市垃圾分类测评位居第三 ranks the speaker among all districts, and not the city.
    subject.scope = ""
    if measure is not None and measure.start() == len(words) - len(words.lstrip("、,")):
        own = subject.words if subject.words.endswith(measure[0]) else f"{subject.words}{measure[0]}"
        return (own, Measure.LEVEL, 1, "") if subject.words else None
    if measure is not None and noun and not noun.endswith(measure[0]):
        noun += measure[0]
    own = respectively[0] if respectively else noun or subject.words
    if noun and not respectively:
        remember(_READ_PLACE_2.sub("", noun), subject, segment, ())
    return (own, Measure.LEVEL, 1, "") if own else None


_AGAINST_EACH_1 = Rule("figures.statements.against_each_1", r"(?:分别|均)$")


def against_each(left: str, figures: int) -> tuple[str, ...]:
    """Stretches as if each figure had its own: 增速分别高于全国、全省 gives 增速高于全国 and 增速高于全省."""
    gap = _AGAINST.search(left)
    if gap is None or figures < 2 or not gap["place"]:
        return ()
    places = [p for p in _AND.split(gap["place"]) if p]
    if len(places) != figures:
        return ()
    before = _AGAINST_EACH_1.sub("", left[: gap.start()])
    return tuple(f"{before}{gap['word']}{place}" for place in places)


_SUMMING = Rule("figures.statements.summing", r"^(?:累计|合计|总计|共计|共|总数|均|已|则|又|也)+$")
_EACH_DEED = Rule(
    "figures.statements.each_deed",
    r"(?:淘汰|压减|退出|化解|处置|建成|新建|改造|治理|新增|引进|发放|投入|安排)[\u4e00-\u9fff]{2,12}$",
)


_PLACE_ALONE = Rule("figures.statements.place_alone", r"[\u4e00-\u9fff]{2,4}(?:街道|镇|乡|村|开发区|园区)")


def _thing_told(words: str) -> str:
    """What the last figure was of, without the place that it was of: 低效用地改造 of 甲镇低效用地改造."""
    place = _PLACE_ALONE.match(words)
    return words[place.end() :] if place is not None and len(words) - place.end() > 1 else words


_MEASURE_BEHIND_1 = Rule("figures.statements.measure_behind_1", r"[\u4e00-\u9fff]+")


def _measure_behind(left: str) -> str:
    """The measure between 分别 and the first figure (分别完成工业产值), "" where there is none."""
    words = PER_HEAD.sub("", _FROM.sub("", _LEVEL_LEAD.sub("", after_respectively(left))))
    return (
        words
        if 2 <= len(words) <= 14 and _MEASURE_BEHIND_1.fullmatch(verbless(words)) and verbless(words) == words
        else ""
    )


def listed(left: str, subject: Subject, figures: int) -> tuple[str, ...]:
    """The subjects of a list: named before 分别 in this segment, or carried from the one before it.

    Without 分别 it is a list only where subjects and figures are equally many.
    """
    told = says_respectively(left)
    if figures < 2 and not told:
        return ()
    growth = patterns_of_reports().growth.search(left)
    words = verbless(before_respectively(left)) if told else verbless(left[: growth.start()] if growth else left)
    words = _FROM.sub("", _OWN_RATE_END.sub("", words))
    words, scope = strip_lead(_SUMMING.sub("", words))
    if len(words) < 2:
        if not subject.parts and told and subject.listed and len(subject.row) < figures:
            # 农村居民人均纯收入和城镇居民人均可支配收入，2000年分别达到2253元和6280元
            spoken = subjects(strip_lead(subject.listed)[0], figures)
            subject.parts = spoken if len(spoken) == figures else ()
        if not subject.parts and (told or growth is not None) and len(subject.row) >= figures:
            subject.parts = tuple(subject.row[-figures:])
        return subject.parts if told or len(subject.parts) == figures else ()
    parts = subjects(words, figures)
    if told and growth is None and (deed := _EACH_DEED.match(after_respectively(left))) is not None:
        # 甲、乙分别淘汰落后产能11万吨和12万吨
        parts = tuple(f"{part}{deed[0]}" for part in parts)
    elif told and growth is None and len(parts) > 1:
        measure = _measure_behind(left)
        if not measure and subject.words and all(_PLACE_ALONE.fullmatch(part) for part in parts):
            # 完成改造5210亩，甲镇、乙镇、丙镇分别完成1380亩、960亩和845亩: places of what was told before.
            measure = _thing_told(subject.words)
        if measure:
            # 甲镇、乙镇分别完成规模以上工业产值76.3亿元、88.9亿元
            parts = tuple(part if part.endswith(measure) else part + measure for part in parts)
    if len(parts) != figures and not (told and len(parts) > 1):
        return ()
    owner = _NUMBER_END.sub("", _MEASURE_END.sub("", parts[0])) if parts else ""
    if owner != (parts[0] if parts else "") and len(owner) > 1:
        # 省属企业营业收入、利润分别增长: a measure that says not whose it is has the first one's owner.
        parts = tuple(owner + p if GENERIC.fullmatch(p) and canonical_of(p) is None else p for p in parts)
    subject.parts, subject.scope = parts, scope
    return parts


def _read_share(left: str, subject: Subject, segment: Segment, respectively: tuple[str, ...]) -> Reading | None:
    """A part of a whole (占全市比重, 占比), None where the words tell no share."""
    if respectively and _SHARE_NAME.search(respectively[0]):
        # 甲产业、乙产业产值占规上工业比重分别达42.1%、52.1%
        own = remember(respectively[0], subject, segment, respectively)
        subject.measure, subject.sign, subject.base = Measure.SHARE, 1, ""
        return own, Measure.SHARE, 1, ""
    if (share := _SHARE.search(left)) is not None:
        whole = strip_lead(share["whole"])[0]
        own = noun_of(left[: share.start()], subject)
        part = own or subject.words
        if subject.within and own:
            # 在新开工项目中，工业项目占六成
            part = subject.within + part
        subject.share = f"{part}占{whole}比重"
        subject.measure, subject.sign = Measure.SHARE, 1
        return subject.share, Measure.SHARE, 1, "from" if _FROM.search(left) else ""
    if (ratio := _RATIO.search(left)) is not None:
        part = noun_of(left[: ratio.start()], subject) or subject.words
        subject.share = f"{part}占比" if part else "占比"
        subject.measure, subject.sign = Measure.SHARE, 1
        return subject.share, Measure.SHARE, 1, "from" if _FROM.search(left) else ""
    if subject.share and _REACHED.fullmatch(left.strip()):
        # 服务业占比由50%提高到55%
        return subject.share, Measure.SHARE, 1, ""
    subject.share = ""
    return None


_READ_ONE_1 = Rule("figures.statements.read_one_1", r"翻了?$")
_READ_ONE_2 = Rule("figures.statements.read_one_2", r"(?:高于|低于|高出|快于|好于|领先)")
_READ_ONE_3 = Rule("figures.statements.read_one_3", r"(?:分别|均|也|都)$")


def read_one(
    left: str,
    right: str,
    figure: Figure,
    subject: Subject,
    segment: Segment,
    respectively: tuple[str, ...],
    *,
    place: bool = False,
) -> Reading | None:
    """What a figure states of which subject, by the words on both sides of it; ``place`` says that it is one in a row."""
    patterns = patterns_of_reports()
    left = _IN_REAL_TERMS.sub("实际", _BECAUSE.sub("", _NO_LESS.sub("", left)))
    if figure.unit == "番":
        # 营业收入较2020年翻一番: a verb of growth that only this unit has.
        left = _READ_ONE_1.sub("增长", left)
    of_last = _of_the_last(left, right, figure, subject) if subject.words else None
    if of_last is not None:
        return of_last
    if figure.unit in _POINT_UNITS and (plain := _OF_RATES.sub("", left)) != left and _AGAINST.search(plain):
        # 高于全市平均增速0.3个百分点
        left = plain
    if figure.unit in _GROWTH_UNITS and (share := _read_share(left, subject, segment, respectively)) is not None:
        return share
    if _FROM.search(left) or (_FROM_NEAR.search(left) and _RISES_TO.match(right)):
        return _read_start(left, figure, subject, segment, respectively)
    if is_place(figure) or place:
        return _read_place(left, subject, segment, respectively)
    if figure.unit in _GROWTH_UNITS and not respectively:
        rate = _aimed_rate(left, subject, segment) or _rate(left, subject, segment)
        if rate is not None:
            return rate
    growth = None if _REACHED.search(left) else patterns.growth.search(left)
    if growth is not None and figure.unit not in _GROWTH_UNITS | _POINT_UNITS and _makes(left[: growth.start()], right):
        # 新增和改造提升8600亩高标准农田: a verb before its object, and no rise of anything.
        return _read_level(left, right, figure, subject, segment, respectively)
    after = patterns.growth_after.match(right) if figure.unit in _GROWTH_UNITS | _POINT_UNITS else None
    if growth is not None and not _ADDED.search(left):
        sign = -1 if patterns.fall.search(growth["word"]) else 1
        words = noun_of(verbless(left[: growth.start()]), subject)
        if words and segment.opened_by == "、" and subject.counted and GENERIC.fullmatch(words):
            # 规上企业760家、增加值增长3%
            words = _whose(subject) + words
        if (
            words
            and segment.opened_by == ","
            and subject.topic
            and GENERIC.fullmatch(words)
            and not canonical_of(words)
        ):
            # 国有企业效益明显好转，去年利润增长23.5%
            words = _FARES.sub("", subject.topic) + words
        if growth["word"] in ("增产", "减产") and words and canonical_of(words) is None:
            # 粮食减产2.2%: what is made of it.
            words = f"{words}产量" if canonical_of(f"{words}产量") is not None else words
        words = "经济增长" if words == "经济" else "" if _SPAN_ALONE.fullmatch(words) else words
        own = _share_told(words, figure, subject) or remember(words, subject, segment, respectively)
        against = growth["base"] or _against(left)
        measure = Measure.GROWTH if figure.unit in _GROWTH_UNITS else Measure.CHANGE
        if _READ_ONE_2.search(left):
            measure = Measure.CHANGE
        subject.measure, subject.sign, subject.base = measure, sign, against
        return (own, measure, sign, against) if own else None
    if after is not None:
        sign = -1 if patterns.fall.match(after["word"]) else 1
        own = remember(noun_of(verbless(left), subject), subject, segment, respectively)
        measure = Measure.GROWTH if figure.unit in _GROWTH_UNITS else Measure.CHANGE
        subject.measure, subject.sign, subject.base = measure, sign, ""
        return (own, measure, sign, "") if own else None
    if figure.unit in _POINT_UNITS:
        gap = _AGAINST.search(left)
        words = left[: gap.start()] if gap else verbless(left)
        words = _READ_ONE_3.sub("", words)
        words = noun_of(words, subject)
        own = _share_told(words, figure, subject) or remember(words, subject, segment, respectively)
        base = f"{gap['word'] or gap['word2']}{gap['place'] or gap['place2']}" if gap else ""
        sign = -1 if gap and (gap["word"] or gap["word2"]) in _BEHIND else 1
        subject.measure, subject.sign, subject.base = Measure.CHANGE, sign, base
        return (own, Measure.CHANGE, sign, base) if own else None
    return _read_level(left, right, figure, subject, segment, respectively)


def _read_start(
    left: str, figure: Figure, subject: Subject, segment: Segment, respectively: tuple[str, ...]
) -> Reading | None:
    """从2020年的3.68万亿元增长到…: the start of a change is a level of its own year."""
    before = _FROM.sub("", left) if _FROM.search(left) else _FROM_NEAR.sub("", left)
    rate = _rate_from(before, figure, subject, segment, respectively)
    if rate is not None:
        return rate
    words = noun_of(verbless(before), subject)
    if words and before.lstrip().startswith("其中"):
        words = _of_the_whole(words, figure, subject)
    own = remember(words, subject, segment, respectively)
    subject.unit = figure.unit
    subject.measure, subject.sign, subject.base = Measure.LEVEL, 1, "from" if respectively else ""
    return (own, Measure.LEVEL, 1, "from") if own else None


_RATE_END = Rule("figures.statements.rate_end", r"(?<=.{2})(?:的)?(?:涨幅|增幅|增速|增长率|上涨幅度|增长速度)$")


def _rate_from(
    before: str, figure: Figure, subject: Subject, segment: Segment, respectively: tuple[str, ...]
) -> Reading | None:
    """物价涨幅要从14.8%降到10%: the start of a change of a rate is a rate."""
    words = verbless(before)
    if figure.unit != "%" or respectively or _RATE_END.search(words) is None:
        return None
    own = remember(noun_of(_RATE_END.sub("", words), subject), subject, segment, ())
    subject.measure, subject.sign, subject.base, subject.rated = Measure.GROWTH, 1, "", True
    return (own, Measure.GROWTH, 1, "from") if own else None


def _of_the_last(left: str, right: str, figure: Figure, subject: Subject) -> Reading | None:
    """A figure beside the one that was told last: the same without something, or the aim that was just missed."""
    rate = figure.unit in _GROWTH_UNITS
    without = _IN_BRACKETS.fullmatch(left.strip())
    if without is not None and rate:
        # 工业总产值增长7.5%(不包括村办工业7%)
        return f"{subject.words}({without['told']})", subject.measure, subject.sign, subject.base
    if (
        subject.rated
        and rate
        and _REACHED.search(left)
        and noun_of(verbless(_REACHED.sub("", left)), Subject()) in ("", "实际")
    ):
        # 涨幅要从14.8%降到10%左右，经过努力，实际回落到6.1%
        return subject.words, Measure.GROWTH, subject.sign, ""
    if (then := _THAN_IT_WAS.fullmatch(left.strip())) is not None and rate and _AS_FAST.match(right):
        # 增长7.3%，大大低于1985年增长44.6%的速度: the same in the year that is named.
        return subject.words, Measure.GROWTH, -1 if then["word"] == "下降" else 1, ""
    if TARGET_AFTER.match(right) and _NEAR_THE_AIM.search(left):
        # 增长7.8%，略低于8%的预定目标
        measure = Measure.GROWTH if subject.measure is Measure.GROWTH and rate else Measure.LEVEL
        return subject.words, measure, subject.sign, ""
    return None


_FARES = Rule("figures.statements.fares", r"(?<=.{2})(?:的)?(?:经济)?(?:效益|运行|生产经营|经营|生产|发展)$")
_SPAN_ALONE = Rule("figures.statements.span_alone", r"(?:这|近|过去)?(?:[两二三四五六七八九十]|\d{1,2})年(?:来|间|内)?")
"""各类市场主体达到9800多万户，五年增加70%: how long it took names nothing."""


_AIMED_RATE = Rule(
    "figures.statements.aimed_rate",
    r"(?:的)?(?:预期|预定|年均)*(?:增长|增幅|增速|涨幅)(?:的)?(?:预期|预定|调控)*(?:(?:目标|指标)(?:拟|初步|仍|确)?(?:为|是|在)|(?:目标|指标)?(?:拟|初步|仍|确)?(?:定为|定在|设定为|设定在|安排为|按))$",
)


def _aimed_rate(left: str, subject: Subject, segment: Segment) -> Reading | None:
    """货币供应量预期增长目标拟定为13%: a rate that is set."""
    found = _AIMED_RATE.search(left)
    if found is None:
        return None
    own = remember(noun_of(left[: found.start()], subject), subject, segment, ())
    subject.measure, subject.sign, subject.base = Measure.GROWTH, 1, ""
    return (own, Measure.GROWTH, 1, "") if own else None


def _share_told(words: str, figure: Figure, subject: Subject) -> str:
    """The share that a change in points is of where it names nothing itself: 产业投资比重提升至55.7%、提高4.7个百分点."""
    told = not words and figure.unit in _POINT_UNITS and subject.measure is Measure.SHARE
    return subject.share if told else ""


_RATE_1 = Rule("figures.statements.rate_1", r"^(?:平均|累计|再|继续|全面|统一|分别)+")
_RATE_2 = Rule("figures.statements.rate_2", r"压减|压缩|减少|精简|提高|增加")


def _rate(left: str, subject: Subject, segment: Segment) -> Reading | None:
    """A rate told by its name (涨幅控制在3.5%), by a verb before its object (压减支出10%), or going on with such a list."""
    named = _RATE_WORD.search(left)
    if named is not None:
        sign = -1 if named["word"] in ("降幅", "跌幅", "下降幅度") else 1
        words = re.sub(patterns_of_reports().growth.pattern.removesuffix("$") + "$", "", left[: named.start()])
        own = remember(noun_of(words, subject), subject, segment, ())
        base = "年均" if left[: named.start()].endswith("年均") else ""
        subject.measure, subject.sign, subject.base = Measure.GROWTH, sign, base
        return (own, Measure.GROWTH, sign, base) if own else None
    words, _ = strip_lead(left)
    acted = _OBJECT.match(_RATE_1.sub("", words))
    if acted is not None and verbless(acted["noun"]) == acted["noun"]:
        sign = -1 if patterns_of_reports().fall.match(acted["verb"]) or acted["verb"] in ("下调", "调减") else 1
        thing = noun_of(acted["noun"], subject)
        own = remember(thing if len(thing) > 2 else acted["verb"] + thing, subject, segment, ())
        subject.measure, subject.sign, subject.base, subject.acted = Measure.GROWTH, sign, "", True
        return (own, Measure.GROWTH, sign, "") if own else None
    goes_on = segment.opened_by == "、" and subject.acted and subject.measure is Measure.GROWTH
    if goes_on and words and verbless(words) == words and patterns_of_reports().growth.search(words) is None:
        thing = noun_of(words, subject)
        short = _RATE_2.match(subject.words)
        own = remember(thing if len(thing) > 2 or not short else short[0] + thing, subject, segment, ())
        return (own, Measure.GROWTH, subject.sign, "") if own else None
    subject.acted = False
    return None


_MAKES_1 = Rule("figures.statements.makes_1", r"[和、及并]")
_MAKES_2 = Rule("figures.statements.makes_2", r"(?:的)?(?:增长|下降|同比|达到|完成)")


def _makes(before: str, right: str) -> bool:
    """Whether words of change before a figure are a verb of doing: nothing stands before them but verbs, and an object follows."""
    words, _ = strip_lead(before)
    words = _MAKES_1.sub("", words)
    rest = patterns_of_reports().list_verb.sub("", words)
    noun = _AFTER_NOUN.match(_HEDGE.sub("", right))
    return not rest and noun is not None and not _MAKES_2.match(right)


def _aim(left: str, right: str, figure: Figure, subject: Subject) -> Reading | None:
    """A figure that is the target of what was told before it."""
    if TARGET_AFTER.match(right):
        # …10000户的旧改征收签约，超额完成年初确定的6000户目标
        rate = subject.measure is Measure.GROWTH and figure.unit in _GROWTH_UNITS
        return subject.words, Measure.GROWTH if rate else Measure.LEVEL, 1, ""
    if TARGET_BEFORE.search(left) and not noun_of(TARGET_BEFORE.sub("", left), Subject()):
        # 实际使用外资3.86亿美元，为年度目标4.3亿美元的89.8%
        return subject.words, Measure.LEVEL, 1, ""
    return None


_LONG = 24
"""Characters of examples beyond which they only lengthen a name."""
_NO_ITEM = load_wording().pattern("flow_words", "plan_verbs", "stages", "empty_pairs")
_NO_NOUN = Rule("figures.statements.no_noun", r"安排|考虑|掌握|执行|编列|控制|推进|实施|完成|落实|建设")
_MORE_BY = Rule("figures.statements.more_by", r"(?:[两三四五]年|年度)?(?:增量|净增量)")
_OFFERED = Rule(
    "figures.statements.offered",
    r"^(?:为|对|给|向|将|把)+(?:约|将近|近|超过?|逾|不少于|不低于|至少)*|(?:约|将近|近|超过?|逾|不少于|不低于|至少)+$",
)


_WITHOUT_MEASURE_1 = Rule("figures.statements.without_measure_1", r"(?<=.{2})占(?!地|用|比).*$")


def _without_measure(words: str) -> str:
    """What a known measure at the end of some words is measured of: 国控断面水质优良比例达到 → 国控断面."""
    growth = patterns_of_reports().growth.search(words)
    plain = verbless(_REACHED.sub("", words[: growth.start()] if growth is not None else words))
    share = _WITHOUT_MEASURE_1.search(plain)
    plain = plain[: share.start()] if share is not None else plain
    at = next((m.span.start for m in load_indicators().written_in(fold(plain)) if m.span.end == len(plain)), 0)
    return plain[:at] if at > 1 else plain


_NOUN_BEHIND_1 = Rule("figures.statements.noun_behind_1", r"(?:的)?(?:增长|下降|同比)")
_NOUN_BEHIND_2 = Rule("figures.statements.noun_behind_2", r"(?:以及|和|及|(?<!参)与)$")


def _noun_behind(left: str, right: str, subject: Subject, *, counts: bool, more: bool) -> str:
    """The noun that a figure counts where it stands behind it (5个以上紧密型医疗集团), "" if none does."""
    hedge = _HEDGE.match(right)
    hedged = hedge.end() if hedge else 0
    series = _SERIES.match(right[hedged:]) if counts and not more else None
    noun = series or _AFTER_NOUN.match(right[hedged:])
    hedges = hedge is None and patterns_of_reports().approx_after.match(right)
    if noun is None or hedges or _NO_NOUN.fullmatch(noun["noun"]) or _NOUN_BEHIND_1.match(right):
        return ""
    tail = _NOUN_BEHIND_2.sub("", noun["noun"])
    if series is not None and (served := _SERVED.search(tail)) is not None:
        # 200名视力、听力等残疾儿童免费提供康复服务
        tail = tail[: served.start()]
    effect = _EFFECT_INSIDE.search(tail)
    if effect is not None:
        # 20亿元购车补贴拉动消费: what it brought about is no part of its name.
        return tail[: effect.start()]
    if (another := _DEED_AND.search(tail)) is not None:
        tail = tail[: another.start()]
    if _REACHING_OUT.search(left) and "的" in tail[1:]:
        # 覆盖143个村的防控网 counts villages.
        tail = tail[: tail.index("的", 1)]
    verb_inside = _MIDDLE_VERB.search(tail) if more else None
    if more and verb_inside is None and hedged + noun.start("noun") + len(tail) == len(right):
        # 74个国控断面水质优良比例达到95%: the measure is the next figure's, and what it is told of the first's.
        thing = _without_measure(tail)
        if len(thing) + 1 < len(tail) or (thing != tail and tail[-1] in "超达为"):
            return thing
    if verb_inside is not None:
        # 96个市重点项目完成投资152.4亿元: the noun belongs to both figures.
        noun_alone = tail[: verb_inside.start()]
        if len(noun_alone) > 2 or canonical_of(noun_alone) is not None or verb_inside[0] != "实现":
            return noun_alone
        # 600个事项实现“一律免于提交”: two letters say nothing.
    subject.tail = right[: hedged + noun.start("noun")] + tail
    return tail


_AGAIN = Rule("figures.statements.again", r"^(?:要|再|又|还|将|拟|共|累计|已|继续)+")
_MEASURE_END = Rule("figures.statements.measure_end", rf"(?<=.{{2}})(?:{GENERIC.pattern})$")


def _whose(subject: Subject) -> str:
    """What the last level was a level of, without its own measure: 粮食播种面积320万亩、产量120万吨 → 粮食."""
    return _MEASURE_END.sub("", without_verbs(subject.words))


_JOINED_NAMES_1 = Rule("figures.statements.joined_names_1", r"制度$|(?<=.{2})(?:生产|发展|运行)$")


def _joined_names(whose: str, measure: str) -> str:
    """居民储蓄存款 and 存款余额 are 居民储蓄存款余额."""
    whose = _JOINED_NAMES_1.sub("", whose)
    shared = next((n for n in range(min(len(measure) - 1, 4), 1, -1) if whose.endswith(measure[:n])), 0)
    return whose + measure[shared:]


_OWNER_IN_LIST_1 = Rule("figures.statements.owner_in_list_1", r"、|和|与|及")


def _owner_in_list(words: str, subject: Subject) -> str:
    """粮食面积、总产、单产实现“两增一稳”，总产762亿斤: whose the measure is stood in the stretch before, "" if nowhere."""
    parts = _OWNER_IN_LIST_1.split(strip_lead(subject.listed)[0])
    owner = _MEASURE_END.sub("", parts[0])
    named = len(parts) > 1 and any(part.startswith(words) for part in parts[1:])
    return owner if named and owner != parts[0] and len(owner) > 1 else ""


_OF_BEFORE_1 = Rule("figures.statements.of_before_1", r"^(?:基本|已|累计|再|全部|新(?=投产|竣工|完工|交付))+")


def _of_before(words: str, tail: str, figure: Figure, subject: Subject, segment: Segment) -> str:
    """The words with what the clause before told, where they name nothing by themselves."""
    follows = segment.opened_by in (",", "、")
    if words and not tail and (subject.words or subject.topic) and follows:
        # 新开工保障性安居工程666万套，基本建成544万套; 出让20个、开工20个: a stage of what was told before.
        stage = STAGES.fullmatch(_OF_BEFORE_1.sub("", words))
        if stage is not None:
            words = without_stage(subject.words or subject.topic) + stage[0]
    if words and subject.inherited and GENERIC.fullmatch(words) and canonical_of(words) is None:
        # 粮食生产再创新高。播种面积达到8780.7万亩，…总产量达到853.2亿斤
        owned = subject.words.startswith(subject.inherited) or not subject.words
        return _joined_names(subject.inherited, words) if owned else words
    if words and follows and GENERIC.fullmatch(words) and (owner := _owner_in_list(words, subject)):
        return owner + words
    if words and follows and GENERIC.fullmatch(words):
        # 签约项目215个、总投资超过800亿元; 在线新经济势头良好，完成产值29.3亿元
        same = figure.unit == subject.unit and canonical_of(words) is None
        # 接待游客3亿人次、总花费超过4500亿元
        same = same or (segment.opened_by == "、" and subject.unit.endswith("人次"))
        same = same or (segment.opened_by == "、" and _MEASURE_END.search(subject.words) is not None)
        balance = words.endswith("余额") and words[:2] in subject.words
        if ((subject.counted or same) and subject.words and segment.group == subject.group) or (
            not subject.heard
            and not subject.unit
            and not subject.topic
            and subject.words
            and (balance or canonical_of(words) is None)
        ):
            # 新增高速公路120公里、总里程8667公里
            words = _joined_names(_whose(subject), words)
        elif subject.topic:
            words = _joined_names(subject.topic, words)
        elif subject.heard and segment.opened_by == ",":
            # 加上用于农业的其他各项资金，总额达到174亿元
            words = _joined_names(subject.heard, words)
    effect = _EFFECT_FIRST.fullmatch(words) if follows and words else None
    if effect is not None and (tail or effect["what"]):
        # 发放购车补贴2亿元、带动消费20亿元; 扩大以旧换新，拉动消费9亿元
        told = subject.words if segment.opened_by == "、" or not subject.cause else subject.cause
        cause = _MEANS.sub("", without_verbs(told))
        if len(cause) > 1 and not _EFFECT.search(cause):
            words = cause + words
    again = _AGAIN.sub("", words)
    if not tail and len(again) == 2 and subject.words.startswith(again) and len(subject.words) > 2:
        # 关停小火电机组500万千瓦，今年再关停100万千瓦
        words = subject.words
    if not tail and words and not without_verbs(words):
        # 继续实施退耕还林还草，今年拟安排500万亩: a verb alone is of what was spoken of before.
        words = subject.topic or words
    return words or ("" if subject.words else subject.topic)


_STOCK_END = Rule(
    "figures.statements.stock_end",
    r"(?<=.{2})(?:保有量|拥有量|总量|产量|销量|存栏量?|出栏量?|装机容量|装机|用户数?|在校生数?|从业人员|就业人数)$",
)


def _of_the_whole(words: str, figure: Figure, subject: Subject) -> str:
    """汽车保有量增至3230万辆，其中新能源汽车356万辆: the part is measured as the whole is."""
    measure = _STOCK_END.search(subject.words)
    if measure is None or figure.unit != subject.unit or _MEASURE_END.search(words) or canonical_of(words) is not None:
        return words
    return words if words.endswith(measure[0]) or words[-1] in "量额率数" else words + measure[0]


_PER_ONE = Rule("figures.statements.per_one", r"(?<=.{2})(?:是|为)(?:每[人户亩]|平均每[人户亩])$")
"""职工年平均工资是每人446元"""
_NUMBER_END = Rule("figures.statements.number_end", r"(?<=.{2})(?:数量|人数|人次|总量|总数|户数|起数)$")
_LOSS = Rule("figures.statements.loss", r"(?:损失|少收|少生产|浪费)(?=[\u4e00-\u9fff]{2})")
_LOST = frozenset({"损失", "少收", "少生产", "浪费"})
"""Verbs that hold for what follows behind commas as well: 损失工业总产值一千亿元，钢产量…，财政收入四百亿元."""
_YEARS_FIRST = Rule("figures.statements.years_first", r"^(?:[两二三四五六七八九十]|\d{1,2})年(?:来|间|里|内|共|累计)?")
_PEOPLE = frozenset({"人", "名", "户", "万人", "人次", "万人次", "人口"})


def _says_nothing_alone(words: str, figure: Figure, subject: Subject, segment: Segment) -> bool:
    """Whether two letters go on from the thing before them (…交易1025项，金额225.6亿元) and are no item of a list (铁路新线59公里、复线46公里)."""
    item = figure.unit == subject.unit and len(words) == len(without_verbs(words)) == 2
    if (item and not _NO_ITEM.fullmatch(words)) or not 0 < len(words) <= 2 or canonical_of(words) is not None:
        return False
    return bool(subject.words) and segment.opened_by in (",", "、")


def _last_deed(left: str) -> str:
    """The subject with the last of what it did: 省级重点项目建立包联机制、完成投资5000亿元."""
    deeds = _DEEDS.search(left)
    return deeds["head"] + deeds["last"] if deeds is not None else left


def _read_level(
    left: str,
    right: str,
    figure: Figure,
    subject: Subject,
    segment: Segment,
    respectively: tuple[str, ...],
) -> Reading | None:
    left = left if respectively else _last_deed(left)
    aim = _aim(left, right, figure, subject) if subject.words and not respectively else None
    if aim is not None:
        return aim
    left = _CONVERTED.sub("", _IN_A_ROW.sub("", left))
    bare = verbless(_REACHED.sub("", left))
    verb = left[len(bare) :] or left
    words = _PER_ONE.sub("", noun_of(bare, subject))
    if _PLACE_ALONE.fullmatch(words) and subject.words and figure.unit == subject.unit and not respectively:
        # 拆除412万平方米，其中甲镇58.3万平方米、乙镇46.7万平方米
        words += _thing_told(subject.words)
    words = "" if _ADDED.fullmatch(words) or (_TOTAL.fullmatch(words) and subject.words) else words
    if (
        (added := _ADDED.search(words)) is not None
        and not respectively
        and not (_AFTER_NOUN.match(right) and not without_verbs(words[: added.start()]))
    ):
        # 供热面积新增64万平方米，达到860万平方米: what was added, and then what there is.
        base = remember(words[: added.start()], subject, segment, respectively)
        return f"新增{base}", Measure.LEVEL, 1, ""
    patterns = patterns_of_reports()
    subject.lead = left
    if _MORE_BY.fullmatch(words) and subject.words and not respectively:
        # 生产总值突破800亿元、五年增量超120亿元
        return subject.words, Measure.CHANGE, 1, ""
    counts = normalised(figure.value, figure.unit)[1] == "count"
    tail = _noun_behind(left, right, subject, counts=counts, more=figure.span.end + len(right) < segment.span.end)
    one_of_them = counts and tail.endswith("之一")
    if tail and not respectively and (one_of_them or (_ANOTHER.search(left) and not only_joins(left))):
        # 加快大型水电站和690万千瓦火电项目建设: what stands before 和 is another thing; so is what is one of them
        # (成为全国首批5个国家公园之一).
        verb_first = None if one_of_them else patterns.list_verb.match(words) or _WON.match(words)
        words, bare, verb = (verb_first[0] if verb_first else ""), left, ""
        tail = tail.removesuffix("之一")
    if tail and not words:
        # 在全市率先开展…，完成78台…: whose it is was said of what went before.
        subject.scope = ""
    if tail and not respectively:
        plain = without_examples(words)
        if not plain and 0 < len(words) <= _LONG and canonical_of(tail) is not None:
            # 甲大学、乙学院等6所高校实现招生: six of the universities, and not how many there are.
            plain = words
        lead = plain if plain else (_OFFERED.sub("", verb) if len(verb) <= 8 and not words else "")
        words = f"{lead}{tail}"
    among = left.lstrip().startswith("其中")
    no_verb = bare == left or among
    if (
        words
        and (segment.opened_by == "、" or among or (segment.opened_by == "," and subject.verb in _LOST))
        and subject.verb
        and patterns_of_reports().list_verb.match(words) is None
        and STAGES.fullmatch(words) is None
        and GENERIC.fullmatch(words) is None
        and _EFFECT.match(words) is None
        and no_verb
    ):
        # 新增养老床位893张、社区长者食堂6个, 新设市场主体3.28万户，其中企业2.75万户: the verb holds for every item.
        words = subject.verb + words
    if not respectively:
        words = _of_the_whole(words, figure, subject) if among and words and not tail else words
        words = _of_before(words, tail, figure, subject, segment)
    if not words and _ADDED.search(left) and subject.words and not respectively:
        # 高新技术企业达到312家，净增58家: what was added is not how many there are.
        return f"新增{subject.words}", Measure.LEVEL, 1, ""
    if not words and _IN_ALL.search(left) and subject.verb and subject.words.startswith(subject.verb):
        # 新增公园127座，累计达到1100座: what there is in all was not added.
        words = subject.words.removeprefix(subject.verb)
    if not (tail or respectively or among) and _says_nothing_alone(words, figure, subject, segment):
        words = subject.words + words
    own = remember(words, subject, segment, respectively)
    if segment.opened_by != "、" and not among:
        new = patterns_of_reports().list_verb.match(_YEARS_FIRST.sub("", left.strip())) or _LOSS.match(
            strip_lead(left)[0]
        )
        subject.verb = new[0] if new else ""
    subject.row.append(own)
    subject.unit = figure.unit
    subject.counted = counts and figure.unit not in _PEOPLE
    subject.measure, subject.sign, subject.base = Measure.LEVEL, 1, ""
    return (own, Measure.LEVEL, 1, "") if own else None


_AGAINST_1 = Rule("figures.statements.against_1", r"(?:比|较|高于|低于|快于)[^,;]{1,12}$")


def _against(left: str) -> str:
    match = _AGAINST_1.search(left)
    return match[0] if match else ""
