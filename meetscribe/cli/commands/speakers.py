"""`meetscribe speakers`: name, merge and reassign the speakers of a saved transcript."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from meetscribe.cli.corrections import file_argument, log_command, save_correction
from meetscribe.cli.display import messages
from meetscribe.cli.display.tables import print_columns
from meetscribe.cli.options import json_option, message_options
from meetscribe.cli.sections import SectionedCommand, option
from meetscribe.cli.times import parse_passage
from meetscribe.errors import MeetscribeError
from meetscribe.formats import load
from meetscribe.publishing.corrections import load_editable
from meetscribe.transcript.display import clock
from meetscribe.transcript.edits.operations import list_speakers, name_conflicts, undo_last

EPILOG = """\b
Examples:
  meetscribe speakers list meeting.json
  meetscribe speakers rename meeting.json SPEAKER_00=Anna SPEAKER_01="Ben Berg"
  meetscribe speakers merge meeting.json Anna SPEAKER_02
  meetscribe speakers assign meeting.json 12:03-12:10 Ben
  meetscribe speakers undo meeting.json

Corrections are stored in the JSON file, separately from the recognised speakers. They can be undone, and are applied
again when the recording is transcribed again.
"""

_NEXT_NAME = re.compile(r",\s*(?=[^,=]+=)")  # "A=Anna, B=Berg, Ben" is A=Anna and B=Berg, Ben


@click.group(epilog=EPILOG, context_settings={"max_content_width": 100})
def group() -> None:
    """Name, merge and reassign the speakers of a transcript.

    A speaker can be given by label (SPEAKER_00) or by current name, ignoring case.
    """


def _complete(ctx: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Return the matching speakers of the file, for shell completion."""
    try:
        speakers = list_speakers(load(ctx.params["file"]))
    except (KeyError, TypeError, MeetscribeError):
        return []
    known = dict.fromkeys(word for speaker in speakers for word in (speaker.name, speaker.label))
    return [CompletionItem(word) for word in known if word.casefold().startswith(incomplete.casefold())]


@group.command("list", cls=SectionedCommand)
@file_argument
@json_option
@message_options
def list_(file: Path, as_json: bool) -> None:
    """List the speakers of FILE.

    Prints the label, name, talk time, number of words and first words of each speaker. The talk time is that of the
    speaker's turns, as in meetscribe stats. FILE can be in any format that meetscribe reads.
    """
    transcript = load(file)
    speakers = list_speakers(transcript)
    if as_json:
        _print_json([asdict(speaker) for speaker in speakers])
    else:
        rows = [(each.label, each.name, clock(each.seconds), str(each.words), each.first) for each in speakers]
        print_columns(("label", "name", "talk time", "words", "first words"), rows, right=(2, 3))
    if unknown := len(transcript.edited().words) - sum(speaker.words for speaker in speakers):
        messages.info(f"words without a speaker: {unknown}")


group.add_command(log_command)


@group.command(cls=SectionedCommand)
@file_argument
@click.argument("names", nargs=-1, required=True, metavar="SPEAKER=NAME...", shell_complete=_complete)
@option("--merge", is_flag=True, help="Merge speakers that get the same name.")
@message_options
def rename(file: Path, names: tuple[str, ...], merge: bool) -> None:
    """Name speakers of FILE.

    All names are applied at once, so two names can be swapped. Commas may separate them. Giving a speaker
    the name of another requires --merge, or confirmation on a terminal.
    """
    pairs = dict(_parse_name(part) for text in names for part in _NEXT_NAME.split(text))
    before = load_editable(file)
    merge = merge or all(_confirm_merge(name, labels) for name, labels in name_conflicts(before, pairs).items())
    save_correction(file, before, before.rename(pairs, merge=merge))


@group.command(cls=SectionedCommand)
@file_argument
@click.argument("first", shell_complete=_complete)
@click.argument("others", nargs=-1, required=True, shell_complete=_complete)
@message_options
def merge(file: Path, first: str, others: tuple[str, ...]) -> None:
    """Merge the speakers OTHERS of FILE into FIRST.

    FIRST keeps its label and name.
    """
    before = load_editable(file)
    save_correction(file, before, before.merge(first, *others))


@group.command(cls=SectionedCommand)
@file_argument
@click.argument("times", metavar="START-END")
@click.argument("speaker", shell_complete=_complete)
@message_options
def assign(file: Path, times: str, speaker: str) -> None:
    """Assign the words of FILE between START and END to SPEAKER.

    SPEAKER can be new. Write times as 12:03-12:10, 1:02:03.5-1:02:07 or, in seconds, 723-730. A word is assigned if
    its midpoint is in that range, or if START is its displayed start.
    """
    before = load_editable(file)
    start, end = parse_passage(times, before)
    after = before.assign(start, end, speaker)
    known, new = list_speakers(before), list_speakers(after)
    if len(new) > len(known):
        others = f" (existing speakers: {', '.join(existing.name for existing in known)})" if known else ""
        messages.info(f"{speaker} is a new speaker{others}")
    save_correction(file, before, after, show_segments=True)


@group.command(cls=SectionedCommand)
@file_argument
@click.argument("steps", type=click.IntRange(min=1), default=1)
@message_options
def undo(file: Path, steps: int) -> None:
    """Undo the last correction of FILE, or the last STEPS corrections.

    The log is shared with meetscribe correct, which can undo any single correction: meetscribe correct undo FILE N.
    """
    before = load_editable(file)
    save_correction(file, before, undo_last(before, steps))


def _confirm_merge(name: str, labels: Sequence[str]) -> bool:
    """Ask on a terminal whether speakers are the same person; return False without a terminal."""
    first, *others = labels
    question = f"{', '.join(others)} would have the same name as {first}: {name}. Are they the same person?"
    return _is_interactive() and click.confirm(question, err=True)


def _is_interactive() -> bool:
    """Return whether the user can answer a question on a terminal."""
    return sys.stdin.isatty() and sys.stderr.isatty()


def _parse_name(text: str) -> tuple[str, str]:
    """Return the speaker and the name in SPEAKER=NAME; raises UsageError."""
    speaker, equals, name = text.partition("=")
    if not (speaker.strip() and equals and name.strip()):
        raise click.UsageError(f"{text!r} is not SPEAKER=NAME.")
    return speaker.strip(), name.strip()


def _print_json(values: Sequence[dict[str, Any]]) -> None:
    """Print values as JSON."""
    click.echo(json.dumps(values, ensure_ascii=False, indent=1))
