"""Values that functions accept in place of a transcript."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from meetscribe.timeline import Diarization, Turn
from meetscribe.transcript.values import Transcript

if TYPE_CHECKING:
    import pandas as pd

TranscriptSource: TypeAlias = "Transcript | pd.DataFrame | str | Path"
"""A transcript, a frame of segments, words or turns, or the path of a file in any format that can be read."""

SpeechSource: TypeAlias = "TranscriptSource | Diarization | Sequence[Turn]"
"""A source of speaker turns: a source of a transcript, or turns alone."""


def as_transcript(source: TranscriptSource) -> Transcript:
    """Return `source` as a transcript, reading it from a frame or a file if necessary.

    Raises InputError if the frame or the file cannot be read, TypeError for any other type.

    >>> as_transcript(None)
    Traceback (most recent call last):
    TypeError: expected a Transcript, a DataFrame of one or the path of a file, got NoneType
    """
    if isinstance(source, Transcript):
        return source
    if isinstance(source, str | Path):
        return Transcript.load(source)
    if hasattr(source, "columns"):
        return Transcript.from_frame(source)
    raise TypeError(f"expected a Transcript, a DataFrame of one or the path of a file, got {type(source).__name__}")


def turns_or_transcript(source: SpeechSource) -> tuple[Turn, ...] | Transcript:
    """Return the turns, in order of time, if `source` holds only turns; otherwise a transcript, see `as_transcript`.

    >>> turns_or_transcript([1, 2])
    Traceback (most recent call last):
    TypeError: expected turns, got int; give several transcripts as separate arguments
    """
    if isinstance(source, Diarization):
        return tuple(sorted(source.turns))
    if not isinstance(source, Sequence) or isinstance(source, str):
        return as_transcript(source)
    for each in source:
        if not isinstance(each, Turn):
            name = type(each).__name__
            raise TypeError(f"expected turns, got {name}; give several transcripts as separate arguments")
    return tuple(sorted(source))
