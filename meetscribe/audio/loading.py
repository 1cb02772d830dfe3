"""Load recordings as 16 kHz mono samples."""

from __future__ import annotations

from pathlib import Path
from typing import IO, TYPE_CHECKING

import numpy as np

from meetscribe.audio.decoder_process import decode_in_process
from meetscribe.audio.decoding import MIN_LOSS, DecodingReport
from meetscribe.audio.opening import file_hash, open_recording
from meetscribe.audio.sample_storage import SampleStorage
from meetscribe.audio.session_folder import is_session_folder, read_pieces, unsaved_seconds
from meetscribe.audio.settings import AudioSettings
from meetscribe.audio.truncation import declares_length, is_truncated
from meetscribe.audio.values import SAMPLE_RATE, Audio
from meetscribe.audio.wav_header import understated_length
from meetscribe.errors import JSON, InputError, Notice
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.text.json_values import encodable
from meetscribe.text.whitespace import one_line

if TYPE_CHECKING:
    from meetscribe.timeline import Seconds


def load_audio(path: str | Path, progress: Progress = ignore_progress, settings: AudioSettings | None = None) -> Audio:
    """Return an audio track of a local recording, mixed to one channel and resampled to 16 000 Hz.

    The folder of a live session is one recording. Time 0 is the start of the recording as shown by players; a gap in
    the stream's timestamps becomes silence. Damaged parts are skipped and reported in `Audio.notices`. The file is
    decoded in a separate process that cannot open other files. Raises InputError if the path is not a local file, it
    contains no decodable audio, or a limit of the settings is reached, and OutputError if the disk is full.
    """
    return _decode(path, progress, settings or AudioSettings(), None)[0]


def load_channels(
    path: str | Path, progress: Progress = ignore_progress, settings: AudioSettings | None = None
) -> tuple[Audio, ...]:
    """Return the channels of the audio track that `load_audio` mixes; raises its errors.

    The channels are decoded one by one; `progress` reports only the first.
    """
    settings = settings or AudioSettings()
    first, count = _decode(path, progress, settings, 1)
    others = (_decode(path, ignore_progress, settings, number)[0] for number in range(2, count + 1))
    return (first, *others)


def _decode(path: str | Path, progress: Progress, settings: AudioSettings, channel: int | None) -> tuple[Audio, int]:
    """Return a channel of the recording, or the mix of all channels for None, and the number of channels."""
    name = Path(path).name
    shown = encodable(one_line(name))
    with open_recording(path) as data:
        sink = _StorageSink(progress)
        report = decode_in_process(data, shown, settings, sink, channel)
        if len(sink.storage) == 0:
            raise InputError(
                f"no sound could be decoded from {shown}", "Check that it plays, or export it again as WAV."
            )
        samples, notices = sink.storage.samples(), (*_unsaved(Path(path)), *_notices(report, sink, data))
        audio = Audio(samples, name, file_hash(data), notices, report.title, report.recorded_at)
    progress(1.0)
    return audio, report.channels


class _StorageSink:
    """Stores decoded audio; invalid samples are counted and become silence."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._length: Seconds | None = None
        self.storage = SampleStorage()
        self.invalid = 0

    @property
    def duration(self) -> Seconds:
        """The seconds of stored audio."""
        return len(self.storage) / SAMPLE_RATE

    def length(self, seconds: Seconds | None) -> None:
        """Set the expected length for the progress."""
        self._length = seconds

    def sound(self, samples: memoryview) -> None:
        """Append float32 samples, clipped to [-1, 1]."""
        block = np.clip(np.frombuffer(samples, np.float32), -1, 1)
        invalid = np.isnan(block)
        if invalid.any():
            self.invalid += int(invalid.sum())
            block[invalid] = 0
        self.storage.append(block)
        if self._length:
            self._progress(min(self.duration / self._length, 1.0))

    def silence(self, count: int) -> None:
        """Append zeros."""
        self.storage.append_silence(count)


def _notices(report: DecodingReport, sink: _StorageSink, data: IO[bytes]) -> tuple[Notice, ...]:
    """Return notices about missing, invalid or unused parts of the recording."""
    loss = _loss(report, sink.duration, data)
    found = [loss] if loss else []
    if (declared := understated_length(data)) is not None:
        text = f"the header of the recording declares {declared:.1f} s, but all {sink.duration:.1f} s were read"
        found.append(Notice("audio.short-header", text, {"seconds": sink.duration, "declared": declared}))
    if sink.invalid:
        text = f"{sink.invalid} samples of the recording are not numbers, and were replaced by silence"
        found.append(Notice("audio.invalid-samples", text, {"samples": sink.invalid}))
    if len(report.tracks) > 1:
        tracks = "; ".join(f"{number}: {track}" for number, track in enumerate(report.tracks, start=1))
        text = f"the recording has several audio tracks, of which number {report.track} was used ({tracks})"
        names: list[JSON] = [one_line(track) for track in report.tracks]
        found.append(Notice("audio.several-tracks", one_line(text), {"track": report.track, "tracks": names}))
    return tuple(found)


def _unsaved(path: Path) -> tuple[Notice, ...]:
    """Return a notice about the audio that a live session could not save, none for a file."""
    seconds = unsaved_seconds(read_pieces(path)) if is_session_folder(path) else 0.0
    text = f"{seconds:.1f} s of the session could not be saved, and are silent"
    return (Notice("audio.gaps", text, {"seconds": seconds}),) if seconds else ()


def _loss(report: DecodingReport, decoded: Seconds, data: IO[bytes]) -> Notice | None:
    """Return a notice about the most severe loss of audio, None if nothing is missing."""
    if report.length and declares_length(data, report.container) and decoded < report.length - MIN_LOSS:
        text = f"the recording is truncated: {decoded:.1f} s of {report.length:.1f} s could be read"
        return Notice("audio.truncated", text, {"seconds": decoded, "declared": report.length})
    if report.truncated or is_truncated(data):
        text = f"the recording is truncated: only its first {decoded:.1f} s could be read"
        return Notice("audio.truncated", text, {"seconds": decoded, "declared": None})
    if report.damaged:
        text = f"parts of the recording are damaged and were skipped ({report.damaged} packets)"
        return Notice("audio.damaged", text, {"packets": report.damaged})
    if report.gaps:
        text = f"the recording has gaps of {report.gaps:.1f} s in total, which were filled with silence"
        return Notice("audio.gaps", text, {"seconds": report.gaps})
    return None
