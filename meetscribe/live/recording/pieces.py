"""Write audio as WAV files that players can open at any time, even after a crash."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from meetscribe.audio.session_folder import AUDIO_FOLDER, HEADER_BYTES, SAMPLE_BYTES, Piece, piece_name, wav_header

if TYPE_CHECKING:
    import numpy.typing as npt

PIECE_SECONDS = 30
"""The length of a piece."""

_SCALE = 32_768


class PieceWriter:
    """Writes consecutive samples into pieces of 30 s.

    Each block is passed to the operating system at once, so that nothing is lost if this process ends. `sync` writes it
    to the disk and updates the header of the piece. Raises OSError if the disk is full or not writable; the piece then
    ends with the last complete block, and the next block starts another piece.
    """

    def __init__(self, folder: Path, rate: int, channels: int) -> None:
        self._folder = folder / AUDIO_FOLDER
        self._folder.mkdir(mode=0o700, exist_ok=True)
        self._rate, self._channels = rate, channels
        self._handle: int | None = None
        self._first = self._frames = 0

    @property
    def width(self) -> int:
        """The bytes of a frame."""
        return self._channels * SAMPLE_BYTES

    def append(self, first: int, samples: npt.NDArray[np.float32]) -> None:
        """Append samples `(frames, channels)` in [-1, 1], from the frame `first` of the recording on."""
        limit = PIECE_SECONDS * self._rate
        data = np.clip(np.rint(samples * _SCALE), -_SCALE, _SCALE - 1).astype("<i2")
        while len(data):
            if self._handle is None or self._frames >= limit or first != self._first + self._frames:
                self._open(first)
            part = data[: limit - self._frames]
            self._write(part.tobytes())
            self._frames += len(part)
            first, data = first + len(part), data[len(part) :]

    def sync(self) -> None:
        """Update the header of the open piece, and write all data to the disk."""
        if self._handle is None:
            return
        os.lseek(self._handle, 0, os.SEEK_SET)
        os.write(self._handle, wav_header(self._frames, self._rate, self._channels))
        os.lseek(self._handle, 0, os.SEEK_END)
        os.fsync(self._handle)

    def close(self) -> None:
        """Close the open piece."""
        if self._handle is None:
            return
        try:
            self.sync()
        finally:
            os.close(self._handle)
            self._handle = None

    def _open(self, first: int) -> None:
        """Start a piece at a frame."""
        self.close()
        path = self._folder / piece_name(first)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o600)
        self._handle, self._first, self._frames = handle, first, 0
        self._write(wav_header(0, self._rate, self._channels))

    def _write(self, data: bytes) -> None:
        """Write at the end of the piece; if that fails, close the piece without the data."""
        assert self._handle is not None
        rest = memoryview(data)
        try:
            while rest:
                rest = rest[os.write(self._handle, rest) :]
        except OSError:
            handle, self._handle = self._handle, None
            try:
                os.ftruncate(handle, HEADER_BYTES + self._frames * self.width if self._frames else 0)
            finally:
                os.close(handle)
            raise


def samples_between(pieces: tuple[Piece, ...], start: int, end: int) -> npt.NDArray[np.float32]:
    """Return the samples `(frames, channels)` of a session from `start` up to `end`, zeros where unsaved."""
    channels = pieces[0].channels if pieces else 1
    found = np.zeros((max(0, end - start), channels), np.float32)
    for piece in pieces:
        first, last = max(start, piece.first), min(end, piece.end)
        if first >= last:
            continue
        offset = HEADER_BYTES + (first - piece.first) * channels * SAMPLE_BYTES
        stored = np.fromfile(piece.path, "<i2", (last - first) * channels, offset=offset)
        found[first - start : last - start] = stored.reshape(-1, channels) / np.float32(_SCALE)
    return found
