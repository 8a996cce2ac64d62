"""The words beside a figure to the name of what it is of: freed of scope words, verbs, comparisons and examples."""

from __future__ import annotations

from index.rules import At, Rule
from index.words.fragments import COUNTING, FEW_YEARS, HAN, LETTERS, SUCH, any_word
from index.words.lexicon import load_wording
from index.words.naming import canonical_of, patterns_of_reports, strip_lead

_COMPARED = Rule(
    "figures.nouns.compared",
    rf"[比较与同](?:(?:(?:\d{{4}}|[一二][{COUNTING}〇○零O]{{3}})年|“?十[{COUNTING}]?五”?末?|{any_word('bases')}){any_word('of_a_base')}?|预算(?:执行)?数?)",
    takes=("旅游收入⟦比上年同期⟧", "⟦较2021年末⟧提高"),
    leaves=("占比重提高", "与邻县持平"),
)
_OWN_RATE = Rule(
    "figures.nouns.own_rate",
    rf"^{any_word('rate_names')}(?:$|(?:[比较]|{any_word('gaps')}).*$)",
    takes=("⟦增速高于全省⟧", "⟦降幅较上半年收窄⟧"),
    leaves=("进出口总额增速高于全省", "增速目标"),
    why="The rate is the last subject's, not a thing of its own.",
    at=At.START,
)
_MISSED = Rule(
    "figures.nouns.missed",
    rf"(?<=.{{2}}){any_word('how_far')}(?:完成|达到|实现)了?{any_word('of_an_aim')}?(?:{any_word('setting')}的?|{any_word('of_an_aim')}|预期)?$",
    takes=("固定资产投资增速⟦未达到预期⟧",),
    leaves=("未达到预期", "任务完成"),
    why="Two characters must stand before it, so that something is left to name.",
)
_SPAN_FIRST = Rule(
    "figures.nouns.span_first",
    rf"^[^{LETTERS}]*{FEW_YEARS}(?:[内间里来]|(?=全[国省市区社]|共|中央|安排|整理|{any_word('flow_words')}))",
    takes=("⟦五年来⟧治沙造林", "⟦三年⟧累计培训"),
    leaves=("五年规划", "九年义务教育"),
    why="Without 来 or 内 only before a word that the years are told of: 九年义务教育 is a name.",
)
_THE_AIM_IS = Rule(
    "figures.nouns.the_aim_is",
    rf"^{any_word('of_an_aim')}?{any_word('setting')}?的?{any_word('aimed', 'aim_of')}*{any_word('aims')}+(?:分别)?[是为][:,]?(?=.{{2}})|^(?:要求|规定)(?=.{{2}})|^{any_word('target', 'plan_adverbs')}*[把将](?=.{{2}})",
    takes=("⟦全年预期目标是⟧城镇新增就业", "⟦力争把⟧森林覆盖率"),
    leaves=("目标任务完成率", "把"),
)
_TOLD = Rule(
    "figures.nouns.event_told",
    rf"(?:[再首]次|成功|顺利|正式)[^、]{{1,6}}$|{any_word('events')}$",
    takes=("沿江快速路全线⟦开通⟧", "城市书房⟦首次亮相⟧"),
    leaves=("开通航线",),
    why="At the end: before its object the verb tells of what follows.",
)
_NAMED_AMONG = Rule(
    "figures.nouns.named_among",
    rf".{{2,}}?{SUCH}(?P<noun>{HAN}{{2,}})",
    takes=("⟦新建滨河、望江等公园⟧",),
    leaves=("建成高等级公路", "新建滨河公园等"),
    why="等级, 等于, 等待 and 等候 are words of their own.",
    at=At.WHOLE,
)
_DOING = load_wording().pattern("doing_verbs", "plan_verbs")
_CARRIED_ON = Rule(
    "figures.nouns.carried_on",
    rf"^{any_word('plan_adverbs')}*(?:实施|推进|开展|推动)",
    takes=("⟦深入开展⟧爱国卫生运动", "⟦继续实施⟧退耕还林"),
    leaves=("生态修复加快推进",),
    why="Behind its object the verb closes a statement and opens none.",
)
_FORCE = Rule(
    "figures.nouns.more_effort",
    rf"(?:加大|加快|加强)(?P<noun>{HAN}{{3,16}}?)(?:建设)?(?:力度|步伐|进度)",
    takes=("⟦加大稳岗返还政策落实力度⟧", "⟦加快智慧水务建设步伐⟧"),
    leaves=("加大力度", "加快建设步伐"),
    why="What more effort goes into; 建设 alone says nothing.",
    at=At.WHOLE,
)
STAGES = load_wording().pattern("stages")
GENERIC = load_wording().pattern("generic_measures")
"""Measures that say not whose they are."""
_PREDICATE = load_wording().pattern("predicates")
MAX_INDICATOR = 40
"""Characters kept of an indicator's words; what is longer is no noun phrase."""
_OF_WHICH = Rule(
    "figures.nouns.of_which",
    r"^(?:其中|含|包括|包含)+",
    takes=("⟦其中⟧数字产业", "⟦含⟧农村公路"),
    leaves=("总投资含税费",),
)
_LOOSE_ENDS = Rule(
    "figures.nouns.loose_ends",
    r"^[转变]为?$|^[”’)\]的]+|[“‘(\[]+$",
    takes=("⟦的⟧森林覆盖率", "建成⟦“⟧"),
    leaves=("转移支付收入", "“四好农村路”里程"),
    why="Marks whose other half stands beyond the figure, and a verb of change left alone.",
)
_RATE_WORDS_BEHIND = Rule(
    "figures.nouns.rate_words_behind",
    r"(?:同比|可比|年均|平均|[增降涨]幅|增速)+$",
    takes=("工业用电量⟦增速⟧", "渔民收入⟦年均⟧"),
    leaves=("平均工资", "增速目标"),
)


def noun_of(left: str) -> str:
    """The words of a subject without scope words, connectives, verbs and comparisons around it."""
    return scoped_noun(left)[0]


def scoped_noun(left: str) -> tuple[str, str | None]:
    """The noun of some words, and the scope word before it (全市, "" if none); None where no words are left to have one."""
    words, scope = strip_lead(_SPAN_FIRST.sub("", left))
    if words in load_wording().scopes:
        return "", words
    return _freed(words), scope if words else None


def _freed(words: str) -> str:
    words = after_examples(_THE_AIM_IS.sub("", _MISSED.sub("", words)))
    told, mark, last = words.rpartition("、")
    if mark and not last:
        # 地区生产总值5.53万亿元、稳居全国前十强、增长4.8%: what was told between two marks names nothing.
        words = ""
    elif mark and _TOLD.search(told) and len(last) > 1:
        # 旅客吞吐量再次破亿、入境游客: what was told before the mark is no part of the name.
        words = last
    if "(" in words and ")" not in words[words.rindex("(") :]:
        # 2000人(含重点产业1000人): only what stands inside the bracket is meant.
        words = _OF_WHICH.sub("", words[words.rindex("(") + 1 :])
    words = _LOOSE_ENDS.sub("", words.strip())
    words = _COMPARED.sub("", words)
    words = _RATE_WORDS_BEHIND.sub(lambda m: m[0] if len(words) <= len(m[0]) else "", words)
    # 增速高于全市18.5个百分点, 降幅较上半年收窄: the rate is the last subject's, not a thing of its own.
    return "" if _OWN_RATE.match(words) else words[-MAX_INDICATOR:]


_SAYS_LITTLE = Rule(
    "figures.nouns.says_little",
    rf"{any_word('vague')}",
    takes=("⟦资金⟧", "⟦设施⟧"),
    leaves=("帮扶资金",),
    at=At.WHOLE,
)
_FEW = 7
"""Characters of examples that are kept before what they are examples of."""
_VERB_BEFORE_EXAMPLES = Rule(
    "figures.nouns.verb_before_examples",
    rf"(?:{patterns_of_reports().list_verb.pattern}|{_DOING.pattern})+",
    takes=("⟦新开办⟧阳湖实验中学等优质学校", "⟦加快推进⟧城东、城西等片区"),
    leaves=("阳湖灌区改造等水利工程",),
    why="Verbs in a row are one: 加快推进.",
    at=At.START,
)


def after_examples(words: str) -> str:
    """新开办新城实验中学等优质学校 → 新开办优质学校: examples before 等 narrow nothing."""
    found = _NAMED_AMONG.fullmatch(words)
    if found is None:
        return words
    verb = _VERB_BEFORE_EXAMPLES.match(words)
    known = canonical_of(found["noun"]) is not None
    if verb is None and known:
        return words
    if not known and (_SAYS_LITTLE.fullmatch(found["noun"]) or found.start("noun") <= _FEW):
        # 国债、专项债等资金: the head alone says nothing; 科创、金融等服务机构: the examples are part of the name.
        return words
    return (verb[0] if verb else "") + found["noun"]


_SEVERAL_NAMED = Rule(
    "figures.nouns.several_named",
    r"等$|、",
    takes=("启用阳湖医院新院⟦等⟧", "新建滨河⟦、⟧望江公园"),
    leaves=("高等教育毛入学率",),
)


def without_examples(words: str) -> str:
    """The verb alone where names of examples stand between it and the figure: 启用安亭医院新院等 → 启用."""
    if not _SEVERAL_NAMED.search(words) or ("“" in words and not words.endswith("等")):
        return words
    verb = _VERB_BEFORE_EXAMPLES.match(words)
    return verb[0] if verb else ""


_VERBS_IN_FRONT = Rule(
    "figures.nouns.verbs_in_front",
    rf"^(?:累计|{patterns_of_reports().list_verb.pattern}|{_DOING.pattern}|[和及并、])+",
    takes=("⟦累计发放⟧助学贷款", "⟦新增和改造⟧农村公路"),
    leaves=("助学贷款发放",),
)


def without_verbs(words: str) -> str:
    """The words without the verbs of doing that they begin with: 累计完成投资 → 投资."""
    return _VERBS_IN_FRONT.sub("", words)


_STAGE_BEHIND = Rule(
    "figures.nouns.stage_behind",
    rf"(?:{STAGES.pattern})$",
    takes=("农房抗震⟦改造⟧", "水利项目⟦开工⟧"),
    leaves=("改造项目",),
)
_STAGE_IN_FRONT = Rule(
    "figures.nouns.stage_in_front",
    rf"^[新已]?(?:{STAGES.pattern})",
    takes=("⟦新开工⟧水利项目", "⟦拨付⟧助学金"),
    leaves=("水利项目开工",),
)


def without_stage(words: str) -> str:
    """What went through a stage: 新开工保障性安居工程 and 保障性安居工程开工 → 保障性安居工程."""
    base = _STAGE_BEHIND.sub("", words)
    return _STAGE_IN_FRONT.sub("", base) or base


_ZONE = Rule(
    "figures.nouns.zone",
    rf"^(?P<place>{HAN}{{2,8}}?{any_word('zones')})(?={HAN}{{2,}})",
    takes=("⟦临江经济开发区⟧产值", "⟦青溪镇⟧茶园面积"),
    leaves=("临江经济开发区", "临江产业规模扩大"),
    why="Words must follow that tell of the zone.",
    at=At.START,
)


def owner_of(words: str) -> str:
    """The park, zone or town that a stretch without figures begins with, "" if none."""
    found = _ZONE.match(strip_lead(words)[0])
    return found["place"] if found is not None else ""


_MARK_IN_TOPIC = Rule(
    "figures.nouns.mark_in_topic",
    r"[、,“”()]",
    takes=("深化⟦“⟧放管服”改革", "茶园⟦、⟧果园基地"),
    leaves=("特色农业基地",),
)


def topic_of(words: str) -> str:
    """What a stretch without figures speaks of, if a predicate says how it does: X发展势头良好, or a verb has it as object."""
    plain = strip_lead(words)[0]
    force = _FORCE.fullmatch(plain)
    at = _PREDICATE.search(plain)
    if force is not None:
        noun = force["noun"]
    elif at is not None and 2 <= at.start() <= 24:
        noun = plain[: at.start()].rstrip("却又也还已则")
    else:
        verb = _CARRIED_ON.match(plain)
        noun = plain[verb.end() :] if verb is not None else ""
    return noun if 2 <= len(noun) <= 24 and not _MARK_IN_TOPIC.search(noun) else ""


_MARK_IN_DEED = Rule(
    "figures.nouns.mark_in_deed",
    r"[、,()]",
    takes=("扩大以旧换新⟦、⟧让利促销", "举办⟦(⟧临江)车展"),
    leaves=("扩大以旧换新",),
)


def cause_of(words: str) -> str:
    """What a stretch without figures did, as a name of what its effects are effects of; "" where it is no short deed."""
    plain = without_verbs(_CARRIED_ON.sub("", strip_lead(words)[0]))
    return plain if 3 <= len(plain) <= 20 and not _MARK_IN_DEED.search(plain) else ""


_SUMS_OF_ACCOUNTS = tuple(load_wording().lists["sums_of_accounts"])


def verbless(left: str) -> str:
    """The words without the verbs that lead to a figure: 固定资产投资完成 → 固定资产投资."""
    if left.endswith(_SUMS_OF_ACCOUNTS) and strip_lead(left)[0] in _SUMS_OF_ACCOUNTS:
        # 收入总计15.4亿元 is a sum of its own and no income that comes to it.
        return left
    return patterns_of_reports().verbs.sub("", left)


def says_not_whose(words: str) -> bool:
    """Whether words are a measure that says not whose it is: 总量, 总投资. A name of an indicator says so by itself."""
    return GENERIC.fullmatch(words) is not None and canonical_of(words) is None


_MEASURE_END = Rule(
    "figures.nouns.measure_end",
    rf"(?<=.{{2}})(?:{GENERIC.pattern})$",
    takes=("乌龙茶⟦总产量⟧", "农商行⟦存款余额⟧"),
    leaves=("总产量", "总产量目标"),
    why="Two characters must be left that say whose it is.",
)
_NUMBER_END = Rule(
    "figures.nouns.number_end",
    rf"(?<=.{{2}}){any_word('numbers')}$",
    takes=("无偿献血⟦人次⟧", "参保⟦户数⟧"),
    leaves=("人数", "人数增长"),
)


def is_measured(words: str) -> bool:
    """Whether words end in a measure and say whose it is: 粮食产量."""
    return _MEASURE_END.search(words) is not None


def without_measure(words: str) -> str:
    """Whose a measure is that words end in: 粮食播种面积 → 粮食; the words where they end in none."""
    return _MEASURE_END.sub("", words)


def without_number(words: str) -> str:
    """What is counted by the word for a number that words end in: 游客人次 → 游客."""
    return _NUMBER_END.sub("", words)


_ACTIVITY_END = Rule(
    "figures.nouns.activity_end",
    r"制度$|(?<=.{2})(?:生产|发展|运行)$",
    takes=("工伤保险⟦制度⟧", "水产品⟦生产⟧"),
    leaves=("生产", "制度改革"),
)


def joined_names(whose: str, measure: str) -> str:
    """居民储蓄存款 and 存款余额 are 居民储蓄存款余额."""
    whose = _ACTIVITY_END.sub("", whose)
    shared = next((n for n in range(min(len(measure) - 1, 4), 1, -1) if whose.endswith(measure[:n])), 0)
    return whose + measure[shared:]


_PLACE_ALONE = Rule(
    "figures.nouns.place_alone",
    rf"{HAN}{{2,4}}(?:街道|[镇乡村]|开发区|园区)",
    takes=("⟦白沙街道⟧", "⟦青溪镇⟧低效用地改造"),
    leaves=("白沙河", "镇村公交"),
)


def is_place_alone(words: str) -> bool:
    """Whether words name a town, a street or a park and nothing of it."""
    return _PLACE_ALONE.fullmatch(words) is not None


def thing_told(words: str) -> str:
    """What the last figure was of, without the place that it was of: 低效用地改造 of 甲镇低效用地改造."""
    place = _PLACE_ALONE.match(words)
    return words[place.end() :] if place is not None and len(words) - place.end() > 1 else words
