"""The trainable form of a static model: a vector and a weight for each token, and vectors of character n-grams."""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
import torch
from torch import Tensor, nn
from torch.nn import functional

from index.training.batches import Batch

#: Buckets of the character n-grams that a piece's vector starts from.
BUCKETS = 40_000


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything a run depends on beside its data."""

    dimension: int = 512
    batch: int = 2048
    steps: int = 4000
    rate: float = 4e-3  # Adam's step; a vector's numbers are about 0.04, so a token moves in tens of batches
    warmup: int = 30
    temperature: float = 0.05
    grams: int = 0  # buckets of character n-grams whose vectors are trained too; costly, see docs/embedding.md
    smoothing: float = 1e-3  # SIF's a: tokens more frequent than this share weigh less from the start
    spelled: float = 0.3  # share of a piece's character n-grams in its starting vector
    taught: float = 0.0  # share of the teacher's view of a piece in its starting vector
    distil: float = 0.0  # share of the teacher's similarities in the loss, for English
    seed: int = 20260101


class TokenTable(nn.Module):
    """The trainable form of the token vectors."""

    def __init__(self, pieces: list[str], counts: npt.NDArray[np.int64], recipe: Recipe) -> None:
        super().__init__()
        generator = torch.Generator().manual_seed(recipe.seed)
        scale = recipe.dimension**-0.5
        self.own = nn.Parameter(torch.randn(len(pieces), recipe.dimension, generator=generator) * scale)
        share = (counts + 1) / counts.sum()
        rarity = np.log(recipe.smoothing / (recipe.smoothing + share))
        self.weight = nn.Parameter(torch.tensor(rarity, dtype=torch.float32))
        if recipe.spelled:
            shares, _ = gram_shares(pieces, BUCKETS)
            spelling = functional.normalize(
                shares @ torch.randn(BUCKETS, recipe.dimension, generator=generator), dim=-1
            )
            with torch.no_grad():
                self.own.mul_(1 - recipe.spelled).add_(spelling, alpha=recipe.spelled)
        self.grams: nn.Parameter | None = None
        if recipe.grams:
            self.grams = nn.Parameter(torch.randn(recipe.grams, recipe.dimension, generator=generator) * scale * 0.5)
            self.spelling, self.spelling_back = gram_shares(pieces, recipe.grams)

    def go_on_from(self, matrix: npt.NDArray[np.float32]) -> None:
        """Start from the token vectors of a trained model, ``(pieces, dimension)``, in place of those of the spelling."""
        if matrix.shape != tuple(self.own.shape):
            raise ValueError(f"the model to go on from is {matrix.shape}, this one {tuple(self.own.shape)}")
        with torch.no_grad():
            self.own.copy_(torch.from_numpy(matrix))
            self.weight.zero_()

    def rows(self, ids: Tensor) -> Tensor:
        """Vectors of the tokens ``ids``, shape ``(len(ids), dimension)``."""
        every: Tensor = self.own
        if self.grams is not None:
            every = every + Shared.apply(self.grams, self.spelling, self.spelling_back)
        return functional.embedding(ids, every) * torch.exp(functional.embedding(ids, self.weight[:, None]))

    def encode(self, flat: Tensor, starts: Tensor) -> Tensor:
        """Unit vectors of texts given as their tokens in a row and where each text starts."""
        unique, place = torch.unique(flat, return_inverse=True)
        return functional.normalize(functional.embedding_bag(place, self.rows(unique), starts, mode="sum"), dim=-1)

    def encode_batch(self, batch: Batch) -> tuple[Tensor, Tensor]:
        """Unit vectors of both sides, in one go."""
        starts = torch.cat([batch.left_starts, batch.right_starts + len(batch.left)])
        vectors = self.encode(torch.cat([batch.left, batch.right]), starts)
        return vectors[: len(batch.left_starts)], vectors[len(batch.left_starts) :]

    def matrix(self) -> npt.NDArray[np.float32]:
        """All token vectors; the unknown token, which is number 0, says nothing and is zero."""
        with torch.no_grad():
            matrix: npt.NDArray[np.float32] = self.rows(torch.arange(len(self.own))).numpy()
        matrix[0] = 0
        return matrix


class Shared(torch.autograd.Function):
    """``shares @ grams`` for a sparse matrix and its transpose: a tenth of the time of a bag's own backward pass."""

    @staticmethod
    def forward(context: Any, grams: Tensor, shares: Tensor, back: Tensor) -> Tensor:
        context.back = back
        return shares @ grams

    @staticmethod
    def backward(context: Any, *gradients: Tensor) -> tuple[Tensor, None, None]:
        return context.back @ gradients[0], None, None


def gram_shares(pieces: list[str], buckets: int) -> tuple[Tensor, Tensor]:
    """The share of each bucket of character n-grams in each piece, a sparse ``(pieces, buckets)``, and its transpose.

    Latin pieces have their 3- to 5-grams with word borders, Chinese ones their characters and bigrams.
    """
    rows: list[int] = []
    columns: list[int] = []
    shares: list[float] = []
    for row, piece in enumerate(pieces):
        marked = f"<{piece}>" if piece.isascii() else piece
        sizes = (3, 4, 5) if piece.isascii() else (1, 2)
        found = {marked[i : i + n] for n in sizes for i in range(len(marked) - n + 1)} or {marked}
        for gram in sorted(found):
            rows.append(row)
            columns.append(_bucket(gram, buckets))
            shares.append(1 / len(found))
    table = scipy.sparse.csr_matrix((np.float32(shares), (rows, columns)), shape=(len(pieces), buckets))
    return _sparse(table), _sparse(table.T.tocsr())


def _sparse(table: Any) -> Tensor:
    with warnings.catch_warnings():  # that sparse tensors are new
        warnings.simplefilter("ignore", UserWarning)
        return torch.sparse_csr_tensor(
            torch.from_numpy(table.indptr.astype(np.int64)), torch.from_numpy(table.indices.astype(np.int64)),
            torch.from_numpy(table.data), table.shape,
        )  # fmt: skip


def _bucket(gram: str, buckets: int) -> int:
    value = 2166136261
    for byte in gram.encode():
        value = (value ^ byte) * 16777619 % 2**32
    return value % buckets
