"""The page in a real browser (Chromium), over a real server with fake workers."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np
import pytest

from meetscribe.formats import load, write
from meetscribe.settings import load_settings
from tests.conftest import SAMPLES
from tests.server.proxy import cutting_proxy
from tests.server.running import RunningServer, local_settings, running_server
from tests.support.browser import CHROMIUM, MISSING, microphone_arguments

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

pytestmark = pytest.mark.skipif(bool(MISSING), reason=MISSING)

SCRIPT = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script>"


@pytest.fixture
def page(browser: Browser, server: RunningServer) -> Iterator[Page]:
    """Return a page whose errors fail the test."""
    opened = browser.new_page(base_url=server.url, accept_downloads=True)
    problems: list[str] = []
    opened.on("pageerror", lambda error: problems.append(str(error)))
    opened.on("console", lambda line: problems.append(line.text) if "Content Security" in line.text else None)
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()
    assert problems == []


@pytest.fixture(scope="session")
def recording(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a minute of sound in a WAV file."""
    file = tmp_path_factory.mktemp("sound") / "Weekly meeting.wav"
    tone = 0.1 * np.sin(np.arange(60 * 8000) / 5)
    with wave.open(str(file), "wb") as output:
        output.setnchannels(1)
        output.setsampwidth(2)
        output.setframerate(8000)
        output.writeframes((tone * 32767).astype("<i2").tobytes())
    return file


def test_from_the_upload_to_the_export(page: Page, server: RunningServer, recording: Path, tmp_path: Path) -> None:
    """Upload, open, click a word to hear it, rename, edit, reload, export: the file is that of the command."""
    page.goto("/")
    page.set_input_files("#files", recording)
    page.get_by_role("link", name="Weekly meeting.wav").click()
    words = page.locator(".transcript .words")
    words.nth(2).click(position={"x": 40, "y": 8})
    id = page.url.rpartition("/")[2]
    view = server.client.get(f"/api/jobs/{id}/transcript").json()
    third = view["utterances"][2]
    page.wait_for_function("() => document.querySelector('audio').currentTime > 0")
    heard = page.evaluate("document.querySelector('audio').currentTime")
    assert third["start"] <= heard < third["end"] + 5
    page.keyboard.press("Space")

    page.locator(".who").first.click()
    page.keyboard.type(f"Anna {SCRIPT}")  # in place of the label, which is selected
    page.get_by_role("button", name="Rename everywhere").click()
    page.locator(".who", has_text="Anna <img").first.wait_for()
    assert page.locator(".who").first.inner_text().endswith(f"Anna {SCRIPT}")  # after initials
    words.first.hover()
    page.locator(".transcript li").first.get_by_role("button", name="Edit").click()
    page.locator("textarea").fill("We use the Viterbi algorithm.")
    page.keyboard.press("Control+Enter")
    page.locator(".words", has_text="We use the Viterbi algorithm.").wait_for()

    page.reload()
    page.locator(".words", has_text="We use the Viterbi algorithm.").wait_for()
    assert "owned" not in page.title()
    page.get_by_role("button", name="Export …").click()
    page.locator("dialog select").first.select_option("srt")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download").click()
    download.value.save_as(tmp_path / "page.srt")
    native = tmp_path / "native.json"
    native.write_bytes(server.client.get(f"/api/jobs/{id}/export?format=json").content)
    assert (tmp_path / "page.srt").read_bytes() == write(load(native), "srt")


def test_refused_files_stay_named(page: Page, tmp_path: Path) -> None:
    """Until the message is closed, also if another file is uploaded meanwhile."""
    sizes = {"planning.flac": 1_000_001, "c070.wav": 10, "interview.wav": 1_000_001}
    page.goto("/")
    files = [tmp_path / name for name in sizes]
    for file in files:
        file.write_bytes(bytes(sizes[file.name]))
    page.set_input_files("#files", files)
    page.get_by_text("c070.wav is uploaded.").wait_for()
    message = page.locator("#status .error")
    assert "larger than 1 MB: planning.flac, interview.wav" in message.inner_text()
    message.get_by_role("button").click()
    assert message.count() == 0


def test_recordings_have_a_date_and_are_filtered(page: Page, server: RunningServer) -> None:
    """By name or date; also a recording that is added meanwhile."""
    server.done(name="Budget of spring.wav")
    page.goto("/")
    rows = page.locator(".jobs li:visible")
    row = rows.filter(has_text="Budget of spring.wav").first
    row.get_by_text(str(datetime.now().year)).wait_for()
    box = page.get_by_label("Filter by name or date")
    box.fill("BUDGET OF")
    page.wait_for_function("() => document.querySelectorAll('.jobs li:not([hidden])').length === 1")
    server.done(name="Budget of autumn.wav")
    server.done(name="Interview.wav")
    rows.filter(has_text="Budget of autumn.wav").wait_for()
    assert rows.count() == 2
    box.fill("nothing")
    page.get_by_text("No recording matches.").wait_for()


def test_a_wrong_token_is_answered_in_the_dialog(browser: Browser, tmp_path: Path) -> None:
    """The message is gone with the right token."""
    with running_server(local_settings(tmp_path, token="secret")) as server:
        page = browser.new_page(base_url=server.url)
        page.goto("/")
        page.get_by_label("The token of this server").fill("wrong")
        page.keyboard.press("Enter")
        page.get_by_text("this is not the token of the server. Ask the operator for it.").wait_for()
        page.get_by_label("The token of this server").fill("secret")
        page.keyboard.press("Enter")
        page.get_by_text("No recordings yet.").wait_for()
        assert page.locator(".error").count() == 0
        page.close()


def test_a_dialog_is_closed_with_its_view(page: Page, server: RunningServer) -> None:
    page.goto("/")
    page.goto(f"/#/meeting/{server.done()}")
    page.locator(".transcript li").first.wait_for()
    page.keyboard.press("?")
    page.locator("dialog").wait_for()
    page.go_back()
    page.get_by_label("Recordings").first.wait_for()
    assert page.locator("dialog").count() == 0


def test_an_edit_in_a_second_tab_is_not_lost(page: Page, browser: Browser, server: RunningServer) -> None:
    """A tab shows the corrections of others, but not while it is used for one.

    It then shows what differs, and saves its own edit on request.
    """
    id = server.done(b"two tabs")
    other = browser.new_page(base_url=server.url)
    for tab in (page, other):
        tab.goto(f"/#/meeting/{id}")
        tab.locator(".transcript li").first.wait_for()
    correct(other, "At first.")
    page.locator(".words", has_text="At first.").wait_for()
    page.get_by_text("Corrected elsewhere.").wait_for()
    page.keyboard.press("j")
    page.keyboard.press("e")
    page.locator("textarea").fill("This tab.")
    correct(other, "The other tab.")
    other.close()
    page.keyboard.press("Control+Enter")
    page.get_by_text("it was corrected elsewhere").wait_for()
    assert page.locator("dialog li").first.text_content()
    page.get_by_role("button", name="Save mine as well").click()
    page.locator(".words", has_text="This tab.").wait_for()
    assert page.locator(".words", has_text="The other tab.").count() == 1


def correct(tab: Page, text: str) -> None:
    """Replace the words of the current utterance."""
    tab.keyboard.press("e")
    tab.locator("textarea").fill(text)
    tab.keyboard.press("Control+Enter")
    tab.locator(".words", has_text=text).wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_accessibility(browser: Browser, server: RunningServer, theme: Literal["light", "dark"]) -> None:
    """axe-core finds nothing in the home and meeting views, and in a dialog."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright")
    id = server.done()
    with browser.new_context(base_url=server.url, color_scheme=theme, bypass_csp=True) as context:
        page = context.new_page()
        for address, ready in (("/", ".jobs li"), (f"/#/meeting/{id}", ".transcript li"), ("dialog", "dialog")):
            if address == "dialog":
                page.locator(".who").first.click()
            else:
                page.goto(address)
            page.locator(ready).first.wait_for()
            found = [one for one in axe.Axe().run(page).response["violations"] if one["impact"] != "minor"]
            assert found == [], [(one["id"], one["nodes"][0]["html"]) for one in found]


@pytest.mark.parametrize("width", [320, 768, 1600])
def test_no_view_scrolls_sideways(browser: Browser, server: RunningServer, width: int) -> None:
    id = server.done(name="A recording with a rather long name that has to be wrapped somewhere.wav")
    page = browser.new_page(base_url=server.url, viewport={"width": width, "height": 700})
    for address, ready in (("/", ".jobs li"), (f"/#/meeting/{id}", ".transcript li")):
        page.goto(address)
        page.locator(ready).first.wait_for()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.close()


@pytest.mark.long
def test_live_from_the_microphone_to_the_final_transcript(driver: Playwright, tmp_path: Path) -> None:
    """The fake microphone plays the stand-up; the connection is cut for 10 s; no word is lost, names are kept."""
    soundfile = pytest.importorskip("soundfile")
    samples, rate = soundfile.read(SAMPLES / "standup.flac", frames=30 * 16_000)
    soundfile.write(tmp_path / "talk.wav", samples, rate, subtype="PCM_16")
    settings = load_settings(SAMPLES / "offline.toml")
    with (
        running_server(local_settings(tmp_path / "data"), settings, None) as server,
        cutting_proxy(server.url) as proxy,
    ):
        started = driver.chromium.launch(executable_path=CHROMIUM, args=microphone_arguments(tmp_path / "talk.wav"))
        page = started.new_context(base_url=proxy.url, permissions=["microphone"]).new_page()
        page.goto("/#/live")
        page.get_by_role("button", name="Start recording").click()
        page.get_by_text("Recording", exact=True).wait_for(timeout=300_000)
        page.wait_for_timeout(8_000)
        proxy.cut()
        page.get_by_text("Connection lost").wait_for()
        page.wait_for_timeout(10_000)
        proxy.restore()
        page.get_by_text("Recording", exact=True).wait_for(timeout=300_000)
        page.locator(".who:visible").first.click(timeout=300_000)
        page.get_by_label("Name").fill("Anna")
        page.get_by_role("button", name="Save").click()
        page.wait_for_timeout(12_000)
        page.get_by_role("button", name="Stop", exact=True).click()
        page.locator(".player").wait_for(timeout=300_000)
        id = page.url.rpartition("/")[2]
        assert str(server.wait(id, "done", timeout=300)["name"]).startswith("Meeting of ")
        spoken = server.client.get(f"/api/jobs/{id}/export?format=txt").text
        started.close()
    for words in ("subscription", "checklist", "urgent archive", "weekly survey", "support team", "fifty percent"):
        assert words in spoken
    assert "Anna: " in spoken
