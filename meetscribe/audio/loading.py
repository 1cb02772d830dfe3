"""Recordings as 16 kHz mono: opened by `opening`, decoded by `decoder` in another process, kept by `storage`."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

from meetscribe.audio.decoder import MIN_LOSS, Report
from meetscribe.audio.decoder_process import decode_apart
from meetscribe.audio.opening import digest, open_recording
from meetscribe.audio.sample_storage import Storage
from meetscribe.audio.settings import AudioSettings
from meetscribe.audio.truncation import cut_off, declares_length
from meetscribe.audio.values import SAMPLE_RATE, Audio
from meetscribe.errors import JSON, InputError, Notice
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.text.json_values import encodable
from meetscribe.text.whitespace import one_line

if TYPE_CHECKING:
    from meetscribe.timeline import Seconds


def load_audio(path: str | Path, progress: Progress = ignore_progress, settings: AudioSettings | None = None) -> Audio:
    """An audio track of a local recording, mixed down to one channel and resampled to 16 000 Hz.

    Time 0 is the start of the recording as a player shows it: a pause in the stream's timestamps becomes
    silence. Damaged parts are left out and said in `Audio.notices`. Only this one file is read, by a process of
    its own. Raises InputError if the path is not a local file, nothing in it can be decoded as sound, or a limit of
    the settings is reached, OutputError if there is no room for a long one.
    """
    return _decoded(path, progress, settings or AudioSettings(), None)[0]


def load_channels(
    path: str | Path, progress: Progress = ignore_progress, settings: AudioSettings | None = None
) -> tuple[Audio, ...]:
    """Each channel of the audio track that `load_audio` would mix, with what that raises; they are decoded in turn."""
    settings = settings or AudioSettings()
    first, count = _decoded(path, progress, settings, 1)
    others = (_decoded(path, ignore_progress, settings, number)[0] for number in range(2, count + 1))
    return (first, *others)


def _decoded(path: str | Path, progress: Progress, settings: AudioSettings, channel: int | None) -> tuple[Audio, int]:
    """A channel of the recording, or their mix, and how many there are."""
    name = Path(path).name
    shown = encodable(one_line(name))
    with open_recording(path) as data:
        sink = _Sink(progress)
        report = decode_apart(data, shown, settings, sink, channel)
        if len(sink.storage) == 0:
            raise InputError(
                f"no sound could be decoded from {shown}", "Check that it plays, or export it again as WAV."
            )
        audio = Audio(
            sink.storage.samples(), name, digest(data), _notices(report, sink, data), report.title, report.recorded_at
        )
    progress(1.0)
    return audio, report.channels


class _Sink:
    """Where decoded sound is kept; damaged samples become silence, and are counted."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._length: Seconds | None = None
        self.storage = Storage()
        self.invalid = 0

    @property
    def decoded(self) -> Seconds:
        """Seconds that are kept."""
        return len(self.storage) / SAMPLE_RATE

    def length(self, seconds: Seconds | None) -> None:
        """Measure progress against this, if it is known."""
        self._length = seconds

    def sound(self, samples: memoryview) -> None:
        """Keep float32 samples, brought into [-1, 1]."""
        import numpy as np

        block = np.clip(np.frombuffer(samples, np.float32), -1, 1)
        invalid = np.isnan(block)
        if invalid.any():
            self.invalid += int(invalid.sum())
            block[invalid] = 0
        self.storage.append(block)
        if self._length:
            self._progress(min(self.decoded / self._length, 1.0))

    def silence(self, frames: int) -> None:
        """Keep so many samples of zero."""
        self.storage.append_silence(frames)


def _notices(report: Report, sink: _Sink, data: IO[bytes]) -> tuple[Notice, ...]:
    """Return notices about the parts of the recording that are missing or were not read."""
    lost = _lost(report, sink.decoded, data)
    found = [lost] if lost else []
    if sink.invalid:
        text = f"{sink.invalid} samples of the recording are no numbers, and were taken as silence"
        found.append(Notice("audio.invalid-samples", text, {"samples": sink.invalid}))
    if len(report.tracks) > 1:
        others = "; ".join(f"{place}: {track}" for place, track in enumerate(report.tracks, start=1))
        text = f"the recording has several audio tracks, of which number {report.track} was taken ({others})"
        tracks: list[JSON] = [one_line(track) for track in report.tracks]
        found.append(Notice("audio.several-tracks", one_line(text), {"track": report.track, "tracks": tracks}))
    return tuple(found)


def _lost(report: Report, read: Seconds, data: IO[bytes]) -> Notice | None:
    """Return a notice about what is missing from the sound that was read, the worst cause only."""
    if report.length and declares_length(data, report.container) and read < report.length - MIN_LOSS:
        text = f"the recording breaks off: {read:.1f} s of {report.length:.1f} s could be read"
        return Notice("audio.truncated", text, {"seconds": read, "declared": report.length})
    if report.broken_off or cut_off(data):
        text = f"the recording breaks off: only its first {read:.1f} s could be read"
        return Notice("audio.truncated", text, {"seconds": read, "declared": None})
    if report.damaged:
        text = f"parts of the recording are damaged and were left out ({report.damaged} packets)"
        return Notice("audio.damaged", text, {"packets": report.damaged})
    if report.gaps:
        text = f"the recording has gaps of {report.gaps:.1f} s in all, which were taken as silence"
        return Notice("audio.gaps", text, {"seconds": report.gaps})
    return None
