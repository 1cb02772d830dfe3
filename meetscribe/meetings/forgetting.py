"""Forget a person (delete the profile, and find the files that still contain the name), or only some voiceprints."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from meetscribe.errors import InputError, SettingsError
from meetscribe.formats import load
from meetscribe.meetings.occurrences import files_with_name
from meetscribe.profiles.store import ProfileStore
from meetscribe.profiles.values import Profile, Source
from meetscribe.storage.files import is_folder


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The deleted profile, and the files that contain the name."""

    profile: Profile
    files: tuple[Path, ...]


def forget(name: str, folders: Sequence[Path], store: ProfileStore) -> Forgotten:
    """Delete a person's profile, and return it with the files in the folders that contain the name.

    The folders of the files used for enrolment are searched too. Raises SettingsError for an unknown person,
    OutputError if the profile cannot be deleted.
    """
    profile = store.require(name)
    sources = {Path(voiceprint.source.file).parent for voiceprint in profile.voiceprints}
    store.remove(profile)
    searched = [*folders, *sorted(folder for folder in sources if is_folder(folder))]
    return Forgotten(profile, tuple(files_with_name(profile.name, searched)))


def forget_voiceprints(name: str, file: Path, store: ProfileStore) -> Profile:
    """Delete the voiceprints of a person that were taken from a transcript or recording, and return the profile.

    Raises SettingsError for an unknown person, or if the profile has no voiceprint from the file.
    """
    profile = store.require(name)
    hash = _recording_hash(file)
    kept = tuple(each for each in profile.voiceprints if not _is_from(each.source, file, hash))
    if len(kept) == len(profile.voiceprints):
        raise SettingsError(f"{profile.name} has no voiceprint from {file}", "To see them: meetscribe profiles list")
    return store.update(replace(profile, voiceprints=kept))


def _is_from(source: Source, file: Path, hash: str | None) -> bool:
    """Return whether a voiceprint was taken from a file, or from the recording with this hash."""
    return Path(source.file).absolute() == file.absolute() or (hash is not None and source.recording == hash)


def _recording_hash(file: Path) -> str | None:
    """Return the hash of a transcript's recording, None if it is unknown or the file is not a transcript."""
    try:
        recording = load(file).recording
    except InputError:
        return None
    return None if recording is None else recording.hash
