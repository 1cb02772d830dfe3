"""What microphones hear of others' speech, with and without the rule that silences it, on voices it was not made with.

    python -m tests.benchmarks.microphones     # the samples, and real readers where they are

Each speaker has a microphone, which hears the others by so many decibels less, a little later and with noise of its
own. The rule was made with the interview, which is left out. Of the seconds that people speak: theirs is what is
heard in another's microphone while its owner is silent, lost what is not heard in one's own, both in percent.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio, without_crosstalk
from meetscribe.evaluation import DiarizationErrorRate, der
from meetscribe.formats.rttm import read_rttm
from meetscribe.segmentation import detect_speech_activity
from meetscribe.timeline import Turn
from tests.benchmarks.diarization import DATA, SAMPLES
from tests.benchmarks.linkage import TALKS, talk
from tests.support.microphones import Samples, cut_tracks, with_crosstalk

BLEEDS = (-12.0, -18.0, -25.0)
LENGTH = 180  # seconds of a sample
NOISE = 10 ** (-65 / 20)


def cases(data: Path) -> Iterator[tuple[str, list[Samples], tuple[Turn, ...]]]:
    """Each case with its name, a track for each speaker in order of their names, and the turns."""
    for name in ("standup", "planning"):
        known = read_rttm((SAMPLES / f"{name}.rttm").read_bytes(), name)
        turns = tuple(turn for turn in known if turn.end < LENGTH)
        samples = load_audio(SAMPLES / f"{name}.flac").samples[: LENGTH * SAMPLE_RATE]
        yield name, cut_tracks(samples, turns, [[speaker] for speaker in speakers(turns)]), turns
    readers = data / "librispeech-speakers"
    if not readers.is_dir():
        print(f"no {readers}: real voices are left out")
        return
    for seed, numbers in enumerate(TALKS):
        tracks, turns = talk(readers, numbers, seed)
        yield f"{len(numbers)} readers", [tracks[speaker] for speaker in speakers(turns)], turns


def speakers(turns: Sequence[Turn]) -> list[str]:
    """Who speaks, by name."""
    return sorted({turn.speaker for turn in turns})


def heard(microphones: Sequence[Audio], turns: Sequence[Turn]) -> DiarizationErrorRate:
    """The errors, if all that is heard in a microphone is its owner's."""
    names = speakers(turns)
    found = [
        Turn(span.start, span.end, name)
        for name, audio in zip(names, microphones, strict=True)
        for span in detect_speech_activity(audio)
    ]
    errors = DiarizationErrorRate.zero()
    for name in names:  # each alone: who is whom is known
        own = [turn for turn in turns if turn.speaker == name]
        errors += der(own, [turn for turn in found if turn.speaker == name], collar=0.25)
    return errors


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=DATA, help="where the real recordings are")
    data = parser.parse_args().data
    print(f"{'':<12}{'bleed':>8}{'without: theirs':>18}{'lost':>8}{'with: theirs':>15}{'lost':>8}")
    for name, tracks, turns in cases(data):
        noise = np.random.default_rng(0)
        for bleed in BLEEDS:
            mixed = [track + NOISE * noise.normal(size=len(track)) for track in with_crosstalk(tracks, bleed)]
            raw = [Audio(track.astype(np.float32), name, "") for track in mixed]
            row = f"{name:<12}{bleed:>5.0f} dB"
            for width, microphones in ((18, raw), (15, without_crosstalk(raw))):
                errors = heard(microphones, turns)
                row += f"{errors.false_alarm / errors.total:>{width}.1%}{errors.miss / errors.total:>8.1%}"
            print(row, flush=True)


if __name__ == "__main__":
    main()
