"""Decode a container with FFmpeg (PyAV) while its bytes arrive; runs in the decoder process."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import av
import av.error
from av.audio.resampler import AudioResampler

from meetscribe.audio.decoder import OPTIONS, choose_track, opening_errors
from meetscribe.audio.decoding import MAX_CHANNELS
from meetscribe.audio.pipe_messages import CHANNELS, Sender
from meetscribe.audio.values import SAMPLE_RATE
from meetscribe.errors import InputError

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.audio.stream import AudioStream
    from av.container import InputContainer

_WIDTH = 4  # bytes of a float32
_MAX_DAMAGED = 50
"""The number of consecutive damaged packets after which decoding fails."""


def decode_stream(read: Callable[[int], bytes], name: str, sink: Sender) -> None:
    """Decode the bytes from `read(size)`, and send the number of channels and the audio `(frames, channels)` at 16 kHz.

    Damaged packets are skipped; a truncated stream ends early. More than `MAX_CHANNELS` channels are mixed to one.
    Raises InputError if the bytes are not a recording, have no audio, or contain too many damaged packets in a row.
    """
    with opening_errors(name), av.open(_Reader(read), "r", options=OPTIONS, metadata_errors="replace") as container:  # type: ignore[call-overload]
        track = choose_track(container, name, None)
        count = track.layout.nb_channels
        channels = count if count <= MAX_CHANNELS else 1
        sink.send(CHANNELS, channels)
        resampler = AudioResampler(format="flt", layout=None if channels == count else "mono", rate=SAMPLE_RATE)
        for frame in _frames(container, track, name):
            for block in resampler.resample(frame):
                size = block.samples * channels * _WIDTH  # the plane may be longer
                sink.sound(memoryview(block.planes[0])[:size])


def _frames(container: InputContainer, track: AudioStream, name: str) -> Iterator[AudioFrame | None]:
    """Yield the frames of a track, and None at its end."""
    damaged = 0
    try:
        for packet in container.demux(track):
            try:
                yield from packet.decode()
                damaged = 0
            except (av.error.FFmpegError, ValueError) as error:
                damaged += 1
                if damaged > _MAX_DAMAGED:
                    remedy = "Start the recorder again, or send raw 16-bit PCM."
                    raise InputError(f"{name} is damaged and can no longer be decoded", remedy) from error
    except av.error.FFmpegError:
        pass  # the stream is truncated
    yield None


class _Reader:
    """A file-like object without `seek` for FFmpeg."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.read = read
