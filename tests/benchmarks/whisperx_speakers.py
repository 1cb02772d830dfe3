"""Attribute words to speakers with whisperX, for the benchmarks of attribution."""

from __future__ import annotations

import warnings

import pandas as pd

from meetscribe.evaluation import UNKNOWN_SPEAKER
from tests.benchmarks.perturbation import Observation


def assign_speakers(observed: Observation, *, fill_nearest: bool = False) -> list[str]:
    """Return the speaker of each word by whisperx.assign_word_speakers, UNKNOWN_SPEAKER where it assigns none."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of torchcodec, which is not needed here
        from whisperx.diarize import assign_word_speakers  # type: ignore[import-untyped]

    frame = pd.DataFrame(
        [(turn.start, turn.end, turn.speaker) for turn in observed.turns], columns=["start", "end", "speaker"]
    )
    words: list[dict[str, object]] = [
        {"word": word.text} if i in observed.untimed else {"word": word.text, "start": word.start, "end": word.end}
        for i, word in enumerate(observed.words)
    ]
    segment = {"start": observed.words[0].start, "end": observed.words[-1].end, "words": words}
    assign_word_speakers(frame, {"segments": [segment]}, fill_nearest=fill_nearest)
    return [str(word.get("speaker", UNKNOWN_SPEAKER)) for word in words]
