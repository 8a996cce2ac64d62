"""Ways of asking that readers of reports of other places used: lists, gaps, plans against results, typing errors."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from index.types import Span
from rag.answer.citing import unlocked_numbers
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Reason
from rag.understand.homophones import Homophones
from tests.builders import make_citation, make_question, make_report, write_files

STONE = make_report(
    "一、2023年工作回顾\n地区生产总值突破800亿元、达到812.6亿元。工业增加值增长5.1%。一般公共预算收入98.6亿元，同口径增长5.2%，自然口径下降1.4%。\n"
    "外贸进出口总额80亿元，其中出口60亿元、进口20亿元。粮食产量40.2万吨、再创历史新高。石林湖景区接待游客35万人次。\n"
    "电子信息、纺织服装、食品加工三大产业分别实现产值98.4亿元、213.6亿元和41.9亿元。"
    "北河村、马家村、石桥村集体经济收入分别达到268万元、156万元和132万元。\n"
    "改造农村户厕4.5万座。新签约项目86个，协议投资额120.4亿元。楼宇空置率由24.8%降至20.6%。剩余贫困人口658户。减少贫困人口2386户。\n"
    "城镇居民人均可支配收入48210元，农村居民人均可支配收入26110元。上海市奉贤区投入帮扶资金5120万元，本级投入帮扶资金2940万元。\n"
    "我们也清醒地看到，发展中还存在不少困难和问题：产业层次不高，财政收支矛盾突出，民生短板较多，营商环境有待优化。面对困难，全市上下克服了很多困难。\n"
    "受原材料涨价影响，规模以上工业利润下降3.2%。安全生产问题仍然突出。主要原因是：企业主体责任落实不到位，基层监管力量不足。\n"
    "二、2024年工作安排\n改造农村户厕2.1万座。安排财政赤字3.5亿元。社会消费品零售总额增长7%，突破300亿元。",
    title="2024年苍林市政府工作报告",
    byline="——2024年1月16日在苍林市第十七届人民代表大会第三次会议上\n苍林市市长 林远山",
    government="苍林市人民政府",
)
CITY_DISTRICT = make_report(
    "一、2021年工作回顾\n东部新城商圈实现零售额286.4亿元。宁波南站发送旅客1260万人次。固定资产投资300亿元。\n二、2022年工作安排\n固定资产投资增长8%。",
    title="2022年宁波市鄞州区政府工作报告",
    byline="——2022年1月16日在宁波市鄞州区第十九届人民代表大会第一次会议上",
    government="区人民政府",
)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    """An invented city and a real district; nobody tells of 2021 but the district."""
    base: Path = tmp_path_factory.mktemp("further")
    files: dict[str, str | bytes] = {"a.txt": STONE, "b.txt": CITY_DISTRICT}
    ingest([write_files(base / "reports", files)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


def told(answer: Answer) -> set[str]:
    return {f"{v.value}{v.unit}" for v in answer.values}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2023年苍林市三大产业中哪个产值最大?", {"213.6亿元"}),
        ("2023年苍林市电子信息、纺织服装、食品加工三大产业里哪个产值最低", {"41.9亿元"}),
        ("2023年苍林市北河村的集体经济收入比马家村多多少万元", {"112万元"}),
        ("2023年苍林市城镇居民人均可支配收入比农村居民人均可支配收入高多少元", {"22100元"}),
        ("苍林市2024年计划改造的农村户厕比2023年实际改造的少多少万座", {"-2.4万座"}),
        ("2023年苍林市出口相当于外贸进出口总额的百分之几", {"75.0%"}),
        ("2023年苍林市外贸进出口总额里，出口占比是多少", {"75.0%"}),
        ("按自然口径，2023年苍林市一般公共预算收入增减多少", {"98.6亿元", "-1.4%"}),
        ("2023年苍林市新签约项目多少个，协议投资额多少？", {"86个", "120.4亿元"}),
        ("2023年上海奉贤区给苍林市投入了多少帮扶资金", {"5120万元"}),
        ("2024年苍林市安排的财政赤字是多少", {"3.5亿元"}),
        ("2024年苍林市社会消费品零售总额力争突破多少", {"300亿元", "7%"}),
        ("2023年苍林市还有多少户贫困人口没脱贫", {"658户"}),
        ("2021年宁波东部新城商圈的零售额是多少", {"286.4亿元"}),
        ("宁波南站2021年发送旅客多少人次", {"1260万人次"}),
        ("2021年固定资产投资是多少", {"300亿元"}),
    ],
)  # fmt: skip
def test_the_figure_that_is_meant(asked: AnswerPipeline, question: str, expected: set[str]) -> None:
    """Each is stated in the reports or follows from two figures of them."""
    assert told(asked.answer(make_question(question))) == expected


def test_an_exact_figure_goes_before_the_threshold_that_it_passed(asked: AnswerPipeline) -> None:
    """突破800亿元、达到812.6亿元 is 812.6亿元."""
    answer = asked.answer(make_question("2023年苍林市地区生产总值是多少"))
    assert told(answer) == {"812.6亿元"}


def test_homophones_are_read_as_what_the_reports_say(asked: AnswerPipeline) -> None:
    """What was typed by its sound is answered, as it stands or put right with a note; the question stays as it was asked."""
    question = "2023年苍林市接带游科多少万人次"
    answer = asked.answer(make_question(question))
    assert told(answer) == {"35万人次"}
    assert answer.notes in ((), ("read as: 2023年苍林市接待游客多少万人次",))
    assert answer.question == question


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("粮食产凉有多少", "粮食产量有多少"),
        ("可支陪收入是多少", "可支配收入是多少"),
        ("粮食产量有多少", "粮食产量有多少"),
        ("外星人数量", "外星人数量"),
    ],
)
def test_only_homophones_are_put_right(asked: AnswerPipeline, typed: str, meant: str) -> None:
    """What the reports hold stays, and so does what nothing in them sounds like."""
    assert Homophones(asked.snapshot.postings.sentences).corrected(typed, []) == meant


def test_names_of_places_are_never_put_right(asked: AnswerPipeline) -> None:
    """苍霖 sounds like 苍林."""
    assert Homophones(asked.snapshot.postings.sentences).corrected("苍霖市出口", [Span(0, 3)])[:3] == "苍霖市"


def test_a_thing_in_a_larger_place_never_answers_for_that_place(asked: AnswerPipeline) -> None:
    """宁波的固定资产投资 is asked of the city, of which no report is held."""
    answer = asked.answer(make_question("2021年宁波固定资产投资是多少"))
    assert answer.reason is Reason.REGION_MISSING


def test_a_record_contradicts_a_fall(asked: AnswerPipeline) -> None:
    """再创历史新高 is no 减产."""
    answer = asked.answer(make_question("2023年苍林市粮食产量为什么减产了"))
    assert answer.reason is Reason.PREMISE_FALSE


def test_a_narrower_thing_is_not_the_one_that_its_words_hold(asked: AnswerPipeline) -> None:
    """软件业增加值 is neither 工业增加值 nor 地区生产总值."""
    assert asked.answer(make_question("2023年苍林市软件业增加值增长多少")).abstained


def test_a_reason_may_follow_the_sentence_that_tells_what_it_is_of(asked: AnswerPipeline) -> None:
    """主要原因是 stands alone in its sentence."""
    answer = asked.answer(make_question("苍林市2024年政府工作报告分析，安全生产问题仍然突出的原因是什么"))
    assert "主体责任落实不到位" in answer.answer


def test_troubles_are_told_by_the_sentence_that_lists_them(asked: AnswerPipeline) -> None:
    """A sentence that only says 困难 again is none."""
    answer = asked.answer(make_question("2024年苍林市政府工作报告承认还存在哪些困难和问题"))
    assert "产业层次不高" in answer.answer


def test_who_asks_when_is_not_told_a_name(asked: AnswerPipeline) -> None:
    """No sentence says when the mayor was born."""
    assert asked.answer(make_question("苍林市市长林远山是哪年出生的")).abstained


def test_an_english_question_may_name_a_place_that_only_its_sound_names(asked: AnswerPipeline) -> None:
    """苍林市 is in no gazetteer."""
    answer = asked.answer(make_question("What was the GDP of Canglin City in 2023?"))
    assert told(answer) == {"812.6亿元"}


def test_the_year_of_the_report_is_that_of_its_now(asked: AnswerPipeline) -> None:
    """去年 in a question on the report of 2024 is 2023, whenever it is asked."""
    answer = asked.answer(make_question("按2024年苍林市政府工作报告，去年粮食产量是多少", day=dt.date(2026, 5, 1)))
    assert told(answer) == {"40.2万吨"}


def test_a_line_may_break_inside_a_number() -> None:
    """A quotation of a hard-wrapped source holds the number that its cleaned text states."""
    citation = make_citation("分别达到11286元和10\n974元")
    assert unlocked_numbers("10974元", [citation], [], []) == []
    assert unlocked_numbers("10975元", [citation], [], []) == ["10975"]


APART = make_report(
    "一、2023年工作回顾\n粮食（不包括大豆）产量365万吨。北辰经济开发区引进项目到位资金38.2亿元，南岭经济开发区完成产值248.6亿元。\n"
    "云湾国际机场旅客吞吐量1781万人次。中央商务区单位面积税收达到2680元/平方米。农村贫困人口减少1386万。\n"
    "新能源汽车新上牌37万辆。碳酸锂13.5万吨。石林港集装箱吞吐量跃居全国第3位。\n"
    "工业投资占固定资产投资比重从2020年的17.9%提升到35.5%。城镇新增就业20.1万人。\n"
    "二、2024年工作安排\n城镇新增就业22万人以上。",
    title="2024年苍林市政府工作报告",
    byline="——2024年1月16日在苍林市第十七届人民代表大会第三次会议上\n苍林市市长 林远山",
    government="苍林市人民政府",
)  # fmt: skip


@pytest.fixture(scope="module")
def apart(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    base: Path = tmp_path_factory.mktemp("apart")
    folder = write_files(base / "reports", {"a.txt": APART})
    ingest([folder], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


@pytest.mark.parametrize(
    "question",
    [
        "2023年苍林市大豆产量是多少?",
        "北辰经济开发区2023年完成产值多少亿元?",
        "2023年云湾国际机场国际旅客吞吐量多少万人次?",
        "苍林市中央商务区2023年一共收了多少税?",
        "2023年苍林市新能源汽车产量是多少?",
        "2023年石林港集装箱吞吐量多少万标箱?",
        "2023年苍林市粮食产量居全国第几?",
    ],
)
def test_what_is_left_out_or_of_another_is_no_answer(apart: AnswerPipeline, question: str) -> None:
    """The excepted, another measure, the whole of a part, a rate per square metre, and a place in a row for an amount."""
    assert apart.answer(make_question(question)).abstained


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2023年苍林市农村贫困人口减少了多少人?", {"-1386万"}),
        ("2023年苍林市工业投资占固定资产投资的比重比2020年提高了多少个百分点?", {"17.6个百分点"}),
        ("2024年苍林市计划实现城镇新增就业多少万人以上?", {"22万人"}),
        ("2023年苍林市碳酸锂产量是多少?", {"13.5万吨"}),
        ("2023年石林港集装箱吞吐量居全国第几位?", {"3位"}),
        ("市政府给2024年定的城镇新增就业目标是多少?", {"22万人"}),
    ],
)
def test_amounts_without_a_unit_and_differences_of_shares(
    apart: AnswerPipeline, question: str, expected: set[str]
) -> None:
    """减少1386万 counts people; a share is compared with that of another year."""
    assert told(apart.answer(make_question(question))) & expected


def test_a_province_is_meant_by_its_short_name(asked: AnswerPipeline) -> None:
    """海南 is the province and no prefecture of that name; the nation that places are counted in is not asked for."""
    assert asked.answer(make_question("海南2025年接待游客多少?")).understood.regions == ("海南省",)
    assert asked.answer(make_question("重庆2025年汽车产量全国第几?")).understood.regions == ("重庆市",)


def test_years_in_brackets_are_the_time_that_is_asked(apart: AnswerPipeline) -> None:
    """后的五年(2013—2017年)"""
    answer = apart.answer(make_question("换届后的五年(2013—2017年),苍林市城镇新增就业多少?"))
    assert answer.understood.periods == ("2013/2017",)


def test_words_that_narrow_a_known_indicator_ask_for_a_figure(asked: AnswerPipeline) -> None:
    """边贸进出口 is no text to look for: without its figure no sentence on other trade answers."""
    assert asked.answer(make_question("2023年苍林市边贸进出口")).abstained
    assert told(asked.answer(make_question("2023年苍林市外贸进出口"))) >= {"80亿元"}


SAID = make_report(
    "一、2023年工作回顾\n老旧小区改造38个，惠及居民1.2万户。免费培训农民工2.6万人次。城镇居民人均可支配收入48210元，农村居民人均可支配收入26110元。"
    "过去五年固定资产投资年均增长10.2%，五年累计完成投资286亿元。大病保险报销比例由55%提高到65%。出让土地418亩。\n"
    "投资下降的另一个原因是重大项目储备不足，因而接续乏力。\n"
    "二、2024年工作安排\n城镇新增就业22万人。\n"
    "名词解释\n1.“一网通办”：指依托全市统一平台，实现政务服务一网受理。\n2.“双减”：指减轻学生作业负担和校外培训负担。",
    title="2024年苍林市北泽区政府工作报告",
    byline="——2024年1月16日在苍林市北泽区第七届人民代表大会第三次会议上\n北泽区区长 林远山",
    government="北泽区人民政府",
)  # fmt: skip


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    """A district that no gazetteer knows, in a city that none knows."""
    base: Path = tmp_path_factory.mktemp("said")
    ingest(
        [write_files(base / "reports", {"a.txt": SAID})], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions()
    )
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("2023年北泽区出让土地多少亩", {"418亩"}),
        ("2023年苍林北泽区出让土地多少亩", {"418亩"}),
        ("2023年北泽给多少进城打工的做了免费培训", {"2.6万人次"}),
        ("2023年北泽区翻新了多少个老小区", {"38个"}),
        ("How many old residential communities were renovated in Beize District in 2023?", {"38个"}),
        ("2023年北泽区城乡居民人均可支配收入分别是多少", {"48210元", "26110元"}),
        ("2019至2023年北泽区累计完成固定资产投资多少亿元", {"286亿元", "10.2%"}),
        ("2024年北泽区政府工作报告中,去年大病保险报销比例提高到多少", {"65%"}),
    ],
)
def test_other_words_and_other_names(said: AnswerPipeline, question: str, expected: set[str]) -> None:
    """Everyday Chinese, English, a district's own name, and both halves of 城乡."""
    assert told(said.answer(make_question(question))) == expected


def test_the_amount_that_is_asked_is_in_the_wording(said: AnswerPipeline) -> None:
    """Level and growth of two clauses are both said."""
    answer = said.answer(make_question("2019至2023年北泽区累计完成固定资产投资多少亿元"))
    assert "286亿元" in answer.answer
    assert "10.2%" in answer.answer


def test_a_term_is_explained_by_the_note_on_it(said: AnswerPipeline) -> None:
    """Numbered notes behind the report are no headings."""
    answer = said.answer(make_question("2024年北泽区政府工作报告里,双减指的是什么"))
    assert "减轻学生作业负担" in answer.answer
    assert "一网受理" not in answer.answer


def test_another_reason_is_a_reason(said: AnswerPipeline) -> None:
    answer = said.answer(make_question("2024年北泽区政府工作报告说,投资下降的另一个原因是什么"))
    assert "重大项目储备不足" in answer.answer


def test_what_asks_for_a_count_is_no_typing_error(said: AnswerPipeline) -> None:
    """几条 stands in no report, and is not put right to what does."""
    answer = said.answer(make_question("2023年北泽区有几条地铁线路"))
    assert answer.abstained
    assert answer.notes == ()


def test_a_count_of_a_thing_is_no_count_of_what_was_done_to_it(snapshot_folder: Path, embedder: Embedder) -> None:
    """全区864个小区…实施封闭管理 does not say how many were renovated."""
    pipeline = AnswerPipeline(open_snapshot(snapshot_folder, embedder), embedder)
    answer = pipeline.answer(make_question("2020年嘉定区翻新了多少老小区"))
    assert answer.abstained
