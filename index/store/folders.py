"""What every kind of embedding model reads of a sentence-transformers folder: prompts, identity, JSON."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any, Literal, TypeAlias

import numpy as np
import numpy.typing as npt

Vectors: TypeAlias = npt.NDArray[np.float32]
Role: TypeAlias = Literal["query", "passage"]

#: Names under which models of the hub keep the prompt of each role, the usual one first.
PROMPT_NAMES: dict[Role, tuple[str, ...]] = {
    "query": ("query", "search_query", "retrieval.query", "s2p_query"),
    "passage": ("passage", "document", "search_document", "retrieval.passage"),
}


def folder_identity(folder: Path) -> str:
    """``sha256:`` and a hash over the names and bytes of the files that decide the vectors.

    Cards, licences and manifests of training may change without a rebuild.
    """
    total = hashlib.sha256()
    decisive = {".json", ".safetensors", ".bin", ".txt", ".model", ".onnx", ".py"}
    for path in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix in decisive):
        name = path.relative_to(folder).as_posix()
        if name == "training.json" or name.startswith("."):
            continue
        total.update(name.encode())
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return f"sha256:{total.hexdigest()}"


def hub_identity(name: str) -> str:
    """The commit that the hub client holds of the model: its files lie in a folder of that name.

    The configuration does not always tell it, and without it an updated model would pass for the old one.
    """
    from huggingface_hub import try_to_load_from_cache  # comes with sentence-transformers

    for file in ("modules.json", "config.json"):
        held = try_to_load_from_cache(name, file)
        if isinstance(held, str):
            return f"hub:{name}@{Path(held).parent.name}"
    return f"hub:{name}@unknown"


def role_prompts(config: Any) -> dict[Role, str]:
    """The prompt of each role, where the model's own configuration has one."""
    prompts = (config or {}).get("prompts") or {}
    chosen: dict[Role, str] = {}
    for role, names in PROMPT_NAMES.items():
        chosen[role] = next((prompts[name] for name in names if prompts.get(name)), "")
    return chosen


def read_json(path: Path) -> Any:
    """What a JSON file holds; None if it is absent or no JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
