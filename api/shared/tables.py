"""Cells of tables that people open in a spreadsheet."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation

#: Spreadsheets take a cell that begins so for a formula, those of East Asia the wide forms too, and run it.
_BEGINS_A_FORMULA = tuple("=+-@\t\r\n＝＋－＠")


def cell(value: object) -> object:
    """A value for a CSV file; text that a spreadsheet would run gets an apostrophe before it. Numbers stay as they are."""
    if not isinstance(value, str) or not value.startswith(_BEGINS_A_FORMULA) or _is_number(value):
        return value
    return f"'{value}"


def _is_number(text: str) -> bool:
    try:
        return Decimal(text.rstrip("%‰")).is_finite() and text.isprintable() and text[0] in "+-"
    except InvalidOperation:
        return False
