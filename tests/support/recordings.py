"""Write recordings for tests in every container and encoding that PyAV supports."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import numpy.typing as npt

KINDS = {
    "wav": ("pcm_s16le", 44_100),
    "w64": ("pcm_s24le", 48_000),
    "aiff": ("pcm_s16be", 44_100),
    "flac": ("flac", 48_000),
    "mp3": ("libmp3lame", 44_100),
    "aac": ("aac", 48_000),
    "m4a": ("aac", 44_100),
    "ogg": ("vorbis", 44_100),
    "opus": ("libopus", 48_000),
    "webm": ("libopus", 48_000),
    "mp4": ("aac", 48_000),
    "mov": ("aac", 48_000),
    "mkv": ("flac", 22_050),
}
SECONDS = 3.0


def tone(rate: int, channels: int, seconds: float = SECONDS, level: float = 0.5) -> npt.NDArray[np.float64]:
    """Return a 440 Hz tone in every channel, `(channels, frames)`."""
    return np.tile(level * np.sin(2 * np.pi * 440 * np.arange(round(seconds * rate)) / rate), (channels, 1))


def write(
    path: Path,
    signal: npt.NDArray[np.float64],
    codec: str = "pcm_s16le",
    rate: int = 16_000,
    video: bool = False,
    skip: tuple[float, float] | None = None,
    tags: Mapping[str, str] | None = None,
) -> Path:
    """Write a file with the signal as audio; `skip` leaves out a span of time, so that the timestamps have a gap."""
    layout = {1: "mono", 2: "stereo", 6: "5.1"}[len(signal)]
    with av.open(path, "w") as container:
        container.metadata.update(tags or {})
        options = {"strict": "experimental"} if codec == "vorbis" else {}  # FFmpeg's own encoder
        stream: Any = container.add_stream(codec, rate=rate, layout=layout, options=options)
        if video:
            picture = container.add_stream("mpeg4", rate=5, width=64, height=64, pix_fmt="yuv420p")
            for number in range(10):
                frame = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8), format="rgb24")
                frame.pts, frame.time_base = number, Fraction(1, 5)
                container.mux(picture.encode(frame))
            container.mux(picture.encode(None))
        for start in range(0, signal.shape[1], 960):
            if skip and skip[0] <= start / rate < skip[1]:
                continue
            block = np.ascontiguousarray(signal[:, start : start + 960].astype(np.float32))
            sound = av.AudioFrame.from_ndarray(block, format="fltp", layout=layout)
            sound.sample_rate, sound.pts, sound.time_base = rate, start, Fraction(1, rate)
            container.mux(stream.encode(sound))
        container.mux(stream.encode(None))
    return path
