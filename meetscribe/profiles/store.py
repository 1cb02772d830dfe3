"""The profiles on disk: one file per person, in a folder that only its owner can read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from meetscribe.errors import InputError, OutputError, SettingsError, nearest, os_reason
from meetscribe.profiles import codec
from meetscribe.profiles.values import Consent, Profile, Voiceprint, same_name
from meetscribe.storage.files import TRANSCRIPT_BYTES, folder_lock, read_file, replace_file
from meetscribe.storage.folders import data_folder

FOLDER_MODE = 0o700

_T = TypeVar("_T")


class ProfileStore:
    """The known persons in a folder, by default `profiles` in the user's data folder.

    Several processes may use it at once: each change holds a lock and replaces a file atomically.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder() / "profiles"

    def all(self) -> tuple[Profile, ...]:
        """Return all profiles in the order of their names; raises InputError for a damaged file."""
        return tuple(
            sorted(map(_read, sorted(self.folder.glob("*.json"))), key=lambda profile: profile.name.casefold())
        )

    def find(self, name: str) -> Profile | None:
        """Return the profile with a name, ignoring case, None if there is none."""
        return next((profile for profile in self.all() if same_name(profile.name, name)), None)

    def require(self, name: str) -> Profile:
        """Return the profile with a name; raises SettingsError, which suggests the nearest name."""
        profiles = self.all()
        for profile in profiles:
            if same_name(profile.name, name):
                return profile
        known = [profile.name for profile in profiles]
        raise SettingsError(
            f"there is no profile {name!r}",
            nearest(name, known) or "There are no profiles. To add one: meetscribe profiles enroll NAME RECORDING",
        )

    def enrol(self, name: str, voiceprint: Voiceprint, consent: Consent | None = None) -> Profile:
        """Add a voiceprint to the profile of a person, created if needed, and return the profile.

        Raises SettingsError without a given or stored consent record for this person, and OutputError.
        """

        def change() -> Profile:
            known = self.find(name)
            record = consent or (None if known is None else known.consent)
            if record is None or not same_name(record.person, name):
                raise SettingsError(
                    f"no voiceprint of {name} is stored without a record of {name}'s consent",
                    'State it: --consent "recognise my voice in our meetings" --declared-by NAME',
                )
            profile = (
                Profile(name, record) if known is None else Profile(known.name, record, known.voiceprints, known.id)
            )
            return self._write(profile.with_voiceprint(voiceprint))

        return self._locked(change)

    def add(self, profile: Profile) -> Profile:
        """Store a new profile; raises SettingsError if the name or the id is taken, and OutputError."""

        def change() -> Profile:
            if self.find(profile.name) is not None or self._file(profile).exists():
                raise SettingsError(f"{profile.name} is enrolled already", "Forget one of the two, or rename it.")
            return self._write(profile)

        return self._locked(change)

    def update(self, profile: Profile) -> Profile:
        """Replace a stored profile, and return it; raises OutputError."""
        return self._locked(lambda: self._write(profile))

    def remove(self, profile: Profile) -> None:
        """Delete a profile with all voiceprints; raises OutputError."""

        def change() -> None:
            self._file(profile).unlink(missing_ok=True)

        self._locked(change)

    def _file(self, profile: Profile) -> Path:
        return self.folder / f"{profile.id}.json"

    def _write(self, profile: Profile) -> Profile:
        replace_file(self._file(profile), codec.dumps(codec.profile_to_json(profile)))
        return profile

    def _locked(self, change: Callable[[], _T]) -> _T:
        """Run a change of the folder under its lock and return its result; raises OutputError."""
        try:
            private_folder(self.folder)
            with folder_lock(self.folder):
                return change()
        except OSError as error:
            raise OutputError(
                f"{self.folder} cannot be changed: {os_reason(error)}", "Check its permissions, or set MEETSCRIBE_DATA."
            ) from error


def private_folder(folder: Path) -> None:
    """Create a folder with owner-only access, or restrict an existing one; raises OSError."""
    folder.mkdir(parents=True, exist_ok=True, mode=FOLDER_MODE)
    folder.chmod(FOLDER_MODE)


def _read(file: Path) -> Profile:
    try:
        data = read_file(file, TRANSCRIPT_BYTES)
    except OSError as error:
        raise InputError(f"{file} cannot be read: {os_reason(error)}", "Check its permissions.") from error
    return codec.loads(data, str(file), codec.profile_from_json)
