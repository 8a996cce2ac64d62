"""How a workbook shows its figures: 0.153 under the format 0.0% is 15.3%, and what is hidden is not shown at all."""

from __future__ import annotations

import io
import posixpath
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from index.errors import SourceError
from index.text.loaders.loaded import missing_extra

_S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_STRICT = "{http://purl.oclc.org/ooxml/spreadsheetml/main}"
_R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_BUILT_IN = {
    1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 37: "#,##0", 38: "#,##0", 39: "#,##0.00", 40: "#,##0.00",
}  # fmt: skip
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_DIGITS = 11
"""Digits of a figure without a format of its own, as a column of usual width shows them."""


@dataclass(slots=True)
class Look:
    """What a sheet shows. Rows and columns count from 0; ``cells`` is the area from its first to its last cell that holds anything."""

    formats: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    cells: int = 0


def looks(name: str, data: bytes) -> dict[str, Look]:
    """The look of each sheet of an .xlsx by the sheet's name. Raises SourceError for a damaged workbook."""
    try:
        from lxml import etree
    except ImportError as error:
        raise missing_extra(name, "lxml") from error
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            forms = _formats(package, etree)
            return {title: _look(package, path, forms, etree) for title, path in _sheets(package, etree)}
    except (KeyError, ValueError, zipfile.BadZipFile, etree.LxmlError, OSError, EOFError) as error:
        raise SourceError(name, f"a damaged spreadsheet ({type(error).__name__})") from error


def _root(package: zipfile.ZipFile, path: str, etree: Any) -> Any:
    return etree.fromstring(package.read(path), etree.XMLParser(resolve_entities=False, no_network=True))


def _local(element: Any) -> str:
    return str(element.tag).rpartition("}")[2]


def _sheets(package: zipfile.ZipFile, etree: Any) -> Iterator[tuple[str, str]]:
    if "xl/workbook.xml" not in package.namelist():
        return
    targets = {each.get("Id"): each.get("Target", "") for each in _root(package, "xl/_rels/workbook.xml.rels", etree)}
    held = set(package.namelist())
    for each in _root(package, "xl/workbook.xml", etree).iter(f"{_S}sheet", f"{_STRICT}sheet"):
        identity = next((value for key, value in each.attrib.items() if key.endswith("}id")), None)
        target = targets.get(identity, "")
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"xl/{target}")
        if path in held and "worksheets" in path:
            yield each.get("name", ""), path


def _formats(package: zipfile.ZipFile, etree: Any) -> list[str]:
    """The format of each style of cells, by its number."""
    if "xl/styles.xml" not in package.namelist():
        return []
    root = _root(package, "xl/styles.xml", etree)
    own = {each.get("numFmtId"): each.get("formatCode", "") for each in root.iter() if _local(each) == "numFmt"}
    styles = next((each for each in root if _local(each) == "cellXfs"), ())
    numbers = [each.get("numFmtId", "0") for each in styles]
    return [own.get(number) or _BUILT_IN.get(int(number), "") for number in numbers]


def _look(package: zipfile.ZipFile, path: str, forms: list[str], etree: Any) -> Look:
    look = Look()
    last_row = last_column = row = -1
    with package.open(path) as file:
        for event, element in etree.iterparse(file, events=("start", "end"), resolve_entities=False, no_network=True):
            tag = _local(element)
            if event == "start" and tag == "row":
                row = int(element.get("r", row + 2)) - 1
                column = -1
                if element.get("hidden") in ("1", "true"):
                    look.hidden_rows.add(row)
            elif event == "start" and tag == "c":
                place = element.get("r", "")
                column = _column(place) if place else column + 1
                # A cell's own name counts, whatever row it stands in.
                row = int(place.lstrip(_LETTERS)) - 1 if place else row
                form = _form(element.get("s"), forms)
                if form:
                    look.formats[row, column] = form
            elif event == "start" and tag == "col" and element.get("hidden") in ("1", "true"):
                first, last = int(element.get("min", "1")), int(element.get("max", "0"))
                look.hidden_columns.update(range(first - 1, min(last, 16384)))
            elif event == "end" and tag in ("v", "is"):
                last_row, last_column = max(last_row, row), max(last_column, column)
            elif event == "end" and tag == "row":
                element.clear()
    look.cells = (last_row + 1) * (last_column + 1)
    return look


def _form(style: str | None, forms: list[str]) -> str:
    number = int(style) if style and style.isdigit() else 0
    return forms[number] if number < len(forms) else ""


def _column(place: str) -> int:
    column = 0
    for character in place:
        if not "A" <= character <= "Z":
            break
        column = column * 26 + ord(character) - 64
    return column - 1


def shown(value: float, form: str) -> str:
    """A figure as a format shows it: with its places, its separators and its sign of per cent."""
    number = Decimal(repr(value))
    places, percent, grouped = _read_form(form)
    if places is None:
        if not number.is_finite():
            return ""
        digits = max(_MOST_DIGITS - max(number.adjusted() + 1, 1), 0)
        rounded = round(number, digits)
        plain = f"{rounded:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    exact = number * 100 if percent else number
    rounded = exact.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return (f"{rounded:,f}" if grouped else f"{rounded:f}") + ("%" if percent else "")


def _read_form(form: str) -> tuple[int | None, bool, bool]:
    """The decimal places of a format, whether it shows per cent, and whether it parts thousands; None for no figure's."""
    code, quoted, bracket, skip = "", False, False, False
    for character in form:
        if skip:
            skip = False
        elif character in "\\_*!":
            skip = True
        elif character == '"':
            quoted = not quoted
        elif character == "[":
            bracket = True
        elif character == "]":
            bracket = False
        elif character == ";" and not quoted:
            break
        elif not quoted and not bracket:
            code += character
    if "0" not in code and "#" not in code:
        return None, False, False
    behind = code.partition(".")[2]
    places = sum(character in "0#?" for character in behind)
    return places, "%" in code, ",0" in code or ",#" in code
