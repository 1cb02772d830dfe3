"""A recording as a source, in real time or faster."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio, AudioSettings, load_audio, load_channels
from meetscribe.audio.decoding import MAX_CHANNELS
from meetscribe.errors import InputError, SettingsError
from meetscribe.live.protocols import AudioChunk
from meetscribe.live.sources.pacing import paced
from meetscribe.timeline import Seconds

_CHUNK: Seconds = 0.1
_LARGE_CHUNK: Seconds = 1.0  # without real-time pacing


class FileSource:
    """A Source of any recording that can be decoded.

    `speed` 1 is real time, 2 twice as fast, 0 as fast as the recogniser allows. With `split`, its channels are kept;
    otherwise they are mixed. Raises InputError as `load_audio` does, and with `split` for more than eight channels;
    SettingsError for a negative speed.
    """

    pausable = True

    def __init__(
        self, path: str | Path, speed: float = 1.0, *, split: bool = False, settings: AudioSettings | None = None
    ) -> None:
        if speed < 0:
            raise SettingsError(f"the speed must be 0 or more, not {speed}")
        self.name = Path(path).name
        self.speed = speed
        self._audio: tuple[Audio, ...] = (
            load_channels(path, settings=settings) if split else (load_audio(path, settings=settings),)
        )
        if len(self._audio) > MAX_CHANNELS:
            problem = f"{self.name} has {len(self._audio)} channels, but a session at most {MAX_CHANNELS}"
            raise InputError(problem, "Extract the channels to transcribe, or mix them: leave out --channel-speakers.")
        self._closed = False

    @property
    def channels(self) -> int:
        """The number of channels."""
        return len(self._audio)

    @property
    def patient(self) -> bool:
        """Whether the file waits for the recogniser: at speed 0."""
        return self.speed == 0

    @property
    def duration(self) -> Seconds:
        """The length in seconds."""
        return self._audio[0].duration

    def chunks(self) -> Iterator[AudioChunk]:
        """Yield the audio, paced by `speed`."""
        return paced(self._chunks(), self.speed)

    def close(self) -> None:
        """End `chunks`."""
        self._closed = True

    def _chunks(self) -> Iterator[AudioChunk]:
        size = round((_CHUNK if self.speed else _LARGE_CHUNK) * SAMPLE_RATE)
        for start in range(0, len(self._audio[0].samples), size):
            if self._closed:
                return
            parts = [audio.samples[start : start + size] for audio in self._audio]
            yield AudioChunk(start, np.stack(parts, axis=1))
