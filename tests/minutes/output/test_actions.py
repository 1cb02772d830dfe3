"""The actions in CSV and iCalendar, read by other parsers' rules."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from meetscribe.minutes import minutes_by_rules, to_csv, to_icalendar
from tests.minutes.meeting import dialogue

MEETING = dialogue("""
    Anna: I'll order forty comfortable, sturdy chairs; and tables for the new äußere meeting room downstairs by Friday.
    Tom: I'll paint the northern fence.
    Anna: Thank you.
""")
MINUTES = minutes_by_rules(MEETING)


def test_csv_has_a_row_per_action() -> None:
    """Owner, due date as said and as a day, time, speaker and quote."""
    rows = list(csv.DictReader(io.StringIO(to_csv(MINUTES, MEETING))))
    assert [(row["owner"], row["due"], row["due_said"]) for row in rows] == [
        ("Anna", "2026-11-27", "by Friday"),
        ("Tom", "", ""),
    ]
    assert rows[0]["quote"] == MEETING.segments[0].text and rows[0]["agreed_by"] == "Anna"


def test_csv_does_not_compute() -> None:
    """Text that begins like a formula is quoted for spreadsheets."""
    item = replace(MINUTES.items[0], text="=1+1")
    assert "'=1+1" in to_csv(replace(MINUTES, items=(item,)), MEETING)


def test_icalendar_has_the_actions_with_dates() -> None:
    """One task, escaped, in lines of at most 75 octets that unfold to the whole text; equal on each call."""
    text = to_icalendar(MINUTES, MEETING)
    lines = text.split("\r\n")
    assert all(len(line.encode()) <= 75 for line in lines) and lines[-1] == ""
    unfolded = text.replace("\r\n ", "")
    assert unfolded.count("BEGIN:VTODO") == unfolded.count("END:VTODO") == 1
    assert "DUE;VALUE=DATE:20261127" in unfolded
    assert "comfortable\\, sturdy chairs\\; and tables for the new äußere meeting room" in unfolded
    assert to_icalendar(MINUTES, MEETING) == text
