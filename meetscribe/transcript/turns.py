"""Who speaks when, of a transcript that no diarizer made: turns out of the words of its speakers."""

from __future__ import annotations

from meetscribe.timeline import Seconds, Turn, merge_turns
from meetscribe.transcript.values import Transcript

WORD_GAP: Seconds = 0.5
"""A speaker's words are one turn over pauses shorter than this."""


def turns_of(transcript: Transcript) -> tuple[Turn, ...]:
    """The transcript's turns; without any, those of its words' speakers, joined over pauses under 0.5 s."""
    return transcript.turns or merge_turns(
        (Turn(word.start, word.end, word.speaker) for word in transcript.words if word.speaker is not None), WORD_GAP
    )
