"""`meetscribe align`: forced alignment of an existing transcript."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe import pipeline
from meetscribe.cli.display.run_progress import run_progress
from meetscribe.cli.flags import ALIGNING, settings_flags, settings_from
from meetscribe.cli.options import (
    encoding_option,
    general_options,
    meeting_options,
    output_file_option,
    overwrite_option,
    progress_option,
)
from meetscribe.cli.sections import SectionedCommand
from meetscribe.cli.transcripts import apply_meeting_options, check_output, read_transcript, write_transcript

EPILOG = """\b
Examples:
  meetscribe align subtitles.srt film.mp4 --language en -o film.json
  meetscribe align whisper.json meeting.wav > aligned.json
  meetscribe align meeting.json meeting.wav --char-times -o meeting.vtt
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("transcript", type=click.Path())
@click.argument("recording", type=click.Path())
@settings_flags(ALIGNING)
@encoding_option
@meeting_options
@output_file_option("native JSON")
@overwrite_option
@progress_option
@general_options
def command(transcript: str, recording: str, output: Path, **given: Any) -> None:
    """Align the words of TRANSCRIPT with RECORDING.

    Sets the start and end of each word by forced alignment. Words, segments and speakers are kept.

    TRANSCRIPT can be in any format that meetscribe reads (see meetscribe formats), or - for stdin.
    """
    check_output(output, given["overwrite"])
    settings = settings_from(given)
    opened = pipeline.Session(settings).open(recording)
    with run_progress(given, recording, cached=settings.run.cache) as progress:
        progress.duration = lambda: opened.duration
        read = read_transcript(transcript, encoding=given["encoding"])
        aligned = pipeline.align_to(read, opened, settings, progress=progress)
    write_transcript(apply_meeting_options(aligned, given), output)
