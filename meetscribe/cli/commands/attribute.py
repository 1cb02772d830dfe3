"""`meetscribe attribute`: who said each word, from a transcript and turns that any program made; without a model."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import click

from meetscribe.cli.names_file import named, names_flag, read_names
from meetscribe.cli.options import ATTRIBUTING, SectionedCommand, overrides, settings_flags, talk_flags
from meetscribe.cli.reading import STDIN, read_transcript
from meetscribe.cli.writing import deliver, output_flag, overwrite_flag, require_free

if TYPE_CHECKING:
    from meetscribe.errors import Notice
    from meetscribe.timeline import Diarization, Seconds
    from meetscribe.transcript import Transcript

EPILOG = """\b
Examples:
  meetscribe attribute whisper.json turns.rttm -o meeting.json
  meetscribe attribute subtitles.srt turns.rttm -o meeting.vtt
  meetscribe attribute whisperx.json turns.rttm --attribution max-overlap > plain.json
  meetscribe diarize meeting.wav -o - | meetscribe attribute meeting.json - > named.json
"""

APART: Seconds = 30.0
"""Words and turns of one recording end at most so far apart, or a tenth of it."""


@click.command(cls=SectionedCommand, epilog=EPILOG, context_settings={"max_content_width": 100})
@click.argument("transcript", type=click.Path())
@click.argument("turns", type=click.Path())
@settings_flags(ATTRIBUTING)
@output_flag(", in meetscribe's JSON")
@overwrite_flag
@names_flag
@talk_flags
def command(transcript: str, turns: str, output: Path, people: Path | None, **given: Any) -> None:
    """Find who says each word of TRANSCRIPT, by TURNS.

    TRANSCRIPT is in any format that meetscribe reads (see meetscribe formats), TURNS is RTTM or any other that
    says who speaks when; one of them may be - for stdin. Words and their times stay as they are, segments are
    cut anew; corrections of a transcript go on where they still apply.
    """
    from meetscribe.attribution import attribute
    from meetscribe.settings import load_settings
    from meetscribe.transcript.carrying import carry_edits

    if transcript == turns == STDIN:
        raise click.UsageError("Only one of TRANSCRIPT and TURNS can be -.")
    require_free(output, given["overwrite"])
    settings = load_settings(given["config"], overrides(given))
    words, speech = read_transcript(transcript), read_transcript(turns)
    names = read_names(people)
    found = _diarization(speech, turns)
    attributed = attribute(words.with_notices(*_doubts(words, speech, found)), found, settings.attribution)
    attributed = named(carry_edits(words, attributed.with_meta(edits=())), names)
    deliver(attributed, output)


def _diarization(speech: Transcript, file: str) -> Diarization:
    """The turns of a file, else those that the speakers of its words make; raises InputError if it has neither."""
    from meetscribe.errors import InputError
    from meetscribe.timeline import Diarization, Turn

    turns = speech.turns or tuple(
        Turn(segment.start, segment.end, segment.speaker) for segment in speech.segments if segment.speaker is not None
    )
    if not (turns or speech.meta.exclusive):
        raise InputError(f"{file} does not say who speaks when", "Give turns, for example RTTM, as TURNS.")
    return Diarization(turns, speech.meta.exclusive)


def _doubts(words: Transcript, speech: Transcript, found: Diarization) -> list[Notice]:
    """Return notices about why the two may be of different recordings: their names, and when they end."""
    from meetscribe.errors import Notice

    said = []
    names = [PurePath(made.source.name).stem if made.source else None for made in (words, speech)]
    if None not in names and names[0] != names[1]:
        said.append(f"the transcript is of {names[0]}, the turns are of {names[1]}")
    ends = (
        max((segment.end for segment in words.segments), default=0.0),
        max(turn.end for turn in (*found.turns, *found.exclusive)),
    )
    if words.segments and max(ends) - min(ends) > max(APART, max(ends) / 10):
        said.append(f"the words end at {ends[0]:.0f} s, the turns at {ends[1]:.0f} s: are they of one recording?")
    return [Notice("attribution.mismatch", text) for text in said]
