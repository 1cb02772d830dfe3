"""`meetscribe diarize`: a recording to who speaks when; what is said is not asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe.cli.options import DIARIZING, SectionedCommand, SectionedOption, overrides, settings_flags, talk_flags

EPILOG = """\b
Examples:
  meetscribe diarize meeting.mp4 -o turns.rttm
  meetscribe diarize interview.wav --speakers 2 > turns.rttm
  meetscribe diarize call.m4a -f json --set diarization.pipeline=bundled | jq .turns
"""


@click.command(cls=SectionedCommand, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("recording", type=click.Path())
@settings_flags(DIARIZING)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    default="-",
    cls=SectionedOption,
    help="the file to write, in the format of its suffix; - is stdout  [default: -]",
)
@click.option(
    "-f",
    "--format",
    "name",
    metavar="NAME",
    cls=SectionedOption,
    help="the format, if it is not that of the suffix  [default on stdout: rttm]",
)
@click.option("--overwrite", is_flag=True, cls=SectionedOption, help="replace a file that is there")
@talk_flags
def command(recording: str, output: Path, name: str | None, **given: Any) -> None:
    """Find out who speaks when in RECORDING: turns, which may overlap, in RTTM or another format."""
    from meetscribe import formats, pipeline
    from meetscribe.cli import show
    from meetscribe.errors import OutputError
    from meetscribe.settings import load_settings

    to_stdout = str(output) == "-"
    if not to_stdout and output.exists() and not given["overwrite"]:
        raise OutputError(f"{output} exists already", "Choose another file with -o, or replace it with --overwrite.")
    if name is not None:
        formats.parse_names(name)
    settings = load_settings(given["config"], overrides(given))
    with show.stage_progress(given["quiet"]) as progress:
        found = pipeline.diarize_recording(recording, settings, progress=progress)
    if to_stdout:
        click.echo(formats.write(found, name or "rttm"), nl=False)
    else:
        formats.save(found, output, name)
    for warning in found.meta.warnings:
        show.say(warning, "warning")
