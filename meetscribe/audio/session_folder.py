"""Folders of live sessions: WAV files, each named after the position of its first sample, read as one recording."""

from __future__ import annotations

import os
import re
import struct
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from meetscribe.errors import InputError, OutputError, os_reason
from meetscribe.storage.files import is_file
from meetscribe.text.json_values import encodable
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds

SESSION_FILE = "session.json"
"""The file that marks a folder as that of a live session, which is one recording."""

AUDIO_FOLDER = "audio"
"""The folder of the pieces within the session folder."""

SAMPLE_BYTES = 2
"""Bytes of a sample: pieces hold signed 16-bit integers."""

HEADER_BYTES = 44
"""Bytes of the header of a piece: RIFF, format and data, without other chunks."""

_NAME = re.compile(r"([0-9]{12})\.wav")
_HEADER = struct.Struct("<4sI4s4sIHHIIHH4sI")
_COPY = 1 << 20  # bytes copied at once
_MAX_BYTES = 2**32 - 1 - HEADER_BYTES  # of the sound in a WAV file
_PCM = 1


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of a session: its file, the position of its first sample in the recording, and its samples per channel.

    `rate` is the number of samples per second.
    """

    path: Path
    first: int
    frames: int
    rate: int
    channels: int

    @property
    def end(self) -> int:
        """The position in the recording after the last sample of the piece."""
        return self.first + self.frames


def is_session_folder(path: str | Path) -> bool:
    """Return whether a path is the folder of a live session."""
    return is_file(Path(path) / SESSION_FILE)


def piece_name(first: int) -> str:
    """Return the file name of the piece that begins at a sample of the recording.

    >>> piece_name(160_000)
    '000000160000.wav'
    """
    return f"{first:012d}.wav"


def wav_header(frames: int, rate: int, channels: int) -> bytes:
    """Return the header of a WAV file with 16-bit samples: 44 bytes."""
    width = channels * SAMPLE_BYTES
    size = frames * width
    head = (b"RIFF", size + HEADER_BYTES - 8, b"WAVE", b"fmt ", 16, _PCM, channels, rate, rate * width, width, 16)
    return _HEADER.pack(*head, b"data", size)


def read_pieces(folder: Path) -> tuple[Piece, ...]:
    """Return the pieces of a session in order; the length is that of the file, because its header may be outdated.

    Raises InputError if the folder or a piece cannot be read, or if the pieces differ in rate or channels.
    """
    try:
        names = sorted(file.name for file in (folder / AUDIO_FOLDER).iterdir() if _NAME.fullmatch(file.name))
        found = [piece for name in names if (piece := _read_piece(folder / AUDIO_FOLDER / name))]
    except OSError as error:
        raise InputError(f"{_shown(folder)} cannot be read: {os_reason(error)}", "Check its permissions.") from error
    if len({(piece.rate, piece.channels) for piece in found}) > 1:
        raise InputError(
            f"the pieces of {_shown(folder)} differ in sampling rate or channels", "Transcribe each piece separately."
        )
    return tuple(found)


def open_session(folder: Path) -> IO[bytes]:
    """Open the recording of a session as one WAV file, a private temporary file without a name.

    Audio that was not saved between two pieces is silence. Raises InputError if there is no audio or a piece cannot be
    read, and OutputError if the disk is full.
    """
    pieces = read_pieces(folder)
    if not pieces:
        raise InputError(f"{_shown(folder)} has no audio", "The session was stopped before any audio arrived.")
    rate, channels, frames = pieces[0].rate, pieces[0].channels, max(piece.end for piece in pieces)
    if frames * channels * SAMPLE_BYTES > _MAX_BYTES:
        raise InputError(f"{_shown(folder)} is longer than a WAV file can be", "Transcribe its pieces one by one.")
    try:
        joined = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        joined.write(wav_header(frames, rate, channels))
        for piece in pieces:
            _copy(piece, joined)
        joined.seek(0)
    except OSError as error:
        remedy = "It takes 115 MB per hour and channel: free some space, or set TMPDIR to a folder on a larger disk."
        raise OutputError(f"the pieces of {_shown(folder)} cannot be joined: {os_reason(error)}", remedy) from error
    return joined


def unsaved_seconds(pieces: Sequence[Piece]) -> Seconds:
    """Return the missing seconds before and between the pieces of a session, which are in order."""
    missing, end = 0, 0
    for piece in pieces:
        missing += max(0, piece.first - end)
        end = max(end, piece.end)
    return missing / pieces[0].rate if pieces else 0.0


def _read_piece(path: Path) -> Piece | None:
    """Return a piece, None if it has no samples because of a crash; raises InputError for another kind of file."""
    if not path.is_file() or path.is_symlink():
        return None
    with path.open("rb") as data:
        head, size = data.read(HEADER_BYTES), os.fstat(data.fileno()).st_size
    if len(head) < HEADER_BYTES or not any(head):  # a power failure can leave zeros
        return None
    riff, _, wave, *_, tag, channels, rate, _, width, bits, mark, _ = _HEADER.unpack(head)
    plain = (riff, wave, tag, width, bits, mark) == (b"RIFF", b"WAVE", _PCM, channels * SAMPLE_BYTES, 16, b"data")
    if not (plain and channels and rate):
        raise InputError(f"{_shown(path)} is not a piece of a live session", "Move other files out of the folder.")
    frames = (size - HEADER_BYTES) // width
    return Piece(path, int(path.stem), frames, rate, channels) if frames else None


def _copy(piece: Piece, joined: IO[bytes]) -> None:
    """Copy the samples of a piece to their position in the joined file."""
    width = piece.channels * SAMPLE_BYTES
    joined.seek(HEADER_BYTES + piece.first * width)
    rest = piece.frames * width
    with piece.path.open("rb") as data:
        data.seek(HEADER_BYTES)
        while rest and (block := data.read(min(rest, _COPY))):
            joined.write(block)
            rest -= len(block)


def _shown(path: Path) -> str:
    return encodable(one_line(str(path)))
