"""Options for a Ray cluster, and the workers that they request."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeVar

import click

from meetscribe.cli.display.progress import display_kind, print_notice
from meetscribe.cli.sections import BATCH, option
from meetscribe.corpus import BatchOptions, Delivery
from meetscribe.settings import Settings

C = TypeVar("C", bound="Callable[..., Any]")

_PRICE = re.compile(r"(cpu|cuda)=(\d*\.?\d+(?:e-?\d+)?)")

_CLUSTER_OPTIONS: tuple[tuple[tuple[str, ...], dict[str, Any]], ...] = (
    (
        ("--executor",),
        {
            "type": click.Choice(["local", "ray"]),
            "default": "local",
            "show_default": True,
            "help": "Run the jobs as processes of this machine, or as workers of a Ray cluster.",
        },
    ),
    (
        ("--address",),
        {
            "metavar": "ADDRESS",
            "help": "Ray cluster to join: auto, HOST:PORT or ray://HOST:PORT. Without it, --executor ray starts Ray on "
            "this machine.",
        },
    ),
    (
        ("--gpu-jobs",),
        {
            "type": click.IntRange(0),
            "default": 0,
            "metavar": "N",
            "help": "Ray workers with one GPU each, in addition to the --jobs workers on CPUs (none without --jobs).",
        },
    ),
    (
        ("--price",),
        {
            "multiple": True,
            "metavar": "DEVICE=X",
            "help": "Price of a worker hour, for example cpu=0.05 or cuda=1.2, of each device in use; prints the cost "
            "per hour of audio.",
        },
    ),
)


def cluster_options(command: C) -> C:
    """Add the options for a cluster to a command."""
    for names, attributes in reversed(_CLUSTER_OPTIONS):
        command = option(*names, section=BATCH, **attributes)(command)
    return command


def on_cluster(given: Mapping[str, Any]) -> bool:
    """Return whether --executor is ray; raises UsageError for an option that requires it if it is not."""
    if given.get("executor") == "ray":
        return True
    for name in ("address", "gpu_jobs", "price"):
        if given.get(name):
            raise click.UsageError(f"--{name.replace('_', '-')} requires --executor ray.")
    return False


def plan_cluster(settings: Settings, delivery: Delivery, given: Mapping[str, Any]) -> BatchOptions:
    """Return the options of a batch on Ray; raises UsageError for an invalid price."""
    from meetscribe.corpus.ray_batches import RayWorkers, ray_options  # imports the pipeline with its libraries

    prices(given)
    workers = RayWorkers(_cpu_jobs(given), given["gpu_jobs"], given["address"])
    return ray_options(settings, delivery, workers, partial(print_notice, kind=display_kind(given)))


def prices(given: Mapping[str, Any]) -> dict[str, float]:
    """Return the price of a worker hour by device, {} without --price.

    Raises UsageError for an invalid price, and if there are prices, but not for every device in use.
    """
    found = {}
    workers = {"cpu": _cpu_jobs(given), "cuda": given["gpu_jobs"]}
    for text in given["price"]:
        if (match := _PRICE.fullmatch(text)) is None:
            raise click.UsageError(f"--price {text} is not a price. Write it as cpu=0.05 or cuda=1.2.")
        found[match[1]] = float(match[2])
    missing = [device for device, count in workers.items() if count and device not in found]
    if found and missing:
        raise click.UsageError(f"--price is missing for {missing[0]}. Add --price {missing[0]}=X.")
    return found


def cluster_workers(given: Mapping[str, Any]) -> str:
    """Return a description of the Ray workers, "" without --executor ray."""
    if not on_cluster(given):
        return ""
    counts = ((_cpu_jobs(given), "CPUs"), (given["gpu_jobs"], "GPUs"))
    workers = " and ".join(f"{count} on {kind}" for count, kind in counts if count)
    address = given["address"]
    place = f"the cluster of --address {address}" if address else "this machine"
    return f"Ray workers on {place}: {workers}"


def _cpu_jobs(given: Mapping[str, Any]) -> int:
    """Return the number of CPU workers: --jobs, by default 1, or 0 beside GPU workers."""
    return int(given["jobs"] or (0 if given["gpu_jobs"] else 1))
