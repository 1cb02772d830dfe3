"""Measure the accuracy of the whole pipeline on recordings with references.

    python -m tests.benchmarks.accuracy                     # the samples, with samples/offline.toml
    python -m tests.benchmarks.accuracy FOLDER …            # recordings X.flac with X.words.jsonl and X.rttm
    python -m tests.benchmarks.accuracy --seeds 201-220 FOLDER  # make meetings of these seeds there first

Words are compared in lower case without punctuation. DER is scored on the reference turns with collar 0, overlap
included. Word boundaries are those of the correctly recognised words. A rate over all recordings is the sum of the
errors divided by the sum of the lengths, not a mean of rates.

The meeting of a seed has two minutes, and two to four speakers. flite, espeak-ng and festival make it in seconds.

Results of the stages are stored in the cache ($MEETSCRIBE_CACHE): an interrupted run goes on where it ended, and a
repeated one computes only what has changed. With --stages, which prints times, everything is computed.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from meetscribe import evaluation, formats, pipeline
from meetscribe.errors import NoSpeechError
from meetscribe.formats.rttm import read_rttm
from meetscribe.settings import Settings, load_settings
from meetscribe.transcript import Transcript
from tests.benchmarks.stage_timer import StageTimer

SAMPLES = Path(__file__).parents[2] / "samples"
METRICS = evaluation.EvaluationSettings(metrics=("wer", "cpwer", "wder", "der", "boundaries"))
HEADER = f"{'recording':<24}{'WER':>9}{'cpWER':>9}{'WDER':>9}{'DER':>9}{'median':>9}{'≤100 ms':>9}  speakers"


def truth_of(recording: Path) -> Transcript:
    """Return the reference of a recording, read from the files next to it."""
    turns = read_rttm(recording.with_suffix(".rttm").read_bytes(), recording.name)
    return formats.load(recording.with_suffix(".words.jsonl")).with_meta(turns=turns)


def row(name: str, scores: evaluation.Scores) -> str:
    """Return a line of the table."""
    shown = [_share(scores[metric]) for metric in ("wer", "cpwer", "wder", "der")]
    error = scores["boundaries"]
    edges = error.boundaries if isinstance(error, evaluation.WordBoundaryError) else evaluation.Offsets()
    times = ["–", "–"] if edges.median is None else [f"{edges.median * 1000:.0f} ms", f"{edges.share_within(0.1):.1%}"]
    return f"{name:<24}{''.join(f'{cell:>9}' for cell in (*shown, *times))}"


def _share(score: evaluation.Rate | evaluation.UnknownScore) -> str:
    rate = None if isinstance(score, evaluation.UnknownScore) else score.rate
    return "–" if rate is None else f"{rate:.1%}"


def measure(folder: Path, settings: Settings, *, stages: bool) -> None:
    """Print the scores of every recording in a folder; with `stages` also the time and memory of each stage."""
    scored: list[evaluation.Scores] = []
    timers: dict[str, StageTimer] = {}
    for recording in sorted(folder.glob("*.flac")):
        truth, timer = truth_of(recording), StageTimer()
        with timer.running():
            try:
                transcript = pipeline.run(recording, settings, progress=timer)
            except NoSpeechError:
                print(f"{recording.stem:<24} no speech found")
                continue
        scored.append(evaluation.score(reference=truth, hypothesis=transcript, settings=METRICS))
        print(f"{row(recording.stem, scored[-1])}  {len(transcript.speakers)} of {len(truth.speakers)}", flush=True)
        timers[recording.stem] = timer
    if len(scored) > 1:
        print(row("all", evaluation.total_scores(scored)))
    for name, timer in timers.items() if stages else ():
        print(f"\n{name}: wall time and peak memory of each stage")
        for stage, seconds in timer.seconds.items():
            print(f"  {stage:<16}{seconds:>8.1f} s {timer.megabytes[stage]:>8.0f} MB")


def make_meetings(folder: Path, seeds: Iterable[int]) -> None:
    """Make the synthetic meetings of some seeds in a folder, without those that are there."""
    recipe = SAMPLES / "recipe" / "make_meeting.py"
    for seed in seeds:
        if not (folder / f"s{seed}.plan.json").is_file():
            options = ["--minutes", "2", "--speakers", str((2, 3, 4, 3)[seed % 4]), "--name", f"s{seed}"]
            subprocess.run([sys.executable, recipe, "--seed", str(seed), *options, "-o", folder], check=True)


def seeds_of(text: str) -> range:
    """Return the seeds of a range such as 201-220, or of a single number."""
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def main() -> None:
    """Score the folders given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, default=[SAMPLES])
    parser.add_argument("--config", type=Path, default=SAMPLES / "offline.toml")
    parser.add_argument("--set", action="append", default=[], metavar="ROOM.KEY=VALUE", help="change a setting")
    parser.add_argument("--seeds", type=seeds_of, default=(), metavar="FIRST-LAST", help="make meetings of these seeds")
    parser.add_argument("--stages", action="store_true", help="also print the time and memory of each stage")
    options = parser.parse_args()
    changes = dict(change.split("=", 1) for change in options.set)
    settings = load_settings(options.config, {"run.cache": str(not options.stages).lower(), **changes})
    if options.seeds and (len(options.folders) != 1 or options.folders == [SAMPLES]):
        parser.error("--seeds needs the folder in which to make the meetings")
    for folder in options.folders:
        make_meetings(folder, options.seeds)
        print(f"\n{folder}\n{HEADER}")
        measure(folder, settings, stages=options.stages)


if __name__ == "__main__":
    main()
