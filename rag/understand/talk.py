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
_FORM_ASKED = Rule(
    "understand.talk.form_asked",
    rf"(?<![\s,。])[\s,。]*(?:{either('form_within')})(?:{either('around_a_form')}|[\s,。:])*",
    takes=("⟦用表格列出⟧粮食产量",),
    leaves=("用电量",),
)
_MARKS = " ,。!?、:"
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
        within = _FORM_ASKED.search(fold(question.text))
        return Talked(plain, _form_of(within[0]) or Telling.PLAIN if within is not None else Telling.PLAIN)
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
    if not rest.strip() or _is_form_only(fold(rest)):
        return ""
    return _FORM_ASKED.sub("", rest).strip() or ""


def _form_of(text: str) -> Telling | None:
    plain = fold(text)
    return next((form for form, name in _FORMS if any(word in plain for word in _words(name))), None)


def _is_form_only(text: str) -> bool:
    """Whether a folded text is made of words for the form of an answer, and holds one that names a form."""
    if _form_of(text) is None:
        return False
    for name in (*(name for _, name in _FORMS), "around_a_form"):
        for word in sorted(_words(name), key=len, reverse=True):
            text = text.replace(word, " ")
    return not text.strip(_MARKS)


def _words(name: str) -> tuple[str, ...]:
    words = load_asking().words[name]
    return (*words.get("zh", ()), *words.get("en", ()))
