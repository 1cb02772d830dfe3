"""Measure a corpus of many meetings: time and peak memory of each operation, at several sizes.

    python -m tests.benchmarks.corpus_tables [--meetings 1000 10000] [--minutes 3]

Each operation runs in a process of its own, whose peak memory is printed. The meetings are synthetic, with the given
minutes of talk each: reading them from files, as `meetscribe corpus build` does, is part of the time.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]


def write_meetings(folder: Path, count: int, minutes: float) -> None:
    """Write the transcripts of `count` meetings, in folders of a thousand."""
    from meetscribe.testing import synthetic_meeting
    from meetscribe.transcript import RecordingFile

    turns = round(minutes * 60 / 3)  # a turn and the pause after it take about three seconds
    texts = [synthetic_meeting(speakers=4, turns=turns, seed=seed).transcript for seed in range(5)]
    named = [text.rename({"SPEAKER_00": "Anna", "SPEAKER_01": "Ben"}) for text in texts]
    for number in range(count):
        place = folder / f"{number // 1000:02d}"
        place.mkdir(parents=True, exist_ok=True)
        recording = RecordingFile(f"{number}.wav", f"sha256:{number * 2654435761 % 2**64:016x}{number:048x}")
        day = f"{2020 + number % 5}-{1 + number % 12:02d}-01"
        (place / f"{number}.json").write_text(
            named[number % 5].with_meta(recording=recording, recorded_at=day, turns=(), exclusive=()).to_json()
        )


def build(folder: Path) -> str:
    """Build the corpus."""
    from meetscribe.corpus.tables import build_corpus, find_sources

    return str(build_corpus(folder / "corpus", find_sources([folder / "transcripts"])).counts)


def rebuild(folder: Path) -> str:
    """Build the corpus again, with nothing to do."""
    return build(folder)


def stats(folder: Path) -> str:
    """Add up the statistics by speaker."""
    from meetscribe.corpus.tables import Corpus, corpus_statistics

    found = corpus_statistics(Corpus(folder / "corpus"))
    return f"{found.total.meetings} meetings, {found.total.words} words, {len(found.groups)} groups"


def compact(folder: Path) -> str:
    """Join the files."""
    from meetscribe.corpus.tables import compact as join

    done = join(folder / "corpus")
    return f"{done.before} files before, {done.after} after"


def stats_compacted(folder: Path) -> str:
    """Add up the statistics after compaction."""
    return stats(folder)


def verify(folder: Path) -> str:
    """Verify the corpus."""
    from meetscribe.corpus.tables import verify as check

    return f"{len(check(folder / 'corpus'))} problems"


def load_turns(folder: Path) -> str:
    """Load the table of turns into a DataFrame."""
    import pandas as pd

    return f"{len(pd.read_parquet(folder / 'corpus' / 'turns'))} rows"


STEPS: Mapping[str, Callable[[Path], str]] = {
    step.__name__: step for step in (build, rebuild, stats, compact, stats_compacted, verify, load_turns)
}


def run_step(step: str, folder: Path) -> None:
    """Run one step and print its result, processor seconds and peak memory as JSON."""
    imported = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    started = time.process_time()
    result = STEPS[step](folder)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"result": result, "seconds": time.process_time() - started, "peak": peak, "start": imported}))


def measure(count: int, minutes: float) -> None:
    """Print a row for each step at one size."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_meetings(folder / "transcripts", count, minutes)
        for step in STEPS:
            command = [sys.executable, "-m", "tests.benchmarks.corpus_tables", "--step", step, "--folder", name]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, env=os.environ)
            if done.returncode:
                sys.exit(done.stderr)
            found = json.loads(done.stdout.splitlines()[-1])
            row = f"{found['seconds']:9.1f} {found['peak']:9.0f}  {found['result']}"
            print(f"{count:>8} {step:<16}{row}", flush=True)
        size = sum(path.stat().st_size for path in (folder / "corpus").rglob("*.parquet"))
        print(f"{count:>8} {'size':<16}{size / 1e6:9.1f} MB of Parquet")


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--meetings", type=int, nargs="+", default=[1000, 10_000], help="sizes [1000 10000]")
    parser.add_argument("--minutes", type=float, default=3.0, help="minutes of talk in each meeting [3]")
    parser.add_argument("--step", choices=STEPS, help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.step:
        run_step(options.step, options.folder)
        return
    print(f"{'meetings':>8} {'step':<16}{'cpu s':>9} {'peak MB':>9}  result")
    for count in options.meetings:
        measure(count, options.minutes)


if __name__ == "__main__":
    main()
