"""`meetscribe align`: a transcript that exists, with each of its words where it is heard in the recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe.cli.options import ALIGNING, SectionedCommand, SectionedOption, overrides, settings_flags, talk_flags
from meetscribe.cli.reading import read_transcript

EPILOG = """\b
Examples:
  meetscribe align subtitles.srt film.mp4 --language en -o film.json
  meetscribe align whisper.json meeting.wav > aligned.json
  meetscribe align meeting.json meeting.wav --char-times -o meeting.vtt
"""


@click.command(cls=SectionedCommand, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("transcript", type=click.Path())
@click.argument("recording", type=click.Path())
@settings_flags(ALIGNING)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="FILE",
    default="-",
    cls=SectionedOption,
    help="the file to write, in the format of its suffix; - is stdout, in meetscribe's JSON  [default: -]",
)
@click.option("--overwrite", is_flag=True, cls=SectionedOption, help="replace a file that is there")
@talk_flags
def command(transcript: str, recording: str, output: Path, **given: Any) -> None:
    """Find when each word of TRANSCRIPT is said in RECORDING.

    TRANSCRIPT is in any format that meetscribe reads (see meetscribe formats), - is stdin. Its words, segments
    and speakers stay as they are.
    """
    from meetscribe import pipeline
    from meetscribe.cli import show
    from meetscribe.errors import OutputError
    from meetscribe.formats import save
    from meetscribe.settings import load_settings

    if str(output) != "-" and output.exists() and not given["overwrite"]:
        raise OutputError(f"{output} exists already", "Choose another file with -o, or replace it with --overwrite.")
    settings = load_settings(given["config"], overrides(given))
    with show.stage_progress(given["quiet"]) as progress:
        aligned = pipeline.align_to(read_transcript(transcript), recording, settings, progress=progress)
    if str(output) == "-":
        click.echo(aligned.to_json(), nl=False)
    else:
        save(aligned, output)
    for warning in aligned.meta.warnings:
        show.say(warning, "warning")
