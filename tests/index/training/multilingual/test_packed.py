"""The published file, read back from one that the test packs, and the tokenizer made of it."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import pytest

from index.training.multilingual import packed

PIECES = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0), ("粮食", -5.0), ("粮", -8.0), ("食", -8.0), ("産", -9.0)]  # fmt: skip
NORMALISED = {"Ａ": "A", "㎡": "m2", "\t": " "}


def block(scale: float, numbers: list[int]) -> bytes:
    """A Q4_0 block: 32 numbers from -8 to 7."""
    raised = [number + 8 for number in numbers]
    return np.float16(scale).tobytes() + bytes(
        low | high << 4 for low, high in zip(raised[:16], raised[16:], strict=True)
    )


def file_of(tensors: dict[str, tuple[int, int, bytes]]) -> bytes:
    """The layout that the module describes; ``tensors`` are kind, count and bytes."""
    head = b"E5S1" + struct.pack("<I7ifi", 1, 32, 1, 2, 64, len(PIECES), 8, 2, 1e-12, 32)
    blob = b"".join(text.encode() for text, _ in PIECES)
    starts = np.cumsum([0, *(len(text.encode()) for text, _ in PIECES)]).astype(np.uint32)
    pieces = struct.pack("<5iQ", len(PIECES), 0, 2, 1, 3, len(blob)) + starts.tobytes()
    pieces += np.array([score for _, score in PIECES], np.float32).tobytes() + blob
    table = b"".join(
        struct.pack("<IB", ord(sign), len(told)) + b"".join(struct.pack("<I", ord(one)) for one in told)
        for sign, told in NORMALISED.items()
    )
    table = struct.pack("<iI", len(NORMALISED), len(table)) + table
    entries = sum(2 + len(name) + 1 + 4 + 8 + 8 for name in tensors)
    offset = len(head) + len(pieces) + len(table) + 4 + entries
    directory, data = struct.pack("<i", len(tensors)), b""
    for name, (kind, count, raw) in tensors.items():
        directory += struct.pack("<H", len(name)) + name.encode()
        directory += struct.pack("<BIQQ", kind, count, offset + len(data), len(raw))
        data += raw
    return head + pieces + table + directory + data


def test_numbers_pieces_and_signs_come_back(tmp_path: Path) -> None:
    numbers = [*range(-8, 8), *range(7, -9, -1)]
    plain = np.array([0.5, -2.0], np.float32)
    path = tmp_path / "model.bin"
    path.write_bytes(file_of({"emb.word": (1, 32, block(0.25, numbers)), "emb.type": (0, 2, plain.tobytes())}))
    held = packed.read(path)
    assert held.shape == packed.Shape(32, 1, 2, 64, len(PIECES), 8, 2)
    assert (held.bos, held.eos, held.pad, held.unknown) == (0, 2, 1, 3)
    assert [piece.text for piece in held.pieces] == [text for text, _ in PIECES]
    assert held.normalised == NORMALISED
    assert held.tensors["emb.word"].tolist() == [number * 0.25 for number in numbers]
    assert held.tensors["emb.type"].tolist() == [0.5, -2.0]


def test_another_file_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.bin"
    path.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ValueError, match="does not begin with E5S1"):
        packed.read(path)


def test_the_tokenizer_cuts_as_the_unigram_says() -> None:
    from index.training.multilingual import converted

    cut = converted.tokenizer([packed.Piece(*piece) for piece in PIECES], unknown=3, bos=0, eos=2)
    assert cut.encode("粮食 食粮").tokens == ["<s>", "▁", "粮食", "▁", "食", "粮", "</s>"]
    # Tabs are spaces, controls are nothing, compatibility forms are evened out, and runs of spaces are one.
    assert cut.encode("粮\t\u200b 食\x07").ids == cut.encode("粮 食").ids
    assert cut.encode("⾷").ids == cut.encode("食").ids
    assert cut.encode("楼", add_special_tokens=False).tokens == ["▁", "楼"]
    assert cut.encode("楼", add_special_tokens=False).ids[-1] == 3


def test_every_sign_of_the_published_map_is_evened_out_as_it_says() -> None:
    from index.training.multilingual import converted

    cut = converted.tokenizer([packed.Piece(*piece) for piece in PIECES], unknown=3, bos=0, eos=2)
    assert converted.otherwise(cut, NORMALISED | {"\x8f": "", "\x9f": "", "\u200e": " ", "\x01": ""}) == []
    assert converted.otherwise(cut, {"Ａ": "a"}) == ["Ａ"]
    assert converted.unknown_share(cut, ["粮食楼", "粮"]) == (1, 5)
