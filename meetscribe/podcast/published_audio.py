"""The published audio of an episode: its length and its title."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from meetscribe import audio as recordings
from meetscribe.errors import SettingsError
from meetscribe.podcast.shifts import Shift
from meetscribe.timeline import Seconds
from meetscribe.transcript import Transcript


@dataclass(frozen=True, slots=True)
class PublishedAudio:
    """The length of the published audio, and the title in its tags."""

    duration: Seconds
    title: str | None = None


def read_published_audio(audio: str | Path, transcript: Transcript, shifts: Sequence[Shift]) -> PublishedAudio:
    """Return the length and title of the published audio of an episode.

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
    return PublishedAudio(loaded.duration, loaded.title)


def with_default_title(transcript: Transcript, audio: PublishedAudio | None, name: str | None) -> Transcript:
    """Return the transcript with a title: its own, that of the published audio, or `name` if its recording is unknown.

    The name of a known recording is used by `make_episode`.
    """
    title = transcript.meta.title or (audio.title if audio else None) or (None if transcript.recording else name)
    return transcript.with_meta(title=title)
