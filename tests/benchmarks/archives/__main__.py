"""Measure batches on a cluster: overhead of Ray, faults, scheduling of 100,000 recordings, and the manifest.

    python -m tests.benchmarks.archives overhead     # local processes and Ray, one and two workers, on this machine
    python -m tests.benchmarks.archives faults       # kill workers, nodes and drivers of a real Ray cluster
    python -m tests.benchmarks.archives durations RECORDING...    # of a real batch, for the simulation
    python -m tests.benchmarks.archives simulation   # 100 workers and 100,000 recordings on a virtual clock
    python -m tests.benchmarks.archives manifest     # a manifest of 1,000,000 lines

Results are stored in --folder: a measurement that is there is printed and not repeated, unless --again is given. The
weights are those of the samples. `faults` that was interrupted, or stopped by --limit, is continued by the same command
without --again.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click

from tests.benchmarks.archives import durations as real
from tests.benchmarks.archives import faults as killing
from tests.benchmarks.archives import overhead as rates
from tests.benchmarks.archives import simulation as simulated

DEFAULT = Path.home() / ".cache" / "meetscribe-archives"


@click.group(help=__doc__)
@click.option("--folder", type=click.Path(path_type=Path), default=DEFAULT, show_default=True, help="of the results")
@click.option("--again", is_flag=True, help="measure again what is stored")
@click.pass_context
def main(ctx: click.Context, folder: Path, again: bool) -> None:
    """Keep the options."""
    folder.mkdir(parents=True, exist_ok=True)
    ctx.obj = folder, again


@main.command()
@click.option("--clips", default=40, show_default=True, help="number of recordings")
@click.option("--length", default=20.0, show_default=True, help="seconds of each")
@click.pass_obj
def overhead(given: tuple[Path, bool], clips: int, length: float) -> None:
    """Compare local processes with Ray, in the steady state; busy is the share of time that workers had a recording."""
    columns = "executor, workers, recordings/min, busy, worker CPU s, driver CPU s, threads, niceness, load"
    print(f"| {columns.replace(', ', ' | ')} |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|--:|")
    results: dict[tuple[str, int], rates.Rate] = {}
    for workers in (1, 2):
        for kind in ("local", "ray"):
            found = _stored(
                given,
                f"overhead-{kind}-{workers}-{clips}-{length:g}",
                lambda: asdict(rates.measure(kind, workers, clips, length, given[0])),  # noqa: B023
            )
            rate = results[kind, workers] = rates.Rate(**found)
            print(
                f"| {kind} | {workers} | {rate.per_minute:.1f} | {rate.busy:.3f} | {rate.spent:.2f} | "
                f"{rate.driver:.2f} | {rate.threads} | {rate.niceness} | {rate.load:.1f} |",
                flush=True,
            )
    for workers in (1, 2):
        local, ray = results["local", workers], results["ray", workers]
        spent = (ray.spent + ray.driver) / (local.spent + local.driver) - 1
        change = ray.per_minute / local.per_minute - 1
        print(f"Ray against local, {workers} workers: rate {change:+.1%}, processor seconds {spent:+.1%}")
    for kind in ("local", "ray"):
        one, two = results[kind, 1], results[kind, 2]
        print(
            f"{kind}, from 1 to 2 workers: efficiency {two.per_minute / one.per_minute / 2:.3f}, of processor seconds "
            f"alone {one.spent / two.spent:.3f}"
        )


@main.command()
@click.option("--clips", default=190, show_default=True)
@click.option("--poison", default=10, show_default=True)
@click.option("--actors", default=20, show_default=True, help="kills of workers")
@click.option("--nodes", default=3, show_default=True, help="kills of nodes")
@click.option("--drivers", default=2, show_default=True, help="kills of the driver")
@click.option("--limit", default=3600.0, show_default=True, help="seconds")
@click.pass_obj
def faults(given: tuple[Path, bool], /, **plan: Any) -> None:
    """Kill and count; exit with 1 if a recording is lost or done twice, or if not exactly the poison fails."""
    clips, poison, limit = plan.pop("clips"), plan.pop("poison"), plan.pop("limit")
    name = f"faults-{clips}-{poison}-{'-'.join(map(str, plan.values()))}"
    kills = killing.plan(clips, **plan, seed=0)
    if given[1]:
        shutil.rmtree(given[0] / name, ignore_errors=True)
    found = _stored(given, name, lambda: killing.run(given[0] / name, clips, poison, kills, limit))
    if not found["finished"]:  # the limit was reached: the same command, without --again, goes on
        (given[0] / f"{name}.json").unlink()
    for key, value in found.items():
        print(f"{key:<20}{value:>6}")
    wrong = found["lost"] + found["doubled"] + found["failed, others"]
    if wrong or found["failed, poison"] != poison or not found["finished"]:
        raise SystemExit(1)


@main.command()
@click.argument("recordings", nargs=-1, required=True)
def durations(recordings: tuple[str, ...]) -> None:
    """Process recordings in a real batch, and store how long each takes for the simulation."""
    real.STORED.write_text(json.dumps(real.measure(recordings)) + "\n")
    print(f"{len(real.stored())} recordings in {real.STORED}")


@main.command()
@click.option("--recordings", default=100_000, show_default=True)
@click.option("--cpus", default=90, show_default=True, help="workers on CPUs, as fast as that of the real batch")
@click.option("--gpus", default=10, show_default=True, help="workers on GPUs, ten times as fast")
@click.option("--factor", default=60.0, show_default=True, help="how much longer than those of the real batch they are")
@click.pass_obj
def simulation(given: tuple[Path, bool], recordings: int, cpus: int, gpus: int, factor: float) -> None:
    """Process recordings drawn from a real batch on a virtual clock, with nodes that fail at several rates."""
    drawn = simulated.resampled(recordings, real.stored(), factor)
    columns = "node failures/h, done, failed, retries, hours, ideal, efficiency, driver s, manifest MB, restart s"
    print(f"| {columns.replace(', ', ' | ')} |")
    print("|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|")
    for rate in (0.0, 0.01, 0.05):
        found = _stored(
            given,
            f"simulation-{recordings}-{cpus}-{gpus}-{factor:g}-{rate:g}",
            lambda: asdict(simulated.simulate(drawn, cpus, gpus, rate)),  # noqa: B023
        )
        result = simulated.Result(**found)
        print(
            f"| {rate:g} | {result.done} | {result.failed} | {result.retries} | {result.hours:.1f} | "
            f"{result.ideal_hours:.1f} | {result.efficiency:.3f} | {result.driver_seconds:.0f} | "
            f"{result.manifest_mb:.1f} | {result.restart_seconds:.2f} |"
        )


@main.command()
@click.option("--lines", default=1_000_000, show_default=True)
@click.pass_obj
def manifest(given: tuple[Path, bool], lines: int) -> None:
    """Read a manifest of many lines."""
    for key, value in _stored(given, f"manifest-{lines}", lambda: simulated.manifest_at(lines)).items():
        print(f"{key:<12}{value:>10.1f}")


def _stored(given: tuple[Path, bool], name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """Return a stored result, or measure and store it."""
    folder, again = given
    file = folder / f"{name}.json"
    if again or not file.exists():
        file.write_text(json.dumps(measure(), indent=1))
    found: dict[str, Any] = json.loads(file.read_text())
    return found


if __name__ == "__main__":
    main()
