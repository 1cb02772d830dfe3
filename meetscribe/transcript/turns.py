"""Speaker turns of a transcript, derived from its words if it has no turns."""

from __future__ import annotations

from meetscribe.timeline import Seconds, Turn, merge_turns
from meetscribe.transcript.values import Transcript

WORD_GAP: Seconds = 0.5
"""Words of a speaker are joined into one turn over pauses shorter than this."""


def turns_of(transcript: Transcript) -> tuple[Turn, ...]:
    """Return the turns; without any, the words of each speaker joined over pauses shorter than 0.5 s."""
    return transcript.turns or _turns_of_words(transcript)


def turns_of_all_speakers(transcript: Transcript) -> tuple[Turn, ...]:
    """Return the turns in order of time, and those derived from the words of speakers who have words but no turns."""
    turns = turns_of(transcript)
    missing = set(transcript.speakers) - {turn.speaker for turn in turns}
    derived = _turns_of_words(transcript) if missing else ()
    return tuple(sorted([*turns, *(turn for turn in derived if turn.speaker in missing)]))


def _turns_of_words(transcript: Transcript) -> tuple[Turn, ...]:
    spoken = (Turn(word.start, word.end, word.speaker) for word in transcript.words if word.speaker is not None)
    return merge_turns(spoken, WORD_GAP)
