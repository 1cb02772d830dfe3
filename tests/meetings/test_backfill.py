"""Old meetings get suggestions or names, and keep their corrections."""

from __future__ import annotations

import pytest

from meetscribe.formats import load
from meetscribe.meetings.backfill import backfill
from meetscribe.meetings.enrolment import enrol_from_meeting
from meetscribe.meetings.speakers import Meeting, Tools
from meetscribe.profiles.suggestions import suggestions_by_label
from tests.meetings.conftest import ANNA


@pytest.fixture
def known(standup: Meeting, tools: Tools) -> str:
    """Enrol the first speaker, and correct the name of the second; return the first label."""
    first, second, _ = standup.transcript.speakers
    enrol_from_meeting("Anna", standup, first, ANNA, tools)
    standup.transcript.rename({second: "Ben"}).save(standup.file)
    return first


def test_a_dry_run_stores_nothing(standup: Meeting, tools: Tools, known: str) -> None:
    """The result says what would be named, and the file stays as it is."""
    before = standup.file.read_bytes()
    (found,) = backfill([standup.file.parent], tools, identify=True, dry_run=True)
    assert found.changed and [(m.speaker, m.name) for m in found.matches if m.band == "named"] == [(known, "Anna")]
    assert standup.file.read_bytes() == before


def test_names_are_added_to_corrections(standup: Meeting, tools: Tools, known: str) -> None:
    """Names are suggested, or given with identify; corrections stay, and a second time changes nothing."""
    (found,) = backfill([standup.file], tools)
    after = load(standup.file)
    assert found.changed and list(suggestions_by_label(after)) == [known] and "Ben" in after.edited().speakers
    (found,) = backfill([standup.file, standup.file.parent], tools, identify=True)
    assert found.changed and load(standup.file).edited().speakers[:2] == ("Anna", "Ben")
    (again,) = backfill([standup.file], tools, identify=True)
    assert not again.changed


def test_a_meeting_without_its_recording_is_reported(standup: Meeting, tools: Tools, known: str) -> None:
    """The others go on; the error is that of the meeting."""
    (standup.file.parent / "standup.flac").unlink()
    (standup.file.parent / "other.json").write_text("{}")
    (found,) = backfill([standup.file.parent], tools)
    assert found.error is not None and "not found" in found.error.message
