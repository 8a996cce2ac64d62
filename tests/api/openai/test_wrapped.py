"""The question is found inside of what chat tools put around it, in time that grows with the length, and only there."""

from __future__ import annotations

import gc
import time
from functools import partial

import pytest

from api.openai.schemas import MAX_TEXT
from api.openai.wrapped import question_in

ASKED = "2022年白河县粮食产量是多少？"
NOTES = "会议纪要：周五交材料。问题：打印机坏了\nQuestion: who brings tea?"

WRAPPED = {
    "context, then a tag": f"### Task:\nAnswer with the given context.\n\n<context>\n<source id=\"1\" name=\"a.txt\">{NOTES}</source>\n</context>\n\n<user_query>\n{ASKED}\n</user_query>\n",
    "context, then the question": f"### Task:\nRespond with the context.\n### Guidelines:\n- Cite with [id].\n\n<context>\n{NOTES}\n</context>\n\n{ASKED}",
    "a tag inside of the context": f"<context><user_query>2021年黑山县的呢</user_query></context>\n<user_query>{ASKED}</user_query>",
    "a context that ends too soon": f"<context>x</context><query>别的</query></context>\n<query>{ASKED}</query>",
    "tags of another tool": f"<documents><document>{NOTES}</document></documents>\n<question>{ASKED}</question>",
    "one message element": f"<chat_input><user_message>{ASKED}</user_message></chat_input>",
    "pieces of context, then a label": f"Use these pieces of context to answer at the end.\n\n{NOTES}\n\nQuestion: {ASKED}\nHelpful Answer:",
    "labels under headings": f"### Context\n{NOTES}\n\n### Question\n{ASKED}\n\n### Response\n",
    "labels in Chinese": f"已知信息：\n{NOTES}\n\n用户提问：{ASKED}\n回答：",
    "a label alone on its line": f"资料：甲乙丙\n\n**用户问题**：\n{ASKED}",
    "attached files behind": f"{ASKED}\n\n<ATTACHMENT_FILE>\n<FILE_INDEX>File 1</FILE_INDEX>\n<FILE_CONTENT>\n{NOTES}\n</FILE_CONTENT>\n</ATTACHMENT_FILE>\n",
    "a system's part behind": f"{ASKED}\n\n<!-- context of the system -->\n<context.instruction>rules:\n1. x</context.instruction>\n<files_info>\n<file id=\"1\" name=\"a\"></file>\n</files_info>\n<!-- end -->",
    "two files before": f"<file name=\"a\">{NOTES}</file>\n<file name=\"b\">{NOTES}</file>\n{ASKED}",
    "a day in brackets": f"[2026-11-30 15:04:05] {ASKED}",
    "a day on its line": f"Current date: 2026-11-30\n\n{ASKED}",
    "a day and time in Chinese": f"当前时间：2026年11月30日 星期一 15:00\n{ASKED}",
    "a moment": f"2026-11-30T15:00:00+08:00\n{ASKED}",
    "a sentence of the day": f"今天是2026年11月30日。{ASKED}",
    "a sentence of the day in English": f"Today is Monday, November 30, 2026. {ASKED}",
    "a day inside of a tag": f"<user_query>（当前日期：2026-11-30）{ASKED}</user_query>",
}  # fmt: skip

PLAIN = [
    ASKED,
    "截至2022年12月31日，白河县户籍人口多少",
    "2022年12月31日白河县人口。给出数字",
    "固定资产投资 < 500亿元的区有哪些",
    "比较 a<b> 与 c",
    "总投资：多少",
    "第一产业：第二产业是多少",
    "2022年1月15日的报告讲了什么",
    "报告说的主要问题是什么",
    "<b>2022年</b>白河县粮食产量",
    "What did the report of January 15, 2022 say?",
    "2022年：粮食产量，2023年：小麦产量，各是多少",
]

HOSTILE = {
    "open tags": "<a",
    "a long name": "a",
    "pairs": "<a></a>",
    "nested": "<a>",
    "closing tags": "</a>",
    "comments": "<!--",
    "labels": "Question:\n",
    "labels by turns": "Question:\nAnswer:\n",
    "colons": "：",
    "headings": "# 问题\n",
    "newlines": "\n",
    "days": "[2026-11-30]",
    "lines of days": "2026-11-30\n",
    "spaces": " ",
}


@pytest.mark.parametrize("case", WRAPPED)
def test_the_question_is_found(case: str) -> None:
    assert question_in(WRAPPED[case]) == ASKED


@pytest.mark.parametrize("text", PLAIN)
def test_a_persons_words_are_left_whole(text: str) -> None:
    assert question_in(text) == text


@pytest.mark.parametrize("head", ["", "<", "<context>"])
@pytest.mark.parametrize("case", HOSTILE)
def test_the_time_grows_with_the_length(case: str, head: str) -> None:
    """Sixteen times the text takes nowhere near the square of sixteen in time; the longest that is read is read soon."""

    def seconds(length: int) -> float:
        text = (head + HOSTILE[case] * (length // len(HOSTILE[case]) + 1))[:length] + "x"
        taken = []
        # A collection of all that the whole suite holds, which comes with so many objects made, is no part of it.
        gc.disable()
        try:
            for _ in range(3):
                start = time.thread_time()
                partial(question_in, text)()
                taken.append(time.thread_time() - start)
        finally:
            gc.enable()
        return min(taken)

    assert seconds(65_536) <= 60 * max(seconds(4_096), 0.0005)
    assert seconds(MAX_TEXT) <= 2
