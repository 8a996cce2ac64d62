"""How many things a sentence names one after another: what a question for several names is answered by."""

from __future__ import annotations

from index.text.folding import fold

_ENDS = str.maketrans(dict.fromkeys(",.。;:!?()“”《》", "\n"))
"""What ends a row of names, in folded text."""
_JOINS = str.maketrans(dict.fromkeys("和与及", "、"))
#: Letters of the longest name in a row: longer pieces are clauses.
_LONGEST = 24


def rows_of_names(text: str) -> set[int]:
    """The length of each row of names of a sentence: {7} of 有7家，分别是甲、乙、丙、丁、戊、己和庚.

    A row is joined by 、, its last name also by 和, 与 or 及, which join nothing elsewhere.
    """
    found = set()
    for clause in fold(text).translate(_ENDS).split("\n"):
        if "、" not in clause:
            continue
        before, mark, last = clause.rpartition("、")
        names = [*before.split("、"), *last.translate(_JOINS).split("、", 1)] if mark else []
        if all(0 < len(name) <= _LONGEST for name in names[1:]):
            found |= {len(names), before.count("、") + 2}
    return found
