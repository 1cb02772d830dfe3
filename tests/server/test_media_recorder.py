"""The bytes of a browser's MediaRecorder (WebM with Opus) over `WS /live`, with the network cut in between."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from meetscribe.live import LiveTranscript, read_events
from meetscribe.settings import load_settings
from tests.conftest import SAMPLES
from tests.server.proxy import cutting_proxy
from tests.server.running import local_settings, running_server, sample_clip
from tests.support.browser import CHROMIUM, MISSING, microphone_arguments

if TYPE_CHECKING:
    from playwright.sync_api import Playwright

pytestmark = [pytest.mark.long, pytest.mark.skipif(bool(MISSING), reason=MISSING)]

CLIENT = Path(__file__).with_name("media_recorder.js").read_text(encoding="utf-8")
SPOKEN = ("subscription", "checklist", "urgent archive", "weekly survey", "support team", "fifty percent")


def test_no_word_is_lost_while_the_network_is_cut(driver: Playwright, tmp_path: Path) -> None:
    """Ten seconds without a network lose no audio; events have no gaps; live and final transcripts have all words."""
    pytest.importorskip("soundfile")
    talk = tmp_path / "talk.wav"
    talk.write_bytes(sample_clip("standup", 0, 26))
    settings = load_settings(SAMPLES / "offline.toml")
    with (
        running_server(local_settings(tmp_path / "data"), settings, None) as server,
        cutting_proxy(server.url) as proxy,
    ):
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=microphone_arguments(talk))
        page = browser.new_context(base_url=proxy.url, permissions=["microphone"]).new_page()
        page.goto("/")
        page.evaluate(CLIENT)
        page.wait_for_function("() => client.state.received >= 6", timeout=120_000)
        proxy.cut()
        page.wait_for_timeout(10_000)
        proxy.restore()
        page.wait_for_function("() => client.state.received >= 25", timeout=120_000)
        state: dict[str, Any] = page.evaluate("client.stop()")
        browser.close()
        server.wait(state["job"], "done", timeout=300)
        final = server.client.get(f"/api/jobs/{state['job']}/export?format=txt").text
    assert state["error"] is None and state["connections"] == 2
    events = [{name: value for name, value in event.items() if name != "type"} for event in state["events"]]
    live = LiveTranscript().apply_all(read_events(map(json.dumps, events)))
    text = " ".join(word.text for word in live.words)
    for words in SPOKEN:
        assert words in final and words in text
