from __future__ import annotations

from datetime import datetime, timedelta, timezone

import pytest

from meetscribe.text.dates import parse_date


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-27", datetime(2026, 11, 27)),
        ("2026-11-27T10:00", datetime(2026, 11, 27, 10)),
        ("2026-11-27T10:00:00Z", datetime(2026, 11, 27, 10, tzinfo=timezone.utc)),
        ("2026-11-27T10:00:00+01:00", datetime(2026, 11, 27, 10, tzinfo=timezone(timedelta(hours=1)))),
    ],
)
def test_iso_dates_are_parsed(text: str, moment: datetime) -> None:
    """A date, and a date and time with or without an offset, keep what they say."""
    found = parse_date(text)
    assert (found, found.utcoffset()) == (moment, moment.utcoffset())


@pytest.mark.parametrize("text", ["", "Z", "2026", "27.11.2026", "2026-13-01", "10:00"])
def test_other_text_is_refused(text: str) -> None:
    """The error names the notation."""
    with pytest.raises(ValueError, match="as 2026-11-27"):
        parse_date(text)
