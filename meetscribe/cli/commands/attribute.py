"""`meetscribe attribute`: assign existing words to the speakers of existing turns, without a model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from meetscribe import attribution
from meetscribe.cli.display import messages
from meetscribe.cli.flags import ATTRIBUTING, settings_flags, settings_from
from meetscribe.cli.options import (
    STDIN,
    encoding_option,
    general_options,
    meeting_options,
    names_option,
    output_file_option,
    overwrite_option,
)
from meetscribe.cli.sections import SectionedCommand
from meetscribe.cli.transcripts import (
    apply_meeting_options,
    apply_names,
    check_output,
    read_transcript,
    write_transcript,
)
from meetscribe.publishing.speaker_names import read_speaker_names

EPILOG = """\b
Examples:
  meetscribe attribute whisper.json turns.rttm -o meeting.json
  meetscribe attribute subtitles.srt turns.rttm -o meeting.vtt
  meetscribe attribute whisperx.json turns.rttm --attribution max-overlap > plain.json
  meetscribe diarize meeting.wav | meetscribe attribute meeting.json - > named.json
"""


@click.command(cls=SectionedCommand, epilog=EPILOG)
@click.argument("transcript", type=click.Path())
@click.argument("turns", type=click.Path())
@settings_flags(ATTRIBUTING)
@encoding_option
@names_option
@meeting_options
@output_file_option("native JSON")
@overwrite_option
@general_options
def command(transcript: str, turns: str, output: Path, names_file: Path | None, **given: Any) -> None:
    """Assign the words of TRANSCRIPT to the speakers in TURNS.

    TRANSCRIPT can be in any format that meetscribe reads (see meetscribe formats). TURNS is RTTM, or any other
    format that contains speaker turns. One of the two can be - for stdin.

    Words and their times are kept; segments are divided by speaker. Words mostly outside the turns of their speaker
    are listed on stderr. Corrections of TRANSCRIPT are kept if they still apply.
    """
    if transcript == turns == STDIN:
        raise click.UsageError("Only one of TRANSCRIPT and TURNS can be -.")
    check_output(output, given["overwrite"])
    settings = settings_from(given)
    words, speech = (read_transcript(file, encoding=given["encoding"]) for file in (transcript, turns))
    names = read_speaker_names(names_file)
    attributed = attribution.attribute_transcript(words, speech, settings.attribution, turns_name=turns)
    write_transcript(apply_names(apply_meeting_options(attributed, given), names), output)
    messages.print_findings([finding for finding in attributed.meta.findings if finding.kind == "speaker"])
