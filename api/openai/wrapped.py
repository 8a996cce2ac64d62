"""The question inside of what a chat tool puts around it: retrieved context, attached files, labels, the day.

Found by structure and not by the words of one tool: elements with an opening and a closing tag, labels before a colon, a line
or bracket that holds nothing but a day. Every step goes over the text a fixed number of times, whatever it holds.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

# A name and what follows it share letters: without giving back (`++`) an open tag of a million letters is read once.
_TAG = re.compile(r"<(/?)([A-Za-z][\w.\-]*+)([^<>]*+)>")
_NUMBERED = re.compile(r"(?<![\w-])id=[\"']?(\d{1,3})(?!\d)")
_COMMENT_OPENS, _COMMENT_ENDS = "<!--", "-->"
_ASKS = frozenset(
    [
        "query",
        "question",
        "questions",
        "prompt",
        "ask",
        "request",
        "input",
        "message",
        "问题",
        "提问",
        "查询",
        "问句",
        "请求",
        "输入",
    ]
)
"""The last word of a tag's or label's name that says: here the person speaks."""
_INLINE = frozenset(
    ["a", "b", "br", "code", "em", "font", "i", "mark", "s", "small", "span", "strong", "sub", "sup", "u"]
)
"""Marks inside of a sentence, which part nothing from it."""
_REPLIES = frozenset(
    ["answer", "response", "reply", "assistant", "ai", "output", "回答", "答案", "答复", "回复", "答", "输出"]
)
_WORD = re.compile(r"[A-Za-z]+|[\u3400-\u9fff]+")
_LONGEST_LABEL = 40
_DAY = re.compile(
    r"(?<!\d)(?:19|20)\d{2}(?:[-/.]\d{1,2}[-/.]|年\s?\d{1,2}月)\d{1,2}(?!\d)日?|(?:[A-Z][a-z]{2,8} \d{1,2}, ?(?:19|20)\d{2})"
)
_CLOCK = re.compile(r"T?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?|Z\b|(?:UTC|GMT)?[+-]\d{1,2}:?\d{2}\b")
_LONGEST_DAY = 80
_OF_A_DAY = re.compile(
    r"(?i)\b(?:the|current|todays?|today's|date|time|day|now|is|it|user|local|utc|gmt|am|pm|cst|[a-z]{3,6}day|mon|tue|wed|thu|fri|sat|sun)\b"
    r"|(?:当前|现在|今天|今日|系统|本地|北京|用户|的)?(?:日期|时间|时刻|星期|周)|今天|现在|当前|是|为|[一二三四五六日天上下午]"
)
"""What a line may say of a day besides it; a line with any other word is somebody's sentence."""


def question_in(text: str) -> str:
    """What the person asked, without what stands around it; the text itself where nothing does."""
    return _without_day(_unlabelled(_untagged(text.strip())))


def around(text: str) -> str:
    """What stands around a question: the text without its elements, and without the question where that is not all of it."""
    plain = _without_comments(text)
    asked = question_in(plain)
    if asked == plain.strip():
        return asked
    at, kept = 0, []
    for element in _elements(plain):
        kept.append(plain[at : element.start])
        at = element.end
    return "".join((*kept, plain[at:])).replace(asked, "")


def sources_given(text: str) -> int:
    """How many sources a tool gave with a question: the highest id of elements of one name whose ids count up from 1."""
    counted: dict[str, int] = {}
    for tag in _TAG.finditer(text):
        number = _NUMBERED.search(tag[3])
        last = counted.get(tag[2].lower(), 0)
        if number is not None and 1 <= int(number[1]) <= last + 1:
            counted[tag[2].lower()] = max(last, int(number[1]))
    return max(counted.values(), default=0)


@dataclass(frozen=True, slots=True)
class _Element:
    name: str
    start: int
    inner: int
    inner_end: int
    end: int


def _elements(text: str) -> list[_Element]:
    """The outermost elements, left to right; a tag without its other half is text."""
    tags = list(_TAG.finditer(text))
    open_at: dict[str, list[int]] = {}
    pair: dict[int, int] = {}
    for n, tag in enumerate(tags):
        name = tag[2].lower()
        if name in _INLINE:
            continue
        if tag[1]:
            if open_at.get(name):
                pair[open_at[name].pop()] = n
        elif not tag[3].endswith("/"):
            open_at.setdefault(name, []).append(n)
    found = []
    n = 0
    while n < len(tags):
        if n not in pair:
            n += 1
            continue
        first, last = tags[n], tags[pair[n]]
        found.append(_Element(first[2].lower(), first.start(), first.end(), last.start(), last.end()))
        n = pair[n] + 1
    return found


def _untagged(text: str) -> str:
    """What an element named after a question holds, else what stands outside of all elements."""
    # A question in an element in an element is as deep as tools go.
    for _ in range(4):
        text = _without_comments(text)
        found = _elements(text)
        asked = [each for each in found if _means(each.name, _ASKS) and text[each.inner : each.inner_end].strip()]
        if asked:
            text = text[asked[-1].inner : asked[-1].inner_end].strip()
            continue
        if not found:
            return text
        before, behind = text[: found[0].start].strip(), text[found[-1].end :].strip()
        between = [text[a.end : b.start].strip() for a, b in pairwise(found)]
        outside = [part for part in (before, *between, behind) if part]
        if outside:
            # Instructions stand before what they are about, a question behind it or alone.
            return behind or (outside[-1] if len(outside) == 1 else before if not _instructs(before) else outside[-1])
        text = text[found[-1].inner : found[-1].inner_end].strip()
    return text


def _instructs(text: str) -> bool:
    """Whether it is laid out as instructions: under headings."""
    return any(line.lstrip().startswith("#") for line in text.split("\n")) or not text


def _without_comments(text: str) -> str:
    kept, at = [], 0
    while (start := text.find(_COMMENT_OPENS, at)) >= 0:
        end = text.find(_COMMENT_ENDS, start)
        if end < 0:
            break
        kept.append(text[at:start])
        at = end + len(_COMMENT_ENDS)
    return "".join((*kept, text[at:])).strip()


def _means(name: str, words: frozenset[str]) -> bool:
    """Whether a name ends in one of the words: user_query, 用户问题."""
    # Every line of a message may begin with one.
    found = _WORD.findall(name.replace("_", " ")) if name else []
    return bool(found) and (found[-1].lower() in words or found[-1].endswith(_ENDINGS[words]))


_ENDINGS = {words: tuple(word for word in words if word > "一") for words in (_ASKS, _REPLIES)}
"""Those of the words that other characters may stand before, as they do in Chinese."""


def _label(line: str) -> tuple[str, str] | None:
    """The label of a line and what stands behind its colon; a heading is one without a colon."""
    plain = line.lstrip("#>*-= \t")
    if line.startswith("#") and len(plain) <= _LONGEST_LABEL and not plain.rstrip("* ").endswith((":", "：")):
        return plain.strip("* \t"), ""
    for n, letter in enumerate(plain[: _LONGEST_LABEL + 1]):
        if letter in ":：":
            return plain[:n].strip("* "), plain[n + 1 :].strip("* \t")
        if letter in "。？?！!；;，,":
            return None
    return None


def _unlabelled(text: str) -> str:
    """What stands behind the last label that is named after a question, up to one named after an answer."""
    lines = text.split("\n")
    end = len(lines)
    for n in range(len(lines) - 1, -1, -1):
        name, rest = _label(lines[n]) or ("", "")
        if _means(name, _REPLIES):
            end = n
        elif _means(name, _ASKS):
            said = "\n".join((rest, *lines[n + 1 : end])).strip()
            if said:
                return said
            end = n
    return text


def _without_day(text: str) -> str:
    """The text without lines, a bracket or a short sentence at its head that tell the day and nothing else."""
    for _ in range(4):
        head, rest = _head(text)
        if not rest or not _tells_a_day(head):
            return text
        text = rest
    return text


def _head(text: str) -> tuple[str, str]:
    if text[:1] in "[【(（":
        end = min((at for sign in "]】)）" if (at := text.find(sign, 0, _LONGEST_DAY)) > 0), default=-1)
        return (text[1:end], text[end + 1 :].strip()) if end > 0 else ("", "")
    ends = [at for sign in "\n。;；" if (at := text.find(sign, 0, _LONGEST_DAY)) > 0]
    if (dot := text.find(". ", 0, _LONGEST_DAY)) > 0:
        ends.append(dot)
    end = min(ends, default=-1)
    return (text[:end], text[end + 1 :].strip()) if end > 0 else ("", "")


def _tells_a_day(head: str) -> bool:
    if _DAY.search(head) is None:
        return False
    left = _OF_A_DAY.sub("", _CLOCK.sub("", _DAY.sub("", head)))
    return not any(letter.isalnum() for letter in left)
