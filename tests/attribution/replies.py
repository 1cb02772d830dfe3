"""Conversations with short replies, whose turns are exact."""

from __future__ import annotations

import random
from dataclasses import dataclass, replace

from meetscribe.timeline import Diarization, Seconds, Turn
from meetscribe.transcript import Meta, Segment, Transcript, Word

REPLIES = {
    1: ("Bye.", "Yes.", "Absolutely.", "Why?"),
    2: ("Thank you.", "Of course.", "Good idea!"),
    3: ("Not this week.", "See you then.", "Why not now?"),
}
"""Replies of one sentence, by their number of words."""

STATEMENT = ("so", "we", "start", "with", "the", "plan", "and", "then", "look", "at", "page", "two")


@dataclass(frozen=True, slots=True)
class Conversation:
    """A transcript with the true speakers, the turns, and the indices of the words of short replies."""

    transcript: Transcript
    diarization: Diarization
    replies: tuple[int, ...]

    @property
    def blank(self) -> Transcript:
        """The transcript without speakers."""
        return self.transcript.with_segments(
            Segment(tuple(replace(word, speaker=None) for word in segment.words))
            for segment in self.transcript.segments
        )


def conversation(
    rng: random.Random, *, gap: Seconds, words: int, speakers: int = 2, replies: int = 1, full_stops: bool = True
) -> Conversation:
    """Return statements of several speakers, each with a reply of one sentence by another speaker.

    `gap` is the pause between turns, `words` the number of words of each reply. Without `full_stops`, the statements
    have no punctuation.
    """
    segments: list[Segment] = []
    turns: list[Turn] = []
    short: list[int] = []
    time, speaker = 0.5, rng.choice("ABCD"[:speakers])
    for number in range(2 * replies + 1):
        if number:
            speaker = rng.choice([other for other in "ABCD"[:speakers] if other != speaker])
        texts = rng.choice(REPLIES[words]).split() if number % 2 else _statement(rng, full_stops)
        spoken = _spoken(rng, texts, time, speaker)
        first = sum(len(segment.words) for segment in segments)
        short.extend(range(first, first + len(texts)) if number % 2 else ())
        segments.append(Segment(tuple(spoken)))
        turns.append(Turn(time, spoken[-1].end, speaker))
        time = spoken[-1].end + gap
    transcript = Transcript(tuple(segments), Meta("en", time))
    return Conversation(transcript, Diarization(tuple(turns), ()), tuple(short))


def _statement(rng: random.Random, full_stops: bool) -> list[str]:
    first, *others = rng.sample(STATEMENT, rng.randint(3, 9))
    return [first.capitalize(), *others[:-1], others[-1] + ("." if full_stops else "")]


def _spoken(rng: random.Random, texts: list[str], start: Seconds, speaker: str) -> list[Word]:
    """Return the words from `start`, each 0.15–0.5 s long, without pauses."""
    words = []
    for text in texts:
        end = round(start + rng.uniform(0.15, 0.5), 3)
        words.append(Word(text, start, end, speaker=speaker))
        start = end
    return words
