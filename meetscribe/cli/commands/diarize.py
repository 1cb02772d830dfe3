"""`meetscribe diarize`: a recording to who speaks when; what is said is not asked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe.cli.display.run_progress import gauge, progress_flag
from meetscribe.cli.options import DIARIZING, SectionedCommand, SectionedOption, overrides, settings_flags, talk_flags
from meetscribe.cli.writing import deliver, output_flag, overwrite_flag, require_free

EPILOG = """\b
Examples:
  meetscribe diarize meeting.mp4 -o turns.rttm
  meetscribe diarize interview.wav --speakers 2 > turns.rttm
  meetscribe diarize call.m4a -f json --set diarization.pipeline=bundled | jq .turns
"""


@click.command(cls=SectionedCommand, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("recording", type=click.Path())
@settings_flags(DIARIZING)
@output_flag("")
@click.option(
    "-f",
    "--format",
    "name",
    metavar="NAME",
    cls=SectionedOption,
    help="the format, if it is not that of the suffix  [default on stdout: rttm]",
)
@overwrite_flag
@progress_flag
@talk_flags
def command(recording: str, output: Path, name: str | None, **given: Any) -> None:
    """Find out who speaks when in RECORDING: turns, which may overlap, in RTTM or another format."""
    from meetscribe import formats, pipeline
    from meetscribe.settings import load_settings

    require_free(output, given["overwrite"])
    if name is not None:
        formats.parse_names(name)
    settings = load_settings(given["config"], overrides(given))
    opened = pipeline.Session(settings).open(recording)
    with gauge(given, recording, settings.run.cache) as shown:
        shown.length = lambda: opened.duration
        found = pipeline.diarize_recording(opened, settings, progress=shown)
    deliver(found, output, "rttm", name)
