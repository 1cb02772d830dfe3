"""Detection of the kind of channel of a recording, by its energy above 6 kHz."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio
from meetscribe.profiles.values import Channel
from meetscribe.timeline import Span

NARROW_DB = -64.0
"""The level of 6.2 to 7.5 kHz, relative to 0.3 to 3 kHz, below which a channel is narrowband.

For 35 real voices, the level is -61 dB or more, except for the two speakers of a telephone call (-67 dB or less); after
G.711 and Opus at 8 kbit/s it is -99 dB or less.
"""

_FRAME = 512  # samples
_LOW = (300.0, 3000.0)  # Hz
_HIGH = (6200.0, 7500.0)  # Hz


def channel_of(audio: Audio, spans: Sequence[Span]) -> Channel:
    """Return the kind of channel of the speech in these spans of a recording."""
    return channel_kind(np.concatenate([np.zeros(0, np.float32), *map(audio.slice, spans)]))


def channel_kind(samples: npt.NDArray[np.float32]) -> Channel:
    """Return the kind of channel of speech `(samples,)` at 16 kHz."""
    return "narrowband" if high_band_db(samples) < NARROW_DB else "wideband"


def high_band_db(samples: npt.NDArray[np.float32]) -> float:
    """Return the level of 6.2 to 7.5 kHz relative to 0.3 to 3 kHz in dB, for speech `(samples,)` at 16 kHz.

    It is the median over the louder half of the analysis frames, so that pauses have no effect; 0 if the speech is
    shorter than a frame of 512 samples.
    """
    count = len(samples) // _FRAME
    if not count:
        return 0.0
    frames = samples[: count * _FRAME].reshape(count, _FRAME) * np.hanning(_FRAME)
    power = np.abs(np.fft.rfft(frames, axis=1)) ** 2
    frequency = np.fft.rfftfreq(_FRAME, 1 / SAMPLE_RATE)
    low, high = (power[:, (first <= frequency) & (frequency < last)].mean(axis=1) for first, last in (_LOW, _HIGH))
    loud = low >= np.median(low)
    ratios = np.maximum(high[loud], 1e-20) / np.maximum(low[loud], 1e-20)
    return float(10 * np.log10(np.median(ratios)))
