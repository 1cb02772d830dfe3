"""Read malformed recordings, and measure the cost of decoding in a separate process.

    python -m tests.benchmarks.malformed_audio

The first table counts the outcomes by kind of fault. The second compares decoding in this process and in its own.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from functools import partial
from pathlib import Path

from meetscribe.audio import load_audio
from meetscribe.audio.decoder import decode
from meetscribe.audio.loading import _StorageSink
from meetscribe.errors import MeetscribeError
from meetscribe.runtime.progress import ignore_progress
from tests.support.broken_recordings import CASES, Case
from tests.support.referring_files import lists, opening_detector

SAMPLES = Path(__file__).parents[2] / "samples"
_RUNS = 3


def faults() -> None:
    """Print the number of recordings and their outcomes for each kind of fault."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as temporary:
        for number, case in enumerate(CASES.values()):
            folder = Path(temporary) / str(number)
            folder.mkdir()
            found[case.kind][_outcome(case, folder)] += 1
        opened = _read_references(Path(temporary), found["references"])
    columns = ("read", "read with a notice", "expected error", "unexpected")
    print(f"{'fault':<16}{'number':>9}" + "".join(f"{column:>20}" for column in columns))
    for kind, counts in [*found.items(), ("all", sum(found.values(), Counter[str]()))]:
        print(f"{kind:<16}{counts.total():>9}" + "".join(f"{counts[column]:>20}" for column in columns))
    print(f"other files or addresses opened: {opened}")


def _outcome(case: Case, folder: Path) -> str:
    """Return the outcome of a case, "unexpected" if it is not the specified one."""
    try:
        audio = load_audio(case.make(folder), settings=case.settings)
    except MeetscribeError as error:
        return "expected error" if case.error and re.search(case.error, error.message) else "unexpected"
    if case.error or abs(audio.duration - case.seconds) > 0.1 or bool(case.notice) != bool(audio.notices):
        return "unexpected"
    return "read with a notice" if audio.notices else "read"


def _read_references(folder: Path, counts: Counter[str]) -> int:
    """Read files that refer to other files or addresses; count outcomes and return the number of targets opened."""
    with opening_detector(folder) as guard:
        for name, text in lists(str(guard.file), guard.host).items():
            (folder / name).write_text(text)
            try:
                load_audio(folder / name)
                counts["unexpected"] += 1
            except MeetscribeError:
                counts["expected error"] += 1
    return len(guard.opened)


def overhead() -> None:
    """Print the time of decoding in this process and in a separate one, the lowest of three runs."""
    print(f"\n{'seconds':<24}{'this process':>24}{'separate process':>24}")
    print(f"{'':<24}" + f"{'wall':>12}{'processor':>12}" * 2)
    for name in ("standup", "planning"):
        path = SAMPLES / f"{name}.flac"
        rows = [(*_timed(partial(_decode_here, path)), *_timed(partial(load_audio, path))) for _ in range(_RUNS)]
        print(f"{path.name:<24}" + "".join(f"{min(column):>12.3f}" for column in zip(*rows, strict=True)))


def _decode_here(path: Path) -> None:
    """Decode a file in this process."""
    with path.open("rb") as data:
        decode(data, path.name, None, _StorageSink(ignore_progress))


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return the wall time and the processor time of a call, child processes included."""
    start, before = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - start, sum(os.times()[:4]) - before


def main() -> None:
    """Print both tables."""
    argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter).parse_args()
    faults()
    overhead()


if __name__ == "__main__":
    main()
