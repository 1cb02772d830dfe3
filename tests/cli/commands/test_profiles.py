"""`meetscribe profiles`: enrolment by consent, confirmation, explanation, forgetting."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from meetscribe.formats import load
from meetscribe.profiles import ProfileStore
from tests.conftest import SAMPLES
from tests.support.voiceprints import profile

Call = Callable[..., Result]

CONSENT = ("--consent", "recognise my voice", "--declared-by", "Anna")


@pytest.fixture(autouse=True)
def data(place: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder, and the settings of the samples."""
    monkeypatch.setenv("MEETSCRIBE_DATA", str(place.parent / "data"))
    monkeypatch.setenv("MEETSCRIBE_DIARIZATION__PIPELINE", "bundled")
    monkeypatch.setenv("MEETSCRIBE_DIARIZATION__EMBEDDER", str(SAMPLES / "weights" / "embedder"))
    monkeypatch.setenv("MEETSCRIBE_RUN__OFFLINE", "true")
    return place.parent / "data"


@pytest.fixture
def meetings(place: Path, standup_run: Path) -> tuple[str, str]:
    """The stand-up twice, as two meetings with the same voices; return its first two labels."""
    for name in ("monday", "tuesday"):
        shutil.copy(standup_run / "standup.json", place / f"{name}.json")
    shutil.copy(SAMPLES / "standup.flac", place)
    first, second, *_ = load(place / "monday.json").speakers
    return first, second


def test_a_person_through_two_meetings(meetings: tuple[str, str], call: Call, data: Path) -> None:
    """Enrolled from one meeting, suggested in the next, confirmed, explained, undone and forgotten."""
    label, _ = meetings
    done = call("profiles", "enroll", "Anna", "monday.json", "--speaker", label, *CONSENT)
    assert done.exit_code == 0, done.output
    assert "Anna  " in call("profiles", "list").stdout

    done = call("profiles", "backfill", "tuesday.json")
    assert done.exit_code == 0 and f"{label}  suggested Anna (similarity 1.00" in done.stdout
    done = call("profiles", "confirm", "tuesday.json", label)
    assert f"rename {label} to Anna (confirmed, similarity 1.00)" in done.stderr, done.output
    assert "Anna has 1 voiceprint now" in done.stderr  # of the same recording, so it replaces the first one

    why = json.loads(call("profiles", "why", "tuesday.json", "Anna", "--json").stdout)
    assert (why["band"], why["person"], why["given"]["source"]) == ("named", "Anna", "confirmed")
    text = call("profiles", "why", "tuesday.json", "Anna").stdout
    assert f"{label} is Anna (named by voice, confirmed, similarity 1.00" in text and "to be named: 0.94" in text

    assert call("speakers", "undo", "tuesday.json").exit_code == 0
    assert load(Path("tuesday.json")).edited().speakers[0] == label
    call("speakers", "rename", "tuesday.json", f"{label}=Anna")
    done = call("profiles", "forget", "Anna")
    assert done.stdout.splitlines() == ["tuesday.json"] and not list(data.rglob("*.json"))


def test_a_run_names_who_is_certain(meetings: tuple[str, str], call: Call, place: Path) -> None:
    """`run --identify` names the speaker, records how, and a later run without the profile does not."""
    label, _ = meetings
    assert call("profiles", "enroll", "Anna", "monday.json", "--speaker", label, *CONSENT).exit_code == 0
    run = ("run", "standup.flac", "--config", str(SAMPLES / "offline.toml"), "-f", "json,txt", "-q")
    done = call(*run, "--identify", "--profiles")
    assert done.exit_code == 0 and "] Anna:" in done.stdout, done.output
    saved = json.loads((place / "standup.json").read_text())
    assert saved["edits"][0]["source"] == "profile" and saved["edits"][0]["score"] > 0.9
    assert call("profiles", "forget", "Anna").stdout.split() == ["standup.json", "standup.txt"]
    assert "Anna" not in call(*run, "--identify").stdout


def test_no_consent_no_voiceprint(meetings: tuple[str, str], call: Call, data: Path) -> None:
    """Without the options, and without a terminal to ask on, nothing is stored; half a record is wrong usage."""
    label, _ = meetings
    done = call("profiles", "enroll", "Anna", "monday.json", "--speaker", label)
    assert done.exit_code == 2 and "consent" in done.stderr
    done = call("profiles", "enroll", "Anna", "monday.json", "--speaker", label, "--consent", "all")
    assert done.exit_code == 2 and "belong together" in done.output
    assert not data.exists()


def test_profiles_move_and_are_never_merged(call: Call) -> None:
    """An export is imported elsewhere; a conflict is reported with exit code 6 and resolved by --replace only."""
    ProfileStore().add(profile("Anna", (1.0,)))
    assert call("profiles", "export", "-o", "all.json").exit_code == 0
    assert call("profiles", "export", "-o", "all.json").exit_code == 3
    assert call("profiles", "forget", "anna").exit_code == 0
    assert "would be added" in call("profiles", "import", "all.json", "--dry-run").stderr
    assert call("profiles", "import", "all.json").exit_code == 0
    ProfileStore().remove(ProfileStore().require("Anna"))
    ProfileStore().add(profile("anna", (0.5,)))
    done = call("profiles", "import", "all.json")
    assert done.exit_code == 6 and "--replace" in done.stderr
    assert call("profiles", "import", "all.json", "--replace").exit_code == 0
    assert [one.name for one in ProfileStore().all()] == ["Anna"]
    listed = json.loads(call("profiles", "list", "--json").stdout)
    assert listed["profiles"][0]["consent"]["declared_by"] == "Anna" and "vector" not in json.dumps(listed)


def test_nothing_to_show(call: Call) -> None:
    """Empty stores, missing names and unknown persons give messages and the exit codes of wrong usage."""
    assert "nobody is enrolled" in call("profiles", "list").stderr
    assert call("profiles", "forget").exit_code == 2
    assert call("profiles", "forget", "Anna").exit_code == 2
    assert "0 recordings" in call("profiles", "forget", "--unnamed").stderr
