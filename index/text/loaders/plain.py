"""Plain text and Markdown in whatever encoding: read as it is, repaired where little is damaged, refused where it is none."""

from __future__ import annotations

import codecs
from collections.abc import Iterator

from index.errors import SourceError
from index.text.folding import fold
from index.text.loaders.loaded import Loaded

_BOMS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
"""The longer first: one begins as another does. That of UTF-8 is left to stand in the text, as it always was."""
_GUESSED = ("gb18030", "big5hkscs", "utf-16-le", "utf-16-be")
"""GB18030 holds GBK and GB2312, in which older Chinese pages were written; Big5 with the additions of Hong Kong."""
_DAMAGED = ("utf-8", "gb18030", "big5hkscs")
LEAST_COMMON = 0.75
"""Share of common characters below which a decoding is taken for rubbish: reports have 0.95 and more, Big5 read as GB18030 0.45."""
_FEW, _SHARE = 3, 0.002
"""Bad bytes that are repaired: so many, or this share of a long text."""
_SHORTEST = 4
"""Characters of the shortest text whose encoding can be guessed."""
_BAD = "\ufffd"
_HOLDS_OFFICE = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")


def load(name: str, data: bytes) -> Loaded:
    """Decode a text file. Raises SourceError for what is none."""
    if not data.strip():
        raise SourceError(name, "empty")
    if data.startswith(_HOLDS_OFFICE):
        raise SourceError(name, "not a text file: it is a PDF or office document under another name")
    found = decoded(data)
    if found is None:
        held = "it holds NUL bytes" if b"\x00" in data else "its bytes are neither UTF-8, UTF-16, GB18030 nor Big5"
        raise SourceError(name, f"not a text file: {held}")
    return found


def decoded(data: bytes) -> Loaded | None:
    """The text of some bytes, or None where they are none.

    UTF-8 and GB18030 that are whole are the file itself. What is of another encoding, or was repaired, is a text beside it.
    """
    for bom, encoding in _BOMS:
        if data.startswith(bom):
            return _repaired(data, encoding)
    if b"\x00" not in data:
        for encoding in ("utf-8", "gb18030"):
            text = _strict(data, encoding)
            if text is None or any(map(_is_control, text)):
                continue
            if encoding == "utf-8" or common_share(text) >= LEAST_COMMON:
                return Loaded(text, encoding)
    found = [(common_share(each.text), -order, each) for order, each in enumerate(_guesses(data))]
    best = max(found, key=lambda each: each[:2], default=None)
    if best is not None and best[0] >= LEAST_COMMON and len(best[2].text) >= _SHORTEST:
        return best[2]
    # Valid UTF-8 is hardly ever chance, whatever it says.
    text = None if b"\x00" in data else _strict(data, "utf-8")
    return None if text is None else Loaded(text, "utf-8")


def _guesses(data: bytes) -> Iterator[Loaded]:
    for encoding in _GUESSED:
        text = None if b"\x00" in data and not encoding.startswith("utf-16") else _strict(data, encoding)
        if text is not None and not any(map(_is_control, text)):
            yield Loaded(text, notes=(f"read as {_named(encoding)}",))
    for encoding in _DAMAGED:
        repaired = _repaired(data, encoding)
        if repaired is not None:
            yield repaired


def _strict(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _named(encoding: str) -> str:
    return {"big5hkscs": "Big5", "utf-8": "UTF-8", "gb18030": "GB18030"}.get(encoding, encoding[:6].upper())


def _repaired(data: bytes, encoding: str) -> Loaded | None:
    """A text of which little is damaged: what cannot be read is left out, and a number that it stood in is blotted out."""
    text = data.decode(encoding, "replace")
    signs = [at for at, c in enumerate(text) if c == _BAD or _is_control(c)]
    if len(signs) > max(_FEW, len(text) * _SHARE) or len(signs) * 4 > len(text):
        return None
    notes: tuple[str, ...] = () if encoding in _DAMAGED[:2] else (f"read as {_named(encoding)}",)
    if signs:
        line = text.count("\n", 0, signs[0]) + 1
        notes += (f"damaged characters left out: {len(signs)}, the first in line {line}",)
    written = list(text)
    for at in signs:
        written[at] = ""
        _blot(text, at, written)
    return Loaded("".join(written).removeprefix("\ufeff"), notes=notes)


def _blot(text: str, at: int, written: list[str]) -> None:
    """A damaged byte beside a digit may have been a digit: no number that lost one may be read."""
    single = text[at - 1 : at] != _BAD and text[at + 1 : at + 2] != _BAD
    for step in (-1, 1) if single and text[at] == _BAD else ():
        place = at + step
        while 0 <= place < len(text) and (text[place].isdigit() or text[place] in ".,"):
            if text[place].isdigit():
                written[place] = _BAD
            place += step


def _is_control(character: str) -> bool:
    return (character < " " and character not in "\t\n\r\f\v\x1a") or character == "\x7f"


def common_share(text: str) -> float:
    """How many of a text's characters are such as reports are written in, from 0 to 1.

    Of Chinese characters those of the first level of GB 2312, the 3,755 that are used most; letters of other scripts,
    signs without a meaning and places that Unicode leaves free count against it. A sample is enough.
    """
    sample = fold(text[:20000])
    good = bad = 0
    for character in sample:
        if "\u3400" <= character <= "\u9fff":
            first_level = 0xB0 <= character.encode("gb2312", "replace")[0] <= 0xD7
            good, bad = (good + 1, bad) if first_level else (good, bad + 1)
        elif not character.isascii() and not _is_sign(character):
            bad += 1
        elif character.isalnum():
            good += 1
    return good / (good + bad) if good else 0.0


def _is_sign(character: str) -> bool:
    """Marks that Chinese and English texts are set with: dashes, quotation marks, ruled lines, signs of units, accents."""
    return "\u00a0" <= character <= "\u024f" or "\u2000" <= character <= "\u33ff" or "\uff00" <= character <= "\uffef"
