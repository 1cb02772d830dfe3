"""`meetscribe formats`: what each format of a transcript carries, and what it loses."""

from __future__ import annotations

import click


@click.command()
def command() -> None:
    """List the formats that transcripts are written in."""
    from meetscribe.formats import FORMATS

    width = max(map(len, FORMATS))
    for format in FORMATS.values():
        click.echo(f"{format.name:{width}}  carries  {format.carries}")
        click.echo(f"{'':{width}}  loses    {format.loses}")
