"""`meetscribe profiles confirm`, `why` and `backfill`: persons through several meetings."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from meetscribe.formats import load
from tests.conftest import SAMPLES
from tests.support.consent import CONSENT

Call = Callable[..., Result]


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
    # Anna's only voiceprint is of this recording, so it says nothing about her voice here.
    assert (why["band"], why["left_out"], why["given"]["source"]) == ("unknown", ["Anna"], "confirmed")
    text = call("profiles", "why", "tuesday.json", "Anna").stdout
    assert f"{label} is Anna (named by voice, confirmed, similarity 1.00" in text and "left out" in text

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
