"""Prompts by which chat tools ask for a title, tags and the like: answered from the chat itself, without retrieval.

They are sent to the model of the chat. A backend that takes them for questions spends a search on each and shows
nonsense where a title should stand.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence

from api.openai.schemas import MAX_TEXT
from api.openai.wrapped import around, question_in

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
            told = [question_in(text) for text in asked[:-1]] or _told_in(asked[-1])
            return reply(told or ([asked[-1]] if ruled else []), asked[-1])
    return _reworded(asked, rules)


def _reworded(asked: Sequence[str], rules: str) -> str | None:
    """The reply to a prompt that asks for a thing made of the chat, in whatever words; None where it asks of reports.

    Such a prompt says what is to be made (a title, tags, what may be asked next), that the chat is what to make it of, and to make
    it. What speaks of reports is none; rules that a question stands under name a length besides, as rules for answering do not.
    """
    for prompt, ruled in ((asked[-1], False), (rules, True)):
        order = around(_without_chat(prompt))[:_LONGEST_ORDER]
        if (
            not (_OF_THE_CHAT.search(order) and _MAKES.search(order))
            or _OF_REPORTS.search(order)
            or (ruled and not _OF_LENGTH.search(order))
        ):
            continue
        reply = next((reply for pattern, reply in _MADE if pattern.search(order)), None)
        if reply is None or (ruled and reply is _next_ones):
            continue
        told = (
            [question_in(text) for text in asked[:-1]]
            or _told_in(prompt if not ruled else asked[-1])
            or ([asked[-1]] if ruled else [])
        )
        return reply(told, order)
    return None


_LONGEST_ORDER = 3000


def _without_chat(prompt: str) -> str:
    """A prompt without the chat that it quotes: what is said there orders nothing."""
    start, end = prompt.find(_CHAT_STARTS), prompt.rfind(_CHAT_ENDS)
    if 0 <= start < end:
        return prompt[:start] + prompt[end:]
    quoted = _USER_LINE.search(prompt)
    return prompt[: quoted.start()] if quoted is not None and quoted.start() > 0 else prompt


_OF_THE_CHAT = re.compile(
    r"(?i)\b(?:conversation|chat|dialog(?:ue)?|discussion|messages?|exchange)\b|会话|对话|聊天|上文|以上内容|上述内容|用户的(?:消息|提问|首个)|对话内容"
)
_MAKES = re.compile(
    r"(?i)\b(?:generate|create|write|produce|provide|give|suggest|propose|name|come up|summari[sz]e|categori[sz]e|assign|pick|choose|return|reply|list)\b"
    r"|生成|起一?个|取一?个|拟|写一?个|给出|提供|推荐|建议|总结|概括|提炼|归纳|返回|列出|命名|打上?"
)
_OF_LENGTH = re.compile(
    r"(?i)\d+\s*(?:[-–]\s*\d+\s*)?-?(?:words?|characters?|chars?|letters?)|[\d一二三四五六七八九十两]\s*个?(?:汉?字|词|字符)"
)
_OF_REPORTS = re.compile(r"(?i)\breports?\b|报告")


def _made_title(told: Sequence[str], prompt: str) -> str:
    name = _asked_field(prompt)
    return json.dumps({name: _short(told, prompt)}, ensure_ascii=False) if name else _short(told, prompt)


def _made_tags(told: Sequence[str], prompt: str) -> str:
    tags: list[str] = json.loads(_tags(told, prompt))["tags"]
    name = _asked_field(prompt)
    return json.dumps({name: tags}, ensure_ascii=False) if name else ", ".join(tags)


def _next_ones(told: Sequence[str], prompt: str) -> str:
    found: list[str] = json.loads(_follow_ups(told, prompt))["follow_ups"]
    name = _asked_field(prompt)
    if name:
        return json.dumps({name: found}, ensure_ascii=False)
    return json.dumps(found, ensure_ascii=False) if "json" in prompt.lower() else "\n".join(found)


def _asked_field(prompt: str) -> str | None:
    """The field of the JSON object that a prompt shows; None where plain text will do."""
    field = re.search(r'"(\w{1,40})"\s?:', prompt)
    return field[1] if field is not None else None


_MADE: tuple[tuple[re.Pattern[str], Callable[[Sequence[str], str], str]], ...] = (
    (re.compile(r"(?i)\bfollow[- ]?ups?\b|\b(?:next|further|related) questions?\b|追问|后续(?:的)?(?:问题|提问)|接下来(?:可能)?(?:会)?(?:问|提)|相关问题"), _next_ones),
    (re.compile(r"(?i)\b(?:tags|labels|keywords)\b|标签|关键词"), _made_tags),
    (re.compile(r"(?i)\b(?:title|headline|subject|name)\b|标题|题目|主题|名称|名字"), _made_title),
)  # fmt: skip


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
