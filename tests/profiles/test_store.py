"""Profiles are stored with a consent only, for their owner only, and deleted completely."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from meetscribe.errors import InputError, OutputError, SettingsError
from meetscribe.profiles.store import ProfileStore
from meetscribe.profiles.values import Source
from tests.support.voiceprints import consent, profile, voiceprint


def test_a_profile_reads_back() -> None:
    """All values of a profile survive storing; names are found ignoring case."""
    stored = ProfileStore().enrol("Anna", voiceprint(0.3, 0.4, channel="narrowband"), consent("Anna"))
    found = ProfileStore().require("anna")
    assert replace(found, voiceprints=()) == replace(stored, voiceprints=())
    (before,), (after,) = stored.voiceprints, found.voiceprints
    assert np.array_equal(before.vector, after.vector)
    for name in ("space", "channel", "seconds", "made", "source"):
        assert getattr(before, name) == getattr(after, name)


def test_no_voiceprint_without_consent(data: Path) -> None:
    """Without a record, or with that of somebody else, nothing is written."""
    for record in (None, consent("Ben")):
        with pytest.raises(SettingsError, match="consent"):
            ProfileStore().enrol("Anna", voiceprint(1.0), record)
    assert list(data.rglob("*.json")) == []


def test_a_stored_consent_covers_more_voiceprints() -> None:
    """A person who is enrolled already needs no second record."""
    store = ProfileStore()
    store.enrol("Anna", voiceprint(1.0), consent("Anna"))
    assert len(store.enrol("ANNA", voiceprint(0.5)).voiceprints) == 2
    assert [each.name for each in store.all()] == ["Anna"]


def test_files_are_for_their_owner(data: Path) -> None:
    """Folder and files have no permissions for others, also if the folder existed with more."""
    (data / "profiles").mkdir(parents=True, mode=0o755)
    store = ProfileStore()
    store.enrol("Anna", voiceprint(1.0), consent("Anna"))
    (file,) = store.folder.glob("*.json")
    assert stat.S_IMODE(store.folder.stat().st_mode) == 0o700
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "Anna" not in file.name


def test_forgetting_leaves_nothing(data: Path) -> None:
    """After removal no file of the folder holds the name."""
    store = ProfileStore()
    store.remove(store.enrol("Anna", voiceprint(1.0), consent("Anna")))
    assert store.all() == () and [path for path in data.rglob("*") if path.is_file()] == []
    with pytest.raises(SettingsError, match="There are no profiles"):
        store.require("Anna")


def test_an_unknown_name_names_the_nearest() -> None:
    """A misspelt name gets a hint."""
    ProfileStore().add(profile("Anna", (1.0,)))
    with pytest.raises(SettingsError, match="did you mean 'Anna'"):
        ProfileStore().require("Ana")


def test_a_name_is_taken_once() -> None:
    """A second profile of the same name is refused."""
    ProfileStore().add(profile("Anna", (1.0,)))
    with pytest.raises(SettingsError, match="enrolled already"):
        ProfileStore().add(profile("anna", (0.5,)))


def test_voiceprints_added_at_the_same_time_are_all_kept() -> None:
    """Changes by several threads are made one after the other."""
    store = ProfileStore()
    store.enrol("Anna", voiceprint(1.0), consent("Anna"))
    sources = [Source(f"{n}.json", "S", f"sha256:{n:064x}") for n in range(4)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda source: ProfileStore().enrol("Anna", voiceprint(0.5, source=source)), sources))
    assert {each.source for each in store.require("Anna").voiceprints} > set(sources)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "not a file of profiles"),
        ("[]", "not a file of profiles"),
        ('{"schema": "meetscribe-profiles/2"}', "newer meetscribe"),
        ('{"schema": "meetscribe-profiles/1", "name": 3}', "damaged"),
    ],
)
def test_a_damaged_file_is_named(data: Path, content: str, message: str) -> None:
    """Files that are not profiles raise an error with their path."""
    folder = data / "profiles"
    folder.mkdir(parents=True)
    (folder / "a.json").write_text(content)
    with pytest.raises(InputError, match="a.json") as raised:
        ProfileStore().all()
    assert message in str(raised.value)


def test_a_folder_that_cannot_be_written(data: Path) -> None:
    """A file in the place of the folder is an OutputError with a remedy."""
    data.write_text("")
    with pytest.raises(OutputError, match="MEETSCRIBE_DATA"):
        ProfileStore().enrol("Anna", voiceprint(1.0), consent("Anna"))
