"""Speaker turns of a transcript, derived from its words if it has no turns."""

from __future__ import annotations

from meetscribe.timeline import Seconds, Turn, merge_turns
from meetscribe.transcript.values import Transcript

WORD_GAP: Seconds = 0.5
"""Words of a speaker are joined into one turn over pauses shorter than this."""


def turns_of(transcript: Transcript) -> tuple[Turn, ...]:
    """Return the turns; without any, the words of each speaker joined over pauses shorter than 0.5 s."""
    return transcript.turns or merge_turns(
        (Turn(word.start, word.end, word.speaker) for word in transcript.words if word.speaker is not None), WORD_GAP
    )
