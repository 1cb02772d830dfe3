"""Voiceprints of unnamed speakers, kept for a limited time and added to a profile when the speaker is named.

They are kept only if `profiles.remember` and `profiles.consent` are set. They are never compared, and are deleted when
they expire or when their speaker is named.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

from meetscribe.errors import JSON, InputError, OutputError, os_reason
from meetscribe.profiles import codec
from meetscribe.profiles.store import private_folder
from meetscribe.profiles.values import Consent, Voiceprint
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file, replace_file
from meetscribe.storage.folders import data_folder


@dataclass(frozen=True, slots=True)
class Unnamed:
    """The voiceprints of a recording's speakers by label, kept until `expires`, with the consent to keep them."""

    recording: str
    expires: datetime
    consent: Consent
    voiceprints: Mapping[str, Voiceprint]


class UnnamedStore:
    """The entries in a folder, one file per recording, by default `profiles/unnamed` in the user's data folder."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or data_folder() / "profiles" / "unnamed"

    def keep(
        self, recording: str, voiceprints: Mapping[str, Voiceprint], consent: Consent, duration: timedelta
    ) -> None:
        """Store the voiceprints of a recording (given by hash) for `duration`; raises OutputError."""
        expires = datetime.now(timezone.utc) + duration
        members: dict[str, JSON] = {
            "recording": recording,
            "expires": expires.isoformat(timespec="seconds"),
            "consent": asdict(consent),
            "voiceprints": {label: codec.voiceprint_to_json(each) for label, each in voiceprints.items()},
        }
        try:
            private_folder(self.folder.parent)
            private_folder(self.folder)
            replace_file(self._file(recording), codec.dumps(members))
        except OSError as error:
            raise OutputError(f"{self.folder} cannot be written: {os_reason(error)}", "Check the folder.") from error

    def find(self, recording: str | None) -> Unnamed | None:
        """Return the voiceprints of a recording (given by hash), None if there are none or they have expired.

        Raises InputError for an invalid hash.
        """
        self.expire()
        if recording is None or not (file := self._file(recording)).is_file():
            return None
        return codec.loads(read_file(file, TRANSCRIPT_BYTES), str(file), _read)

    def all(self) -> tuple[Unnamed, ...]:
        """Return all entries that have not expired, the first to expire first."""
        self.expire()
        files = sorted(self.folder.glob("*.json"))
        entries = (codec.loads(read_file(file, TRANSCRIPT_BYTES), str(file), _read) for file in files)
        return tuple(sorted(entries, key=lambda each: each.expires))

    def drop(self, recording: str, label: str) -> None:
        """Delete the voiceprint of a speaker of a recording, and the file if it was the last one."""
        kept = self.find(recording)
        if kept is None or label not in kept.voiceprints:
            return
        others = {each: voiceprint for each, voiceprint in kept.voiceprints.items() if each != label}
        if others:
            self.keep(recording, others, kept.consent, kept.expires - datetime.now(timezone.utc))
        else:
            self._file(recording).unlink(missing_ok=True)

    def clear(self) -> int:
        """Delete all entries, and return the number of recordings."""
        files = list(self.folder.glob("*.json"))
        for file in files:
            file.unlink(missing_ok=True)
        return len(files)

    def expire(self) -> None:
        """Delete expired entries, and files whose expiry is unknown: damaged ones, and those of another schema.

        Files that cannot be read or deleted are ignored.
        """
        for file in self.folder.glob("*.json"):
            with suppress(OSError):
                if _is_over(file):
                    file.unlink(missing_ok=True)

    def _file(self, recording: str) -> Path:
        """Return the file of a recording; raises InputError for an invalid hash."""
        digest = recording.removeprefix("sha256:")
        if not re.fullmatch("[0-9a-f]{8,64}", digest):
            raise InputError(f"{recording!r} is not the hash of a recording")
        return self.folder / f"{digest[:32]}.json"


def _is_over(file: Path) -> bool:
    """Return whether a file has expired, is damaged, or has another schema, even that of a newer version."""
    try:
        kept = codec.loads(read_file(file, TRANSCRIPT_BYTES), str(file), _read)
    except InputError:
        return True
    return kept.expires <= datetime.now(timezone.utc)


def _read(members: Any) -> Unnamed:
    voiceprints = {label: codec.voiceprint_from_json(each) for label, each in members["voiceprints"].items()}
    expires = datetime.fromisoformat(members["expires"])
    if expires.tzinfo is None:
        raise ValueError("the expiry time has no UTC offset")
    return Unnamed(str(members["recording"]), expires, codec.consent_from_json(members["consent"]), voiceprints)
