"""A session commits every word once, whatever is fed, paused, stopped, interrupted or broken."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from meetscribe.errors import OutputError
from meetscribe.live import LiveTranscript, events
from meetscribe.live.events import Event
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.recognition.recogniser import LiveRecogniser
from meetscribe.live.recording.recorder import FolderRecorder
from meetscribe.live.session import Session
from meetscribe.live.settings import LiveSettings
from meetscribe.live.sources import BlockSource
from meetscribe.testing import synthetic_meeting
from meetscribe.testing.live import FAKE_PARTS, fake_live_recogniser

MEETING = synthetic_meeting(speakers=2, turns=5, seed=4)
AUDIO = MEETING.audio().samples[:]
TEXTS = [word.text for word in MEETING.transcript.words]


def session(**options: Any) -> Session:
    return Session(fake_live_recogniser(MEETING), parts=FAKE_PARTS, **options)


def texts(live: LiveTranscript) -> list[str]:
    return [word.text for word in live.words]


@pytest.mark.parametrize("size", [160, 1600, 50_000, len(AUDIO)])
def test_all_words_are_committed(size: int) -> None:
    """Also the last ones; the events give the same transcript, and stopping again changes nothing."""
    with session() as live:
        events = live.events()
        for start in range(0, len(AUDIO), size):
            live.feed(AUDIO[start : start + size])
        result = live.stop()
        assert live.stop() == result
    assert texts(result) == TEXTS
    assert result.state == "live-final"
    received = list(events)
    assert [event.seq for event in received] == list(range(2, 2 + len(received)))
    assert LiveTranscript().apply_all(received).words == result.words


def test_a_source_at_its_own_rate() -> None:
    """A source of int16 blocks ends by itself."""
    blocks = (np.round(AUDIO[start : start + 800] * 32_767).astype(np.int16) for start in range(0, len(AUDIO), 800))
    meeting = replace(MEETING)
    with Session(fake_live_recogniser(meeting), parts=FAKE_PARTS) as live:
        source = BlockSource(blocks, patient=True)
        live.run(source)
        assert live.received == pytest.approx(len(AUDIO) / 16_000)


def test_events_while_audio_arrives() -> None:
    """Words are committed before the session stops, and the status counts the seconds."""
    with session(settings=LiveSettings(step=0.5)) as live:
        committed, status = threading.Event(), list[Event]()
        live.listen(lambda event: committed.set() if event.kind == "commit" else None)
        live.listen(lambda event: status.append(event) if event.kind == "status" else None)
        live.feed(AUDIO)
        assert committed.wait(10)
    last = status[-1].payload
    assert last["received"] == last["recognised"] == last["committed"] == pytest.approx(len(AUDIO) / 16_000, abs=0.001)
    assert last["saved"] is None


def test_a_pause_ends_the_utterance_and_ignores_audio() -> None:
    """Times go on where the pause began."""
    half = round(MEETING.transcript.segments[2].end * 16_000) + 1600
    with session() as live:
        live.feed(AUDIO[:half])
        live.pause()
        live.feed(np.full(16_000, 0.7, np.float32))
        assert live.transcript.state == "paused"
        live.resume()
        live.feed(AUDIO[half:])
        result = live.stop()
    assert texts(result) == TEXTS
    assert live.received == pytest.approx(len(AUDIO) / 16_000)


def test_a_file_waits_during_a_pause() -> None:
    """What a source that can wait holds is not skipped."""
    blocks = (AUDIO[start : start + 1600] for start in range(0, len(AUDIO), 1600))
    with session() as live:
        live.pause()
        threading.Timer(0.3, live.resume).start()
        live.run(BlockSource(blocks, patient=True))
        assert texts(live.stop()) == TEXTS


def test_names_marks_and_corrections_are_events() -> None:
    with session() as live:
        live.feed(AUDIO)
        live.stop()
        first = next(iter(live.transcript.segments))
        live.rename("SPEAKER_00", "Anna")
        live.mark("decision")
        live.correct(first, 0, 0, "Corrected")
        assert live.transcript.names == {"SPEAKER_00": "Anna"}
        assert live.transcript.marks == ((live.received, "decision"),) or live.transcript.marks[0][1] == "decision"
        assert texts(live.transcript)[0] == "Corrected"
        with pytest.raises(ValueError, match="no words"):
            live.correct(first, 90, 91, "x")


def test_a_correction_of_emptied_positions_is_refused() -> None:
    """No word is there to receive the text."""
    with session() as live:
        live.feed(AUDIO)
        live.stop()
        first = next(iter(live.transcript.segments))
        live.correct(first, 0, 1, "Corrected")
        before = live.transcript
        with pytest.raises(ValueError, match="no words 1 to 1"):
            live.correct(first, 1, 1, "lost")
        assert live.transcript == before


def test_an_interrupted_session_continues_without_loss(tmp_path: Path) -> None:
    """What was recorded but not committed is recognised again, and no word twice."""
    recorder = FolderRecorder.start(tmp_path / "meeting", 1, "test")
    half = round(MEETING.transcript.segments[2].end * 16_000) - 3200  # within a word
    broken = session(recorder=recorder)
    broken.feed(AUDIO[:half])
    threading.Event().wait(0.5)
    shutil.copytree(tmp_path / "meeting", tmp_path / "killed")  # what a killed process leaves: nothing is flushed
    broken.close()
    recorder.close()
    resumed = FolderRecorder.resume(tmp_path / "killed")
    assert resumed.next_frame == half
    with session(recorder=resumed) as live:
        live.feed(AUDIO[half:])
        result = live.stop()
    resumed.close()
    assert texts(result) == TEXTS
    assert all(segment.closed for segment in result.segments.values())


def test_a_late_recogniser_reads_from_the_recording(tmp_path: Path) -> None:
    """With room for two seconds in memory, a backlog of the whole meeting loses nothing."""
    recorder = FolderRecorder.start(tmp_path / "meeting", 1, "test")
    exact = np.round(AUDIO * 32_768) / 32_768
    assert np.array_equal(exact, AUDIO)
    with session(recorder=recorder, settings=LiveSettings(backlog=2.0)) as live:
        live.feed(AUDIO)
        result = live.stop()
    recorder.close()
    assert texts(result) == TEXTS
    assert recorder.saved == pytest.approx(len(AUDIO) / 16_000)


def test_event_numbers_are_not_used_again_after_a_crash(tmp_path: Path) -> None:
    """The events `partial` and `status` are not logged, so the numbers continue after a gap; after an end, without."""
    recorder = FolderRecorder.start(tmp_path / "meeting", 1, "test")
    with session(recorder=recorder) as live:
        live.feed(AUDIO)
        shutil.copytree(tmp_path / "meeting", tmp_path / "killed")
        live.stop()
        live.publish(events.state("live-final"))
        last = live.transcript.seq
    recorder.close()
    for folder, first in (("meeting", last + 1), ("killed", last + 1000)):
        received: list[Event] = []
        resumed = FolderRecorder.resume(tmp_path / folder)
        session(recorder=resumed, listeners=[received.append]).close()
        resumed.close()
        assert received[0].seq >= first
        assert received[0].seq == first or folder == "killed"


class FullDisk(FolderRecorder):
    """A recorder whose disk is full from two seconds on."""

    def write(self, chunk: AudioChunk) -> None:
        if chunk.end > 32_000:
            raise OutputError("the session is not saved from 2.0 s on", "Free some space.")
        super().write(chunk)


def test_a_full_disk_is_reported_and_transcription_goes_on(tmp_path: Path) -> None:
    recorder = FullDisk.start(tmp_path / "meeting", 1, "test")
    with session(recorder=recorder) as live:
        errors: list[Event] = []
        live.listen(lambda event: errors.append(event) if event.kind == "error" else None)
        for start in range(0, len(AUDIO), 16_000):
            live.feed(AUDIO[start : start + 16_000])
        result = live.stop()
    recorder.close()
    assert texts(result) == TEXTS
    assert errors[0].payload["code"] == "recording.disk"
    assert not errors[0].payload["fatal"]


@dataclass
class FaultyEngine:
    """An engine that fails or sleeps in its first calls."""

    engine: Any
    failures: int = 0
    delay: float = 0.0
    languages: tuple[str, ...] = ("en",)
    calls: list[float] = field(default_factory=list)

    def decode(self, clips: Sequence[Any], options: object) -> Any:
        self.calls.append(0.0)
        if len(self.calls) <= self.failures:
            raise RuntimeError("CUDA error: an illegal memory access was encountered")
        threading.Event().wait(self.delay)
        return self.engine.decode(clips, options)


def faulty(failures: int = 0, delay: float = 0.0) -> LiveRecogniser:
    healthy = fake_live_recogniser(MEETING)
    return LiveRecogniser(FaultyEngine(healthy.engine, failures, delay), healthy.settings)  # type: ignore[arg-type]


def test_one_failed_window_does_not_end_the_session() -> None:
    """The words come with the next window."""
    with Session(faulty(failures=1), LiveSettings(step=0.5), parts=FAKE_PARTS) as live:
        for start in range(0, len(AUDIO), 8000):
            live.feed(AUDIO[start : start + 8000])
            threading.Event().wait(0.01)
        assert len(texts(live.stop())) > len(TEXTS) / 2


def test_an_engine_that_keeps_failing_is_a_fatal_error() -> None:
    """`stop` raises it, and the events say so."""
    live = Session(faulty(failures=99), parts=FAKE_PARTS)
    events = live.events()
    live.feed(AUDIO)
    with pytest.raises(RuntimeError, match="illegal memory"):
        live.close()
    fatal = [event for event in events if event.payload.get("fatal")]
    assert [event.payload["code"] for event in fatal] == ["recogniser.failed"]


def test_a_model_that_does_not_answer_is_reported() -> None:
    """It is an error within `patience`, and the session waits on."""
    with Session(faulty(delay=0.15), LiveSettings(patience=0.05), parts=FAKE_PARTS) as live:
        events = live.events()
        live.feed(AUDIO[: 16_000 * 3])
        live.stop()
    assert "recogniser.unresponsive" in {event.payload.get("code") for event in events}


def test_silence_is_reported() -> None:
    with session() as live:
        events = live.events()
        live.feed(np.zeros(16_000 * 6, np.float32))
    assert [event.payload["code"] for event in events if event.kind == "error"] == ["source.silent"]


def test_sessions_share_an_engine() -> None:
    """Two sessions over one engine, fed at once, do not mix their words."""
    recogniser = fake_live_recogniser(MEETING)
    half = round(MEETING.transcript.segments[2].end * 16_000) + 1600
    with Session(recogniser, parts=FAKE_PARTS) as first, Session(recogniser, parts=FAKE_PARTS) as second:
        for start in range(0, half, 4000):
            first.feed(AUDIO[start : min(half, start + 4000)])
            second.feed(AUDIO[half + start : half + start + 4000])
        second.feed(AUDIO[2 * half :])
        parts = texts(first.stop()), texts(second.stop())
    assert [*parts[0], *parts[1]] == TEXTS


def test_audio_after_the_end_is_ignored() -> None:
    """At any rate: the resamplers take no more audio then."""
    with session() as live:
        live.feed(np.zeros(800, np.float32), 8000)
        live.stop()
        received = live.received
        live.feed(np.zeros(800, np.float32), 8000)
        assert live.received == received


def test_wrong_audio_is_refused() -> None:
    """Another rate or shape in the middle is a ValueError, and the session goes on."""
    with session() as live:
        live.feed(AUDIO[:1600])
        with pytest.raises(ValueError, match="rate"):
            live.feed(AUDIO[:1600], 8000)
        with pytest.raises(ValueError, match="shape"):
            live.feed(np.zeros((10, 2), np.float32))
