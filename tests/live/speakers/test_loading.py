"""The diarizer of live sessions, over the sample weights."""

from __future__ import annotations

from meetscribe.audio import load_audio
from meetscribe.evaluation import der
from meetscribe.formats.rttm import read_rttm
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.speakers import load_live_diarizer
from meetscribe.live.transcript import LiveTranscript
from meetscribe.settings import load_settings
from meetscribe.timeline import Span
from tests.conftest import SAMPLES


def test_the_speakers_of_a_sample_are_found_live() -> None:
    """The turns at the end are nearly those of the reference; the number of speakers is a hint."""
    settings = load_settings(SAMPLES / "offline.toml", {"diarization.speakers": 5})
    live = load_live_diarizer(settings)
    assert live.diarizer.settings.max_speakers == 5 and live.diarizer.settings.speakers is None
    audio = load_audio(SAMPLES / "interview.flac")
    samples = audio.samples[: 30 * 16_000][:, None]
    tracker = live.tracker(threaded=False)
    for start in range(0, len(samples), 48_000):
        tracker.add(AudioChunk(start, samples[start : start + 48_000]))
        tracker.revisions(LiveTranscript(), pause=True)
    drafts = tracker.revisions(LiveTranscript(), final=True)
    tracker.close()
    assert drafts[-1].kind == "speakers" and drafts[-1].payload["horizon"] == 30.0
    truth = read_rttm((SAMPLES / "interview.rttm").read_text())
    assert (der(truth, tracker.turns, within=Span(0, 30)).rate or 0) < 0.1
