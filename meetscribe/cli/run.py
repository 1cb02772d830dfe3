"""`meetscribe run`: a recording to a transcript with speakers, on stdout and in files."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.options import SectionedCommand, SectionedOption, overrides, settings_flags

if TYPE_CHECKING:
    from collections.abc import Mapping

    from meetscribe.transcript import Transcript

EPILOG = """\b
Examples:
  meetscribe run meeting.mp4
  meetscribe run interview.wav --speakers 2 -o out -f json,srt
  meetscribe run call.m4a --language de --vocabulary names.txt
  meetscribe run standup.flac --config samples/offline.toml --offline

Settings come from the flags, then from variables such as MEETSCRIBE_ASR__MODEL, then from --config or
./meetscribe.toml, then from the user's own file.
"""


def _debug(ctx: click.Context, parameter: click.Parameter, wanted: bool) -> bool:
    """Have errors shown with their traceback, if that is wanted."""
    if wanted:
        sys.excepthook = sys.__excepthook__
        ctx.meta["meetscribe.debug"] = True
    return wanted


@click.command(cls=SectionedCommand, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("recording", type=click.Path())
@settings_flags
@click.option(
    "--config",
    type=click.Path(),
    metavar="FILE",
    cls=SectionedOption,
    help="settings in TOML, instead of ./meetscribe.toml",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    metavar="DIR",
    default=".",
    cls=SectionedOption,
    help="the folder for the files, made if need be  [default: the current one]",
)
@click.option(
    "-f",
    "--formats",
    "names",
    metavar="LIST",
    default="json,txt,srt,vtt,csv,rttm",
    cls=SectionedOption,
    show_default=True,
    help="the formats to write, with commas",
)
@click.option(
    "--overwrite",
    is_flag=True,
    cls=SectionedOption,
    help="replace files even if meetscribe did not write them",
)
@click.option("-q", "--quiet", is_flag=True, cls=SectionedOption, help="say nothing on stderr but warnings and errors")
@click.option(
    "--debug",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=_debug,
    cls=SectionedOption,
    help="show where in the code an error happened",
)
def command(recording: str, **given: Any) -> None:
    """Write down who said what, and when, in RECORDING (any common audio or video file).

    The transcript is printed on stdout and written into files named after the recording.
    """
    from meetscribe import pipeline
    from meetscribe.cli import output, show
    from meetscribe.errors import InputError
    from meetscribe.formats import parse_names
    from meetscribe.settings import load_settings

    if recording == "-":
        raise InputError("a recording cannot be read from a pipe yet", "Save it to a file, and give its path.")
    names = parse_names(given["names"])
    settings = load_settings(given["config"], overrides(given))
    pipeline.require_recording(recording)
    files = output.targets(Path(recording), given["output"], names, given["overwrite"])
    try:
        with show.stage_progress(given["quiet"]) as progress:
            transcript = pipeline.run(recording, settings, progress=progress)
    except pipeline.IncompleteRunError as error:
        _deliver(error.transcript, files, given["quiet"])
        raise
    _deliver(transcript, files, given["quiet"])


def _deliver(transcript: Transcript, files: Mapping[str, Path], quiet: bool) -> None:
    """Write the files, print the transcript on stdout, and its warnings and what was written on stderr.

    What can be written is, before it raises: IncompleteError if a file is missing, OutputError if all are.
    """
    from meetscribe.cli import output, show
    from meetscribe.errors import IncompleteError

    written, failed = output.write_all(transcript, files)
    if transcript.segments:
        click.echo(str(transcript))
    for warning in transcript.meta.warnings:
        show.say(warning, "warning")
    for file in written:
        if not quiet:
            show.say(f"wrote {file}")
    if failed and not written:
        raise failed[0]
    if failed:
        raise IncompleteError(
            "\n".join(error.message for error in failed),
            "The other files were written; so was the text above.",
        )
