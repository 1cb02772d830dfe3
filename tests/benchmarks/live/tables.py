"""The tables of the benchmark, in Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from operator import add

from tests.benchmarks.live.measures import Measures
from tests.benchmarks.live.systems import Machine

HEADER = (
    "| system | recordings | words | WER | lost single | lost in runs (runs) | dropped "
    "| latency mean | p50 | p95 | max | erasure committed | erasure shown | real-time factor |\n"
    f"|---{'|--:' * 13}|"
)


def title(model: str, machine: Machine) -> str:
    """Return the heading of a table."""
    if machine.processors is None:
        return f"{model}, compute-unaware: recognition takes no time"
    how = "one processor" if machine.processors == 1 else f"{machine.processors} processors, processor time divided"
    return f"{model}, compute-aware: {how}"


def rows(found: Mapping[str, Sequence[Measures]]) -> Iterator[str]:
    """Yield the rows of a table, one per system, over the recordings that all of them have finished."""
    yield HEADER
    for name, measured in found.items():
        if not measured:
            yield f"| {name} |{' – |' * 13}"
            continue
        yield row(name, reduce(add, measured), len(measured))


def each_row(found: Mapping[str, Mapping[str, Measures]]) -> Iterator[str]:
    """Yield the rows of a table of all recordings, each with the systems that have finished it."""
    yield HEADER.replace("| system | recordings ", "| recording | system ").replace("|--:|", "|---|", 1)
    for key in sorted({key for measured in found.values() for key in measured}):
        for name, measured in found.items():
            if key in measured:
                yield f"| {key} {row(name, measured[key])}"


def row(name: str, total: Measures, count: int | None = None) -> str:
    """Return the row of a system, with the sums over its recordings."""
    words = total.errors.length
    shown = "| – | – | – | – " if name == "offline" else "".join(f"| {value:.2f} s " for value in total.latency())
    final = max(1, total.final)
    return (
        f"| {name} |{'' if count is None else f' {count} |'} {words} | {total.errors.rate or 0:.1%} | {total.single} "
        f"| {total.in_runs} ({total.runs}) | {total.dropped} {shown}"
        f"| {total.changed / final:.2f} | {total.erased / final:.2f} | {total.processor / total.duration:.2f} |"
    )
