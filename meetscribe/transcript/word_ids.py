"""Word ids: a prefix for the recording and the position of the word as recognised, for instance "9f86d081884c-42".

The prefix is the start of the recording's hash, or of a digest of the words if there is no hash; with one file per
speaker, it is that of the hash of each track. Ids are assigned once, when the words are recognised or read. They stay
with the words through alignment, attribution, edits and files.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from itertools import count

from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment

_PREFIX = 12  # hexadecimal digits: two of a million recordings share a prefix with a probability of 0.2 %


def with_word_ids(transcript: Transcript) -> Transcript:
    """Return the transcript with an id for each word that has none, numbered by its position from 0.

    If another word already has that id, the word gets the first free number after all positions.
    """
    words = transcript.words
    if all(word.id is not None for word in words):
        return transcript
    prefix = id_prefix(transcript)
    taken = {word.id for word in words}
    unused = (id for number in count(len(words)) if (id := f"{prefix}-{number}") not in taken)
    ids = []
    for position, word in enumerate(words):
        id_ = f"{prefix}-{position}"
        ids.append(word.id or (id_ if id_ not in taken else next(unused)))
    return assign_word_ids(transcript, ids)


def with_new_word_ids(transcript: Transcript) -> Transcript:
    """Return the transcript with all word ids replaced by ids by position."""
    return with_word_ids(assign_word_ids(transcript, [None] * len(transcript.words)))


def id_prefix(transcript: Transcript) -> str:
    """Return the start of the recording's hash, else of a digest of the words."""
    recording = transcript.recording
    digest = "".join(filter(str.isalnum, (recording and recording.hash or "").rpartition(":")[2]))
    if not digest:
        digest = hashlib.sha256("\n".join(word.text for word in transcript.words).encode()).hexdigest()
    return digest[:_PREFIX]


def assign_word_ids(transcript: Transcript, ids: Sequence[str | None]) -> Transcript:
    """Return the transcript with the given word ids, one for each word, in order."""
    remaining = iter(ids)
    segments = [
        Segment(tuple(word.identified(next(remaining)) for word in segment.words)) for segment in transcript.segments
    ]
    return transcript.with_segments(segments)
