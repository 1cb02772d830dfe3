"""`items`: the actions and decisions of a library, with their status after the later meetings."""

from __future__ import annotations

from collections.abc import Collection

from meetscribe.errors import SettingsError, nearest
from meetscribe.library import Library, Query
from meetscribe.meetings.follow_up.notes import Notes
from meetscribe.meetings.follow_up.statements import Record
from meetscribe.meetings.follow_up.status import follow_up
from meetscribe.meetings.follow_up.values import STATUSES, ItemStatus, MeetingItem
from meetscribe.runtime.progress import Progress, ignore_progress


def items(
    library: Library,
    owner: str | None = None,
    status: ItemStatus | Collection[ItemStatus] | None = None,
    *,
    query: str | Query = "",
    make: bool = False,
    progress: Progress = ignore_progress,
) -> tuple[MeetingItem, ...]:
    """Return the agreed actions and the decisions of the library's meetings, the latest meeting first.

    They are read from the minutes beside the transcripts, `X.minutes.json`; with `make`, missing minutes are produced
    by rules and saved there. Restricted meetings and meetings with missing files are excluded, also as evidence.
    `owner` is a part of a name, `status` one or several of `STATUSES`, and `query` selects meetings by fields, such as
    "after:2026-09 meeting:planning". Items of meetings without a date are open: no meeting is known to be later.

    Raises SettingsError for an unknown status or an invalid date, InputError for a file that cannot be read, and
    OutputError if minutes cannot be saved.
    """
    wanted = _statuses(status)
    found: list[MeetingItem] = []
    meetings, notes = library.meetings(), Notes(library)
    for done, meeting in enumerate(meetings):
        progress(done / len(meetings))
        found += notes.items(meeting, make=make)
    shown = {meeting.id for meeting in library.meetings(query)}
    followed = follow_up(found, Record.of(library))
    progress(1.0)
    return tuple(
        item
        for item in followed
        if item.meeting.id in shown
        and item.status in wanted
        and (owner is None or any(owner.casefold() in name.casefold() for name in item.owners))
    )


def _statuses(status: ItemStatus | Collection[ItemStatus] | None) -> Collection[str]:
    """Return the requested statuses; raises SettingsError for an unknown one."""
    wanted = (status,) if isinstance(status, str) else (status or STATUSES)
    for name in wanted:
        if name not in STATUSES:
            raise SettingsError(f"there is no status {name!r}", nearest(name, STATUSES))
    return wanted
