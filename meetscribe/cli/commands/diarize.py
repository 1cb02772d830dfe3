"""`meetscribe diarize`: speaker diarization without transcription."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe import formats, pipeline
from meetscribe.cli.display.run_progress import run_progress
from meetscribe.cli.flags import DIARIZING, settings_flags, settings_from
from meetscribe.cli.options import (
    general_options,
    meeting_options,
    output_file_option,
    overwrite_option,
    progress_option,
)
from meetscribe.cli.sections import OUTPUT, SectionedCommand, option
from meetscribe.cli.transcripts import apply_meeting_options, check_output, write_transcript
from meetscribe.errors import SettingsError
from meetscribe.text.languages import UNKNOWN
from meetscribe.timeline import Turn
from meetscribe.transcript import Meta, Transcript

EPILOG = """\b
Examples:
  meetscribe diarize meeting.mp4 -o turns.rttm
  meetscribe diarize interview.wav --speakers 2 > turns.rttm
  meetscribe diarize call.m4a -f json --set diarization.pipeline=bundled | jq .turns
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("recording", type=click.Path())
@settings_flags(DIARIZING)
@meeting_options
@output_file_option("RTTM")
@option(
    "-f",
    "--format",
    "name",
    metavar="NAME",
    section=OUTPUT,
    help="Format of the output.  [default: by the suffix of the output; RTTM on stdout]",
)
@overwrite_option
@progress_option
@general_options
def command(recording: str, output: Path, name: str | None, **given: Any) -> None:
    """Detect who speaks when in RECORDING.

    Writes the turns of the speakers, which may overlap, as RTTM or in another format.
    """
    _require_turns(check_output(output, given["overwrite"], name) or "rttm")
    settings = settings_from(given)
    opened = pipeline.Session(settings).open(recording)
    with run_progress(given, recording, cached=settings.run.cache) as progress:
        progress.duration = lambda: opened.duration
        diarized = pipeline.diarize_recording(opened, settings, progress=progress)
    write_transcript(apply_meeting_options(diarized, given), output, "rttm", name)


def _require_turns(format: str) -> None:
    """Raise SettingsError if a format holds no speaker turns without words, so that the output would be empty."""
    empty = Transcript((), Meta(UNKNOWN, 1.0))
    if formats.write(empty.with_meta(turns=(Turn(0.0, 1.0, "SPEAKER_00"),)), format) == formats.write(empty, format):
        raise SettingsError(
            f"the format {format} holds no speaker turns without words",
            "Use rttm or json. For words with speakers: meetscribe run, or meetscribe attribute.",
        )
