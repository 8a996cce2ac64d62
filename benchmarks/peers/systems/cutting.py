"""Texts to chunks for systems that bring no splitter for Chinese: whole sentences, up to the common chunk size."""

from __future__ import annotations

import re

from protocol import CHUNK

_CUT = re.compile(r"(?<=[。！？；\n])")


def cut(text: str) -> list[str]:
    """Chunks of whole sentences; a longer sentence stands alone."""
    chunks, held = [], ""
    for sentence in _CUT.split(text):
        if held and len(held) + len(sentence) > CHUNK:
            chunks.append(held.strip())
            held = ""
        held += sentence
    chunks.append(held.strip())
    return [chunk for chunk in chunks if chunk]
