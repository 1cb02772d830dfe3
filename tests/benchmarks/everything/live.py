"""Rows of live transcription: the command, a session with own audio, the server, and its page in a browser."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any

import numpy as np

from meetscribe.audio import load_audio
from meetscribe.formats import load
from meetscribe.live import LiveTranscript, read_events
from tests.benchmarks.everything.values import CONFIG, Row, Skip, Work, parsed, word_error
from tests.support.browser import CHROMIUM, MISSING, microphone_arguments


def streaming(work: Work) -> str:
    """Transcribe a file as if it were spoken; committed words must never change."""
    options = ("--config", CONFIG, "--speed", "0", "--no-refine", "--json", "-f", "json", "-o", "live", "-q")
    lines = work.meetscribe("live", work.excerpt, *options).splitlines()
    events = [parsed(line) for line in lines]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1)), "events are missing"
    committed: dict[str, int] = {}
    for event in (event for event in events if event["kind"] == "commit"):
        assert event["first"] == committed.get(event["id"], 0), "committed words were replaced"
        committed[event["id"]] = event["first"] + len(event["words"])
    found = LiveTranscript().apply_all(read_events(lines)).transcript("en")
    assert sum(committed.values()) == len(found.words)
    commits = sum(event["kind"] == "commit" for event in events)
    return f"{word_error(work.excerpt_truth, found, 0.12)} in {commits} commits, none changed"


def own_source(work: Work) -> str:
    """Feed 16-bit blocks at 48 kHz to a session, with a detector of speech by loudness."""
    from meetscribe.live import Parts, Session, live_settings, load_recogniser
    from meetscribe.live.activity import SpeechGate
    from meetscribe.live.sources import BlockSource
    from meetscribe.settings import load_settings

    def loud(frame: Any) -> float:
        return float(np.sqrt(np.mean(frame**2)) > 0.01)

    settings = load_settings(CONFIG, {})
    samples = np.repeat(load_audio(work.excerpt).samples[:], 3)
    blocks = (np.round(samples[at : at + 4800] * 32_767).astype(np.int16) for at in range(0, len(samples), 4800))
    parts = Parts(activity=lambda given: SpeechGate(given, loud))
    with Session(load_recogniser(settings), live_settings(settings), parts=parts) as session:
        session.run(BlockSource(blocks, rate=48_000, patient=True))
        found = session.stop().transcript("en")
    return word_error(work.excerpt_truth, found, 0.15)


@contextmanager
def running_server(work: Work) -> Iterator[str]:
    """Yield the address of `meetscribe serve` on loopback."""
    missing = [name for name in ("starlette", "uvicorn", "websockets", "httpx") if find_spec(name) is None]
    if missing:
        raise Skip(f"{', '.join(missing)} is not installed")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {**work.environment, "MEETSCRIBE_SERVER__PORT": str(port)}
    environment |= {"MEETSCRIBE_SERVER__FOLDER": str(work.folder / f"server-{port}")}
    command = [sys.executable, "-m", "meetscribe", "serve", "--config", CONFIG]
    with (work.folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=work.folder, env=environment, stdout=log, stderr=log)
        try:
            _wait_for_port(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(30)


def _wait_for_port(process: subprocess.Popen[bytes], port: int) -> None:
    end = time.monotonic() + 90
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.2)
    raise AssertionError("the server does not answer")


def finished_job(address: str, job: str, work: Work) -> str:
    """Wait for a job and return its transcript as a file in native JSON."""
    import httpx

    end = time.monotonic() + 240
    while (state := httpx.get(f"{address}/api/jobs/{job}", timeout=60).json())["state"] not in ("done", "incomplete"):
        assert state["state"] not in ("failed", "cancelled"), state
        assert time.monotonic() < end, f"the job takes longer than 4 minutes: {state}"
        time.sleep(0.5)
    answer = httpx.get(f"{address}/api/jobs/{job}/export?format=json", timeout=60)
    (work.folder / f"{job}.json").write_bytes(answer.content)
    return f"{job}.json"


def upload(work: Work) -> str:
    """Send a recording through OpenAI's interface and as a job."""
    import httpx

    with running_server(work) as address:
        form = {"model": "whisper-1", "response_format": "verbose_json"}
        with work.excerpt.open("rb") as file:
            answer = httpx.post(
                f"{address}/v1/audio/transcriptions", data=form, files={"file": file}, timeout=300
            ).json()
    assert answer["segments"], answer
    return word_error(work.excerpt_truth, answer["text"], 0.08)


def live_server(work: Work) -> str:
    """Stream PCM to the server's WebSocket; the recording becomes a job with speakers at the end."""
    with running_server(work) as address:
        from websockets.sync.client import connect

        pcm = np.round(load_audio(work.excerpt).samples[:] * 32_767).astype("<i2").tobytes()
        lines: list[str] = []
        with connect(f"{address.replace('http', 'ws')}/live", legacy=True) as client:
            client.send(json.dumps({"type": "hello", "version": 1, "options": {"language": "en"}}))
            for start in range(0, len(pcm), 16_000):
                client.send(pcm[start : start + 16_000])
            client.send(json.dumps({"type": "stop"}))
            while (message := json.loads(client.recv(240)))["type"] != "stopped":
                if message.pop("type") == "event":
                    lines.append(json.dumps(message))
        live = LiveTranscript().apply_all(read_events(lines)).transcript("en")
        shown = word_error(work.excerpt_truth, live, 0.12)
        final = load(work.folder / finished_job(address, message["job"], work))
    assert len(final.speakers) == len(work.excerpt_truth.speakers), f"speakers {final.speakers}"
    return f"live {shown}, final {word_error(work.excerpt_truth, final, 0.08)}, {len(final.speakers)} speakers"


def page(work: Work) -> str:
    """Record in the page with Chromium, whose microphone plays the excerpt, and read the words that it shows."""
    if MISSING:
        raise Skip(MISSING)
    from playwright.sync_api import sync_playwright

    with running_server(work) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=microphone_arguments(work.excerpt))
        opened = browser.new_page(base_url=address)
        opened.goto("/#/live")
        opened.get_by_role("button", name="Start").click()
        opened.get_by_text("checklist").first.wait_for(timeout=120_000)
        opened.wait_for_timeout(15_000)
        opened.get_by_role("button", name="Stop", exact=True).click()
        opened.locator(".player").wait_for(timeout=120_000)
        job = opened.url.rpartition("/")[2]
        final = load(work.folder / finished_job(address, job, work))
        browser.close()
    assert "checklist" in final.text and "subscription" in final.text, final.text[:80]
    return f"{len(final.words)} words of {len(final.speakers)} speakers, as spoken into the page"


ROWS = (
    Row("LocalAgreement streaming", "live RECORDING --speed 0 --json", streaming),
    Row("own audio and own VAD", "Session(…, Parts(activity=…)).run(BlockSource(…))", own_source),
    Row("server, OpenAI's interface", "serve; POST /v1/audio/transcriptions", upload),
    Row("server, live with speakers", "serve; WS /live", live_server),
    Row("page, live", "serve; Chromium records", page),
)
