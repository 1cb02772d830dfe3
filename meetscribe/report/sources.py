"""The other sources of a report: minutes and recording, located beside the transcript."""

from __future__ import annotations

from pathlib import Path
from typing import Literal, TypeAlias

from meetscribe.errors import InputError, os_reason
from meetscribe.minutes.output.native import loads
from meetscribe.report.sound import Sound, embed_sound, link_sound
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.storage.files import LINES_BYTES, is_file, read_file
from meetscribe.transcript import Transcript
from meetscribe.transcript.notes import Minutes
from meetscribe.transcript.recording_location import locate_recording

SoundMode: TypeAlias = Literal["link", "embed", "none"]
"""The audio of the page: a link to the recording, the recording embedded as Opus, or none."""

MINUTES_SUFFIXES = (".md", ".html", ".docx", ".json", ".csv", ".ics")
"""The suffixes of the formats in which minutes are written."""

_LINKED = (".md", ".html")
"""The suffixes of the minutes in which times link to the recording."""

_WRITTEN_ONLY = frozenset({".docx", ".html", ".htm", ".md", ".markdown", ".csv", ".ics", ".pdf", ".txt"})
"""The suffixes of minutes in formats that cannot be read back."""


def minutes_beside(meeting: Path) -> Path | None:
    """Return the file of the minutes of a transcript, `X.minutes.json` beside `X.json`, if it exists."""
    file = meeting.with_name(f"{meeting.stem}.minutes.json")
    return file if is_file(file) else None


def minutes_files(meeting: Path) -> list[Path]:
    """Return the existing files of a transcript's minutes in all formats, such as `X.minutes.md` beside `X.json`."""
    files = [meeting.with_name(f"{meeting.stem}.minutes{suffix}") for suffix in MINUTES_SUFFIXES]
    return [file for file in files if is_file(file)]


def read_minutes(file: Path) -> Minutes:
    """Return the minutes in a JSON file; raises InputError, which explains how to get JSON for other formats."""
    if file.suffix.lower() in _WRITTEN_ONLY:
        kind = file.suffix[1:].lower()
        raise InputError(
            f"{file}: minutes can be read only from JSON, not from {kind}",
            'Give the output of meetscribe minutes MEETING -o NAME.minutes.json, or "rules" to make them now.',
        )
    try:
        text = read_file(file, LINES_BYTES).decode("utf-8-sig")
    except (OSError, ValueError) as error:
        reason = os_reason(error) if isinstance(error, OSError) else "it is not text in UTF-8"
        raise InputError(f"{file} cannot be read: {reason}", "Give minutes as JSON.") from error
    return loads(text, str(file))


def recording_link(file: Path, transcript: Transcript, meeting: Path) -> str | None:
    """Return the URL of the recording for the minutes in `file`, relative to its folder.

    None if minutes of this format have no links, or if the recording of the transcript, saved in `meeting`, is not
    found.
    """
    if file.suffix.lower() not in _LINKED:
        return None
    try:
        return link_sound(locate_recording(transcript, meeting), file.parent).url
    except InputError:
        return None


def find_sound(
    transcript: Transcript,
    mode: SoundMode,
    folder: Path,
    *,
    meeting: Path | None = None,
    audio: Path | None = None,
    progress: Progress = ignore_progress,
) -> Sound | None:
    """Return the audio for a page in `folder`, None with the mode "none".

    The recording is `audio`, or is located by the transcript, which is saved in `meeting`. Raises InputError if it is
    not found, or if it cannot be decoded for embedding.
    """
    if mode == "none":
        return None
    recording = locate_recording(transcript, meeting, audio)
    return link_sound(recording, folder) if mode == "link" else embed_sound(recording, progress)
