"""The length of the published audio."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.audio import load_audio
from meetscribe.errors import InputError, SettingsError
from meetscribe.podcast.audio_length import audio_length
from meetscribe.podcast.shifts import Shift
from meetscribe.transcript import RecordingFile
from tests.podcast.episodes import audio, episode


def test_the_length_is_that_of_the_sound(tmp_path: Path) -> None:
    assert audio_length(audio(tmp_path / "a.mp3", 2.0), episode(sentences=1), []) == pytest.approx(2.0, abs=0.1)


def test_times_are_not_shifted_twice(tmp_path: Path) -> None:
    """Shifts are refused if the audio is the one that was transcribed."""
    file = audio(tmp_path / "a.mp3", 0.5)
    talk = episode(sentences=1).with_meta(recording=RecordingFile("a.mp3", load_audio(file).hash))
    assert audio_length(file, talk, []) > 0
    with pytest.raises(SettingsError, match="is the audio that was transcribed"):
        audio_length(file, talk, [Shift(0, 5)])


def test_unreadable_audio(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        audio_length(tmp_path / "missing.mp3", episode(sentences=1), [])
