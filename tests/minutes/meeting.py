"""Short dialogues as transcripts, for the tests of minutes."""

from __future__ import annotations

from meetscribe.minutes.citations import citation
from meetscribe.transcript import Meta, Segment, Transcript, Word
from meetscribe.transcript.notes import Citation
from meetscribe.transcript.word_ids import with_word_ids

DAY = "2026-11-25"
"""The day of the dialogues, a Wednesday."""


def dialogue(text: str, language: str = "en", date: str | None = DAY) -> Transcript:
    """Return the lines "Name: words" of a text as a transcript with a segment a line, a second a word."""
    segments, now = [], 0.0
    for line in text.strip().splitlines():
        speaker, _, spoken = line.strip().partition(": ")
        words = []
        for word in spoken.split():
            words.append(Word(word, now, now + 1, speaker=speaker))
            now += 1
        segments.append(Segment(tuple(words)))
    return with_word_ids(Transcript(tuple(segments), Meta(language, now, recorded_at=date)))


def quoted(transcript: Transcript, quote: str) -> Citation:
    """Return the citation of words in a row of a transcript, wherever they stand."""
    wanted = quote.split()
    words = transcript.words
    for first in range(len(words) - len(wanted) + 1):
        if [word.text for word in words[first : first + len(wanted)]] == wanted:
            return citation(words[first : first + len(wanted)])
    raise ValueError(f"not said: {quote}")
