"""Locate the recording of a saved transcript."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from meetscribe.errors import InputError
from meetscribe.storage.files import file_digest, is_file
from meetscribe.transcript.values import RecordingFile, Transcript


def locate_recording(transcript: Transcript, file: Path | None = None, audio: Path | None = None) -> Path:
    """Return the path of the recording of a transcript that is saved in `file`.

    `audio` is returned if given. Otherwise the search covers the recording's name beside `file`, the recorded path, and
    the files in the same folders with the same suffix. A file must have the recorded hash; without a recorded hash, it
    must have the recorded name. Raises InputError if there is none.
    """
    if audio is not None:
        if not is_file(audio):
            raise InputError(f"{audio} is not a file", "Check the path of --audio.")
        return audio
    recording = transcript.recording
    if recording is None:
        raise InputError("the transcript does not name its recording", "Give it with --audio.")
    for path in _candidates(recording, file):
        if is_file(path) and (recording.hash is None or _hash(path) == recording.hash):
            return path
    raise InputError(f"the recording {recording.name} was not found", "Give it with --audio.")


def _candidates(recording: RecordingFile, file: Path | None) -> Iterator[Path]:
    """Yield the paths to try, in order; files with other names only if the hash is known."""
    given = Path(recording.path)
    beside = [file.with_name(recording.name)] if file is not None and recording.name else []
    yield from (*beside, given)
    if recording.hash is None:
        return
    for folder in dict.fromkeys(path.parent for path in (*beside, given)):
        try:
            siblings = sorted(folder.iterdir())
        except OSError:
            continue
        yield from (path for path in siblings if path.suffix.lower() == given.suffix.lower())


def _hash(path: Path) -> str | None:
    """Return the hash of a file, None if it cannot be read."""
    try:
        return file_digest(path)
    except OSError:
        return None
