"""Small values for the tests of the harness, made by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from eval.cases import Case, GoldNumber
from eval.replies import Derived, Figure, Operand, Passage, Quote, Reply, Understood
from eval.results import Gold, Origin, Result, Run


def make_case(*numbers: tuple[str, str], question: str = "2020年青浦区增长多少", **changes: Any) -> Case:
    fields: dict[str, Any] = {
        "id": "a",
        "question": question,
        "category": "growth",
        "answerable": True,
        "answers": (),
        "numbers": tuple(GoldNumber(Decimal(value), unit) for value, unit in numbers),
        "all_of": (),
        "reject": (),
        "evidence": (),
        "history": (),
        "as_of": None,
        "tolerance": Decimal(0),
        "language": "zh",
    }
    return Case(**{**fields, **changes})


def make_figure(value: str = "18.3", unit: str = "%", **changes: Any) -> Figure:
    fields: dict[str, Any] = {
        "indicator": "固定资产投资", "region": "嘉定区", "period": "2020", "measure": "growth", "status": "actual",
    }  # fmt: skip
    return Figure(value=value, unit=unit, **{**fields, **changes})


def make_derived(formula: str, *operands: tuple[str, str]) -> Derived:
    return Derived(formula, tuple(Operand(value, unit) for value, unit in operands))


def make_quote(quote: str = "同比增长18.3%", document: str = "f.txt", text: str = "") -> Quote:
    return Quote("d1", document, "嘉定区", "2020", quote, 0, len(quote), text)


def make_passage(text: str, document: str = "f.txt") -> Passage:
    return Passage(document, "嘉定区", "2020", text, 0, len(text), 1.0)


def make_understood(**changes: Any) -> Understood:
    fields: dict[str, Any] = {
        "kind": "growth", "indicators": ("固定资产投资",), "regions": ("嘉定区",), "periods": ("2020",), "status": "any",
    }  # fmt: skip
    return Understood(**{**fields, **changes})


def make_reply(answer: str = "同比增长18.3%。[1]", *values: Figure, **changes: Any) -> Reply:
    fields: dict[str, Any] = {
        "understood": make_understood(), "abstained": False, "reason": None, "citations": (make_quote(),), "nearest": (),
        "support": 0.9, "generator": "extractive", "snapshot": "s",
    }  # fmt: skip
    return Reply(answer=answer, values=values, **{**fields, **changes})


def make_result(name: str = "a", *, right: bool = True, **changes: Any) -> Result:
    fields: dict[str, Any] = {
        "category": "growth", "question": f"question {name}", "language": "zh", "answerable": True,
        "gold": Gold("18.3%", ("2020",), ("嘉定区",), ("同比增长18.3%",)), "answer": "同比增长18.3%。[1]",
        "abstained": False, "reason": None, "support": 0.9, "understood": make_understood(), "values": (),
        "citations": (make_quote(),), "nearest": (), "why": "" if right else "does not state 18.3%", "retrieved": True,
        "ranks": (1,), "asked_faults": ("wrong_period",), "faults": (), "verbatim": (True,), "relevant": (right,),
        "gold_cited": right, "loose_numbers": (), "replayed": True, "milliseconds": 2.0,
        "timings_ms": {"total": 1.0},
    }  # fmt: skip
    return Result(id=name, right=right, **{**fields, **changes})


def make_run(*results: Result, tolerances: dict[str, float] | None = None) -> Run:
    origin = Origin(
        commit="c0ffee", snapshot="s", model="m", where="in process", questions="q.jsonl", questions_sha256="0",
        generator="extractive", limit=None, categories=(), started="2026-01-01T00:00:00+00:00", python="3.11.7",
        machine="x86_64, 2 cores",
    )  # fmt: skip
    return Run(origin, results, tolerances or {"*": 0.0})
