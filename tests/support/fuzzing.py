"""Decode randomly changed recordings, and check the outcome."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from meetscribe.audio import Audio, AudioSettings, load_audio
from meetscribe.errors import InputError
from tests.support.checksums import CORRECTIONS
from tests.support.mutations import mutated
from tests.support.recordings import KINDS, tone, write

LIMITS = AudioSettings(max_duration=600, max_memory_mb=256, timeout=20)
"""Limits that an intact file of a few seconds does not reach."""

OUTCOMES = ("complete", "with a notice", "rejected", "stopped by a limit", "decoder failed")


@dataclass(frozen=True, slots=True)
class Trial:
    """A changed recording: its outcome, and how long it took."""

    kind: str
    seed: int
    outcome: str
    seconds: float


def originals(folder: Path) -> dict[str, bytes]:
    """Return a tone in each container: half a second, three seconds in Ogg, whose pages hold about one."""
    made = {}
    for suffix, (codec, rate) in KINDS.items():
        sound = tone(rate, 2, 3.0 if suffix in ("ogg", "opus") else 0.5)
        path = write(folder / f"tone.{suffix}", sound, codec, rate, video=suffix in ("mp4", "mkv"))
        made[suffix] = path.read_bytes()
    return made


def attempt(kind: str, data: bytes, seed: int, folder: Path) -> Trial:
    """Decode a recording changed by a seed; raises AssertionError for invalid sound.

    With an odd seed its checksums are corrected, for kinds whose checksums the reader verifies.
    """
    path, changed = folder / f"{seed}.{kind}", mutated(data, seed) or b"\0"
    path.write_bytes(CORRECTIONS[kind](changed) if seed % 2 and kind in CORRECTIONS else changed)
    start = time.monotonic()
    try:
        outcome = _audio_outcome(load_audio(path, settings=LIMITS))
    except InputError as error:
        outcome = _error_outcome(error)
    finally:
        path.unlink()
    return Trial(kind, seed, outcome, time.monotonic() - start)


def _audio_outcome(audio: Audio) -> str:
    """Return the outcome for sound, after checking that it is finite, within full scale and not too long."""
    samples = audio.samples[:]
    assert 0 < len(samples) <= LIMITS.max_duration * 16_000
    assert np.isfinite(samples).all() and np.abs(samples).max() <= 1
    return "with a notice" if audio.notices else "complete"


def _error_outcome(error: InputError) -> str:
    """Return the outcome for an error."""
    assert error.remedy
    if "the decoder failed" in error.message:
        return "decoder failed"
    limit = re.search("longer than .* s, the limit|more memory than|was stopped", error.message)
    return "stopped by a limit" if limit else "rejected"
