"""Transcript files, and their conversion to records of the library."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TypeAlias

from meetscribe.errors import InputError, os_reason
from meetscribe.library.values import Meeting, Passage, Record, SourceFile, SpeakerTime
from meetscribe.storage.files import file_digest
from meetscribe.text.joining import join_words
from meetscribe.text.splitting import split_words
from meetscribe.text.whitespace import one_line
from meetscribe.timeline import Seconds, Span, total
from meetscribe.transcript import Transcript
from meetscribe.transcript.turns import turns_of_all_speakers
from meetscribe.transcript.utterances import Utterance, utterances

Read: TypeAlias = Callable[[Path], Transcript]
"""A function that reads a transcript file and raises InputError."""

ID_LENGTH = 12
"""Hexadecimal digits of a meeting's id: among a million meetings, two ids are equal with a probability of 0.2 %."""

MAX_WORDS = 40
MAX_SECONDS: Seconds = 20.0
MAX_PAUSE: Seconds = 2.0
"""Utterances of a speaker are joined into one passage up to these limits, so that a query can match two sentences."""

_TRIES = 3  # attempts to read a file that changes during reading


def read_source(path: Path, read: Read) -> tuple[SourceFile, Transcript]:
    """Return a file and its transcript; raises InputError if it cannot be read or keeps changing."""
    for _ in range(_TRIES):
        source = stat_source(path, content=True)
        transcript = read(path)
        if _state(path) == (source.size, source.modified):
            return source, transcript
    raise InputError(f"{path} changes while it is read", "Add it again when it is complete.")


def stat_source(path: Path, *, content: bool = False) -> SourceFile:
    """Return the present state of a file, including the hash of its content with `content`; raises InputError."""
    try:
        str(path).encode()  # raises UnicodeEncodeError for a name that no database can store
        size, modified = _state(path)
        digest = file_digest(path) if content else ""
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        raise InputError(f"{path}: {os_reason(error)}", "Check the path and its permissions.") from error
    return SourceFile(str(path), digest, size, modified)


def is_same_file(known: SourceFile) -> bool | None:
    """Return whether a file still has the known size and modification time; None if it does not exist."""
    try:
        return _state(Path(known.path)) == (known.size, known.modified)
    except (OSError, ValueError):
        return None


def record_of(transcript: Transcript, source: SourceFile, id: str | None = None) -> Record:
    """Return the record of a transcript with its corrections applied; `id` is the id of an existing meeting."""
    passages = tuple(_passages(transcript))
    recording = transcript.recording.hash if transcript.recording else None
    meeting = Meeting(
        id=id or meeting_id(recording, source.content),
        source=source,
        title=one_line(transcript.meta.title or "") or Path(source.path).stem,
        recorded_at=transcript.meta.recorded_at,
        language=transcript.language,
        duration=transcript.duration,
        speakers=_speaker_times(passages, transcript),
        participants=transcript.meta.participants,
        recording=recording,
        passages=len(passages),
    )
    return Record(meeting, passages)


def meeting_id(recording: str | None, content: str) -> str:
    """Return the id of a meeting: the first digits of the hash of its recording, or of its transcript.

    >>> meeting_id("sha256:3f9c02d4ab17e5", "sha256:00")
    '3f9c02d4ab17'
    """
    return (recording or content).rpartition(":")[2][:ID_LENGTH]


def _state(path: Path) -> tuple[int, int]:
    """Return the size and the modification time (ns) of a file; raises OSError if it does not exist."""
    found = os.stat(path)  # noqa: PTH116
    return found.st_size, found.st_mtime_ns


def _passages(transcript: Transcript) -> Iterator[Passage]:
    """Yield the passages of a transcript with its corrections applied."""
    for position, runs in enumerate(_joined(utterances(transcript))):
        speaker = runs[0].words[0].speaker
        text = one_line(join_words(run.text for run in runs))
        end = max(run.end for run in runs)
        yield Passage(position, runs[0].start, end, speaker and one_line(speaker), text, runs[0].id)


def _joined(runs: Iterable[Utterance]) -> Iterator[list[Utterance]]:
    """Yield groups of consecutive utterances of one speaker, within the limits of a passage."""
    joined: list[Utterance] = []
    count = 0
    for run in runs:
        is_next = joined and run.words[0].speaker == joined[0].words[0].speaker
        fits = is_next and count + len(run.words) <= MAX_WORDS and run.end - joined[0].start <= MAX_SECONDS
        if joined and not (fits and run.start - joined[-1].end <= MAX_PAUSE):
            yield joined
            joined, count = [], 0
        joined.append(run)
        count += len(run.words)
    if joined:
        yield joined


def _speaker_times(passages: Iterable[Passage], transcript: Transcript) -> tuple[SpeakerTime, ...]:
    """Return the words and the talk time of each speaker, in the order of first appearance."""
    words: dict[str, int] = defaultdict(int)
    spans: dict[str, list[Span]] = defaultdict(list)
    for passage in passages:
        if name := passage.speaker:
            words[name] += len(split_words(passage.text))
    for turn in turns_of_all_speakers(transcript.edited()):
        spans[one_line(turn.speaker)].append(turn.span)
    return tuple(SpeakerTime(name, words[name], round(total(spans[name]), 3)) for name in words)
