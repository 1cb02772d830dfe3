"""Changed copies of clips: another speed, another level, noise of the recording's own pauses, and a lossy codec.

Speed as in Ko et al., "Audio augmentation for speech recognition" (Interspeech 2015): resampling, which changes the
pitch too. SpecAugment belongs to the training loop, which applies it to features.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Samples = npt.NDArray[np.float32]

SPEEDS = (0.9, 0.95, 1.05, 1.1)
GAINS = (-12.0, 6.0)
"""The range of gains in decibels; a gain that would clip is reduced."""

RATIOS = (5.0, 20.0)
"""The range of signal-to-noise ratios in decibels."""

CODECS: Mapping[str, tuple[str, int]] = {"mp3": ("mp3", 24_000), "opus": ("libopus", 12_000), "g711": ("pcm_mulaw", 0)}


@dataclass(frozen=True, slots=True)
class Changed:
    """Changed samples, the factor of their speed, and a description such as "speed 1.1, gain -3.2 dB"."""

    samples: Samples
    speed: float
    description: str
