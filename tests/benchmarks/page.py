"""The page of the server with a transcript of 100,000 words in Chromium: first paint, scrolling and memory.

    python -m tests.benchmarks.page [--seconds 10] [--screenshots FOLDER]

A task of the main thread is long if it takes more than 50 ms of processor time. Tasks are counted while the transcript
loads, and while it scrolls from the first utterance to the last, once step by step and once by jumps to random places.
The time to the first text is wall time, so measure it on a quiet machine. With
--screenshots, each view is saved at three widths in both themes. The exit code is 1 if a limit is exceeded; without
Chromium the benchmark skips.
"""

from __future__ import annotations

import argparse
import io
import json
import shutil
import tempfile
import wave
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from tests.server.running import LONG, RunningServer, local_settings, running_server

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDTHS = (320, 768, 1440)
PAINT_MS, LOAD_TASK_MS, SCROLL_TASK_MS = 1000, 200, 50
LONG_TASK_MS = 50

_OBSERVE = """
new MutationObserver((_, watcher) => {
    if (!document.querySelector(".transcript .words")) return;
    watcher.disconnect();
    requestAnimationFrame(() => setTimeout(() => (window.painted = performance.now())));
}).observe(document, { childList: true, subtree: true });
"""

_SCROLL = """
async ([seconds, jumps]) => {
    const root = document.scrollingElement;
    const started = performance.now();
    for (let past = 0; past < 1; past = (performance.now() - started) / (seconds * 1000)) {
        root.scrollTop = (jumps ? Math.random() : past) * root.scrollHeight;
        await new Promise(requestAnimationFrame);
    }
}
"""

_LOADED = "() => document.querySelectorAll('.transcript .words').length >= 16_000"
_DOM = "[document.querySelectorAll('*').length, performance.memory.usedJSHeapSize / 1e6]"


def measure(browser: Browser, server: RunningServer, seconds: float) -> bool:
    """Print the figures of a long transcript; return whether all are within their limits."""
    page = browser.new_page(base_url=server.url, viewport={"width": 1280, "height": 800})
    page.add_init_script(_OBSERVE)
    id = server.done(LONG)
    words = sum(len(one["words"]) for one in server.client.get(f"/api/jobs/{id}/transcript").json()["utterances"])

    def load() -> None:
        page.goto(f"/#/meeting/{id}")
        page.wait_for_function(_LOADED, timeout=120_000)

    rows = [("tasks of loading", tasks_of(browser, page, load), LOAD_TASK_MS)]
    elements, heap = page.evaluate(_DOM)
    rows.insert(0, ("first text", [page.evaluate("window.painted")], PAINT_MS))
    print(f"{words:,} words, {elements:,} elements, {heap:.0f} MB of objects")
    for name, jumps in (("scrolling", False), ("jumps", True)):
        tasks = tasks_of(browser, page, lambda jumps=jumps: page.evaluate(_SCROLL, [seconds, jumps]))  # type: ignore[misc]
        rows.append((f"tasks of {name}", tasks, SCROLL_TASK_MS))
    page.close()
    for name, times, limit in rows:
        long = sum(time > LONG_TASK_MS for time in times)
        verdict = "" if max(times) <= limit else f"more than {limit} ms"
        print(f"{name:<20}{len(times):>6}, of them long {long:>3}, the longest {max(times):>6.0f} ms  {verdict}")
    return all(max(times) <= limit for _, times, limit in rows)


def tasks_of(browser: Browser, page: Page, act: Callable[[], object]) -> list[float]:
    """Return the milliseconds of processor time that the main thread of a page spent in each task of an action."""
    browser.start_tracing(page=page, categories=["toplevel", "disabled-by-default-devtools.timeline", "__metadata"])
    act()
    events = json.loads(browser.stop_tracing())["traceEvents"]
    main = {
        (event["pid"], event["tid"])
        for event in events
        if event["name"] == "thread_name" and event["args"]["name"] == "CrRendererMain"
    }
    found = [
        event["tdur"] / 1000
        for event in events
        if "tdur" in event and event["name"].endswith("RunTask") and (event["pid"], event["tid"]) in main
    ]
    return found or [0.0]


def save_screenshots(browser: Browser, server: RunningServer, folder: Path) -> None:
    """Save each view at each width in both themes."""
    folder.mkdir(parents=True, exist_ok=True)
    id = server.done(_a_minute_of_sound(), name="Weekly meeting.wav")
    server.wait(server.post(b"bad", name="Notes of yesterday.mp3"))
    for theme in ("light", "dark"):
        for width in WIDTHS:
            page: Page = browser.new_page(
                base_url=server.url,
                viewport={"width": width, "height": 800},
                color_scheme=theme,  # type: ignore[arg-type]
            )
            for view, address, shown in (
                ("home", "/", ".jobs li, .jobs tr, main a"),
                ("meeting", f"/#/meeting/{id}", ".transcript .words"),
                ("live", "/#/live", "main button"),
            ):
                page.goto(address)
                page.locator(shown).first.wait_for()
                page.wait_for_timeout(300)
                page.screenshot(path=folder / f"{view}-{width}-{theme}.png")
            page.close()


def _a_minute_of_sound() -> bytes:
    """Return a WAV file that browsers play."""
    file = io.BytesIO()
    with wave.open(file, "wb") as output:
        output.setparams((1, 2, 8000, 0, "NONE", ""))
        output.writeframes(bytes(2 * 8000 * 60))
    return file.getvalue()


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, and save screenshots if they are wanted; return 1 if a limit is exceeded."""
    parser = argparse.ArgumentParser(
        prog="python -m tests.benchmarks.page",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seconds", type=float, default=10.0, help="length of each way of scrolling [10]")
    parser.add_argument("--screenshots", type=Path, metavar="FOLDER", help="save every view there")
    options = parser.parse_args(arguments)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        print("skipped: there is no Chromium: apt-get install chromium")
        return 0
    from playwright.sync_api import sync_playwright

    from tests.server.test_live import FakeModels

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        with running_server(local_settings(Path(folder)), models=FakeModels()) as server:
            if options.screenshots:
                save_screenshots(browser, server, options.screenshots)
            within = measure(browser, server, options.seconds)
        browser.close()
    return 0 if within else 1


if __name__ == "__main__":
    raise SystemExit(main())
