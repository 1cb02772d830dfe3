"""Make a recording of any length by repeating the samples with varying silences and levels."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

SAMPLES = Path(__file__).parents[2] / "samples"
RATE = 16_000
GAPS = (2.0, 40.0)
"""Range of the silence after a sample, in seconds."""
LEVELS = (0.25, 1.0)
"""Range of the gain of a sample."""


def make_recording(path: Path, hours: float) -> None:
    """Write a FLAC file of the given length; the result is deterministic, and only one block is held in memory."""
    import av
    import numpy as np

    left = round(hours * 3600 * RATE)
    with av.open(path, "w") as container:
        stream: Any = container.add_stream("flac", rate=RATE, layout="mono")
        for block in _blocks():
            frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(block[:, :left]), format="s16", layout="mono")
            frame.sample_rate = RATE
            container.mux(stream.encode(frame))
            left -= frame.samples
            if not left:
                container.mux(stream.encode(None))
                return


def _blocks() -> Iterator[Any]:
    """Yield 16-bit samples `(1, frames)` block by block, endlessly."""
    import numpy as np

    rng, samples = Random(0), sorted(SAMPLES.glob("*.flac"))
    for number in count():
        level = rng.uniform(*LEVELS)
        yield from ((block * level).astype(np.int16) for block in _decoded(samples[number % len(samples)]))
        silence = round(rng.uniform(*GAPS) * RATE)
        yield from (np.zeros((1, min(RATE, silence - start)), np.int16) for start in range(0, silence, RATE))


def _decoded(sample: Path) -> Iterator[Any]:
    """Yield a sample as 16-bit samples `(1, frames)`, block by block."""
    import av

    resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
    with av.open(sample) as container:
        for frame in container.decode(audio=0):
            yield from (block.to_ndarray() for block in resampler.resample(frame))
