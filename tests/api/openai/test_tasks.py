"""Prompts of chat tools are told from questions in time that grows with their length, whatever they hold."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial

import pytest

from api.openai.schemas import MAX_TEXT
from api.openai.tasks import reply_to_task

REPHRASE = "Rephrase the follow up question to be a standalone question.\n"
TITLE = '### Task:\nJSON format: { "title": "" }\n'

HOSTILE: dict[str, tuple[str, str]] = {
    "spaces": ("", " "),
    "newlines": ("", "\n"),
    "spaces and newlines": ("", " \n\t"),
    "spaces of a task": ("### Task:", " "),
    "fields of a task": ("### Task:", '"follow_ups" '),
    "fields and spaces": ("### Task:", '"title"' + " " * 40),
    "follow-up labels": ("", "follow up question:"),
    "follow-up labels to rephrase": (REPHRASE, "follow up question:"),
    "spaces to rephrase": (REPHRASE + "Follow up input: x", " "),
    "ends to rephrase": (REPHRASE + "Follow up input: x", " standalone question"),
    "labels and newlines to rephrase": (REPHRASE, "follow up question \n\n"),
    "user labels": ("", "user:"),
    "user labels of a task": (TITLE, "user:"),
    "user lines of a task": (TITLE, "user:\n"),
    "user lines and spaces of a task": (TITLE, "user \n\n"),
    "newlines of a task": (TITLE, "\n"),
    "spaces behind a task": (TITLE, " "),
    "open tags of a task": (TITLE, "<chat_history>"),
    "closed tags of a task": (TITLE, "</chat_history>"),
    "open tags": ("", "<chat_history>"),
    "titles": ("", "generate a short "),
    "titles in Chinese": ("", "将对话总结为 1"),
    "digits of titles": ("provide a concise, ", "1"),
}


def seconds(work: Callable[[], object]) -> float:
    """The least of three runs' time of the processor."""
    taken = []
    for _ in range(3):
        start = time.thread_time()
        work()
        taken.append(time.thread_time() - start)
    return min(taken)


def filled(case: str, length: int) -> str:
    head, piece = HOSTILE[case]
    return (head + piece * (length // len(piece) + 1))[:length]


@pytest.mark.parametrize("role", ["user", "system"])
@pytest.mark.parametrize("case", HOSTILE)
def test_the_time_grows_with_the_length(case: str, role: str) -> None:
    """Of a message and of instructions: sixteen times the text takes nowhere near the square of sixteen in time."""

    def reply(length: int) -> str | None:
        # The letter behind keeps white space from being no message at all.
        return reply_to_task([(role, filled(case, length) + "x"), *([("user", "x")] if role == "system" else [])])

    short, long = seconds(partial(reply, 4_096)), seconds(partial(reply, 65_536))
    assert long <= 60 * max(short, 0.0005)
    for length in (1_024, 8_192, 32_768):
        assert seconds(partial(reply, length)) <= 0.05


def test_a_task_about_a_long_chat_is_still_one() -> None:
    """Tens of thousands of characters of quoted chat."""
    chat = "USER: 2022年白河县粮食产量多少?\nASSISTANT: " + "白河县粮食产量三十万吨。\n" * 4_000
    prompt = f"{TITLE}<chat_history>\n{chat}</chat_history>"
    assert 40_000 < len(prompt) < MAX_TEXT
    assert reply_to_task([("user", prompt)]) == '{"title": "2022年白河县粮食产量多少"}'


def test_what_is_longer_than_any_text_of_a_request_is_no_task() -> None:
    """Parts of a message and several instructions are joined, and may be many."""
    long = TITLE + "x" * MAX_TEXT
    assert reply_to_task([("user", long)]) is None
    assert reply_to_task([("system", TITLE), ("system", long), ("user", "2022年白河县粮食产量")]) is None
    assert reply_to_task([("system", TITLE), ("user", "2022年白河县粮食产量")]) == '{"title": "2022年白河县粮食产量"}'


@pytest.mark.parametrize(
    ("prompt", "told"),
    [
        ("USER: 甲县\nASSISTANT: 好\nUSER: 乙县", "甲县"),
        ("  用户：甲县", "甲县"),
        ("Human:\n\n甲县\n", "甲县"),
        ("<chat_history>\nuser : 甲县\n</chat_history>\nUSER: 乙县", "甲县"),
        ("<chat_history>\nUSER: 甲县", "甲县"),
        ("</chat_history>\nUSER: 甲县", "甲县"),
        ("USER:  \n", "Government work reports"),
    ],
)
def test_the_chat_of_a_task_is_what_its_user_said(prompt: str, told: str) -> None:
    """Inside of the tags where there is a pair of them, else anywhere."""
    assert reply_to_task([("user", TITLE + prompt)]) == f'{{"title": "{told}"}}'


@pytest.mark.parametrize(
    ("prompt", "asked"),
    [
        ("Follow Up Input: 那2021年呢?\nStandalone question:", "那2021年呢?"),
        ("Follow-up question : 那2021年呢? \n\n STANDALONE QUESTION : \n", "那2021年呢?"),
        ("followup question: 那2021年呢?", "那2021年呢?"),
        ("Follow up question: 那2021年呢:", "那2021年呢:"),
        ("Follow up question:\n那2021年\n呢\nStandalone question", "那2021年\n呢"),
        ("Follow up question:\nStandalone question:", "Government work reports"),
    ],
)
def test_a_follow_up_is_told_as_it_is(prompt: str, asked: str) -> None:
    """Without the label behind which the reply is to stand."""
    assert reply_to_task([("user", REPHRASE + prompt)]) == asked


ASKED = "2022年白河县粮食产量多少"
REWORDED = {
    "Come up with a brief headline for this conversation, at most 6 words.": ASKED,
    "给上面的对话起一个不超过10个字的标题": ASKED,
    'Name this chat. Reply as JSON: {"name": "…"}': f'{{"name": "{ASKED}"}}',
    '请为这段聊天打上三个标签，返回 JSON：{"labels": []}': '{"labels": ["政府工作报告", "2022"]}',
    "Assign one to three keywords to this dialogue, separated by commas.": "政府工作报告, 2022",
    "根据以上内容，给出三个用户可能继续追问的问题，每行一个": "2021年呢？\n2023年的目标是多少？",
    "Suggest three further questions for this discussion as a JSON array.": '["2021年呢？", "2023年的目标是多少？"]',
}


@pytest.mark.parametrize("prompt", REWORDED)
def test_a_task_in_other_words_is_one(prompt: str) -> None:
    """Told by what is to be made, and of what."""
    assert reply_to_task([("user", ASKED), ("assistant", "30万吨"), ("user", prompt)]) == REWORDED[prompt]


def test_rules_for_titles_in_other_words_are_seen() -> None:
    rules = "You are a titling assistant. Given the user's message, produce a conversation title of at most 6 words."
    assert reply_to_task([("system", rules), ("user", ASKED)]) == ASKED


@pytest.mark.parametrize(
    "question",
    [
        ASKED, "2022年外资企业座谈对话会的主题是什么", "总结一下2022年白河县的主要工作", "列出报告中提到的对话平台名称", "政府与企业建立的对话机制有哪些",
        "What is the title of the 2022 report?", "推荐白河县2023年的重点项目名称", "Give the name of the county that grew fastest", "白河县聊天软件企业的名称有哪些",
    ],
)  # fmt: skip
def test_a_question_with_such_words_is_none(question: str) -> None:
    assert reply_to_task([("user", ASKED), ("assistant", "30万吨"), ("user", question)]) is None


@pytest.mark.parametrize(
    "rules",
    [
        "You are a helpful assistant. Be concise. Always give the title of the report in this chat.",
        "你是政府报告助手。请结合对话历史，简洁地回答用户的提问，给出指标名称。",
        "Answer the user's messages. Provide the name of the place and the year.",
    ],
)
def test_rules_for_answering_are_none(rules: str) -> None:
    assert reply_to_task([("system", rules), ("user", ASKED)]) is None
