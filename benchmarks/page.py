"""Five things that people come to the page for, done by a browser as a new user would: ``python -m benchmarks.page``.

Each task begins on the ask page. Printed are the presses (clicks, and Enter), the characters typed and the seconds from the
first of them to the sight of what was wanted; the machine may be busy, so the presses are what tells two versions apart.
``--root URL`` measures a service that runs already, of another version say, whose index the fourth task changes.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from tests.api.web.driving import Browser, chromium
from tests.api.web.test_browser_bring import word
from tests.api.web.test_browser_figures import FILES, running

NEW = "2025年青海省政府工作报告"
"""The report that the fourth task adds: the index of the benchmark does not hold it."""


class Hand:
    """What a user does, counted."""

    def __init__(self, browser: Browser, root: str) -> None:
        self.browser, self.root = browser, root
        self.presses = self.typed = 0
        self.begun = 0.0

    def begin(self) -> None:
        """The ask page in a browser that has never seen it, ready to be typed in."""
        self.browser.fresh()
        self.browser.open(self.root, lang="zh")
        self.browser.one("#question")
        self.presses = self.typed = 0
        self.begun = time.perf_counter()

    def ask(self, question: str) -> None:
        """Type a question, press Enter, see the answer."""
        self.typed += len(question)
        self.presses += 1
        self.browser.ask(question)

    def press(self, *labels: str) -> None:
        """Click what is called so, the newest of them: the first label that there is."""
        found: list[Any] = []

        def named() -> bool:
            seen = self.browser.all("main a, main button, main summary, main label, nav a")
            found[:] = [each for label in labels for each in seen if each.text.startswith(label)]
            return bool(found)

        self.browser.until(named)
        self.presses += 1
        self.browser.run("arguments[0].scrollIntoView({block: 'center'})", found[-1])
        found[-1].click()

    def see(self, selector: str, text: str = "") -> None:
        """Wait until something of that text is in sight."""
        self.browser.until(lambda: [each for each in self.browser.all(selector) if text in each.text], 120)


def chart_and_export(hand: Hand) -> None:
    """Find 嘉定's investment of 2019 to 2025 as a chart, and export it."""
    hand.ask("嘉定区2019年至2025年固定资产投资")
    hand.see(".line-chart")
    hand.press("导出", "复制与导出")
    hand.press("下载 CSV")
    hand.browser.until(lambda: list(hand.browser.downloads.glob("*.csv")), 30)


def compare_and_copy(hand: Hand) -> None:
    """Compare three provinces and copy that with citations."""
    hand.ask("2024年北京市、广东省、上海市地区生产总值增长多少")
    hand.see(".ranked")
    if not any(each.text == "复制（附出处）" for each in hand.browser.all(".actions button")):
        hand.press("复制与导出")
    hand.press("复制（附出处）")
    hand.see(".said", "已复制")


def what_is_missing(hand: Hand) -> None:
    """See what is missing."""
    hand.press("收录")
    hand.see(".matrix")
    if hand.browser.all("main p a[href*=holes]"):
        hand.press("只看有缺的 ")
    else:
        hand.browser.one("input[name=holes]").click()
        hand.presses += 1
        hand.press("筛选")
    hand.browser.until(lambda: "holes=" in hand.browser.driver.current_url)
    hand.see(".matrix .hole")


def add_and_ask(hand: Hand) -> None:
    """Add a Word report and ask it."""
    path = Path(tempfile.mkdtemp()) / f"{NEW}.docx"
    path.write_bytes(word(FILES[f"{NEW}.txt"]))
    hand.press("添加报告")
    hand.browser.until(lambda: hand.browser.driver.find_elements("id", "files"))
    # The system's own window to choose a file: one press to open it, one on the file, one to close it.
    hand.presses += 3
    hand.browser.driver.find_element("id", "files").send_keys(str(path))
    hand.see("#sent .card-text", "已收录")
    hand.press("提问")
    hand.ask("2024年青海省地区生产总值增长多少")
    hand.see(".figure-value", "%")


def send_a_follow_up(hand: Hand) -> None:
    """Send a colleague the link to the answer of a follow-up, who opens it elsewhere."""
    hand.ask("2024年北京市地区生产总值增长多少")
    hand.ask("那广东省呢")
    hand.browser.run("navigator.clipboard.writeText = async (text) => { window.copied = text; }")
    hand.press("复制链接")
    hand.browser.until(lambda: hand.browser.run("return window.copied"))
    link = hand.browser.run("return window.copied")
    hand.browser.fresh()
    hand.browser.driver.get(link)
    hand.presses += 1
    assert "5.6%" in hand.browser.answered("那广东省呢").text


TASKS: tuple[Callable[[Hand], None], ...] = (
    chart_and_export,
    compare_and_copy,
    what_is_missing,
    add_and_ask,
    send_a_follow_up,
)


def measured(browser: Browser, root: str) -> Iterator[dict[str, object]]:
    """A row for each task."""
    hand = Hand(browser, root)
    for task in TASKS:
        hand.begin()
        task(hand)
        seconds = time.perf_counter() - hand.begun
        yield {
            "task": (task.__doc__ or task.__name__).strip(),
            "presses": hand.presses,
            "typed": hand.typed,
            "seconds": round(seconds, 2),
        }


@contextmanager
def served() -> Iterator[str]:
    """The service of this checkout over the bundled reports and the made ones, but the one that is to be added."""
    from index.ingest import ingest
    from index.store.embedding import BUILT_IN_MODEL, load_embedder
    from index.text.chunking import ChunkOptions
    from index.text.counting import DEFAULT_VOCABULARY

    folder = Path(tempfile.mkdtemp())
    try:
        (folder / "reports").mkdir()
        for name, text in FILES.items():
            if not name.startswith(NEW):
                (folder / "reports" / name).write_text(text, encoding="utf-8")
        bundled = Path(__file__).parents[1] / "data" / "reports"
        embedder = load_embedder(str(BUILT_IN_MODEL))
        ingest([bundled, folder / "reports"], folder / "index", embedder, DEFAULT_VOCABULARY, ChunkOptions())
        with running(folder / "index") as root:
            yield root
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="benchmarks.page", description=__doc__)
    parser.add_argument("--root", help="a running service, instead of one of this checkout")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        browser = stack.enter_context(chromium(Path(folder)))
        root = given.root.rstrip("/") if given.root else stack.enter_context(served())
        for row in measured(browser, root):
            print(json.dumps(row, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
