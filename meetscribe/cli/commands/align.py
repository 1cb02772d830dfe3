"""`meetscribe align`: a transcript that exists, with each of its words where it is heard in the recording."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe.cli.display.run_progress import gauge, progress_flag
from meetscribe.cli.options import ALIGNING, SectionedCommand, overrides, settings_flags, talk_flags
from meetscribe.cli.reading import read_transcript
from meetscribe.cli.writing import deliver, output_flag, overwrite_flag, require_free

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
@output_flag(", in meetscribe's JSON")
@overwrite_flag
@progress_flag
@talk_flags
def command(transcript: str, recording: str, output: Path, **given: Any) -> None:
    """Find when each word of TRANSCRIPT is said in RECORDING.

    TRANSCRIPT is in any format that meetscribe reads (see meetscribe formats), - is stdin. Its words, segments
    and speakers stay as they are.
    """
    from meetscribe import pipeline
    from meetscribe.settings import load_settings

    require_free(output, given["overwrite"])
    settings = load_settings(given["config"], overrides(given))
    opened = pipeline.Session(settings).open(recording)
    with gauge(given, recording, settings.run.cache) as shown:
        shown.length = lambda: opened.duration
        aligned = pipeline.align_to(read_transcript(transcript), opened, settings, progress=shown)
    deliver(aligned, output)
