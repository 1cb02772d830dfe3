"""`meetscribe formats`: what each format of a transcript carries, what it loses, and what it can be asked for."""

from __future__ import annotations

import click


@click.command()
@click.option("--json", "as_json", is_flag=True, help="as JSON")
def command(as_json: bool) -> None:
    """List the formats that transcripts are read from and written in.

    What each carries and loses is said of writing. Options are set by meetscribe export --set FORMAT.OPTION=VALUE.
    """
    import json

    from meetscribe.formats import FORMATS
    from meetscribe.formats.options import options_of

    if as_json:
        rows = [
            {
                "name": row.name,
                "suffixes": row.suffixes,
                "reads": row.reads,
                "writes": row.writes,
                "carries": row.carries,
                "loses": row.loses,
                "options": options_of(row),
                "extra": row.extra,
            }
            for row in FORMATS.values()
        ]
        click.echo(json.dumps(rows, indent=1))
        return
    width = max(map(len, FORMATS))
    for row in FORMATS.values():
        uses = " and ".join([*(["read"] if row.reads else []), *(["written"] if row.writes else [])])
        click.echo(f"{row.name:{width}}  is       {uses}, {' '.join(row.suffixes)}")
        click.echo(f"{'':{width}}  carries  {row.carries}")
        click.echo(f"{'':{width}}  loses    {row.loses}")
        if options := options_of(row):
            click.echo(f"{'':{width}}  options  {', '.join(f'{key}={_text(value)}' for key, value in options.items())}")
        if row.extra:
            click.echo(f"{'':{width}}  needs    pip install 'meetscribe[{row.extra}]'")


def _text(value: object) -> str:
    """An option's default as it is set."""
    return str(value).lower() if isinstance(value, bool) else str(value)
