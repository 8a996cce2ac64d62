"""Talk: greetings, the last answer told again as it is asked, follow-ups, and what no report tells."""

from __future__ import annotations

import pytest

from rag.pipeline import AnswerPipeline
from rag.types import Reason, Telling
from rag.understand.talk import without_talk
from tests.builders import make_question

ASKED = "2023年岱川市地区生产总值是多少"


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("用表格列出来", Telling.TABLE),
        ("把上面的结果做成表格", Telling.TABLE),
        ("能用英文回答吗？", Telling.ENGLISH),
        ("你确定吗？", Telling.SURE),
        ("真的吗", Telling.SURE),
        ("出处在哪里？", Telling.SOURCE),
        ("这个数字从哪里来的", Telling.SOURCE),
        ("继续", Telling.AGAIN),
        ("请再说一遍", Telling.AGAIN),
    ],
)
def test_a_form_is_asked_of_the_question_before(text: str, telling: Telling) -> None:
    talked = without_talk(make_question(text, ASKED))
    assert (talked.question.text, talked.question.history, talked.telling) == (ASKED, (), telling)


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("谢谢，那2022年呢？", "那2022年呢？"),
        ("你好，2023年岱川市粮食产量是多少", "2023年岱川市粮食产量是多少"),
        ("继续教育培训了多少人", "继续教育培训了多少人"),
        ("好的学校有多少", "好的学校有多少"),
        ("英语教师有多少人", "英语教师有多少人"),
        ("那是什么", "那是什么"),
    ],
)
def test_what_is_asked_beside_talk_stays(text: str, asked: str) -> None:
    talked = without_talk(make_question(text, ASKED))
    assert (talked.question.text, talked.telling) == (asked, Telling.PLAIN)


def test_a_table_has_a_row_for_each_figure(city: AnswerPipeline) -> None:
    for answer in (
        city.answer(make_question("做成表格", "2022年和2023年岱川市地区生产总值各是多少")),
        city.answer(make_question("请用表格列出2022年和2023年岱川市地区生产总值")),
    ):
        rows = answer.answer.splitlines()
        assert rows[0] == "| 地区 | 时间 | 指标 | 数据 | 出处 |"
        assert rows[2] == "| 岱川市 | 2022 | 地区生产总值 | 803.4亿元 | [1] |"
        assert len(rows) == 2 + len(answer.values)


def test_doubt_is_met_with_the_words_of_the_report(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("你确定吗", ASKED))
    assert answer.answer.startswith("2023年，岱川市地区生产总值完成846.9亿元")
    assert answer.citations[0].quote in answer.answer
    assert answer.understood.carried == ("region", "period", "indicator")


def test_the_last_answer_in_english(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("用英文回答", ASKED))
    assert "84.69 billion yuan" in answer.answer


def test_talk_between_is_passed_over(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("谢谢，那2022年呢？", ASKED, "你确定吗"))
    assert "803.4亿元" in answer.answer


def test_a_greeting_says_what_can_be_asked(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("你好"))
    assert answer.reason is Reason.OUT_OF_SCOPE
    example = answer.answer.rpartition("例如可以问：")[2]
    assert not city.answer(make_question(example)).abstained
    assert city.answer(make_question("谢谢", ASKED)).answer == "不客气，可以接着问。"


@pytest.mark.parametrize(
    ("history", "text", "told"),
    [
        (ASKED, "那2022年呢", "803.4亿元"),
        (ASKED, "城镇新增就业呢", "2.46万人"),
        ("2023年岱川市一般公共预算收入增长多少", "禾丰县呢", "禾丰县"),
        (ASKED, "和2022年相比呢", "803.4亿元"),
        ("2023年禾丰县地区生产总值增长多少", "那增速最低的县是哪个", "柳桥区最低"),
        ("2023年禾丰县粮食产量增长多少", "柳桥区呢", "8.6万吨"),
    ],
)
def test_a_follow_up_is_known_by_itself(city: AnswerPipeline, history: str, text: str, told: str) -> None:
    answer = city.answer(make_question(text, history))
    assert told in answer.answer
    assert answer.understood.carried


def test_another_thing_that_is_not_told_is_answered_by_no_passage(city: AnswerPipeline) -> None:
    assert city.answer(make_question("常住人口呢", ASKED)).abstained


def test_a_follow_up_on_nothing_says_so(city: AnswerPipeline) -> None:
    answer = city.answer(make_question("那2022年呢"))
    assert answer.reason is Reason.AMBIGUOUS


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("你觉得岱川市发展得好吗", "看法"),
        ("林则安是谁", "个人"),
        ("岱川市长人怎么样", "个人"),
        ("今天午饭吃什么", "范围"),
    ],
)
def test_what_no_report_tells_is_refused_as_such(city: AnswerPipeline, text: str, told: str) -> None:
    answer = city.answer(make_question(text))
    assert answer.reason is Reason.OUT_OF_SCOPE
    assert told in answer.answer
