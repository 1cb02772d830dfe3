"""`meetscribe profiles list` and `forget`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from meetscribe.profiles import ProfileStore
from meetscribe.profiles.values import Source
from tests.support.voiceprints import profile, voiceprint

Call = Callable[..., Result]


def test_nothing_to_show(call: Call) -> None:
    """Empty stores, missing names and unknown persons give messages and the exit codes of wrong usage."""
    assert "no profiles are stored" in call("profiles", "list").stderr
    assert call("profiles", "forget").exit_code == 2
    assert call("profiles", "forget", "Anna").exit_code == 2
    assert "0 recordings" in call("profiles", "forget", "--unnamed").stderr


def test_persons_are_listed_with_their_consent(call: Call) -> None:
    """A row for each voiceprint, then one for each consent; a person without a voiceprint has both too."""
    ProfileStore().add(profile("Anna", voiceprint(1.0, source=Source("a.wav"))))
    ProfileStore().add(profile("Ben"))
    head, anna, ben, empty, consent, *consents = call("profiles", "list").stdout.splitlines()
    assert (head.split()[:2], anna.split()[0], anna.split()[-1], ben.split()) == (
        ["name", "speech"], "Anna", "a.wav", ["Ben", "0", "s"],
    )  # fmt: skip
    assert (empty, consent.split()[-1], [line.split()[0] for line in consents]) == ("", "scope", ["Anna", "Ben"])


def test_what_a_meeting_taught_is_forgotten(call: Call, place: Path) -> None:
    """With --meeting the voiceprints from one transcript are deleted, and the others stay."""
    sources = [Source("a.wav"), Source("monday.json", "SPEAKER_00", "sha256:ab")]
    ProfileStore().add(profile("Anna", *(voiceprint(1.0, source=source) for source in sources)))
    done = call("profiles", "forget", "anna", "--meeting", "monday.json")
    assert done.exit_code == 0 and "Anna has 1 voiceprint now" in done.stderr
    assert [each.source.file for each in ProfileStore().require("Anna").voiceprints] == ["a.wav"]
    assert call("profiles", "forget", "anna", "--meeting", "monday.json").exit_code == 2
    listed = json.loads(call("profiles", "forget", "anna", "--unnamed", "--json").stdout)
    assert listed == {"removed": {"name": "Anna", "voiceprints": 1}, "files": [], "unnamed": 0}
