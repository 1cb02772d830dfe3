"""Recordings decoded to 16 kHz mono by PyAV, which brings FFmpeg; if a file is whole is in truncation."""

from __future__ import annotations

import hashlib
import re
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from meetscribe.audio.storage import Storage
from meetscribe.audio.truncation import cut_off, declares_length
from meetscribe.audio.values import SAMPLE_RATE, Audio
from meetscribe.errors import InputError
from meetscribe.progress import Progress, ignore_progress
from meetscribe.timeline import Seconds

if TYPE_CHECKING:
    from collections.abc import Iterator

    import av
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

# Containers that hold sound themselves. Playlists and the like, which make FFmpeg open other files or
# addresses, are not among them, and no protocol is allowed beside the open file.
_CONTAINERS = "aac,ac3,aiff,amr,asf,au,avi,caf,eac3,flac,flv,matroska,mov,mp3,mp4,mpeg,mpegts,ogg,w64,wav,webm,wv"
_OPTIONS = {"protocol_whitelist": "none", "format_whitelist": _CONTAINERS}
_NAMES = "wav, flac, mp3, m4a, ogg, opus, webm, mp4, mov or mkv"
_MIN_GAP: Seconds = 0.2
_MAX_GAP: Seconds = 3600.0
_MIN_LOSS: Seconds = 0.5


def load_audio(path: str | Path, progress: Progress = ignore_progress) -> Audio:
    """The best audio stream of a local recording, mixed down to one channel and resampled to 16 000 Hz.

    Time 0 is the start of the recording as a player shows it: a pause in the stream's timestamps becomes
    silence. Damaged parts are left out and said in `Audio.warnings`. Raises InputError if the path is not
    a local file, or nothing in it can be decoded as sound, OutputError if there is no room for a long one.
    """
    file = _local_file(path)
    digest = _hash(file)
    with _reading(file), _open(file) as container:
        stream = _best_stream(container, file)
        decoding = _Decoding(container, stream)
        decoding.run(progress)
    if len(decoding.storage) == 0:
        raise InputError(
            f"no sound could be decoded from {file.name}", "Check that it plays, or export it again as WAV."
        )
    progress(1.0)
    return Audio(decoding.storage.samples(), file.name, digest, decoding.warnings(file))


def _local_file(path: str | Path) -> Path:
    """The path of a regular file with content; raises InputError otherwise."""
    if re.match(r"[A-Za-z][A-Za-z0-9+.-]+:/", str(path)):
        raise InputError(f"{path} is an address, not a file", "Download the recording and give the path of the file.")
    file = Path(path)
    if file.is_dir():
        raise InputError(f"{path} is a directory", "Give the path of one recording in it.")
    if not file.exists():
        raise InputError(f"no such file: {path}", "Check the path.")
    if not file.is_file():
        raise InputError(f"{path} is not a regular file", "Save the recording to a file first.")
    if file.stat().st_size == 0:
        raise InputError(f"{path} is empty", "The recording or its download may have failed: copy it again.")
    return file


def _hash(file: Path) -> str:
    """The SHA-256 of the file's bytes, as "sha256:…"; raises InputError if it cannot be read."""
    digest = hashlib.sha256()
    try:
        with file.open("rb") as data:
            while block := data.read(1 << 20):
                digest.update(block)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror}", "Check its permissions.") from error
    return f"sha256:{digest.hexdigest()}"


@contextmanager
def _reading(file: Path) -> Iterator[None]:
    """Turn what FFmpeg raises on opening a file into an InputError that says what to do."""
    import av.error

    try:
        yield
    except (av.error.InvalidDataError, av.error.ArgumentError) as error:
        raise InputError(
            f"{file.name} is not a recording that can be read",
            f"It may be cut off, or no recording at all: copy it again, or convert it to {_NAMES}.",
        ) from error
    except av.error.FFmpegError as error:
        raise InputError(f"{file.name} cannot be read: {error}", f"Convert it to {_NAMES}.") from error


@contextmanager
def _open(file: Path) -> Iterator[InputContainer]:
    """The container of a file, which FFmpeg reads through the open file and nothing else."""
    import av

    with file.open("rb") as data, av.open(data, "r", options=_OPTIONS, metadata_errors="ignore") as container:
        yield container


def _best_stream(container: InputContainer, file: Path) -> AudioStream:
    """The stream that FFmpeg holds for the main sound; raises InputError if there is none."""
    stream = container.streams.best("audio")
    if stream is not None:
        return stream  # type: ignore[return-value]  # its type depends on the argument
    if any(other.type == "audio" for other in container.streams):
        raise InputError(f"the sound in {file.name} is in an unknown encoding", f"Convert it to {_NAMES}.")
    kind = "the video" if container.streams.video else "it"
    raise InputError(f"{file.name} has no sound: {kind} holds no audio track", "Choose the file that has the sound.")


class _Decoding:
    """One pass over an audio stream: what was decoded so far, and what could not be."""

    def __init__(self, container: InputContainer, stream: AudioStream) -> None:
        self._container = container
        self._stream = stream
        self._start = max(0.0, (container.start_time or 0) / 1e6)
        self._length = _declared_length(container, stream)
        self.storage = Storage()
        self._resampler: av.AudioResampler | None = None
        self._layout: tuple[str, str, int] | None = None
        self._damaged = 0
        self._filled: Seconds = 0.0
        self._broken_off = False

    def run(self, progress: Progress) -> None:
        """Decode the stream to its end, or to where it cannot be read any further."""
        import av.error

        try:
            for packet in self._container.demux(self._stream):
                try:
                    frames = packet.decode()
                except av.error.InvalidDataError:
                    self._damaged += 1
                    continue
                for frame in frames:
                    self._add(frame)
                if self._length:
                    progress(min(self._written() / self._length, 1.0))
        except (av.error.InvalidDataError, av.error.EOFError):
            self._broken_off = True
        self._flush()

    def warnings(self, file: Path) -> tuple[str, ...]:
        """What of the recording is missing, for the one who reads the transcript."""
        read = self._written()
        if self._length and declares_length(file, self._container.format.name) and read < self._length - _MIN_LOSS:
            return (f"the recording breaks off: {read:.1f} s of {self._length:.1f} s could be read",)
        if self._broken_off or cut_off(file):
            return (f"the recording breaks off: only its first {read:.1f} s could be read",)
        if self._damaged:
            return (f"parts of the recording are damaged and were left out ({self._damaged} packets)",)
        if self._filled:
            return (f"the recording has gaps of {self._filled:.1f} s in all, which were taken as silence",)
        return ()

    def _written(self) -> Seconds:
        """Seconds decoded so far."""
        return len(self.storage) / SAMPLE_RATE

    def _add(self, frame: AudioFrame) -> None:
        """Append a frame, after silence if its timestamp says that something is missing before it."""
        import av

        layout = (frame.format.name, frame.layout.name, frame.sample_rate)
        if layout != self._layout:  # it may change within a stream
            self._flush()
            # Into integers FFmpeg scales a downmix so that it cannot clip, into floats it does not.
            self._resampler = av.AudioResampler(format="s32", layout="mono", rate=SAMPLE_RATE)
            self._layout = layout
        self._fill_gap(frame.time)
        frame.pts = None  # the resampler would insist on an unbroken count
        assert self._resampler is not None
        for block in self._resampler.resample(frame):
            self._append(block)

    def _fill_gap(self, time: Seconds | None) -> None:
        """Append silence up to `time`, the frame's place on the container's clock, if it lies well ahead."""
        if time is None:
            return
        gap = time - self._start - self._written()
        end = self._length + _MIN_LOSS if self._length else self._written() + _MAX_GAP
        if gap > _MIN_GAP and time - self._start <= end:
            self._filled += gap if len(self.storage) else 0.0  # sound that starts late is not a gap
            self.storage.append_silence(round(gap * SAMPLE_RATE))

    def _flush(self) -> None:
        """Append what the resampler still holds, and let go of it."""
        if self._resampler is not None:
            for block in self._resampler.resample(None):
                self._append(block)
        self._resampler = None

    def _append(self, block: AudioFrame) -> None:
        """Append a resampled block of 32-bit integers as floats."""
        import numpy as np

        self.storage.append(block.to_ndarray()[0].astype(np.float32) * np.float32(2.0**-31))


def _declared_length(container: InputContainer, stream: AudioStream) -> Seconds | None:
    """How long the sound is by what the file says, which may be an estimate; None if it says nothing."""
    if stream.duration is not None and stream.time_base is not None:
        return float(stream.duration * stream.time_base)
    if container.duration is not None and not container.streams.video:
        return container.duration / 1e6
    return None
