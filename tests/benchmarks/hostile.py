"""Faults put into recordings, and what the decoder's own process costs: `python -m tests.benchmarks.hostile`.

A table of the kinds of faults with what came of them, and one of recordings decoded in this process and apart from it.
"""

from __future__ import annotations

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
_TIMES = 3


def faults() -> None:
    """Print for each kind of fault how many there are, and what came of them."""
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    with tempfile.TemporaryDirectory() as place:
        for number, case in enumerate(CASES.values()):
            folder = Path(place) / str(number)
            folder.mkdir()
            found[case.kind][_outcome(case, folder)] += 1
        opened = _refer(Path(place), found["names others"])
    columns = ("sound", "sound and warning", "clear error", "not as it should")
    print(f"{'fault':<16}{'how many':>9}" + "".join(f"{column:>20}" for column in columns))
    for kind, counts in [*found.items(), ("all", sum(found.values(), Counter[str]()))]:
        print(f"{kind:<16}{counts.total():>9}" + "".join(f"{counts[column]:>20}" for column in columns))
    print(f"other files or addresses opened: {opened}")


def _outcome(case: Case, folder: Path) -> str:
    """What comes of a case, if it is what should."""
    try:
        audio = load_audio(case.make(folder), settings=case.settings)
    except MeetscribeError as error:
        return "clear error" if case.error and re.search(case.error, error.message) else "not as it should"
    if case.error or abs(audio.duration - case.seconds) > 0.1 or bool(case.notice) != bool(audio.notices):
        return "not as it should"
    return "sound and warning" if audio.notices else "sound"


def _refer(folder: Path, counts: Counter[str]) -> int:
    """Count what comes of files that name others, and return how many of those were opened."""
    with opening_detector(folder) as guard:
        for name, text in lists(str(guard.file), guard.host).items():
            (folder / name).write_text(text)
            try:
                load_audio(folder / name)
                counts["not as it should"] += 1
            except MeetscribeError:
                counts["clear error"] += 1
    return len(guard.opened)


def overhead() -> None:
    """Print what decoding takes here, and in a process of its own: the least of three."""
    print(f"\n{'seconds':<24}{'this process':>24}{'one of its own':>24}")
    print(f"{'':<24}" + f"{'passed':>12}{'processor':>12}" * 2)
    for name in ("standup", "planning"):
        path = SAMPLES / f"{name}.flac"
        rows = [(*_timed(partial(_decode_here, path)), *_timed(partial(load_audio, path))) for _ in range(_TIMES)]
        print(f"{path.name:<24}" + "".join(f"{min(column):>12.3f}" for column in zip(*rows, strict=True)))


def _decode_here(path: Path) -> None:
    """Decode a file in this process."""
    with path.open("rb") as data:
        decode(data, path.name, None, _StorageSink(ignore_progress))


def _timed(work: Callable[[], object]) -> tuple[float, float]:
    """The seconds that passed and those of processors, of children too."""
    start, before = time.perf_counter(), sum(os.times()[:4])
    work()
    return time.perf_counter() - start, sum(os.times()[:4]) - before


if __name__ == "__main__":
    faults()
    overhead()
