"""Talk around questions: a greeting, thanks, and what asks for the last answer in another form (用表格列出来, 你确定吗)."""

from __future__ import annotations

from dataclasses import dataclass, replace

from index.rules import At, Rule
from index.text.folding import fold
from rag.types import Question, Telling
from rag.understand.words import either, load_asking

_COURTESY = Rule(
    "understand.talk.courtesy",
    rf"(?:\s*(?:{either('greetings', 'thanks', 'courtesies')})+(?:[\s,。!?~、]+|$|(?<=请问)))+",
    takes=("⟦您好!麻烦了,⟧粮食产量多少", "⟦你好请问⟧粮食产量多少"),
    leaves=("好的学校有多少",),
    at=At.START,
)
_FORM_ONLY = Rule(
    "understand.talk.form_only",
    rf"(?:{either('as_table', 'in_english', 'again', 'for_sure', 'by_source', 'around_a_form')}|[\s,。!?、])+",
    takes=("⟦把结果用表格列出来⟧",),
    leaves=("用表格列出粮食产量",),
    at=At.WHOLE,
)
_FORM_ASKED = Rule(
    "understand.talk.form_asked",
    rf"[\s,。]*请?(?:[用以按]|(?:列|做|整理|汇总)成)(?:(?P<table>表格|列表)|(?P<english>英[文语]))(?:{either('around_a_form')})*[\s,。:]*",
    takes=("⟦用表格列出⟧粮食产量",),
    leaves=("用电量",),
)
_FORMS = (
    (Telling.TABLE, "as_table"),
    (Telling.ENGLISH, "in_english"),
    (Telling.SURE, "for_sure"),
    (Telling.SOURCE, "by_source"),
    (Telling.AGAIN, "again"),
)


@dataclass(frozen=True, slots=True)
class Talked:
    """A question without the talk around it, and how its answer is to be told.

    ``telling`` is how; where the question is nothing but talk about the answer before, ``question`` is the one before it.
    """

    question: Question
    telling: Telling = Telling.PLAIN


def without_talk(question: Question) -> Talked:
    """The question that is to be read, with the talk of it and of those before it left out."""
    history = tuple(text for text in map(_asked_in, question.history) if text)
    text = _asked_in(question.text)
    form = _form_of(question.text)
    plain = replace(question, text=text, history=history)
    if text:
        within = next(iter(_FORM_ASKED.finditer(fold(question.text))), None)
        return Talked(plain, Telling.PLAIN if within is None else _telling_of(within["table"]))
    if form is not None and history:
        return Talked(replace(question, text=history[-1], history=history[:-1]), form)
    greeting = form is None and any(word in fold(question.text) for word in _words("greetings"))
    told = Telling.GREETING if greeting else Telling.NOTHING_BEFORE if form is not None else Telling.THANKS
    return Talked(replace(question, history=history), told)


def _asked_in(text: str) -> str:
    """What a text asks, without courtesies and words for the form of the answer; "" where it is talk alone."""
    plain = fold(text)
    courtesy = _COURTESY.match(plain)
    # Folding keeps every letter in its place.
    start = courtesy.end() if courtesy is not None else 0
    rest = text[start:]
    if not rest.strip() or (_FORM_ONLY.fullmatch(fold(rest)) and _form_of(rest) is not None):
        return ""
    return _FORM_ASKED.sub("", rest).strip() or ""


def _form_of(text: str) -> Telling | None:
    plain = fold(text)
    return next((form for form, name in _FORMS if any(word in plain for word in _words(name))), None)


def _telling_of(table: str | None) -> Telling:
    return Telling.TABLE if table else Telling.ENGLISH


def _words(name: str) -> tuple[str, ...]:
    words = load_asking().words[name]
    return (*words.get("zh", ()), *words.get("en", ()))
