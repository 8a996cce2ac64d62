"""Cuts text into the tokens that BM25 counts: no dictionary, so no word can be missing from one.

A run of Chinese characters is indexed by its characters and its bigrams and asked for by bigrams, so that 固定资产投资
matches wherever those characters stand in that order. Latin letters and numbers stay whole: ``PPR-9087``, ``18.3``.
"""

from __future__ import annotations

from collections.abc import Callable

from index.rules import Rule
from index.text.folding import fold

_HAN = "〇㐀-䶿一-鿿豈-\ufaff\U00020000-\U0003ffff"
_RUN = Rule(
    "text.tokens.run",
    rf"(?P<han>[{_HAN}]+)"
    r"|(?P<grouped>(?<![\d.])\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d))"
    rf"|(?P<word>[^\W_{_HAN}]+(?:[-/.][^\W_{_HAN}]+)*)",
    takes=("⟦ppr-9087⟧ 管材", "合计 ⟦5,100⟧ 万元"),
    leaves=(",。;()",),
)
_JOINT = Rule(
    "text.tokens.joint",
    r"[-/.,]",
    takes=("2021⟦-⟧2025",),
    leaves=("ppr9087",),
)


def index_tokens(text: str) -> list[str]:
    """Return what a document is found by: characters and bigrams of Chinese runs, other runs whole and in their parts.

    ``5,100`` is also indexed as ``5100``. The tokens are folded and in the order of the text, repeats included.
    """
    tokens: list[str] = []
    for run in _RUN.finditer(fold(text)):
        token = run.group()
        if run.lastgroup == "han":
            tokens.extend(token)
            tokens.extend(_bigrams(token))
            continue
        tokens.append(token.replace(",", ""))
        parts = _JOINT.split(token)
        if len(parts) > 1:
            tokens.extend(parts)
    return tokens


def query_tokens(text: str) -> list[str]:
    """Return what a question asks for: bigrams of Chinese runs, a lone character as it is, other runs whole.

    Each of them is among the `index_tokens` of the same text.
    """
    tokens: list[str] = []
    for run in _RUN.finditer(fold(text)):
        token = run.group()
        if run.lastgroup == "han":
            tokens.extend(_bigrams(token) or [token])
        else:
            tokens.append(token.replace(",", ""))
    return tokens


def pieces(words: str) -> list[str]:
    """Letters each of which lies within one of the `query_tokens` of any text that has these words in it, folded, each once.

    Neighbouring Chinese characters are such a token; other letters, and a character alone, are a part of one.
    """
    found: dict[str, None] = {}
    for run in _RUN.finditer(fold(words)):
        token = run.group()
        if run.lastgroup == "han":
            found |= dict.fromkeys(_bigrams(token) or [token])
        else:
            # A number in groups of three may be part of a longer one in the text, and so of no group.
            found |= dict.fromkeys(part for part in _JOINT.split(token) if part)
    return list(found)


def in_signs(text: str, sign: Callable[[str], str]) -> str:
    """A folded text without spaces in which each Latin word is one sign, as a Chinese character is: that which ``sign`` gives it."""
    parts: list[str] = []
    end = 0
    for run in _RUN.finditer(text):
        token = run.group()
        parts.append(text[end : run.start()])
        parts.append(sign(token) if run.lastgroup == "word" and token[0].isascii() and token[0].isalpha() else token)
        end = run.end()
    return "".join((*parts, text[end:])).replace(" ", "")


def is_han(token: str) -> bool:
    """Whether a token is of Chinese characters."""
    run = _RUN.fullmatch(token)
    return run is not None and run.lastgroup == "han"


def _bigrams(run: str) -> list[str]:
    return [run[at : at + 2] for at in range(len(run) - 1)]
