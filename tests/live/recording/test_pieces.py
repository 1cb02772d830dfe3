"""Audio is written as WAV files that can be read at any moment."""

from __future__ import annotations

import errno
import os
import wave
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meetscribe.audio.session_folder import read_pieces
from meetscribe.live.recording.pieces import PieceWriter, samples_between


def ramp(frames: int, channels: int = 1) -> np.ndarray:  # type: ignore[type-arg]
    """Return samples `(frames, channels)`, multiples of 1/32768 and all different."""
    values = np.arange(1, frames * channels + 1, dtype=np.float32) / 32_768
    return values.reshape(frames, channels)


@given(lengths=st.lists(st.integers(0, 90), min_size=1, max_size=8), channels=st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_blocks_of_any_length_are_stored_exactly(
    tmp_path_factory: pytest.TempPathFactory, lengths: list[int], channels: int
) -> None:
    """Pieces follow each other without a gap, no piece is longer than the limit, and every sample is kept."""
    folder = tmp_path_factory.mktemp("session")
    writer, sound, first = PieceWriter(folder, 2, channels), ramp(sum(lengths), channels), 0
    for length in lengths:
        writer.append(first, sound[first : first + length])
        first += length
    writer.close()
    written = read_pieces(folder)

    assert [piece.first for piece in written] == list(range(0, first, 60))
    assert np.array_equal(samples_between(written, 0, first), sound[:first])
    assert np.array_equal(samples_between(written, 3, first + 2)[: first - 3], sound[3:first])


def test_a_piece_can_be_played_while_it_is_written(tmp_path: Path) -> None:
    """After each `sync`, the header announces all samples; those that follow are on disk as well."""
    writer = PieceWriter(tmp_path, 16_000, 1)
    writer.append(0, ramp(16_000))
    writer.sync()
    writer.append(16_000, ramp(100))
    with wave.open(str(tmp_path / "audio" / "000000000000.wav")) as file:
        assert file.getnframes() == 16_000
    assert read_pieces(tmp_path)[0].frames == 16_100
    writer.close()
    with wave.open(str(tmp_path / "audio" / "000000000000.wav")) as file:
        assert file.getnframes() == 16_100


def test_samples_beyond_the_range_are_clipped(tmp_path: Path) -> None:
    writer = PieceWriter(tmp_path, 16_000, 1)
    writer.append(0, np.array([[2.0], [-2.0], [1.0], [-1.0]], np.float32))
    writer.close()
    assert samples_between(read_pieces(tmp_path), 0, 4)[:, 0].tolist() == [32_767 / 32_768, -1, 32_767 / 32_768, -1]


def test_a_full_disk_ends_the_piece_before_the_block(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of a block was written when the disk was full: none of it remains, and the next block starts a piece."""
    writer, real, full = PieceWriter(tmp_path, 16_000, 1), os.write, [False]

    def write(handle: int, data: bytes) -> int:
        if not full[0]:
            return real(handle, data)
        if len(data) < 100:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(handle, memoryview(data)[: len(data) // 2])

    monkeypatch.setattr(os, "write", write)
    writer.append(0, ramp(100))
    full[0] = True
    with pytest.raises(OSError, match="No space"):
        writer.append(100, ramp(100))
    full[0] = False
    writer.append(200, ramp(50))
    writer.close()

    assert [(piece.first, piece.frames) for piece in read_pieces(tmp_path)] == [(0, 100), (200, 50)]
    assert not samples_between(read_pieces(tmp_path), 100, 200).any()
