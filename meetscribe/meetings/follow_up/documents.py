"""Items as JSON values, for `--json` and for assistants."""

from __future__ import annotations

from meetscribe.library import Meeting
from meetscribe.meetings.follow_up.values import Evidence, MeetingItem
from meetscribe.text.json_values import JSON
from meetscribe.transcript.notes import Due


def item_values(item: MeetingItem) -> dict[str, JSON]:
    """Return an item with its meeting and its evidence; times are seconds from the start of the recording."""
    return {
        "id": item.id,
        "kind": item.kind,
        "text": item.text,
        "owners": list(item.owners),
        "due": due_values(item.due),
        "status": item.status,
        "suggested": item.suggested,
        "quote": item.quote,
        "start": item.start,
        "hit": item.hit,
        "meeting": _meeting_values(item.meeting),
        "evidence": [_evidence_values(evidence) for evidence in item.evidence],
    }


def due_values(due: Due | None) -> JSON:
    """Return a due date as spoken and as an ISO 8601 day, None if there is none."""
    return {"said": due.said, "day": due.day} if due else None


def _evidence_values(evidence: Evidence) -> dict[str, JSON]:
    return {
        "meeting": _meeting_values(evidence.meeting),
        "start": evidence.start,
        "speaker": evidence.speaker,
        "quote": evidence.quote,
        "hit": evidence.hit,
    }


def _meeting_values(meeting: Meeting) -> dict[str, JSON]:
    return {"id": meeting.id, "title": meeting.title, "recorded_at": meeting.recorded_at}
