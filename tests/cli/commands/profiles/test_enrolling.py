"""`meetscribe profiles enroll` stores nothing without a consent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from tests.support.consent import CONSENT

Call = Callable[..., Result]


def test_no_consent_no_voiceprint(meetings: tuple[str, str], call: Call, data: Path) -> None:
    """Without the options, and without a terminal to ask on, nothing is stored; half a record is wrong usage."""
    label, _ = meetings
    done = call("profiles", "enroll", "Anna", "monday.json", "--speaker", label)
    assert done.exit_code == 2 and "consent" in done.stderr
    done = call("profiles", "enroll", "Anna", "monday.json", "--speaker", label, "--consent", "all")
    assert done.exit_code == 2 and "belong together" in done.output
    assert not data.exists()


def test_a_meeting_needs_a_speaker(meetings: tuple[str, str], call: Call) -> None:
    """Without --speaker, the message lists the speakers of the meeting."""
    done = call("profiles", "enroll", "Anna", "monday.json", *CONSENT)
    assert done.exit_code == 2
    message = " ".join(done.output.split())
    assert "monday.json is a meeting: give --speaker SPEAKER (speakers: " in message and meetings[0] in message


def test_the_consent_is_shown(meetings: tuple[str, str], call: Call) -> None:
    """The result has the record, the embedder and the source of the voiceprint, but not the voiceprint."""
    enrol = ("profiles", "enroll", "Anna", "monday.json", "--speaker", meetings[0])
    done = call(*enrol, *CONSENT, "--date", "2026-11-01", "--json")
    assert done.exit_code == 0, done.output
    assert '"date": "2026-11-01"' in done.stdout and '"embedder": "XVector' in done.stdout
    assert '"file": "monday.json"' in done.stdout and '"vector"' not in done.stdout
    assert call(*enrol).exit_code == 0  # the record is stored
    assert call(*enrol, *CONSENT, "--date", "soon").exit_code == 2
