"""Functions that combine independent rooms: speakers of saved meetings, known persons, and meetings of the library.

- `speakers.py`: a saved meeting with its recording, and the voiceprints of its speakers.
- `enrolment.py`, `confirmation.py`, `backfill.py`: enrol a person, confirm a name, name the speakers of old meetings.
- `mcp/`: read access to the library for assistants.
- `occurrences.py`, `forgetting.py`: find the files with a name; forget a person, or only the voiceprints from one file.
- `statistics.py`: statistics over the library. `traces.py`: find and remove the data stored about a meeting.
- `follow_up/`: the actions and decisions of the library's meetings, with their status.
"""

from __future__ import annotations

from meetscribe.meetings.backfill import Backfilled, backfill
from meetscribe.meetings.confirmation import Confirmation, confirm
from meetscribe.meetings.enrolment import enrol_from_meeting, enrol_from_recording
from meetscribe.meetings.follow_up.collecting import items
from meetscribe.meetings.follow_up.values import Evidence, ItemStatus, MeetingItem
from meetscribe.meetings.forgetting import Forgotten, forget, forget_voiceprints
from meetscribe.meetings.occurrences import files_with_name
from meetscribe.meetings.speakers import Meeting, SpeakerReport, explain
from meetscribe.meetings.statistics import library_statistics
from meetscribe.meetings.traces import KnownMeeting, Trace, find_traces

__all__ = [
    "KnownMeeting",
    "Trace",
    "find_traces",
    "library_statistics",
    "Backfilled",
    "Confirmation",
    "Forgotten",
    "Evidence",
    "ItemStatus",
    "Meeting",
    "MeetingItem",
    "SpeakerReport",
    "backfill",
    "confirm",
    "enrol_from_meeting",
    "enrol_from_recording",
    "explain",
    "files_with_name",
    "forget",
    "forget_voiceprints",
    "items",
]
