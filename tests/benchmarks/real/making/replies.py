"""Meetings of real voices with many short replies, overlap, rooms and noise, all seeded.

Each reader has a position in a room, that is, a loudness and an impulse response: the direct sound and exponentially
decaying noise. A third of the turns are replies of 0.5 to 1.2 s. The reference turns are the speech that was placed:
leading and trailing silence is cut from each utterance, pauses within it belong to the turn.

The voices and seeds are divided: three readers of LibriSpeech to tune on, two others and one reader per language to
hold out.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.timeline import Seconds, Turn
from tests.benchmarks.diarization import Truth

Samples = npt.NDArray[np.float32]

_FRAME, _STEP = 400, 160  # samples of an energy frame and of its step
_SILENCE = 0.05  # of the loudness of the loudest frames
_SHORTEST: Seconds = 0.4


@dataclass(frozen=True, slots=True)
class Plan:
    """The number of the first voice, the number of voices, the seed and the signal-to-noise ratio of a meeting."""

    first: int
    voices: int
    seed: int
    noise: float = 25.0


TUNE = (Plan(0, 3, 1), Plan(0, 2, 2), Plan(1, 2, 3), Plan(0, 3, 4, 15.0))
HELD_OUT = (Plan(0, 2, 11), Plan(1, 2, 12), Plan(0, 4, 13), Plan(2, 3, 14, 15.0), Plan(0, 6, 15), Plan(3, 5, 16))


def meetings(data: Path) -> Iterator[tuple[str, list[Truth]]]:
    """Yield the meetings to tune on and those held out, each with the name of the set."""
    tune, held_out = voices(data)
    for name, plans, given in (("meetings, tune", TUNE, tune), ("meetings, held out", HELD_OUT, held_out)):
        yield name, [make_meeting(dict(list(given.items())[p.first : p.first + p.voices]), p) for p in plans]


def voices(data: Path) -> tuple[dict[str, list[Samples]], dict[str, list[Samples]]]:
    """Return the utterances of each voice, those to tune on and those held out."""
    readers = [folder for folder in sorted((data / "librispeech-speakers").iterdir()) if folder.is_dir()]
    tune = {folder.name: _read(sorted(folder.glob("*.flac"))) for folder in readers[:3]}
    held_out = {folder.name: _read(sorted(folder.glob("*.flac"))) for folder in readers[3:]}
    for file in sorted((data / "languages").glob("*.flac")):
        held_out.setdefault(file.stem[:2], []).extend(_read([file]))
    return tune, held_out


def make_meeting(given: Mapping[str, Sequence[Samples]], plan: Plan, seconds: Seconds = 75.0) -> Truth:
    """Return a meeting of some voices, with its reference turns."""
    rng, noise = random.Random(plan.seed), np.random.default_rng(plan.seed)
    rooms = {name: _impulse_response(rng, noise) for name in given}
    loudness = {name: rng.uniform(0.03, 0.08) for name in given}
    sound = np.zeros(round((seconds + 20) * SAMPLE_RATE), np.float32)
    turns: list[Turn] = []
    time, speaker = 0.4, ""
    while time < seconds:
        speaker = rng.choice([name for name in given if name != speaker])
        clip = _excerpt(rng, rng.choice(given[speaker]))
        if len(clip) < _SHORTEST * SAMPLE_RATE:
            continue
        heard = np.convolve(clip, rooms[speaker])
        first = round(time * SAMPLE_RATE)
        sound[first : first + len(heard)] += loudness[speaker] * heard / np.sqrt(np.mean(clip**2))
        turns.append(Turn(time, time + len(clip) / SAMPLE_RATE, speaker))
        time += max(0.3, len(clip) / SAMPLE_RATE + rng.uniform(-0.8, 1.2))
    sound = sound[: round((max(turn.end for turn in turns) + 0.5) * SAMPLE_RATE)]
    level = np.sqrt(np.mean(sound**2)) * 10 ** (-plan.noise / 20)
    mixed = np.clip(sound + noise.normal(0, level, len(sound)), -1, 1).astype(np.float32)
    return Truth(Audio(mixed, f"meeting {plan.seed}", f"sha256:{plan.seed:064x}"), tuple(sorted(turns)))


def _excerpt(rng: random.Random, utterance: Samples) -> Samples:
    """Return a part of an utterance, as long as a reply or a turn, without silence at its ends."""
    seconds = rng.uniform(0.5, 1.2) if rng.random() < 0.3 else rng.uniform(2, 9)
    length = min(len(utterance), round(seconds * SAMPLE_RATE))
    first = rng.randrange(len(utterance) - length + 1)
    return _trimmed(utterance[first : first + length])


def _impulse_response(rng: random.Random, noise: np.random.Generator) -> Samples:
    """Return the direct sound of 1, and reverberation that falls by 60 dB in 0.15 to 0.4 s."""
    decay = rng.uniform(0.15, 0.4)
    time = np.arange(round(0.25 * SAMPLE_RATE)) / SAMPLE_RATE
    response = noise.normal(0, 1, len(time)) * np.exp(-6.9 * time / decay)
    response *= rng.uniform(0.1, 0.5) / np.sqrt(np.sum(response**2))
    response[0] = 1
    return response.astype(np.float32)


def _read(files: Sequence[Path]) -> list[Samples]:
    """Return the utterances in files, without silence at their ends."""
    return [_trimmed(load_audio(file).samples[:]) for file in files]


def _trimmed(samples: Samples) -> Samples:
    """Return samples without silence at their ends, by the energy of frames."""
    if len(samples) < _FRAME:
        return samples
    frames = np.lib.stride_tricks.sliding_window_view(samples, _FRAME)[::_STEP]
    energy = np.sqrt(np.mean(frames**2, axis=1))
    loud = np.flatnonzero(energy > _SILENCE * np.percentile(energy, 95))
    return samples[loud[0] * _STEP : loud[-1] * _STEP + _FRAME] if len(loud) else samples[:0]
