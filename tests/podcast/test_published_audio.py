"""The length and the title of the published audio."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.audio import load_audio
from meetscribe.errors import InputError, SettingsError
from meetscribe.podcast.published_audio import PublishedAudio, read_published_audio, with_default_title
from meetscribe.podcast.shifts import Shift
from meetscribe.transcript import RecordingFile
from tests.podcast.episodes import audio, episode


def test_the_length_is_that_of_the_sound(tmp_path: Path) -> None:
    found = read_published_audio(audio(tmp_path / "a.mp3", 2.0), episode(sentences=1), [])
    assert found.duration == pytest.approx(2.0, abs=0.1) and found.title == "Kept"


def test_times_are_not_shifted_twice(tmp_path: Path) -> None:
    """Shifts are refused if the audio is the one that was transcribed."""
    file = audio(tmp_path / "a.mp3", 0.5)
    talk = episode(sentences=1).with_meta(recording=RecordingFile("a.mp3", load_audio(file).hash))
    assert read_published_audio(file, talk, []).duration > 0
    with pytest.raises(SettingsError, match="is the audio that was transcribed"):
        read_published_audio(file, talk, [Shift(0, 5)])


def test_unreadable_audio(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        read_published_audio(tmp_path / "missing.mp3", episode(sentences=1), [])


def test_default_titles() -> None:
    """The title of the transcript comes first, then that of the audio; without a recording, the name given."""
    untitled = episode(sentences=1, title=None)
    found = PublishedAudio(2.0, "Kept")
    assert with_default_title(episode(title="Own"), found, "talk").meta.title == "Own"
    assert with_default_title(untitled, found, "talk").meta.title == "Kept"
    assert with_default_title(untitled, None, "talk").meta.title is None
    assert with_default_title(untitled.with_meta(recording=None), None, "talk").meta.title == "talk"
