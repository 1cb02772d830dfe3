"""`meetscribe cache`: what earlier runs have kept, and taking it away."""

from __future__ import annotations

import re

import click

from meetscribe.errors import SettingsError

_BYTES = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}
_SECONDS = {"h": 3600.0, "d": 86_400.0, "w": 604_800.0}


@click.group()
def group() -> None:
    """What the stages of earlier runs have made, kept to go on from there."""


@group.command()
def info() -> None:
    """Print where it is kept, and how much."""
    from meetscribe.results import stages_folder
    from meetscribe.results.pruning import usage

    found = usage(stages_folder())
    click.echo(f"folder      {stages_folder()}")
    click.echo(f"recordings  {found.recordings}")
    click.echo(f"size        {found.bytes / 1e6:.1f} MB in {found.files} files")
    for stage, count in sorted(found.stages.items()):
        click.echo(f"  {stage:<14} {count}")


@group.command()
@click.option("--unused", metavar="AGE", help="what was not used for this long, such as 12h, 30d or 8w")
@click.option(
    "--size", metavar="SIZE", help="the longest unused, until all of it takes at most this, such as 500M or 2G"
)
def prune(unused: str | None, size: str | None) -> None:
    """Take away what was not used for long, or is too much; runs make again what they miss."""
    from meetscribe.results import stages_folder
    from meetscribe.results.pruning import prune

    if unused is None and size is None:
        raise SettingsError("nothing says what is to go", "Give --unused 30d, --size 2G, or both; or use clear.")
    age = None if unused is None else _amount(unused, _SECONDS, "--unused 30d")
    most = None if size is None else round(_amount(size, _BYTES, "--size 2G"))
    taken = prune(stages_folder(), age, most)
    click.echo(f"removed {taken.files} files, {taken.bytes / 1e6:.1f} MB")


@group.command()
def clear() -> None:
    """Take away all of it; converted weights stay."""
    from meetscribe.results import stages_folder
    from meetscribe.results.pruning import prune

    taken = prune(stages_folder(), max_bytes=-1)
    click.echo(f"removed {taken.files} files, {taken.bytes / 1e6:.1f} MB")


def _amount(text: str, units: dict[str, float] | dict[str, int], example: str) -> float:
    """A number with its unit; raises SettingsError if it is none."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]?)b?", text.strip().lower())
    if match is None or match[2] not in units:
        raise SettingsError(f"{text!r} is no amount", f"Write it as {example}.")
    return float(match[1]) * units[match[2]]
