"""`meetscribe cache`: the stored results of stages."""

from __future__ import annotations

import re

import click

from meetscribe.cli.options import debug_option
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.errors import SettingsError
from meetscribe.results import pruning, stages_folder

_BYTES = {"": 1, "k": 1000, "m": 1000**2, "g": 1000**3, "t": 1000**4}
_SECONDS = {"h": 3600.0, "d": 86_400.0, "w": 604_800.0}

EPILOG = """\b
Examples:
  meetscribe cache info
  meetscribe cache prune --unused 30d
  meetscribe cache prune --size 2G
"""


@click.group(epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Inspect and clear the cache of stage results.

    Each stage of a run stores its result, so that the next run with the same settings can reuse it. The cache is in
    the user's cache folder; the variable MEETSCRIBE_CACHE moves it.
    """


@group.command(cls=SectionedCommand)
@debug_option
def info() -> None:
    """Print the location and size of the cache."""
    folder = stages_folder()
    found = pruning.usage(folder)
    click.echo(f"folder      {folder}")
    click.echo(f"recordings  {found.recordings}")
    click.echo(f"size        {found.bytes / 1e6:.1f} MB in {found.files} files")
    for stage, count in sorted(found.stages.items()):
        click.echo(f"  {stage:<14} {count}")


@group.command(cls=SectionedCommand)
@option("--unused", metavar="AGE", help="Remove results unused for this long, such as 12h, 30d or 8w.")
@option("--size", metavar="SIZE", help="Remove the least recently used results beyond this size, such as 500M or 2G.")
@debug_option
def prune(unused: str | None, size: str | None) -> None:
    """Remove old results, or reduce the cache to a size.

    Later runs compute the removed results again.
    """
    if unused is None and size is None:
        raise SettingsError("nothing to prune", "Give --unused 30d, --size 2G, or both; or use meetscribe cache clear.")
    age = None if unused is None else _parse_amount(unused, _SECONDS, "--unused 30d")
    max_bytes = None if size is None else round(_parse_amount(size, _BYTES, "--size 2G"))
    _report(pruning.prune(stages_folder(), age, max_bytes))


@group.command(cls=SectionedCommand)
@debug_option
def clear() -> None:
    """Remove all results; converted models are kept."""
    _report(pruning.prune(stages_folder(), max_bytes=-1))  # 0 could keep empty files


def _report(removed: pruning.Usage) -> None:
    """Print the number and size of the removed files."""
    click.echo(f"removed {removed.files} files, {removed.bytes / 1e6:.1f} MB")


def _parse_amount(text: str, units: dict[str, float] | dict[str, int], example: str) -> float:
    """Parse a number with a unit, such as 2G or 30d, to bytes or seconds; raises SettingsError."""
    match = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([a-z]?)b?", text.strip().lower())
    if match is None or match[2] not in units:
        raise SettingsError(f"{text!r} is not a valid amount", f"Write it as {example}.")
    return float(match[1]) * units[match[2]]
