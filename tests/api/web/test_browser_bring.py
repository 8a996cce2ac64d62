"""What is held, and bringing reports: by keyboard and mouse in a real browser, over an index of its own."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from pydantic import SecretStr

from tests.api.web.driving import Browser, Keys, needs_browser
from tests.api.web.test_browser_figures import FILES, running
from tests.serving import Service

pytestmark = needs_browser

REPORT = FILES["2025年北京市政府工作报告.txt"]


@pytest.fixture
def root(snapshot_folder: Path, tmp_path: Path) -> Iterator[str]:
    shutil.copytree(snapshot_folder, tmp_path / "index")
    with running(tmp_path / "index") as url:
        yield url


def word(text: str) -> bytes:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    made = docx.Document()
    for line in text.splitlines():
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def test_files_are_brought_seen_asked_taken_out_and_put_back(browser: Browser, root: str, tmp_path: Path) -> None:
    """A Word report and a bad file together: each has its own fate, which a reload does not lose."""
    good, bad = tmp_path / "2025年北京市政府工作报告.docx", tmp_path / "坏文件.pdf"
    good.write_bytes(word(REPORT))
    bad.write_bytes(b"%PDF-1.7 cut off")
    browser.open(root, "bring", lang="zh")
    browser.driver.find_element("id", "files").send_keys(f"{good}\n{bad}")
    browser.until(lambda: [each.text for each in browser.all("#sent .card-text")] == ["没有收录", "已收录"], 60)
    refused, added = browser.all("#sent .card")
    assert "坏文件.pdf" in refused.text
    assert len(refused.text.splitlines()) > 2, "with its cause"
    assert "政府工作报告 · 北京市 · 2024 · 2 条数字" in added.text
    browser.driver.refresh()
    browser.until(lambda: [each.text for each in browser.all("#sent .card-text")] == ["没有收录", "已收录"], 60)
    browser.open(root, questions=("2024年北京市地区生产总值增长多少",))
    assert "4%" in browser.answered("2024年北京市地区生产总值增长多少").text.replace("4.0%", "4%")
    browser.driver.back()
    added = next(each for each in browser.all("#sent .card") if good.name in each.text)
    browser.until(lambda: added.find_elements("css selector", "button"))
    added.find_element("css selector", "button").send_keys(Keys.ENTER)
    browser.until(lambda: "已移除" in added.text, 60)
    browser.press(Keys.ENTER)
    browser.until(lambda: "北京市 · 2024" in added.text, 60)
    assert browser.log() == [] or all("422" in each for each in browser.log())


def test_a_key_is_asked_for_where_one_is_needed(browser: Browser, snapshot_folder: Path, tmp_path: Path) -> None:
    """A page that may be read with one key, and changed with another."""
    shutil.copytree(snapshot_folder, tmp_path / "index")
    keys = SecretStr("reads=ask,feeds=ingest")
    with running(tmp_path / "index", api_keys=keys) as url:
        browser.driver.get(f"{url.replace('//', '//anyone:reads@')}/held?lang=en")
        # The browser knows the key now, as after its own question for it.
        browser.open(url, "bring", lang="en")
        path = tmp_path / "2025年北京市政府工作报告.txt"
        path.write_text(REPORT, encoding="utf-8")
        browser.driver.find_element("id", "files").send_keys(str(path))
        browser.until(lambda: "A key with the scope ingest" in browser.text("#sent"))
        assert browser.driver.switch_to.active_element.get_attribute("id") == "key"
        browser.press("feeds", Keys.ENTER)
        browser.until(lambda: "Added" in browser.text("#sent"), 60)


def test_without_a_key_the_page_says_what_is_needed(browser: Browser, snapshot_folder: Path) -> None:
    with running(snapshot_folder, api_keys=SecretStr("reads=ask")) as url:
        shown = httpx.get(f"{url}/held", headers={"accept": "text/html", "accept-language": "zh-CN"}, trust_env=False)
        assert shown.status_code == 401
        assert shown.headers["www-authenticate"] == 'Basic realm="Wenju"'
        assert "需要密钥" in shown.text
        browser.driver.get(f"{url.replace('//', '//anyone:reads@')}/held?lang=zh")
        assert browser.text("h1") == "收录了哪些报告"


def test_a_service_that_only_reads_says_so(browser: Browser, snapshot_folder: Path) -> None:
    with running(snapshot_folder, library=False) as url:
        browser.open(url, "bring", lang="zh")
        assert "wenju ingest" in browser.text(".notice")
        assert not browser.all("#drop")


def test_what_is_held_is_a_matrix_with_its_holes(browser: Browser, service: Service) -> None:
    """By keyboard from the matrix through a document to a figure's sentence and home."""
    browser.open(service.url, "held", lang="zh")
    assert browser.driver.title.startswith("收录了哪些报告")
    rows = {each.text.split()[0]: each for each in browser.all(".matrix tbody tr")}
    assert "嘉定区" in rows
    assert "缺" in rows["嘉定区"].text
    browser.one("input[name=place]").send_keys("虹口", Keys.ENTER)
    browser.until(lambda: len(browser.all(".matrix tbody tr")) == 1)
    assert "place=" in browser.driver.current_url
    browser.one(".matrix a.m-result").send_keys(Keys.ENTER)
    assert "种类" in browser.text("dl")
    assert "虹口区" in browser.text("dl")
    figure = browser.one("table td a")
    clause = figure.get_attribute("title")
    figure.send_keys(Keys.ENTER)
    marked = str(browser.one("#hit").get_property("textContent"))
    assert clause[:4] in marked.replace(" ", "")
    browser.one(".ways a").send_keys(Keys.ENTER)
    browser.one("#question")


def test_numbers_that_were_not_read_are_told_with_the_reason(browser: Browser, service: Service) -> None:
    browser.open(service.url, "held", lang="en")
    browser.one(".matrix a").click()
    browser.driver.find_element("partial link text", "Which numbers were not read").click()
    rows = browser.all("table")[1].text.splitlines()
    assert len(rows) > 5
    assert browser.driver.title.startswith("Numbers that were not read")


def test_an_indicator_is_shown_over_places_and_years(browser: Browser, service: Service) -> None:
    """All of it as a table, one place as a line, one year as bars."""
    browser.open(service.url, "indicators", lang="zh")
    browser.one("input[name=name]").send_keys("一般公共预算收入", Keys.ENTER)
    browser.until(lambda: browser.driver.current_url.count("name="))
    browser.one("tbody th a").send_keys(Keys.ENTER)
    table = browser.one(".of-indicator").text
    assert "嘉定区" in table
    assert "虹口区" in table
    browser.driver.find_element("link text", "嘉定区").click()
    browser.until(lambda: browser.all(".line-chart a"))
    browser.driver.find_element("link text", "全部地区与年份").click()
    browser.driver.find_element("link text", "2020").click()
    browser.until(lambda: len(browser.all(".bar-chart")) >= 2)


def test_a_dead_link_leads_home(browser: Browser, service: Service) -> None:
    browser.driver.get(f"{service.url}/documents/gone?lang=en")
    assert browser.text("h1") == "There is no such page"
    browser.driver.find_element("link text", "Back to the page to ask on").click()
    assert browser.text("#submit") == "Ask"
