"""The transcript: words, values, edits, native JSON and DataFrame; other formats are in `formats`."""

from __future__ import annotations

from meetscribe.text.joining import join_words
from meetscribe.text.json_values import JSON
from meetscribe.transcript.edits.values import Assign, Delete, Edit, Insert, Join, Merge, Rename, Replace, Retime, Split
from meetscribe.transcript.provenance import AlignmentRecord, AsrRecord, DiarizationRecord, Provenance
from meetscribe.transcript.values import Finding, FindingKind, Level, Meta, RecordingFile, Transcript
from meetscribe.transcript.words import Char, Segment, SpeakerSource, Timing, Word

__all__ = [
    "AlignmentRecord",
    "AsrRecord",
    "DiarizationRecord",
    "Provenance",
    "JSON",
    "Assign",
    "Char",
    "Delete",
    "Edit",
    "Finding",
    "FindingKind",
    "Insert",
    "Join",
    "Level",
    "Merge",
    "Meta",
    "Rename",
    "Replace",
    "Retime",
    "Segment",
    "RecordingFile",
    "SpeakerSource",
    "Split",
    "Timing",
    "Transcript",
    "Word",
    "join_words",
]
