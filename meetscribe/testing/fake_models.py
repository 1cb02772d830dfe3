"""A fake aligner and a fake diarizer for synthetic meetings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from meetscribe.audio import Audio
from meetscribe.runtime.progress import Progress, ignore_progress
from meetscribe.testing.meetings import LETTERS, SyntheticMeeting, amplitude
from meetscribe.timeline import Diarization, Span, overlap

STRIDE = 320
"""The number of samples per frame of FakeAligner."""


@dataclass(frozen=True, slots=True)
class FakeAligner:
    """An Aligner that recognises the letters in `synthetic_audio`."""

    language: str = "en"
    model: str = "fake"
    blank: int = 0
    stride: int = STRIDE

    @property
    def dictionary(self) -> Mapping[str, int]:
        """The column of each letter."""
        return {"|": 1} | {letter: column for column, letter in enumerate(LETTERS, start=2)}

    def emissions(self, clips: Sequence[npt.NDArray[np.float32]]) -> list[npt.NDArray[np.float32]]:
        """Return the log probabilities `(frames, columns)` of each clip `(samples,)`.

        In each frame, one column has the probability 0.9.
        """
        columns = len(LETTERS) + 2
        emissions = []
        for clip in clips:
            frames = clip[: len(clip) // STRIDE * STRIDE].reshape(-1, STRIDE)
            column = np.round(np.median(frames, axis=1) / amplitude("a")).astype(int)
            column = np.where(column > 0, column + 1, self.blank)
            log_probs = np.full((len(frames), columns), np.log(0.1 / (columns - 1)), dtype=np.float32)
            log_probs[np.arange(len(frames)), column] = np.log(0.9)
            emissions.append(log_probs)
        return emissions


@dataclass(frozen=True, slots=True)
class FakeDiarizer:
    """A Diarizer that returns the turns of a meeting."""

    meeting: SyntheticMeeting
    embedder: str | None = "fake-4"

    def diarize(self, audio: Audio, progress: Progress = ignore_progress) -> Diarization:
        """Return the turns of the meeting, with a voiceprint `(4,)` for each speaker."""
        progress(1.0)
        found = self.meeting.diarization
        prints = {speaker: np.eye(4, dtype=np.float32)[number % 4] for number, speaker in enumerate(found.speakers)}
        return replace(found, voiceprints=prints, embedder=self.embedder)

    def voiceprints(self, audio: Audio, groups: Sequence[Sequence[Span]]) -> npt.NDArray[np.float32]:
        """Return the voiceprint of the main speaker of each group of spans, `(groups, 4)`."""
        turns, speakers = self.meeting.diarization.turns, self.meeting.diarization.speakers
        durations = [
            [sum(overlap(span, [t.span for t in turns if t.speaker == who]) for span in spans) for who in speakers]
            for spans in groups
        ]
        return np.eye(4, dtype=np.float32)[[int(np.argmax(shares)) % 4 for shares in durations]]
