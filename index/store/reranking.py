"""A cross-encoder as the rerank model: a question and a text read together. It needs the extra ``transformers``."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from index.errors import RerankModelError
from index.store.folders import folder_identity, hub_identity

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

#: What brings ``CrossEncoder``.
INSTALL = 'pip install "wenju[transformers]"'
#: Pairs that go through the network together.
TOGETHER = 32
#: Characters of a text that are looked at: more than the longest models take in tokens, so that none is cut into for nothing.
CHARACTERS = 20_000
#: The longest pair in tokens where the model does not say.
LONGEST = 512


class CrossEncoderReranker:
    """A model that ``CrossEncoder`` opens, from a folder or from the hub, and that gives one number for a pair.

    Raises ``RerankModelError`` when the extra is not installed, the folder is broken, the hub cannot be reached or the
    model gives more than one number. Safe to use from several threads, one at a time.
    """

    __slots__ = ("_lock", "_model", "_sigmoid", "identity", "name")

    def __init__(self, name_or_path: str) -> None:
        folder = Path(name_or_path)
        self.name = folder.name if folder.is_dir() else name_or_path
        self._model, self._sigmoid = _opened(name_or_path)
        self._lock = threading.Lock()
        if self._model.num_labels != 1:
            raise RerankModelError(name_or_path, f"gives {self._model.num_labels} numbers for a pair, not one")
        if not self._model.max_seq_length:
            self._model.max_seq_length = LONGEST
        self.identity = folder_identity(folder) if folder.is_dir() else hub_identity(name_or_path)

    def scores(self, query: str, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        """How well each text answers the query, in [0, 1], ``(len(texts),)``. Pairs beyond the model's longest are cut."""
        if not texts:
            return np.zeros(0, np.float32)
        pairs = [(query, text[:CHARACTERS]) for text in texts]
        # The tokenizer is set anew at each call, which two threads must not do at once.
        with self._lock:
            found = self._model.predict(
                pairs,
                batch_size=TOGETHER,
                show_progress_bar=False,
                # Named, because some models come without it and then give numbers without bounds.
                activation_fn=self._sigmoid,
                convert_to_numpy=True,
            )
        return np.nan_to_num(np.asarray(found, np.float32).reshape(len(texts)))


def _opened(name_or_path: str) -> tuple[CrossEncoder, Any]:
    folder = Path(name_or_path)
    if folder.is_dir() and not (folder / "config.json").is_file():
        raise RerankModelError(name_or_path, "the folder holds no config.json")
    try:
        import torch  # seconds of import
        from sentence_transformers import CrossEncoder
        from transformers.utils import logging
    except ImportError as error:
        raise RerankModelError(name_or_path, f"needs packages that are not installed: {INSTALL}") from error
    # A bar would be drawn into pipes and logs too.
    drawn = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return CrossEncoder(name_or_path), torch.nn.Sigmoid()
    # transformers, the hub client and torch each raise their own kinds; what matters is which model and why.
    except Exception as error:
        cause = (
            "the folder is broken"
            if folder.is_dir()
            else "no such folder, and the hub cannot be reached or has no such model"
        )
        raise RerankModelError(name_or_path, f"{cause} ({type(error).__name__})") from error
    finally:
        if drawn:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
