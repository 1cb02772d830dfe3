"""How far apart voices of one person may be, by the linkage of centroids and by that of averages: DER by threshold.

    python -m tests.benchmarks.linkage --embedder NAME   # module:function, or a directory; else the samples' own

Each recording is heard once, then clustered at each threshold, a distance of unit vectors. Readers take turns of
2 to 9 s in made talks, partly at once. Chosen is, for each set, the threshold that is best on all other sets; of
equally good ones the middle. DER is in percent, collar 0, overlap scored; in brackets how often the number of
speakers is right.
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
from meetscribe.diarization.output import to_diarization
from meetscribe.diarization.reconstruction import reconstruct
from meetscribe.diarization.windows import Windows, compute_windows
from meetscribe.evaluation import DiarizationErrorRate, der
from meetscribe.runtime.devices import Device
from meetscribe.timeline import Turn
from tests.benchmarks.diarization import DATA, SAMPLES, Truth, sets
from tests.support.microphones import Samples

METHODS = ("centroid", "average")
THRESHOLDS = tuple(round(0.45 + 0.05 * step, 2) for step in range(11))
TALKS = ((0, 1, 2), (0, 2), (3, 4), (0, 1, 2, 3, 4))
ALIKE = 0.002  # a difference of DER that is none


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is wrong, and in how many recordings as many speakers are found as there are."""

    error: DiarizationErrorRate
    right: int

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(self.error + other.error, self.right + other.right)

    @property
    def rate(self) -> float:
        """DER."""
        return self.error.rate or 0.0


def talks(readers: Path) -> Iterator[Truth]:
    """The talks, each in one recording."""
    for seed, numbers in enumerate(TALKS):
        tracks, turns = talk(readers, numbers, seed)
        yield Truth(Audio(np.clip(sum(tracks.values()), -1, 1), f"talk {seed}", ""), turns)


def talk(readers: Path, numbers: Sequence[int], seed: int) -> tuple[dict[str, Samples], tuple[Turn, ...]]:
    """What each of some readers says in a talk of two minutes, in tracks of one length, and when."""
    folders = sorted(folder for folder in readers.iterdir() if folder.is_dir())
    chance = random.Random(seed)
    tracks = {str(number): np.zeros(140 * SAMPLE_RATE, np.float32) for number in numbers}
    turns, time, last = list[Turn](), 0.3, -1
    while time < 120:
        last = chance.choice([number for number in numbers if number != last])
        read = load_audio(chance.choice(sorted(folders[last].rglob("*.flac")))).samples
        said = read[: round(chance.uniform(2, 9) * SAMPLE_RATE)]
        first = round(time * SAMPLE_RATE)
        tracks[str(last)][first : first + len(said)] += 0.06 * said / np.sqrt(np.mean(said**2))
        turns.append(Turn(time, time + len(said) / SAMPLE_RATE, str(last)))
        time += max(0.5, len(said) / SAMPLE_RATE + chance.uniform(-0.6, 0.8))
    return tracks, tuple(sorted(turns))


def hear(diarizer: Diarizer, truth: Truth) -> Windows:
    """What the networks make of a recording."""
    pipeline = diarizer.loaded.pipeline
    pipeline.instantiate(diarizer.loaded.parameters(truth.audio.duration))
    return compute_windows(truth.audio, pipeline, diarizer.loaded.window_embedder)


def outcome(diarizer: Diarizer, truth: Truth, windows: Windows, method: str, threshold: float) -> Outcome:
    """What is wrong at a threshold."""
    pipeline, settings = diarizer.loaded.pipeline, diarizer.settings
    parameters = diarizer.loaded.parameters(truth.audio.duration)
    # Of unit vectors: the mean of their cosine distances is half the mean square of their distances.
    parameters["clustering"] |= {
        "method": method,
        "threshold": threshold**2 / 2 if method == "average" else threshold,
    }
    pipeline.instantiate(parameters)
    clusters = cluster(windows, pipeline.clustering, LinkingRule(threshold), len(windows))
    found = to_diarization(reconstruct(windows, clusters), clusters.centroids, truth.audio.duration, settings, None)
    right = len(found.speakers) == len({turn.speaker for turn in truth.turns})
    return Outcome(der(truth.turns, found.turns), int(right))


def show(method: str, found: Mapping[str, Sequence[Outcome]], sizes: Mapping[str, int]) -> None:
    """Print the errors at each threshold, and at that which is chosen on the other sets."""
    print(f"\n{method:<11}" + "".join(f"{name:>26}" for name in found) + f"{'mean':>8}")
    for place, threshold in enumerate(THRESHOLDS):
        cells = [f"{each[place].rate:>14.1%} ({each[place].right} of {sizes[name]})" for name, each in found.items()]
        mean = np.mean([each[place].rate for each in found.values()])
        print(f"{threshold:<11.2f}" + "".join(f"{cell:>26}" for cell in cells) + f"{mean:>8.1%}")
    if len(found) < 2:
        return
    places = {name: chosen([each for other, each in found.items() if other != name]) for name in found}
    cells = [f"{each[places[name]].rate:>14.1%} at {THRESHOLDS[places[name]]:.2f}" for name, each in found.items()]
    mean = np.mean([each[places[name]].rate for name, each in found.items()])
    print(f"{'chosen':<11}" + "".join(f"{cell:>26}" for cell in cells) + f"{mean:>8.1%}")


def chosen(others: Sequence[Sequence[Outcome]]) -> int:
    """The place of the threshold that is best on these sets."""
    means = np.mean([[outcome.rate for outcome in each] for each in others], axis=0)
    good = np.flatnonzero(means <= means.min() + ALIKE)
    return int(good[len(good) // 2])


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--embedder", help="of real voices: then real recordings are measured, else the samples")
    parser.add_argument("--data", type=Path, default=DATA, help="where the real recordings are")
    options = parser.parse_args()
    embedder = options.embedder or str(SAMPLES / "weights" / "embedder")
    diarizer = load_diarizer(DiarizationSettings(pipeline="bundled", embedder=embedder), Device("cpu"))
    known = {name: truths for name, truths in sets(options.data) if ("made" in name) is (options.embedder is None)}
    known.pop("one long", None)
    if options.embedder and (readers := options.data / "librispeech-speakers").is_dir():
        known["readers taking turns"] = list(talks(readers))
    heard = {name: [(truth, hear(diarizer, truth)) for truth in truths] for name, truths in known.items()}
    for method in METHODS:
        found = {
            name: [reduce(add, (outcome(diarizer, *each, method, at) for each in pairs)) for at in THRESHOLDS]
            for name, pairs in heard.items()
        }
        show(method, found, {name: len(pairs) for name, pairs in heard.items()})


if __name__ == "__main__":
    main()
