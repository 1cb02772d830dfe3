"""The live transcript of a recorded session, from its event log; live corrections become edits."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import count
from pathlib import Path

from meetscribe.audio.opening import file_hash, open_recording
from meetscribe.audio.session_folder import read_pieces
from meetscribe.errors import OutputError, os_reason
from meetscribe.live.events import Event
from meetscribe.live.recording.event_log import read_log
from meetscribe.live.recording.session_file import SessionFile, read_session_file
from meetscribe.live.transcript import LiveSegment, LiveTranscript
from meetscribe.storage.files import replace_file
from meetscribe.text.joining import join_words
from meetscribe.timeline import Seconds
from meetscribe.transcript import Edit, Provenance, RecordingFile, Transcript, Word
from meetscribe.transcript.edits.word_edits import deletion, replacement, with_edits

LIVE_FILE = "live.json"
"""The live transcript in the folder of the session, kept beside the final one."""


def live_transcript(folder: Path, provenance: Provenance | None = None) -> Transcript:
    """Return the committed words of a session, with live names and corrections as edits.

    The recording in its metadata is the folder. Raises InputError if the folder or its log cannot be read, or if the
    folder contains no audio.
    """
    session, events = read_session_file(folder), tuple(read_log(folder))
    pieces = read_pieces(folder)
    with open_recording(folder) as data:
        recording = RecordingFile(str(folder), file_hash(data))
    recognised = LiveTranscript().apply_all(event for event in events if not _is_correction(event))
    corrected = LiveTranscript().apply_all(events)
    duration = max(piece.end for piece in pieces) / session.rate
    return with_corrections(recognised, corrected, session, duration, recording, provenance)


def with_corrections(
    recognised: LiveTranscript,
    corrected: LiveTranscript,
    session: SessionFile,
    duration: Seconds,
    recording: RecordingFile,
    provenance: Provenance | None = None,
) -> Transcript:
    """Return the transcript of the recognised words, with the edits that turn it into the corrected one."""
    prefix = (recording.hash or "sha256:live").partition(":")[2][:12]
    identified = _identified(recognised, prefix)
    transcript = identified.transcript(session.language or "und", duration, recording)
    transcript = transcript.with_meta(
        title=session.title, recorded_at=session.started, provenance=provenance or Provenance()
    )
    edits = (
        edit
        for id, segment in identified.segments.items()
        for edit in _edits(segment, corrected.segments.get(id, segment))
    )
    return with_edits(transcript, edits)


def write_live_version(folder: Path, transcript: Transcript) -> Path:
    """Write the live transcript to the folder of its session and return its path; raises OutputError if it fails."""
    path = folder / LIVE_FILE
    try:
        replace_file(path, transcript.to_json().encode())
    except OSError as error:
        raise OutputError(f"{path} cannot be written: {os_reason(error)}", "Free some space.") from error
    return path


def _is_correction(event: Event) -> bool:
    return event.kind == "revise" and "text" in event.payload


def _identified(live: LiveTranscript, prefix: str) -> LiveTranscript:
    """Return the transcript with an id for each word: the prefix and its position among all words."""
    numbers = count()
    segments = {
        id: replace(
            segment, words=tuple(word and word.identified(f"{prefix}-{next(numbers)}") for word in segment.words)
        )
        for id, segment in live.segments.items()
    }
    return replace(live, segments=segments)


def _edits(segment: LiveSegment, corrected: LiveSegment) -> Iterator[Edit]:
    """Yield the edits that turn the words of a segment into the corrected ones."""
    for words, result in _changes(segment.words, corrected.words):
        if text := join_words(word.text for word in result):
            yield replacement(words, text)
        else:
            yield deletion(words)


def _changes(words: Sequence[Word | None], corrected: Sequence[Word | None]) -> Iterable[tuple[list[Word], list[Word]]]:
    """Return each run of corrected positions: its old words, and the corrected ones.

    A correction is at its first position, followed by the positions that it empties.
    """
    changes: list[tuple[list[Word], list[Word]]] = []
    emptied = False
    for old, new in zip(words, corrected, strict=False):
        if old is None:
            continue
        if new is None and emptied:
            changes[-1][0].append(old)
        elif new is None:
            changes.append(([old], []))
        elif new.text != old.text:
            changes.append(([old], [new]))
        emptied = new is None or new.text != old.text
    return changes
