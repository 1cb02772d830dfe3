"""Measure the report of a meeting of three hours: size, time to build it, and how smoothly the page scrolls.

    python -m tests.benchmarks.report                # in Chromium, in a minute
    python -m tests.benchmarks.report --hours 8
    python -m tests.benchmarks.report --sound        # also embed three hours of sound, in two minutes

The meeting is the words of the samples, repeated, with 3 % of the words marked as doubtful; its minutes are found by
rules. A long task is work that blocks the page for more than 50 ms (W3C Long Tasks). The page is scrolled down
and up by a fast wheel, and through its whole length in two seconds; late frames are those after more than 34 ms, two of
a screen with 60 Hz.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import cycle
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

import meetscribe
from meetscribe import formats
from meetscribe.report import Sound, embed_sound, to_docx, to_html, to_markdown
from meetscribe.transcript import Meta, Segment, Transcript
from tests.conftest import SAMPLES
from tests.support.browser import CHROMIUM, MISSING
from tests.support.microphones import write_wav

if TYPE_CHECKING:
    from playwright.sync_api import CDPSession, Page

NAMES = ("interview", "planning", "standup")
DOUBTFUL_SHARE = 0.03
PAUSE = 1.0

WATCH = """() => {
  window.tasks = [];
  window.frames = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: 'longtask', buffered: true });
  let before = performance.now();
  const tick = (now) => { frames.push(now - before); before = now; requestAnimationFrame(tick); };
  requestAnimationFrame(tick);
}"""  # noqa: E501

TIMED = """async (act) => {
  const start = performance.now();
  new Function(act)();
  await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  return performance.now() - start;
}"""


def long_meeting(hours: float, seed: int = 1) -> Transcript:
    """Return a meeting of that length from the words of the samples, with their speakers."""
    chance = random.Random(seed)
    parts = [formats.load(SAMPLES / f"{name}.words.jsonl") for name in NAMES]
    segments: list[Segment] = []
    start = 0.0
    for part in cycle(parts):
        end = max(segment.end for segment in part.segments)
        for segment in part.segments:
            words = (
                replace(
                    word,
                    start=word.start + start,
                    end=word.end + start,
                    id=None,
                    probability=0.3 if chance.random() < DOUBTFUL_SHARE else 0.9,
                )
                for word in segment.words
            )
            segments.append(Segment(tuple(words)))
        start += end + PAUSE
        if start >= 3600 * hours:
            return Transcript(tuple(segments), Meta("en", start, title="Three samples, repeated"))
    raise AssertionError


def timed(name: str, act: Callable[[], Any]) -> Any:
    """Print how long a function takes in processor time, and return its result."""
    start = time.process_time()
    result = act()
    print(f"  {name:28} {time.process_time() - start:6.2f} s")
    return result


def build(transcript: Transcript, sound: Sound | None) -> str:
    """Print the times and sizes of the documents; return the page."""
    print("processor time")
    minutes = timed("minutes by rules", lambda: meetscribe.minutes(transcript, meetscribe.stats(transcript).topics))
    report = timed("statistics and contents", lambda: meetscribe.report(transcript, minutes))
    page: str = timed("HTML", lambda: to_html(report))
    markdown = timed("Markdown", lambda: to_markdown(report))
    sizes = {"HTML without sound": len(page.encode()), "Markdown": len(markdown.encode())}
    sizes["DOCX"] = len(timed("DOCX", lambda: to_docx(report)))
    if sound:
        page = to_html(report, sound)
        sizes["HTML with sound"] = len(page.encode())
    print("size")
    for name, size in sizes.items():
        print(f"  {name:28} {size / 1e6:6.2f} MB")
    return page


def made_sound(seconds: float) -> Sound:
    """Return the stand-up, repeated and encoded as the sound of a page."""
    import numpy as np

    from meetscribe.audio import load_audio

    samples = load_audio(SAMPLES / "standup.flac").samples[:]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "long.wav"
        write_wav(file, np.resize(samples, round(16_000 * seconds)))
        sound: Sound = timed("encoding of the sound", lambda: embed_sound(file))
    return sound


def measure(page: Page, file: Path) -> Iterator[tuple[str, str]]:
    """Yield the measurements of a page in a browser."""
    start = time.monotonic()
    page.goto(file.as_uri())
    page.evaluate("new Promise(requestAnimationFrame)")
    yield "open, until it is drawn", f"{1000 * (time.monotonic() - start):.0f} ms"
    page.evaluate(WATCH)
    page.wait_for_timeout(300)
    tasks = page.evaluate("tasks.splice(0)")
    yield "long tasks while opening", described(tasks)
    height = page.evaluate("document.documentElement.scrollHeight")
    yield "height", f"{height} px"
    page.evaluate("document.getElementById('transcript').scrollIntoView()")
    yield from scroll(page, "wheel", WHEEL)
    yield from scroll(page, "through the whole page", height / STEPS)
    for name, act in ACTIONS.items():
        times = [page.evaluate(TIMED, act) for _ in range(3)]
        yield name, f"{median(times):.0f} ms"


def scroll(page: Page, name: str, distance: float) -> Iterator[tuple[str, str]]:
    """Yield the long tasks and the frames while a page is scrolled down and up again."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.setTimeDomain", {"timeDomain": "threadTicks"})  # processor time, not wall time
    session.send("Performance.enable")
    page.evaluate("tasks.length = frames.length = 0")
    before = busy(session)
    for step in (1, -1):
        for _ in range(STEPS):
            page.mouse.wheel(0, step * distance)
            page.wait_for_timeout(16)
    frames = page.evaluate("frames.splice(0)")
    late, spent = sum(frame > 34 for frame in frames), busy(session) - before
    yield (
        f"scroll: {name}",
        f"{distance:.0f} px a step; {len(frames)} frames, {late} late, median {median(frames):.1f} ms, "
        f"longest {max(frames):.0f} ms; long tasks: {described(page.evaluate('tasks.splice(0)'))}; "
        f"{1000 * spent / len(frames):.1f} ms of processor time a frame",
    )


def busy(session: CDPSession) -> float:
    """Return the processor seconds that the main thread of the page spent in tasks."""
    found = session.send("Performance.getMetrics")["metrics"]
    return float(next(one["value"] for one in found if one["name"] == "TaskDuration"))


STEPS = 120
WHEEL = 360
"""Pixels of three notches of a wheel in one frame."""

ACTIONS = {
    "search for a frequent word": "const box = document.getElementById('query'); box.value = 'the';"
    "box.dispatchEvent(new Event('input'))",
    "go to the next match": "document.getElementById('query').dispatchEvent(new KeyboardEvent('keydown', "
    "{ key: 'Enter', bubbles: true }))",
    "filter by a speaker": "document.querySelector('.chip').click()",
    "play from the timeline": "const box = document.querySelector('.scrub').getBoundingClientRect();"
    "document.querySelector('.scrub').dispatchEvent(new MouseEvent('click', { clientX: box.x + box.width / 2 }))",
}


def described(tasks: list[float]) -> str:
    return f"{len(tasks)}, longest {max(tasks):.0f} ms" if tasks else "none"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=3.0, help="length of the meeting")
    parser.add_argument("--sound", action="store_true", help="embed sound of that length")
    given = parser.parse_args()
    transcript = long_meeting(given.hours)
    print(f"{given.hours:g} h, {len(transcript.words)} words, {len(transcript.speakers)} speakers")
    page = build(transcript, made_sound(3600 * given.hours) if given.sound else None)
    if MISSING:
        sys.exit(f"the page was not opened: {MISSING}")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        file = Path(folder) / "meeting.html"
        file.write_text(page, encoding="utf-8")
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        print(f"Chromium {browser.version}")
        opened = browser.new_page(viewport={"width": 1280, "height": 900}, bypass_csp=True)
        for name, value in measure(opened, file):
            print(f"  {name:28} {value}")
        browser.close()


if __name__ == "__main__":
    main()
