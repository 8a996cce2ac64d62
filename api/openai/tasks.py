"""Prompts by which chat tools ask for a title, tags and the like: answered from the chat itself, without retrieval.

They are sent to the model of the chat. A backend that takes them for questions spends a search on each and shows
nonsense where a title should stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from api.openai.schemas import MAX_TEXT

_TITLE_LENGTH = 24

# Anybody can send what these read: none may look at a character more than a few times, so no two neighbours of a pattern
# can share a run, and a pair of tags is found by its two ends.

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_CHAT_STARTS, _CHAT_ENDS = "<chat_history>", "</chat_history>"
_USER_LINE = re.compile(r"(?im)^[^\S\n]*(?:user|human|用户)\s*[:：]\s*(\S.*)")
_FOLLOW_UP = re.compile(r"(?i)follow[- ]?up (?:question|input)\s*:")
_STANDALONE = "standalone question"


def reply_to_task(turns: Sequence[tuple[str, str]]) -> str | None:
    """The reply to a prompt of a chat tool's own; None where a person asks. ``turns`` are pairs of role and text.

    What is longer than one text of a request may be (a message joined from many parts) is not read: such a message is no
    prompt, and such instructions name no task.
    """
    asked = [text for role, text in turns if role == "user" and text.strip()]
    if not asked or len(asked[-1]) > MAX_TEXT:
        return None
    instructions = [text for role, text in turns if role in ("system", "developer")]
    rules = "\n".join(instructions) if sum(map(len, instructions)) <= MAX_TEXT else ""
    for pattern, reply in _TASKS:
        ruled = pattern.search(rules) is not None
        if pattern.search(asked[-1]) or (ruled and reply is not _follow_ups):
            # What is said before the task is the chat it is about; Open WebUI puts that inside of the task instead.
            told = asked[:-1] or _told_in(asked[-1])
            return reply(told or ([asked[-1]] if ruled else []), asked[-1])
    return None


def _told_in(prompt: str) -> list[str]:
    """The user's lines of a chat that is quoted inside a prompt."""
    start = prompt.find(_CHAT_STARTS)
    end = prompt.find(_CHAT_ENDS, start) if start >= 0 else -1
    quoted = prompt[start + len(_CHAT_STARTS) : end] if end >= 0 else prompt
    return [line.strip() for line in _USER_LINE.findall(quoted)]


def _first(told: Sequence[str]) -> str:
    return re.sub(r"\s+", " ", told[0]).strip(" ?？。.!！") if told else ""


def _short(told: Sequence[str], prompt: str) -> str:
    words = _first(told)
    if not words:
        return "政府工作报告" if _HAN.search(prompt) else "Government work reports"
    return words if len(words) <= _TITLE_LENGTH else words[: _TITLE_LENGTH - 1] + "…"


def _title_json(told: Sequence[str], prompt: str) -> str:
    return json.dumps({"title": _short(told, prompt)}, ensure_ascii=False)


def _tags(told: Sequence[str], prompt: str) -> str:
    years = list(dict.fromkeys(_YEAR.findall(" ".join(told))))[:2]
    word = "政府工作报告" if _HAN.search(" ".join(told) or prompt) else "Government Reports"
    return json.dumps({"tags": [word, *years]}, ensure_ascii=False)


def _follow_ups(told: Sequence[str], prompt: str) -> str:
    """Follow-ups that the service can answer: the same asked of the year before, and of the target."""
    last = told[-1] if told else ""
    year = _YEAR.search(last)
    english = bool(last) and not _HAN.search(last)
    if not last:
        found: list[str] = []
    elif year is None:
        found = ["What about the year before?"] if english else ["上一年呢？", "今年的目标是多少？"]
    else:
        earlier, later = int(year[1]) - 1, int(year[1]) + 1
        found = (
            [f"What about {earlier}?", f"What was the target for {later}?"]
            if english
            else [f"{earlier}年呢？", f"{later}年的目标是多少？"]
        )
    return json.dumps({"follow_ups": found}, ensure_ascii=False)


def _queries(told: Sequence[str], prompt: str) -> str:
    """No searches elsewhere: the reports are searched here."""
    del told, prompt
    return json.dumps({"queries": []})


def _no_completion(told: Sequence[str], prompt: str) -> str:
    del told, prompt
    return json.dumps({"text": ""})


def _no_tools(told: Sequence[str], prompt: str) -> str:
    del told, prompt
    return json.dumps({"tool_calls": []})


def _emoji(told: Sequence[str], prompt: str) -> str:
    del told, prompt
    return "📊"


def _standalone(told: Sequence[str], prompt: str) -> str:
    """The follow-up as it is: earlier turns are read when it is asked."""
    label = _FOLLOW_UP.search(prompt)
    asked = prompt[label.end() :].strip() if label else ""
    # The prompt ends where the reply is to begin.
    before = asked.removesuffix(":").rstrip()
    if before[-len(_STANDALONE) :].lower() == _STANDALONE:
        asked = before[: -len(_STANDALONE)].rstrip()
    return asked or _short(told, prompt)


_TASKS: tuple[tuple[re.Pattern[str], Callable[[Sequence[str], str], str]], ...] = (
    # Open WebUI: every task names its JSON field, and its autocompletion says what it is.
    (re.compile(r'(?s)^\s*### Task:.*"follow_ups"\s*:'), _follow_ups),
    (re.compile(r'(?s)^\s*### Task:.*"tags"\s*:'), _tags),
    (re.compile(r'(?s)^\s*### Task:.*"queries"\s*:'), _queries),
    (re.compile(r'(?s)^\s*### Task:.*"title"\s*:'), _title_json),
    (re.compile(r"(?s)^\s*### Task:.*autocompletion system"), _no_completion),
    (re.compile(r"(?s)^\s*### Task:.*image generation"), _short),
    (re.compile(r"(?s)^Available Tools:.*tool_calls"), _no_tools),
    (re.compile(r"(?i)speaker's likely facial expression through a fitting emoji"), _emoji),
    # LibreChat, Chatbox, NextChat, LobeChat and Cherry Studio.
    (re.compile(r"(?i)provide a concise, \d+-word-or-less title for the conversation"), _short),
    (re.compile(r"(?i)(?:based on the chat history, give this conversation a name|generate a (?:short|concise)[^.]{0,40} title)"), _short),
    (re.compile(r"使用四到五个字直接返回这句话的简要主题"), _short),
    (re.compile(r"(?:将|把)(?:用户的)?(?:会话|对话|聊天)(?:内容)?总结为\s*\d+\s*个字以内的标题"), _short),
    # LangChain and others, before they search: the question without its chat.
    (re.compile(r"(?i)rephrase the follow[- ]?up question to be a standalone question"), _standalone),
)  # fmt: skip
