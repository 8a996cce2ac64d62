"""What an authority sets, spans year by year, ranks beside amounts, parts of a whole, English figures by their names."""

from __future__ import annotations

import pytest

from index.ingest import ingest
from index.store.embedding import Embedder
from index.store.snapshot import open_snapshot
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from rag.pipeline import AnswerPipeline
from rag.types import Answer, Reason
from tests.builders import make_question, make_report, write_files

OF_THE_REGION = {
    "byline": "——在广西壮族自治区第十四届人民代表大会第三次会议上\n自治区主席 林远山",
    "government": "自治区人民政府",
}
COUNTRY = make_report(
    "一、2013年工作回顾\n国内生产总值增长7.7%。居民消费价格上涨2.6%。\n"
    "二、2014年主要目标和工作安排\n今年要做好以下工作。残疾人生活补助标准提高到每人每月110元。个人所得税起征点由2000元提高到3500元。城镇新增就业1000万人以上。",
    title="2014年国务院政府工作报告",
    byline="——2014年3月5日在第十二届全国人民代表大会第二次会议上\n国务院总理 林远山",
    government="国务院",
)  # fmt: skip
PROVINCE = make_report(
    "一、2024年工作回顾\n粮食总产量达到853.2亿斤，全国第4的地位进一步巩固。外贸增长8.4%，进出口总额突破8000亿元、排西部第二。"
    "全社会研发投入强度2.61%，居西部第1。经营主体总量276.81万户，其中民营经济主体占97.2%。三次产业结构进一步优化，调整为8.3∶41.4∶50.3。"
    "新能源装机达到1.7亿千瓦，电力外送量居全国首位。金融业增加值129.4亿元，占第三产业的10.3%。税收收入312.6亿元。"
    "2024年销售额居前5位的县依次为：清柏、云岭、石门、南浦、沙河。科技进步贡献率上升到56.2%。居民消费价格上涨0.3%。\n二、2025年工作\n生产总值增长5%。",
    title="2025年广西壮族自治区政府工作报告",
    **OF_THE_REGION,
)  # fmt: skip
EARLIER = make_report(
    "一、2023年工作回顾\n居民消费价格下降0.2%。高铁里程达到2750公里。",
    title="2024年广西壮族自治区政府工作报告",
    **OF_THE_REGION,
)
ENGLISH = (
    "REPORT ON THE WORK OF THE GOVERNMENT\nDelivered at the Fifth Session of the National People's Congress of the People's Republic of China on March 5, 2022\nPremier of the State Council\n"
    "I. A Review of Our Work in 2021\nIn 2021, consumer prices rose by 0.9 percent. Grain output reached 683 million metric tons. "
    "A total of 12.69 million new urban jobs were added.\n"
)


@pytest.fixture(scope="module")
def held(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> AnswerPipeline:
    """Reports of the country, one of them in English, and of a province."""
    base = tmp_path_factory.mktemp("set_amounts")
    files: dict[str, str | bytes] = {
        "2014.txt": COUNTRY,
        "2025.txt": PROVINCE,
        "2024.txt": EARLIER,
        "2022-english.txt": ENGLISH,
    }
    ingest([write_files(base / "reports", files)], base / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    return AnswerPipeline(open_snapshot(base / "index", embedder), embedder)


def ask(held: AnswerPipeline, question: str) -> Answer:
    return held.answer(make_question(question))


@pytest.mark.parametrize(
    ("question", "figure"),
    [("2014年残疾人生活补助标准提高到每月多少元", "110元"), ("2014年个税起征点上调到多少", "3500元")],
)
def test_what_an_authority_sets_is_answered_by_its_plan(held: AnswerPipeline, question: str, figure: str) -> None:
    answer = ask(held, question)
    assert not answer.abstained
    assert figure in answer.answer
    assert "目标（计划数）" in answer.answer


@pytest.mark.parametrize("question", ["2014年全国城镇新增就业多少人", "2014年全国残疾人生活补助标准实际提高到了多少元"])
def test_a_plan_stands_for_no_result(held: AnswerPipeline, question: str) -> None:
    assert ask(held, question).abstained


@pytest.mark.parametrize(
    ("question", "told"),
    [
        ("广西2024年粮食总产量多少亿斤，在全国排第几？", ("853.2亿斤", "全国第4")),
        ("广西2024年进出口总额突破8000亿元，在西部排第几？", ("进出口总额排西部第二",)),
        ("广西2024年研发投入强度多少，在西部排第几？", ("2.61%", "西部第1")),
    ],
)
def test_a_rank_is_told_beside_its_amount(held: AnswerPipeline, question: str, told: tuple[str, ...]) -> None:
    answer = ask(held, question)
    assert all(words in answer.answer for words in told)


def test_each_year_of_a_span_is_told_by_itself(held: AnswerPipeline) -> None:
    answer = ask(held, "2023—2024年广西居民消费价格每年涨了多少")
    assert "0.2%" in answer.answer
    assert "0.3%" in answer.answer


def test_of_a_span_that_reports_cover_the_thing_is_missing_and_not_the_time(held: AnswerPipeline) -> None:
    answer = ask(held, "2023—2024年广西地铁票价一共涨了多少")
    assert answer.reason is Reason.INDICATOR_MISSING


@pytest.mark.parametrize(
    "question",
    [
        "2021年全国居民消费价格涨了多少",
        "2021年我国物价涨幅是多少",
        "By how much did China's consumer prices rise in 2021?",
    ],
)
def test_figures_of_an_english_report_answer_to_their_chinese_names(held: AnswerPipeline, question: str) -> None:
    answer = ask(held, question)
    assert not answer.abstained
    assert "0.9%" in answer.answer


@pytest.mark.parametrize(
    "question",
    [
        "广西的经营主体里头，2024年民营的占多大比例？",
        "2024年广西民营经济主体在经营主体中占多少",
        "广西2024年经营主体当中 民营占百分之几",
    ],
)
def test_the_share_of_a_part_is_found_in_whichever_order_it_is_asked(held: AnswerPipeline, question: str) -> None:
    assert "97.2%" in ask(held, question).answer


@pytest.mark.parametrize(
    "question", ["2024年广西三次产业结构各占多少？", "广西2024年三次产业比例", "2024年广西三次产业结构是多少"]
)
def test_the_structure_of_industries_is_three_shares(held: AnswerPipeline, question: str) -> None:
    answer = ask(held, question).answer
    assert all(share in answer for share in ("8.3%", "41.4%", "50.3%"))


def test_what_is_contributed_to_growth_is_a_level(held: AnswerPipeline) -> None:
    assert "56.2%" in ask(held, "2024年广西科技进步对经济增长的贡献率有多大").answer


def test_years_that_are_counted_once_more_are_only_times(held: AnswerPipeline) -> None:
    answer = ask(held, "广西2023年、2024年这两年居民消费价格各是怎么变化的").answer
    assert "0.2%" in answer
    assert "0.3%" in answer


def test_a_place_in_a_row_is_told_in_arabic_digits_too(held: AnswerPipeline) -> None:
    answer = ask(held, "广西2024年进出口总额在西部排老几？")
    assert "第2位" in answer.answer
    assert not answer.abstained


def test_an_amount_is_told_by_no_rate(held: AnswerPipeline) -> None:
    assert ask(held, "2024年广西研发投入量是多少吨").abstained


@pytest.mark.parametrize(
    "question",
    ["2024年广西新能源装机居全国第几", "2024年广西金融业增加值占GDP的比重是多少", "广西2024年税收税率"],
)
def test_what_is_told_of_another_thing_answers_nothing(held: AnswerPipeline, question: str) -> None:
    """A rank of another thing, a share of another whole, an amount for a rate."""
    assert ask(held, question).abstained


def test_a_share_is_told_of_its_own_whole(held: AnswerPipeline) -> None:
    assert "10.3%" in ask(held, "2024年广西金融业增加值占第三产业的比重").answer


def test_a_row_of_places_is_told_as_the_report_tells_it(held: AnswerPipeline) -> None:
    assert "清柏、云岭" in ask(held, "2024年销售额排前5位的县有哪些").answer
