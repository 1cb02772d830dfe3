"""Utterances: runs of words of one speaker, after the edits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from meetscribe.transcript.values import Transcript
from meetscribe.transcript.words import Segment


@dataclass(frozen=True, slots=True)
class Utterance(Segment):
    """Consecutive words of one segment with the same speaker, or all without one."""

    @property
    def id(self) -> str | None:
        """The id of its first word; None if the words have no ids."""
        return self.words[0].id


def utterances(transcript: Transcript) -> Iterator[Utterance]:
    """Yield the segments of the edited transcript, divided where the speaker changes."""
    for segment in transcript.edited().segments:
        for _, run in groupby(segment.words, key=lambda word: word.speaker):
            yield Utterance(tuple(run))
