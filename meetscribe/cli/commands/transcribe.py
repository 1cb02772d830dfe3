"""`meetscribe transcribe`: a recording to words with their times; who said them is not asked."""

from __future__ import annotations

from typing import Any

import click

from meetscribe.cli.commands.run import output_flags, process
from meetscribe.cli.display.run_progress import progress_flag
from meetscribe.cli.options import TRANSCRIBING, SectionedCommand, settings_flags, talk_flags

EPILOG = """\b
Examples:
  meetscribe transcribe lecture.mp3
  meetscribe transcribe lecture.mp3 -f srt --language fr
  meetscribe transcribe talk.mp4 --asr whisperx --model large-v3

Settings come as for meetscribe run.
"""


@click.command(cls=SectionedCommand, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("recording", type=click.Path())
@settings_flags(TRANSCRIBING)
@output_flags("json,txt,srt,vtt,csv")
@progress_flag
@talk_flags
def command(recording: str, **given: Any) -> None:
    """Write down what was said, and when, in RECORDING, but not by whom.

    The text is printed on stdout and written into files named after the recording.
    """
    process([recording], given, fixed={"diarization.enabled": False})
