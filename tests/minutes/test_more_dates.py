"""Due dates read by dateparser, where it is installed."""

from __future__ import annotations

from datetime import date

import pytest

from meetscribe.minutes.dialogue import Dialogue
from meetscribe.minutes.making import minutes_by_rules
from meetscribe.minutes.more_dates import more_due
from tests.minutes.meeting import dialogue

pytest.importorskip("dateparser", reason="dateparser is not installed")

TODAY = date(2026, 11, 27)


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("i'll send it on 2026-12-03", "en", date(2026, 12, 3)),
        ("i'll send it a year from now", "en", date(2027, 11, 27)),
        ("ich schicke es in einem jahr", "de", date(2027, 11, 27)),
        ("i may have five of them now", "en", None),
        ("it was done two weeks ago", "en", None),
    ],
)
def test_wordings(text: str, language: str, day: date | None) -> None:
    """Dates in digits and spans of time are found; single words and the past are not."""
    found = more_due(text, language, TODAY)
    assert (found.day if found else None) == day
    assert found is None or text[found.start : found.end] == found.said


def test_minutes_use_it_if_asked() -> None:
    """Without `more_dates`, only the rules count; with it, a wording that they do not know has a day."""
    meeting = dialogue("Anna: I'll send the signed contract to Maria on 2026-12-03.\nTom: Thank you.")
    plain, more = minutes_by_rules(meeting), minutes_by_rules(meeting, more_dates=True)
    assert [one.due for one in plain.actions] == [None]
    assert [one.due and one.due.day for one in more.actions] == ["2026-12-03"]
    assert not Dialogue(meeting).more_dates
    undated = minutes_by_rules(meeting.with_meta(recorded_at=None), more_dates=True)
    assert [one.due and (one.due.said, one.due.day) for one in undated.actions] == [("on 2026-12-03", None)]
