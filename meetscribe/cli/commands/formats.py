"""`meetscribe formats`: what each format of a transcript carries, what it loses, and what it can be asked for."""

from __future__ import annotations

import shutil
import textwrap
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from meetscribe.formats import Format

_NARROW, _WIDE = 72, 120
EPILOG = """\b
Examples:
  meetscribe formats            all formats
  meetscribe formats srt vtt    those two, with their options
  meetscribe formats --json     for programs
"""


@click.command(epilog=EPILOG)
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def command(names: tuple[str, ...], as_json: bool) -> None:
    """List the formats that transcripts are read from and written in, or tell all about those named.

    What each carries and loses is said of writing. Options are set by meetscribe export --set FORMAT.OPTION=VALUE.
    """
    import json

    from meetscribe.formats import FORMATS, find_format

    rows = [find_format(name) for name in names] or list(FORMATS.values())
    if as_json:
        click.echo(json.dumps([_members(row) for row in rows], indent=1))
    elif names:
        click.echo("\n".join(map(_details, rows)), nl=False)
    else:
        click.echo(_table(rows), nl=False)


def _members(row: Format) -> dict[str, Any]:
    from meetscribe.formats.parts.options import choices_of, options_of

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
    """The formats in groups by what is done with them, each with what it carries, and what it loses under it."""
    groups = [
        ("read and written", [row for row in rows if row.reads and row.writes]),
        ("written only", [row for row in rows if not row.reads]),
        ("read only", [row for row in rows if not row.writes]),
    ]
    width = max(len(row.name) for row in rows) + 4
    parts = []
    for title, own in groups:
        parts.append(click.style(title, bold=True))
        for row in own:
            name = click.style(f"  {row.name:{width - 2}}", fg="cyan")
            parts.append(name + _wrapped(row.carries, width))
            parts.append(" " * width + click.style(_wrapped(f"loses {row.loses}", width), dim=True))
        parts.append("")
    return "\n".join([*parts, "meetscribe formats NAME tells the suffixes and the options of a format.", ""])


def _wrapped(text: str, margin: int) -> str:
    """The text in lines of the terminal, all but the first after a margin."""
    columns = max(_NARROW, min(_WIDE, shutil.get_terminal_size((100, 24)).columns)) - margin
    return f"\n{' ' * margin}".join(textwrap.wrap(text, columns))


def _details(row: Format) -> str:
    """All that is known of a format, and its options with their values."""
    from meetscribe.formats.parts.options import choices_of, describe, options_of

    uses = " and ".join([*(["read"] if row.reads else []), *(["written"] if row.writes else [])])
    lines = [f"{click.style(row.name, bold=True)}: {uses}, {' '.join(row.suffixes)}"]
    lines += [f"  carries  {_wrapped(row.carries, 11)}", f"  loses    {_wrapped(row.loses, 11)}"]
    if row.install:
        lines.append(f"  needs    {row.install}")
    if options := options_of(row):
        lines += ["", *(f"  {_wrapped(paragraph, 2)}" for paragraph in describe(row)), ""]
        for key, value in options.items():
            known = choices_of(row).get(key, ())
            others = f"  (or {', '.join(one for one in known if one != value)})" if known else ""
            lines.append(f"  --set {row.name}.{key}={_text(value)}{others}")
    return "\n".join(lines) + "\n"


def _text(value: object) -> str:
    """An option's default as it is set."""
    return str(value).lower() if isinstance(value, bool) else str(value)
