"""Audio that waits comes back complete and in order, from memory or from disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.live.backlog import Backlog, Break
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.recording.recorder import FolderRecorder


def chunk(start: int, frames: int) -> AudioChunk:
    return AudioChunk(start, (np.arange(start, start + frames) % 2000 / 4000).astype(np.float32)[:, None])


def taken(backlog: Backlog) -> list[AudioChunk]:
    found = []
    while (each := backlog.take(0.0)) is not None:
        assert isinstance(each, AudioChunk)
        found.append(each)
    return found


@settings(deadline=None)
@given(st.lists(st.integers(1, 4000), max_size=12))
def test_order_and_length(sizes: list[int]) -> None:
    backlog, position = Backlog(0.1), 0
    for size in sizes:
        backlog.add(chunk(position, size))
        position += size
    assert round(backlog.seconds * 16_000) == position
    found = taken(backlog)
    assert sum(len(each.samples) for each in found) == position
    assert backlog.seconds == 0


def test_what_exceeds_the_memory_is_read_from_disk(tmp_path: Path) -> None:
    """Chunks on disk are joined and read in parts of ten seconds, with the samples that were recorded."""
    recorder = FolderRecorder.start(tmp_path / "session", 1, "test")
    backlog = Backlog(2.0, recorder)
    for start in range(0, 30 * 16_000, 16_000):
        recorder.write(chunk(start, 16_000))
        backlog.add(chunk(start, 16_000))
    found = taken(backlog)
    recorder.close()
    assert [len(each.samples) // 16_000 for each in found] == [1, 1, 10, 10, 8]
    joined = np.concatenate([each.samples for each in found])
    assert np.abs(joined - chunk(0, 30 * 16_000).samples).max() < 1e-4


def test_what_is_not_on_disk_stays_in_memory(tmp_path: Path) -> None:
    recorder = FolderRecorder.start(tmp_path / "session", 1, "test")
    backlog = Backlog(0.5, recorder)
    backlog.add(chunk(0, 32_000), saved=False)
    assert np.array_equal(taken(backlog)[0].samples, chunk(0, 32_000).samples)
    recorder.close()


def test_a_break_keeps_its_place_and_the_end_is_known() -> None:
    backlog = Backlog(10.0)
    backlog.add(chunk(0, 10))
    backlog.add_break()
    backlog.end()
    assert not backlog.exhausted
    assert isinstance(backlog.take(0.0), AudioChunk)
    assert backlog.take(0.0) == Break()
    assert backlog.take(5.0) is None
    assert backlog.exhausted
    assert backlog.wait_below(1.0, 0.0)
