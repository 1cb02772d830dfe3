"""A long recording is kept in a file of its own, and read from it as from an array."""

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
from meetscribe.audio.sample_storage import FileSamples, Storage
from meetscribe.errors import OutputError
from meetscribe.timeline import Span

STANDUP = Path(__file__).parents[2] / "samples" / "standup.flac"
SIGNAL = np.random.default_rng(0).uniform(-1, 1, 1000).astype(np.float32)
edges = st.none() | st.integers(-1100, 1100)


def stored(signal: npt.NDArray[np.float32] = SIGNAL, block: int = 130) -> FileSamples:
    """The signal in a file, written in blocks, the first of them in memory."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sample_storage, "IN_MEMORY", 300 / SAMPLE_RATE)
        store = Storage()
        for start in range(0, len(signal), block):
            store.append(signal[start : start + block])
        samples = store.samples()
    assert isinstance(samples, FileSamples)
    return samples


@pytest.mark.parametrize("reader", ["at a place", "after seeking"])
@given(start=edges, stop=edges)
def test_any_part_is_that_of_the_array(reader: str, start: int | None, stop: int | None) -> None:
    """Parts read from the file are those of the array, on systems that read at a place and on others."""
    with pytest.MonkeyPatch.context() as patch:
        if reader == "after seeking":
            patch.delattr(os, "preadv", raising=False)
        np.testing.assert_array_equal(stored()[start:stop], SIGNAL[start:stop])


def test_what_is_done_with_an_array_works() -> None:
    """Length, conversion, copying and pickling give every sample."""
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
    """Each of many threads gets the part that it asked for."""
    signal = np.arange(200_000, dtype=np.float32)
    samples = stored(signal, block=50_000)
    starts = range(0, len(signal), 1000)
    with ThreadPoolExecutor(8) as pool:
        parts = list(pool.map(lambda start: samples[start : start + 1000], starts))
    np.testing.assert_array_equal(np.concatenate(parts), signal)


def test_the_decoder_hands_over_to_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The same samples come from a file as from memory, and the file has no name."""
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


def test_silence_is_written_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """Silence of any length is so many zeros."""
    monkeypatch.setattr(sample_storage, "_SILENCE", 7)
    store = Storage()
    store.append_silence(20)
    assert store.samples()[:].tolist() == [0.0] * 20


class FullDisk:
    """A file on a disk that is full."""

    def write(self, data: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize("where", ["making", "writing"])
def test_a_full_disk_says_what_to_do(monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    """A disk without room is named as the reason, and TMPDIR as the way out."""

    def temporary(*args: Any, **options: Any) -> FullDisk:
        if where == "making":
            raise OSError(errno.ENOSPC, "No space left on device")
        return FullDisk()

    monkeypatch.setattr(sample_storage, "IN_MEMORY", 10.0)
    monkeypatch.setattr(tempfile, "TemporaryFile", temporary)
    with pytest.raises(OutputError, match="No space left") as caught:
        load_audio(STANDUP)
    assert "TMPDIR" in caught.value.remedy
