"""Every reason and cause that the service says in English has its Chinese: read off the sources, so that a new one is noticed."""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from api.native.document_schemas import CorrectionIn
from api.web.telling import telling
from index.types import Kind
from tests.api.web.driving import Browser, needs_browser
from tests.conftest import ROOT
from tests.serving import Service

LINES = {
    "index/text": {"SourceError", "notes", "cause"},
    "index/ingest.py": {"SourceError"},
    "index/amend.py": {"SourceError"},
    "index/reading.py": {"SourceError"},
    "index/outline/years.py": {"append"},
    "index/figures/facts.py": {"constants"},
    "index/audit.py": {"constants", "reason"},
    "rag/limits.py": {"QuestionError", "notes"},
    "rag/decide/plan.py": {"notes", "note"},
    "api/shared/errors.py": {"__init__"},
    "api/shared/refusals.py": {"__init__"},
    "api/shared/library.py": {"SourceError"},
    "api/native/documents.py": {"QuestionError", "ConflictError"},
    "api/native/jobs.py": {"ConflictError", "NotFoundException"},
}
"""Where the sentences are that people come to see, and by which calls, keywords or names they are said."""


def sample(node: ast.expr | None) -> Iterator[str]:
    """What an expression may say, with 7 for what is filled in."""
    match node:
        case ast.Constant(value=str(text)):
            yield text
        case ast.JoinedStr(values=parts):
            yield "".join(str(part.value) if isinstance(part, ast.Constant) else "7" for part in parts)
        case ast.IfExp(body=one, orelse=other):
            yield from sample(one)
            yield from sample(other)
        case ast.Tuple(elts=several) | ast.List(elts=several):
            for each in several:
                yield from sample(each)


def said(path: Path, by: set[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
            if name in by and (name != "append" or getattr(node.func, "value", None)):
                for each in node.args:
                    yield from sample(each)
            for keyword in node.keywords:
                if keyword.arg in by:
                    yield from sample(keyword.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign | ast.AugAssign) and node.value is not None:
            target = node.targets[0] if isinstance(node, ast.Assign) else node.target
            name = getattr(target, "id", "")
            if name in by or ("constants" in by and name.isupper() and name.strip("_") == name):
                yield from sample(node.value)


def sentences() -> list[str]:
    found: dict[str, None] = {}
    for place, by in LINES.items():
        paths = [ROOT / place] if place.endswith(".py") else sorted((ROOT / place).rglob("*.py"))
        for path in paths:
            # A name of a field or file has no blank; a docstring is none of these.
            found |= dict.fromkeys(each for each in said(path, by) if " " in each)
    return list(found)


def is_chinese(text: str) -> bool:
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def test_every_sentence_is_told_in_chinese() -> None:
    found = sentences()
    assert len(found) > 60
    assert [each for each in found if not is_chinese(telling(each, "zh"))] == []


def test_what_the_catalogue_says_is_said_somewhere() -> None:
    """A sentence that was changed in the sources is changed here too."""
    code = "\n".join(
        p.read_text(encoding="utf-8") for room in ("index", "rag", "api") for p in (ROOT / room).rglob("*.py")
    )
    for english, chinese in json.loads((ROOT / "api/web/static/messages.json").read_text(encoding="utf-8")):
        longest = max(english.split("{}"), key=len).strip()
        assert longest[:24].strip() in code or longest[-16:].strip() in code, english
        assert chinese.count("{") <= english.count("{}"), english


INSIDE = {
    "b.pdf: a damaged PDF (no objects)": "b.pdf：PDF 已损坏（no objects）",
    "nothing to ingest: a.txt: empty; b.txt: not a text file: it holds NUL bytes": "没有可以收录的文件：a.txt：空文件；b.txt：不是文本文件：内有 NUL 字节",
    "question: is longer than 1000 characters": "question：超过 1000 字",
    "not of ours: at all": "not of ours: at all",
}


@pytest.mark.parametrize("message", INSIDE)
def test_sentences_inside_of_sentences(message: str) -> None:
    assert telling(message, "zh") == INSIDE[message]
    assert telling(message, "en") == message


def test_kinds_of_a_correction_are_those_of_documents() -> None:
    kinds = CorrectionIn.model_json_schema()["properties"]["kind"]["anyOf"][0]["enum"]
    assert kinds == [kind.value for kind in Kind]


@pytest.mark.enable_socket
@needs_browser[1]
def test_the_browser_tells_the_same(browser: Browser, service: Service) -> None:
    browser.open(service.url, lang="zh")
    given = [*sentences(), *INSIDE]
    told = browser.driver.execute_async_script(
        "const [given, done] = arguments; import('./web/telling.js').then((m) => m.telling(...given)).then(done)", given
    )
    assert told == [telling(each, "zh") for each in given]
