"""Enrolment needs a consent, enough speech, and one voice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import load_audio
from meetscribe.errors import InputError, SettingsError
from meetscribe.meetings.enrolment import enrol_from_meeting, enrol_from_recording
from meetscribe.meetings.speakers import Meeting, Tools
from meetscribe.pipeline import known_speakers
from meetscribe.profiles.values import Consent
from meetscribe.timeline import Span
from tests.conftest import SAMPLES
from tests.meetings.conftest import ANNA
from tests.support.recordings import write


def excerpt(file: Path, recording: Path, spans: Sequence[Span]) -> None:
    """Write the spans of a recording, one after the other."""
    audio = load_audio(recording)
    samples = np.concatenate([audio.slice(span) for span in spans])
    write(file, samples[None].astype(np.float64))


def test_a_recording_of_one_voice(standup: Meeting, tools: Tools, tmp_path: Path) -> None:
    """The voiceprint of a recording of one voice matches the same speaker of the meeting, and has its facts."""
    label = standup.transcript.speakers[0]
    spans = [turn.span for turn in standup.transcript.turns if turn.speaker == label]
    alone = tmp_path / "anna.wav"
    excerpt(alone, standup.recording(), spans)
    (voiceprint,) = enrol_from_recording("Anna", alone, ANNA, tools).voiceprints
    assert voiceprint.seconds >= 4 and voiceprint.source.file == str(alone)
    assert voiceprint.space.embedder.startswith("XVector") and voiceprint.space.revision
    match = standup.matches(tools)[label]
    assert match.name == "Anna" and (match.score or 0) > 0.9


def test_without_consent_nothing_is_computed(standup: Meeting, tools: Tools, data: Path) -> None:
    """No record, or one of another person, is refused before the recording is read."""
    for consent in (None, Consent("Ben", "all", "Ben", "2026-11-01")):
        with pytest.raises(SettingsError, match="consent"):
            enrol_from_recording("Anna", Path("does-not-exist.wav"), consent, tools)
        with pytest.raises(SettingsError, match="consent"):
            enrol_from_meeting("Anna", standup, standup.transcript.speakers[0], consent, tools)
    assert not list(data.rglob("*.json"))


def test_several_voices_are_refused(tools: Tools) -> None:
    """A recording of several persons gives no voiceprint."""
    with pytest.raises(InputError, match="one voice"):
        enrol_from_recording("Anna", SAMPLES / "standup.flac", ANNA, tools)
    assert tools.profiles.all() == ()


def test_too_little_speech_is_refused(standup: Meeting, tools: Tools, tmp_path: Path) -> None:
    """Two seconds of speech give no voiceprint, and the error says how much is needed."""
    turn = standup.transcript.turns[0]
    short = tmp_path / "short.wav"
    excerpt(short, standup.recording(), [turn.span.equal_parts(2.0)[0]])
    with pytest.raises(InputError, match="at least 4 s"):
        enrol_from_recording("Anna", short, ANNA, tools)


def test_an_embedder_without_thresholds_is_refused(
    standup: Meeting, tools: Tools, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From a meeting as from a recording: the voiceprint could not be compared with any voice."""
    monkeypatch.setattr(known_speakers, "find_calibration", lambda space, weights: None)
    with pytest.raises(SettingsError, match="no thresholds"):
        enrol_from_meeting("Anna", standup, standup.transcript.speakers[0], ANNA, tools)
    assert tools.profiles.all() == ()
