"""Export the actions of minutes: CSV for spreadsheets, iCalendar for task lists."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from datetime import datetime, timezone

from meetscribe.minutes.output.view import ItemView, View
from meetscribe.transcript.display import clock
from meetscribe.transcript.notes import Minutes
from meetscribe.transcript.values import Transcript

COLUMNS = ("id", "task", "owner", "due", "due_said", "status", "agreed_by", "time", "speaker", "quote")

_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # first characters of formulas in spreadsheets
_LINE_BYTES = 73  # 75 with the line break; RFC 5545, section 3.1, allows 75 without it


def to_csv(minutes: Minutes, transcript: Transcript) -> str:
    """Return the actions as CSV with a header (RFC 4180); cells that look like formulas begin with an apostrophe."""
    output = io.StringIO(newline="")
    writer = csv.writer(output)
    writer.writerow(COLUMNS)
    view = View(minutes, transcript)
    for item in map(view.item, minutes.actions):
        writer.writerow([f"'{cell}" if cell.startswith(_FORMULA) else cell for cell in _cells(item)])
    return output.getvalue()


def to_icalendar(minutes: Minutes, transcript: Transcript) -> str:
    """Return the actions with a due day as tasks (VTODO) in iCalendar (RFC 5545)."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//meetscribe//minutes//EN"]
    view = View(minutes, transcript)
    for item in map(view.item, minutes.actions):
        if item.item.due and item.item.due.day:
            lines += _task(item, item.item.due.day, minutes)
    return "".join(f"{folded}\r\n" for line in [*lines, "END:VCALENDAR"] for folded in _folded(line))


def _cells(view: ItemView) -> list[str]:
    item, first = view.item, view.citations[0]
    return [
        item.id,
        item.text,
        ", ".join(view.owners),
        (item.due.day or "") if item.due else "",
        item.due.said if item.due else "",
        item.status,
        ", ".join(view.agreed_by),
        "" if first.start is None else clock(first.start),
        first.speaker or "",
        first.quote,
    ]


def _task(view: ItemView, day: str, minutes: Minutes) -> Iterator[str]:
    """Yield the lines of a task; DTSTAMP is the day of the meeting, so that the output is reproducible."""
    item = view.item
    stamp = datetime.fromisoformat((minutes.recorded_at or day)[:10]).replace(tzinfo=timezone.utc)
    quotes = "\n".join(f"{one.speaker or 'unknown'}: “{one.quote}”" for one in view.citations)
    yield "BEGIN:VTODO"
    yield f"UID:{item.id}-{minutes.transcript.rpartition(':')[2][:12]}@meetscribe"
    yield f"DTSTAMP:{stamp:%Y%m%dT%H%M%SZ}"
    yield f"DUE;VALUE=DATE:{day[:10].replace('-', '')}"
    yield f"SUMMARY:{_escaped(': '.join(filter(None, [', '.join(view.owners), item.text])))}"
    yield f"DESCRIPTION:{_escaped(quotes)}"
    yield "STATUS:NEEDS-ACTION"
    yield "END:VTODO"


def _escaped(text: str) -> str:
    """Escape text (RFC 5545, section 3.3.11)."""
    plain = "".join(character for character in text if character == "\n" or character.isprintable())
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """Yield a line in parts of at most 73 octets; all but the first begin with a space."""
    part, size = "", 0
    for character in line:
        width = len(character.encode("utf-8"))
        if size + width > _LINE_BYTES:
            yield part
            part, size = " ", 1
        part, size = part + character, size + width
    yield part
