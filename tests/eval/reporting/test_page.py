"""The report of a run, read in a real browser with no network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from eval.reporting import page as report
from eval.reporting.page import ReportError, report_html, require_charts, write_report
from eval.reporting.summary import LABELS, summarise
from eval.results import Diagnosis, Run
from tests.eval.builders import make_quote, make_result, make_run

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytest.importorskip("matplotlib", reason="the extra `report` is not installed")

CHROMIUM = shutil.which("chromium")
DRIVER = shutil.which("chromedriver")

LOST = make_result(
    "lost-1", right=False, category="同名不同口径", question="2020年<b>嘉定</b>增长多少", answer="增长30.5%。",
    citations=(make_quote("固定资产投资完成363.3亿元，增长30.5%"),), faults=("wrong_period",), support=0.6,
    nearest=("2020年上半年8.7亿美元",), milliseconds=40.0,
    diagnosis=Diagnosis("extraction", "18.3% from “同比增长18.3%”", "嘉定区 2019 30.5%"),
)  # fmt: skip


def make_report() -> Run:
    return make_run(*(make_result(str(n), milliseconds=1.0 + n, support=0.8 + n / 50) for n in range(9)), LOST)


def test_the_page_is_one_file() -> None:
    """No script, no address to load from, and text of a question never becomes markup."""
    run = make_report()
    page = report_html(run, summarise(run))
    assert "<script" not in page
    assert not re.findall(r"""(?:src|href)=["'](?!#|data:)""", page)
    assert not re.findall(r"url\((?!#)|@import", page)
    assert "<b>嘉定</b>" not in page
    assert page.count("<svg ") == 4
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert report_html(run, summarise(run)) == page


@pytest.mark.parametrize(
    "run", [make_run(LOST), make_run(make_result("1")), make_run(make_result("1", abstained=True, right=False))]
)
def test_runs_of_one_question_have_a_page_too(run: Run, tmp_path: Path) -> None:
    """All wrong, all right, nothing answered: no chart fails."""
    write_report(run, summarise(run), tmp_path / "deep" / "report.html")
    assert "</html>" in (tmp_path / "deep" / "report.html").read_text(encoding="utf-8")


def test_a_missing_library_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    require_charts()
    monkeypatch.setattr(report, "LIBRARIES", ("jinja2", "no_such_library"))
    with pytest.raises(ReportError, match=r"needs no_such_library: pip install 'wenju\[report\]'"):
        require_charts()


@pytest.fixture(params=["1280,900", "400,800"], ids=["desktop", "phone"])
def browser(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Chrome]:
    webdriver: Any = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    if not (CHROMIUM and DRIVER):
        pytest.skip("chromium and chromium-driver are not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        f"--user-data-dir={tmp_path / 'profile'}",
        f"--window-size={request.param}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.mark.enable_socket
def test_a_person_reads_it(browser: Chrome, tmp_path: Path) -> None:
    """Figures, charts with size, and the failure with what was right, what was cited and what lost it."""
    run = make_report()
    write_report(run, summarise(run), tmp_path / "report.html")
    browser.get((tmp_path / "report.html").as_uri())
    shown = browser.find_element("tag name", "body").text
    assert "q.jsonl: 90.0 % right" in shown
    rows = [row.text for row in browser.find_elements("css selector", "#categories tbody tr")]
    assert rows[0].startswith("growth 9 9 100.0 % 66.4 to 100.0 %")
    assert rows[1].startswith("同名不同口径 0 1 0.0 %")
    assert len(browser.find_elements("css selector", "#figures tbody tr")) == len(LABELS)
    charts = browser.find_elements("css selector", "figure svg")
    assert [c.get_attribute("aria-label") for c in charts] == [
        "Share of right answers by category", "Reliability: share of right answers over support", "Risk and coverage", "Latency histogram",
    ]  # fmt: skip
    # Drawn, not only present: bars, points and axes have an extent on the screen, inside the page's width.
    width = browser.execute_script("return document.documentElement.clientWidth")
    for chart in charts:
        assert 150 < chart.size["width"] <= width
        assert chart.size["height"] > 80
        assert len(chart.find_elements("css selector", "path")) > 5
    assert "同名不同口径" in charts[0].text
    assert browser.execute_script("return document.documentElement.scrollWidth") <= width
    failure = browser.find_element("id", "lost-1").text
    for words in (
        "2020年<b>嘉定</b>增长多少", "wrong period", "lost by extraction", "增长30.5%。", "同比增长18.3%",
        "固定资产投资完成363.3亿元，增长30.5%", "2020年上半年8.7亿美元", "嘉定区 2019 30.5%",
    ):  # fmt: skip
        assert words in failure
    assert not browser.find_element("id", "questions").is_displayed()
    browser.find_element("css selector", "details summary").click()
    assert len(browser.find_elements("css selector", "#questions tbody tr")) == 10
    assert browser.find_element("id", "questions").is_displayed()
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]
