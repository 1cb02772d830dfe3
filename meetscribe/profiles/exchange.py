"""Export and import of profiles, to move them to another machine; import never merges silently."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from meetscribe.errors import InputError, os_reason
from meetscribe.profiles import codec
from meetscribe.profiles.store import ProfileStore
from meetscribe.profiles.values import Profile
from meetscribe.storage.files import TRANSCRIPT_BYTES, read_file


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """The profiles of a file to import, divided into new, already stored and conflicting ones.

    A conflict is a person of the same name (`same_name`) whose spelling, voiceprints or consent differ.
    """

    new: tuple[Profile, ...]
    known: tuple[Profile, ...]
    conflicts: tuple[Profile, ...]


def export_profiles(profiles: Sequence[Profile]) -> bytes:
    """Return the bytes of an export file with profiles, their voiceprints and consent records."""
    return codec.dumps({"profiles": [codec.profile_to_json(profile) for profile in profiles]})


def read_profiles(file: Path) -> tuple[Profile, ...]:
    """Return the profiles in an export file; raises InputError if it cannot be read."""
    try:
        data = read_file(file, TRANSCRIPT_BYTES)
    except (OSError, ValueError) as error:
        raise InputError(f"{file}: {os_reason(error)}", "Check the path and its permissions.") from error
    return codec.loads(data, str(file), _read)


def plan_import(profiles: Sequence[Profile], store: ProfileStore) -> ImportPlan:
    """Compare profiles with a store, without changing it."""
    new: list[Profile] = []
    known: list[Profile] = []
    conflicts: list[Profile] = []
    ids = {profile.id for profile in store.all()}
    for profile in profiles:
        stored = store.find(profile.name)
        if stored is None:
            new_id = Profile(profile.name, profile.consent).id  # random; needed if another person has the profile's id
            new.append(replace(profile, id=new_id) if profile.id in ids else profile)
        else:
            (known if _content(stored) == _content(profile) else conflicts).append(profile)
    return ImportPlan(tuple(new), tuple(known), tuple(conflicts))


def import_profiles(profiles: Sequence[Profile], store: ProfileStore, *, replacing: bool = False) -> ImportPlan:
    """Store the new profiles, and return the comparison before the change.

    With `replacing`, conflicting profiles replace the stored ones completely. Raises OutputError if a profile cannot be
    stored.
    """
    plan = plan_import(profiles, store)
    for profile in plan.new:
        store.add(profile)
    for profile in plan.conflicts if replacing else ():
        store.remove(store.require(profile.name))
        store.add(profile)
    return plan


def _content(profile: Profile) -> Any:
    """Return all members of a profile except its id, for comparison."""
    return {**codec.profile_to_json(profile), "id": None}


def _read(members: Any) -> tuple[Profile, ...]:
    return tuple(map(codec.profile_from_json, members["profiles"]))
