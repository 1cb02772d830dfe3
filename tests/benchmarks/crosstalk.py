"""Measure speech activity with one microphone per speaker, with and without the removal of crosstalk.

    python -m tests.benchmarks.crosstalk     # the samples, and real readers if they are present

Each microphone also records the other speakers, attenuated and slightly delayed, and has its own noise. The interview
is left out, since the removal was developed on it. Rates are shares of the speech time: `false alarm` is activity in a
microphone while its owner is silent, `missed` is speech of the owner that is not detected.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio, without_crosstalk
from meetscribe.evaluation import DiarizationErrorRate, der
from meetscribe.formats.rttm import read_rttm
from meetscribe.segmentation import detect_speech_activity
from meetscribe.timeline import Turn
from tests.benchmarks.diarization import DATA, SAMPLES
from tests.support.microphones import Samples, cut_tracks, with_crosstalk

BLEEDS = (-12.0, -18.0, -25.0)  # dB; level of the other speakers
TALKS = ((0, 1, 2), (0, 2), (3, 4), (0, 1, 2, 3, 4))  # numbers of readers
LENGTH = 180  # seconds used of a sample
NOISE = 10 ** (-65 / 20)


def cases(data: Path) -> Iterator[tuple[str, list[Samples], tuple[Turn, ...]]]:
    """Yield the name of each case, a track per speaker in order of the names, and the turns."""
    for name in ("standup", "planning"):
        known = read_rttm((SAMPLES / f"{name}.rttm").read_bytes(), name)
        turns = tuple(turn for turn in known if turn.end < LENGTH)
        samples = load_audio(SAMPLES / f"{name}.flac").samples[: LENGTH * SAMPLE_RATE]
        yield name, cut_tracks(samples, turns, [[speaker] for speaker in speakers(turns)]), turns
    readers = data / "librispeech-speakers"
    if not readers.is_dir():
        print(f"real speakers are skipped: no folder {readers}")
        return
    for seed, numbers in enumerate(TALKS):
        tracks, turns = talk(readers, numbers, seed)
        yield f"{len(numbers)} readers", [tracks[speaker] for speaker in speakers(turns)], turns


def talk(readers: Path, numbers: Sequence[int], seed: int) -> tuple[dict[str, Samples], tuple[Turn, ...]]:
    """Return a talk of two minutes: a track per reader, all of the same length, and the turns."""
    folders = sorted(folder for folder in readers.iterdir() if folder.is_dir())
    rng = random.Random(seed)
    tracks = {str(number): np.zeros(140 * SAMPLE_RATE, np.float32) for number in numbers}
    turns, time, last = list[Turn](), 0.3, -1
    while time < 120:
        last = rng.choice([number for number in numbers if number != last])
        samples = load_audio(rng.choice(sorted(folders[last].rglob("*.flac")))).samples
        clip = samples[: round(rng.uniform(2, 9) * SAMPLE_RATE)]
        first = round(time * SAMPLE_RATE)
        tracks[str(last)][first : first + len(clip)] += 0.06 * clip / np.sqrt(np.mean(clip**2))
        turns.append(Turn(time, time + len(clip) / SAMPLE_RATE, str(last)))
        time += max(0.5, len(clip) / SAMPLE_RATE + rng.uniform(-0.6, 0.8))
    return tracks, tuple(sorted(turns))


def speakers(turns: Sequence[Turn]) -> list[str]:
    """Return the names of the speakers, sorted."""
    return sorted({turn.speaker for turn in turns})


def activity_errors(microphones: Sequence[Audio], turns: Sequence[Turn]) -> DiarizationErrorRate:
    """Return the errors if all speech activity of a microphone is assigned to its owner."""
    names = speakers(turns)
    found = [
        Turn(span.start, span.end, name)
        for name, audio in zip(names, microphones, strict=True)
        for span in detect_speech_activity(audio)
    ]
    errors = DiarizationErrorRate.zero()
    for name in names:  # one by one, since the mapping of speakers is known
        own = [turn for turn in turns if turn.speaker == name]
        errors += der(own, [turn for turn in found if turn.speaker == name], collar=0.25)
    return errors


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real recordings")
    data = parser.parse_args().data
    print(f"{'':<12}{'bleed':>8}{'without: false alarm':>22}{'missed':>8}{'with: false alarm':>19}{'missed':>8}")
    for name, tracks, turns in cases(data):
        noise = np.random.default_rng(0)
        for bleed in BLEEDS:
            mixed = [track + NOISE * noise.normal(size=len(track)) for track in with_crosstalk(tracks, bleed)]
            raw = [Audio(track.astype(np.float32), name, "") for track in mixed]
            row = f"{name:<12}{bleed:>5.0f} dB"
            for width, microphones in ((22, raw), (19, without_crosstalk(raw))):
                errors = activity_errors(microphones, turns)
                row += f"{errors.false_alarm / errors.total:>{width}.1%}{errors.miss / errors.total:>8.1%}"
            print(row, flush=True)


if __name__ == "__main__":
    main()
