"""A long recording is stored in a temporary file, and read from it like an array."""

from __future__ import annotations

import copy
import errno
import os
import pickle
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio, sample_storage
from meetscribe.audio.sample_storage import FileSamples, SampleStorage
from meetscribe.errors import OutputError
from meetscribe.timeline import Span

STANDUP = Path(__file__).parents[2] / "samples" / "standup.flac"
SIGNAL = np.random.default_rng(0).uniform(-1, 1, 1000).astype(np.float32)
edges = st.none() | st.integers(-1100, 1100)


def stored(signal: npt.NDArray[np.float32] = SIGNAL, block: int = 130) -> FileSamples:
    """Store the signal in a file, in blocks, the first of them in memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample_storage, "IN_MEMORY", 300 / SAMPLE_RATE)
        store = SampleStorage()
        for start in range(0, len(signal), block):
            store.append(signal[start : start + block])
        samples = store.samples()
    assert isinstance(samples, FileSamples)
    return samples


@pytest.mark.parametrize("reader", ["preadv", "seek"])
@given(start=edges, stop=edges)
def test_slices_equal_those_of_the_array(reader: str, start: int | None, stop: int | None) -> None:
    """Slices read from the file equal those of the array, with and without preadv."""
    with pytest.MonkeyPatch.context() as patch:
        if reader == "seek":
            patch.delattr(os, "preadv", raising=False)
        np.testing.assert_array_equal(stored()[start:stop], SIGNAL[start:stop])


def test_samples_behave_like_an_array() -> None:
    """Length, conversion, copying and pickling give all samples."""
    samples = stored()
    assert len(samples) == len(SIGNAL)
    for whole in (np.asarray(samples), copy.copy(samples), pickle.loads(pickle.dumps(samples)), samples[:]):
        np.testing.assert_array_equal(whole, SIGNAL)
    audio = pickle.loads(pickle.dumps(Audio(samples, "x", "sha256:0")))
    np.testing.assert_array_equal(audio.slice(Span(0.01, 0.02)), SIGNAL[160:320])
    with pytest.raises(TypeError, match="start:stop"):
        samples[::2]
    with pytest.raises(TypeError, match="start:stop"):
        samples[3]  # type: ignore[index]


def test_threads_may_read_at_once() -> None:
    """Each of several threads receives the slice that it reads."""
    signal = np.arange(200_000, dtype=np.float32)
    samples = stored(signal, block=50_000)
    starts = range(0, len(signal), 1000)
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda start: samples[start : start + 1000], starts))
    np.testing.assert_array_equal(np.concatenate(parts), signal)


def test_decoding_to_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The samples in a file equal those in memory, and the file has no name."""
    whole = load_audio(STANDUP)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(sample_storage, "IN_MEMORY", 10.0)
    audio = load_audio(STANDUP)
    assert isinstance(audio.samples, FileSamples)
    assert audio.duration == whole.duration
    np.testing.assert_array_equal(audio.samples[:], whole.samples[:])
    np.testing.assert_array_equal(audio.slice(Span(30, 31.5)), whole.slice(Span(30, 31.5)))
    if os.name == "posix":
        assert not list(tmp_path.iterdir())


def test_silence_is_written_in_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence is stored as zeros."""
    monkeypatch.setattr(sample_storage, "_SILENCE", 7)
    store = SampleStorage()
    store.append_silence(20)
    assert store.samples()[:].tolist() == [0.0] * 20


class FullDisk:
    """A file on a full disk."""

    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("where", ["creating", "writing"])
def test_a_full_disk_is_an_error(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """The error names the reason, and TMPDIR as the remedy."""

    def temporary(*args: Any, **options: Any) -> FullDisk:
        if where == "creating":
            raise OSError(errno.ENOSPC, "No space left on device")
        return FullDisk()

    monkeypatch.setattr(sample_storage, "IN_MEMORY", 10.0)
    monkeypatch.setattr(tempfile, "TemporaryFile", temporary)
    with pytest.raises(OutputError, match="No space left") as caught:
        load_audio(STANDUP)
    assert "TMPDIR" in caught.value.remedy
