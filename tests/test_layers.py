"""Imports go down: cli → api, eval → settings → rag → index, and inside each from room to room. Read from the sources."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

MAY_IMPORT = {
    "index": set(),
    "rag": {"index"},
    "settings": {"rag", "index"},
    "eval": {"settings", "rag", "index"},
    # The version; what else ``wenju`` offers is loaded when it is asked for.
    "api": {"settings", "rag", "index", "wenju"},
    "cli": {"api", "eval", "settings", "rag", "index", "wenju"},
    # ``wenju/__main__.py`` starts the command, ``wenju/local.py`` opens an index in a program of somebody else; the clients and
    # the parts for frameworks use nothing of ours but this package.
    "wenju": {"cli", "settings", "rag", "index"},
    "tiktoken_ext": set(),
}
"""What each package may import of ours besides itself."""

FLOOR = {"index": {"types", "errors", "rules", "budget", "lock"}, "rag": {"types", "errors"}, "api": set()}
"""Modules of a package that every room of it may import, and that import no room."""

ROOMS: dict[str, dict[str, set[str]]] = {
    "index": {
        "text": set(),
        "words": {"text"},
        "outline": {"words", "text"},
        "figures": {"outline", "words", "text"},
        "store": {"words", "text"},
    },
    "rag": {
        "understand": set(),
        "find": {"understand"},
        "decide": {"find", "understand"},
        "answer": {"decide", "find", "understand"},
        "generators": {"answer"},
    },
    "api": {
        "shared": set(),
        "native": {"shared"},
        "openai": {"native", "shared"},
        "web": {"shared"},
    },
}
"""What each room may import besides itself and the floor; what stands above the rooms may import them all."""

ENGINES = {
    "faiss": {"index/store/dense.py"},
    "onnxruntime": {"index/store/transformer.py"},
    "scipy": {"eval/decision/fitting.py", "eval/metrics/statistics.py"},
    "tiktoken": {"index/text/counting.py", "tiktoken_ext/wenju.py"},
    "sentence_transformers": {"index/store/embedding.py", "index/store/reranking.py"},
    "psycopg": {"index/store/engines/connection.py"},
    "docx": {"index/text/loaders/word.py"},
    "pypdfium2": {"index/text/loaders/pdf/document.py"},
    "rapidocr_onnxruntime": {"index/text/loaders/pdf/scan.py"},
    "python_calamine": {"index/text/loaders/sheet.py"},
    "lxml": {"index/text/loaders/page.py", "index/text/loaders/shown.py"},
    "httpx": {"index/store/remote.py", "eval/services.py", "wenju/wire.py", "wenju/client.py", "wenju/aio.py"},
    "litestar": {"api"},
    "openai": {"rag/generators/openai.py"},
    "mcp": {"api/mcp.py"},
    "opentelemetry": {"api/shared/operation/tracing.py"},
}
"""Who may import an engine: it is changed in one place."""

MOST_FILES = 14
"""Python files of one folder: what a reader can take in before opening one."""


def sources(package: str) -> list[Path]:
    folder = ROOT / package
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [ROOT / f"{package}.py"]
    # Scripts that make the shipped model and tables run once and import what they like.
    return [f for f in files if "training" not in f.parts]


def imported(path: Path) -> Iterator[str]:
    """Every module named by an import anywhere in a file, those inside functions too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            yield node.module
            # ``from api.web import pages`` names a module too.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_imports_go_down(package: str) -> None:
    """Never back and never sideways."""
    files = sources(package)
    assert files
    ours = set(MAY_IMPORT) | {"tests", "benchmarks"}
    for path in files:
        named = {module.split(".")[0] for module in imported(path)} & ours
        assert named <= MAY_IMPORT[package] | {package}, path


@pytest.mark.parametrize(("package", "room"), [(p, r) for p, rooms in ROOMS.items() for r in rooms])
def test_rooms_import_down(package: str, room: str) -> None:
    """A room knows the floor and the rooms below it, and nothing of what stands above."""
    files = [f for f in sources(package) if f.relative_to(ROOT).parts[1] == room]
    assert len(files) > 1
    allowed = FLOOR[package] | ROOMS[package][room] | {room}
    for path in files:
        named = {m.split(".")[1] for m in imported(path) if m.startswith(f"{package}.")}
        assert named <= allowed, path


def test_every_folder_is_a_room() -> None:
    """A new folder is placed in the table before it is filled."""
    for package, rooms in ROOMS.items():
        folders = {f.relative_to(ROOT).parts[1] for f in sources(package) if len(f.relative_to(ROOT).parts) > 2}
        assert folders == set(rooms)


def test_no_import_goes_in_a_circle() -> None:
    """Imports inside functions count: what is put off is needed all the same."""
    modules = {module_of(f): f for package in MAY_IMPORT for f in sources(package)}
    below = {name: {m for m in imported(path) if m in modules and m != name} for name, path in modules.items()}
    for name in below:
        # A package's own file is imported with each of its modules.
        below[name] -= {name.rpartition(".")[0]}
    done: set[str] = set()

    def visit(name: str, way: tuple[str, ...]) -> None:
        assert name not in way, " → ".join((*way[way.index(name) :], name))
        if name not in done:
            for other in sorted(below[name]):
                visit(other, (*way, name))
            done.add(name)

    for name in sorted(below):
        visit(name, ())


def test_no_folder_is_crowded() -> None:
    for package in (*MAY_IMPORT, "tests", "benchmarks"):
        for folder in {f.parent for f in (ROOT / package).rglob("*.py")} if (ROOT / package).is_dir() else ():
            held = [f for f in folder.glob("*.py") if f.name != "__init__.py"]
            assert len(held) <= MOST_FILES, (folder, len(held))


@pytest.mark.parametrize(("package", "name"), [(p, n) for p, names in FLOOR.items() for n in sorted(names)])
def test_the_floor_imports_nothing_of_ours(package: str, name: str) -> None:
    """``index/types.py`` and its like are what all else stands on."""
    path = ROOT / package / f"{name}.py"
    below = {f"{p}.{n}" for p in MAY_IMPORT[package] | {package} for n in FLOOR.get(p, ())}
    if path.is_file():
        ours = {m for m in imported(path) if m.split(".")[0] in MAY_IMPORT}
        assert not {m for m in ours if not any(m == b or m.startswith(f"{b}.") for b in below)}


@pytest.mark.parametrize("engine", ENGINES)
def test_an_engine_is_imported_in_one_place(engine: str) -> None:
    for package in MAY_IMPORT:
        for path in sources(package):
            place = path.relative_to(ROOT).as_posix()
            if engine in {module.split(".")[0] for module in imported(path)}:
                assert place in ENGINES[engine] or place.split("/")[0] in ENGINES[engine]


@pytest.mark.parametrize("package", ["index", "rag", "api", "cli"])
def test_only_settings_read_the_environment(package: str) -> None:
    """Options are handed in: nothing below ``settings`` looks at ``os.environ``."""
    for path in sources(package):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")), path


def test_no_deep_function_asks_the_clock() -> None:
    """What 今年 means is handed in: index and rag never read the date of today."""
    for path in (*sources("index"), *sources("rag")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr in ("today", "now", "utcnow")), path


READS_VOCABULARY = {
    "rag/decide/beside.py": "measures, looked for at the end of the names of figures",
    "rag/decide/derive.py": "words of shares, sums and moves, looked for in the asked terms and in clauses of reports",
    "rag/decide/guards.py": "words that narrow, measures and words by the unit, looked for in what a figure is called",
    "rag/decide/kinds/meanings.py": "words that say what a term is, looked for in sentences of reports",
    "rag/decide/serving.py": "words of moves, looked for at the start of the names of figures",
    "rag/decide/plan.py": "measures, looked for at the end of the asked terms",
    "rag/decide/premises.py": "words for a fall, a height and a reason, looked for in sentences of reports",
    "rag/find/facts.py": "words that narrow nothing and words for money, looked for in the asked terms",
    "rag/find/passages.py": "words for reasons, wants and meanings, looked for in sentences of reports",
    "rag/find/synonyms.py": "the folder of the vocabulary, and words that join two asked terms",
}
"""Who may use the vocabulary of questions below ``rag/understand``, and for what: never to read a question."""


def test_the_question_is_read_in_one_room() -> None:
    """What a later stage needs of a question's wording is a field: ``query.cues``, or the surface of a mention."""
    for path in sources("rag"):
        place = path.relative_to(ROOT).as_posix()
        if place.startswith("rag/understand/"):
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and node.attr == "text" and isinstance(node.value, ast.Name):
                assert node.value.id not in ("query", "asked", "part", "again", "read"), (place, node.lineno)
        assert "rag.understand.words" not in set(imported(path)) or place in READS_VOCABULARY, place


@pytest.mark.parametrize("package", ["index", "rag"])
def test_code_spells_no_place(package: str) -> None:
    """Neither the corpus nor a district of it is known to the code: reports of any place are read alike."""
    for path in sources(package):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        documented = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        words = [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in documented
        ]
        for place in ("嘉定", "青浦", "普陀", "虹口", "闵行", "杨浦", "松江", "徐汇", "产业园区网", "招商"):
            assert not [w for w in words if place in w], (path, place)


def test_only_two_files_of_the_package_reach_the_engine() -> None:
    """The clients must work where the engine's modules cannot be had: in a program that has others of those names."""
    for path in sources("wenju"):
        if path.name not in ("__main__.py", "local.py"):
            assert {m.split(".")[0] for m in imported(path)} & set(MAY_IMPORT) <= {"wenju"}, path
