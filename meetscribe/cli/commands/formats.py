"""`meetscribe formats`: the formats, their contents, losses and options."""

from __future__ import annotations

import json
import shutil
import textwrap
from typing import Any

import click

from meetscribe.cli.options import debug_option, json_option
from meetscribe.cli.sections import SectionedCommand
from meetscribe.formats import FORMATS, Format, find_format
from meetscribe.formats.parts.options import choices_of, describe, options_of

_MIN_WIDTH, _MAX_WIDTH = 72, 120
EPILOG = """\b
Examples:
  meetscribe formats            all formats
  meetscribe formats srt vtt    two formats, with their options
  meetscribe formats --json     machine-readable list
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@json_option
@debug_option
def command(names: tuple[str, ...], as_json: bool) -> None:
    """List all formats, or describe the formats NAME.

    The list shows the data that each format preserves and loses when it is written. Set the options of a format with
    --set FORMAT.OPTION=VALUE of meetscribe run, watch, transcribe, live and export, or in a table such as [srt] of
    meetscribe.toml.
    """
    rows = [find_format(name) for name in names] or list(FORMATS.values())
    if as_json:
        click.echo(json.dumps([_members(row) for row in rows], indent=1))
    elif names:
        click.echo("\n".join(map(_details, rows)), nl=False)
    else:
        click.echo(_table(rows), nl=False)


def _members(row: Format) -> dict[str, Any]:
    """Return a format as a JSON object."""
    return {
        "name": row.name,
        "suffixes": row.suffixes,
        "reads": row.reads,
        "writes": row.writes,
        "carries": row.carries,
        "loses": row.loses,
        "options": options_of(row),
        "choices": choices_of(row),
        "media_type": row.media_type,
        "requires": row.distribution,
    }


def _table(rows: list[Format]) -> str:
    """Return the formats in three groups, each with the data it preserves and loses."""
    groups = [
        ("Read and written", [row for row in rows if row.reads and row.writes]),
        ("Written only", [row for row in rows if not row.reads]),
        ("Read only", [row for row in rows if not row.writes]),
    ]
    width = max(len(row.name) for row in rows) + 4
    parts = []
    for title, members in groups:
        parts.append(click.style(title, bold=True))
        for row in members:
            name = click.style(f"  {row.name:{width - 2}}", fg="cyan")
            parts.append(name + _wrapped(row.carries, width))
            parts.append(" " * width + click.style(_wrapped(f"loses {row.loses}", width), dim=True))
        parts.append("")
    return "\n".join([*parts, "Run meetscribe formats NAME for the suffixes and options of a format.", ""])


def _wrapped(text: str, margin: int) -> str:
    """Return the text in lines of the terminal's width, all but the first indented."""
    columns = max(_MIN_WIDTH, min(_MAX_WIDTH, shutil.get_terminal_size((100, 24)).columns)) - margin
    return f"\n{' ' * margin}".join(textwrap.wrap(text, columns))


def _details(row: Format) -> str:
    """Return the description of a format, with its options and their values."""
    uses = " and ".join([*(["read"] if row.reads else []), *(["written"] if row.writes else [])])
    lines = [f"{click.style(row.name, bold=True)}: {uses}, {' '.join(row.suffixes)}"]
    lines += [f"  carries  {_wrapped(row.carries, 11)}", f"  loses    {_wrapped(row.loses, 11)}"]
    if row.install:
        lines.append(f"  needs    {row.install}")
    if options := options_of(row):
        lines += ["", *(f"  {_wrapped(paragraph, 2)}" for paragraph in describe(row)), ""]
        for key, value in options.items():
            known = choices_of(row).get(key, ())
            others = f"  (or {', '.join(choice for choice in known if choice != value)})" if known else ""
            lines.append(f"  --set {row.name}.{key}={_text(value)}{others}")
    return "\n".join(lines) + "\n"


def _text(value: object) -> str:
    """Return the default of an option in the notation of --set."""
    return str(value).lower() if isinstance(value, bool) else str(value)
