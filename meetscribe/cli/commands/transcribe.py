"""`meetscribe transcribe`: transcription without diarization."""

from __future__ import annotations

from typing import Any

import click

from meetscribe.cli.commands.run import process
from meetscribe.cli.flags import TRANSCRIBING, settings_flags
from meetscribe.cli.options import general_options, meeting_options, output_options, progress_option
from meetscribe.cli.sections import SectionedCommand

EPILOG = """\b
Examples:
  meetscribe transcribe lecture.mp3
  meetscribe transcribe lecture.mp3 -f srt --language fr
  meetscribe transcribe talk.mp4 --asr whisperx --model large-v3
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("recording", type=click.Path())
@settings_flags(TRANSCRIBING)
@meeting_options
@output_options("json,txt,srt,vtt,csv")
@progress_option
@general_options
def command(recording: str, **given: Any) -> None:
    """Transcribe RECORDING without labelling speakers.

    Prints the transcript on stdout and writes files named after the recording.
    """
    process([recording], given, diarization__enabled=False)
