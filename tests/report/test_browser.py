"""The report in Chromium: sound, search, filter, keys and hostile texts; also without JavaScript and on paper."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

import meetscribe
from meetscribe.report import Sound, embed_sound, link_sound, save
from tests.report.meetings import CANARY, HOSTILE, hostile_meeting, meeting
from tests.support.browser import MISSING
from tests.support.microphones import write_wav

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

PLACE = """async word => {
  const text = [...document.querySelectorAll('.turns p[data-w]')].find((one) => one.textContent.includes(word));
  text.scrollIntoView({ block: 'center' });
  for (let frame = 0; frame < 3; frame++) await new Promise(requestAnimationFrame);
  const node = [...text.childNodes].map((one) => one.firstChild ?? one).find((one) => one.data.includes(word));
  const range = document.createRange();
  range.setStart(node, node.data.indexOf(word));
  range.setEnd(node, node.data.indexOf(word) + word.length);
  const box = range.getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
}"""
"""Scroll to a word and return the point at its middle."""

LISTEN = """() => {
  const context = new AudioContext();
  window.analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  context.createMediaElementSource(document.querySelector('audio')).connect(analyser);
  window.rate = context.sampleRate;
}"""
HEARD = """() => {
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const at = document.querySelector('audio').currentTime;
  return [at, (bins.indexOf(Math.max(...bins)) * rate) / analyser.fftSize];
}"""
"""The position, and the frequency that is heard there."""

SHOWN = """() => {
  const name = CSS.highlights.get('current')?.size ? 'current' : 'cited';
  const range = [...(CSS.highlights.get(name) ?? [])][0];
  const topic = document.querySelector('.here, .turns li:focus');
  const box = (range ?? topic).getBoundingClientRect();
  return (box.top + box.height / 2) / innerHeight;
}"""
"""The height at which the words that were shown last stand, from 0 at the top of the window to 1."""

Opened = Callable[..., "Page"]


@pytest.fixture
def problems() -> list[str]:
    """Errors of the pages, violations of their policy, and requests other than for files."""
    return []


@pytest.fixture
def opened(browser: Browser, tmp_path: Path, problems: list[str]) -> Iterator[Opened]:
    """Return a function that writes a report and opens it; problems that are left at the end fail the test."""
    contexts: list[BrowserContext] = []

    def open_report(transcript: meetscribe.Transcript, sound: Sound | None = None, **options: object) -> Page:
        minutes = meetscribe.minutes(transcript, meetscribe.stats(transcript).topics)
        save(meetscribe.report(transcript, minutes), tmp_path / "meeting.html", sound)
        contexts.append(browser.new_context(**options))  # type: ignore[arg-type]
        page = contexts[-1].new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda line: problems.append(line.text) if line.type in ("error", "warning") else None)
        page.on("request", lambda one: None if one.url.startswith(("file:", "data:")) else problems.append(one.url))
        page.set_default_timeout(5_000)
        page.goto((tmp_path / "meeting.html").as_uri())
        return page

    yield open_report
    for context in contexts:
        context.close()
    assert problems == []


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    """Return a minute of a quiet tone."""
    file = tmp_path / "meeting & sound.wav"
    write_wav(file, (0.05 * np.sin(np.arange(60 * 16_000) / 5)).astype(np.float32))
    return file


def position(page: Page) -> float:
    found: float = page.evaluate("document.querySelector('audio').currentTime")
    return found


def wait(page: Page, expression: str) -> None:
    """Wait until an expression holds; `wait_for_function` evaluates it in the page, which its policy forbids."""
    for _ in range(250):
        if page.evaluate(expression):
            return
        page.wait_for_timeout(20)
    raise AssertionError(expression)


def heard_after(page: Page, act: Callable[[], None]) -> float:
    """Return the position right after an action starts to play, and pause."""
    act()
    wait(page, "!document.querySelector('audio').paused && !document.querySelector('audio').seeking")
    found = position(page)
    page.evaluate("document.querySelector('audio').pause()")
    return found


def shown_speakers(page: Page) -> set[str]:
    return set(page.locator(".turns li:visible b").all_text_contents())


def test_a_click_plays_the_right_second(opened: Opened, recording: Path, tmp_path: Path) -> None:
    """A click on a word, on the timeline or on a citation plays what was said there."""
    transcript = meeting()
    page = opened(transcript, link_sound(recording, tmp_path))
    wanted = next(word for word in transcript.words if word.text == "thousand")
    at = heard_after(page, lambda: page.mouse.click(*page.evaluate(PLACE, "thousand")))
    assert wanted.start <= at < wanted.start + 0.4
    assert page.locator("#heard").text_content() == "Ben: The budget for the release is forty thousand euros."

    box = page.locator(".scrub").bounding_box()
    assert box
    page.locator(".scrub").scroll_into_view_if_needed()
    at = heard_after(page, lambda: page.locator(".scrub").click(position={"x": box["width"] / 2, "y": 10}))
    assert abs(at - transcript.duration / 2) < 0.4
    cited = page.locator("#minutes .at", has_text="0:").first
    time = float(cited.get_attribute("data-t") or "")
    at = heard_after(page, cited.click)
    assert time - 0.01 <= at < time + 0.4


def test_search_and_filter(opened: Opened) -> None:
    """Search counts and marks the matches in what is shown; filters show the turns of speakers, or doubtful ones."""
    page = opened(meeting())
    page.keyboard.press("/")
    page.keyboard.type("BUDGET")
    assert page.locator("#hits").text_content() == "3 matches"
    page.keyboard.press("Enter")
    assert page.locator("#hits").text_content() == "1 of 3"
    assert page.evaluate("CSS.highlights.get('found').size") == 3
    page.locator(".chip", has_text="Chiara").click()
    assert shown_speakers(page) == {"Chiara"}
    assert page.locator("#hits").text_content() == "1 match"
    page.keyboard.press("Escape")
    assert shown_speakers(page) == {"Anna", "Ben", "Chiara"}
    page.locator("#doubts").click()
    assert page.locator(".turns li:visible").all_text_contents() == [
        "Chiara0:12Who will write the report about the budget?doubtful words: the same words are repeated"
    ]


def test_hostile_texts_are_shown(opened: Opened, problems: list[str]) -> None:
    """Names, words, titles and reasons that would run as scripts are shown as text, and nothing leaves its element."""
    page = opened(hostile_meeting())
    assert page.title() == HOSTILE[0]
    assert page.locator("h1").text_content() == HOSTILE[0]
    assert page.locator("script").count() == 1
    assert page.locator("img, iframe, object, [onload], [onerror], [style*=background]").count() == 0
    assert HOSTILE[3] in page.locator(".turns").all_text_contents()[0]
    page.keyboard.press("/")
    page.keyboard.type("said")
    page.keyboard.press("Enter")
    page.locator(".scrub").hover()
    assert problems == []
    page.evaluate(
        "html => document.body.insertAdjacentHTML('beforeend', html)", f'<b onclick="{CANARY}" id="canary">click</b>'
    )
    page.locator("#canary").click()
    page.wait_for_timeout(100)
    assert page.title() == HOSTILE[0]  # the policy blocks what escaping would miss
    assert len(problems) == 1 and "inline event handler" in problems.pop()


@pytest.mark.long
def test_keys(opened: Opened, recording: Path, tmp_path: Path) -> None:
    """Everything works from the keyboard."""
    transcript = meeting()
    page = opened(transcript, link_sound(recording, tmp_path))
    page.keyboard.press("j")
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.id") == "p2"
    at = heard_after(page, lambda: page.keyboard.press("Enter"))
    assert abs(at - transcript.segments[1].start) < 0.4
    page.keyboard.press("ArrowRight")
    assert abs(position(page) - at - 5) < 0.5
    before = position(page)
    at = heard_after(page, lambda: page.keyboard.press("."))
    following = min(word.start for word in transcript.words if word.start > before + 0.01)
    assert abs(at - following) < 0.4
    page.keyboard.press("n")
    assert page.evaluate("document.activeElement.id") == "p3"
    page.keyboard.press("k")
    assert page.evaluate("document.activeElement.id") == "p2"
    page.keyboard.press("?")
    page.get_by_role("heading", name="Keyboard").wait_for()
    page.keyboard.press("Escape")
    page.locator("#theme").click()
    assert page.evaluate("getComputedStyle(document.documentElement).colorScheme") == "dark"


@pytest.mark.long
def test_links_lead_to_their_words_in_a_long_meeting(opened: Opened) -> None:
    """The words of a time, a citation or a match far below are in the middle of the window, though laid out late."""
    page = opened(meeting(repeat=150))
    assert page.locator(".turns").count() > 2
    for link in (page.locator(".topics .at").last, page.locator(".passages .at").last, page.locator(".term").last):
        link.click()
        page.wait_for_timeout(200)
        shown = page.evaluate(SHOWN)
        assert 0.2 < shown < 0.8
        page.evaluate("scrollTo(0, 0)")


@pytest.mark.long
def test_an_address_with_a_time_opens_there(opened: Opened, recording: Path, tmp_path: Path) -> None:
    transcript = meeting()
    page = opened(transcript, link_sound(recording, tmp_path))
    page.goto(f"{page.url}#t=20.5")
    wait(page, "Math.abs(document.querySelector('audio').currentTime - 20.5) < 0.01")
    wait(page, "document.querySelector('.here')")


@pytest.mark.long
def test_embedded_sound_is_heard_at_the_right_second(opened: Opened, tmp_path: Path) -> None:
    """A click plays the sound of its second: a tone that rises each second is recorded by the page's own audio."""
    recording = tmp_path / "steps.wav"
    seconds = np.repeat(np.arange(60), 16_000)
    tone = 0.3 * np.sin(2 * np.pi * np.cumsum(200 + 20 * seconds) / 16_000)
    write_wav(recording, tone.astype(np.float32))
    sound = embed_sound(recording)
    recording.unlink()
    page = opened(meeting(), sound)
    assert sound.size and f"{sound.size / 1e3:.0f} kB" in (page.locator("footer").text_content() or "")
    page.evaluate(LISTEN)
    for word in ("thousand", "March."):
        page.mouse.click(*page.evaluate(PLACE, word))
        wait(page, "!document.querySelector('audio').paused && !document.querySelector('audio').seeking")
        page.wait_for_timeout(350)
        at, frequency = page.evaluate(HEARD)
        page.evaluate("document.querySelector('audio').pause()")
        assert abs((frequency - 200) / 20 - at) < 1.2


@pytest.mark.long
def test_without_javascript(opened: Opened, recording: Path, tmp_path: Path) -> None:
    """All texts and the player of the browser are there; controls that would do nothing are not."""
    page = opened(meeting(), link_sound(recording, tmp_path), java_script_enabled=False)
    assert page.locator("audio").is_visible()
    for hidden in (".toolbar", ".scrub", "#play", "#theme"):
        assert not page.locator(hidden).is_visible()
    for text in ("Good morning. Today we talk", "Decisions", "Who speaks when", "Talk time"):
        assert page.get_by_text(text).first.is_visible()
    href = page.locator("#minutes a.at").first.get_attribute("href") or ""
    assert page.locator(href).is_visible()


@pytest.mark.long
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(opened: Opened, recording: Path, tmp_path: Path, theme: Literal["light", "dark"]) -> None:
    """axe-core finds nothing."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    page = opened(meeting(), link_sound(recording, tmp_path), color_scheme=theme, bypass_csp=True)
    found = [one for one in axe.Axe().run(page).response["violations"] if one["impact"] != "minor"]
    assert found == [], json.dumps([(one["id"], one["nodes"][0]["html"]) for one in found], indent=1)


@pytest.mark.long
@pytest.mark.parametrize("width", [320, 768, 1600])
@pytest.mark.parametrize("hostile", [False, True])
def test_nothing_scrolls_sideways(opened: Opened, width: int, hostile: bool) -> None:
    transcript = hostile_meeting() if hostile else meeting()
    page = opened(transcript, viewport={"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.long
def test_on_paper(opened: Opened, tmp_path: Path) -> None:
    """Every paragraph is printed, in dark themes too; controls are not."""
    page = opened(meeting(repeat=20), color_scheme="dark")
    page.emulate_media(media="print")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(29, 33, 38)"
    for hidden in ("nav", ".toolbar", "dialog"):
        assert not page.locator(hidden).is_visible()
    page.pdf(path=tmp_path / "page.pdf", prefer_css_page_size=True)
    data = (tmp_path / "page.pdf").read_bytes()
    assert data.count(b"/Type /Page\n") >= 4
