"""Marks of notes and of lists beside words and figures: ①, ¹, ⑴, ⒈, [1]. None is ever part of a number."""

from __future__ import annotations

from index.rules import Rule

_LISTED = "⒈-⒛"
_CIRCLED = "①-⑳⓪⓫-⓿❶-❿➀-➓㉑-㉟㊱-㊿㊀-㊉"
_SMALL = "¹²³⁰⁴-⁹₀-₉"
# ① and ⒈ may number a heading where they begin a line, ① only before a point or comma. 5.2×10⁴ is a power.
SMALL_MARK = Rule(
    "text.notes.small_mark",
    rf"(?<=\S)[{_LISTED}]|(?<=[。;；:：,，])[{_CIRCLED}][.、．](?!\d)|(?<=\S)[{_CIRCLED}]|[{_CIRCLED}](?![.、．])|[⑴-⒇]"
    rf"|(?<![×xX*]10)(?<!10[-⁻])[{_SMALL}]+|[\[［](?:\^|注)\d{{1,2}}[\]］]",
    takes=("碧水工程⟦①⟧全面完成", "林长制⟦²⟧全面推行"),
    leaves=("①.加强监管", "5.2×10⁴吨"),
    why="① and ⒈ may number a heading where they begin a line, and 10⁴ is a power.",
)
"""A mark that can be nothing else, whether the text is folded or not."""

NOTE_MARK = Rule(
    "text.notes.note_mark",
    rf"{SMALL_MARK.pattern}|[\[［〔]\d{{1,2}}[\]］〕]",
    takes=("千企升级⟦[3]⟧行动", "碧水工程⟦①⟧全面完成"),
    leaves=("①.加强监管", "宗地[120]号"),
)
"""A mark of a note or a list that says nothing of the words beside it, [1] among them."""

_POWER_OF_A_UNIT = Rule(
    "text.notes.power_of_a_unit",
    r"(?<![A-Za-z])[kdcm]?m[²³](?!\d)",
    takes=("绿地30⟦km²⟧", "日供水5万⟦m³⟧"),
    leaves=("5.2×10²", "见注²"),
)
_DIGITS_OF_A_FORMULA = Rule(
    "text.notes.digits_of_a_formula",
    r"(?<=[A-Za-z])[₀-₉]+(?:[.·][₀-₉]+)?(?![\d₀-₉])",
    takes=("CO⟦₂⟧排放", "PM⟦₂.₅⟧浓度"),
    leaves=("增长8%₂",),
)
_PLAIN = str.maketrans("²³₀₁₂₃₄₅₆₇₈₉", "230123456789")


def level_digits(text: str) -> str:
    """The digits of units and formulas on the line, character for character: m² → m2, CO₂ → CO2, PM₂.₅ → PM2.5."""
    for rule in (_POWER_OF_A_UNIT, _DIGITS_OF_A_FORMULA):
        text = rule.sub(lambda m: m[0].translate(_PLAIN), text)
    return text
