"""Open WebUI's own page, asked with a file attached: ``python -m benchmarks.clients.open_webui_page --url http://127.0.0.1:8124``.

The page runs already, over a service with ``WENJU_CHAT_EVENTS`` (docs/open-webui.md: its package takes 3 GB with the CPU build of
PyTorch). Chromium attaches a file with a question and a figure of its own, asks, presses the label behind the answer and prints
what it saw; ``--pictures FOLDER`` keeps what it looked like.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.clients.open_webui import FILE
from tests.api.web.driving import Browser, Keys, chromium

QUESTION = "2020年嘉定固定资产投资增长多少"
SECONDS = 120


def asked(browser: Browser, url: str, file: Path) -> None:
    """A new chat with the file and the question, until the answer is there."""
    browser.fresh()
    browser.driver.get(url)
    browser.until(lambda: browser.all("#chat-input"), SECONDS)
    browser.driver.find_elements("css selector", "input[type=file]:not([accept])")[0].send_keys(str(file))
    browser.until(lambda: [each for each in browser.all("button") if file.name in each.text], SECONDS)
    # It uploads and reads the file before it sends anything with it, and says so by a wheel that has no name.
    time.sleep(10)
    browser.one("#chat-input").send_keys(QUESTION)
    browser.press(Keys.ENTER)
    browser.until(lambda: "18.3%" in browser.text("body"), SECONDS)


def main(arguments: list[str]) -> int:
    """Print what the page shows; 1 where the label behind the answer is not the report's, or its window lacks the sentence."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", default="http://127.0.0.1:8124", help="of the running page")
    parser.add_argument("--pictures", type=Path, help="a folder for pictures of the page")
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder, chromium(Path(folder)) as browser:
        file = Path(folder) / "会议纪要.txt"
        file.write_text(FILE, encoding="utf-8")
        asked(browser, options.url, file)
        labels = "[id^=response-content-container] button, .chat-assistant button"
        browser.until(
            lambda: [each for each in browser.all(labels) if "工作报告" in each.text or file.stem in each.text]
        )
        label = next(each for each in browser.all(labels) if "工作报告" in each.text or file.stem in each.text)
        named = label.text
        if options.pictures:
            browser.driver.save_screenshot(str(options.pictures / "open-webui-answer.png"))
        label.click()
        time.sleep(2)
        shown = browser.text("body")
        if options.pictures:
            browser.driver.save_screenshot(str(options.pictures / "open-webui-source.png"))
    good = "2021年嘉定区政府工作报告" in named and "固定资产投资完成429.7亿元,同比增长18.3%" in shown
    print(f"label: {named}\nsentence in its window: {'yes' if good else 'no'}")
    return int(not good)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
