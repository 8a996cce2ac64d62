"""Wenju (问据): the right figure of a government work report, with the exact sentence, or an honest no.

``Wenju`` answers in this process, ``Client`` and ``AsyncClient`` ask a service; all three have the same methods and give the
same frozen values (``wenju.answers``). Nothing of it is loaded before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wenju.aio import AsyncClient
    from wenju.answers import (
        Answer,
        Citation,
        Coverage,
        Fact,
        Facts,
        Nearest,
        SearchHit,
        SearchResult,
        Understood,
        Value,
    )
    from wenju.client import Client
    from wenju.errors import QuestionError, ServiceError, WenjuError
    from wenju.local import Wenju, bundled_reports

__version__ = "0.1.0"

__all__ = [
    "Answer", "AsyncClient", "Citation", "Client", "Coverage", "Fact", "Facts", "Nearest", "QuestionError", "SearchHit",
    "SearchResult", "ServiceError", "Understood", "Value", "Wenju", "WenjuError", "__version__", "bundled_reports",
]  # fmt: skip

_HOME = {
    **dict.fromkeys(("Wenju", "bundled_reports"), "wenju.local"),
    "Client": "wenju.client",
    "AsyncClient": "wenju.aio",
    **dict.fromkeys(("QuestionError", "ServiceError", "WenjuError"), "wenju.errors"),
    **dict.fromkeys(
        (
            "Answer",
            "Citation",
            "Coverage",
            "Fact",
            "Facts",
            "Nearest",
            "SearchHit",
            "SearchResult",
            "Understood",
            "Value",
        ),
        "wenju.answers",
    ),
}


def __getattr__(name: str) -> object:
    """Load what is asked for: the command and the service import this package for its version alone."""
    if name not in _HOME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted(__all__)
