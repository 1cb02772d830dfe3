"""Voiceprints of unnamed speakers expire."""

from __future__ import annotations

import stat
from datetime import datetime, timedelta, timezone

import pytest

from meetscribe.errors import InputError
from meetscribe.profiles import unnamed
from meetscribe.profiles.unnamed import UnnamedStore
from tests.support.voiceprints import consent, voiceprint

RECORDING = "sha256:" + "ab" * 32


def keep(time: timedelta = timedelta(days=7)) -> UnnamedStore:
    """Return a store with two speakers of a recording."""
    store = UnnamedStore()
    store.keep(RECORDING, {"A": voiceprint(1.0), "B": voiceprint(0.0, 1.0)}, consent("all"), time)
    return store


def test_they_are_found_by_recording() -> None:
    """What is kept is found by the hash of the recording, with its consent, in files for their owner only."""
    found = keep().find(RECORDING)
    assert found is not None and set(found.voiceprints) == {"A", "B"} and found.consent == consent("all")
    assert UnnamedStore().find("sha256:" + "0" * 64) is None and UnnamedStore().find(None) is None
    (file,) = UnnamedStore().folder.glob("*.json")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_they_expire(monkeypatch: pytest.MonkeyPatch) -> None:
    """After their time they are deleted by whatever is done with the store next."""
    store = keep(timedelta(hours=1))

    class Later(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:  # type: ignore[override]
            return datetime.now(timezone.utc) + timedelta(hours=1, seconds=5)

    monkeypatch.setattr(unnamed, "datetime", Later)
    assert store.find(RECORDING) is None and store.all() == ()
    assert list(store.folder.glob("*.json")) == []


def test_a_speaker_is_dropped() -> None:
    """A speaker who is named is deleted, and the file with the last one; the others keep their expiry."""
    store = keep()
    before = store.all()[0].expires
    store.drop(RECORDING, "A")
    (left,) = store.all()
    assert set(left.voiceprints) == {"B"} and abs(left.expires - before) <= timedelta(seconds=1)
    store.drop(RECORDING, "A")
    store.drop(RECORDING, "B")
    assert list(store.folder.iterdir()) == []


def test_a_damaged_file_is_deleted() -> None:
    """A file that does not tell when it expires is not kept."""
    store = keep()
    (file,) = store.folder.glob("*.json")
    file.write_text("{")
    assert store.all() == () and not file.exists()


def test_all_are_cleared() -> None:
    """Clearing returns the number of recordings."""
    store = keep()
    assert store.clear() == 1 and store.all() == ()


def test_only_a_hash_names_a_file() -> None:
    """What is no hash is refused, so that no path can be given."""
    with pytest.raises(InputError, match="hash"):
        UnnamedStore().find("../../etc/passwd")
