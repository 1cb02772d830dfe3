"""Profiles move to another machine, and are never merged with those there."""

from __future__ import annotations

from pathlib import Path

import pytest

from meetscribe.errors import InputError
from meetscribe.profiles.exchange import export_profiles, import_profiles, plan_import, read_profiles
from meetscribe.profiles.store import ProfileStore
from tests.support.voiceprints import profile


def names(profiles: object) -> list[str]:
    return [each.name for each in profiles]  # type: ignore[attr-defined]


@pytest.fixture
def here() -> ProfileStore:
    """A store with Anna and Ben."""
    store = ProfileStore()
    for person in (profile("Anna", (1.0,)), profile("Ben", (0.0, 1.0))):
        store.add(person)
    return store


def exported(tmp_path: Path, *profiles: object) -> Path:
    file = tmp_path / "profiles.json"
    file.write_bytes(export_profiles(profiles))  # type: ignore[arg-type]
    return file


def test_an_export_reads_back_as_known(here: ProfileStore, tmp_path: Path) -> None:
    """What was exported from here is here already."""
    plan = plan_import(read_profiles(exported(tmp_path, *here.all())), here)
    assert (plan.new, names(plan.known), plan.conflicts) == ((), ["Anna", "Ben"], ())


def test_a_conflict_is_reported_and_left(here: ProfileStore, tmp_path: Path) -> None:
    """Another Anna is not merged with the one here; a new person is added."""
    file = exported(tmp_path, profile("anna", (0.5,)), profile("Cleo", (0.2,)))
    found = import_profiles(read_profiles(file), here)
    assert (names(found.new), names(found.conflicts)) == (["Cleo"], ["anna"])
    assert names(here.all()) == ["Anna", "Ben", "Cleo"]
    assert here.require("Anna").voiceprints[0].vector[0] == 1.0


def test_replacing_takes_the_profile_of_the_file(here: ProfileStore, tmp_path: Path) -> None:
    """With replacing, the profile of the file is taken as a whole."""
    import_profiles(read_profiles(exported(tmp_path, profile("anna", (0.5,)))), here, replacing=True)
    (own,) = here.require("Anna").voiceprints
    assert own.vector[0] == pytest.approx(0.5) and names(here.all()) == ["anna", "Ben"]


def test_an_id_that_is_taken_is_changed(here: ProfileStore) -> None:
    """A new person with the id of another one gets a new id."""
    other = profile("Cleo", (0.2,))
    object.__setattr__(other, "id", here.require("Anna").id)
    import_profiles([other], here)
    assert len({each.id for each in here.all()}) == 3


def test_other_files_are_refused(tmp_path: Path) -> None:
    """A file that is no export, and a missing one, are input errors."""
    (tmp_path / "a.json").write_text('{"schema": "meetscribe/1"}')
    for name in ("a.json", "none.json"):
        with pytest.raises(InputError):
            read_profiles(tmp_path / name)
