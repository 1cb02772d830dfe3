"""WebM, Ogg, Opus, MP4, WAV and other containers as their bytes arrive, decoded from an object that cannot seek."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from meetscribe.audio import SAMPLE_RATE
from meetscribe.errors import InputError
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.sources.normalising import MAX_CHANNELS

if TYPE_CHECKING:
    from av.container import InputContainer

_STARTS = (b"RIFF", b"OggS", b"fLaC", b"ID3", b"\x1aE\xdf\xa3", b"\xff\xfb", b"\xff\xf1", b"FORM", b"caff")
_REMEDY = "Send audio in a container such as WebM, Ogg or WAV, or raw 16-bit PCM."
_DAMAGED = 50
"""Damaged packets in a row after which the stream is given up."""


def is_container(start: bytes) -> bool:
    """Return whether the first bytes of a stream are those of a known container; otherwise it is taken for raw PCM.

    >>> is_container(b"OggS" + bytes(20)), is_container(bytes(24)), is_container(bytes(4) + b"ftypmp42")
    (True, False, True)
    """
    return start.startswith(_STARTS) or start[4:8] == b"ftyp"


class ContainerSource:
    """A Source that decodes bytes as `read(size)` returns them; b"" is the end.

    The channels are known once the header has arrived, so the first access to `channels` waits for it. Raises
    InputError if the bytes are no container, or contain no sound.
    """

    patient = pausable = False

    def __init__(self, read: Callable[[int], bytes], name: str = "stream") -> None:
        self.name = name
        self._reader = _Reader(read)
        self._container: InputContainer | None = None

    @property
    def channels(self) -> int:
        """The number of channels, at most eight; more are mixed down to one."""
        count = self._open().streams.audio[0].layout.nb_channels
        return count if count <= MAX_CHANNELS else 1

    def chunks(self) -> Iterator[AudioChunk]:
        """Yield the decoded audio from frame 0 on; damaged packets are left out."""
        position = 0
        for samples in self._decoded():
            if len(samples):
                yield AudioChunk(position, samples)
                position += len(samples)

    def close(self) -> None:
        """End `chunks` after the bytes that are being read."""
        self._reader.ended = True

    def _open(self) -> InputContainer:
        """Return the container, opened with the bytes of its header."""
        import av
        import av.error

        if self._container is None:
            try:
                container = av.open(self._reader, mode="r")  # type: ignore[call-overload]
            except (av.error.FFmpegError, ValueError) as error:
                raise InputError(f"{self.name} is no audio that can be decoded", _REMEDY) from error
            if not container.streams.audio:
                raise InputError(f"{self.name} contains no sound", _REMEDY)
            self._container = container
        return self._container

    def _decoded(self) -> Iterator[np.ndarray[tuple[int, ...], np.dtype[np.float32]]]:
        """Yield the samples `(frames, channels)` at 16 kHz, packet by packet."""
        import av.error
        from av.audio.resampler import AudioResampler

        container, channels = self._open(), self.channels
        layout = "mono" if channels == 1 else None
        resampler = AudioResampler(format="fltp", layout=layout, rate=SAMPLE_RATE)
        damaged = 0
        for packet in container.demux(container.streams.audio[0]):
            try:
                frames = packet.decode()
                damaged = 0
            except av.error.FFmpegError as error:
                damaged += 1
                if damaged > _DAMAGED:
                    raise InputError(f"{self.name} is damaged: nothing can be decoded any more", _REMEDY) from error
                continue
            for frame in frames:
                for each in resampler.resample(frame):  # type: ignore[arg-type]
                    yield np.ascontiguousarray(each.to_ndarray().T, np.float32)
        for each in resampler.resample(None):
            yield np.ascontiguousarray(each.to_ndarray().T, np.float32)


class _Reader:
    """The object that FFmpeg reads from: it has no `seek`."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self._read = read
        self.ended = False

    def read(self, size: int) -> bytes:
        """Return the next bytes, b"" at the end."""
        return b"" if self.ended else self._read(size)
