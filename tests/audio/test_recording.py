"""A recording is decoded once, and only if it is still the file that was hashed."""

from __future__ import annotations

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from meetscribe.audio import Audio, Recording
from meetscribe.errors import InputError
from meetscribe.runtime.progress import Progress


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "a.wav"
    path.write_bytes(b"sound")
    return path


def decoded(path: Path) -> Audio:
    """Return audio with the hash of a file."""
    return Audio(np.zeros(16_000, np.float32), path.name, f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}")


def test_threads_share_one_decoding(path: Path) -> None:
    """The duration is unknown before; the samples are decoded once."""
    calls: list[Path] = []

    def decode(path: Path, progress: Progress) -> Audio:
        calls.append(path)
        return decoded(path)

    recording = Recording(path, decode)
    assert (recording.name, recording.duration, calls) == ("a.wav", None, [])
    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda _: recording.audio(), range(8)))
    assert len(calls) == 1 and all(audio is found[0] for audio in found)
    assert recording.duration == 1.0


def test_a_changed_file_is_an_error(path: Path) -> None:
    """A recording that is still being written is not transcribed under its old hash."""
    recording = Recording(path, lambda path, progress: decoded(path))
    path.write_bytes(b"more sound")
    with pytest.raises(InputError, match=r"a\.wav was changed while it was read"):
        recording.audio()


def test_a_directory_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is a directory"):
        Recording(tmp_path, lambda path, progress: decoded(path))


def test_samples_in_place_of_a_path_are_an_error(path: Path) -> None:
    """The error says that the path is needed, for decoded audio and for an array."""
    audio = decoded(path)
    for wrong, kind in ((audio, "Audio"), (audio.samples, "ndarray")):
        with pytest.raises(InputError, match=rf"(?s)not as {kind}.*Give the path"):
            Recording(wrong, lambda path, progress: audio)  # type: ignore[arg-type]
