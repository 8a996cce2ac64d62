"""The language of a question, by its letters."""

from __future__ import annotations

from index.rules import Rule
from index.text.folding import fold

_LATIN = Rule(
    "understand.language.latin",
    r"[A-Za-z]",
    takes=("⟦P⟧M2.5",),
    leaves=("浓度2.5",),
)
_HAN = Rule(
    "understand.language.han",
    r"[\u3400-\u9fff]",
    takes=("gdp⟦增⟧",),
    leaves=("gdp up",),
)


def language_of(text: str, asked: str) -> str:
    """zh, zh-Hant or en: as asked for, or by the letters of the question."""
    if asked != "auto":
        return asked
    if len(_LATIN.findall(text)) > 4 * len(_HAN.findall(text)):
        # A Chinese name in brackets makes no Chinese question.
        return "en"
    han = [c for c in text if "\u3400" <= c <= "\u9fff"]
    return "zh-Hant" if sum(fold(c) != c for c in han) >= 2 else "zh"
