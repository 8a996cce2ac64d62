"""Answers to look at, and to carry away: charts, bars and tables in a real browser, over made reports of many places."""

from __future__ import annotations

import csv
import io
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
import uvicorn
from pydantic import SecretStr

from api.app import create_app
from api.shared.library import Library
from index.ingest import ingest
from index.store.embedding import BUILT_IN_MODEL, Embedder
from index.text.chunking import ChunkOptions
from index.text.counting import DEFAULT_VOCABULARY
from index.words.regions import Gazetteer
from rag.opening import open_pipeline
from tests.api.fakes import FakeSettings
from tests.api.web.driving import DESKTOP, PHONE, Browser, Keys, needs_browser

pytestmark = needs_browser

PLACES = tuple(
    name
    for name in (
        "北京市", "天津市", "河北省", "山西省", "内蒙古自治区", "吉林省", "黑龙江省", "上海市", "江苏省", "安徽省", "福建省", "江西省",
        "山东省", "河南省", "湖北省", "湖南省", "广东省", "广西壮族自治区", "重庆市", "贵州省", "云南省", "西藏自治区", "陕西省", "青海省",
        "宁夏回族自治区", "新疆维吾尔自治区",
    )
    if Gazetteer.load().get(name)
)  # fmt: skip
"""The 26 places of the ranking."""

FILES = {
    f"2025年{place}政府工作报告.txt": (
        f"2025年{place}政府工作报告\n——2025年1月15日在{place}人民代表大会上\n一、2024年工作回顾\n"
        f"2024年，地区生产总值增长{4 + number / 10:.1f}%。\n二、2025年工作安排\n地区生产总值增长5%左右。\n"
    )
    for number, place in enumerate(PLACES)
}
YEARS = {2019: "363.3", 2020: "429.7", 2021: "451", 2023: "520.5", 2024: "580.25"}
"""Of one county, with a year that no report is held of."""

FILES |= {
    f"{year + 1}年平山县政府工作报告.txt": (
        f"{year + 1}年平山县政府工作报告\n——{year + 1}年1月15日在平山县人民代表大会上\n一、{year}年工作回顾\n"
        f"{year}年，全县固定资产投资完成{value}亿元。\n二、{year + 1}年工作安排\n固定资产投资完成{float(value) + 40:.0f}亿元。\n"
    )
    for year, value in YEARS.items()
}

FILES["2019年平山县政府工作报告.txt"] = (
    "2019年平山县政府工作报告\n——2019年1月15日在平山县人民代表大会上\n一、2018年工作回顾\n"
    "2018年，全县一般公共预算收入完成21.5亿元。\n二、2019年工作安排\n一般公共预算收入完成23亿元。\n"
)
"""A year of it whose report does not say what the others say."""


@contextmanager
def running(index: Path, *, library: bool = True, api_keys: SecretStr | None = None) -> Iterator[str]:
    """The service over an index, which it may change with a ``library``, on a free port of this machine."""
    options = FakeSettings(index=index, max_body_bytes=1 << 20, max_upload_bytes=1 << 24, api_keys=api_keys)

    def writer(changed: Callable[[], None]) -> Library:
        return Library(index, DEFAULT_VOCABULARY, ChunkOptions(), changed)

    app = create_app(options, lambda: open_pipeline(index, str(BUILT_IN_MODEL)), writer if library else None)
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", access_log=False, ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started and thread.is_alive():
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    finally:
        server.should_exit = True
        thread.join()


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory, embedder: Embedder) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("places")
    reports = folder / "reports"
    reports.mkdir()
    for name, text in FILES.items():
        (reports / name).write_text(text, encoding="utf-8")
    ingest([reports], folder / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
    with running(folder / "index") as url:
        yield url


SERIES = "平山县2019年至2025年固定资产投资"


def test_a_series_is_a_line_with_gaps_whose_points_open_their_sentences(browser: Browser, root: str) -> None:
    browser.open(root, questions=(SERIES,))
    browser.answered(SERIES)
    points = browser.all(".line-chart a")
    assert len(points) == len(YEARS)
    # 2022 has no report: the line breaks there.
    assert len(browser.all(".line-chart polyline")) == 2
    assert "平山县 · 2024 · 固定资产投资" in points[-1].get_attribute("aria-label")
    assert {each.get_attribute("aria-label") for each in browser.all(".gap.unheld")} == {"2022: 未收录", "2025: 未收录"}
    years = [each.text for each in browser.all(".line-chart .axis.middle")]
    assert years == [str(year) for year in range(2019, 2026)], "what was asked for is on the axis, told or not"
    browser.run("arguments[0].focus()", points[-1])
    browser.press(Keys.ENTER)
    with browser.inside("#pane iframe"):
        assert "580.25" in browser.one("#hit").get_property("textContent")
        browser.press(Keys.ESCAPE)
    browser.one("details.data summary").send_keys(Keys.ENTER)
    rows = {each.text.split()[0]: each.text for each in browser.all("details.data tbody tr")}
    assert "580.25亿元" in rows["2024"]
    assert "未收录" in rows["2022"], "no report of that year is held"


def over(one: dict[str, float], other: dict[str, float]) -> bool:
    """Whether two words lie over each other by more than the air around their letters."""
    wide = min(one["x"] + one["width"], other["x"] + other["width"]) - max(one["x"], other["x"])
    high = min(one["y"] + one["height"], other["y"] + other["height"]) - max(one["y"], other["y"])
    return wide > 1 and high > one["height"] / 3


def test_what_no_report_says_is_told_apart_from_what_no_report_is_held_of(browser: Browser, root: str) -> None:
    """By mark and word on the page of an indicator: of one place as a line, of all places and of one year in the table."""
    browser.open(root, "indicators/of", name="固定资产投资", place="平山县", measure="level", lang="zh")
    browser.one(".line-chart")
    marks = {each.get_attribute("aria-label") for each in browser.all(".gap.unstated, .gap.unheld")}
    assert marks == {"2018: 未载", "2022: 未收录"}
    assert {"未载", "未收录"} <= {each.text for each in browser.all(".legend .key")}
    written = [each.rect for each in browser.all(".line-chart .value")]
    assert len(written) > len(YEARS)
    assert not [1 for one in written for other in written if one is not other and over(one, other)]
    rows = [tuple(each.text.split()[1:]) for each in browser.all(".of-indicator tbody tr")]
    assert ("2018", "未载") in rows
    assert [row[-1] for row in rows if row[0] == "2022"] == ["491亿元目标", "未收录"], (
        "planned, and what became of it is not held"
    )
    browser.open(root, "indicators/of", name="一般公共预算收入", lang="zh")
    assert "未载：收录了该地区该年的报告" in browser.one("main").text
    browser.open(root, "indicators/of", name="地区生产总值", measure="growth", year="2024", lang="zh")
    browser.until(lambda: len(browser.all(".bar-chart")) == len(PLACES))
    series = "平山县2017年至2020年固定资产投资"
    browser.open(root, questions=(series,))
    browser.answered(series)
    assert {each.get_attribute("aria-label") for each in browser.all(".gap")} == {"2017: 未收录", "2018: 未载"}


def test_a_ranking_of_26_places_is_two_screens_at_most(browser: Browser, root: str) -> None:
    """Bars in a table, largest first, each figure with its sentence; the rest is folded away."""
    question = "2024年各省地区生产总值增速排名"
    browser.open(root, questions=(question,))
    browser.answered(question)
    rows = browser.all(".ranked tbody tr")
    assert len(rows) == 26
    assert len(browser.all(".ranked .ref")) == 26
    widths = [float(each.get_attribute("width")) for each in browser.all(".ranked rect")]
    assert widths == sorted(widths, reverse=True)
    assert widths[0] == 200
    height = browser.run("return document.querySelector('article').getBoundingClientRect().height")
    assert height <= 2 * DESKTOP[1]
    assert not browser.all(".cards .card"), "sources are folded away"
    browser.size(PHONE)
    assert browser.run("return document.querySelector('article').getBoundingClientRect().height") <= 2 * PHONE[1]
    assert not browser.run("return document.documentElement.scrollWidth > window.innerWidth")


def test_places_and_years_are_a_table_with_a_citation_in_every_cell(browser: Browser, root: str) -> None:
    question = "2024年北京市和广东省地区生产总值增长多少"
    browser.open(root, questions=(question,))
    browser.answered(question)
    cells = [each for each in browser.all("article table tbody td") if "%" in each.text]
    assert len(cells) >= 2
    assert all("[" in each.text for each in cells)


def test_a_figure_that_is_planned_says_so(browser: Browser, root: str) -> None:
    question = "2025年北京市地区生产总值增长目标是多少"
    browser.open(root, questions=(question,))
    browser.answered(question)
    assert "目标" in browser.text(".figure-context")
    assert browser.text(".figure .badge") == "目标"


CLIPBOARD = "window.copied = []; navigator.clipboard.writeText = async (text) => { window.copied.push(text); }"


def carried(browser: Browser, label: str) -> str:
    """What a press on an entry of the menu copies."""
    browser.run(CLIPBOARD)
    browser.one("details.menu summary").send_keys(Keys.ENTER)
    next(each for each in browser.all(".actions button") if each.text == label).click()
    browser.until(lambda: browser.run("return window.copied.length"))
    browser.press(Keys.ESCAPE)
    return str(browser.run("return window.copied[0]"))


def test_an_answer_is_carried_away_with_its_sources(browser: Browser, root: str) -> None:
    """As text, as Markdown, as a snippet for another page, as files."""
    question = "2024年北京市地区生产总值增长多少"
    browser.open(root, questions=(question,))
    browser.answered(question)
    plain = carried(browser, "复制（附出处）")
    assert plain.startswith(question)
    assert "地区生产总值增长4.0%" in plain
    assert "[1] 2025年北京市政府工作报告" in plain
    assert f"{root}/documents/" in plain
    marked = carried(browser, "复制为 Markdown")
    assert "[^1]" in marked
    assert f"[^1]: [2025年北京市政府工作报告]({root}/documents/" in marked
    snippet = carried(browser, "复制嵌入代码")
    assert snippet.startswith("<figure>")
    assert "<blockquote cite=" in snippet
    assert "<script" not in snippet
    assert "<iframe" not in snippet
    for label, form in (("下载 CSV", "csv"), ("下载 Excel", "xlsx")):
        browser.one("details.menu summary").send_keys(Keys.ENTER)
        link = next(each for each in browser.all(".menu .item") if each.text == label).get_attribute("href")
        browser.press(Keys.ESCAPE)
        response = httpx.get(link, trust_env=False)
        assert response.status_code == 200
        assert form in response.headers["content-disposition"]
        if form == "csv":
            (row,) = csv.DictReader(io.StringIO(response.content.decode("utf-8-sig")))
            assert (row["value"], row["unit"], row["region"]) == ("4.0", "%", "北京市")


def test_a_follow_up_is_carried_with_what_it_follows(browser: Browser, root: str) -> None:
    """Its link, opened elsewhere, shows the same answer; its file holds the same figure."""
    browser.open(root, questions=("2024年北京市地区生产总值增长多少", "那广东省呢"))
    browser.answered("那广东省呢")
    browser.run(CLIPBOARD)
    next(each for each in browser.all("article:last-child .actions button") if each.text == "复制链接").click()
    browser.until(lambda: browser.run("return window.copied.length"))
    link = str(browser.run("return window.copied[0]"))
    given = parse_qs(urlsplit(link).query)
    assert given["q"] == ["2024年北京市地区生产总值增长多少", "那广东省呢"]
    browser.fresh()
    browser.driver.get(link)
    assert "5.6%" in browser.answered("那广东省呢").text
    assert "索引自链接生成以来没有变化" in browser.one("main").text
    csv_link = browser.all("article:last-child .menu .item[href*=csv]") or browser.driver.find_elements(
        "css selector", "article:last-child .menu .item[href*=csv]"
    )
    assert "5.6" in httpx.get(csv_link[0].get_attribute("href"), trust_env=False).content.decode("utf-8-sig")


def test_a_link_says_when_the_index_has_changed(browser: Browser, tmp_path: Path, embedder: Embedder) -> None:
    """A link's answer that stays, and one that does not, after another report came in."""
    first, second = list(FILES)[:2]
    for name in (first, second):
        (tmp_path / name).write_text(FILES[name], encoding="utf-8")
    index = tmp_path / "index"
    ingest([tmp_path / first], index, embedder, DEFAULT_VOCABULARY, ChunkOptions())
    questions = {"北京": "2024年北京市地区生产总值增长多少", "天津": "2024年天津市地区生产总值增长多少"}
    with running(index) as url:
        links = {}
        for place, question in questions.items():
            browser.open(url, questions=(question,))
            browser.answered(question)
            browser.run(CLIPBOARD)
            next(each for each in browser.all(".actions button") if each.text == "复制链接").click()
            browser.until(lambda: browser.run("return window.copied.length"))
            links[place] = str(browser.run("return window.copied[0]"))
        files = {"files": (second, (tmp_path / second).read_bytes())}
        assert httpx.post(f"{url}/v1/documents", files=files, trust_env=False, timeout=60).status_code == 201
        for place, said in (("北京", "这个答案没有变"), ("天津", "与当时的不同")):
            browser.driver.get(links[place])
            browser.answered(questions[place])
            assert said in browser.one("article .notice").text


def test_right_and_wrong_are_one_press(browser: Browser, root: str) -> None:
    question = "2024年北京市地区生产总值增长多少"
    browser.open(root, questions=(question,))
    browser.answered(question)
    right, wrong = browser.all(".judging > button")
    right.send_keys(Keys.ENTER)
    browser.until(lambda: "已记下" in browser.text(".said"))
    wrong.send_keys(Keys.ENTER)
    browser.press("应为4.1%", Keys.ENTER)
    browser.until(lambda: not browser.all("form.should"))
    kept = [each for each in httpx.get(f"{root}/v1/feedback", trust_env=False).text.splitlines() if question in each]
    assert '"verdict": "right"' in kept[0]
    assert '"value": "4.1"' in kept[1]


def test_on_paper_nothing_is_folded_or_offered(browser: Browser, root: str) -> None:
    question = "2024年各省地区生产总值增速排名"
    browser.open(root, questions=(question,))
    browser.answered(question)
    browser.run("window.dispatchEvent(new Event('beforeprint'))")
    browser.cdp("Emulation.setEmulatedMedia", media="print")
    try:
        assert len(browser.all(".cards .card")) == 26
        assert not browser.all("#form")
        assert not browser.all(".actions")
        assert not browser.all("nav")
    finally:
        browser.cdp("Emulation.setEmulatedMedia", media="")
