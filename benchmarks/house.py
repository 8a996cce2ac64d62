"""How much a reader must hold in mind: ``python -m benchmarks.house [--root CHECKOUT]``.

Counts, over ``index``, ``rag``, ``api``, ``eval`` and the single files beside them (what trained the shipped model apart):
regular expressions with their characters and lookarounds, whether they have a name and examples, the entries of the
vocabulary, decision points and lines of functions, and files of folders. A decision point is an if, elif, conditional
expression, loop, except, match case, condition of a comprehension, or one more operand of and/or.

``--root`` counts another checkout, for example that of an earlier commit.
"""

from __future__ import annotations

import argparse
import ast
import re
import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PACKAGES = ("index", "rag", "api", "eval")
OF_RULES = ("index", "rag")
PATTERN_CALLS = ("compile", "search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
LOOKAROUND = re.compile(r"\(\?<?[=!]")
MOST_POINTS, MOST_LINES = 25, 60

POINTS = (ast.If, ast.IfExp, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)


@dataclass(frozen=True, slots=True)
class Expression:
    """A regular expression as written: ``literal`` holds its constant parts."""

    path: Path
    literal: str
    named: bool
    exampled: bool


@dataclass(frozen=True, slots=True)
class Function:
    path: Path
    name: str
    points: int
    lines: int


def files(root: Path) -> list[Path]:
    """The Python files that are counted."""
    found = [p for name in PACKAGES for p in sorted((root / name).rglob("*.py"))]
    # Before they were moved, the writers of tables lay beside them.
    kept = [p for p in found if "training" not in p.parts and not p.name.startswith("build_")]
    # The class of rules tries patterns and holds none.
    kept = [p for p in kept if p != root / "index" / "rules.py"]
    return [*kept, *(root / name for name in ("cli.py", "settings.py"))]


def literal(node: ast.AST) -> str:
    """The constant parts of an expression."""
    return "".join(c.value for c in ast.walk(node) if isinstance(c, ast.Constant) and isinstance(c.value, str))


def expressions(path: Path) -> Iterator[Expression]:
    """Calls of ``re`` and of ``Rule`` with their patterns."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not node.args:
            continue
        function = node.func
        if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name) and function.value.id == "re":
            if function.attr in PATTERN_CALLS:
                yield Expression(path, literal(node.args[0]), named=False, exampled=False)
        elif isinstance(function, ast.Name) and function.id == "Rule" and len(node.args) > 1:
            given = {k.arg: k.value for k in node.keywords}
            name = literal(node.args[0])
            told = all(isinstance(v := given.get(k), ast.Tuple) and bool(v.elts) for k in ("takes", "leaves"))
            yield Expression(path, literal(node.args[1]), named=re.search(r"_\d+$", name) is None, exampled=told)


def fragments(path: Path) -> int:
    """Characters of strings at the top of a module that are parts of patterns: those that f-strings of it put in."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    put_in = {
        n.id
        for s in ast.walk(tree)
        if isinstance(s, ast.FormattedValue)
        for n in ast.walk(s)
        if isinstance(n, ast.Name)
    }
    held = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and node.targets[0].id in put_in
    ]
    return sum(len(literal(v)) for v in held if isinstance(v, ast.Constant | ast.JoinedStr | ast.BinOp))


def own(function: ast.AST) -> Iterator[ast.AST]:
    """The nodes of a function without those of functions inside it."""
    stack = list(ast.iter_child_nodes(function))
    while stack:
        node = stack.pop()
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
            stack.extend(ast.iter_child_nodes(node))


def points(function: ast.AST) -> int:
    """The decision points of a function."""
    total = 0
    for node in own(function):
        if isinstance(node, POINTS):
            total += 1
        elif isinstance(node, ast.BoolOp):
            total += len(node.values) - 1
        elif isinstance(node, ast.comprehension):
            total += 1 + len(node.ifs)
    return total


def functions(path: Path) -> Iterator[Function]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(path, node.name, points(node), (node.end_lineno or 0) - node.lineno + 1)


def entries(root: Path) -> int:
    """Words of the vocabulary files."""

    def counted(value: Any) -> int:
        if isinstance(value, dict):
            return sum(map(counted, value.values()))
        return sum(map(counted, value)) if isinstance(value, list) else isinstance(value, str)

    found = [
        p for name in OF_RULES for p in (root / name).rglob("*.toml") if p.name not in ("regions.toml", "glossary.toml")
    ]
    return sum(counted(tomllib.loads(p.read_text(encoding="utf-8"))) for p in found)


def main(arguments: Sequence[str] | None = None) -> None:
    """Print a line for each figure."""
    assert __doc__ is not None
    parser = argparse.ArgumentParser(prog="python -m benchmarks.house", description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=Path, default=Path(__file__).parents[1])
    root = parser.parse_args(arguments).root
    counted = files(root)
    found = [e for p in counted if p.relative_to(root).parts[0] in OF_RULES for e in expressions(p)]
    told = [f for p in counted for f in functions(p)]
    over = sorted((f for f in told if f.points > MOST_POINTS), key=lambda f: -f.points)
    folders = Counter(p.parent for p in counted if p.name != "__init__.py")
    crowded, most = folders.most_common(1)[0]
    rows = [
        ("regular expressions of index/ and rag/", len(found)),
        ("characters of pattern", sum(len(e.literal) for e in found)),
        (
            "characters of fragments put into them",
            sum(fragments(p) for p in counted if p.relative_to(root).parts[0] in OF_RULES),
        ),
        ("lookarounds", sum(len(LOOKAROUND.findall(e.literal)) for e in found)),
        ("expressions with more than two lookarounds", sum(len(LOOKAROUND.findall(e.literal)) > 2 for e in found)),
        ("expressions without a name", sum(not e.named for e in found)),
        ("expressions without an example of both kinds", sum(not e.exampled for e in found)),
        ("vocabulary entries (places and glossary apart)", entries(root)),
        ("functions", len(told)),
        (f"functions over {MOST_POINTS} decision points", len(over)),
        ("most decision points", max(f.points for f in told)),
        (f"functions over {MOST_LINES} lines", sum(f.lines > MOST_LINES for f in told)),
        ("files", len(counted)),
        (f"most files in a folder ({crowded.relative_to(root)})", most),
    ]
    for name, value in rows:
        print(f"{value:8}  {name}")
    for function in over:
        print(f"{function.points:8}  points, {function.lines} lines: {function.path.relative_to(root)} {function.name}")


if __name__ == "__main__":
    main()
