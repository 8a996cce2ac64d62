"""What can be switched off: every rule, every vocabulary list, and the mechanisms that choose between candidates."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from types import ModuleType
from typing import Any

from index.errors import WenjuError
from index.rules import Rule, without

PACKAGES = ("index", "rag")


class UnknownRuleError(WenjuError):
    """No rule, list or mechanism has that name."""


@dataclass(frozen=True, slots=True)
class Mechanism:
    """A function that chooses, and what stands in its place when it is switched off.

    ``target`` is ``module:function`` or ``module:Class.method``; ``off`` takes the same arguments.
    """

    name: str
    target: str
    off: Callable[..., Any]


def _always(value: Any) -> Callable[..., Any]:
    return lambda *_, **__: value


_GUARDS, _SERVING = "rag.decide.guards", "rag.decide.serving"
_PLAN, _READER = "rag.decide.plan:Planner", "rag.understand.readings:Reader"
_LOOKS, _BESIDE = "rag.decide.kinds.around:SecondLooks", "rag.decide.beside:Beside"

MECHANISMS = (
    *(
        Mechanism(f"guard.{name.strip('_')}", f"{_GUARDS}:{name}", _always(""))
        for name in (
            "of_another_dimension",
            "of_another_number",
            "of_another_noun",
            "of_another_measure",
            "leaves_out",
            "of_another_name",
            "of_its_own_but_another",
            "by_the_unit",
            "without_a_narrowing_word",
            "of_several",
            "of_another_part",
            "narrowed",
            "leaves_unsaid",
        )
    ),
    Mechanism("guard.serves", f"{_SERVING}:serves", _always(True)),
    Mechanism("guard.fits_base", f"{_SERVING}:fits_base", _always(True)),
    Mechanism("guard.contradicting_figure", "rag.decide.premises:contradicting_figure", _always(None)),
    Mechanism("guard.contradicts", "rag.decide.premises:contradicts", _always(False)),
    Mechanism("guard.off_topic", f"{_PLAN}._off_topic", _always(None)),
    Mechanism("second_look.homophones", f"{_READER}.put_right", _always(None)),
    Mechanism("second_look.town_and_country", f"{_READER}.town_and_country", _always(None)),
    Mechanism("second_look.report_around", f"{_LOOKS}.in_the_report_around", _always(None)),
    Mechanism("second_look.told_then", "rag.decide.sentences:SentenceFinder._told_then", _always([])),
    Mechanism("second_look.beside", f"{_BESIDE}.all", _always([])),
    Mechanism("second_look.share_beside", f"{_BESIDE}.share", _always(None)),
    Mechanism("second_look.other_measure", f"{_BESIDE}._other_measure", _always(None)),
    Mechanism("plan.further_questions", "rag.decide.plan:further_figures", _always(())),
    Mechanism("plan.asked_together", "rag.understand.several:asked_together", _always(())),
    Mechanism("plan.derive", "rag.decide.derive:derive", _always(None)),
    Mechanism("plan.most", "rag.decide.lists:asks_most", _always(False)),
    Mechanism("plan.held_place", "rag.understand.held:located", lambda query, *_: query),
)
"""Guards, second looks and plans: what decides over candidates and is no pattern."""


def modules() -> list[ModuleType]:
    """All modules of ``index`` and ``rag`` but those that made what is shipped."""
    found: list[ModuleType] = []
    for package in map(importlib.import_module, PACKAGES):
        found.append(package)
        for info in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if ".training" not in info.name and not info.name.endswith("generators.openai"):
                found.append(importlib.import_module(info.name))
    return found


def _held(value: Any, depth: int = 0) -> Iterator[Rule]:
    if isinstance(value, Rule):
        yield value
    elif depth > 3:
        return
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _held(each, depth + 1)
    elif isinstance(value, tuple | list):
        for each in value:
            yield from _held(each, depth + 1)
    elif is_dataclass(value) and not isinstance(value, type):
        for each_field in fields(value):
            yield from _held(getattr(value, each_field.name, None), depth + 1)


def all_rules() -> dict[str, Rule]:
    """Every rule and vocabulary list by name: those at the top of a module, and those that a loader without arguments makes."""
    found: dict[str, Rule] = {}
    for module in modules():
        for value in list(vars(module).values()):
            made = value
            if hasattr(value, "cache_clear") and getattr(value, "__module__", "") == module.__name__:
                # Vocabulary is loaded once and kept: load_asking(), patterns_of_reports().
                made = value() if not inspect.signature(value).parameters else None
                made = getattr(made, "__dict__", made) if not is_dataclass(made) else made
            for rule in _held(made):
                found.setdefault(rule.name, rule)
    return dict(sorted(found.items()))


def known_names() -> list[str]:
    """Everything that can be switched off: rules and lists first."""
    return [*all_rules(), *(m.name for m in MECHANISMS)]


@contextmanager
def switched_off(name: str) -> Iterator[None]:
    """Answer and read without a rule, a list or a mechanism. Raises UnknownRuleError."""
    rule = all_rules().get(name)
    if rule is not None:
        _forget()
        with without(rule):
            yield
        _forget()
        return
    mechanism = next((m for m in MECHANISMS if m.name == name), None)
    if mechanism is None:
        raise UnknownRuleError(f"no rule, list or mechanism is named {name!r}")
    with replaced(mechanism, mechanism.off):
        yield


def original(mechanism: Mechanism) -> tuple[Any, str, Callable[..., Any]]:
    """Where a mechanism's function hangs, by what name, and the function."""
    module, _, path = mechanism.target.partition(":")
    holder: Any = importlib.import_module(module)
    *classes, name = path.split(".")
    for each in classes:
        holder = getattr(holder, each)
    return holder, name, getattr(holder, name)


@contextmanager
def replaced(mechanism: Mechanism, other: Callable[..., Any]) -> Iterator[None]:
    """Another function in the place of a mechanism's, wherever it was imported to."""
    holder, name, function = original(mechanism)
    places = [(holder, name)]
    if isinstance(holder, ModuleType):
        ours = [m for n, m in list(sys.modules.items()) if n.split(".")[0] in PACKAGES]
        places = [(m, k) for m in ours for k, v in list(vars(m).items()) if v is function]
    for place, key in places:
        setattr(place, key, other)
    try:
        yield
    finally:
        for place, key in places:
            setattr(place, key, function)


def _forget() -> None:
    """Clear what is remembered of texts, which another set of rules would read otherwise."""
    for module in modules():
        for value in vars(module).values():
            clear = getattr(value, "cache_clear", None)
            if clear is None or getattr(value, "__module__", "") != module.__name__:
                continue
            signature = inspect.signature(value)
            if signature.parameters and signature.return_annotation != "Rule":
                clear()
