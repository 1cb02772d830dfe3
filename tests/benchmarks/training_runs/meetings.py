"""Meetings with given sentences, spoken by the synthesisers of the samples' recipe."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import soundfile

from meetscribe.audio import SAMPLE_RATE
from tests.benchmarks.training_material import recipe

_SECONDS_PER_WORD = 0.42  # of the synthesisers on average, with their pauses
_SENTENCES_IN_A_TURN = (1, 1, 2, 2, 3)
_PAUSES_IN_A_TURN, _PAUSES_BETWEEN = (0.15, 0.9), (0.1, 1.5)
_NOISE_DB = -62.0  # of full scale


def write_meeting(folder: Path, name: str, speakers: Sequence[str], sentences: Iterator[str], minutes: float) -> Path:
    """Write a meeting of about `minutes`, unless it exists, and return the path of its reference words.

    The name determines levels, pitches and rates of the speakers, and who speaks when.
    """
    making, rng = recipe("make_meeting"), random.Random(name)
    lines = list(_lines(speakers, sentences, minutes, rng))
    reference, last = folder / f"{name}.words.jsonl", folder / f"{name}.plan.json"
    if last.is_file():
        return reference
    manners = {
        each: making.Manner(rng.uniform(-7, 0), rng.uniform(0.95, 1.05), rng.uniform(0.9, 1.15)) for each in speakers
    }
    spoken = making.lay_out(lines, manners, rng)
    folder.mkdir(parents=True, exist_ok=True)
    samples = making.mix(spoken, [list(speakers)], _NOISE_DB, rng.randrange(2**32))
    soundfile.write(folder / f"{name}.flac", samples, SAMPLE_RATE)
    making.write_truth(folder, name, spoken, {})
    return reference


def _lines(speakers: Sequence[str], sentences: Iterator[str], minutes: float, rng: random.Random) -> Iterator[Any]:
    """Yield the lines of a meeting in turns of one to three sentences."""
    line, seconds, speaker = recipe("script").Line, 0.0, ""
    while seconds < 60 * minutes:
        speaker = rng.choice([each for each in speakers if each != speaker])
        pauses = [_PAUSES_BETWEEN] + [_PAUSES_IN_A_TURN] * (rng.choice(_SENTENCES_IN_A_TURN) - 1)
        for ends, text in zip(pauses, sentences, strict=False):
            pause = rng.uniform(*ends)
            seconds += pause + _SECONDS_PER_WORD * len(text.split())
            yield line(speaker, text, pause)
