"""The length of the published audio of an episode."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from meetscribe import audio as recordings
from meetscribe.errors import SettingsError
from meetscribe.podcast.shifts import Shift
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript


def audio_length(audio: str | Path, transcript: Transcript, shifts: Sequence[Shift]) -> Seconds:
    """Return the length of the published audio in seconds.

    Raises InputError if the audio cannot be decoded, and SettingsError for shifts of the audio that was transcribed,
    whose times are already those of the transcript.
    """
    loaded = recordings.load_audio(audio)
    recording = transcript.recording
    if shifts and recording is not None and recording.hash == loaded.hash:
        raise SettingsError(
            f"{audio} is the audio that was transcribed, so its times must not be shifted",
            "Leave out --shift, or give the published audio with --audio.",
        )
    return loaded.duration
