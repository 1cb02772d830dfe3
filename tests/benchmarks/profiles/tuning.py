"""Thresholds from the trials of one half of the voices."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from meetscribe.profiles.calibration import Calibration, Thresholds
from meetscribe.profiles.extraction import PIECE, min_agreement
from meetscribe.profiles.values import CHANNELS, PREPROCESSING
from tests.benchmarks.profiles.conditions import CONDITIONS
from tests.benchmarks.profiles.pieces import Pieces
from tests.benchmarks.profiles.trials import Trial
from tests.benchmarks.profiles.voices import Voice

NAMED_MARGIN, SUGGESTED_MARGIN = 0.15, 0.05
"""The margins are not tuned: with few voices the next person is far away. They are those that others found."""

SAFETY = 0.15
"""What is added to the similarity of the closest stranger, because other strangers may be closer: with 0.1, thresholds
tuned on the voices held out gave 1 wrong name in 4,150 trials of the others."""

SUGGESTED_SHARE = 0.01
"""The share of strangers who may be suggested wrongly."""


def tune(trials: Sequence[Trial], agreement: float, measured: str) -> Calibration:
    """Return the calibration: for each channel, no stranger is named, and few are suggested."""
    channels = {channel: _thresholds([trial for trial in trials if trial.used == channel]) for channel in CHANNELS}
    return Calibration(PREPROCESSING, channels, agreement, measured)  # type: ignore[arg-type]


def _thresholds(trials: Sequence[Trial]) -> Thresholds:
    """Return the thresholds of a channel, in steps of 0.01."""
    wrong = np.array([trial.compared[0].score for trial in trials if trial.kind != "known" or not trial.right])
    named = min(1.0, _up(float(wrong.max()) + SAFETY))
    suggested = min(named, _up(float(np.quantile(wrong, 1 - SUGGESTED_SHARE))))
    return Thresholds(named, NAMED_MARGIN, suggested, SUGGESTED_MARGIN)


def _up(value: float) -> float:
    """Return the next multiple of 0.01."""
    return float(np.ceil(round(value * 100, 6)) / 100)


def agreement_limit(pieces: Pieces, voices: Sequence[Voice]) -> tuple[float, float]:
    """Return the least agreement of the pieces of one voice, and the greatest of four of which one is another voice's.

    The limit of a calibration lies between them.
    """
    own, mixed = [], []
    for condition in CONDITIONS:
        units = {voice.name: pieces.vectors[voice.name, condition, PIECE] for voice in voices}
        own += [each for vectors in units.values() if (each := min_agreement(vectors[:6])) is not None]
        for first, second in zip(voices, voices[1:], strict=False):
            if first.kin != second.kin and min(len(units[first.name]), len(units[second.name])) >= 3:
                both = np.concatenate([units[first.name][:3], units[second.name][:1]])
                mixed.append(min_agreement(both) or 0.0)
    return min(own), max(mixed)
