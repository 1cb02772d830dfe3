"""Short recordings cut out of the samples."""

from __future__ import annotations

import wave
from pathlib import Path

import numpy as np

from meetscribe.audio import SAMPLE_RATE, load_audio
from meetscribe.timeline import Span

SAMPLES = Path(__file__).parents[3] / "samples"


def cut_clips(folder: Path, count: int, seconds: float) -> list[Path]:
    """Write clips of different passages of the samples, unless they exist, and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    audios = [load_audio(SAMPLES / f"{name}.flac") for name in ("standup", "interview", "planning")]
    paths = []
    for number in range(count):
        audio = audios[number % len(audios)]
        start = (number * 1.7) % (audio.duration - seconds)
        path = folder / f"clip{number:03}.wav"
        if not path.exists():
            samples = audio.slice(Span(start, start + seconds))
            with wave.open(str(path), "wb") as file:
                file.setnchannels(1)
                file.setsampwidth(2)
                file.setframerate(SAMPLE_RATE)
                file.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
        paths.append(path)
    return paths
