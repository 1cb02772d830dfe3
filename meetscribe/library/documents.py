"""Meetings, passages and hits as JSON values, for `--json` and for assistants."""

from __future__ import annotations

from dataclasses import asdict

from meetscribe.library.snippets import snippet
from meetscribe.library.values import FileResult, Hit, Meeting, Passage, Results
from meetscribe.text.json_values import JSON


def meeting_values(meeting: Meeting) -> dict[str, JSON]:
    """Return a meeting with its speakers, participants and source file; the duration is in seconds."""
    return {
        "id": meeting.id,
        "title": meeting.title,
        "recorded_at": meeting.recorded_at,
        "language": meeting.language,
        "duration": meeting.duration,
        "speakers": [asdict(speaker) for speaker in meeting.speakers],
        "participants": list(meeting.participants),
        "passages": meeting.passages,
        "path": meeting.source.path,
        "recording": meeting.recording,
        "access": meeting.access,
        "available": meeting.available,
    }


def passage_values(passage: Passage) -> dict[str, JSON]:
    """Return a passage; times are seconds from the start of the recording."""
    return {
        "position": passage.position,
        "start": passage.start,
        "end": passage.end,
        "speaker": passage.speaker,
        "text": passage.text,
        "word": passage.word,
    }


def hit_values(hit: Hit) -> dict[str, JSON]:
    """Return a hit with its passage, its meeting and the command that opens it."""
    part = snippet(hit.passage.text, hit.matches)
    meeting = hit.meeting
    return {
        "id": hit.id,
        "kind": hit.kind,
        "score": round(hit.score, 4),
        **passage_values(hit.passage),
        "matches": [list(span) for span in hit.matches],
        "snippet": part.text,
        "snippet_matches": [list(span) for span in part.matches],
        "meeting": {
            "id": meeting.id,
            "title": meeting.title,
            "recorded_at": meeting.recorded_at,
            "language": meeting.language,
            "path": meeting.source.path,
        },
        "open": f"meetscribe library open {hit.id}",
    }


def results_values(results: Results) -> dict[str, JSON]:
    """Return the hits of a search, and the reason if there are none."""
    return {"hits": [hit_values(hit) for hit in results.hits], "reason": results.reason}


def file_values(result: FileResult) -> dict[str, JSON]:
    """Return the result of adding or reading a file."""
    meeting = result.meeting
    return {
        "path": result.path,
        "outcome": result.outcome,
        "id": meeting.id if meeting else None,
        "title": meeting.title if meeting else None,
        "reason": result.reason,
    }
