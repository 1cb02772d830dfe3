"""A file is a source with its samples, mixed or by channel."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import load_audio
from meetscribe.errors import InputError, SettingsError
from meetscribe.live.sources import FileSource, files
from tests.live.sources.test_blocks import collected
from tests.support.microphones import write_wav
from tests.support.recordings import write


def test_the_samples_are_those_of_the_batch_pipeline(tmp_path: Path) -> None:
    """So the live and the final transcript are made from the same audio."""
    write_wav(tmp_path / "talk.wav", np.random.default_rng(0).uniform(-0.5, 0.5, 40_000).astype(np.float32))
    source = FileSource(tmp_path / "talk.wav", speed=0)
    assert source.patient
    assert np.array_equal(collected(source).ravel(), load_audio(tmp_path / "talk.wav").samples[:])
    assert source.duration == 2.5


def test_channels_are_kept_apart(tmp_path: Path) -> None:
    times = np.arange(16_000) / 16_000
    stereo = np.stack([0.5 * np.sin(700 * times), np.zeros(16_000)])
    write(tmp_path / "call.flac", stereo, "flac")
    found = collected(FileSource(tmp_path / "call.flac", speed=0, split=True))
    assert found.shape[1] == 2
    assert np.abs(found[:, 0]).max() > 0.4 > np.abs(found[:, 1]).max()


def test_more_channels_than_a_session_has_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Mixed to one, they are accepted."""
    write_wav(tmp_path / "many.wav", *[np.full(1600, 0.1, np.float32)] * 9)
    mixed = load_audio(tmp_path / "many.wav")
    assert FileSource(tmp_path / "many.wav").channels == 1
    monkeypatch.setattr(files, "load_channels", lambda path, settings: (mixed,) * 9)  # each is decoded by a process
    with pytest.raises(InputError, match="9 channels"):
        FileSource(tmp_path / "many.wav", split=True)


def test_real_time_takes_as_long_as_the_recording(tmp_path: Path) -> None:
    write_wav(tmp_path / "talk.wav", np.full(3200, 0.1, np.float32))
    source = FileSource(tmp_path / "talk.wav")
    assert not source.patient
    assert len(collected(source)) == 3200


def test_missing_files_and_negative_speeds(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        FileSource(tmp_path / "none.wav")
    with pytest.raises(SettingsError, match="speed"):
        FileSource(tmp_path / "none.wav", speed=-1)
