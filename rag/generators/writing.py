"""Lets a generator write from evidence, sentence by checked sentence; what fails gives way to the extractive answer."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Generator as PyGenerator
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, replace

from index.rules import Rule
from rag.answer.citing import MARK, numbers_in
from rag.answer.pieces import Draft
from rag.generators.checking import SentenceCheck
from rag.generators.contract import Evidence, Generator, GeneratorError, TokensUsed
from rag.types import Citation, Derived, Operand, Value

_logger = logging.getLogger("wenju.generators")

MOST_TEXT = 20_000
"""Characters after which a generator that does not end is cut off."""

_WIDE_MARK = Rule(
    "generators.writing.wide_mark",
    r"[【［\[]\s*(\d{1,9}(?:\s*[,，、]\s*\d{1,9})*)\s*[\]］】]",
    takes=("增长8%⟦【1,2】⟧",),
    leaves=("增长8%【注】",),
)
# A sentence is over when something else than one more mark follows; the marks behind a full stop belong to it.
# A full stop inside of a quotation ends nothing.
_SENTENCE = Rule(
    "generators.writing.sentence",
    r"((?:“[^”]*”|「[^」]*」|[^“「])*?(?:[。！？!?\n]|\.(?=[\s\[]))(?:[ \t]*\[\d{1,9}\])*)(?=\s*[^\s\[]|\n)",
    flags=re.DOTALL,
    takes=("⟦增长8%。[1]⟧ 另有下降。",),
    leaves=("增长8%",),
)
_PIECE = Rule(
    "generators.writing.piece",
    r"[^，。；！？,;!?\n]*(?:[，。；！？,;!?\n]+(?:\[\d+\])*|$)",
    takes=("⟦增长8%。[1]⟧",),
    why="Cuts any text into pieces.",
)


@dataclass(frozen=True, slots=True)
class Written:
    """What came of it: the draft as written, who wrote it, and the tokens that it took."""

    draft: Draft
    generator: str
    used: TokensUsed


def pieces(text: str) -> Iterator[str]:
    """A text clause by clause, each with its closing punctuation and citation marks; joined they are the text."""
    return (piece for piece in _PIECE.findall(text) if piece)


def sentences(text: str) -> Iterator[str]:
    """A whole text sentence by sentence, each with the marks behind it, as ``write`` has them checked."""
    while text:
        match = _SENTENCE.match(text)
        sentence, text = (match[1], text[match.end() :]) if match else (text, "")
        if sentence.strip():
            yield sentence


def write(
    name: str, generator: Generator, evidence: Evidence, draft: Draft, check: SentenceCheck
) -> Iterator[str | Written]:
    """Yield checked text as it comes, and at last ``Written``.

    An empty text is yielded for whatever the generator sends: a reader who has gone is noticed there, and not only at the
    end of a sentence. Whatever goes wrong with the generator, the extractive answer stands in: nothing here raises.
    """
    page = _Page(evidence, draft, check)
    used, trouble = TokensUsed(0, 0), ""
    try:
        # Closed on every way out, so that a reader who leaves stops the work behind it too.
        with closing(_text_of(generator, evidence)) as parts:
            rest = ""
            for part in parts:
                if isinstance(part, TokensUsed):
                    used = part
                    continue
                rest += part
                if len(rest) + len(page.text) > MOST_TEXT:
                    raise GeneratorError("wrote without end")
                # "[1" may be the head of a mark, so marks are read once the sentence is whole.
                yield ""
                rest = _WIDE_MARK.sub(_plain_marks, rest)
                while match := _SENTENCE.match(rest):
                    rest = rest[match.end() :]
                    yield from page.add(match[1])
            yield from page.add(rest)
    except GeneratorError as error:
        trouble = str(error)
    except Exception as error:
        # The words of a foreign error may hold anything, a key for one: its kind has to do.
        trouble = f"failed ({type(error).__name__})"
        _logger.error("generator %s failed: %s", name, type(error).__name__)
    if trouble or not page.own:
        trouble = trouble or ("" if page.faults else "returned no text")
        yield from page.replace()
    yield Written(page.draft(name, trouble), page.author(name), used)


def _text_of(generator: Generator, evidence: Evidence) -> PyGenerator[str | TokensUsed]:
    """The generator's items from an iterator that can be closed, whatever kind it returns itself."""
    items = generator.write(evidence)
    try:
        yield from items
    finally:
        close = getattr(items, "close", None)
        if close is not None:
            close()


_DIGITS = Rule(
    "generators.writing.digits",
    r"\d+",
    takes=("[⟦12⟧]",),
    leaves=("[甲]",),
)


def _plain_marks(match: re.Match[str]) -> str:
    return "".join(f"[{number}]" for number in _DIGITS.findall(match[1]))


_CITED_PIECE = Rule(
    "generators.writing.cited_piece",
    r".*?(?:(?:\[\d{1,9}\])+\s*|$)",
    flags=re.DOTALL,
    takes=("⟦增长8%。[1]⟧",),
    why="Cuts any text into pieces that end with their marks.",
)


class _Page:
    """The answer as far as it is written: checked sentences with citations numbered in the order of their first use."""

    def __init__(self, evidence: Evidence, draft: Draft, check: SentenceCheck) -> None:
        self._evidence = evidence
        self._exhibits = {e.n: e.citation for e in evidence.exhibits}
        self._extractive = draft
        self._check = check
        self._numbers: dict[int, int] = {}
        self._spans: dict[int, list[tuple[int, int]]] = {}
        self.text = ""
        self.own = 0
        self.faults: Counter[str] = Counter()
        self._replaced = False

    def add(self, sentence: str) -> Iterator[str]:
        """Take a sentence that stands; put the extractive answer in the place of the first that does not."""
        if not sentence.strip():
            return
        fault = self._check.fault(sentence)
        if fault is None:
            self.own += 1
            yield from self._append(sentence.strip())
        else:
            self.faults[fault] += 1
            yield from self.replace()

    def replace(self) -> Iterator[str]:
        """Append the extractive answer, once."""
        if not self._replaced:
            self._replaced = True
            yield from self._append(self._extractive.text)

    def _append(self, text: str) -> Iterator[str]:
        start = len(self.text)
        lead = ""
        if self.text:
            lead = " " if self._evidence.language == "en" else "\n" if self._replaced else ""
        begin = start + len(lead)
        out = ""
        for line in _CITED_PIECE.findall(text):
            words = MARK.sub(lambda m: "" if int(m[1]) in self._exhibits else m[0], line)
            marks = [self._number(int(n)) for n in MARK.findall(line) if int(n) in self._exhibits]
            for number in marks:
                shown = len(words) - len(words.lstrip())
                span = (begin + len(out) + shown, begin + len(out) + len(words.rstrip()))
                self._spans.setdefault(number, []).append(span)
            # The marks stay where they were: right behind the words, before what follows them.
            tail = words[len(words.rstrip()) :] if marks else ""
            head = words[: len(words) - len(tail)] if tail else words
            out += head + "".join(f"[{n}]" for n in marks) + tail
        self.text += lead + out
        yield from pieces(lead + out)

    def _number(self, exhibit: int) -> int:
        return self._numbers.setdefault(exhibit, len(self._numbers) + 1)

    def author(self, name: str) -> str:
        if not self._replaced:
            return name
        return f"{name}+extractive" if self.own else "extractive"

    def draft(self, name: str, trouble: str) -> Draft:
        """The draft as it stands: citations, values and notes follow the text."""
        citations = tuple(self._cited(self._exhibits[old], new) for old, new in self._numbers.items())
        numbers = numbers_in(self.text)
        values = tuple(
            self._renumbered(v)
            for v in self._extractive.values
            if v.citation in self._numbers
            and numbers_in(f"{v.value.removeprefix('-')}{v.unit}") <= numbers
            and all(o.citation in self._numbers for o in (v.derived.operands if v.derived else ()))
        )
        notes = list(self._extractive.notes)
        if trouble:
            notes.append(f"{name}: {trouble}; the extractive answer stands in")
        for fault, count in self.faults.items():
            notes.append(f"{name}: {count} sentence{'s' if count > 1 else ''} replaced, because it {fault}")
        return replace(self._extractive, text=self.text, citations=citations, values=values, notes=tuple(notes))

    def _cited(self, citation: Citation, number: int) -> Citation:
        return replace(citation, n=number, answer_spans=tuple(self._spans.get(number, ())))

    def _renumbered(self, value: Value) -> Value:
        derived = value.derived
        if derived is not None:
            operands = tuple(Operand(o.value, o.unit, self._numbers[o.citation]) for o in derived.operands)
            derived = Derived(derived.formula, operands)
        return replace(value, citation=self._numbers[value.citation], derived=derived)
