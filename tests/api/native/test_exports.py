"""The figures of an answer as a file: whole, cited, and harmless in a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from api.native.exports import COLUMNS, as_csv, as_xlsx
from rag.types import Answer, Question
from tests.api.fakes import QUOTE, FakePipeline

Client = TestClient[Litestar]

ASKED = {"question": "2020年嘉定固定资产投资增长多少"}


def table(client: Client, **query: str | list[str]) -> list[dict[str, str]]:
    response = client.get("/v1/values", params={**ASKED, **query})
    assert response.status_code == 200, response.text
    assert response.headers["content-type"].startswith("text/csv")
    assert "attachment" in response.headers["content-disposition"]
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_each_figure_has_its_sentence_and_where_it_stands(client: Client) -> None:
    (row,) = table(client)
    assert tuple(row) == COLUMNS
    assert row["value"] == "18.3"
    assert row["quote"] == QUOTE
    assert row["formula"] == "429.7 − 363.3"
    assert row["url"].startswith("http://testserver")
    assert f"/documents/d-jiading?start={row['start']}&end={row['end']}" in row["url"]
    assert row["snapshot"] == "snap-fake"


def test_earlier_questions_are_handed_on(client: Client, pipeline: FakePipeline) -> None:
    table(client, history=["2020年嘉定固定资产投资", "那2019年呢"])
    assert pipeline.questions[-1].history == ("2020年嘉定固定资产投资", "那2019年呢")


def test_a_refusal_is_a_table_without_rows(client: Client) -> None:
    assert table(client, question="今天天气如何") == []


BAD: dict[str, tuple[dict[str, object], str]] = {
    "no question": ({"question": ""}, "question"),
    "a long one": ({"question": "问" * 1001}, "question"),
    "another form": ({**ASKED, "format": "pdf"}, "form"),
    "too much before": ({**ASKED, "history": ["问"] * 21}, "history"),
    "unknown generator": ({**ASKED, "generator": "none"}, "generator"),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_queries_name_the_field(client: Client, case: str) -> None:
    query, field = BAD[case]
    response = client.get("/v1/values", params=query)  # type: ignore[arg-type]
    assert response.status_code in (400, 422), response.text
    assert field in response.text


HOSTILE = (
    '=HYPERLINK("http://evil.example")',
    "+SUM(A1)",
    "-1+1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "=cmd|' /C calc'!A0",
    "a\x00b",
)


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_of_a_report_is_calculated(text: str) -> None:
    """In CSV it is quoted by a mark, in a workbook it is a text by type."""
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    row = tuple(text if name == "quote" else Decimal("-18.6") if name == "value" else None for name in COLUMNS)
    (read,) = csv.DictReader(io.StringIO(as_csv([row]).decode("utf-8-sig"), newline=""))
    assert read["quote"] == (text if text.startswith("a") else f"'{text}")
    assert read["value"] == "-18.6", "a number stays one"
    sheet = openpyxl.load_workbook(io.BytesIO(as_xlsx([row]))).active
    cell = sheet.cell(2, COLUMNS.index("quote") + 1)
    assert cell.data_type == "s"
    assert sheet.cell(2, COLUMNS.index("value") + 1).value == -18.6


def test_a_workbook_says_the_same(client: Client) -> None:
    openpyxl = pytest.importorskip("openpyxl", reason="openpyxl is not installed")
    response = client.get("/v1/values", params={**ASKED, "format": "xlsx"})
    assert response.status_code == 200
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    head, first = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert tuple(head) == COLUMNS
    told = dict(zip(head, first, strict=True))
    assert told["value"] == 18.3
    assert told["quote"] == QUOTE


def test_without_the_package_the_extra_is_named(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("api.native.exports.find_spec", lambda _: None)
    response = client.get("/v1/values", params={**ASKED, "format": "xlsx"})
    assert response.status_code == 501
    assert "wenju[documents]" in response.json()["detail"]


def test_a_value_that_is_no_number_stays_a_text(client: Client, pipeline: FakePipeline) -> None:
    """Nothing is dropped because it cannot be read as a number."""
    whole = FakePipeline.answer

    def answer(self: FakePipeline, question: Question) -> Answer:
        made = whole(self, question)
        return replace(made, values=tuple(replace(each, value="三成") for each in made.values))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FakePipeline, "answer", answer)
        (row,) = table(client)
    assert row["value"] == "三成"
