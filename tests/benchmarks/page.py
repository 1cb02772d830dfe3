"""The page of the server with a transcript of 100,000 words in Chromium: first paint, scrolling and memory.

    python -m tests.benchmarks.page [--seconds 10] [--screenshots FOLDER]

A task of the main thread is long if it takes more than 50 ms of processor time. Tasks are counted while the transcript
loads, and while it scrolls from the first utterance to the last, once step by step and once by jumps to random places.
The time to the first text is wall time, so measure it on a quiet machine. With --screenshots, each view of a real
meeting is saved at three widths in both themes: home, meeting, export, edit, live and recording. The exit code is 1 if
a limit is exceeded; without Chromium the benchmark skips.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.settings import load_settings
from tests.benchmarks.accuracy import SAMPLES
from tests.server.running import LONG, RunningServer, local_settings, running_server, sample_clip
from tests.support.browser import CHROMIUM, MISSING, microphone_arguments

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

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

_TASK = "ThreadControllerImpl::RunTask"  # the outermost of the events of a task

_LOADED = "() => document.querySelectorAll('.transcript .words').length >= 16_000"
_DOM = "[document.querySelectorAll('*').length, performance.memory.usedJSHeapSize / 1e6]"


def measure(browser: Browser, server: RunningServer, seconds: float) -> bool:
    """Print the figures of a long transcript; return whether all are within their limits."""
    page = browser.new_page(base_url=server.url, viewport={"width": 1280, "height": 800})
    page.add_init_script(_OBSERVE)
    id = str(server.wait(server.post(LONG), "done", timeout=300)["id"])
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
        if "tdur" in event and event["name"] == _TASK and (event["pid"], event["tid"]) in main
    ]
    return found or [0.0]


def save_screenshots(driver: Playwright, folder: Path) -> None:
    """Save each view at each width in both themes: the start of the stand-up, transcribed with the samples' weights."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        talk = root / "talk.wav"
        talk.write_bytes(sample_clip("standup", 0, 45))
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=microphone_arguments(talk, once=False))
        settings = load_settings(SAMPLES / "offline.toml")
        with running_server(local_settings(root / "data", jobs=1), settings, None) as server:
            server.wait(server.post(b"no audio", name="Notes of yesterday.mp3"), timeout=300)
            id = server.post(talk.read_bytes(), name="Stand-up of Monday.wav")
            server.wait(id, "done", timeout=600)
            _rename_first(server, id, "Emma Lindqvist")
            waiting = server.post(sample_clip("planning", 0, 300), name="Planning of the autumn.wav")
            for theme in ("light", "dark"):
                for width in WIDTHS:
                    Shots(browser, server, folder, width, theme).save_all(id)
            server.client.post(f"/api/jobs/{waiting}/cancel")
        browser.close()


def _rename_first(server: RunningServer, id: str, name: str) -> None:
    """Give the first speaker of a meeting a name."""
    view = server.client.get(f"/api/jobs/{id}/transcript").json()
    edit = {"kind": "rename", "names": {view["speakers"][0]: name}}
    server.client.post(f"/api/jobs/{id}/edits", json={"revision": view["revision"], "edit": edit})


@dataclass(frozen=True, slots=True)
class Shots:
    """Saves the views of a server at one width, in one theme."""

    browser: Browser
    server: RunningServer
    folder: Path
    width: int
    theme: str

    def save_all(self, id: str) -> None:
        """Save the home view, a meeting with its dialogs and an edit, and the live view before and while it records."""
        context = self.browser.new_context(
            base_url=self.server.url,
            viewport={"width": self.width, "height": 800},
            color_scheme=self.theme,  # type: ignore[arg-type]
            permissions=["microphone"],
        )
        page = context.new_page()
        page.goto("/")
        page.locator(".jobs li").first.wait_for()
        self._save(page, "home")
        page.goto(f"/#/meeting/{id}")
        page.locator(".transcript .words").first.wait_for()
        self._save(page, "meeting")
        page.get_by_role("button", name="Export …").click()
        self._save(page, "export")
        page.keyboard.press("Escape")
        page.get_by_label("Search in the transcript").fill("the")
        page.locator(".who").first.focus()
        page.keyboard.press("e")
        self._save(page, "edit")
        page.goto("/#/live")
        page.get_by_role("button", name="Start recording").wait_for()
        self._save(page, "live")
        page.get_by_role("button", name="Start recording").click()
        page.locator(".live .words").nth(1).wait_for(timeout=120_000)
        self._save(page, "recording")
        page.get_by_role("button", name="Stop", exact=True).click()
        page.locator(".player").wait_for(timeout=120_000)
        self.server.client.delete(f"/api/jobs/{page.url.rpartition('/')[2]}")
        context.close()

    def _save(self, page: Page, view: str) -> None:
        page.wait_for_timeout(400)
        page.screenshot(path=self.folder / f"{view}-{self.width}-{self.theme}.png")


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
    if MISSING:
        print(f"skipped: {MISSING}")
        return 0
    from playwright.sync_api import sync_playwright

    from tests.server.test_live import FakeModels

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        with running_server(local_settings(Path(folder)), models=FakeModels()) as server:
            within = measure(browser, server, options.seconds)
        browser.close()
        if options.screenshots:
            save_screenshots(driver, options.screenshots)
    return 0 if within else 1


if __name__ == "__main__":
    raise SystemExit(main())
