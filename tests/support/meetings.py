"""Short transcripts for tests of the library: lines of speakers, with times that follow from the words."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

PAUSE = 3.0
"""Seconds between two lines, so that each is a passage."""


def meeting(lines: Sequence[tuple[str | None, str]], language: str = "en", **meta: Any) -> Transcript:
    """Return a transcript with a segment per line, given as speaker and text; words follow each other by 0.4 s."""
    segments, time = [], 0.0
    for speaker, text in lines:
        words = []
        for word in text.split():
            words.append(Word(word, time, time + 0.3, speaker=speaker))
            time += 0.4
        segments.append(Segment(tuple(words)))
        time += PAUSE
    return Transcript(tuple(segments), Meta(language, time, **meta))


def recording(name: str, digit: str = "0") -> RecordingFile:
    """Return a recording whose hash consists of one digit."""
    return RecordingFile(name, f"sha256:{digit * 64}")


def save_meetings(folder: Path) -> list[Path]:
    """Write four meetings in three languages to a folder, and return their files."""
    planning = [
        ("Anna", "The annual budget is too small, don't you think?"),
        ("Ben", "We use C++ for the project plan."),
        ("Anna", "Meetings were running late again."),
    ]
    review = [("Ben Berg", "The budget for travel was spent."), ("Carla", "Then we wait for the next budget.")]
    german = [("Zoë", "Die Größe der Projektplanung und der Häuser ist egal.")]
    japanese = [("健", "予算 会議 を 始め ます")]
    meetings = {
        "planning": meeting(planning, title="Planning", recorded_at="2026-11-20T10:00", recording=recording("p", "1")),
        "review": meeting(review, title="Review", recorded_at="2026-10-05", recording=recording("r", "2")),
        "bau": meeting(german, "de", title="Bauausschuss", recorded_at="2026-09-30"),
        "kaigi": meeting(japanese, "ja", title="会議"),
    }
    files = [folder / f"{name}.json" for name in meetings]
    for file, transcript in zip(files, meetings.values(), strict=True):
        transcript.save(file)
    return files
