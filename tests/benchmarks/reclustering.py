"""Measure how long a recording takes to cluster again with another number of speakers, from stored voiceprints.

    python -m tests.benchmarks.reclustering              # an hour of voiceprints of four speakers, by a formula
    python -m tests.benchmarks.reclustering --hours 0.5,1,2,4

The windows are those of the segmentation of 2021: 5 s, every half second. Each second of the table is processor time
in this process, after the imports, which take half a second: reading the stored analysis, then clustering it.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import time
from pathlib import Path

import numpy as np

from meetscribe.diarization import Analysis, DiarizationSettings, find_speakers
from meetscribe.diarization.clustering.block_linking import LinkingRule
from meetscribe.diarization.windows import Grid, Windows
from meetscribe.results import ANALYSIS, Store, cache_key

HOP, FRAMES, DIMENSION, SPEAKERS = 0.5, 293, 192, 4


def make_analysis(hours: float, seed: int = 0) -> Analysis:
    """Return the analysis of a meeting in which four speakers take turns of about six seconds."""
    rng = np.random.default_rng(seed)
    count = round(hours * 3600 / HOP)
    turns = rng.integers(SPEAKERS, size=count // 12 + 2).repeat(12)
    voices = rng.normal(size=(SPEAKERS, DIMENSION))
    active = np.zeros((count, FRAMES, 3), np.bool_)
    voiceprints = np.full((count, 3, DIMENSION), np.nan, np.float32)
    central = np.zeros((count, DIMENSION), np.float32)
    for window in range(count):
        here, later = turns[window], turns[window + 10]
        central[window] = voices[turns[window + 5]] + rng.normal(0, 0.7, DIMENSION)
        share = 1.0 if here == later else 0.5
        active[window, : round(FRAMES * share), 0] = True
        voiceprints[window, 0] = voices[here] + rng.normal(0, 0.7, DIMENSION)
        if here != later:
            active[window, round(FRAMES * share) :, 1] = True
            voiceprints[window, 1] = voices[later] + rng.normal(0, 0.7, DIMENSION)
    scores = np.clip(active * 0.9 + rng.uniform(0, 0.1, active.shape), 0, 1).astype(np.float16)
    windows = Windows(Grid(HOP, 270 / 16000, 991 / 16000), scores, active, voiceprints, central)
    return Analysis(windows, hours * 3600, LinkingRule(0.8, 12), "formula")


def measure(hours: float) -> str:
    """Return a line of the table."""
    key = cache_key("sha256:" + "0" * 64, "voiceprints", {})
    with tempfile.TemporaryDirectory() as folder:
        store = Store(Path(folder))
        store.save(key, ANALYSIS, make_analysis(hours))
        size = sum(file.stat().st_size for file in Path(folder).rglob("*") if file.is_file())
        started = time.process_time()
        analysis = store.load(key, ANALYSIS)
        read = time.process_time()
    assert analysis is not None
    found = find_speakers(analysis, DiarizationSettings(pipeline="bundled", speakers=3))
    clustered = time.process_time()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    cells = f"{read - started:>9.2f} s{clustered - read:>10.2f} s{clustered - started:>9.2f} s"
    return f"{hours:>6g}{size / 1e6:>9.1f} MB{cells}{len(found.speakers):>10}{peak:>9.0f} MB"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", default="1", help="lengths, separated by commas")
    options = parser.parse_args()
    print(f"{'hours':>6}{'stored':>12}{'reading':>11}{'clustering':>12}{'total':>11}{'speakers':>10}{'peak':>12}")
    for hours in options.hours.split(","):
        print(measure(float(hours)), flush=True)


if __name__ == "__main__":
    main()
