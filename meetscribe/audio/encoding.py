"""Encoding of speech for web pages: Opus (RFC 6716) in WebM, which browsers play and seek without a server."""

from __future__ import annotations

import io

from meetscribe.audio.values import SAMPLE_RATE, Audio
from meetscribe.runtime.progress import Progress, ignore_progress

BITS_PER_SECOND = 24_000
"""A bit rate sufficient for speech: 11 MB per hour."""

MEDIA_TYPE = "audio/webm"

_BLOCK = 30 * SAMPLE_RATE  # samples encoded at once


def encode_opus(audio: Audio, progress: Progress = ignore_progress, bits_per_second: int = BITS_PER_SECOND) -> bytes:
    """Return a recording as Opus in WebM, at 16 000 Hz in one channel, with an index for seeking."""
    import av
    import numpy as np

    out = io.BytesIO()
    with av.open(out, "w", format="webm") as container:
        stream = container.add_stream("libopus", rate=SAMPLE_RATE, layout="mono", options=_OPTIONS)
        stream.bit_rate = bits_per_second
        for start in range(0, len(audio.samples), _BLOCK):
            block = np.clip(audio.samples[start : start + _BLOCK], -1, 1)
            frame = av.AudioFrame.from_ndarray((block[None] * 32767).astype(np.int16), "s16", "mono")
            frame.sample_rate, frame.pts = SAMPLE_RATE, start
            container.mux(stream.encode(frame))
            progress(min(1.0, (start + _BLOCK) / len(audio.samples)))
        container.mux(stream.encode(None))
    return out.getvalue()


_OPTIONS = {"application": "voip", "compression_level": "6"}
