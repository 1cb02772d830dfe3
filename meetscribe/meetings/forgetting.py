"""Forget a person: delete the profile, and find the files that still hold the name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from meetscribe.meetings.occurrences import files_with_name
from meetscribe.profiles.store import ProfileStore
from meetscribe.profiles.values import Profile
from meetscribe.storage.files import is_folder


@dataclass(frozen=True, slots=True)
class Forgotten:
    """The profile that was deleted, and the files that hold the name."""

    profile: Profile
    files: tuple[Path, ...]


def forget(name: str, folders: Sequence[Path], store: ProfileStore) -> Forgotten:
    """Delete a person's profile, and return it with the files in folders that hold the name.

    The folders of the files that the person was enrolled from are searched too. Raises SettingsError for an unknown
    person, OutputError if the profile cannot be deleted.
    """
    profile = store.require(name)
    sources = {Path(voiceprint.source.file).parent for voiceprint in profile.voiceprints}
    store.remove(profile)
    searched = [*folders, *sorted(folder for folder in sources if is_folder(folder))]
    return Forgotten(profile, tuple(files_with_name(profile.name, searched)))
