"""Serialisation of the analysis of a recording: up to 35 MB for an hour of audio.

The arrays are in base64 within JSON, so that reading them cannot run code. Only existing voiceprints are stored,
without compression, which would make them smaller by a twelfth only.
"""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from meetscribe.errors import Notice

if TYPE_CHECKING:
    import numpy.typing as npt

    from meetscribe.diarization.speakers import Analysis
    from meetscribe.diarization.windows import Windows

_LEVEL = 1  # compression level; higher levels take several times longer and save little


def write_analysis(analysis: Analysis) -> str:
    """Return an analysis as text for `read_analysis`."""
    return json.dumps(
        {
            "windows": None if analysis.windows is None else _windows(analysis.windows),
            "duration": analysis.duration,
            "tuned": None if analysis.tuned is None else asdict(analysis.tuned),
            "embedder": analysis.embedder,
            "notices": [asdict(notice) for notice in analysis.notices],
        }
    )


def read_analysis(text: str) -> Analysis:
    """Return the analysis in a text from `write_analysis`.

    Raises ValueError, TypeError or KeyError for other texts.
    """
    from meetscribe.diarization.clustering.block_linking import LinkingRule
    from meetscribe.diarization.speakers import Analysis

    found = json.loads(text)
    return Analysis(
        None if found["windows"] is None else _read_windows(found["windows"]),
        float(found["duration"]),
        None if found["tuned"] is None else LinkingRule(**found["tuned"]),
        found["embedder"],
        tuple(Notice(**notice) for notice in found["notices"]),
    )


def _windows(windows: Windows) -> dict[str, Any]:
    """Return windows as a JSON object."""
    import numpy as np  # importing it takes longer than `meetscribe --help`

    known = np.isfinite(windows.voiceprints).all(axis=2)
    return {
        "grid": asdict(windows.grid),
        "shape": [*windows.scores.shape, windows.voiceprints.shape[2]],
        "scores": _compressed(windows.scores),
        "active": _compressed(np.packbits(windows.active)),
        "known": _compressed(np.packbits(known)),
        "voiceprints": _text(windows.voiceprints[known].tobytes()),
        "central": _text(windows.central.tobytes()),
    }


def _read_windows(found: dict[str, Any]) -> Windows:
    """Return the windows of a JSON object."""
    import numpy as np

    from meetscribe.diarization.windows import Grid, Windows

    count, frames, speakers, dimension = found["shape"]
    known = _bits(found["known"], (count, speakers))
    voiceprints = np.full((count, speakers, dimension), np.nan, np.float32)
    voiceprints[known] = np.frombuffer(_bytes(found["voiceprints"]), np.float32).reshape(-1, dimension)
    scores = np.frombuffer(_decompressed(found["scores"]), np.float16).reshape(count, frames, speakers)
    active = _bits(found["active"], (count, frames, speakers))
    central = np.frombuffer(_bytes(found["central"]), np.float32).reshape(count, dimension)
    return Windows(Grid(**found["grid"]), scores, active, voiceprints, central)


def _bits(text: str, shape: Sequence[int]) -> npt.NDArray[Any]:
    """Return packed bits as a bool array of the given shape."""
    import numpy as np

    count = int(np.prod(shape))
    bits = np.unpackbits(np.frombuffer(_decompressed(text), np.uint8), count=count)
    return bits.astype(np.bool_).reshape(shape)


def _compressed(array: npt.NDArray[Any]) -> str:
    """Return the compressed bytes of an array as text."""
    return _text(zlib.compress(array.tobytes(), _LEVEL))


def _decompressed(text: str) -> bytes:
    """Return the bytes of a text by `_compressed`; raises ValueError if it is damaged."""
    try:
        return zlib.decompress(_bytes(text))
    except zlib.error as error:
        raise ValueError(f"damaged data: {error}") from error


def _text(content: bytes) -> str:
    return base64.b64encode(content).decode("ascii")


def _bytes(text: str) -> bytes:
    """Return the bytes of a text by `_text`; raises ValueError if it is damaged."""
    return base64.b64decode(text, validate=True)
