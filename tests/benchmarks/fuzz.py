"""Read randomly changed recordings, transcripts and text files, and count the outcomes.

    python -m tests.benchmarks.fuzz --count 2000

Each container, each readable format and each kind of text file that users write is changed `--count` times, with the
seeds 0, 1, and so on. With every second seed the checksums of the container are corrected, so that the data reaches
the decoder. An exception that is not a MeetscribeError ends the command with its traceback; the seed reproduces it.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from meetscribe.errors import InputError
from meetscribe.formats import FORMATS, read
from tests.formats.test_hostile_files import READ
from tests.formats.test_hostile_files import originals as files
from tests.support.fuzzing import OUTCOMES, attempt, originals
from tests.support.mutations import mutated, mutated_text
from tests.support.texts import TEXTS, changed, outcome


def fuzz_recordings(count: int, jobs: int, kinds: set[str]) -> None:
    """Print the outcomes of the recordings, a line per container."""
    print(f"{'recordings':<14}{'changed':>9}" + "".join(f"{outcome:>20}" for outcome in OUTCOMES) + f"{'slowest':>10}")
    with tempfile.TemporaryDirectory() as temporary, ThreadPoolExecutor(jobs) as pool:
        folder = Path(temporary)
        for kind, data in originals(folder).items():
            if kinds and kind not in kinds:
                continue
            trials = list(pool.map(partial(attempt, kind, data, folder=folder), range(count)))
            found = Counter(trial.outcome for trial in trials)
            slowest = max(trials, key=lambda trial: trial.seconds)
            counts = "".join(f"{found[outcome]:>20}" for outcome in OUTCOMES)
            print(f"{kind:<14}{len(trials):>9}{counts}{slowest.seconds:>8.1f} s", flush=True)


def fuzz_transcripts(count: int, kinds: set[str]) -> None:
    """Print the outcomes of the transcripts, a line per format."""
    print(f"{'transcripts':<14}{'changed':>9}{'read':>20}{'rejected':>20}{'slowest':>10}")
    for name in READ:
        if not kinds or name in kinds:
            _print(name, count, partial(_outcome, name))


def fuzz_texts(count: int, kinds: set[str]) -> None:
    """Print the outcomes of settings, names, vocabularies, lists and manifests, a line per kind."""
    print(f"{'texts':<14}{'changed':>9}{'read':>20}{'rejected':>20}{'slowest':>10}")
    with tempfile.TemporaryDirectory() as temporary:
        for kind in TEXTS:
            if not kinds or kind in kinds:
                _print(kind, count, partial(_outcome_of_text, kind, Path(temporary)))


def _print(name: str, count: int, outcome: Callable[[int], str]) -> None:
    """Print the counts of the outcomes of one kind, for the seeds below `count`."""
    found: Counter[str] = Counter()
    slowest = 0.0
    for seed in range(count):
        start = time.monotonic()
        found[outcome(seed)] += 1
        slowest = max(slowest, time.monotonic() - start)
    print(f"{name:<14}{count:>9}{found['read']:>20}{found['rejected']:>20}{slowest:>8.1f} s", flush=True)


def _outcome_of_text(kind: str, folder: Path, seed: int) -> str:
    """Return the outcome of a text file changed by a seed."""
    return outcome(kind, changed(kind, seed), folder)


def _outcome(name: str, seed: int) -> str:
    """Return the outcome of a transcript changed by a seed: its bytes, or with an odd seed its text."""
    intact = files(name)
    data = intact[seed // 2 % len(intact)]
    if seed % 2 and FORMATS[name].package is None:
        data = mutated_text(data.decode(), seed).encode("utf-8", "surrogatepass")
    else:
        data = mutated(data, seed)
    try:
        read(data, f"x{FORMATS[name].suffixes[0]}", name)
    except InputError:
        return "rejected"
    return "read"


def main() -> None:
    """Change recordings, transcripts and texts, and print the counts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=2000, help="number of changes per kind")
    parser.add_argument("--jobs", type=int, default=2, help="number of recordings decoded at the same time")
    parser.add_argument("--only", default="", help="containers, formats and kinds of text, separated by commas")
    given = parser.parse_args()
    kinds = {kind for kind in given.only.split(",") if kind}
    fuzz_recordings(given.count, given.jobs, kinds)
    fuzz_transcripts(given.count, kinds)
    fuzz_texts(given.count, kinds)


if __name__ == "__main__":
    main()
