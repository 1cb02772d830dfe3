"""How fast meetings are added to a library and searched."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Callable

from meetscribe.library import Filter, Library, Passage, open_library
from tests.benchmarks.library.meetings import meetings

QUERIES = 300
HITS = 10


def measure_speed(location: str, hours: float) -> None:
    """Print how fast meetings are added, the size of the library, and the times of searches."""
    with open_library(location) as library:
        spent, passages, words, made, count = 0.0, 0, 0, 0.0, 0
        kept: list[Passage] = []
        for record, end in meetings(hours):
            made = end
            start = time.perf_counter()
            library.store.put(record)
            spent += time.perf_counter() - start
            count += 1
            passages += len(record.passages)
            words += sum(len(p.text.split()) for p in record.passages)
            kept += [p for p in record.passages[::97] if len(p.text.split()) > 3]
        print(f"{type(library.store).__name__}: {made:.0f} hours, {count} meetings,")
        print(f"  {passages:,} passages, {words:,} words; added in {spent:.0f} s ({made / spent:.1f} hours/s)")
        print(f"  size {library.store.size() / 1e6:.0f} MB")
        start = time.perf_counter()
        library.store.meetings(Filter())
        print(f"  list of all meetings {1000 * (time.perf_counter() - start):.0f} ms")
        _print_searches(library, kept)


def _print_searches(library: Library, kept: list[Passage]) -> None:
    """Print median and 95th percentile of the times of each kind of query, and of all, and the processor time.

    On a machine with other work, processor time says more; that of PostgreSQL's server is not in it.
    """
    drawn = random.Random(2)
    times: dict[str, list[tuple[float, float]]] = {kind: [] for kind in KINDS}
    for number in range(QUERIES):
        kind = list(KINDS)[number % len(KINDS)]
        query = KINDS[kind](drawn.choice(kept), drawn)
        start, began = time.perf_counter(), time.process_time()
        library.search(query, HITS)
        times[kind].append((1000 * (time.perf_counter() - start), 1000 * (time.process_time() - began)))
    everything = [each for found in times.values() for each in found]
    print("  query              count   ms median    p95   processor ms median    p95")
    for name, found in (*times.items(), ("all", everything)):
        wall, spent = zip(*found, strict=True)
        texts = (
            f"{statistics.median(each):7.1f} {statistics.quantiles(each, n=20)[-1]:8.1f}" for each in (wall, spent)
        )
        print(f"  {name:<18} {len(found):>5} {'  '.join(texts)}")


def _run(passage: Passage, drawn: random.Random, count: int) -> str:
    """Return words of a passage that follow each other."""
    words = passage.text.split()
    start = drawn.randrange(max(1, len(words) - count + 1))
    return " ".join(words[start : start + count]).replace('"', "")


KINDS: dict[str, Callable[[Passage, random.Random], str]] = {
    "one word": lambda passage, drawn: drawn.choice(passage.text.split()),
    "two words": lambda passage, drawn: " ".join(drawn.sample(passage.text.split(), 2)),
    "three words": lambda passage, drawn: " ".join(drawn.sample(passage.text.split(), 3)),
    "phrase": lambda passage, drawn: f'"{_run(passage, drawn, 3)}"',
    "word and speaker": lambda passage, drawn: f"{drawn.choice(passage.text.split())} speaker:{passage.speaker}",
    "word and dates": lambda passage, drawn: f"{drawn.choice(passage.text.split())} after:2023-05 before:2023-08",
}
"""Queries made of a passage, by kind."""
