"""What is held, and bringing reports: by keyboard and mouse in a real browser, over an index of its own."""

from __future__ import annotations

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from tests.api.web.driving import Browser, Keys, needs_browser
from tests.api.web.test_browser_figures import FILES, running
from tests.serving import Service

pytestmark = needs_browser

REPORT = FILES["2025年北京市政府工作报告.txt"]


@pytest.fixture(scope="module")
def root(snapshot_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A service over an index that the tests of this file change; each brings a report of its own."""
    index = tmp_path_factory.mktemp("bring") / "index"
    shutil.copytree(snapshot_folder, index)
    with running(index) as url:
        yield url


def word(text: str) -> bytes:
    docx = pytest.importorskip("docx", reason="python-docx is not installed")
    made = docx.Document()
    for line in text.splitlines():
        made.add_paragraph(line)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def states(browser: Browser) -> list[str]:
    return [each.text for each in browser.all("#sent .card-text")]


def button(browser: Browser, label: str, within: str = "main") -> Any:
    """The first button of that label, once it is there."""
    browser.until(lambda: [each for each in browser.all(f"{within} button") if each.text == label])
    return next(each for each in browser.all(f"{within} button") if each.text == label)


def test_files_are_brought_seen_asked_taken_out_and_put_back(browser: Browser, root: str, tmp_path: Path) -> None:
    """A Word report and a bad file together: each has its own fate, which the service tells again after a reload."""
    good, bad = tmp_path / "2025年北京市政府工作报告.docx", tmp_path / "坏文件.pdf"
    good.write_bytes(word(REPORT))
    bad.write_bytes(b"%PDF-1.7 cut off")
    browser.open(root, "bring", lang="zh")
    browser.driver.find_element("id", "files").send_keys(f"{good}\n{bad}")
    browser.until(lambda: states(browser) == ["部分收录"], 60)
    told = browser.text("#sent .card")
    assert "坏文件.pdf：PDF 已损坏" in told.replace(": ", "："), "the cause, in the page's language"
    assert "政府工作报告 · 北京市 · 2024 · 2 条数字" in told
    browser.driver.refresh()
    browser.until(lambda: states(browser) == ["部分收录"], 60)
    assert browser.text("#sent .card") == told
    browser.open(root, questions=("2024年北京市地区生产总值增长多少",))
    assert "4%" in browser.answered("2024年北京市地区生产总值增长多少").text.replace("4.0%", "4%")
    browser.driver.back()
    button(browser, "移除").send_keys(Keys.ENTER)
    browser.until(lambda: good.name in browser.text("#removed"), 60)
    assert "已不在索引里" in browser.text("#sent")
    browser.driver.refresh()
    button(browser, "撤销移除").send_keys(Keys.ENTER)
    browser.until(lambda: "北京市 · 2024" in browser.text("#sent"), 60)
    assert not browser.all("#removed button")
    button(browser, "从列表去掉").send_keys(Keys.ENTER)
    browser.until(lambda: not browser.all("#sent .card"))
    assert browser.log() == []


def test_a_report_of_nothing_but_a_bad_file_says_why(browser: Browser, root: str, tmp_path: Path) -> None:
    """In both languages, also when the page is opened again."""
    (tmp_path / "空.txt").write_bytes(b"")
    browser.open(root, "bring", lang="zh")
    browser.driver.find_element("id", "files").send_keys(str(tmp_path / "空.txt"))
    browser.until(lambda: states(browser)[:1] == ["没有收录"], 60)
    assert "空.txt: 空文件" in browser.text("#sent .card")
    browser.open(root, "bring", lang="en")
    browser.until(lambda: states(browser)[:1] == ["Not added"])
    assert "空.txt: empty" in browser.text("#sent .card")


def test_place_year_and_kind_are_put_right_and_back(browser: Browser, root: str, tmp_path: Path) -> None:
    """By keyboard, beside what was brought and on the page about it; answers follow, and what had been read is shown."""
    path = tmp_path / "工作情况.txt"
    path.write_text("工作情况\n一、工作回顾\n全年固定资产投资完成305.2亿元，增长9.4%。\n", encoding="utf-8")
    question = "2016年昌平区固定资产投资是多少"
    browser.open(root, "bring", lang="zh")
    browser.driver.find_element("id", "files").send_keys(str(path))
    button(browser, "更正种类、地区或年份").send_keys(Keys.ENTER)
    browser.press("北京市昌平区", Keys.TAB, "2016")
    browser.one(".correct select").send_keys("政府")
    button(browser, "按此重读").send_keys(Keys.ENTER)
    browser.until(lambda: "人工更正" in browser.text("#sent .card"), 60)
    assert "政府工作报告 · 昌平区 · 2016" in browser.text("#sent .card")
    browser.one("#sent .brought a").send_keys(Keys.ENTER)
    assert "种类（读出的是：工作总结）, 地区（读出的是：未读出）, 回顾（读出的是：未读出）" in browser.text("dl")
    browser.open(root, questions=(question,))
    assert "305.2亿元" in browser.answered(question).text
    browser.driver.back()
    button(browser, "更正种类、地区或年份").click()
    button(browser, "恢复为读出的").send_keys(Keys.ENTER)
    browser.until(lambda: "读出的是" not in browser.text("dl"), 60)
    browser.open(root, questions=(question,))
    browser.answered(question)
    assert browser.all("article.abstained")


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
        browser.until(lambda: "A key with the scope ingest" in browser.text("#bring-state"))
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
