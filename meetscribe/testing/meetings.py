"""Synthetic meetings with exactly known words, times and speakers."""

from __future__ import annotations

import random
import string
from dataclasses import dataclass

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.text.splitting import spread
from meetscribe.timeline import Diarization, Seconds, Span, Turn, merge_turns, union
from meetscribe.transcript import Meta, RecordingFile, Segment, Transcript, Word

LETTERS = string.ascii_lowercase
"""The letters encoded in synthetic audio."""

_VOCABULARY = """
the plan for this week was not ready but we can move the review to monday and ask about cost before anyone
else does so please send notes today because nobody knows what changed since then
"""
_LETTER_DURATION: Seconds = 0.06


@dataclass(frozen=True, slots=True)
class SyntheticMeeting:
    """A meeting with its reference `transcript`: every word with its time and speaker."""

    transcript: Transcript

    @property
    def diarization(self) -> Diarization:
        """The turns, with pauses under half a second filled."""
        return Diarization(self.transcript.turns, self.transcript.exclusive)

    @property
    def speech(self) -> tuple[Span, ...]:
        """The speech activity: the union of all turns."""
        return union(turn.span for turn in self.transcript.turns)

    def audio(self) -> Audio:
        """Return the audio of the meeting; see `synthetic_audio`."""
        return synthetic_audio(self.transcript)


def synthetic_meeting(
    speakers: int = 3, turns: int = 8, seed: int = 0, language: str = "en", name: str = "meeting.wav"
) -> SyntheticMeeting:
    """Return a meeting in which `speakers` people take turns without overlap.

    Equal arguments yield equal meetings.
    """
    rng = random.Random(seed)
    segments: list[Segment] = []
    time = 0.5
    for number in range(turns):
        speaker = f"SPEAKER_{number % speakers if number < speakers else rng.randrange(speakers):02d}"
        words, time = _sentence(rng, speaker, time)
        segments.append(Segment(tuple(words)))
        time += rng.uniform(0.6, 1.5)
    spoken = [Turn(segment.start, segment.end, segment.speaker or "") for segment in segments]
    merged = merge_turns(spoken, max_gap=0.5)
    meta = Meta(language, time, RecordingFile(name, "sha256:" + "0" * 64), turns=merged, exclusive=merged)
    return SyntheticMeeting(Transcript(tuple(segments), meta))


def synthetic_audio(transcript: Transcript) -> Audio:
    """Return samples in which the amplitude identifies each letter of a word; pauses are silent."""
    samples = np.zeros(round(transcript.duration * SAMPLE_RATE), dtype=np.float32)
    for word in transcript.words:
        letters = [letter for letter in word.text.lower() if letter in LETTERS]
        for letter, span in zip(letters, spread(letters, word.span), strict=True):
            samples[round(span.start * SAMPLE_RATE) : round(span.end * SAMPLE_RATE)] = amplitude(letter)
    source = transcript.recording or RecordingFile("synthetic.wav")
    return Audio(samples, source.name, source.hash or "sha256:" + "0" * 64)


def amplitude(letter: str) -> float:
    """Return the amplitude of a letter in synthetic audio, a multiple of 1/32, which float32 represents exactly."""
    return (LETTERS.index(letter) + 1) / 32


def _sentence(rng: random.Random, speaker: str, start: Seconds) -> tuple[list[Word], Seconds]:
    """Return a random sentence of a speaker from `start`, and its end."""
    texts = [rng.choice(_VOCABULARY.split()) for _ in range(rng.randint(3, 9))]
    texts[0] = texts[0].capitalize()
    texts[-1] += "."
    words = []
    for text in texts:
        end = start + _LETTER_DURATION * len(text.rstrip("."))
        words.append(Word(text, start, end, "aligned", 1.0, speaker=speaker, speaker_score=1.0, speaker_source="turn"))
        start = end + rng.uniform(0.05, 0.15)
    return words, words[-1].end
