"""`meetscribe correct`: correct the words of a saved transcript, and list or undo corrections."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import click

from meetscribe.cli.correction_files import FILE_OPTIONS, check_file_options, correct_from_file, file_options
from meetscribe.cli.corrections import file_argument, log_command, save_correction
from meetscribe.cli.options import check_date, json_option, message_options
from meetscribe.cli.sections import CORRECTIONS, DefaultGroup, SectionedCommand, option
from meetscribe.cli.times import parse_passage, parse_time
from meetscribe.publishing.corrections import load_editable
from meetscribe.transcript import Transcript
from meetscribe.transcript.edits.word_operations import replace_word

EPILOG = """\b
Examples:
  meetscribe correct meeting.json 12:03-12:10 "We use the Viterbi algorithm."
  meetscribe correct meeting.json --word 12:05 Viterbi
  meetscribe correct meeting.json --delete 3:01-3:04
  meetscribe correct meeting.json --insert 0:59 "Good morning." --speaker Anna
  meetscribe correct meeting.json --split 12:07
  meetscribe correct meeting.json --join 12:03-12:20
  meetscribe correct episode.json --title "Episode 12: Vienna"
  meetscribe correct meeting.json --from edited.docx --dry-run
  meetscribe correct meeting.json --with corrections.toml
  meetscribe correct meeting.json --learn corrections.toml
  meetscribe correct log meeting.json
  meetscribe correct undo meeting.json 3

Times are written as 12:03, 1:02:03.5 or, in seconds, 723. A passage START-END contains the words whose midpoint lies in
it; if START is the displayed start of a segment or word, it begins with that word. Unchanged words, and words replaced
one for one, keep their times; the times of other words are interpolated.

Corrections are stored in the JSON file, beside the recognised words, in one log with those of meetscribe speakers.
They appear in every export, and are applied again when the recording is transcribed again. The title and the date
are stored in the JSON file too, but not in the log.
"""


@click.group(cls=DefaultGroup, default="words", epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Correct the words of a transcript.

    Replaces the words of FILE between START and END with TEXT. Options select other corrections.
    """


_correction = partial(option, section=CORRECTIONS)


@dataclass(frozen=True, slots=True)
class Request:
    """A correction to make: the arguments after the file, and the value of --speaker.

    `value` is the value of the option that selects the kind of correction, such as the time of --word or the text of
    --title; it is empty without such an option.
    """

    arguments: tuple[str, ...]
    speaker: str | None
    value: str = ""

    def text(self) -> str:
        """Return the new text; raises UsageError without one."""
        if not self.arguments:
            raise click.UsageError("Give the new text, in quotation marks if it has spaces.")
        return " ".join(self.arguments)

    def require_no_text(self) -> None:
        """Raise UsageError if there is text."""
        if self.arguments:
            raise click.UsageError(f"No text is needed here: {' '.join(self.arguments)}")


def _replace(transcript: Transcript, request: Request) -> Transcript:
    if len(request.arguments) < 2:
        raise click.UsageError('Give the passage and the new text, such as 12:03-12:10 "new text", or an option.')
    start, end = parse_passage(request.arguments[0], transcript)
    return transcript.replace(start, end, " ".join(request.arguments[1:]), speaker=request.speaker)


def _word(transcript: Transcript, request: Request) -> Transcript:
    time, precision = parse_time(request.value)
    return replace_word(transcript, time, request.text(), request.speaker, within=precision)


def _delete(transcript: Transcript, request: Request) -> Transcript:
    request.require_no_text()
    return transcript.delete(*parse_passage(request.value, transcript), speaker=request.speaker)


def _insert(transcript: Transcript, request: Request) -> Transcript:
    return transcript.insert(parse_time(request.value)[0], request.text(), request.speaker)


def _split(transcript: Transcript, request: Request) -> Transcript:
    request.require_no_text()
    return transcript.split(parse_time(request.value)[0], speaker=request.speaker)


def _join(transcript: Transcript, request: Request) -> Transcript:
    request.require_no_text()
    return transcript.join(*parse_passage(request.value, transcript))


def _title(transcript: Transcript, request: Request) -> Transcript:
    request.require_no_text()
    return transcript.with_meta(title=request.value.strip() or None)


def _date(transcript: Transcript, request: Request) -> Transcript:
    request.require_no_text()
    return transcript.with_meta(recorded_at=request.value.strip() or None)


_CORRECTIONS: dict[str, Callable[[Transcript, Request], Transcript]] = {
    "word": _word,
    "delete": _delete,
    "insert": _insert,
    "split": _split,
    "join": _join,
    "title": _title,
    "date": _date,
}
"""The function that makes the correction of each option; without an option, it is `_replace`."""


_FOR_ALL_SPEAKERS = ("join", "title", "date", *FILE_OPTIONS)


@group.command(cls=SectionedCommand)
@file_argument
@click.argument("arguments", nargs=-1, metavar="[START-END] [TEXT]")
@_correction(
    "--word",
    metavar="TIME",
    help="Replace the word at TIME with TEXT; its punctuation stays unless TEXT has punctuation. If there are several "
    "words, the one spelt most like TEXT is replaced, if the choice is clear.",
)
@_correction("--delete", metavar="START-END", help="Delete the words of a passage.")
@_correction("--insert", metavar="TIME", help="Insert TEXT at TIME, in the segment there or as a new segment.")
@_correction("--split", metavar="TIME", help="Divide the segment at TIME.")
@_correction("--join", metavar="START-END", help="Join the segments of one speaker that have words in a passage.")
@_correction("--title", metavar="TEXT", help="Store the title of the meeting or episode.")
@_correction("--date", metavar="DATE", callback=check_date, help="Store the date of the recording, such as 2026-11-27.")
@_correction(
    "--speaker", metavar="NAME", help="Correct only words of this speaker (name or label); --insert: speaker of TEXT."
)
@file_options
@json_option
@message_options
def words(file: Path, arguments: tuple[str, ...], speaker: str | None, as_json: bool, **given: Any) -> None:
    """Correct the words of FILE."""
    flags = {name: f"--{name}" for name in _CORRECTIONS} | FILE_OPTIONS
    chosen = [name for name in flags if given[name] is not None]
    if len(chosen) > 1:
        raise click.UsageError(f"Give one of {' and '.join(flags[name] for name in chosen)}: one correction at a time.")
    check_file_options(given)
    name = chosen[0] if chosen else ""
    if speaker is not None and name in _FOR_ALL_SPEAKERS:
        raise click.UsageError(f"--speaker cannot be combined with {flags[name]}.")
    request = Request(arguments, speaker, given.get(name, ""))
    before = load_editable(file)
    if name in FILE_OPTIONS:
        request.require_no_text()
        correct_from_file(file, before, {**given, "as_json": as_json})
    else:
        after = _CORRECTIONS.get(name, _replace)(before, request)
        save_correction(file, before, after, show_segments=True, as_json=as_json)


group.add_command(log_command)


@group.command(cls=SectionedCommand)
@file_argument
@click.argument("number", type=click.IntRange(min=1), required=False, metavar="[N]")
@json_option
@message_options
def undo(file: Path, number: int | None, as_json: bool) -> None:
    """Undo correction N of FILE, or the last one.

    N is the number in the log. Later corrections stay, but those of words added by correction N lose their effect.
    """
    before = load_editable(file)
    save_correction(file, before, before.undo(number), show_segments=True, as_json=as_json)
