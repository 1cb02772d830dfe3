"""Measure DER by clustering threshold, with centroid and with average linkage.

    python -m tests.benchmarks.linkage --embedder NAME   # module:function or a directory [that of the samples]

The embeddings of each recording are computed once and clustered at each threshold, a distance of unit vectors. One set
consists of synthetic talks in which readers take turns of 2 to 9 s with some overlap. The row `chosen` uses for each
set the threshold that is best on all other sets, the middle one of several equally good ones. DER has collar 0 and
includes overlap. Parentheses hold the number of recordings with the right number of speakers.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import add
from pathlib import Path

import numpy as np

from meetscribe.audio import SAMPLE_RATE, Audio, load_audio
from meetscribe.diarization import DiarizationSettings, Diarizer, load_diarizer
from meetscribe.diarization.block_linking import LinkingRule
from meetscribe.diarization.clustering import cluster
from meetscribe.diarization.inference import compute_windows
from meetscribe.diarization.output import to_diarization
from meetscribe.diarization.pyannote_clustering import PyannoteClustering
from meetscribe.diarization.reconstruction import reconstruct
from meetscribe.diarization.windows import Windows
from meetscribe.evaluation import DiarizationErrorRate, der
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Turn
from tests.benchmarks.diarization import DATA, SAMPLES, Truth, sets
from tests.support.microphones import Samples

METHODS = ("centroid", "average")
THRESHOLDS = tuple(round(0.45 + 0.05 * step, 2) for step in range(11))
TALKS = ((0, 1, 2), (0, 2), (3, 4), (0, 1, 2, 3, 4))
TOLERANCE = 0.002  # differences of DER up to this are ignored


@dataclass(frozen=True, slots=True)
class Outcome:
    """The errors, and the number of recordings with the right number of speakers."""

    error: DiarizationErrorRate
    right: int

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.error + other.error, self.right + other.right)

    @property
    def rate(self) -> float:
        """Return the DER."""
        return self.error.rate or 0.0


def talks(readers: Path) -> Iterator[Truth]:
    """Yield the talks, each mixed to one recording."""
    for seed, numbers in enumerate(TALKS):
        tracks, turns = talk(readers, numbers, seed)
        yield Truth(Audio(np.clip(sum(tracks.values()), -1, 1), f"talk {seed}", ""), turns)


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


def compute(diarizer: Diarizer, truth: Truth) -> Windows:
    """Run the networks on a recording."""
    pipeline = diarizer.loaded.pipeline
    pipeline.instantiate(diarizer.loaded.parameters(truth.audio.duration))
    return compute_windows(truth.audio, pipeline, diarizer.loaded.window_embedder)


def outcome(diarizer: Diarizer, truth: Truth, windows: Windows, method: str, threshold: float) -> Outcome:
    """Score a recording clustered at a threshold."""
    pipeline, settings = diarizer.loaded.pipeline, diarizer.settings
    parameters = diarizer.loaded.parameters(truth.audio.duration)
    # For unit vectors the cosine distance is half the squared Euclidean distance.
    parameters["clustering"] |= {
        "method": method,
        "threshold": threshold**2 / 2 if method == "average" else threshold,
    }
    pipeline.instantiate(parameters)
    size = parameters["clustering"]["min_cluster_size"]
    clusters = cluster(windows, PyannoteClustering(pipeline.clustering), LinkingRule(threshold, size), len(windows))
    found = to_diarization(reconstruct(windows, clusters), clusters.centroids, truth.audio.duration, settings, None)
    right = len(found.speakers) == len({turn.speaker for turn in truth.turns})
    return Outcome(der(truth.turns, found.turns), int(right))


def show(method: str, found: Mapping[str, Sequence[Outcome]], sizes: Mapping[str, int]) -> None:
    """Print the errors at each threshold, and at the one chosen on the other sets."""
    print(f"\n{method:<11}" + "".join(f"{name:>26}" for name in found) + f"{'mean':>8}")
    for index, threshold in enumerate(THRESHOLDS):
        cells = [f"{each[index].rate:>14.1%} ({each[index].right} of {sizes[name]})" for name, each in found.items()]
        mean = np.mean([each[index].rate for each in found.values()])
        print(f"{threshold:<11.2f}" + "".join(f"{cell:>26}" for cell in cells) + f"{mean:>8.1%}")
    if len(found) < 2:
        return
    best = {name: chosen([each for other, each in found.items() if other != name]) for name in found}
    cells = [f"{each[best[name]].rate:>14.1%} at {THRESHOLDS[best[name]]:.2f}" for name, each in found.items()]
    mean = np.mean([each[best[name]].rate for name, each in found.items()])
    print(f"{'chosen':<11}" + "".join(f"{cell:>26}" for cell in cells) + f"{mean:>8.1%}")


def chosen(others: Sequence[Sequence[Outcome]]) -> int:
    """Return the index of the threshold that is best on these sets."""
    means = np.mean([[outcome.rate for outcome in each] for each in others], axis=0)
    good = np.flatnonzero(means <= means.min() + TOLERANCE)
    return int(good[len(good) // 2])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedder", help="an embedder for real speech; the real recordings are then measured instead")
    parser.add_argument("--data", type=Path, default=DATA, help="folder of the real recordings")
    options = parser.parse_args()
    embedder = options.embedder or str(SAMPLES / "weights" / "embedder")
    diarizer = load_diarizer(DiarizationSettings(pipeline="bundled", embedder=embedder), Device("cpu"))
    synthetic = options.embedder is None
    known = {name: truths for name, truths in sets(options.data) if ("synthetic" in name) is synthetic}
    known.pop("one long", None)
    if options.embedder and (readers := options.data / "librispeech-speakers").is_dir():
        known["readers taking turns"] = list(talks(readers))
    computed = {name: [(truth, compute(diarizer, truth)) for truth in truths] for name, truths in known.items()}
    for method in METHODS:
        found = {
            name: [reduce(add, (outcome(diarizer, *each, method, at) for each in pairs)) for at in THRESHOLDS]
            for name, pairs in computed.items()
        }
        show(method, found, {name: len(pairs) for name, pairs in computed.items()})


if __name__ == "__main__":
    main()
