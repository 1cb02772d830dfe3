"""Which statuses are suggestions."""

from __future__ import annotations

import json

from meetscribe.meetings.follow_up.precision import CERTAIN, FILE, is_certain
from meetscribe.meetings.follow_up.values import STATUSES


def test_a_status_is_certain_if_it_was_measured_to_be() -> None:
    """Every status but "open" was measured."""
    measured = json.loads(FILE.read_text(encoding="utf-8"))["precision"]
    assert {*measured, "open"} == set(STATUSES)
    assert {status for status in STATUSES if is_certain(status)} == {
        "open",
        *(status for status, share in measured.items() if share >= CERTAIN),
    }
